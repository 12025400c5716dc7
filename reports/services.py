"""The life of a report job, and of the version it makes. The database row is the truth."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import record
from evaluations.models import Meeting
from evaluations.services import finalise_meeting
from reports.contents import ReportContents, collect, freeze
from reports.models import ReportJob, ReportVersion
from reports.pdf import page_count, render_pdf, report_html
from reports.permissions import can_make_reports

State = ReportJob.State
Step = ReportJob.Step
log = logging.getLogger(__name__)

# A waiting job is hinted at again after this long: its message may have been lost.
HINT_AGAIN_AFTER = timedelta(seconds=20)
# Where each step stands on the bar; laying out moves from its own mark towards the next.
PERCENT = {Step.COLLECTING: 5, Step.WRITING: 20, Step.LAYING_OUT: 30, Step.STORING: 90}
PERCENT_A_PAGE = 2


class TakenOver(Exception):
    """Another worker has the job now; this one stops where it is."""


def request_report(meeting: Meeting, *, by: User) -> ReportJob:
    """Return the meeting's running job, or a new one: pressing twice makes one report."""
    active = Q(meeting=meeting, state__in=[State.QUEUED, State.RUNNING])
    try:
        with transaction.atomic():
            job = ReportJob.objects.filter(active).first()
            if job is not None:
                return job
            job = ReportJob.objects.create(
                meeting=meeting, requested_by=by, hinted_at=timezone.now()
            )
            record("request_report", job, by=by)
            return job
    except IntegrityError:
        return ReportJob.objects.get(active)


def claim(job_id: int, *, redelivered: bool = False) -> UUID | None:
    """Take the job with one conditional UPDATE; None means another worker has it or it is over."""
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    if redelivered:
        free |= Q(state=State.RUNNING)
    token = uuid4()
    taken = ReportJob.objects.filter(
        free, pk=job_id, attempts__lt=settings.REPORT_MAX_ATTEMPTS
    ).update(
        state=State.RUNNING,
        step=Step.COLLECTING,
        percent=PERCENT[Step.COLLECTING],
        attempts=F("attempts") + 1,
        token=token,
        lease_until=_lease(),
    )
    return token if taken else None


def run_job(job_id: int, *, redelivered: bool = False) -> None:
    """Make the report of a claimed job; end ready, or failed with a readable reason."""
    token = claim(job_id, redelivered=redelivered)
    if token is None:
        return
    job = ReportJob.objects.select_related("meeting__rubric", "requested_by").get(pk=job_id)
    try:
        _make_version(job, token)
    except TakenOver:
        log.info("report job %s was taken over", job_id)
    except Refused as refusal:
        _fail(job_id, token, str(refusal))
    except Exception:
        log.exception("report job %s failed", job_id)
        _fail(job_id, token, _failure_at(job_id))


def _make_version(job: ReportJob, token: UUID) -> None:
    if not can_make_reports(job.requested_by):
        raise Refused(_("The person who asked for the report may no longer make reports."))
    contents = collect(job.meeting, at=timezone.now())
    _advance(job.pk, token, Step.WRITING)
    number = _next_number(job.meeting)
    html = report_html(contents, number=number)
    _advance(job.pk, token, Step.LAYING_OUT)
    pdf = render_pdf(html, progress=lambda page: _advance(job.pk, token, Step.LAYING_OUT, page))
    _advance(job.pk, token, Step.STORING)
    _store(job, token, contents, pdf, number)


def _advance(job_id: int, token: UUID, step: Step, page: int = 0) -> None:
    """Report a step and renew the lease; raise TakenOver if the job is no longer ours."""
    percent = min(PERCENT[step] + PERCENT_A_PAGE * page, PERCENT[Step.STORING])
    ours = _ours(job_id, token).update(
        # The layout runs twice, the bar never goes back.
        step=step,
        percent=Greatest("percent", percent),
        lease_until=_lease(),
    )
    if not ours:
        raise TakenOver


