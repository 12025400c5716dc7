"""“Explain this number”: from any figure to its formula, inputs, entries, evidence and verifier."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ambon_smartcity.http import UserRequest, signed_in
from programs import explain, scoring
from programs.figure_filters import Calendar, Chosen, ReadingForm
from programs.figures import ProgramFigures, YearFigures, year_figures
from programs.models import (
    Activity,
    AnnualTarget,
    Indicator,
    Program,
    ProgressEntry,
)
from programs.permissions import (
    programs_behind,
    programs_of_city,
    programs_with_figures,
    visible_entries,
    visible_evidence,
)
from programs.readings import Reading, methods_in, verified

CITY_WIDE = {"city", "city-by-dimension"}


@signed_in
@never_cache
@require_GET
def explain_number(request: UserRequest, kind: str, key: int, year: int) -> HttpResponse:
    """Explain one achievement of a year; whoever may not see the figure finds no page."""
    calendar = Calendar()
    if year not in calendar.years:
        raise Http404
    chosen = _chosen(request, calendar, year)
    programs = _programs(request, kind, key, chosen)
    figures = year_figures(programs, year, as_of=chosen.as_of)
    method = methods_in(Reading(year, chosen.as_of)).get(chosen.masterplan.pk, scoring.STANDARD)
    explanation = _explanation(kind, key, figures, method)
    context = {"chosen": chosen, "explanation": explanation, "kind": kind}
    if kind == "indicator":
        context |= _indicator_inputs(request, key, figures, chosen)
    return render(request, "programs/explanation.html", context)


def _chosen(request: UserRequest, calendar: Calendar, year: int) -> Chosen:
    asked = request.GET.copy()
    asked["tahun"] = str(year)
    return calendar.choose(ReadingForm(asked, years=calendar.years))


def _programs(request: UserRequest, kind: str, key: int, chosen: Chosen) -> QuerySet[Program]:
    """Return the programmes the figure is made of, or 404 where there are none or not for all."""
    if kind == "program":
        found = programs_with_figures(request.user).filter(pk=key)
    elif kind == "activity":
        found = programs_behind(request.user, get_object_or_404(Activity, pk=key), chosen.year)
    elif kind == "indicator":
        indicator = get_object_or_404(Indicator.objects.select_related("activity"), pk=key)
        found = programs_behind(request.user, indicator.activity, chosen.year)
    elif kind == "dimension":
        found = programs_of_city(request.user).filter(sub_dimension__dimension=key)
    elif kind in CITY_WIDE:
        found = programs_of_city(request.user)
    else:
        raise Http404
    found = found.filter(masterplan=chosen.masterplan)
    if not found.exists():
        raise Http404
    return found


def _explanation(
    kind: str, key: int, figures: YearFigures, method: scoring.Method
) -> explain.Explanation:
    if kind == "city":
        return explain.explain_city(figures, method)
    if kind == "city-by-dimension":
        return explain.explain_city_by_dimension(figures, method)
    if kind == "dimension":
        return explain.explain_dimension(
            next(one for one in figures.dimensions if one.key == key), method
        )
    for program in figures.programs:
        found = _explanation_within(kind, key, program, method)
        if found is not None:
            return found
    raise Http404


def _explanation_within(
    kind: str, key: int, program: ProgramFigures, method: scoring.Method
) -> explain.Explanation | None:
    """Explain the programme, or the one of its activities or indicators that is asked for."""
    if kind == "program":
        return explain.explain_program(program, method) if program.key == key else None
    if kind == "activity":
        activity = next((one for one in program.activities if one.key == key), None)
        return explain.explain_activity(activity, program, method) if activity else None
    indicator = next((one for one in program.indicators if one.key == key), None)
    return explain.explain_indicator(indicator, method) if indicator else None


def _indicator_inputs(
    request: UserRequest, key: int, figures: YearFigures, chosen: Chosen
) -> dict[str, Any]:
    """Return the indicator's numbers by quarter with their entries, evidence and verifiers."""
    program = figures.programs[0]
    indicator = next(one for one in program.indicators if one.key == key)
    activity = next(one for one in program.activities if one.code == indicator.activity)
    reading = Reading(chosen.year, chosen.as_of)
    entries = ProgressEntry.objects.filter(verified(reading), activity=activity.key)
    seen = set(visible_entries(request.user).filter(pk__in=entries).values_list("pk", flat=True))
    evidence = dict(
        visible_evidence(request.user)
        .filter(entry__in=entries)
        .values_list("entry")
        .annotate(Count("pk"))
        .order_by()
    )
    return {
        "indicator": indicator,
        "roll_up": explain.roll_up_of(indicator.aggregation),
        "quarters": [
            {
                "report": report,
                "value": indicator.quarters[report.quarter - 1],
                "can_open": report.entry in seen,
                "evidence": evidence.get(report.entry, 0),
            }
            for report in activity.reports
        ],
        "targets": [
            one
            for one in AnnualTarget.objects.filter(indicator=key, year=chosen.year)
            if reading.knows(one.revised_on)
        ],
        "program": program,
        "can_open_program": programs_with_figures(request.user).filter(pk=program.key).exists(),
        "activity": activity,
    }
