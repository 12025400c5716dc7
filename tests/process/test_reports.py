"""The report through the real processes: ready in time, and ready after its worker was killed."""

import json
import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from accounts.demo import DEMO_PASSWORD
from tests.process.portal import Mode, Portal, parent_of, wait_until

pytestmark = pytest.mark.process

MEETING = "/rapat/rakor-tahap-i-2024/"
READY_SECONDS = 10
RECOVERED_SECONDS = 120
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
    memory = sum(memory_of(pid) for pid in worker_group(started)[1:])
    version = re.findall(rb"/laporan/(\d+)/unduh/", secretary.get(job))[0].decode()
    secretary.post(f"/laporan/{version}/terbitkan/")
    report = member.get(f"/laporan/{version}/unduh/")

    print(f"{mode}: ready after {seconds:.1f} s, worker child at most {memory // 1024} MB")
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
