"""A year's figures of a masterplan, from verified entries only: indicator, activity, programme,
dimension, city."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from dimensions.models import Dimension
from programs import scoring
from programs.models import ActivityYear, Indicator, Program
from programs.readings import (
    QUARTERS,
    QuarterReport,
    Reading,
    RunningActivity,
    Weights,
    YearData,
    read_year,
)

Quarterly = tuple[Decimal | None, ...]


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
    performance_class: scoring.Band | None = None

    @property
    def class_code(self) -> str:
        """The class for a template, which cannot ask None for its code; empty where not rated."""
        return self.performance_class.code if self.performance_class else ""


@dataclass(frozen=True)
class Progress:
    """Physical progress and spending beside the plan at each quarter's end, cumulative percent."""

    planned: Quarterly = ()
    actual: Quarterly = ()
    planned_spending: Quarterly = ()
    spending: Quarterly = ()
    deviation: Decimal | None = None
    light: str = ""

    @property
    def measured_in(self) -> int:
        """The quarter the deviation and its light are of, the last verified one; 0 before any."""
        return max(
            (q for q in QUARTERS if self.actual and self.actual[q - 1] is not None), default=0
        )

    @property
    def deviations(self) -> Quarterly:
        """Actual minus planned physical progress by quarter, in percentage points."""
        return _apart(self.actual, self.planned)

    @property
    def spending_deviations(self) -> Quarterly:
        """Actual minus planned spending by quarter, in percentage points."""
        return _apart(self.spending, self.planned_spending)

    @property
    def forecast(self) -> scoring.Forecast | None:
        return scoring.forecast(self.planned, self.actual)


def _apart(actual: Quarterly, planned: Quarterly) -> Quarterly:
    return tuple(scoring.deviation(*pair) for pair in zip(actual, planned, strict=True))


@dataclass(frozen=True)
class IndicatorFigures:
    code: str
    name: str
    unit: str
    polarity: str
    target: Decimal | None
    actual: Decimal | None
    achieved: Achieved
    key: int = 0
    activity: str = ""
    aggregation: str = ""
    quarters: Quarterly = ()
    quarter_targets: Quarterly = ()
    revision: int = 0
    weight: Decimal | None = None


@dataclass(frozen=True)
class ActivityFigures:
    code: str
    title: str
    owner: str
    achieved: Achieved
    money: Money
    progress: Progress
    key: int = 0
    reports: tuple[QuarterReport, ...] = ()


@dataclass(frozen=True)
class ProgramFigures:
    code: str
    title: str
    owner: str
    is_demo: bool
    achieved: Achieved
    money: Money
    indicators: tuple[IndicatorFigures, ...]
    activities: tuple[ActivityFigures, ...] = ()
    key: int = 0
    owner_code: str = ""
    is_quick_win: bool = False
    deviation: Decimal | None = None
    light: str = ""
    weight: Decimal | None = None

    @property
    def rated(self) -> int:
        return sum(one.achieved.percent is not None for one in self.indicators)


@dataclass(frozen=True)
class DimensionFigures:
    code: str
    name: str
    achieved: Achieved
    money: Money
    programs: tuple[ProgramFigures, ...]
    key: int = 0
    weight: Decimal | None = None

    @property
    def program_count(self) -> int:
        return len(self.programs)

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
    as_of: date | None = None

    @property
    def programs(self) -> list[ProgramFigures]:
        return [program for dimension in self.dimensions for program in dimension.programs]

    @property
    def program_count(self) -> int:
        return sum(dimension.program_count for dimension in self.dimensions)

    @property
    def indicator_count(self) -> int:
        return sum(dimension.indicator_count for dimension in self.dimensions)

    @property
    def has_demo_data(self) -> bool:
        return any(program.is_demo for program in self.programs)


def year_figures(
    programs: QuerySet[Program], year: int, *, as_of: date | None = None
) -> YearFigures:
    """Return the figures of these programmes in `year`, grouped by dimension.

    `as_of` reads them as they stood at the end of that day: entries verified and targets,
    budgets, weights and rules decided by then.
    """
    return roll_up(read_year(programs, Reading(year, as_of)))


def roll_up(data: YearData) -> YearFigures:
    """Add a year's rows up: indicator, programme, dimension, city."""
    dimensions = tuple(_dimension_figures(dimension, data) for dimension in data.dimensions)
    programs = [program for dimension in dimensions for program in dimension.programs]
    method = data.city_method
    return YearFigures(
        year=data.reading.year,
        as_of=data.reading.as_of,
        achieved=rated(scoring.mean(one.achieved.percent for one in programs), method),
        achieved_by_dimension=rated(
            scoring.roll_up_children(
                {one.key: one.achieved.percent for one in dimensions}, _city_weights(data)
            ),
            method,
        ),
        money=total(one.money for one in programs),
        dimensions=dimensions,
    )


def rated(percent: Decimal | None, method: scoring.Method) -> Achieved:
    return Achieved(percent, method.scale.classify(percent))


def total(parts: Iterable[Money]) -> Money:
    """Add money up; what was not reported adds nothing, and nothing reported stays unknown."""
    parts = list(parts)
    spent = [part.spent for part in parts if part.spent is not None]
    return Money(sum(part.budget for part in parts), sum(spent) if spent else None)


