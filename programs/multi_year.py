"""One indicator over all years of its masterplan, and over the quarters of a year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dimensions.models import Masterplan
from programs import scoring
from programs.figures import Achieved, rated
from programs.models import (
    AnnualTarget,
    Indicator,
    IndicatorValue,
)
from programs.readings import QUARTERS, Reading, decided_methods, verified_by


@dataclass(frozen=True)
class QuarterReading:
    """An indicator at a quarter's end: read against the quarter's target and against the year's.

    Percent; `deviation` is the distance of the quarter's reading from 100, in points.
    """

    quarter: int
    value: Decimal | None
    is_nil: bool
    so_far: Decimal | None
    target_so_far: Decimal | None
    against_quarter: Decimal | None
    against_year: Decimal | None
    deviation: Decimal | None
    light: str


@dataclass(frozen=True)
class IndicatorYear:
    """An indicator's year: its targets in every revision, and what was reached."""

    year: int
    revisions: tuple[AnnualTarget, ...]
    actual: Decimal | None
    achieved: Achieved
    quarters: tuple[QuarterReading, ...]

    @property
    def target(self) -> Decimal | None:
        return self.revisions[-1].value if self.revisions else None


def empty_year(year: int) -> IndicatorYear:
    """Return a year of which nothing is told."""
    return IndicatorYear(year, (), None, Achieved(None), ())


@dataclass(frozen=True)
class ToDate:
    """What a masterplan reached so far of what it should reach at its end."""

    through: int
    actual: Decimal | None
    end_target: Decimal | None
    percent: Decimal | None


def indicator_years(
    indicators: Sequence[Indicator], masterplan: Masterplan, *, as_of: date | None = None
) -> dict[int, tuple[IndicatorYear, ...]]:
    """Return each indicator's years by its key, in four queries for any number of them.

    `as_of` reads them as they stood at the end of that day.
    """
    reading = Reading(masterplan.end_year, as_of)
    targets: dict[tuple[int, int], list[AnnualTarget]] = defaultdict(list)
    for target in AnnualTarget.objects.filter(indicator__in=indicators).order_by("revision"):
        if reading.knows(target.revised_on):
            targets[target.indicator_id, target.year].append(target)
    values: dict[tuple[int, int], dict[int, Decimal | None]] = defaultdict(dict)
    nihil: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = IndicatorValue.objects.filter(
        verified_by(reading, "entry__"), indicator__in=indicators
    ).values_list(
        "indicator_id",
        "entry__period__year",
        "entry__period__quarter",
        "actual_value",
        "entry__is_nil",
    )
    for indicator_id, year, quarter, value, is_nil in rows:
        values[indicator_id, year][quarter] = value
        if is_nil:
            nihil[indicator_id, year].add(quarter)
    methods = methods_by_year(masterplan, as_of)
    return {
        one.pk: tuple(
            _indicator_year(
                one,
                year,
                targets[one.pk, year],
                _Reported(values[one.pk, year], nihil[one.pk, year]),
                methods[year],
            )
            for year in masterplan.years()
        )
        for one in indicators
    }


def methods_by_year(masterplan: Masterplan, as_of: date | None = None) -> dict[int, scoring.Method]:
    """Return the rules of each of the masterplan's years as they stood on the day, or stand now."""
    decided = [
        (from_year, method)
        for key, from_year, method in decided_methods(Reading(masterplan.end_year, as_of))
        if key == masterplan.pk
    ]
    return {
        year: next(
            (method for from_year, method in reversed(decided) if from_year <= year),
            scoring.STANDARD,
        )
        for year in masterplan.years()
    }


@dataclass(frozen=True)
class _Reported:
    """A year's verified values by quarter, and the quarters in which nothing happened."""

    values: dict[int, Decimal | None]
    nihil: set[int]


def _indicator_year(
    indicator: Indicator,
    year: int,
    revisions: list[AnnualTarget],
    reported: _Reported,
    method: scoring.Method,
) -> IndicatorYear:
    quarters = tuple(reported.values.get(quarter) for quarter in QUARTERS)
    actual = scoring.roll_up(scoring.Aggregation(indicator.aggregation), quarters)
    target = revisions[-1].value if revisions else None
    percent = scoring.achievement(scoring.Polarity(indicator.polarity), target, actual)
    return IndicatorYear(
        year=year,
        revisions=tuple(revisions),
        actual=actual,
        achieved=rated(percent, method),
        quarters=tuple(
            _reading(
                indicator,
                quarter,
                quarters,
                _known_then(revisions, year, quarter),
                is_nil=quarter in reported.nihil,
                method=method,
            )
            for quarter in QUARTERS
        ),
    )


def _known_then(revisions: list[AnnualTarget], year: int, quarter: int) -> AnnualTarget | None:
    """Return the target as it stood when the quarter ended: a later revision leaves it alone."""
    following = date(year, 3 * quarter, 28) + timedelta(days=4)
    quarter_end = following.replace(day=1) - timedelta(days=1)
    known = [one for one in revisions if not one.revised_on or one.revised_on <= quarter_end]
    return known[-1] if known else None


def _reading(
    indicator: Indicator,
    quarter: int,
    values: Sequence[Decimal | None],
    target: AnnualTarget | None,
    *,
    is_nil: bool,
    method: scoring.Method,
) -> QuarterReading:
    aggregation = scoring.Aggregation(indicator.aggregation)
    polarity = scoring.Polarity(indicator.polarity)
    value = values[quarter - 1]
    said = value is not None or is_nil
    so_far = scoring.roll_up(aggregation, values[:quarter]) if said else None
    aim = scoring.target_so_far(aggregation, target.quarters, quarter) if target else None
    against_quarter = scoring.achievement(polarity, aim, so_far)
    points = scoring.deviation(against_quarter, scoring.HUNDRED)
    return QuarterReading(
        quarter=quarter,
        value=value,
        is_nil=is_nil,
        so_far=so_far,
        target_so_far=aim,
        against_quarter=against_quarter,
        against_year=scoring.achievement(polarity, target.value if target else None, so_far),
        deviation=points,
        light=scoring.light(points, method.thresholds) or "",
    )


def to_date(indicator: Indicator, years: Iterable[IndicatorYear]) -> ToDate | None:
    """Return how much of the masterplan's end target is reached; None before any report."""
    years = list(years)
    reported = [one for one in years if one.actual is not None]
    if not reported:
        return None
    aggregation = scoring.Aggregation(indicator.aggregation)
    actual = scoring.to_date(aggregation, [one.actual for one in years])
    end = scoring.to_date(aggregation, [one.target for one in years])
    percent = scoring.achievement(scoring.Polarity(indicator.polarity), end, actual)
    return ToDate(reported[-1].year, actual, end, percent)
