"""What the pages of one programme, activity, indicator or organisation show, ready to write."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from programs import scoring
from programs.figures import Achieved, Money, rated
from programs.models import Indicator, Program, ProgramYear
from programs.multi_year import IndicatorYear, indicator_years, methods_by_year


@dataclass(frozen=True)
class YearLine:
    """One year of a programme as stored; nothing known where it has no row."""

    year: int
    achieved: Achieved
    money: Money
    deviation: Decimal | None
    light: str


def program_years(program: Program) -> list[YearLine]:
    """Return every year of the programme's masterplan, in three queries."""
    stored = {row.year: row for row in program.year_figures.all()}
    methods = methods_by_year(program.masterplan)
    return [_line(year, stored.get(year), methods[year]) for year in program.masterplan.years()]


def _line(year: int, row: ProgramYear | None, method: scoring.Method) -> YearLine:
    if row is None:
        return YearLine(year, Achieved(None), Money(0, None), None, "")
    return YearLine(
        year, rated(row.achievement, method), Money(row.budget, row.spent), row.deviation, row.light
    )


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over the years."""

    indicator: Indicator
    years: tuple[IndicatorYear, ...]


def indicator_lines(program: Program) -> list[IndicatorLine]:
    """Return the indicators that ever counted under the programme, in six queries."""
    indicators = list(
        Indicator.objects.filter(activity__years__program=program)
        .select_related("activity")
        .distinct()
        .order_by("code")
    )
    years = indicator_years(indicators, program.masterplan)
    return [IndicatorLine(one, years[one.pk]) for one in indicators]


def stored_rows(
    rows: Iterable[ProgramYear], method: scoring.Method
) -> dict[int, dict[str, object]]:
    """Return program key -> figures of one year for a table."""
    return {
        row.program_id: {
            "row": row,
            "achieved": rated(row.achievement, method),
            "absorption": scoring.absorption(row.spent, row.budget),
        }
        for row in rows
    }