def _city_weights(data: YearData) -> Weights | None:
    plans = {program.masterplan_id for program in data.programs}
    return data.weights.get(("masterplan", plans.pop())) if len(plans) == 1 else None


def _dimension_figures(dimension: Dimension, data: YearData) -> DimensionFigures:
    weights = data.weights.get(("dimension", dimension.pk))
    programs = tuple(
        _program_figures(program, data, weights)
        for program in data.programs
        if program.sub_dimension.dimension_id == dimension.pk
    )
    city_weights = _city_weights(data)
    percent = scoring.roll_up_children({one.key: one.achieved.percent for one in programs}, weights)
    return DimensionFigures(
        key=dimension.pk,
        code=dimension.code,
        name=dimension.name,
        achieved=rated(percent, data.city_method),
        money=total(one.money for one in programs),
        programs=programs,
        weight=city_weights.get(dimension.pk) if city_weights else None,
    )


def _program_figures(
    program: Program, data: YearData, dimension_weights: Weights | None
) -> ProgramFigures:
    method = data.method_of(program)
    weights = data.weights.get(("program", program.pk))
    running = data.running.get(program.pk, [])
    of_activity = {
        one.row.activity_id: [
            _indicator_figures(indicator, one.row, data, method, weights)
            for indicator in data.indicators.get(one.row.activity_id, [])
        ]
        for one in running
    }
    indicators = tuple(
        sorted((one for rows in of_activity.values() for one in rows), key=lambda one: one.code)
    )
    activities = tuple(
        _activity_figures(one, of_activity[one.row.activity_id], data, method) for one in running
    )
    percent = scoring.roll_up_children(
        {one.key: scoring.capped(one.achieved.percent, method.cap) for one in indicators}, weights
    )
    deviation = scoring.mean(one.progress.deviation for one in activities)
    return ProgramFigures(
        key=program.pk,
        code=program.code,
        title=program.title,
        owner=data.names.short(program.owner),
        owner_code=program.owner.code,
        is_demo=program.is_demo,
        is_quick_win=program.pk in data.quick_wins,
        achieved=rated(percent, method),
        money=total(one.money for one in activities),
        indicators=indicators,
        activities=activities,
        deviation=deviation,
        light=scoring.light(deviation, method.thresholds) or "",
        weight=dimension_weights.get(program.pk) if dimension_weights else None,
    )


def _activity_figures(
    running: RunningActivity,
    indicators: list[IndicatorFigures],
    data: YearData,
    method: scoring.Method,
) -> ActivityFigures:
    one = running.row
    money = _money(one, data)
    percent = scoring.mean(
        scoring.capped(indicator.achieved.percent, method.cap) for indicator in indicators
    )
    return ActivityFigures(
        key=one.activity_id,
        code=one.activity.code,
        title=one.activity.title,
        owner=data.names.short(one.activity.owner),
        achieved=rated(percent, method),
        money=money,
        progress=_progress(running, money, data, method),
        reports=tuple(data.reports.get(one.activity_id, {}).values()),
    )


def _money(one: ActivityYear, data: YearData) -> Money:
    """Return the ceiling known by then, and what had been spent at the last verified quarter."""
    is_revised = one.budget_revised is not None and data.reading.knows(one.budget_revised_on)
    spent = [
        report.spent
        for report in data.reports.get(one.activity_id, {}).values()
        if report.spent is not None
    ]
    budget = one.budget if is_revised else one.budget_original
    return Money(data.ceilings.get(one.pk, budget), spent[-1] if spent else None)


def _progress(
    running: RunningActivity, money: Money, data: YearData, method: scoring.Method
) -> Progress:
    plan = running.plan
    reports = data.reports.get(running.row.activity_id, {})
    planned = tuple(plan[q].physical if q in plan else None for q in QUARTERS)
    actual = tuple(reports[q].physical if q in reports else None for q in QUARTERS)
    last = Progress(actual=actual).measured_in
    points = scoring.deviation(actual[last - 1], planned[last - 1]) if last else None
    return Progress(
        planned=planned,
        actual=actual,
        planned_spending=tuple(plan[q].spending if q in plan else None for q in QUARTERS),
        spending=tuple(
            scoring.absorption(reports[q].spent, money.budget) if q in reports else None
            for q in QUARTERS
        ),
        deviation=points,
        light=scoring.light(points, method.thresholds) or "",
    )


def _indicator_figures(
    indicator: Indicator,
    one: ActivityYear,
    data: YearData,
    method: scoring.Method,
    weights: Weights | None,
) -> IndicatorFigures:
    values = data.values.get(indicator.pk, {})
    quarters = tuple(values.get(quarter) for quarter in QUARTERS)
    target = data.targets.get(indicator.pk)
    aim = target.value if target else None
    actual = scoring.roll_up(scoring.Aggregation(indicator.aggregation), quarters)
    percent = scoring.achievement(scoring.Polarity(indicator.polarity), aim, actual)
    return IndicatorFigures(
        key=indicator.pk,
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        activity=one.activity.code,
        polarity=indicator.polarity,
        aggregation=indicator.aggregation,
        target=aim,
        actual=actual,
        achieved=rated(percent, method),
        quarters=quarters,
        quarter_targets=target.quarters if target else (),
        revision=target.revision if target else 0,
        weight=weights.get(indicator.pk) if weights else None,
    )
