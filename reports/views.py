"""Pages of reports: make one, follow it, publish it, download it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ambon_smartcity.http import UserRequest, signed_in
from evaluations.models import Meeting
from evaluations.permissions import visible_meetings
from reports.models import ReportVersion
from reports.permissions import (
    can_make_reports,
    can_publish_reports,
    visible_jobs,
    visible_versions,
)
from reports.services import publish_version, request_report
from reports.tasks import hint


@signed_in
@never_cache
@require_GET
def list_versions(request: UserRequest) -> HttpResponse:
    """List the reports this person may read, newest first."""
    versions = visible_versions(request.user).select_related("meeting").defer("contents")
    context = {"versions": versions, "can_publish": can_publish_reports(request.user)}
    return render(request, "reports/version_list.html", context)


@signed_in
@require_POST
def make_report(request: UserRequest, slug: str) -> HttpResponse:
    """Accept the request at once; the work is done by a worker, now or as soon as there is one."""
    meeting = get_object_or_404(visible_meetings(request.user), slug=slug)
    if not can_make_reports(request.user):
        raise PermissionDenied
    job = request_report(meeting, by=request.user)
    hint(job.pk)
    return redirect(job)


@signed_in
@never_cache
@require_GET
def view_job(request: UserRequest, pk: int) -> HttpResponse:
    """Show how far a report is; the page asks again by itself while it is being made."""
    job = get_object_or_404(
        visible_jobs(request.user).select_related("meeting", "requested_by"), pk=pk
    )
    context = {
        "job": job,
        "version": _versions_of(request, job.meeting).filter(job=job).first(),
        "can_make": can_make_reports(request.user),
        "can_publish": can_publish_reports(request.user),
    }
    return render(request, "reports/job_detail.html", context)


def _versions_of(request: UserRequest, meeting: Meeting) -> QuerySet[ReportVersion]:
    return visible_versions(request.user).filter(meeting=meeting).defer("contents")


@signed_in
@require_POST
def publish_report(request: UserRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(visible_versions(request.user), pk=pk)
    if not can_publish_reports(request.user):
        raise PermissionDenied
    publish_version(version, by=request.user)
    messages.success(request, _("“%(report)s” is published.") % {"report": version})
    return redirect("reports:list-versions")


@signed_in
@never_cache
@require_GET
def download_report(request: UserRequest, pk: int) -> FileResponse:
    version = get_object_or_404(visible_versions(request.user).select_related("meeting"), pk=pk)
    name = f"laporan-{version.meeting.slug}-v{version.number}.pdf"
    return FileResponse(
        version.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
