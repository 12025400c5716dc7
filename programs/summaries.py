"""Keeping what pages read equal to what the entries say, in the transaction that changes it.

Lock order: entry, then the year's city row, then the head of the audit trail.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q

from dimensions.models import Masterplan
from programs import scoring
from programs.figures import ProgramFigures, YearFigures, year_figures
from programs.models import (
    ActivityYear,
    CityYear,
    DimensionYear,
    OrganizationPeriod,
    Program,
    ProgramYear,
    ProgressEntry,
    ReportingPeriod,
)
from programs.readings import Reading, Weights, methods_in, weights_in

Status = ProgressEntry.Status
ROWS_AT_ONCE = 500
SHOWN = ("achievement", "class_code", "budget", "spent", "deviation", "light")


@transaction.atomic
def refresh(programs: Collection[int], years: Iterable[int]) -> None:
    """Recount these programmes in these years, and the dimensions and city above them."""
    plans = Program.objects.filter(pk__in=programs).values_list("masterplan_id", flat=True)
    for masterplan_id in sorted(set(plans)):
        for year in sorted(set(years)):
            _refresh_year(masterplan_id, year, programs)


def _refresh_year(masterplan_id: int, year: int, programs: Collection[int]) -> None:
    CityYear.objects.get_or_create(masterplan_id=masterplan_id, year=year)
    city = CityYear.objects.select_for_update().get(masterplan_id=masterplan_id, year=year)
    touched = Program.objects.filter(pk__in=programs, masterplan=masterplan_id)
    figures = year_figures(touched, year)
    ProgramYear.objects.filter(program__in=touched, year=year).delete()
    ProgramYear.objects.bulk_create(_program_row(one, year) for one in figures.programs)
    rules = _Rules(masterplan_id, year)
    dimensions = set(touched.values_list("sub_dimension__dimension", flat=True))
    stored: dict[int, list[ProgramYear]] = {dimension: [] for dimension in dimensions}
    rows = ProgramYear.objects.filter(
        year=year,
        program__masterplan=masterplan_id,
        program__sub_dimension__dimension__in=dimensions,
    ).annotate(
        of_dimension=models.F("program__sub_dimension__dimension"),
        demo=models.F("program__is_demo"),
    )
    for row in rows:
        stored[row.of_dimension].append(row)
    DimensionYear.objects.filter(
        masterplan=masterplan_id, year=year, dimension__in=dimensions
    ).delete()
    DimensionYear.objects.bulk_create(
        _dimension_row(rules, dimension, rows_of)
        for dimension, rows_of in stored.items()
        if rows_of
    )
    _write_city(city, rules)


def _write_city(city: CityYear, rules: "_Rules") -> None:
    """Write the city's row from its dimensions' rows; a year without programmes has none."""
    of_city = DimensionYear.objects.filter(masterplan=city.masterplan_id, year=city.year)
    if not of_city:
        city.delete()
        return
    row = _city_row(rules, list(of_city))
    row.pk = city.pk
    row.save(force_update=True)


class _Rules:
    """The method and weights of one masterplan's year."""

    def __init__(self, masterplan_id: int, year: int) -> None:
        reading = Reading(year)
        self.masterplan_id = masterplan_id
        self.year = year
        self.method = methods_in(reading).get(masterplan_id, scoring.STANDARD)
        self.weights = weights_in(reading)

    def of_dimension(self, dimension_id: int) -> Weights | None:
        return self.weights.get(("dimension", dimension_id))

    @property
    def of_city(self) -> Weights | None:
        return self.weights.get(("masterplan", self.masterplan_id))

    def class_code(self, percent: Decimal | None) -> str:
        band = self.method.scale.classify(percent)
        return band.code if band else ""


def _program_row(figures: ProgramFigures, year: int) -> ProgramYear:
    return ProgramYear(
        program_id=figures.key,
        year=year,
        achievement=figures.achieved.percent,
        class_code=figures.achieved.class_code,
        budget=figures.money.budget,
        spent=figures.money.spent,
        deviation=figures.deviation,
        light=figures.light,
        indicators=len(figures.indicators),
        rated=figures.rated,
        is_quick_win=figures.is_quick_win,
    )


