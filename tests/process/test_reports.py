"""The report through the real processes: ready in time, and ready after its worker was killed."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from accounts.demo import DEMO_PASSWORD
from tests.process.portal import Mode, Portal, free_port, parent_of, wait_until

pytestmark = pytest.mark.process

MEETING = "/rapat/rakor-tahap-i-2024/"
READY_SECONDS = 10
RECOVERED_SECONDS = 120
CLICK_SECONDS = 2
WORKER_KILOBYTES = 400 * 1024
JOB = """
import json
from reports.models import ReportJob, ReportVersion
job = ReportJob.objects.get()
print(json.dumps([job.state, job.attempts, ReportVersion.objects.count()]))
"""


class Person:
    """Somebody with a browser that keeps cookies and tells the server it came by https."""

    def __init__(self, portal: Portal, login: str) -> None:
        self.portal = portal
        self.cookies = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))
        self.get("/akun/masuk/")
        self.post("/akun/masuk/", login=login, password=DEMO_PASSWORD)

    def get(self, path: str) -> bytes:
        return self._send(path, None)[1]

    def post(self, path: str, **fields: str) -> str:
        """Return the address the answer led to."""
        token = next(one.value for one in self.cookies if one.name == "csrftoken")
        body = urlencode({"csrfmiddlewaretoken": token or "", **fields}).encode()
        return self._send(path, body)[0]

    def _send(self, path: str, body: bytes | None) -> tuple[str, bytes]:
        headers = self.portal.headers | {"Cookie": self._cookie_line()}
        headers |= {"Referer": self.portal.base_url.replace("http:", self._scheme) + path}
        request = Request(self.portal.base_url + path, body, headers)
        with self.opener.open(request, timeout=30) as answer:
            return str(answer.url), bytes(answer.read())

    @property
    def _scheme(self) -> str:
        return "https:" if self.portal.headers else "http:"

    def _cookie_line(self) -> str:
        """Send secure cookies too: to the portal this connection counts as https."""
        return "; ".join(f"{one.name}={one.value}" for one in self.cookies)


def job_state(portal: Portal) -> tuple[str, int, int]:
    answer = portal.manage("shell", "--no-imports", "-c", JOB).stdout.strip().splitlines()[-1]
    state, attempts, versions = json.loads(answer)
    return state, attempts, versions


def worker_group(portal: Portal) -> list[int]:
    leader = portal.worker_pid
    return [leader, *(pid for pid in portal.processes() if parent_of(pid) == leader)]


def memory_of(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


@pytest.mark.parametrize("mode", ["embedded", "production"])
def test_a_report_is_ready_in_ten_seconds_published_and_downloaded(
    portal: Callable[..., Portal], mode: Mode
) -> None:
    started = portal(mode)
    started.wait_for_children()
    secretary, member = Person(started, "sekretariat"), Person(started, "dewan1")
    began = time.monotonic()

    job = secretary.post(f"{MEETING}buat-laporan/").removeprefix(started.base_url)
    wait_until(lambda: b"/unduh/" in secretary.get(job), READY_SECONDS + 20)
    seconds = time.monotonic() - began
    memory = sum(memory_of(pid) for pid in worker_group(started))
    version = re.findall(rb"/laporan/(\d+)/unduh/", secretary.get(job))[0].decode()
    secretary.post(f"/laporan/{version}/terbitkan/")
    report = member.get(f"/laporan/{version}/unduh/")

    print(f"{mode}: ready after {seconds:.1f} s, worker at most {memory // 1024} MB")
    assert report.startswith(b"%PDF")
    assert seconds <= READY_SECONDS
    assert memory < WORKER_KILOBYTES


@pytest.mark.parametrize("mode", ["embedded", "production"])
def test_a_report_whose_worker_is_killed_while_rendering_is_ready_without_a_new_click(
    portal: Callable[..., Portal], mode: Mode
) -> None:
    started = portal(mode)
    started.wait_for_children()
    secretary = Person(started, "sekretariat")
    job = secretary.post(f"{MEETING}buat-laporan/").removeprefix(started.base_url)

    def is_rendering() -> Any:
        return re.search(rb'<progress max="100" value="(?!0")\d', secretary.get(job))

    wait_until(is_rendering, 30)
    for pid in worker_group(started):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    killed_at = time.monotonic()
    assert job_state(started)[0] == "running"

    wait_until(lambda: b"/unduh/" in secretary.get(job), RECOVERED_SECONDS)

    print(f"{mode}: ready {time.monotonic() - killed_at:.0f} s after the kill")
    assert job_state(started) == ("ready", 2, 1)


class Broker:
    """A Redis of the test's own, which it may stop, freeze and wipe."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder = folder
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.answers, 10)
        return self.process

    def answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def freeze(self) -> None:
        """From now on it accepts connections and never answers."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def lose_everything(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("redis-server") is None:
        pytest.fail("This test starts a Redis of its own: apt-get install redis-server")
    broker = Broker(tmp_path)
    yield broker
    broker.lose_everything()


def pressed(person: Person) -> tuple[str, float]:
    """Press “make report”; return the address of the job and the seconds until the answer."""
    began = time.monotonic()
    address = person.post(f"{MEETING}buat-laporan/")
    return address.removeprefix(person.portal.base_url), time.monotonic() - began


@pytest.mark.parametrize("fault", ["hangs", "is gone"])
def test_a_click_while_redis_is_away_is_answered_at_once_and_the_report_comes_by_itself(
    portal: Callable[..., Portal], broker: Broker, fault: str
) -> None:
    started = portal("production", REDIS_URL=broker.url)
    started.wait_for_children()
    secretary = Person(started, "sekretariat")
    if fault == "hangs":
        broker.freeze()
    else:
        broker.lose_everything()

    clicks = [pressed(secretary) for _ in range(12)]

    assert len({address for address, _seconds in clicks}) == 1
    assert max(seconds for _address, seconds in clicks) < CLICK_SECONDS
    assert job_state(started) == ("queued", 0, 0)
    if fault == "hangs":
        broker.thaw()
    else:
        broker.start()
    back_at = time.monotonic()
    wait_until(lambda: b"/unduh/" in secretary.get(clicks[0][0]), RECOVERED_SECONDS)
    slowest = max(seconds for _address, seconds in clicks)
    print(f"Redis {fault}: click {slowest:.1f} s, ready {time.monotonic() - back_at:.0f} s later")
    assert job_state(started) == ("ready", 1, 1)


def test_a_message_that_redis_lost_while_no_worker_was_there_is_not_missed(
    portal: Callable[..., Portal], broker: Broker
) -> None:
    started = portal("production", REDIS_URL=broker.url)
    started.wait_for_children()
    secretary = Person(started, "sekretariat")
    for pid in worker_group(started):
        os.kill(pid, signal.SIGSTOP)
    job, _seconds = pressed(secretary)
    broker.lose_everything()
    broker.start()
    for pid in worker_group(started):
        os.kill(pid, signal.SIGCONT)

    wait_until(lambda: b"/unduh/" in secretary.get(job), RECOVERED_SECONDS)

    assert job_state(started) == ("ready", 1, 1)
