"""Keeps a handful of processes running and leaves none behind. Knows nothing of Django."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

PR_SET_PDEATHSIG = 1
TICK_SECONDS = 0.1
# Who lived this long did start; who did not is given more and more time.
HEALTHY_SECONDS = 10.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Service:
    name: str
    command: Sequence[str]
    starts_after: float = 0.0


class Child:
    """One service and the process group that does its work now."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = 0.0
        self.due_at = time.monotonic() + service.starts_after
        self.started_at = 0.0

    def start(self) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
                if os.getppid() != parent:
                    os._exit(1)

        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  our own commands
            self.service.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone
            preexec_fn=die_with_parent,  # noqa: PLW1509  the supervisor has one thread
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """End what the dead leader left running, and say when the next one may start."""
        self.kill_group()
        self.process = None
        lived = time.monotonic() - self.started_at
        if lived >= HEALTHY_SECONDS:
            self.pause = 0.0
        else:
            self.pause = min(max(self.pause * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self.due_at = time.monotonic() + self.pause

    def terminate(self) -> None:
        """Ask the leader alone: a worker whose pool is killed under it loses the running job."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Starts the services, starts again what dies, and on a signal stops all of them."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        on_tick: Callable[[], None] = lambda: None,
        on_restart: Callable[[str], None] = lambda _name: None,
        grace_seconds: float = 15.0,
    ) -> None:
        self.children = [Child(service) for service in services]
        self.on_tick = on_tick
        self.on_restart = on_restart
        self.grace_seconds = grace_seconds
        self.signals_received = 0

    def run(self) -> None:
        """Return after SIGTERM, SIGINT or SIGHUP; a second signal shortens the farewell."""
        kinds = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        previous = {kind: signal.signal(kind, self._count_signal) for kind in kinds}
        try:
            while not self.signals_received:
                self.tick()
                time.sleep(TICK_SECONDS)
        finally:
            self.stop()
            for kind, handler in previous.items():
                signal.signal(kind, handler)

    def tick(self) -> None:
        for child in self.children:
            if child.has_died():
                child.bury()
                self.on_restart(child.service.name)
            if child.process is None and time.monotonic() >= child.due_at:
                child.start()
        self.on_tick()

    def stop(self) -> None:
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + self.grace_seconds
        while (
            any(child.process and child.process.poll() is None for child in self.children)
            and time.monotonic() < deadline
            and self.signals_received < 2
        ):
            time.sleep(TICK_SECONDS / 2)
        for child in self.children:
            child.kill_group()
            child.process = None

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals_received += 1
