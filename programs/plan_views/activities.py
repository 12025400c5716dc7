"""Pages on which the secretariat adds, changes and moves activities and plans their years."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ambon_smartcity.http import Refused, UserRequest, signed_in
from programs.models import Activity
from programs.permissions import visible_activities, visible_programs
from programs.plan_forms.activities import ActivityForm, MoveActivityForm
from programs.plan_forms.years import YearsForm
from programs.plan_views.pages import answer, refuse_others
from programs.planning import activities, years


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_activity(request: UserRequest, pk: int) -> HttpResponse:
    """Add an activity to the programme `pk`."""
    program = get_object_or_404(visible_programs(request.user), pk=pk)
    return answer(
        request,
        "programs/plan/activity_form.html",
        lambda data: ActivityForm(data, initial={"owner": program.owner_id}),
        lambda form: activities.add_activity(program, form.values(), by=request.user),
        activity=None,
        program=program,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_activity(request: UserRequest, pk: int) -> HttpResponse:
    activity = _activity(request, pk)

    def make(data: QueryDict | None) -> ActivityForm:
        now = _activity(request, pk)
        return ActivityForm(data, thing=now, seen=activities.activity_stamp(now))

    return answer(
        request,
        "programs/plan/activity_form.html",
        make,
        lambda form: activities.change_activity(
            activity, form.values(), seen=form.seen, by=request.user
        ),
        activity=activity,
        program=activity.program,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def move_activity(request: UserRequest, pk: int) -> HttpResponse:
    """Let an activity count under another programme from a year on."""
    activity = _activity(request, pk)
    return answer(
        request,
        "programs/plan/activity_move.html",
        MoveActivityForm,
        lambda form: activities.move_activity(activity, **form.cleaned_data, by=request.user),
        activity=activity,
        years=activity.years.select_related("program"),
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_years(request: UserRequest, pk: int) -> HttpResponse:
    """Plan all years of an activity on one table."""
    activity = _activity(request, pk)
    refuse_others(request)
    if activity.program is None:
        raise Refused(_("This activity has no programme yet. Give it one first."))
    return answer(
        request,
        "programs/plan/activity_years.html",
        lambda data: YearsForm(data, activity=activity),
        lambda form: years.set_years(
            activity,
            form.wanted(),
            reason=form.cleaned_data["reason"],
            seen=form.seen,
            today=timezone.localdate(),
            by=request.user,
        ),
        activity=activity,
    )


def _activity(request: UserRequest, pk: int) -> Activity:
    rows = visible_activities(request.user).select_related("program__masterplan", "owner")
    return get_object_or_404(rows, pk=pk)
