"""A year's figures of a masterplan, from verified entries only, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from dimensions.models import Dimension
from programs import scoring
from programs.models import (
    ActivityYear,
    AnnualTarget,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
)

SCALE = scoring.PERMENDAGRI_86_2017


@dataclass(frozen=True)
class Money:
    """Whole rupiah of one year; `spent` is None where nothing was verified."""

    budget: int
    spent: int | None

    @property
    def absorption(self) -> Decimal | None:
        return scoring.absorption(self.spent, self.budget)


@dataclass(frozen=True)
class Achieved:
    """An achievement in percent, uncapped for one indicator, a mean of capped ones above it."""

    percent: Decimal | None

    @property
    def performance_class(self) -> scoring.PerformanceClass | None:
        return SCALE.classify(self.percent)

    @property
    def class_code(self) -> str:
        """The class for a template, which cannot ask None for its code; empty where not rated."""
        kind = self.performance_class
        return kind.code if kind else ""


@dataclass(frozen=True)
class IndicatorFigures:
    code: str
    name: str
    unit: str
    polarity: str
    target: Decimal | None
    actual: Decimal | None
    achieved: Achieved


@dataclass(frozen=True)
class ProgramFigures:
    code: str
    title: str
    owner: str
    is_demo: bool
    achieved: Achieved
    money: Money
    indicators: tuple[IndicatorFigures, ...]


@dataclass(frozen=True)
class DimensionFigures:
    code: str
    name: str
    achieved: Achieved
    money: Money
    programs: tuple[ProgramFigures, ...]

    @property
    def indicator_count(self) -> int:
        return sum(len(program.indicators) for program in self.programs)


@dataclass(frozen=True)
class YearFigures:
    """The city's year. The headline is the mean of programmes; the mean of dimensions stands by."""

    year: int
    achieved: Achieved
    achieved_by_dimension: Achieved
    money: Money
    dimensions: tuple[DimensionFigures, ...]

    @property
    def programs(self) -> list[ProgramFigures]:
        return [program for dimension in self.dimensions for program in dimension.programs]

    @property
    def indicator_count(self) -> int:
        return sum(dimension.indicator_count for dimension in self.dimensions)

    @property
    def has_demo_data(self) -> bool:
        return any(program.is_demo for program in self.programs)


def year_figures(programs: QuerySet[Program], year: int) -> YearFigures:
    """Return the figures of these programmes in `year`, grouped by dimension, in nine queries."""
    listed = list(programs.select_related("owner", "sub_dimension"))
    money = _money_by_program(listed, year)
    indicators = _indicators_by_program(listed, year)
    by_dimension: dict[int, list[ProgramFigures]] = defaultdict(list)
    for program in listed:
        figures = _program_figures(program, indicators[program.pk], money[program.pk])
        by_dimension[program.sub_dimension.dimension_id].append(figures)
    dimensions = tuple(
        _dimension_figures(dimension, tuple(by_dimension[dimension.pk]))
        for dimension in Dimension.objects.all()
    )
    return _year(year, dimensions)


def _year(year: int, dimensions: tuple[DimensionFigures, ...]) -> YearFigures:
    programs = [program for dimension in dimensions for program in dimension.programs]
    return YearFigures(
        year=year,
        achieved=Achieved(scoring.mean(one.achieved.percent for one in programs)),
        achieved_by_dimension=Achieved(scoring.mean(one.achieved.percent for one in dimensions)),
        money=_sum(one.money for one in programs),
        dimensions=dimensions,
    )


def _dimension_figures(
    dimension: Dimension, programs: tuple[ProgramFigures, ...]
) -> DimensionFigures:
    return DimensionFigures(
        code=dimension.code,
        name=dimension.name,
        achieved=Achieved(scoring.mean(one.achieved.percent for one in programs)),
        money=_sum(one.money for one in programs),
        programs=programs,
    )


def _program_figures(
    program: Program, indicators: tuple[IndicatorFigures, ...], money: Money
) -> ProgramFigures:
    return ProgramFigures(
        code=program.code,
        title=program.title,
        owner=program.owner.short_name,
        is_demo=program.is_demo,
        achieved=Achieved(scoring.mean(scoring.capped(one.achieved.percent) for one in indicators)),
        money=money,
        indicators=indicators,
    )


def _sum(parts: Iterable[Money]) -> Money:
    parts = list(parts)
    spent = [part.spent for part in parts if part.spent is not None]
    return Money(sum(part.budget for part in parts), sum(spent) if spent else None)


def _money_by_program(programs: list[Program], year: int) -> dict[int, Money]:
    """Sum the activities' ceilings, and what each had spent at its last verified quarter."""
    spent = dict(
        ProgressEntry.objects.filter(
            activity__program__in=programs,
            period__year=year,
            status=ProgressEntry.Status.VERIFIED,
        )
        .order_by("period__quarter")
        .values_list("activity_id", "budget_spent")
    )
    parts: dict[int, list[Money]] = defaultdict(list)
    years = ActivityYear.objects.filter(activity__program__in=programs, fiscal_year=year)
    for one in years.select_related("activity"):
        program_id = one.activity.program_id
        if program_id is not None:
            parts[program_id].append(Money(one.budget, spent.get(one.activity_id)))
    return {program.pk: _sum(parts[program.pk]) for program in programs}


def _indicators_by_program(
    programs: list[Program], year: int
) -> dict[int, tuple[IndicatorFigures, ...]]:
    indicators = Indicator.objects.filter(activity__program__in=programs)
    targets = dict(
        AnnualTarget.objects.filter(indicator__in=indicators, year=year).values_list(
            "indicator_id", "value"
        )
    )
    quarters: dict[int, list[Decimal | None]] = defaultdict(list)
    values = IndicatorValue.objects.filter(
        indicator__in=indicators,
        entry__period__year=year,
        entry__status=ProgressEntry.Status.VERIFIED,
    ).order_by("entry__period__quarter")
    for indicator_id, value in values.values_list("indicator_id", "actual_value"):
        quarters[indicator_id].append(value)
    found: dict[int, list[IndicatorFigures]] = {program.pk: [] for program in programs}
    for indicator in indicators.select_related("activity"):
        program_id = indicator.activity.program_id
        if program_id is not None:
            found[program_id].append(
                _indicator_figures(indicator, targets.get(indicator.pk), quarters[indicator.pk])
            )
    return {program_id: tuple(figures) for program_id, figures in found.items()}


def _indicator_figures(
    indicator: Indicator, target: Decimal | None, quarters: list[Decimal | None]
) -> IndicatorFigures:
    actual = scoring.roll_up(scoring.Aggregation(indicator.aggregation), quarters)
    percent = scoring.achievement(scoring.Polarity(indicator.polarity), target, actual)
    return IndicatorFigures(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        polarity=indicator.polarity,
        target=target,
        actual=actual,
        achieved=Achieved(percent),
    )
