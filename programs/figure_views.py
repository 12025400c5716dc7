"""Pages of figures: the city, a dimension, the list of programmes, the reporting map, two days."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ambon_smartcity.http import UserRequest, signed_in
from ambon_smartcity.kept_pages import kept_part
from ambon_smartcity.templatetags.portal import class_label
from audit.services import state_of_the_data
from dimensions.models import Dimension
from dimensions.permissions import can_manage_frame
from programs import scoring
from programs.comparison import compare_dimensions, compare_programs, movements
from programs.figure_charts import movement_chart, ranking_chart, trend_chart
from programs.figure_filters import (
    Calendar,
    Chosen,
    ComparisonForm,
    ProgramFilterForm,
    ReportingForm,
    chosen_reading,
)
from programs.figures import YearFigures, year_figures
from programs.models import PerformanceBand, Program, ProgramYear, ScoringMethod
from programs.overview import StoredYear, city_trend, finished_years, stored_year
from programs.permissions import (
    programs_of_city,
    programs_with_figures,
    sees_whole_city,
    visible_counts,
    visible_programs,
)
from programs.program_lines import program_lines
from programs.reporting import LEGEND, reporting_map
from programs.sentences import read_ranking, read_trend, read_waterfall

ROWS = 50


@signed_in
@never_cache
@require_GET
def view_city(request: UserRequest) -> HttpResponse:
    """Show the city's year; an agency, which sees its own figures only, goes to its own page."""
    if not sees_whole_city(request.user):
        return _to_own_figures(request)
    state = (
        state_of_the_data(),
        timezone.localdate().isoformat(),
        get_language() or "",
        request.GET.get("tahun", ""),
        request.GET.get("pada", ""),
    )
    body = kept_part(
        state,
        lambda: render_to_string("programs/city_body.html", _city_context(request), request),
    )
    return render(request, "programs/city_detail.html", {"body": body})


def _city_context(request: UserRequest) -> dict[str, Any]:
    """Return what the city's page shows, the same for everybody who sees the whole city."""
    chosen = chosen_reading(request)
    if chosen is None:
        return {"chosen": None}
    trend = city_trend(chosen.masterplan)
    figures = _city_figures(request, chosen, trend)
    counts = visible_counts(request.user).filter(period__year=chosen.year)
    reporting = reporting_map(counts.select_related("organization", "period"), timezone.localdate())
    finished = finished_years(_years(chosen))
    years = {
        year: trend[year].achievement if year in trend and year in finished else None
        for year in _years(chosen)
    }
    return {
        "chosen": chosen,
        "figures": figures,
        "chart": ranking_chart(
            _("Achievement by dimension, %(year)d") % {"year": chosen.year},
            [(one.name, one.achieved, one.code) for one in figures.dimensions],
        ),
        "ranking": read_ranking([(one.name, one.achieved) for one in figures.dimensions]),
        "years": [(year, trend.get(year), year in finished) for year in years],
        "is_running": chosen.year not in finished,
        "trend": None
        if chosen.as_of
        else trend_chart(_("Achievement of the city (mean of programmes)"), years),
        "trend_text": read_trend(list(years), list(years.values())),
        "quarters": list(zip(reporting.periods, reporting.totals, strict=True)),
    }


def _to_own_figures(request: UserRequest) -> HttpResponse:
    organization = request.user.organization if request.user.agency_id else None
    if organization is None:
        raise PermissionDenied
    return redirect(organization)


def _years(chosen: Chosen) -> list[int]:
    return list(chosen.masterplan.years())


def _city_figures(request: UserRequest, chosen: Chosen, trend: Any) -> YearFigures | StoredYear:
    if chosen.as_of is None:
        return stored_year(chosen.masterplan, chosen.year, trend=trend)
    programs = programs_of_city(request.user).filter(masterplan=chosen.masterplan)
    return year_figures(programs, chosen.year, as_of=chosen.as_of)


@signed_in
@never_cache
@require_GET
def view_dimension(request: UserRequest, code: str) -> HttpResponse:
    """Show one dimension's programmes in a year; an agency sees its own among them."""
    dimension = get_object_or_404(Dimension, code=code)
    chosen = chosen_reading(request)
    if chosen is None:
        return redirect("programs:view-city")
    programs = programs_with_figures(request.user).filter(
        masterplan=chosen.masterplan, sub_dimension__dimension=dimension
    )
    figures = year_figures(programs, chosen.year, as_of=chosen.as_of)
    found = next(one for one in figures.dimensions if one.key == dimension.pk)
    page = Paginator(found.programs, ROWS).get_page(request.GET.get("page"))
    rows = [(one.code, one.achieved, dimension.code) for one in page]
    context = {
        "chosen": chosen,
        "dimension": found,
        "page": page,
        "shown": replace(found, programs=tuple(page)),
        "sees_city": sees_whole_city(request.user),
        "chart": ranking_chart(
            _("Achievement of the programmes of %(dimension)s, %(year)d")
            % {"dimension": dimension.name, "year": chosen.year},
            rows,
        ),
        "ranking": read_ranking([(one.title, one.achieved) for one in found.programs]),
        "others": Dimension.objects.all(),
    }
    return render(request, "programs/dimension_detail.html", context)


