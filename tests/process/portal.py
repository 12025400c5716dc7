"""The real portal as processes, for tests that start, kill and restart it."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import psycopg2  # type: ignore[import-untyped]
import redis
from django.conf import settings

Mode = Literal["embedded", "production"]

POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres"
).rstrip("/")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
# What the test run itself was started with must not reach the portal under test.
NOT_INHERITED = (
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "FAIL_INVALID_TEMPLATE_VARS",
    "HOST",
    "PORTAL_DEMO",
    "PORTAL_HTTPS",
    "REDIS_URL",
    "SECRET_KEY",
    "TZ",
)
WORDS_OF = {"web": "gunicorn", "worker": "worker", "scheduler": "beat"}


class NotReady(Exception):
    """The portal ended, or did not answer in time."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class Portal:
    """`manage.py runportal` on a free port with a data folder (and database) of its own."""

    def __init__(self, mode: Mode, data_dir: Path, **env: str) -> None:
        self.mode = mode
        self.data_dir = data_dir
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        # In production TLS ends in front of the portal; this is how it is told.
        self.headers = {"X-Forwarded-Proto": "https"} if mode == "production" else {}
        self.env = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
        self.env |= {
            "PORT": str(self.port),
            "PORTAL_DATA_DIR": str(data_dir),
            "PORTAL_DEMO": "1",
            "PORTAL_HTTPS": "1" if mode == "production" else "0",
        }
        self._database = ""
        if mode == "production":
            self._database = f"portal_{uuid.uuid4().hex[:12]}"
            create_database(self._database)
            redis.Redis.from_url(REDIS_URL).flushdb()
            self.env["DATABASE_URL"] = f"{POSTGRES_URL.rpartition('/')[0]}/{self._database}"
            self.env["REDIS_URL"] = REDIS_URL
        self.env |= env
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 120) -> float:
        """Return after how many seconds the web server answered."""
        started_at = time.monotonic()
        with self.log.open("ab") as log:
            offset = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runportal"],
                cwd=settings.BASE_DIR,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(self._answers_or_ended, seconds)
        except NotReady as error:
            raise NotReady(self.output(offset)) from error
        return time.monotonic() - started_at

    def _answers_or_ended(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise NotReady
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def output(self, offset: int = 0) -> str:
        return self.log.read_bytes()[offset:].decode(errors="replace") if self.log.exists() else ""

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and body; redirects are not followed."""
        request = Request(
            self.base_url + path, headers=self.headers if headers is None else headers
        )
        try:
            with build_opener(_NoRedirect).open(request, timeout=30) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def manage(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run manage.py with the portal's own environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=settings.BASE_DIR,
            env=self.env,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )

    def children(self) -> dict[str, int]:
        """Return service -> pid of its leader, for those that run now."""
        if self.process is None:
            return {}
        found = {}
        for pid in self.processes():
            with suppress(FileNotFoundError, ProcessLookupError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                for name, word in WORDS_OF.items():
                    if word in command and parent_of(pid) == self.process.pid:
                        found[name] = pid
        return found

    @property
    def worker_pid(self) -> int:
        return self.children()["worker"]

    def wait_for_children(self, seconds: float = 60) -> dict[str, int]:
        wait_until(lambda: set(self.children()) == set(WORDS_OF), seconds)
        return self.children()

    def processes(self) -> list[int]:
        """Return every living process of this portal, orphans too: its data folder marks them."""
        mark = f"PORTAL_DATA_DIR={self.data_dir}".encode()
        return [pid for pid in all_pids() if is_alive(pid) and mark in environment_of(pid)]

    def stop(self, seconds: float = 40) -> int | None:
        """Ask the portal to stop; return its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End everything at once, as a power cut would."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def close(self) -> None:
        """Stop, make sure that nothing stays, and drop the database."""
        try:
            self.stop()
        finally:
            self.kill()
            if self._database:
                drop_database(self._database)


def wait_until(condition: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotReady
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def environment_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def is_alive(pid: int) -> bool:
    return _status_of(pid)[0] != "Z"


def parent_of(pid: int) -> int:
    return int(_status_of(pid)[1])


def _status_of(pid: int) -> list[str]:
    """Return state and parent, and more; a process that is gone counts as a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["Z", "0"]


def create_database(name: str) -> None:
    _as_postgres(f'CREATE DATABASE "{name}"')


def drop_database(name: str) -> None:
    _as_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _as_postgres(statement: str) -> None:
    connection = psycopg2.connect(POSTGRES_URL, connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def missing_server() -> str:
    """Return what production mode cannot reach, or nothing."""
    for name, url in (("PostgreSQL", POSTGRES_URL), ("Redis", REDIS_URL)):
        address = urlsplit(url)
        try:
            socket.create_connection((address.hostname or "", address.port or 0), timeout=2).close()
        except OSError:
            return f"{name} does not answer at {address.hostname}:{address.port}"
    return ""
