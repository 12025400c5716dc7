"""The formulas, on numbers worked by hand and on what must hold for any number."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ambon_smartcity.rounding import round_half_up
from programs.scoring import (
    PERMENDAGRI_86_2017,
    Aggregation,
    PerformanceClass,
    PerformanceScale,
    Polarity,
    absorption,
    achievement,
    capped,
    mean,
    roll_up,
)

UP, DOWN, NEAR = Polarity.MAXIMIZE, Polarity.MINIMIZE, Polarity.STABILIZE

# The 39 indicators of the demo year 2023: polarity, target, actual, achievement, class.
WORKED = [
    ("SG-01.1", UP, "40", "38", "95.00", "ST"),
    ("SG-01.2", DOWN, "24", "27", "87.50", "T"),
    ("SG-02.1", UP, "16", "12", "75.00", "S"),
    ("SG-03.1", UP, "70", "73.5", "105.00", "ST"),
    ("SG-03.2", UP, "25", "25", "100.00", "ST"),
    ("SG-04.1", UP, "60", "57", "95.00", "ST"),
    ("SG-05.1", DOWN, "5", "7", "60.00", "R"),
    ("SG-05.2", UP, "60", "43", "71.67", "S"),
    ("SB-01.1", UP, "120", "112", "93.33", "ST"),
    ("SB-01.2", UP, "30", "30", "100.00", "ST"),
    ("SB-02.1", UP, "36", "34", "94.44", "ST"),
    ("SB-02.2", UP, "2", "2", "100.00", "ST"),
    ("SB-03.1", UP, "40", "27", "67.50", "S"),
    ("SB-03.2", UP, "10", "6", "60.00", "R"),
    ("SB-04.1", UP, "3", "2", "66.67", "S"),
    ("SE-01.1", UP, "600", "645", "107.50", "ST"),
    ("SE-01.2", UP, "140", "119", "85.00", "T"),
    ("SE-02.1", UP, "22", "20", "90.91", "ST"),
    ("SE-03.1", UP, "3.5", "3.6", "102.86", "ST"),
    ("SE-04.1", UP, "60", "42", "70.00", "S"),
    ("SE-04.2", UP, "120", "58", "48.33", "SR"),
    ("SS-01.1", UP, "90", "88", "97.78", "ST"),
    ("SS-01.2", DOWN, "24", "22", "108.33", "ST"),
    ("SS-02.1", UP, "85", "72", "84.71", "T"),
    ("SS-03.1", UP, "85", "81", "95.29", "ST"),
    ("SS-03.2", DOWN, "10", "11", "90.00", "T"),
    ("SS-04.1", UP, "6", "2.9", "48.33", "SR"),
    ("SL-01.1", UP, "18", "18", "100.00", "ST"),
    ("SL-02.1", UP, "10", "6", "60.00", "R"),
    ("SL-02.2", DOWN, "25", "28", "88.00", "T"),
    ("SL-03.1", DOWN, "20", "21.5", "92.50", "ST"),
    ("SL-03.2", UP, "80", "77", "96.25", "ST"),
    ("SL-04.1", UP, "100", "84", "84.00", "T"),
    ("SL-04.2", DOWN, "100", "118", "82.00", "T"),
    ("EN-01.1", UP, "60", "63", "105.00", "ST"),
    ("EN-02.1", UP, "78", "73", "93.59", "ST"),
    ("EN-02.2", DOWN, "25", "42", "32.00", "SR"),
    ("EN-03.1", UP, "1", "0.5", "50.00", "SR"),
    ("EN-03.2", UP, "12", "10", "83.33", "T"),
]


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "percent", "letter"),
    [row[1:] for row in WORKED],
    ids=[row[0] for row in WORKED],
)
def test_an_indicator_is_scored_and_classed_as_worked_by_hand(
    polarity: Polarity, target: str, actual: str, percent: str, letter: str
) -> None:
    found = achievement(polarity, Decimal(target), Decimal(actual))

    assert found is not None
    assert round_half_up(found) == Decimal(percent)
    performance_class = PERMENDAGRI_86_2017.classify(found)
    assert performance_class is not None
    assert performance_class.letter == letter


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "percent"),
    [
        pytest.param(UP, "10", "0", "0", id="nothing reached is zero"),
        pytest.param(UP, "0", "0", None, id="a positive target of zero is not rated"),
        pytest.param(UP, "0", "5", None, id="nor if something was done"),
        pytest.param(DOWN, "0", "0", "100", id="none wanted, none there"),
        pytest.param(DOWN, "0", "1", "0", id="none wanted, one there"),
        pytest.param(DOWN, "10", "20", "0", id="twice a ceiling is zero"),
        pytest.param(DOWN, "10", "35", "0", id="beyond twice it is not below zero"),
        pytest.param(DOWN, "10", "0", "200", id="nothing left of what should shrink"),
        pytest.param(NEAR, "50", "50", "100", id="on the point"),
        pytest.param(NEAR, "50", "45", "90", id="a tenth below"),
        pytest.param(NEAR, "50", "55", "90", id="a tenth above"),
        pytest.param(NEAR, "50", "101", "0", id="far off is not below zero"),
        pytest.param(NEAR, "0", "0", "100", id="on the point zero"),
        pytest.param(NEAR, "0", "1", "0", id="off the point zero"),
        pytest.param(UP, None, "5", None, id="no target"),
        pytest.param(UP, "5", None, None, id="not reported is not zero"),
        pytest.param(DOWN, "5", None, None, id="not reported is not perfect"),
    ],
)
def test_the_edges_of_achievement(
    polarity: Polarity, target: str | None, actual: str | None, percent: str | None
) -> None:
    assert achievement(polarity, _decimal(target), _decimal(actual)) == _decimal(percent)


@pytest.mark.parametrize(
    ("percent", "cap", "counted"),
    [
        ("107.5", "100", "100"),
        ("107.5", "110", "107.5"),
        ("112", "110", "110"),
        ("107.5", None, "107.5"),
        ("95", "100", "95"),
        (None, "100", None),
    ],
)
def test_what_enters_an_average_is_capped(
    percent: str | None, cap: str | None, counted: str | None
) -> None:
    assert capped(_decimal(percent), _decimal(cap)) == _decimal(counted)


def test_an_average_is_capped_at_100_unless_said_otherwise() -> None:
    assert capped(Decimal("100.01")) == 100


@pytest.mark.parametrize(
    ("aggregation", "quarters", "year"),
    [
        (Aggregation.SUM, ["4", "8", "10", "14"], "36"),
        (Aggregation.SUM, ["4", None, "10", None], "14"),
        (Aggregation.LAST, ["29", "28", "27", "28"], "28"),
        (Aggregation.LAST, ["29", "28", None, None], "28"),
        (Aggregation.LAST, ["29", "0", None, None], "0"),
        (Aggregation.AVERAGE, ["10", "20", None, "30"], "20"),
        (Aggregation.MAX, ["10", "30", "20", None], "30"),
        (Aggregation.SUM, [None, None, None, None], None),
        (Aggregation.LAST, [], None),
        (Aggregation.AVERAGE, [None], None),
        (Aggregation.MAX, [None], None),
    ],
)
def test_quarters_become_a_year(
    aggregation: Aggregation, quarters: Sequence[str | None], year: str | None
) -> None:
    assert roll_up(aggregation, [_decimal(one) for one in quarters]) == _decimal(year)


@pytest.mark.parametrize(
    ("spent", "budget", "percent"),
    [
        (760_000_000, 800_000_000, "95.00"),
        (263_000_000, 350_000_000, "75.14"),
        (11_390_000_000, 12_900_000_000, "88.29"),
        (0, 500_000_000, "0.00"),
        (600, 500, "120.00"),
        (None, 500_000_000, None),
        (5, 0, None),
        (5, None, None),
    ],
)
def test_absorption_is_money_spent_of_the_budget(
    spent: int | None, budget: int | None, percent: str | None
) -> None:
    found = absorption(spent, budget)

    assert (None if found is None else round_half_up(found)) == _decimal(percent)


@pytest.mark.parametrize(
    ("percent", "letter"),
    [
        ("250", "ST"),
        ("100", "ST"),
        ("91", "ST"),
        ("90.50", "ST"),
        ("90.49", "T"),
        ("76.49", "T"),
        ("75.50", "T"),
        ("75.49", "S"),
        ("65.50", "S"),
        ("65.49", "R"),
        ("50.50", "R"),
        ("50.49", "SR"),
        ("0", "SR"),
    ],
)
def test_a_class_is_chosen_on_the_whole_percent(percent: str, letter: str) -> None:
    found = PERMENDAGRI_86_2017.classify(Decimal(percent))

    assert found is not None
    assert found.letter == letter


def test_what_is_not_known_has_no_class() -> None:
    assert PERMENDAGRI_86_2017.classify(None) is None


@pytest.mark.parametrize(
    "bounds",
    [
        pytest.param((), id="no class at all"),
        pytest.param((91, 76, 51), id="a gap at the bottom"),
        pytest.param((91, 76, 76, 0), id="two classes overlap"),
        pytest.param((76, 91, 0), id="out of order"),
        pytest.param((91, 0, -10), id="below zero"),
    ],
)
def test_a_scale_with_a_gap_or_an_overlap_is_refused(bounds: tuple[int, ...]) -> None:
    classes = tuple(PerformanceClass(f"c{lower}", "X", lower) for lower in bounds)

    with pytest.raises(ValueError, match="Crooked"):
        PerformanceScale("Crooked", classes)


# --- what holds for any number ---------------------------------------------------------------

AMOUNTS = st.decimals(min_value=0, max_value=10**14, places=4)
TARGETS = st.decimals(min_value=Decimal("0.0001"), max_value=10**14, places=4)
REPORTS = st.lists(st.none() | AMOUNTS, max_size=8)


@given(st.sampled_from(Polarity), AMOUNTS, AMOUNTS)
def test_achievement_is_never_negative(
    polarity: Polarity, target: Decimal, actual: Decimal
) -> None:
    found = achievement(polarity, target, actual)

    assert found is None or found >= 0


@given(TARGETS, AMOUNTS, AMOUNTS)
def test_more_is_never_worse_where_higher_is_better(
    target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = _pair(UP, target, min(one, other), max(one, other))

    assert less <= more


@given(TARGETS, AMOUNTS, AMOUNTS)
def test_more_is_never_better_where_lower_is_better(
    target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = _pair(DOWN, target, min(one, other), max(one, other))

    assert less >= more


@given(TARGETS)
def test_reaching_the_target_is_100_percent_whichever_way_is_better(target: Decimal) -> None:
    assert {achievement(polarity, target, target) for polarity in Polarity} == {Decimal(100)}


@given(AMOUNTS, AMOUNTS)
def test_a_better_percentage_never_has_a_worse_class(one: Decimal, other: Decimal) -> None:
    worse = PERMENDAGRI_86_2017.classify(min(one, other))
    better = PERMENDAGRI_86_2017.classify(max(one, other))

    assert worse is not None
    assert better is not None
    assert worse.lower <= better.lower


@given(st.sampled_from(Aggregation), REPORTS)
def test_a_quarter_that_was_not_reported_changes_nothing(
    aggregation: Aggregation, quarters: list[Decimal | None]
) -> None:
    reported = [value for value in quarters if value is not None]

    assert roll_up(aggregation, quarters) == roll_up(aggregation, reported)


@given(REPORTS)
def test_a_year_is_what_its_quarters_say(quarters: list[Decimal | None]) -> None:
    reported = [value for value in quarters if value is not None]
    assume(reported)

    assert roll_up(Aggregation.SUM, quarters) == sum(reported)
    assert roll_up(Aggregation.LAST, quarters) == reported[-1]
    assert roll_up(Aggregation.MAX, quarters) == sorted(reported)[-1]
    average = roll_up(Aggregation.AVERAGE, quarters)
    assert average is not None
    assert min(reported) <= average <= max(reported)


@given(REPORTS)
def test_a_mean_ignores_what_is_not_known(values: list[Decimal | None]) -> None:
    known = [value for value in values if value is not None]

    assert mean(values) == (sum(known) / len(known) if known else None)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _pair(
    polarity: Polarity, target: Decimal, less: Decimal, more: Decimal
) -> tuple[Decimal, Decimal]:
    found = achievement(polarity, target, less), achievement(polarity, target, more)
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]
