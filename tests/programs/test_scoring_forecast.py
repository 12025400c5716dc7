"""Physical progress beside its plan: deviation, light, and where the year may end."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.scoring import HUNDRED, Forecast, Light, Thresholds, deviation, forecast, light

STANDARD = Thresholds()
STRICT = Thresholds(yellow_below=Decimal(0), red_below=Decimal(-3))
EVEN = ["25", "50", "75", "100"]


@pytest.mark.parametrize(
    ("actual", "planned", "points"),
    [
        ("45", "50", "-5"),
        ("55.5", "50", "5.5"),
        ("50", "50", "0"),
        ("0", "10", "-10"),
        (None, "50", None),
        ("45", None, None),
        (None, None, None),
    ],
)
def test_a_deviation_is_actual_minus_planned(
    actual: str | None, planned: str | None, points: str | None
) -> None:
    assert deviation(_decimal(actual), _decimal(planned)) == _decimal(points)


@pytest.mark.parametrize(
    ("points", "thresholds", "shown"),
    [
        ("12", STANDARD, Light.GREEN),
        ("0", STANDARD, Light.GREEN),
        ("-5", STANDARD, Light.GREEN),
        ("-5.01", STANDARD, Light.YELLOW),
        ("-5.0000000001", STANDARD, Light.YELLOW),
        ("-10", STANDARD, Light.YELLOW),
        ("-10.01", STANDARD, Light.RED),
        ("-100", STANDARD, Light.RED),
        ("0", STRICT, Light.GREEN),
        ("-0.01", STRICT, Light.YELLOW),
        ("-3", STRICT, Light.YELLOW),
        ("-3.01", STRICT, Light.RED),
        (None, STANDARD, None),
    ],
)
def test_a_light_changes_below_its_threshold_not_on_it(
    points: str | None, thresholds: Thresholds, shown: Light | None
) -> None:
    assert light(_decimal(points), thresholds) == shown


@pytest.mark.parametrize(
    ("planned", "actual", "year_end", "ratio", "quarters"),
    [
        pytest.param(EVEN, ["20", "40", None, None], "80", "0.8", 2, id="behind"),
        pytest.param(EVEN, ["25", "50", None, None], "100", "1", 2, id="on plan"),
        # 60 / 50 = 1.2, and 120 % cannot be done
        pytest.param(EVEN, ["30", "60", None, None], "100", "1.2", 2, id="ahead, at most 100"),
        # 45 / 60: only the last quarter's state counts, not the way there
        pytest.param(
            ["10", "30", "60", "100"],
            ["10", "24", "45", None],
            "75",
            "0.75",
            3,
            id="three",
        ),
        # 60 / 75
        pytest.param(EVEN, ["20", None, "60", None], "80", "0.8", 2, id="a quarter was skipped"),
        # 30 / 40 of the 80 that are planned for the year
        pytest.param(
            ["20", "40", "60", "80"],
            ["10", "30", None, None],
            "60",
            "0.75",
            2,
            id="part of a plan",
        ),
        # 50 / 75 keeps ten decimals, and 100 times that
        pytest.param(
            EVEN, ["20", "40", "50", None], "66.66666667", "0.6666666667", 3, id="two thirds"
        ),
        pytest.param(EVEN, ["0", "0", None, None], "0", "0", 2, id="nothing done so far"),
        # An early quarter needs no plan of its own: 40 / 50
        pytest.param(
            [None, "50", "75", "100"],
            ["20", "40", None, None],
            "80",
            "0.8",
            2,
            id="a late plan",
        ),
    ],
)
def test_the_year_ends_where_the_present_ratio_leads(
    planned: Sequence[str | None],
    actual: Sequence[str | None],
    year_end: str,
    ratio: str,
    quarters: int,
) -> None:
    expected = Forecast(Decimal(year_end), Decimal(ratio), quarters)

    assert forecast(_decimals(planned), _decimals(actual)) == expected


@pytest.mark.parametrize(
    ("planned", "actual"),
    [
        pytest.param(EVEN, [None, None, None, None], id="nothing reported"),
        pytest.param(EVEN, ["20", None, None, None], id="one quarter is no course"),
        pytest.param(EVEN, [None, None, "60", None], id="nor is one late quarter"),
        pytest.param(EVEN, ["20", "40", "60", "90"], id="the year is complete"),
        pytest.param(EVEN, [None, None, "60", "90"], id="complete, though quarters were skipped"),
        pytest.param([None, None, None, None], ["20", "40", None, None], id="no plan"),
        pytest.param(["25", None, "75", "100"], ["20", "40", None, None], id="no plan for now"),
        pytest.param(["25", "50", "75", None], ["20", "40", None, None], id="no plan for the end"),
        pytest.param(["0", "0", "50", "100"], ["0", "5", None, None], id="nothing was due yet"),
        pytest.param([], [], id="neither plan nor report"),
        pytest.param(
            [],
            ["20", "40"],
            id="an empty plan",
        ),
    ],
)
def test_there_is_no_forecast_without_a_course_and_a_plan(
    planned: Sequence[str | None], actual: Sequence[str | None]
) -> None:
    assert forecast(_decimals(planned), _decimals(actual)) is None


# --- what holds for any number ---------------------------------------------------------------

PERCENTS = st.decimals(min_value=0, max_value=100, places=2)
PLAN = st.lists(PERCENTS, min_size=4, max_size=4).map(sorted)
REPORTED = st.lists(st.none() | PERCENTS, min_size=4, max_size=4)
POINTS = st.decimals(min_value=-100, max_value=100, places=4)


@given(PLAN, REPORTED)
def test_a_forecast_is_a_percentage(planned: list[Decimal], actual: list[Decimal | None]) -> None:
    found = forecast(planned, actual)

    assert found is None or 0 <= found.year_end <= HUNDRED


@given(PLAN, st.integers(2, 3))
def test_who_keeps_to_the_plan_ends_where_the_plan_ends(
    planned: list[Decimal], quarters: int
) -> None:
    assume(planned[quarters - 1] > 0)

    found = forecast(planned, [*planned[:quarters], *[None] * (4 - quarters)])

    assert found == Forecast(planned[-1], Decimal(1), quarters)


@given(PLAN, PERCENTS, PERCENTS, PERCENTS)
def test_more_done_never_forecasts_less(
    planned: list[Decimal], first: Decimal, one: Decimal, other: Decimal
) -> None:
    less = forecast(planned, [first, min(one, other), None, None])
    more = forecast(planned, [first, max(one, other), None, None])

    assert (less is None) == (more is None)
    assert less is None or more is None or less.year_end <= more.year_end


@given(POINTS, POINTS)
def test_a_smaller_shortfall_never_has_a_worse_light(one: Decimal, other: Decimal) -> None:
    worse, better = light(min(one, other), STANDARD), light(max(one, other), STANDARD)
    from_bad_to_good = [Light.RED, Light.YELLOW, Light.GREEN]

    assert worse is not None
    assert better is not None
    assert from_bad_to_good.index(worse) <= from_bad_to_good.index(better)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _decimals(texts: Sequence[str | None]) -> list[Decimal | None]:
    return [_decimal(text) for text in texts]
