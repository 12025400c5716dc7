"""Pages on which the secretariat adds and changes indicators and sets their targets."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ambon_smartcity.http import UserRequest, signed_in
from programs.models import Indicator
from programs.permissions import visible_activities
from programs.plan_forms.indicators import IndicatorForm
from programs.plan_forms.targets import TargetsForm
from programs.plan_views.pages import answer
from programs.planning import indicators, targets


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def add_indicator(request: UserRequest, pk: int) -> HttpResponse:
    """Add an indicator to the activity `pk`."""
    activity = get_object_or_404(visible_activities(request.user), pk=pk)
    return answer(
        request,
        "programs/plan/indicator_form.html",
        lambda data: IndicatorForm(data, initial={"data_owner": activity.owner_id}),
        lambda form: indicators.add_indicator(activity, form.values(), by=request.user),
        indicator=None,
        activity=activity,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_indicator(request: UserRequest, pk: int) -> HttpResponse:
    indicator = _indicator(request, pk)

    def make(data: QueryDict | None) -> IndicatorForm:
        now = _indicator(request, pk)
        return IndicatorForm(data, thing=now, seen=indicators.indicator_stamp(now))

    return answer(
        request,
        "programs/plan/indicator_form.html",
        make,
        lambda form: indicators.change_indicator(
            indicator, form.values(), seen=form.seen, by=request.user
        ),
        indicator=indicator,
        activity=indicator.activity,
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def edit_targets(request: UserRequest, pk: int) -> HttpResponse:
    """Set or revise all targets of an indicator on one table."""
    indicator = _indicator(request, pk)
    return answer(
        request,
        "programs/plan/indicator_targets.html",
        lambda data: TargetsForm(data, indicator=indicator),
        lambda form: targets.set_targets(
            indicator,
            form.wanted(),
            reason=form.cleaned_data["reason"],
            seen=form.seen,
            today=timezone.localdate(),
            by=request.user,
        ),
        indicator=indicator,
    )


def _indicator(request: UserRequest, pk: int) -> Indicator:
    rows = Indicator.objects.filter(activity__in=visible_activities(request.user))
    return get_object_or_404(rows.select_related("activity__program__masterplan"), pk=pk)
