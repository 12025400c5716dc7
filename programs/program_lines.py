"""What the pages of one programme, activity, indicator or organisation show, ready to write."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from dimensions.models import Masterplan
from programs import scoring
from programs.figures import Achieved, Money, rated, year_figures
from programs.models import Indicator, Program, ProgramYear
from programs.multi_year import IndicatorYear, empty_year, indicator_years, methods_by_year
from programs.readings import Reading, methods_in


@dataclass(frozen=True)
class YearLine:
    """One year of a programme as stored; nothing known where it has no row."""

    year: int
    achieved: Achieved
    money: Money
    deviation: Decimal | None
    light: str


def program_years_as_of(program: Program, day: date) -> list[YearLine]:
    """Return every year of the programme's masterplan as it stood on a past day."""
    this = Program.objects.filter(pk=program.pk)
    found = []
    for year in program.masterplan.years():
        (figures,) = year_figures(this, year, as_of=day).programs or (None,)
        found.append(
            YearLine(year, figures.achieved, figures.money, figures.deviation, figures.light)
            if figures
            else nothing_in(year)
        )
    return found


def program_years(program: Program) -> list[YearLine]:
    """Return every year of the programme's masterplan, in three queries."""
    stored = {row.year: row for row in program.year_figures.all()}
    methods = methods_by_year(program.masterplan)
    return [_line(year, stored.get(year), methods[year]) for year in program.masterplan.years()]


def nothing_in(year: int) -> YearLine:
    return YearLine(year, Achieved(None), Money(0, None), None, "")


def _line(year: int, row: ProgramYear | None, method: scoring.Method) -> YearLine:
    if row is None:
        return nothing_in(year)
    return YearLine(
        year, rated(row.achievement, method), Money(row.budget, row.spent), row.deviation, row.light
    )


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over the years."""

    indicator: Indicator
    years: tuple[IndicatorYear, ...]


def indicator_lines(program: Program, as_of: date | None = None) -> list[IndicatorLine]:
    """Return the indicators that ever counted under the programme, in the years they did.

    What an activity reached before it came or after it left is not this programme's.
    """
    indicators = list(
        Indicator.objects.filter(activity__years__program=program)
        .select_related("activity")
        .distinct()
        .order_by("code")
    )
    years = indicator_years(indicators, program.masterplan, as_of=as_of)
    here = set(program.activity_years.values_list("activity_id", "fiscal_year"))
    return [
        IndicatorLine(
            one,
            tuple(
                year if (one.activity_id, year.year) in here else empty_year(year.year)
                for year in years[one.pk]
            ),
        )
        for one in indicators
    ]


@dataclass(frozen=True)
class ProgramLine:
    """One programme's year as a table shows it."""

    achieved: Achieved
    money: Money
    deviation: Decimal | None
    light: str


def program_lines(
    programs: QuerySet[Program], masterplan: Masterplan, year: int, as_of: date | None = None
) -> dict[int, ProgramLine]:
    """Return program key -> its line: from the summaries, or counted as of a past day."""
    if as_of is not None:
        return {
            one.key: ProgramLine(one.achieved, one.money, one.deviation, one.light)
            for one in year_figures(programs, year, as_of=as_of).programs
        }
    method = methods_in(Reading(year)).get(masterplan.pk, scoring.STANDARD)
    return {
        row.program_id: ProgramLine(
            rated(row.achievement, method), Money(row.budget, row.spent), row.deviation, row.light
        )
        for row in ProgramYear.objects.filter(program__in=programs, year=year)
    }
