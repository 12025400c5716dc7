"""The city's and dimensions' figures as the summaries keep them: a few rows, whatever the size."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dimensions.models import Dimension, Masterplan
from programs import scoring
from programs.figures import Achieved, Money
from programs.models import CityYear, DimensionYear, ReportingPeriod
from programs.models.summaries import Summary
from programs.readings import Reading, methods_in


@dataclass(frozen=True)
class StoredDimension:
    """One dimension's year as stored; it names its programmes only by number."""

    key: int
    code: str
    name: str
    achieved: Achieved
    money: Money
    program_count: int
    indicator_count: int
    deviation: Decimal | None
    light: str


@dataclass(frozen=True)
class StoredYear:
    """The city's year as stored, shaped like YearFigures for those who show only headlines."""

    year: int
    achieved: Achieved
    achieved_by_dimension: Achieved
    money: Money
    dimensions: tuple[StoredDimension, ...]
    program_count: int
    indicator_count: int
    has_demo_data: bool


NOTHING = Achieved(None)
NO_MONEY = Money(0, None)


def city_trend(masterplan: Masterplan) -> dict[int, CityYear]:
    """Return the city's stored years by their number, in one query."""
    return {one.year: one for one in CityYear.objects.filter(masterplan=masterplan)}


def finished_years(years: Collection[int]) -> set[int]:
    """Return the years whose last quarter is closed; the others cannot be compared yet."""
    closed = ReportingPeriod.objects.filter(
        year__in=years, quarter=4, status=ReportingPeriod.Status.CLOSED
    )
    return set(closed.values_list("year", flat=True))


def stored_year(
    masterplan: Masterplan, year: int, *, trend: Mapping[int, CityYear] | None = None
) -> StoredYear:
    """Return one year's headlines in five queries; a year without rows has nothing known."""
    method = methods_in(Reading(year)).get(masterplan.pk, scoring.STANDARD)
    city = (city_trend(masterplan) if trend is None else trend).get(year)
    rows = {
        row.dimension_id: row
        for row in DimensionYear.objects.filter(masterplan=masterplan, year=year)
    }
    return StoredYear(
        year=year,
        achieved=_achieved(city, method),
        achieved_by_dimension=_rated(city.achievement_by_dimension, method) if city else NOTHING,
        money=_money(city),
        dimensions=tuple(
            _dimension(dimension, rows.get(dimension.pk), method)
            for dimension in Dimension.objects.all()
        ),
        program_count=city.programs if city else 0,
        indicator_count=city.indicators if city else 0,
        has_demo_data=bool(city and city.has_demo_data),
    )


def _dimension(
    dimension: Dimension, row: DimensionYear | None, method: scoring.Method
) -> StoredDimension:
    return StoredDimension(
        key=dimension.pk,
        code=dimension.code,
        name=dimension.name,
        achieved=_achieved(row, method),
        money=_money(row),
        program_count=row.programs if row else 0,
        indicator_count=row.indicators if row else 0,
        deviation=row.deviation if row else None,
        light=row.light if row else "",
    )


def _achieved(row: Summary | None, method: scoring.Method) -> Achieved:
    return _rated(row.achievement, method) if row else NOTHING


def _rated(percent: Decimal | None, method: scoring.Method) -> Achieved:
    return Achieved(percent, method.scale.classify(percent))


def _money(row: Summary | None) -> Money:
    return Money(row.budget, row.spent) if row else NO_MONEY
