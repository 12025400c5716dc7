"""The portal as processes: it starts, says where, survives kills, and leaves nothing behind."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.process.portal import WORDS_OF, Mode, NotReady, Portal, wait_until

pytestmark = pytest.mark.process

BOTH_MODES = pytest.mark.parametrize("mode", ["embedded", "production"])
Start = Callable[..., Portal]


@BOTH_MODES
def test_it_opens_says_where_and_stops_without_a_trace(portal: Start, mode: Mode) -> None:
    running = portal(mode)
    assert running.get("/")[0] == 200
    wait_until(lambda: f"Portal siap di {running.base_url}/" in running.output(), 10)
    assert "Akun demo" in running.output()
    running.wait_for_children()

    assert running.stop() == 0
    assert running.processes() == []
    assert "Portal dihentikan." in running.output()


def test_production_speaks_only_https(portal: Start) -> None:
    running = portal("production")
    assert running.get("/", headers={})[0] == 301
    assert running.get("/healthz", headers={})[0] == 200


def test_outside_demo_no_login_is_shown(portal: Start) -> None:
    running = portal("embedded", PORTAL_DEMO="0")
    wait_until(lambda: "Portal siap" in running.output(), 10)
    assert "Akun demo" not in running.output()


def test_the_second_start_prepares_nothing_and_keeps_everything(portal: Start) -> None:
    running = portal("embedded")
    count = ("shell", "-v0", "-c", "from accounts.models import User; print(User.objects.count())")
    before = running.manage(*count).stdout
    key = (running.data_dir / "secret_key").read_text()
    running.stop()
    length = running.log.stat().st_size

    seconds = running.start()

    assert "Menyiapkan" not in running.output(length)
    assert running.manage(*count).stdout == before
    assert (running.data_dir / "secret_key").read_text() == key
    assert seconds < 10, "3 s are promised on a quiet machine"


def test_a_taken_port_is_a_sentence_and_nothing_starts(
    portal: Start, make_portal: Callable[..., Portal]
) -> None:
    first = portal("embedded")
    second = make_portal("embedded", PORT=str(first.port))
    result = second.manage("runportal", check=False)
    assert result.returncode == 1
    assert f"Port {first.port} di 127.0.0.1 sudah dipakai program lain." in result.stderr
    assert "Traceback" not in result.stderr
    assert not (second.data_dir / "portal.sqlite3").exists()
    assert second.processes() == []


def test_a_database_that_is_away_is_a_sentence(make_portal: Callable[..., Portal]) -> None:
    portal = make_portal("embedded", DATABASE_URL="postgres://portal@127.0.0.1:1/portal")
    with pytest.raises(NotReady, match="Basis data tidak dapat dipakai"):
        portal.start()
    assert "Traceback" not in portal.output()


@BOTH_MODES
def test_whatever_is_killed_comes_back_without_orphans(portal: Start, mode: Mode) -> None:
    running = portal(mode)
    for name in WORDS_OF:
        before = running.wait_for_children()
        family = {pid for pid in running.processes() if _group_of(pid) == before[name]}
        os.kill(before[name], signal.SIGKILL)
        wait_until(lambda: running.children().get(name) not in {None, before[name]}, 60)  # noqa: B023
        assert family.isdisjoint(running.processes())
    wait_until(lambda: _answers(running), 60)
    assert running.stop() == 0
    assert running.processes() == []


def test_a_worker_killed_with_its_pool_comes_back(portal: Start) -> None:
    running = portal("embedded")
    first = running.wait_for_children()["worker"]
    os.killpg(first, signal.SIGKILL)
    wait_until(lambda: running.children().get("worker") not in {None, first}, 60)


def test_when_the_starter_is_killed_the_others_leave(portal: Start) -> None:
    running = portal("embedded")
    running.wait_for_children()
    assert running.process is not None
    running.process.kill()
    running.process.wait()
    wait_until(lambda: running.processes() == [], 30)


def _answers(portal: Portal) -> bool:
    with suppress(OSError):
        return portal.get("/")[0] == 200
    return False


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
