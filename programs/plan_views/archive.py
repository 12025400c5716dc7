"""Pages on which a programme, an activity or an indicator leaves the plan, and comes back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ambon_smartcity.http import UserRequest, signed_in
from dimensions.forms import ReasonForm
from programs.models import Activity, Indicator, Program
from programs.permissions import visible_activities, visible_programs
from programs.plan_views.pages import answer, removed
from programs.planning import archive

DELETE = "programs/plan/removal.html"
RESTORE = "programs/plan/restoration.html"


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def delete_program(request: UserRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(visible_programs(request.user), pk=pk)

    def act(form: ReasonForm) -> HttpResponse:
        reason, today = form.cleaned_data["reason"], timezone.localdate()
        is_deleted = archive.delete_program(program, reason=reason, today=today, by=request.user)
        return removed(
            request, program, is_deleted=is_deleted, otherwise=reverse("programs:list-programs")
        )

    was_used = archive.program_was_used(program)
    return answer(request, DELETE, ReasonForm, act, thing=program, was_used=was_used)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def restore_program(request: UserRequest, pk: int) -> HttpResponse:
    program = get_object_or_404(visible_programs(request.user), pk=pk)

    def act(form: ReasonForm) -> Program:
        archive.restore_program(program, reason=form.cleaned_data["reason"], by=request.user)
        return program

    return answer(request, RESTORE, ReasonForm, act, thing=program)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def delete_activity(request: UserRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(visible_activities(request.user), pk=pk)
    upward = activity.program.get_absolute_url() if activity.program else reverse("home")

    def act(form: ReasonForm) -> HttpResponse:
        reason, today = form.cleaned_data["reason"], timezone.localdate()
        is_deleted = archive.delete_activity(activity, reason=reason, today=today, by=request.user)
        return removed(request, activity, is_deleted=is_deleted, otherwise=upward)

    was_used = archive.activity_was_used(activity)
    return answer(request, DELETE, ReasonForm, act, thing=activity, was_used=was_used)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def restore_activity(request: UserRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(visible_activities(request.user), pk=pk)

    def act(form: ReasonForm) -> Activity:
        archive.restore_activity(activity, reason=form.cleaned_data["reason"], by=request.user)
        return activity

    return answer(request, RESTORE, ReasonForm, act, thing=activity)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def delete_indicator(request: UserRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)
    upward = indicator.activity.get_absolute_url()

    def act(form: ReasonForm) -> HttpResponse:
        reason, today = form.cleaned_data["reason"], timezone.localdate()
        is_deleted = archive.delete_indicator(
            indicator, reason=reason, today=today, by=request.user
        )
        return removed(request, indicator, is_deleted=is_deleted, otherwise=upward)

    was_used = archive.indicator_was_used(indicator)
    return answer(request, DELETE, ReasonForm, act, thing=indicator, was_used=was_used)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def restore_indicator(request: UserRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)

    def act(form: ReasonForm) -> Indicator:
        archive.restore_indicator(indicator, reason=form.cleaned_data["reason"], by=request.user)
        return indicator

    return answer(request, RESTORE, ReasonForm, act, thing=indicator)


def _indicator(request: UserRequest, pk: int) -> Indicator:
    rows = Indicator.objects.filter(activity__in=visible_activities(request.user))
    return get_object_or_404(rows.select_related("activity"), pk=pk)
