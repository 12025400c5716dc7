"""A year's figures: the golden numbers of 2023, and which entries count and which do not."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ambon_smartcity.rounding import round_half_up
from dimensions.models import Masterplan, Organization, SubDimension
from programs.figures import Achieved, IndicatorFigures, Money, YearFigures, year_figures
from programs.models import Activity, ActivityYear, Indicator, Program, ProgressEntry, WeightSet
from tests import factories
from tests.conftest import Cast

Status = ProgressEntry.Status
UP, DOWN = Indicator.Polarity.MAXIMIZE, Indicator.Polarity.MINIMIZE

# Programme -> (budget, spent in million rupiah, [(polarity, target, actual)]), demo year 2023.
CITY: dict[str, tuple[int, int, list[tuple[Indicator.Polarity, str, str]]]] = {
    "SG-01": (800, 760, [(UP, "40", "38"), (DOWN, "24", "27")]),
    "SG-02": (400, 330, [(UP, "16", "12")]),
    "SG-03": (450, 441, [(UP, "70", "73.5"), (UP, "25", "25")]),
    "SG-04": (550, 528, [(UP, "60", "57")]),
    "SG-05": (350, 263, [(DOWN, "5", "7"), (UP, "60", "43")]),
    "SB-01": (500, 470, [(UP, "120", "112"), (UP, "30", "30")]),
    "SB-02": (900, 864, [(UP, "36", "34"), (UP, "2", "2")]),
    "SB-03": (300, 228, [(UP, "40", "27"), (UP, "10", "6")]),
    "SB-04": (450, 297, [(UP, "3", "2")]),
    "SE-01": (450, 414, [(UP, "600", "645"), (UP, "140", "119")]),
    "SE-02": (300, 279, [(UP, "22", "20")]),
    "SE-03": (350, 340, [(UP, "3.5", "3.6")]),
    "SE-04": (300, 186, [(UP, "60", "42"), (UP, "120", "58")]),
    "SS-01": (300, 267, [(UP, "90", "88"), (DOWN, "24", "22")]),
    "SS-02": (1000, 920, [(UP, "85", "72")]),
    "SS-03": (250, 215, [(UP, "85", "81"), (DOWN, "10", "11")]),
    "SS-04": (200, 118, [(UP, "6", "2.9")]),
    "SL-01": (850, 833, [(UP, "18", "18")]),
    "SL-02": (600, 438, [(UP, "10", "6"), (DOWN, "25", "28")]),
    "SL-03": (700, 665, [(DOWN, "20", "21.5"), (UP, "80", "77")]),
    "SL-04": (1300, 1170, [(UP, "100", "84"), (DOWN, "100", "118")]),
    "EN-01": (350, 336, [(UP, "60", "63")]),
    "EN-02": (900, 783, [(UP, "78", "73"), (DOWN, "25", "42")]),
    "EN-03": (350, 245, [(UP, "1", "0.5"), (UP, "12", "10")]),
}

# Dimension -> programmes, indicators, achievement, class, budget, spent, absorption.
GOLDEN = {
    "SG": (5, 8, "85.42", "T", 2550, 2322, "91.06"),
    "SB": (4, 7, "81.08", "T", 2150, 1859, "86.47"),
    "SE": (4, 6, "85.64", "T", 1400, 1219, "87.07"),
    "SS": (4, 6, "81.14", "T", 1750, 1520, "86.86"),
    "SL": (4, 7, "87.84", "T", 3450, 3106, "90.03"),
    "EN": (3, 5, "76.49", "T", 1600, 1364, "85.25"),
}
MILLION = 1_000_000


def figures(year: int = factories.YEAR) -> YearFigures:
    return year_figures(Program.objects.all(), year)


def rounded(achieved: Achieved) -> tuple[str | None, str | None]:
    """Write an achievement as a page does: two decimals and the letter of its class."""
    if achieved.percent is None or achieved.performance_class is None:
        return None, None
    return str(round_half_up(achieved.percent)), achieved.performance_class.letter


def only_indicator() -> IndicatorFigures:
    (program,) = figures().programs
    (indicator,) = program.indicators
    return indicator


def report(
    cast: Cast,
    activity: Activity,
    quarter: int,
    actual: str | None,
    *,
    status: str = Status.VERIFIED,
    spent: int = 50_000_000,
    year: int = factories.YEAR,
) -> ProgressEntry:
    return factories.make_entry(
        activity,
        factories.make_period(year, quarter),
        status=status,
        by=cast.head,
        verified_by=cast.secretary if status == Status.VERIFIED else None,
        actual=actual,
        spent=spent,
    )


@pytest.fixture
def city(cast: Cast) -> YearFigures:
    for code, (budget, spent, indicators) in CITY.items():
        make_program(cast, code, budget, spent, indicators)
    return figures()


def make_program(
    cast: Cast,
    code: str,
    budget: int,
    spent: int,
    indicators: list[tuple[Indicator.Polarity, str, str]],
) -> None:
    program = factories.make_program(cast.agency, dimension=code[:2])
    Program.objects.filter(pk=program.pk).update(code=code)
    activity = factories.make_activity(
        cast.agency, program=program, budget=budget * MILLION, indicators=0
    )
    made = [
        (factories.make_indicator(activity, target=target, polarity=polarity), actual)
        for polarity, target, actual in indicators
    ]
    entry = report(cast, activity, 4, None, spent=spent * MILLION)
    for indicator, actual in made:
        entry.values.filter(indicator=indicator).update(actual_value=actual)


# --- the golden numbers ----------------------------------------------------------------------


def test_each_dimension_of_2023_has_its_golden_numbers(city: YearFigures) -> None:
    found = {
        one.code: (
            len(one.programs),
            one.indicator_count,
            *rounded(one.achieved),
            one.money.budget // MILLION,
            (one.money.spent or 0) // MILLION,
            str(round_half_up(one.money.absorption or Decimal(0))),
        )
        for one in city.dimensions
    }

    assert found == GOLDEN


def test_the_city_of_2023_has_its_golden_numbers(city: YearFigures) -> None:
    assert (len(city.programs), city.indicator_count) == (24, 39)
    assert rounded(city.achieved) == ("83.31", "T")
    assert rounded(city.achieved_by_dimension) == ("82.94", "T")
    assert city.money == Money(12_900 * MILLION, 11_390 * MILLION)
    assert round_half_up(city.money.absorption or Decimal(0)) == Decimal("88.29")


def test_the_classes_of_2023_are_spread_as_worked_by_hand(city: YearFigures) -> None:
    letters = [
        rounded(indicator.achieved)[1]
        for program in city.programs
        for indicator in program.indicators
    ]

    spread = {letter: letters.count(letter) for letter in ("ST", "T", "S", "R", "SR")}
    assert spread == {"ST": 19, "T": 8, "S": 5, "R": 3, "SR": 4}


def test_dimensions_stand_in_the_order_of_the_meeting(city: YearFigures) -> None:
    assert [one.code for one in city.dimensions] == ["SG", "SB", "SE", "SS", "SL", "EN"]


# --- what counts -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED])
def test_only_verified_entries_count(cast: Cast, status: str) -> None:
    report(cast, factories.make_activity(cast.agency), 4, "80", status=status)

    assert only_indicator().actual is None
    assert rounded(figures().achieved) == (None, None)
    assert figures().money == Money(100_000_000, None)
    assert figures().money.absorption is None


def test_a_quarter_that_is_still_being_written_does_not_hide_the_verified_one(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    report(cast, activity, 2, "60", spent=20_000_000)
    report(cast, activity, 3, "90", spent=30_000_000, status=Status.SUBMITTED)

    assert only_indicator().actual == 60
    assert figures().money.spent == 20_000_000


@pytest.mark.parametrize(
    ("aggregation", "actual"), [("sum", 100), ("last", 30), ("average", 25), ("max", 40)]
)
def test_the_quarters_become_the_indicators_year(cast: Cast, aggregation: str, actual: int) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    factories.make_indicator(activity, aggregation=aggregation)
    for quarter, value in [(3, "40"), (1, "10"), (4, "30"), (2, "20")]:
        report(cast, activity, quarter, value)

    assert only_indicator().actual == actual


def test_a_verified_entry_without_a_value_leaves_the_last_one_standing(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    report(cast, activity, 1, "70")
    report(cast, activity, 2, None)

    assert only_indicator().actual == 70


def test_another_years_reports_and_targets_do_not_count(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    activity.indicators.get().targets.create(year=2022, value=10)
    activity.years.create(fiscal_year=2022, program=activity.program, budget_original=1)
    report(cast, activity, 4, "5", year=2022, spent=7_000_000)
    report(cast, activity, 1, "80")

    assert only_indicator().target == 100
    assert only_indicator().actual == 80
    assert figures().money.spent == 50_000_000
    assert figures(2022).programs[0].indicators[0].achieved.percent == 50


def test_money_counts_from_january_so_the_last_quarter_says_it_all(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    for quarter, spent in [(2, 30_000_000), (1, 10_000_000), (3, 60_000_000)]:
        report(cast, activity, quarter, "80", spent=spent)

    assert figures().money.spent == 60_000_000


def test_a_programmes_money_is_that_of_all_its_activities(cast: Cast) -> None:
    program = factories.make_program(cast.agency)
    reported = factories.make_activity(cast.agency, program=program, budget=100)
    factories.make_activity(cast.agency, program=program, budget=60)
    report(cast, reported, 4, "80", spent=80)

    assert figures().programs[0].money == Money(160, 80)


def test_the_revised_budget_is_the_ceiling_even_if_it_is_zero(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency, budget=100)
    ActivityYear.objects.filter(activity=activity).update(
        budget_revised=0, budget_revised_on=date(2023, 10, 1)
    )
    report(cast, activity, 4, "80", spent=5)

    money = figures().money

    assert (money.budget, money.absorption) == (0, None)


def test_an_indicator_over_its_target_is_shown_whole_and_averaged_at_100(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency, indicators=2)
    entry = report(cast, activity, 4, "150")
    last = activity.indicators.last()
    entry.values.filter(indicator=last).update(actual_value=50)

    (program,) = figures().programs

    assert sorted(one.achieved.percent or 0 for one in program.indicators) == [50, 150]
    assert program.achieved.percent == 75


def test_what_is_not_rated_is_left_out_of_every_average(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    factories.make_indicator(activity, target="0")
    factories.make_indicator(activity, target="100")
    report(cast, activity, 4, "80")
    factories.make_activity(cast.agency)
    factories.make_activity(cast.agency, dimension="SG")

    found = figures()

    assert found.achieved.percent == 80
    assert found.achieved_by_dimension.percent == 80


def test_a_city_without_reports_has_no_achievement_and_no_class(cast: Cast) -> None:
    factories.make_activity(cast.agency)

    found = figures()

    assert found.achieved == Achieved(None)
    assert found.achieved.performance_class is None
    assert found.money == Money(100_000_000, None)


def test_an_activity_that_waits_for_its_programme_counts_nowhere(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    report(cast, activity, 4, "80")
    ActivityYear.objects.update(program=None)

    found = figures()

    assert found.indicator_count == 0
    assert found.money == Money(0, None)


def test_only_the_programmes_one_asks_for_are_shown(cast: Cast) -> None:
    own = factories.make_activity(cast.agency)
    report(cast, own, 4, "80")
    factories.make_activity(cast.rival_agency)

    found = year_figures(Program.objects.filter(owner=cast.agency), factories.YEAR)

    assert [program.owner for program in found.programs] == [cast.agency.short_name]
    assert found.money.budget == 100_000_000


def test_demo_data_are_noticed(cast: Cast) -> None:
    factories.make_activity(cast.agency)
    assert not figures().has_demo_data

    Program.objects.update(is_demo=True)
    assert figures().has_demo_data


def test_ten_times_the_city_takes_the_same_queries(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            figures()
        return len(taken)

    report(cast, factories.make_activity(cast.agency), 4, "80")
    few = queries()
    for _number in range(9):
        report(cast, factories.make_activity(cast.agency), 4, "80")

    assert queries() == few <= 13


def test_another_masterplans_programme_may_carry_the_same_code(cast: Cast) -> None:
    program = factories.make_program(cast.agency)
    later = Masterplan.objects.create(name="Masterplan", start_year=2025, end_year=2029)

    Program.objects.create(
        masterplan=later,
        sub_dimension=SubDimension.objects.get(),
        owner=Organization.objects.get(pk=cast.agency.pk),
        code=program.code,
        title="Lanjutan",
    )

    assert Program.objects.filter(code=program.code).count() == 2


def test_weights_do_not_outlive_their_masterplan(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    program = activity.program
    assert program is not None
    weights = WeightSet.objects.create(
        masterplan=program.masterplan,
        dimension=program.sub_dimension.dimension,
        from_year=2023,
        reason="Rapat",
        decided_on=date(2023, 1, 1),
    )
    weights.weights.create(program=program, percent=100)
    later = factories.make_later_masterplan()
    successor = Program.objects.create(
        masterplan=later,
        sub_dimension=program.sub_dimension,
        owner=cast.agency,
        code="SL-99",
        title="Lanjutan",
    )
    next_one = factories.make_activity(cast.agency, program=successor, year=2025)
    report(cast, next_one, 4, "80", year=2025)

    found = year_figures(Program.objects.filter(masterplan=later), 2025)

    assert next(one for one in found.dimensions if one.programs).achieved.percent == 80
