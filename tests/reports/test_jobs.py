"""A report job ends ready or failed, once, whatever happens to its worker or its message."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from kombu.exceptions import OperationalError
from pytest_django import Settings

from accounts.models import Role, User
from audit.models import AuditEntry
from evaluations.models import Meeting
from reports import pdf, services, tasks
from reports.models import ReportJob, ReportVersion
from tests.conftest import Cast, SignIn
from tests.process import portal

LONG_AGO = timedelta(hours=1)


def stored_files() -> list[str]:
    try:
        return default_storage.listdir("reports/rakor")[1]
    except FileNotFoundError:
        return []


def abandon(job: ReportJob) -> None:
    """Leave the job as a worker that was killed leaves it."""
    assert services.claim(job.pk)
    ReportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)


def test_a_job_makes_one_version_with_its_file_hash_and_audit_row(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    services.run_job(job.pk)

    job.refresh_from_db()
    version = ReportVersion.objects.get()
    content = version.file.read()
    assert (job.state, job.step, job.percent) == ("ready", "done", 100)
    assert (job.token, job.lease_until) == (None, None)
    assert (version.number, version.status) == (1, "draft")
    assert content.startswith(b"%PDF")
    assert (version.sha256, version.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert version.pages == pdf.page_count(content)
    made = AuditEntry.objects.get(verb="make_report")
    assert (made.actor, made.details["sha256"]) == (cast.secretary, version.sha256)


def test_asking_twice_joins_the_running_job(cast: Cast, meeting: Meeting) -> None:
    first = services.request_report(meeting, by=cast.secretary)
    again = services.request_report(meeting, by=cast.colleague)

    assert first == again
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportJob.objects.create(
            meeting=meeting, requested_by=cast.secretary, hinted_at=timezone.now()
        )


def test_ten_deliveries_of_one_message_make_one_version(cast: Cast, meeting: Meeting) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    for _ in range(10):
        services.run_job(job.pk, redelivered=True)

    assert ReportVersion.objects.count() == 1
    assert AuditEntry.objects.filter(verb="make_report").count() == 1


def test_a_running_job_is_taken_only_when_its_lease_ran_out_or_its_message_came_back(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    assert services.claim(job.pk)

    assert services.claim(job.pk) is None
    assert services.claim(job.pk, redelivered=True)
    ReportJob.objects.update(lease_until=timezone.now() - LONG_AGO)
    assert services.claim(job.pk)


def test_progress_with_an_old_token_writes_nothing(cast: Cast, meeting: Meeting) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    old = services.claim(job.pk)
    assert old
    assert services.claim(job.pk, redelivered=True)
    before = ReportJob.objects.values().get()

    with pytest.raises(services.TakenOver):
        services._advance(job.pk, old, services.Step.STORING)

    assert ReportJob.objects.values().get() == before


def test_the_bar_never_goes_back_and_each_step_renews_the_lease(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    token = services.claim(job.pk)
    assert token
    seen = []
    for step, page in (("writing", 0), ("laying_out", 9), ("laying_out", 1), ("laying_out", 99)):
        ReportJob.objects.update(lease_until=timezone.now() - LONG_AGO)
        services._advance(job.pk, token, services.Step(step), page)
        job.refresh_from_db()
        assert job.lease_until is not None
        assert job.lease_until > timezone.now()
        seen.append((job.step, job.percent))

    assert seen == [("writing", 20), ("laying_out", 48), ("laying_out", 48), ("laying_out", 90)]


def test_a_worker_that_lost_its_job_writes_nothing(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    render = pdf.render_pdf

    def lose_the_job(html: str, **options: object) -> bytes:
        ReportJob.objects.update(token=uuid4())
        return render(html)

    monkeypatch.setattr("reports.services.render_pdf", lose_the_job)
    services.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "running"
    assert not ReportVersion.objects.exists()
    assert stored_files() == []


def test_a_worker_that_loses_its_job_at_the_very_last_step_stores_nothing(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def lose_the_job(content: bytes) -> int:
        assert services.claim(job.pk, redelivered=True)
        return 1

    monkeypatch.setattr(services, "page_count", lose_the_job)
    services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 2)
    assert not ReportVersion.objects.exists()
    assert stored_files() == []


def test_a_worker_that_lost_its_job_and_then_fails_does_not_fail_the_job(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def lose_and_fail(*args: object, **kwargs: object) -> str:
        assert services.claim(job.pk, redelivered=True)
        raise RuntimeError

    monkeypatch.setattr(services, "report_html", lose_and_fail)
    services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.failure) == ("running", 2, "")


@pytest.mark.parametrize("state", ["ready", "failed"])
def test_a_job_that_is_over_is_not_taken_again(cast: Cast, meeting: Meeting, state: str) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    ReportJob.objects.update(state=state, failure="Cakram penuh.", lease_until=None)

    assert services.claim(job.pk) is None
    assert services.claim(job.pk, redelivered=True) is None
    assert services.stalled_jobs() == []


def test_a_message_about_no_job_does_nothing(meeting: Meeting) -> None:
    services.run_job(4711)

    assert not ReportVersion.objects.exists()


def test_an_orphaned_job_waits_again_and_a_job_that_works_is_left_alone(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    assert services.claim(job.pk)
    assert services.stalled_jobs() == []
    ReportJob.objects.update(lease_until=timezone.now() - LONG_AGO)

    assert services.stalled_jobs() == [job.pk]

    job.refresh_from_db()
    assert (job.state, job.percent, job.token, job.attempts) == ("queued", 0, None, 1)


def test_an_orphaned_job_is_given_out_again_and_ends_ready(cast: Cast, meeting: Meeting) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    abandon(job)

    assert services.stalled_jobs() == [job.pk]
    services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 2)


def test_a_job_that_lost_its_worker_too_often_fails_with_a_sentence(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    for _ in range(settings.REPORT_MAX_ATTEMPTS):
        abandon(job)
        services.stalled_jobs()

    job.refresh_from_db()
    assert job.state == "failed"
    assert str(settings.REPORT_MAX_ATTEMPTS) in job.failure
    assert services.stalled_jobs() == []
    assert services.claim(job.pk) is None
    assert AuditEntry.objects.filter(verb="report_failed").count() == 1


def test_a_waiting_job_whose_message_was_lost_is_hinted_at_again_but_not_at_once(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    assert services.stalled_jobs() == []
    ReportJob.objects.update(hinted_at=timezone.now() - LONG_AGO)
    assert services.stalled_jobs() == [job.pk]
    assert services.stalled_jobs() == []


@pytest.mark.parametrize(
    "lost", [{"role": Role.COUNCIL_MEMBER}, {"role": Role.ADMIN}, {"is_active": False}]
)
def test_a_job_runs_with_the_rights_its_requester_has_when_it_runs(
    cast: Cast, meeting: Meeting, sign_in: SignIn, lost: dict[str, object]
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(**lost)

    services.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure in sign_in(cast.colleague).get(job.get_absolute_url()).content.decode()
    assert not ReportVersion.objects.exists()
    assert AuditEntry.objects.filter(verb="report_failed").count() == 1


def test_a_broken_template_ends_in_a_readable_reason_and_can_be_tried_again(
    cast: Cast, meeting: Meeting, sign_in: SignIn, settings: Settings, tmp_path: Path
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    whole = settings.TEMPLATES
    broken = tmp_path / "reports" / "pdf" / "meeting_report.html"
    broken.parent.mkdir(parents=True)
    broken.write_text("{% no_such_tag %}")
    settings.TEMPLATES = [{**whole[0], "DIRS": [tmp_path, *whole[0]["DIRS"]]}]

    services.run_job(job.pk)

    settings.TEMPLATES = whole
    job.refresh_from_db()
    assert (job.state, job.step) == ("failed", "writing")
    assert str(job.pk) in job.failure
    for secret in ("no_such_tag", str(tmp_path), "Traceback", "Template", "Error"):
        assert secret not in job.failure

    browser = sign_in(cast.secretary)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert job.failure in page
    assert 'action="/rapat/rakor/buat-laporan/"' in page
    browser.post("/rapat/rakor/buat-laporan/")
    again = ReportJob.objects.exclude(pk=job.pk).get()
    services.run_job(again.pk)
    again.refresh_from_db()
    assert again.state == "ready"


def test_a_failure_is_logged_with_what_the_reason_leaves_out(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def fail(*args: object, **kwargs: object) -> bytes:
        message = "rahasia di /srv/portal"
        raise RuntimeError(message)

    monkeypatch.setattr(services, "render_pdf", fail)
    services.run_job(job.pk)

    job.refresh_from_db()
    assert "rahasia" not in job.failure
    assert f"report job {job.pk} failed" in caplog.text
    assert "rahasia di /srv/portal" in caplog.text


def test_a_full_disk_fails_the_job_and_leaves_neither_row_nor_file(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def full(*args: object, **kwargs: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(default_storage._wrapped), "_save", full)  # type: ignore[attr-defined]
    services.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert not ReportVersion.objects.exists()
    assert stored_files() == []


def test_a_folder_that_cannot_be_made_fails_the_job_too(
    cast: Cast, meeting: Meeting, settings: Settings
) -> None:
    (settings.MEDIA_ROOT / "reports").write_text("a file where a folder should be")
    job = services.request_report(meeting, by=cast.secretary)

    services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.step) == ("failed", "storing")
    assert not ReportVersion.objects.exists()


def test_a_row_that_fails_after_its_file_was_written_takes_the_file_away(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def fail(verb: str, *args: object, **kwargs: object) -> None:
        if verb == "make_report":
            raise OSError

    monkeypatch.setattr(services, "record", fail)
    services.run_job(job.pk)

    assert not ReportVersion.objects.exists()
    assert stored_files() == []


def test_a_queue_that_cannot_be_reached_costs_nothing_but_time(
    cast: Cast, meeting: Meeting, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.make_report, "apply_async", refuse)
    answer = sign_in(cast.secretary).post("/rapat/rakor/buat-laporan/")

    job = ReportJob.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == job.get_absolute_url()
    assert job.state == "queued"
    ReportJob.objects.update(hinted_at=timezone.now() - LONG_AGO)
    assert services.stalled_jobs() == [job.pk]


def waiting_messages() -> set[str]:
    """Return what the broker of this run holds and nobody has fetched."""
    if settings.REDIS_URL:
        client = redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)
        return {str(message) for message in client.lrange("celery", 0, -1)}
    return {path.read_text() for path in (Path(settings.QUEUE_DIR) / "messages").iterdir()}


def test_the_reconciler_puts_a_message_with_nothing_but_the_id_into_the_queue(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    ReportJob.objects.update(hinted_at=timezone.now() - LONG_AGO)
    before = waiting_messages()

    tasks.reconcile_report_jobs()

    (message,) = waiting_messages() - before
    headers = json.loads(message)["headers"]
    assert (headers["task"], headers["argsrepr"]) == ("reports.tasks.make_report", f"({job.pk},)")


@pytest.mark.parametrize("redelivered", [False, True])
def test_the_task_takes_a_running_job_only_if_its_message_came_back(
    cast: Cast, meeting: Meeting, redelivered: bool
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    assert services.claim(job.pk)

    delivery = {"redelivered": redelivered}
    tasks.make_report.push_request(delivery_info=delivery)  # type: ignore[call-arg]
    tasks.make_report.run(job.pk)
    tasks.make_report.pop_request()

    assert ReportVersion.objects.exists() is redelivered


def test_a_job_that_fails_for_somebody_who_reads_english_fails_in_indonesian(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    with translation.override("en"):
        tasks.make_report(job.pk)

    job.refresh_from_db()
    with translation.override("id"):
        wanted = gettext("The person who asked for the report may no longer make reports.")
    assert job.failure == wanted
    assert not wanted.startswith("The person")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of an empty database that many processes can share."""
    if request.param == "sqlite":
        yield ""
        return
    address = urlsplit(portal.POSTGRES_URL)
    missing = portal.missing_server()
    if missing and os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    name = f"portal_race_{uuid4().hex[:12]}"
    portal.create_database(name)
    yield address._replace(path=f"/{name}").geturl()
    portal.drop_database(name)


def test_many_processes_at_once_make_one_job_one_version_and_one_publication(
    database_url: str,
) -> None:
    env = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    run = subprocess.run(
        [sys.executable, "-m", "tests.reports.race"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "saved": ["EditConflict"] * 4 + ["None"],
        "answers": 1,
        "asked": True,
        "claims": 1,
        "claims_after_the_lease": 1,
        "runs": [None, None],
        "job": ["ready", 100],
        "files": 1,
        "published": ["1", "Refused", "Refused"],
        "verbs": [
            "finalise_meeting",
            "make_report",
            "publish_report",
            "request_report",
            "save_evaluation",
        ],
        "broken_links": 0,
    }, run.stderr