def _store(job: ReportJob, token: UUID, contents: ReportContents, pdf: bytes, number: int) -> None:
    version = ReportVersion(
        meeting=job.meeting,
        job=job,
        number=number,
        contents=freeze(contents),
        contents_sha256=contents.fingerprint(),
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        pages=page_count(pdf),
        created_at=contents.generated_at,
        has_demo_data=contents.has_demo_data,
    )
    with _removed_on_failure(version), transaction.atomic():
        ready = _ours(job.pk, token).update(
            state=State.READY,
            step=Step.DONE,
            percent=100,
            finished_at=timezone.now(),
            token=None,
            lease_until=None,
        )
        if not ready:
            raise TakenOver
        version.file.save("report.pdf", ContentFile(pdf), save=False)
        version.save()
        record(
            "make_report",
            version,
            by=job.requested_by,
            details={"sha256": version.sha256, "pages": version.pages},
        )


@contextmanager
def _removed_on_failure(version: ReportVersion) -> Iterator[None]:
    """Leave no file behind whose row was not committed."""
    try:
        yield
    except BaseException:
        if version.file:
            version.file.delete(save=False)
        raise


def _next_number(meeting: Meeting) -> int:
    last = meeting.report_versions.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _fail(job_id: int, token: UUID, reason: str) -> None:
    with transaction.atomic():
        failed = _ours(job_id, token).update(
            state=State.FAILED,
            failure=reason,
            finished_at=timezone.now(),
            token=None,
            lease_until=None,
        )
        if failed:
            record("report_failed", ReportJob.objects.get(pk=job_id), by=None)


def _failure_at(job_id: int) -> str:
    job = ReportJob.objects.get(pk=job_id)
    return _(
        "The report could not be made: an error came up at “%(step)s”. "
        "It is noted in the server's log under job number %(number)s. Please try again; "
        "if it fails again, tell the administrator this number."
    ) % {"step": job.get_step_display(), "number": job_id}


def stalled_jobs() -> list[int]:
    """Free what lost its worker, end what lost it too often; return what should be hinted again."""
    now = timezone.now()
    expired = Q(state=State.RUNNING, lease_until__lt=now)
    for job in ReportJob.objects.filter(expired, attempts__gte=settings.REPORT_MAX_ATTEMPTS):
        if job.token is not None:
            _fail(job.pk, job.token, _gave_up())
    ReportJob.objects.filter(expired).update(
        state=State.QUEUED,
        step=Step.WAITING,
        percent=0,
        token=None,
        lease_until=None,
        hinted_at=now - HINT_AGAIN_AFTER,
    )
    waiting = ReportJob.objects.filter(state=State.QUEUED, hinted_at__lte=now - HINT_AGAIN_AFTER)
    ids = list(waiting.values_list("pk", flat=True))
    ReportJob.objects.filter(pk__in=ids).update(hinted_at=now)
    return ids


def _gave_up() -> str:
    return _(
        "The report was started %(times)d times and its worker stopped each time. "
        "Tell the administrator, then try again."
    ) % {"times": settings.REPORT_MAX_ATTEMPTS}


@transaction.atomic
def publish_version(version: ReportVersion, *, by: User) -> ReportVersion:
    """Publish what was built from the data as they are, and close the meeting's evaluation."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=version.meeting_id)
    version = ReportVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if version.is_published:
        raise Refused(_("This report is already published."))
    if collect(meeting, at=version.created_at).fingerprint() != version.contents_sha256:
        raise Refused(
            _("Figures or evaluations changed after this report was made. Make it again first.")
        )
    finalise_meeting(meeting, by=by)
    version.status = ReportVersion.Status.PUBLISHED
    version.published_by = by
    version.published_at = timezone.now()
    version.save()
    record("publish_report", version, by=by, details={"sha256": version.sha256})
    return version


def _ours(job_id: int, token: UUID) -> QuerySet[ReportJob]:
    return ReportJob.objects.filter(pk=job_id, token=token, state=State.RUNNING)


def _lease() -> datetime:
    return timezone.now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS)
