"""The formulas, on numbers worked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

AMOUNT = st.decimals(min_value=0, max_value=10**9, places=2)
TARGET = st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "percent"),
    [
        ("maximize", "40", "38", "95"),
        ("maximize", "70", "73.5", "105"),
        ("maximize", "120", "58", "48.33"),
        ("minimize", "24", "27", "87.50"),  # (48 - 27) / 24
        ("minimize", "5", "7", "60"),  # (10 - 7) / 5
        ("minimize", "24", "22", "108.33"),
        ("minimize", "25", "42", "32"),
        ("minimize", "10", "25", "0"),  # (20 - 25) / 10 is negative
        ("minimize", "0", "0", "100"),
        ("minimize", "0", "1", "0"),
        ("stabilize", "50", "45", "90"),
        ("stabilize", "50", "55", "90"),
        ("stabilize", "50", "150", "0"),
    ],
)
def test_achievement_equals_the_number_worked_by_hand(
    polarity: str, target: str, actual: str, percent: str
) -> None:
    found = achievement(Polarity(polarity), Decimal(target), Decimal(actual))

    assert found is not None
    assert round(found, 2) == Decimal(percent)


@pytest.mark.parametrize(
    ("target", "actual"), [(None, Decimal(5)), (Decimal(5), None), (Decimal(0), Decimal(0))]
)
def test_what_cannot_be_rated_is_none_and_never_zero(
    target: Decimal | None, actual: Decimal | None
) -> None:
    assert achievement(Polarity.MAXIMIZE, target, actual) is None


def test_zero_that_was_reported_is_zero() -> None:
    assert achievement(Polarity.MAXIMIZE, Decimal(5), Decimal(0)) == 0


@given(polarity=st.sampled_from(list(Polarity)), target=TARGET, actual=AMOUNT)
def test_achievement_is_never_negative(
    polarity: Polarity, target: Decimal, actual: Decimal
) -> None:
    found = achievement(polarity, target, actual)

    assert found is not None
    assert found >= 0


@given(target=TARGET, low=AMOUNT, more=AMOUNT)
def test_more_is_never_worse_where_higher_is_better_and_never_better_where_lower_is(
    target: Decimal, low: Decimal, more: Decimal
) -> None:
    up = [achievement(Polarity.MAXIMIZE, target, value) for value in (low, low + more)]
    down = [achievement(Polarity.MINIMIZE, target, value) for value in (low, low + more)]

    assert (up[0] or 0) <= (up[1] or 0)
    assert (down[0] or 0) >= (down[1] or 0)


@pytest.mark.parametrize(
    ("aggregation", "year"), [("sum", "6"), ("last", "3"), ("average", "2"), ("max", "3")]
)
def test_a_year_is_rolled_up_as_its_indicator_says(aggregation: str, year: str) -> None:
    quarters = [Decimal(1), Decimal(2), None, Decimal(3)]

    assert roll_up(Aggregation(aggregation), quarters) == Decimal(year)


@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_a_year_without_any_report_has_no_value(aggregation: Aggregation) -> None:
    assert roll_up(aggregation, [None, None]) is None


def test_the_mean_leaves_out_what_is_not_known() -> None:
    assert mean([Decimal(50), None, Decimal(100)]) == 75
    assert mean([None]) is None


def test_the_cap_limits_what_enters_an_average_and_none_means_no_cap() -> None:
    assert capped(Decimal(105)) == 100
    assert capped(Decimal(105), Decimal(110)) == 105
    assert capped(Decimal(105), None) == 105
    assert capped(None) is None


def test_absorption_needs_a_budget_and_a_report() -> None:
    assert absorption(760, 800) == 95
    assert absorption(None, 800) is None
    assert absorption(5, 0) is None


@pytest.mark.parametrize(
    ("percent", "letter"),
    [
        ("0", "SR"),
        ("50.49", "SR"),
        ("50.50", "R"),
        ("65.49", "R"),
        ("65.50", "S"),
        ("75.49", "S"),
        ("75.50", "T"),
        ("76.49", "T"),
        ("90.49", "T"),
        ("90.50", "ST"),
        ("130", "ST"),
    ],
)
def test_a_class_is_found_on_the_whole_percent_rounded_half_up(percent: str, letter: str) -> None:
    found = PERMENDAGRI_86_2017.classify(Decimal(percent))

    assert found is not None
    assert found.letter == letter


def test_nothing_has_no_class() -> None:
    assert PERMENDAGRI_86_2017.classify(None) is None


@pytest.mark.parametrize("bounds", [(), (91, 76), (76, 91, 0), (91, 91, 0)])
def test_a_scale_with_a_gap_or_an_overlap_is_refused(bounds: tuple[int, ...]) -> None:
    classes = tuple(PerformanceClass(str(bound), "X", bound) for bound in bounds)

    with pytest.raises(ValueError, match="broken"):
        PerformanceScale("broken", classes)


@given(st.decimals(min_value=0, max_value=200, places=3))
def test_every_percentage_has_exactly_one_class(percent: Decimal) -> None:
    assert PERMENDAGRI_86_2017.classify(percent) in PERMENDAGRI_86_2017.classes
