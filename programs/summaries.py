"""Keeping what pages read equal to what the entries say, in the transaction that changes it.

Lock order: entry, then period, then the year's city row, then the head of the audit trail.
Locks on rows that others point to are `no_key`: a plain one would wait for every new reference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q

from dimensions.models import Masterplan
from programs import scoring
from programs.figures import ProgramFigures, year_figures
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


@transaction.atomic
def refresh(programs: Collection[int], years: Iterable[int]) -> None:
    """Recount these programmes in these years, and the dimensions and city above them."""
    plans = Program.objects.filter(pk__in=programs).values_list("masterplan_id", flat=True)
    for masterplan_id in sorted(set(plans)):
        for year in sorted(set(years)):
            _refresh_year(masterplan_id, year, programs)


def _refresh_year(masterplan_id: int, year: int, programs: Collection[int]) -> None:
    city = _locked_city(masterplan_id, year)
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
    ).select_related("program__sub_dimension")
    for row in rows:
        stored[row.program.sub_dimension.dimension_id].append(row)
    demo = {row.program_id for row in rows if row.program.is_demo}
    DimensionYear.objects.filter(
        masterplan=masterplan_id, year=year, dimension__in=dimensions
    ).delete()
    DimensionYear.objects.bulk_create(
        _dimension_row(rules, dimension, rows_of, demo)
        for dimension, rows_of in stored.items()
        if rows_of
    )
    _write_city(city, rules)


def _locked_city(masterplan_id: int, year: int) -> CityYear:
    """Return the year's city row under lock; made if there is none, or no longer is."""
    city, _is_new = CityYear.objects.select_for_update().get_or_create(
        masterplan_id=masterplan_id, year=year
    )
    return city


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


def _dimension_row(
    rules: _Rules, dimension_id: int, rows: list[ProgramYear], demo: Collection[int]
) -> DimensionYear:
    """Return a dimension's row from its programmes' rows; `demo` are those that are demo data."""
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
        achievement_sum=scoring.exact_sum(known),
        has_demo_data=any(row.program_id in demo for row in rows),
        **_added(rules, rows),
    )


def _city_row(rules: _Rules, rows: list[DimensionYear]) -> CityYear:
    """Return the city's row from its dimensions' rows."""
    count = sum(row.rated_programs for row in rows)
    percent = scoring.mean_from_sum(scoring.exact_sum(row.achievement_sum for row in rows), count)
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
def recount(masterplan: Masterplan, year: int) -> None:
    """Make a year's summaries anew from its entries."""
    city = _locked_city(masterplan.pk, year)
    expected = _expected(masterplan, year)
    ProgramYear.objects.filter(program__masterplan=masterplan, year=year).delete()
    DimensionYear.objects.filter(masterplan=masterplan, year=year).delete()
    ProgramYear.objects.bulk_create(expected.programs, batch_size=ROWS_AT_ONCE)
    DimensionYear.objects.bulk_create(expected.dimensions)
    _write_city(city, _Rules(masterplan.pk, year))


@dataclass(frozen=True)
class _Expected:
    """What a year's summaries must say, counted from its entries."""

    programs: list[ProgramYear]
    dimensions: list[DimensionYear]
    city: CityYear


def _expected(masterplan: Masterplan, year: int) -> _Expected:
    figures = year_figures(Program.objects.filter(masterplan=masterplan), year)
    rules = _Rules(masterplan.pk, year)
    programs: list[ProgramYear] = []
    dimensions: list[DimensionYear] = []
    for dimension in figures.dimensions:
        rows = [_program_row(one, year) for one in dimension.programs]
        if rows:
            demo = {one.key for one in dimension.programs if one.is_demo}
            dimensions.append(_dimension_row(rules, dimension.key, rows, demo))
            programs += rows
    return _Expected(programs, dimensions, _city_row(rules, dimensions))


