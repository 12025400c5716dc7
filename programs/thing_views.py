"""Pages of one programme, activity, indicator and organisation."""

from datetime import date
from typing import Any

from django.db.models import Model, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ambon_smartcity.http import UserRequest, signed_in
from audit.models import AuditQuerySet
from audit.permissions import visible_history
from dimensions.models import Organization
from dimensions.permissions import can_manage_frame, visible_organizations
from programs.figure_charts import curve_chart, target_chart, trend_chart
from programs.figure_filters import Chosen, chosen_reading
from programs.figures import ActivityFigures, year_figures
from programs.models import Activity, Indicator, Program, ReportingPeriod
from programs.multi_year import indicator_years, to_date
from programs.overview import finished_years
from programs.permissions import (
    entries_with_visible_state,
    is_own,
    programs_behind,
    programs_with_figures,
    sees_figures_of,
    sees_reports_of,
    visible_activities,
    visible_counts,
    visible_entries,
    visible_programs,
)
from programs.program_lines import (
    YearLine,
    indicator_lines,
    program_lines,
    program_years,
    program_years_as_of,
)
from programs.reporting import LEGEND, activity_quarters, reporting_map
from programs.sentences import read_curve, read_forecast, read_trend

HISTORY_ROWS = 50


def _history(request: UserRequest, thing: Model, organization_id: int) -> AuditQuerySet:
    """Return the latest of what happened to a thing of this organisation."""
    own = is_own(request.user, organization_id)
    return visible_history(request.user, thing, is_own=own)[:HISTORY_ROWS]


@signed_in
@never_cache
@require_GET
def view_program(request: UserRequest, pk: int) -> HttpResponse:
    """Show a programme over all years of its masterplan, on one page."""
    program = get_object_or_404(
        visible_programs(request.user)
        .select_related("masterplan", "owner", "sub_dimension__dimension", "successor__masterplan")
        .prefetch_related("supporting_organizations", "quick_win_marks", "predecessors"),
        pk=pk,
    )
    sees_figures = programs_with_figures(request.user).filter(pk=pk).exists()
    chosen = chosen_reading(request)
    day = chosen.as_of if chosen else None
    years = _program_years(program, day) if sees_figures else []
    finished = finished_years(list(program.masterplan.years()))
    values = {one.year: one.achieved.percent if one.year in finished else None for one in years}
    context = {
        "program": program,
        "sees_figures": sees_figures,
        "years": years,
        "finished": finished,
        "lines": indicator_lines(program, day) if sees_figures else [],
        "chosen": chosen,
        "activities": program.activities.select_related("owner"),
        "chart": trend_chart(
            _("Achievement of %(program)s") % {"program": program.code},
            values,
            dimension=program.sub_dimension.dimension.code,
        )
        if any(one is not None for one in values.values())
        else None,
        "reading": read_trend(list(values), list(values.values())),
        "marks": list(program.quick_win_marks.all()),
        "can_edit": can_manage_frame(request.user),
        "history": _history(request, program, program.owner_id),
    }
    return render(request, "programs/program_detail.html", context)


def _program_years(program: Program, day: date | None) -> list[YearLine]:
    return program_years_as_of(program, day) if day else program_years(program)


@signed_in
@never_cache
@require_GET
def view_activity(request: UserRequest, pk: int) -> HttpResponse:
    """Show an activity: its years and money, and one year's curve and quarters."""
    activity = get_object_or_404(
        visible_activities(request.user)
        .select_related("owner", "dimension", "program__owner")
        .prefetch_related("supporting_organizations", "indicators"),
        pk=pk,
    )
    chosen = chosen_reading(request)
    sees_figures = sees_figures_of(request.user, activity)
    figures = _activity_figures(request, activity, chosen) if sees_figures and chosen else None
    context = {
        "activity": activity,
        "chosen": chosen,
        "sees_figures": sees_figures,
        "years": activity.years.select_related("program"),
        "figures": figures,
        "chart": curve_chart(
            _("Plan and physical progress of %(activity)s, %(year)d")
            % {"activity": activity.code, "year": chosen.year},
            figures.progress,
        )
        if figures and chosen
        else None,
        "reading": read_curve(figures.progress) if figures else "",
        "forecast": read_forecast(figures.progress.forecast) if figures else "",
        "quarters": _quarters(request, activity, chosen) if sees_figures and chosen else [],
        "can_edit": can_manage_frame(request.user),
        "history": _history(request, activity, activity.owner_id),
    }
    return render(request, "programs/activity_detail.html", context)


