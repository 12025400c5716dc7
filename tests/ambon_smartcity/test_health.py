"""What a monitor is told: that the process answers, and whether all it needs does."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ambon_smartcity.health import readiness
from reports.models import ReportJob
from reports.services import request_report
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "a file"
    path.touch()
    return path


def test_the_process_says_that_it_answers() -> None:
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_a_portal_in_order_is_ready(db: None) -> None:
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "media": "ok",
        "oldest_waiting_job_seconds": None,
    }


def test_a_media_folder_that_cannot_be_written_is_named(
    db: None, settings: Settings, a_file: Path
) -> None:
    settings.MEDIA_ROOT = a_file / "media"  # a folder cannot lie below a file

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    told = answer.json()
    assert (told["ready"], told["database"], told["broker"]) == (False, "ok", "ok")
    assert told["media"] != "ok"


def test_a_queue_that_is_gone_is_named(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.QUEUE_DIR = tmp_path / "gone"

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    told = answer.json()
    assert (told["ready"], told["database"], told["media"]) == (False, "ok", "ok")
    assert told["broker"] != "ok"


def test_a_redis_that_does_not_listen_is_named_within_seconds(db: None, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    before = timezone.now()

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] == "ConnectionError"
    assert timezone.now() - before < timedelta(seconds=5)


def test_a_database_that_does_not_answer_is_named(db: None) -> None:
    def unreachable(*args: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(unreachable):
        answer = Client().get("/readyz")

    assert answer.status_code == 503
    told = answer.json()
    assert (told["database"], told["broker"]) == ("OperationalError", "ok")
    assert told["oldest_waiting_job_seconds"] is None


def test_the_age_of_the_job_that_waits_longest_is_told(cast: Cast) -> None:
    now = timezone.now()
    for slug, seconds in [("rakor-1", 90), ("rakor-2", 30)]:
        job = request_report(factories.make_meeting(slug=slug), by=cast.secretary)
        ReportJob.objects.filter(pk=job.pk).update(requested_at=now - timedelta(seconds=seconds))

    assert readiness(now)["oldest_waiting_job_seconds"] == 90


def test_a_job_that_is_done_waits_no_more(cast: Cast) -> None:
    request_report(factories.make_meeting(), by=cast.secretary)
    ReportJob.objects.update(state=ReportJob.State.FAILED, failure="Gagal.")

    assert readiness(timezone.now())["oldest_waiting_job_seconds"] is None


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_monitor_only_asks(db: None, address: str) -> None:
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_an_answer_is_never_kept_by_a_proxy(db: None, address: str) -> None:
    assert "no-store" in Client().get(address)["Cache-Control"]
