"""The front page, each role's home, and what a monitor asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from ambon_smartcity.health import readiness
from dimensions.models import Dimension
from evaluations.models import Meeting
from evaluations.permissions import visible_meetings
from programs import desk
from programs.permissions import visible_entries
from reports.models import ReportVersion
from reports.permissions import visible_jobs, visible_versions

HOME_ROWS = 10


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show visitors what this is, and everybody else what waits for them."""
    user = request.user
    if not isinstance(user, User):
        dimensions = Dimension.objects.prefetch_related("sub_dimensions")
        return render(request, "front.html", {"dimensions": dimensions})
    if user.is_secretariat:
        return render(request, "home_secretariat.html", _secretariat_desk(user))
    if user.is_council_member:
        return render(request, "home_council.html", _council_desk(user))
    if user.is_agency_person:
        return render(request, "home_agency.html", _agency_desk(user))
    return render(request, "home_admin.html", {"status": readiness(timezone.now())})


def _agency_desk(user: User) -> dict[str, Any]:
    rows = desk.due_rows(user)
    return {
        "rows": rows,
        "open_count": sum(row.needs_work for row in rows),
        "today": timezone.localdate(),
        "reports": _newest_reports(user),
    }


def _secretariat_desk(user: User) -> dict[str, Any]:
    waiting = desk.review_queue(visible_entries(user))
    rows = desk.due_rows(user)
    return {
        "waiting": waiting[:HOME_ROWS],
        "waiting_count": waiting.count(),
        "progress": desk.period_progress(rows),
        "meetings": visible_meetings(user).filter(status=Meeting.Status.OPEN),
        "jobs": visible_jobs(user)
        .filter(state__in=["queued", "running"])
        .select_related("meeting"),
        "reports": _newest_reports(user),
    }


def _council_desk(user: User) -> dict[str, Any]:
    meetings = visible_meetings(user).filter(status=Meeting.Status.OPEN)
    dimensions = Dimension.objects.all()
    own = {(one.meeting_id, one.dimension_id): one for one in user.evaluations.all()}
    return {
        "meetings": [
            (
                meeting,
                [(dimension, own.get((meeting.pk, dimension.pk))) for dimension in dimensions],
            )
            for meeting in meetings
        ],
        "reports": _newest_reports(user),
    }


def _newest_reports(user: User) -> list[ReportVersion]:
    return list(visible_versions(user).select_related("meeting").defer("contents")[:3])


@never_cache
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say that this process answers."""
    return JsonResponse({"ok": True})


@never_cache
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say whether everything this process needs answers; 503 if not."""
    answer = readiness(timezone.now())
    return JsonResponse(answer, status=200 if answer["ready"] else 503)