def _activity_figures(
    request: UserRequest, activity: Activity, chosen: Chosen
) -> ActivityFigures | None:
    programs = programs_behind(request.user, activity, chosen.year)
    found = year_figures(programs, chosen.year, as_of=chosen.as_of)
    of_program = [one for program in found.programs for one in program.activities]
    return next((one for one in of_program if one.key == activity.pk), None)


def _quarters(request: UserRequest, activity: Activity, chosen: Chosen) -> list[Any]:
    """Return the year's quarters in which the activity runs."""
    if not activity.years.filter(fiscal_year=chosen.year).exists():
        return []
    entries = {
        one.period_id: one
        for one in entries_with_visible_state(request.user).filter(
            activity=activity, period__year=chosen.year
        )
    }
    seen = visible_entries(request.user).filter(pk__in=[one.pk for one in entries.values()])
    periods = ReportingPeriod.objects.filter(year=chosen.year)
    return activity_quarters(
        periods, entries, set(seen.values_list("pk", flat=True)), timezone.localdate()
    )


@signed_in
@never_cache
@require_GET
def view_indicator(request: UserRequest, pk: int) -> HttpResponse:
    """Show an indicator: what it means, its targets with every revision, and what was reached."""
    indicator = get_object_or_404(
        Indicator.objects.filter(activity__in=visible_activities(request.user)).select_related(
            "activity__program__masterplan", "activity__owner", "data_owner"
        ),
        pk=pk,
    )
    activity = indicator.activity
    chosen = chosen_reading(request)
    sees_figures = sees_figures_of(request.user, activity)
    masterplan = chosen.masterplan if chosen else None
    years = (
        indicator_years([indicator], masterplan, as_of=chosen.as_of if chosen else None)[
            indicator.pk
        ]
        if masterplan
        else ()
    )
    finished = finished_years([one.year for one in years])
    shown = next((one for one in years if chosen and one.year == chosen.year), None)
    context = {
        "indicator": indicator,
        "activity": activity,
        "chosen": chosen,
        "sees_figures": sees_figures,
        "years": years,
        "shown": shown,
        "to_date": to_date(indicator, years) if sees_figures else None,
        "chart": target_chart(
            _("Target and actual of %(indicator)s in %(unit)s")
            % {"indicator": indicator.code, "unit": indicator.unit},
            [one.year for one in years],
            [one.target for one in years],
            [one.actual if one.year in finished else None for one in years],
            "%" if indicator.unit == "%" else "",
        )
        if sees_figures and years
        else None,
        "reading": read_trend(
            [one.year for one in years],
            [one.achieved.percent if one.year in finished else None for one in years],
        ),
        "finished": finished,
        "can_edit": can_manage_frame(request.user),
        "history": _history(request, indicator, activity.owner_id),
    }
    return render(request, "programs/indicator_detail.html", context)


@signed_in
@never_cache
@require_GET
def list_organizations(request: UserRequest) -> HttpResponse:
    organizations = visible_organizations(request.user).select_related("dimension")
    return render(
        request,
        "programs/organization_list.html",
        {"organizations": organizations, "can_edit": can_manage_frame(request.user)},
    )


@signed_in
@never_cache
@require_GET
def view_organization(request: UserRequest, code: str) -> HttpResponse:
    """Show an organisation: its names over time, its programmes in a year, and its quarters."""
    organization = get_object_or_404(
        visible_organizations(request.user)
        .select_related("dimension")
        .prefetch_related("names", "aliases"),
        code=code,
    )
    chosen = chosen_reading(request)
    context = {
        "organization": organization,
        "chosen": chosen,
        "can_edit": can_manage_frame(request.user),
        "legend": LEGEND,
        "history": _history(request, organization, organization.pk),
    }
    if chosen is not None:
        context |= _work_of(request, organization, chosen)
    return render(request, "programs/organization_detail.html", context)


def _work_of(request: UserRequest, organization: Organization, chosen: Chosen) -> dict[str, Any]:
    programs = (
        visible_programs(request.user)
        .filter(masterplan=chosen.masterplan)
        .filter(Q(owner=organization) | Q(supporting_organizations=organization))
        .select_related("owner", "sub_dimension__dimension")
        .distinct()
    )
    seen = programs_with_figures(request.user).filter(pk__in=programs)
    figures = program_lines(seen, chosen.masterplan, chosen.year, chosen.as_of)
    counts = visible_counts(request.user).filter(
        organization=organization, period__year__in=chosen.masterplan.years()
    )
    return {
        "rows": [(one, figures.get(one.pk)) for one in programs],
        "sees_reports": sees_reports_of(request.user, organization),
        "activities": organization.activities.filter(archived_on__isnull=True).select_related(
            "program"
        ),
        "map": reporting_map(counts.select_related("organization", "period"), timezone.localdate()),
    }
