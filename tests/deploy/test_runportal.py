"""What the starter decides before and between its processes; the processes have tests/process."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from ambon_smartcity.management.commands import prepareportal, runportal
from dimensions.models import Dimension


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_taken_port_is_refused_with_the_way_out(taken_port: int) -> None:
    with pytest.raises(SystemExit) as refusal:
        runportal.refuse_taken_port("127.0.0.1", taken_port)
    assert str(refusal.value.code).startswith(f"Port {taken_port} di 127.0.0.1 sudah dipakai")
    assert "./run" in str(refusal.value.code)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SystemExit, match="tidak dikenal"):
        runportal.refuse_taken_port("no such host", 8000)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "٨٠"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT harus bilangan"):
        runportal.address_from_environment()


def test_the_address_defaults_to_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "")
    assert runportal.address_from_environment() == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "::1"),
        ("portal.example.org", "portal.example.org"),
    ],
)
def test_a_server_that_listens_everywhere_is_found_here(host: str, answer: str) -> None:
    assert runportal.reachable(host) == answer


def test_old_messages_are_purged_and_new_ones_stay(settings: Settings, tmp_path: Path) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"processed_folder": str(tmp_path)}
    for name, age in (("old", 7200), ("new", 60)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    runportal.purge_processed_messages()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_without_a_queue_of_files_there_is_nothing_to_purge(settings: Settings) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
    runportal.purge_processed_messages()


@pytest.fixture
def prepared(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Any, ...]]:
    """Note which commands would run, instead of running them."""
    ran: list[tuple[Any, ...]] = []
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEMO = False

    def note(*args: Any, **_options: Any) -> None:
        ran.append(args)
        if args == ("collectstatic",):
            settings.STATIC_ROOT.mkdir(exist_ok=True)
            (settings.STATIC_ROOT / "staticfiles.json").touch()

    monkeypatch.setattr(prepareportal, "call_command", note)
    return ran


def test_the_first_start_prepares_and_the_second_has_nothing_to_do(
    prepared: list[tuple[Any, ...]],
) -> None:
    call_command("prepareportal", if_changed=True)
    assert prepared == [
        ("migrate",),
        ("createcachetable",),
        ("collectstatic",),
        ("loaddata", "frame"),
    ]
    prepared.clear()
    call_command("prepareportal", if_changed=True)
    assert prepared == []


@pytest.mark.parametrize("what", ["stamp", "static files", "code"])
def test_it_prepares_again_when_something_is_gone_or_new(
    prepared: list[tuple[Any, ...]],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    call_command("prepareportal", if_changed=True)
    prepared.clear()
    if what == "stamp":
        (settings.DATA_DIR / "prepared").unlink()
    elif what == "static files":
        (settings.STATIC_ROOT / "staticfiles.json").unlink()
    else:
        monkeypatch.setattr(prepareportal, "WHAT_MATTERS", ("*/models.py",))
    call_command("prepareportal", if_changed=True)
    assert ("migrate",) in prepared


def test_the_frame_is_never_loaded_over_what_people_changed(
    prepared: list[tuple[Any, ...]],
) -> None:
    Dimension.objects.create(code="SGOV", name="Tata kelola", position=1)
    call_command("prepareportal")
    assert ("loaddata", "frame") not in prepared


def test_demo_data_are_looked_after_at_every_start(
    prepared: list[tuple[Any, ...]], settings: Settings
) -> None:
    settings.DEMO = True
    for _ in range(2):
        call_command("prepareportal", if_changed=True)
    assert prepared.count(("loaddemo",)) == 2
