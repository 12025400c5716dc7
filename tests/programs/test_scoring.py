"""Achievement, caps and absorption, on numbers worked by hand and on what holds for any number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambon_smartcity.rounding import round_half_up
from programs.scoring import (
    HUNDRED,
    PERMENDAGRI_86_2017,
    Polarity,
    absorption,
    achievement,
    capped,
    kept,
)

UP, DOWN, NEAR = Polarity.MAXIMIZE, Polarity.MINIMIZE, Polarity.STABILIZE
CAPS = [Decimal(100), Decimal(110), Decimal(120), None]

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
        pytest.param(UP, "8", "10", "125", id="more than wanted is shown uncapped"),
        pytest.param(UP, "10", "0", "0", id="nothing reached is zero"),
        pytest.param(UP, "10", "-3", "0", id="a negative result is zero"),
        pytest.param(UP, "0", "0", None, id="a positive target of zero is not rated"),
        pytest.param(UP, "0", "5", None, id="nor if something was done"),
        pytest.param(DOWN, "0", "0", "100", id="none wanted, none there"),
        pytest.param(DOWN, "0", "1", "0", id="none wanted, one there"),
        # (2 x 8 - 6) / 8
        pytest.param(DOWN, "8", "6", "125", id="less than the ceiling is shown uncapped"),
        # (2 x 8 - 10) / 8
        pytest.param(DOWN, "8", "10", "75", id="a quarter above the ceiling"),
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
        pytest.param(NEAR, "5", None, None, id="not reported is not off the point"),
        pytest.param(DOWN, "0", None, None, id="not reported is not none there"),
        pytest.param(DOWN, None, "0", None, id="no ceiling"),
        pytest.param(NEAR, None, "0", None, id="no point"),
    ],
)
def test_the_edges_of_achievement(
    polarity: Polarity, target: str | None, actual: str | None, percent: str | None
) -> None:
    assert achievement(polarity, _decimal(target), _decimal(actual)) == _decimal(percent)


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "percent"),
    [
        (UP, "3", "1", "33.3333333333"),
        (UP, "3", "2", "66.6666666667"),
        # 1 / 16 = 0.0625: a half in the eleventh decimal goes up
        (UP, "16000000000", "1", "0.0000000063"),
        # (2 x 3 - 4) / 3
        (DOWN, "3", "4", "66.6666666667"),
        # 100 - 2 / 3 x 100
        (NEAR, "3", "5", "33.3333333333"),
    ],
)
def test_an_achievement_keeps_ten_decimals_rounded_half_up(
    polarity: Polarity, target: str, actual: str, percent: str
) -> None:
    assert achievement(polarity, Decimal(target), Decimal(actual)) == Decimal(percent)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("1", "1.0000000000"),
        ("0.00000000005", "1E-10"),
        ("0.00000000004999", "0E-10"),
        # More digits than Python's usual 28 lose nothing
        ("100000000000000000000.12345678905", "100000000000000000000.1234567891"),
    ],
)
def test_ten_decimals_are_kept(value: str, result: str) -> None:
    assert kept(Decimal(value)) == Decimal(result)
    assert kept(Decimal(value)).as_tuple().exponent == -10


@pytest.mark.parametrize(
    ("percent", "cap", "counted"),
    [
        ("107.5", "100", "100"),
        ("107.5", "110", "107.5"),
        ("112", "110", "110"),
        ("112", "120", "112"),
        ("130", "120", "120"),
        ("130", None, "130"),
        ("100", "100", "100"),
        ("95", "100", "95"),
        ("0", "100", "0"),
        (None, "100", None),
        (None, None, None),
    ],
)
def test_what_enters_an_average_is_capped(
    percent: str | None, cap: str | None, counted: str | None
) -> None:
    assert capped(_decimal(percent), _decimal(cap)) == _decimal(counted)


def test_an_average_is_capped_at_100_unless_said_otherwise() -> None:
    assert capped(Decimal("100.01")) == HUNDRED


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


# --- what holds for any number ---------------------------------------------------------------

AMOUNTS = st.decimals(min_value=0, max_value=10**14, places=4)
TARGETS = st.decimals(min_value=Decimal("0.0001"), max_value=10**14, places=4)


@given(st.sampled_from(Polarity), AMOUNTS, st.decimals(-(10**14), 10**14, places=4))
def test_achievement_is_never_negative(
    polarity: Polarity, target: Decimal, actual: Decimal
) -> None:
    found = achievement(polarity, target, actual)

    assert found is None or found >= 0


@given(TARGETS, AMOUNTS, AMOUNTS)
def test_more_is_never_worse_where_higher_is_better(
    target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))

    assert _percent(UP, target, less) <= _percent(UP, target, more)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_more_is_never_better_where_lower_is_better(
    target: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))

    assert _percent(DOWN, target, less) >= _percent(DOWN, target, more)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_farther_from_the_point_is_never_better_on_either_side(
    target: Decimal, one: Decimal, other: Decimal
) -> None:
    far_below, below = sorted((min(one, target), min(other, target)))
    above, far_above = sorted((max(one, target), max(other, target)))

    assert _percent(NEAR, target, far_below) <= _percent(NEAR, target, below)
    assert _percent(NEAR, target, far_above) <= _percent(NEAR, target, above)


@given(TARGETS)
def test_reaching_the_target_is_100_percent_whichever_way_is_better(target: Decimal) -> None:
    assert {achievement(polarity, target, target) for polarity in Polarity} == {HUNDRED}


@given(st.sampled_from(Polarity), st.none() | AMOUNTS)
def test_what_was_not_reported_has_no_achievement(
    polarity: Polarity, target: Decimal | None
) -> None:
    assert achievement(polarity, target, None) is None


@given(AMOUNTS, st.sampled_from(CAPS))
def test_a_cap_never_raises_a_value_and_counts_once(value: Decimal, cap: Decimal | None) -> None:
    counted = capped(value, cap)

    assert counted is not None
    assert counted <= value
    assert capped(counted, cap) == counted


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _percent(polarity: Polarity, target: Decimal, actual: Decimal) -> Decimal:
    found = achievement(polarity, target, actual)
    assert found is not None
    return found