def _dimension_row(rules: _Rules, dimension_id: int, rows: list[Any]) -> DimensionYear:
    """Return a dimension's row from its programmes' rows (annotated with `demo`)."""
    percents = {row.program_id: row.achievement for row in rows}
    known = [one for one in percents.values() if one is not None]
    percent = scoring.roll_up_children(percents, rules.of_dimension(dimension_id))
    return DimensionYear(
        masterplan_id=rules.masterplan_id,
        dimension_id=dimension_id,
        year=rules.year,
        achievement=percent,
        class_code=rules.class_code(percent),
        programs=len(rows),
        rated_programs=len(known),
        achievement_sum=sum(known, Decimal(0)),
        has_demo_data=any(row.demo for row in rows),
        **_added(rules, rows),
    )


def _city_row(rules: _Rules, rows: list[DimensionYear]) -> CityYear:
    """Return the city's row from its dimensions' rows."""
    count = sum(row.rated_programs for row in rows)
    percent = (
        scoring.kept(sum((row.achievement_sum for row in rows), Decimal(0)) / count)
        if count
        else None
    )
    by_dimension = scoring.roll_up_children(
        {row.dimension_id: row.achievement for row in rows}, rules.of_city
    )
    return CityYear(
        masterplan_id=rules.masterplan_id,
        year=rules.year,
        achievement=percent,
        class_code=rules.class_code(percent),
        achievement_by_dimension=by_dimension,
        class_code_by_dimension=rules.class_code(by_dimension),
        programs=sum(row.programs for row in rows),
        has_demo_data=any(row.has_demo_data for row in rows),
        **_added(rules, rows),
    )


def _added(rules: _Rules, rows: Iterable[Any]) -> dict[str, Any]:
    """Return the columns that are plain sums, and the mean deviation with its light."""
    rows = list(rows)
    spent = [row.spent for row in rows if row.spent is not None]
    deviation = scoring.mean(row.deviation for row in rows)
    return {
        "budget": sum(row.budget for row in rows),
        "spent": sum(spent) if spent else None,
        "deviation": deviation,
        "light": scoring.light(deviation, rules.method.thresholds) or "",
        "indicators": sum(row.indicators for row in rows),
        "rated": sum(row.rated for row in rows),
    }


@transaction.atomic
def recount(masterplan: Masterplan, year: int) -> YearFigures:
    """Make a year's summaries anew from its entries."""
    CityYear.objects.get_or_create(masterplan=masterplan, year=year)
    city = CityYear.objects.select_for_update().get(masterplan=masterplan, year=year)
    figures = year_figures(Program.objects.filter(masterplan=masterplan), year)
    rules = _Rules(masterplan.pk, year)
    ProgramYear.objects.filter(program__masterplan=masterplan, year=year).delete()
    DimensionYear.objects.filter(masterplan=masterplan, year=year).delete()
    for dimension in figures.dimensions:
        rows = [_program_row(one, year) for one in dimension.programs]
        ProgramYear.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        for row, one in zip(rows, dimension.programs, strict=True):
            row.demo = one.is_demo  # type: ignore[attr-defined]
        if rows:
            _dimension_row(rules, dimension.key, rows).save()
    _write_city(city, rules)
    return figures


def recount_all() -> None:
    """Make every summary anew."""
    for masterplan in Masterplan.objects.all():
        for year in years_of(masterplan):
            recount(masterplan, year)
    count_periods(ReportingPeriod.objects.all())


def years_of(masterplan: Masterplan) -> list[int]:
    """Return the masterplan's own years and any other in which its programmes have money."""
    others = ActivityYear.objects.filter(program__masterplan=masterplan)
    return sorted({*masterplan.years(), *others.values_list("fiscal_year", flat=True)})


