"""Quarters become a year, years a masterplan; what should be reached by a quarter's end."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.scoring import (
    Aggregation,
    Polarity,
    achievement,
    roll_up,
    target_so_far,
    to_date,
)

SUM, LAST, AVERAGE, MAX = Aggregation.SUM, Aggregation.LAST, Aggregation.AVERAGE, Aggregation.MAX


@pytest.mark.parametrize(
    ("aggregation", "quarters", "year"),
    [
        (SUM, ["4", "8", "10", "14"], "36"),
        (SUM, ["4", None, "10", None], "14"),
        (LAST, ["29", "28", "27", "28"], "28"),
        (LAST, ["29", "28", None, None], "28"),
        (LAST, ["29", "0", None, None], "0"),
        (AVERAGE, ["10", "20", None, "30"], "20"),
        # 40 / 3
        (AVERAGE, ["10", "10", "20", None], "13.3333333333"),
        (MAX, ["10", "30", "20", None], "30"),
        (SUM, [None, None, None, None], None),
        (LAST, [], None),
        (AVERAGE, [None], None),
        (MAX, [None], None),
    ],
)
def test_quarters_become_a_year(
    aggregation: Aggregation, quarters: Sequence[str | None], year: str | None
) -> None:
    assert roll_up(aggregation, _decimals(quarters)) == _decimal(year)


@pytest.mark.parametrize(
    ("aggregation", "quarters", "by_quarter"),
    [
        pytest.param(
            SUM, ["4", "9", "11", "12"], ["4", "13", "24", "36"], id="parts of a sum add up"
        ),
        pytest.param(
            SUM, ["4", None, "11", "12"], ["4", None, None, None], id="a sum needs all its parts"
        ),
        pytest.param(
            SUM, [None, "9", "11", "12"], [None, None, None, None], id="also its first part"
        ),
        pytest.param(SUM, ["0", "0", "5", "5"], ["0", "0", "5", "10"], id="zero is a part"),
        pytest.param(SUM, [], [None, None, None, None], id="a sum without quarter targets"),
        pytest.param(
            LAST, ["29", "27", "26", "24"], ["29", "27", "26", "24"], id="a level is its own"
        ),
        pytest.param(
            LAST, ["29", None, "26", "24"], ["29", None, "26", "24"], id="nor is it carried over"
        ),
        pytest.param(
            AVERAGE,
            ["70", "72", "74", "76"],
            ["70", "71", "72", "73"],
            id="an average so far",
        ),
        pytest.param(
            AVERAGE, ["70", None, "74", "76"], ["70", None, None, None], id="with a hole in it"
        ),
        pytest.param(MAX, ["5", "8", "7", "9"], ["5", "8", "8", "9"], id="the highest so far"),
        pytest.param(LAST, [], [None, None, None, None], id="a level without quarter targets"),
    ],
)
def test_what_should_be_reached_by_the_end_of_a_quarter(
    aggregation: Aggregation, quarters: Sequence[str | None], by_quarter: Sequence[str | None]
) -> None:
    found = [target_so_far(aggregation, _decimals(quarters), quarter) for quarter in (1, 2, 3, 4)]

    assert found == _decimals(by_quarter)


@pytest.mark.parametrize(
    ("quarter", "against_quarter", "against_year"),
    [
        # 4 of 4, 4 of 36
        (1, "100", "11.1111111111"),
        # 4 + 8 = 12 of 4 + 9 = 13, 12 of 36
        (2, "92.3076923077", "33.3333333333"),
        # 22 of 24, 22 of 36
        (3, "91.6666666667", "61.1111111111"),
        # 36 of 36
        (4, "100", "100"),
    ],
)
def test_a_sum_is_read_against_its_quarter_and_against_its_year(
    quarter: int, against_quarter: str, against_year: str
) -> None:
    targets, reported = _decimals(["4", "9", "11", "12"]), _decimals(["4", "8", "10", "14"])
    so_far = roll_up(SUM, reported[:quarter])

    found = achievement(Polarity.MAXIMIZE, target_so_far(SUM, targets, quarter), so_far)
    of_year = achievement(Polarity.MAXIMIZE, Decimal(36), so_far)

    assert found == Decimal(against_quarter)
    assert of_year == Decimal(against_year)


@pytest.mark.parametrize(
    ("aggregation", "years", "value"),
    [
        (SUM, ["0", "10", "12", "8", "36", None], "66"),
        (SUM, ["0", None, "12"], "12"),
        (LAST, ["50", "45", "40", None], "40"),
        (MAX, ["3", "9", "7"], "9"),
        # The average of a year stands for that year; years are not averaged again.
        (AVERAGE, ["70", "80", "90"], "90"),
        (AVERAGE, ["70", "80", None], "80"),
        (SUM, [None, None], None),
        (AVERAGE, [None], None),
        (MAX, [], None),
        (LAST, [], None),
    ],
)
def test_years_become_a_masterplans_value_so_far(
    aggregation: Aggregation, years: Sequence[str | None], value: str | None
) -> None:
    assert to_date(aggregation, _decimals(years)) == _decimal(value)


def test_a_masterplan_is_read_against_its_end_target() -> None:
    # Six years' targets 10 + 10 + 20 + 20 + 20 + 20 = 100, reported 10 + 8 + 15: 33 %
    end = to_date(SUM, _decimals(["10", "10", "20", "20", "20", "20"]))
    so_far = to_date(SUM, _decimals(["10", "8", "15", None, None, None]))

    assert achievement(Polarity.MAXIMIZE, end, so_far) == Decimal(33)


# --- what holds for any number ---------------------------------------------------------------

AMOUNTS = st.decimals(min_value=0, max_value=10**14, places=4)
REPORTS = st.lists(st.none() | AMOUNTS, max_size=8)
QUARTERS = st.lists(st.none() | AMOUNTS, min_size=4, max_size=4)


@given(st.sampled_from(Aggregation), REPORTS)
def test_a_quarter_that_was_not_reported_changes_nothing(
    aggregation: Aggregation, quarters: list[Decimal | None]
) -> None:
    reported = [value for value in quarters if value is not None]

    assert roll_up(aggregation, quarters) == roll_up(aggregation, reported)
    assert roll_up(aggregation, [None, *quarters, None]) == roll_up(aggregation, quarters)
    assert to_date(aggregation, [None, *quarters, None]) == to_date(aggregation, quarters)


@given(st.sampled_from(Aggregation), st.integers(0, 8))
def test_silence_all_year_stays_unknown(aggregation: Aggregation, quarters: int) -> None:
    assert roll_up(aggregation, [None] * quarters) is None
    assert to_date(aggregation, [None] * quarters) is None


@given(REPORTS)
def test_a_year_is_what_its_quarters_say(quarters: list[Decimal | None]) -> None:
    reported = [value for value in quarters if value is not None]
    assume(reported)

    assert roll_up(SUM, quarters) == sum(reported)
    assert roll_up(LAST, quarters) == reported[-1]
    assert roll_up(MAX, quarters) == sorted(reported)[-1]
    average = roll_up(AVERAGE, quarters)
    assert average is not None
    assert min(reported) <= average <= max(reported)


@given(st.sampled_from(Aggregation), QUARTERS, st.integers(1, 4))
def test_a_target_so_far_is_unknown_where_the_quarters_own_is(
    aggregation: Aggregation, quarters: list[Decimal | None], quarter: int
) -> None:
    assume(quarters[quarter - 1] is None)

    assert target_so_far(aggregation, quarters, quarter) is None


@given(st.lists(AMOUNTS, min_size=4, max_size=4))
def test_by_the_last_quarter_the_parts_of_a_sum_make_the_year(quarters: list[Decimal]) -> None:
    assert target_so_far(SUM, quarters, 4) == roll_up(SUM, quarters)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _decimals(texts: Sequence[str | None]) -> list[Decimal | None]:
    return [_decimal(text) for text in texts]