def recount_all() -> None:
    """Make every summary anew."""
    count_periods(ReportingPeriod.objects.all())
    for masterplan in Masterplan.objects.order_by("pk"):
        years = years_of(masterplan)
        ProgramYear.objects.filter(program__masterplan=masterplan).exclude(year__in=years).delete()
        for summary in (DimensionYear, CityYear):
            summary.objects.filter(masterplan=masterplan).exclude(year__in=years).delete()
        for year in years:
            recount(masterplan, year)


def years_of(masterplan: Masterplan) -> list[int]:
    """Return the masterplan's own years and any other in which its programmes have money."""
    others = ActivityYear.objects.filter(program__masterplan=masterplan)
    return sorted({*masterplan.years(), *others.values_list("fiscal_year", flat=True)})


@transaction.atomic
def count_periods(
    periods: Iterable[ReportingPeriod], organizations: Collection[int] | None = None
) -> None:
    """Count anew how many activities each organisation owes in these periods, and has handed in."""
    for period in sorted(periods, key=lambda one: one.pk):
        # Whoever counts the same quarter queues here.
        ReportingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
        counted = _count_rows(period, organizations)
        stored = OrganizationPeriod.objects.filter(period=period)
        if organizations is not None:
            stored = stored.filter(organization__in=organizations)
        stored.delete()
        OrganizationPeriod.objects.bulk_create(counted)


def _count_rows(
    period: ReportingPeriod, organizations: Collection[int] | None
) -> list[OrganizationPeriod]:
    return [
        OrganizationPeriod(period=period, organization_id=organization, **counts)
        for organization, counts in sorted(_counts(period, organizations).items())
    ]


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
    seen = set()
    for masterplan in Masterplan.objects.all():
        for year in years_of(masterplan):
            seen.add((masterplan.pk, year))
            yield from _differences_in(masterplan, year)
    for masterplan_id, year in CityYear.objects.values_list("masterplan", "year"):
        if (masterplan_id, year) not in seen:
            yield f"kota {year}: tidak punya program"
    for period in ReportingPeriod.objects.all():
        yield from _against(
            OrganizationPeriod.objects.filter(period=period), _count_rows(period, None)
        )


def _differences_in(masterplan: Masterplan, year: int) -> Iterator[str]:
    expected = _expected(masterplan, year)
    yield from _against(
        ProgramYear.objects.filter(program__masterplan=masterplan, year=year), expected.programs
    )
    yield from _against(
        DimensionYear.objects.filter(masterplan=masterplan, year=year), expected.dimensions
    )
    yield from _against(
        CityYear.objects.filter(masterplan=masterplan, year=year),
        [expected.city] if expected.dimensions else [],
    )


def _against(stored: Iterable[models.Model], expected: Iterable[models.Model]) -> Iterator[str]:
    """Compare rows column by column, matched by what they are of."""
    wanted = {_key(row): row for row in expected}
    for row in stored:
        real = wanted.pop(_key(row), None)
        if real is None:
            yield f"{_label(row)}: tidak boleh ada"
            continue
        for name in _columns(row):
            found, counted = getattr(row, name), getattr(real, name)
            if found != counted:
                yield f"{_label(row)} {name}: tersimpan {found}, hitung ulang {counted}"
    for row in wanted.values():
        yield f"{_label(row)}: tidak ada"


def _columns(row: models.Model) -> list[str]:
    return [field.attname for field in row._meta.concrete_fields if not field.primary_key]  # noqa: SLF001


def _key(row: models.Model) -> tuple[Any, ...]:
    """Return the columns a summary is unique by."""
    (unique,) = (
        one
        for one in row._meta.constraints  # noqa: SLF001
        if isinstance(one, models.UniqueConstraint)
    )
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in unique.fields)  # type: ignore[union-attr]  # noqa: SLF001


def _label(row: models.Model) -> str:
    return f"{row._meta.model_name} {row}"  # noqa: SLF001