@transaction.atomic
def count_periods(
    periods: Iterable[ReportingPeriod], organizations: Collection[int] | None = None
) -> None:
    """Count anew how many activities each organisation owes in these periods, and has handed in."""
    for period in periods:
        counted = _counts(period, organizations)
        stored = OrganizationPeriod.objects.filter(period=period)
        if organizations is not None:
            stored = stored.filter(organization__in=organizations)
        stored.delete()
        OrganizationPeriod.objects.bulk_create(
            OrganizationPeriod(period=period, organization_id=organization, **counts)
            for organization, counts in sorted(counted.items())
        )


def _counts(
    period: ReportingPeriod, organizations: Collection[int] | None
) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    expected = ActivityYear.objects.filter(fiscal_year=period.year).filter(
        Q(activity__archived_on__isnull=True) | Q(activity__archived_on__gte=period.starts_on)
    )
    if organizations is not None:
        expected = expected.filter(activity__owner__in=organizations)
    for owner, number in expected.values_list("activity__owner").annotate(Count("pk")).order_by():
        counts[owner]["expected"] = number
    handed_in = (
        ProgressEntry.objects.filter(period=period, activity__in=expected.values("activity"))
        .exclude(status=Status.DRAFT)
        .values_list("activity__owner", "status", "is_nil")
        .annotate(Count("pk"))
        .order_by()
    )
    for owner, status, is_nil, number in handed_in:
        column = "nihil" if status == Status.VERIFIED and is_nil else status
        counts[owner][column] += number
    return {owner: dict(found) for owner, found in counts.items()}


def differences() -> Iterator[str]:
    """Yield a line for each stored summary that a full recount of the entries would contradict."""
    for masterplan in Masterplan.objects.all():
        for year in years_of(masterplan):
            yield from _differences_in(masterplan, year)
    for period in ReportingPeriod.objects.all():
        counted = _counts(period, None)
        for row in OrganizationPeriod.objects.filter(period=period):
            real = counted.pop(row.organization_id, {})
            for name in ("expected", "submitted", "returned", "verified", "nihil"):
                if getattr(row, name) != real.get(name, 0):
                    yield f"{row} {name}: {getattr(row, name)} ≠ {real.get(name, 0)}"
        for organization in counted:
            yield f"{organization} {period.pk}: –"  # noqa: RUF001


def _differences_in(masterplan: Masterplan, year: int) -> Iterator[str]:
    figures = year_figures(Program.objects.filter(masterplan=masterplan), year)
    stored = {
        row.program_id: row
        for row in ProgramYear.objects.filter(program__masterplan=masterplan, year=year)
    }
    for program in figures.programs:
        yield from _against(
            program.code, stored.pop(program.key, None), _program_row(program, year)
        )
    for row in stored.values():
        yield f"{year} {row.program_id}: +"
    dimensions = {
        row.dimension_id: row
        for row in DimensionYear.objects.filter(masterplan=masterplan, year=year)
    }
    for dimension in figures.dimensions:
        if dimension.programs:
            row = DimensionYear(
                year=year,
                achievement=dimension.achieved.percent,
                class_code=dimension.achieved.class_code,
                budget=dimension.money.budget,
                spent=dimension.money.spent,
            )
            yield from _against(dimension.code, dimensions.get(dimension.key), row, SHOWN[:4])
    if not figures.programs:
        return
    city = CityYear(
        year=year,
        achievement=figures.achieved.percent,
        class_code=figures.achieved.class_code,
        budget=figures.money.budget,
        spent=figures.money.spent,
        achievement_by_dimension=figures.achieved_by_dimension.percent,
        programs=len(figures.programs),
    )
    yield from _against(
        "kota",
        CityYear.objects.filter(masterplan=masterplan, year=year).first(),
        city,
        (*SHOWN[:4], "achievement_by_dimension", "programs"),
    )


def _against(
    label: str, stored: models.Model | None, real: Any, names: Iterable[str] = SHOWN
) -> Iterator[str]:
    if stored is None:
        yield f"{real.year} {label}: –"  # noqa: RUF001
        return
    for name in names:
        found, wanted = getattr(stored, name), getattr(real, name)
        if found != wanted:
            yield f"{real.year} {label} {name}: {found} ≠ {wanted}"