@signed_in
@never_cache
@require_GET
def list_programs(request: UserRequest) -> HttpResponse:
    """List a year's programmes; those whose figures a person may not see show none."""
    calendar = Calendar()
    if not calendar.years:
        return render(request, "programs/program_list.html", {"chosen": None})
    form = ProgramFilterForm(request.GET, years=calendar.years, classes=_classes())
    chosen = calendar.choose(form)
    programs = _filtered(request, visible_programs(request.user), chosen)
    page = Paginator(programs, ROWS).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "page": page,
        "rows": _rows(request, page, chosen),
        "can_edit": can_manage_frame(request.user),
    }
    return render(request, "programs/program_list.html", context)


def _classes() -> list[tuple[str, str]]:
    """Return the classes of every table that is or was in use, best first."""
    in_use = PerformanceBand.objects.filter(scale__in=ScoringMethod.objects.values("scale"))
    bands = [one.as_band() for one in in_use] or scoring.STANDARD.scale.bands
    return list({band.code: class_label(band) for band in bands}.items())


def _filtered(
    request: UserRequest, programs: QuerySet[Program], chosen: Chosen
) -> QuerySet[Program]:
    """Filter by what the form asks; by class and light only where the person sees the figures."""
    wanted = chosen.form.cleaned_data
    programs = programs.filter(masterplan=chosen.masterplan).select_related(
        "owner", "sub_dimension__dimension"
    )
    if wanted.get("dimensi"):
        programs = programs.filter(sub_dimension__dimension=wanted["dimensi"])
    if wanted.get("organisasi"):
        programs = programs.filter(owner=wanted["organisasi"])
    if wanted.get("kelas") or wanted.get("lampu"):
        stored = ProgramYear.objects.filter(
            year=chosen.year, program__in=programs_with_figures(request.user)
        )
        if wanted.get("kelas"):
            stored = stored.filter(class_code="" if wanted["kelas"] == "-" else wanted["kelas"])
        if wanted.get("lampu"):
            stored = stored.filter(light=wanted["lampu"])
        programs = programs.filter(pk__in=stored.values("program"))
    return programs


def _rows(request: UserRequest, page: Any, chosen: Chosen) -> list[tuple[Program, Any]]:
    """Set each programme beside its figures, None where the person may not see them."""
    seen = programs_with_figures(request.user).filter(pk__in=[one.pk for one in page])
    figures = program_lines(seen, chosen.masterplan, chosen.year)
    return [(one, figures.get(one.pk)) for one in page]


@signed_in
@never_cache
@require_GET
def view_reporting(request: UserRequest) -> HttpResponse:
    """Show who has reported: organisations by quarters, a year's or all of the masterplan's."""
    chosen = chosen_reading(request, ReportingForm)
    if chosen is None:
        return render(request, "programs/reporting_map.html", {"chosen": None})
    wanted = chosen.form.cleaned_data
    years = chosen.masterplan.years() if wanted.get("semua") else [chosen.year]
    counts = visible_counts(request.user).filter(period__year__in=years)
    if wanted.get("dimensi"):
        counts = counts.filter(organization__dimension=wanted["dimensi"])
    whole = reporting_map(counts.select_related("organization", "period"), timezone.localdate())
    context = {
        "chosen": chosen,
        "shows_all": bool(wanted.get("semua")),
        "map": whole.only(wanted["status"]) if wanted.get("status") else whole,
        "legend": LEGEND,
    }
    return render(request, "programs/reporting_map.html", context)


@signed_in
@never_cache
@require_GET
def compare(request: UserRequest) -> HttpResponse:
    """Set a year's figures on two days side by side, with what moved one dimension."""
    if not sees_whole_city(request.user):
        raise PermissionDenied
    calendar = Calendar()
    if not calendar.years:
        return redirect("programs:view-city")
    form = ComparisonForm(request.GET or None, years=calendar.years, initial={})
    chosen = calendar.choose(form)
    context: dict[str, Any] = {
        "chosen": chosen,
        "form": form,
        "dimensions": Dimension.objects.all(),
    }
    if form.is_bound and form.is_valid():
        context |= _two_days(request, chosen)
    return render(request, "programs/comparison.html", context)


def _two_days(request: UserRequest, chosen: Chosen) -> dict[str, Any]:
    days = chosen.form.cleaned_data["dari"], chosen.form.cleaned_data["sampai"]
    programs = programs_of_city(request.user).filter(masterplan=chosen.masterplan)
    before, after = (year_figures(programs, chosen.year, as_of=day) for day in days)
    sides = compare_dimensions(before, after)
    code = request.GET.get("dimensi") or _most_moved(sides)
    old, new = (
        next((one for one in figures.dimensions if one.code == code), figures.dimensions[0])
        for figures in (before, after)
    )
    moved = movements(old, new)
    return {
        "days": days,
        "before": before,
        "after": after,
        "sides": sides,
        "dimension": new,
        "programs": compare_programs(old, new),
        "moved": moved,
        "chart": movement_chart(
            _("What moved %(dimension)s") % {"dimension": new.name},
            old.achieved,
            new.achieved,
            moved,
            (_("first day"), _("second day")),
        )
        if old.achieved.percent is not None and new.achieved.percent is not None
        else None,
        "reading": read_waterfall(new.name, old.achieved.percent, new.achieved.percent, moved),
    }


def _most_moved(sides: Any) -> str:
    known = [one for one in sides if one.points is not None]
    return max(known, key=lambda one: abs(one.points)).code if known else ""
