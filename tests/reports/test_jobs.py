"""A report job ends ready or failed, once, whatever happens to its worker or its message."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Role
from audit.models import AuditEntry
from evaluations.models import Meeting
from reports import pdf, services, tasks
from reports.models import ReportJob, ReportVersion
from tests.conftest import Cast, SignIn

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
    assert (job.state, job.percent, version.number) == ("ready", 100, 1)
    assert version.file.read().startswith(b"%PDF")
    assert AuditEntry.objects.filter(verb="make_report").count() == 1


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
    assert job.failure
    assert services.stalled_jobs() == []


def test_a_waiting_job_whose_message_was_lost_is_hinted_at_again_but_not_at_once(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    assert services.stalled_jobs() == []
    ReportJob.objects.update(hinted_at=timezone.now() - LONG_AGO)
    assert services.stalled_jobs() == [job.pk]
    assert services.stalled_jobs() == []


def test_a_job_runs_with_the_rights_its_requester_has_when_it_runs(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    cast.secretary.role = Role.COUNCIL_MEMBER
    cast.secretary.save()

    services.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert not ReportVersion.objects.exists()


def test_an_error_while_rendering_ends_in_a_readable_reason_and_can_be_tried_again(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    def fail(*args: object, **kwargs: object) -> str:
        message = "rahasia di /srv/portal"
        raise RuntimeError(message)

    with monkeypatch.context() as broken:
        broken.setattr(services, "report_html", fail)
        services.run_job(job.pk)

    job.refresh_from_db()
    assert job.state == "failed"
    assert str(job.pk) in job.failure
    assert "rahasia" not in job.failure

    again = services.request_report(meeting, by=cast.secretary)
    services.run_job(again.pk)
    again.refresh_from_db()
    assert again.pk != job.pk
    assert again.state == "ready"


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
