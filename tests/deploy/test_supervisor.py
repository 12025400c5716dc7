"""The supervising loop on tiny children: what dies returns, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ambon_smartcity.supervisor import (
    FIRST_PAUSE_SECONDS,
    HEALTHY_SECONDS,
    LONGEST_PAUSE_SECONDS,
    Child,
    Service,
    Supervisor,
)

SLEEPER = Service("sleeper", ["sleep", "60"])


def is_alive(pid: int) -> bool:
    """Say whether `pid` still does something; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def pid_of(supervisor: Supervisor, position: int = 0) -> int:
    process = supervisor.children[position].process
    assert process is not None
    return process.pid


@pytest.fixture
def supervise() -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*services: Service, **options: object) -> Supervisor:
        made.append(Supervisor(services, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.grace_seconds = 0
        supervisor.stop()


def test_a_dead_child_is_started_again(supervise: Callable[..., Supervisor]) -> None:
    restarted: list[str] = []
    supervisor = supervise(SLEEPER, on_restart=restarted.append)
    supervisor.tick()
    first = pid_of(supervisor)

    os.kill(first, signal.SIGKILL)
    wait_until(supervisor.children[0].has_died)
    supervisor.tick()
    assert supervisor.children[0].process is None, "it pauses before the next try"
    time.sleep(FIRST_PAUSE_SECONDS)
    supervisor.tick()

    assert pid_of(supervisor) != first
    assert restarted == ["sleeper"]


def test_what_a_dead_leader_left_is_killed_first(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {note}.new; mv {note}.new {note}; wait"
    supervisor = supervise(Service("family", ["sh", "-c", script]))
    supervisor.tick()
    wait_until(note.exists)
    orphan = int(note.read_text())

    os.kill(pid_of(supervisor), signal.SIGKILL)
    wait_until(supervisor.children[0].has_died)
    assert is_alive(orphan)
    supervisor.tick()

    wait_until(lambda: not is_alive(orphan))


def test_the_pause_grows_while_a_child_dies_at_once_and_is_forgotten_later() -> None:
    child = Child(Service("failing", ["false"]))
    pauses = []
    for _ in range(8):
        child.start()
        wait_until(child.has_died)
        child.bury()
        pauses.append(child.pause)
    assert pauses[:3] == [FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2, FIRST_PAUSE_SECONDS * 4]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS

    child.start()
    child.started_at -= HEALTHY_SECONDS
    wait_until(child.has_died)
    child.bury()
    assert child.pause == 0


def test_a_service_may_start_later(supervise: Callable[..., Supervisor]) -> None:
    supervisor = supervise(SLEEPER, Service("later", ["sleep", "60"], starts_after=60))
    supervisor.tick()
    assert [child.process is not None for child in supervisor.children] == [True, False]


def test_stop_kills_who_does_not_listen(supervise: Callable[..., Supervisor]) -> None:
    stubborn = Service("stubborn", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"])
    supervisor = supervise(SLEEPER, stubborn, grace_seconds=0.3)
    supervisor.tick()
    pids = [pid_of(supervisor, 0), pid_of(supervisor, 1)]
    time.sleep(0.1)
    supervisor.stop()
    assert not any(is_alive(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_run_and_all_children(
    supervise: Callable[..., Supervisor], number: signal.Signals
) -> None:
    handler_before = signal.getsignal(number)
    supervisor = supervise(SLEEPER, SLEEPER)
    pids: list[int] = []

    def send() -> None:
        pids.extend(pid_of(supervisor, position) for position in (0, 1))
        os.kill(os.getpid(), number)

    threading.Timer(0.3, send).start()
    supervisor.run()

    assert len(pids) == 2
    assert not any(is_alive(pid) for pid in pids)
    assert signal.getsignal(number) is handler_before


def test_an_error_in_a_chore_does_not_leave_children_behind(
    supervise: Callable[..., Supervisor],
) -> None:
    pids: list[int] = []

    def chore() -> None:
        pids.append(pid_of(supervisor))
        raise RuntimeError

    supervisor = supervise(SLEEPER, on_tick=chore)
    with pytest.raises(RuntimeError):
        supervisor.run()
    assert not is_alive(pids[0])


def test_children_leave_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import pathlib, sys\n"
        "from ambon_smartcity.supervisor import Service, Supervisor\n"
        "def tick():\n"
        "    pathlib.Path(sys.argv[1]).write_text(str(s.children[0].process.pid))\n"
        "s = Supervisor([Service('sleeper', ['sleep', '60'])], on_tick=tick)\n"
        "s.run()\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script, str(note)])
    try:
        wait_until(lambda: note.exists() and note.read_text(), seconds=20)
        child = int(note.read_text())
        assert is_alive(child)
    finally:
        supervisor.kill()
        supervisor.wait()
    wait_until(lambda: not is_alive(child))
