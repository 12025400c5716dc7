"""Means: plain, weighted, and the same whatever the order of their children."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.scoring import (
    Polarity,
    WeightsNotWhole,
    achievement,
    capped,
    kept,
    mean,
    refuse_unless_whole,
    roll_up_children,
    weighted_mean,
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["80", "60", "100"], "80"),
        # 230 / 3
        (["80", "50", "100"], "76.6666666667"),
        (["80", None, "100"], "90"),
        (["0", None], "0"),
        (["80", "0"], "40"),
        ([None, None], None),
        ([], None),
    ],
)
def test_a_mean_is_taken_over_what_is_known(values: list[str | None], expected: str | None) -> None:
    assert mean(_decimal(one) for one in values) == _decimal(expected)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # 40 + 18 + 20
        ([("80", "50"), ("60", "30"), ("100", "20")], "78"),
        # The third is not known: (4000 + 1800) / 80
        ([("80", "50"), ("60", "30"), (None, "20")], "72.5"),
        # Only one is known: its weight is all there is
        ([(None, "50"), ("60", "30"), (None, "20")], "60"),
        # Zero is known: 40 + 18 + 0
        ([("80", "50"), ("60", "30"), ("0", "20")], "58"),
        # 80 x 33.34 + 60 x 33.33 + 100 x 33.33 = 2667.2 + 1999.8 + 3333 = 8000
        ([("80", "33.34"), ("60", "33.33"), ("100", "33.33")], "80"),
        # (80 + 60 + 60) / 3: thirds of what is left
        ([("80", "10"), ("60", "10"), ("60", "10"), (None, "70")], "66.6666666667"),
        # What weighs nothing does not count
        ([("80", "100"), ("0", "0")], "80"),
        ([("80", "0")], None),
        ([(None, "60"), (None, "40")], None),
        ([], None),
    ],
)
def test_the_weight_of_what_is_unknown_falls_away(
    parts: list[tuple[str | None, str]], expected: str | None
) -> None:
    found = weighted_mean((_decimal(value), Decimal(weight)) for value, weight in parts)

    assert found == _decimal(expected)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param(None, "80", id="no weights, the plain mean"),
        pytest.param({}, "80", id="an empty set of weights, the plain mean"),
        pytest.param({1: "50", 2: "30", 3: "20"}, "78", id="weighted"),
        # The plain mean of 80 and 60
        pytest.param({1: "50", 2: "50"}, "70", id="a child without a weight does not count"),
        pytest.param({1: "50", 2: "30", 9: "20"}, "72.5", id="nor a weight without its child"),
        pytest.param({9: "100"}, None, id="weights for nobody here"),
    ],
)
def test_children_are_weighed_where_weights_are_set(
    weights: Mapping[int, str] | None, expected: str | None
) -> None:
    values = {1: Decimal(80), 2: Decimal(60), 3: Decimal(100)}
    weighed = None if weights is None else {key: Decimal(one) for key, one in weights.items()}

    assert roll_up_children(values, weighed) == _decimal(expected)


@pytest.mark.parametrize(
    "weights", [["100"], ["50", "30", "20"], ["33.34", "33.33", "33.33"], ["100", "0"]]
)
def test_weights_that_total_100_are_accepted(weights: list[str]) -> None:
    refuse_unless_whole(Decimal(one) for one in weights)


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        (["50", "30", "19.9"], "99.9"),
        (["50", "30", "20.1"], "100.1"),
        (["33.33", "33.33", "33.33"], "99.99"),
        (["100", "0.01"], "100.01"),
        (["0", "0"], "0"),
        ([], "0"),
    ],
)
def test_weights_that_do_not_total_100_are_refused_with_their_total(
    weights: list[str], total: str
) -> None:
    with pytest.raises(WeightsNotWhole) as refused:
        refuse_unless_whole(Decimal(one) for one in weights)

    assert refused.value.total == Decimal(total)


# --- what holds for any number ---------------------------------------------------------------

AMOUNTS = st.decimals(min_value=0, max_value=10**14, places=4)
TARGETS = st.decimals(min_value=1, max_value=10**14, places=4)
CAPS = st.sampled_from([Decimal(100), Decimal(110), Decimal(120), None])
SHARES = st.decimals(min_value=0, max_value=100, places=2)
UNCAPPED = st.builds(achievement, st.sampled_from(Polarity), TARGETS, st.none() | AMOUNTS)
# A cap keeps an achievement small; without one it is read where targets are plausible.
ACHIEVEMENTS = st.builds(
    lambda percent, cap: capped(percent, cap or Decimal(10**10)), UNCAPPED, CAPS
)
CHILDREN = st.dictionaries(st.integers(1, 50), ACHIEVEMENTS, max_size=12)


@given(CHILDREN, st.data())
def test_the_order_of_children_changes_no_digit(
    children: dict[int, Decimal | None], data: st.DataObject
) -> None:
    weights = {key: data.draw(SHARES) for key in children}
    order = data.draw(st.permutations(list(children)))
    shuffled = {key: children[key] for key in order}

    assert mean(shuffled.values()) == mean(children.values())
    assert weighted_mean((shuffled[key], weights[key]) for key in order) == weighted_mean(
        (children[key], weights[key]) for key in children
    )
    for weighed in (None, weights):
        assert roll_up_children(shuffled, weighed) == roll_up_children(children, weighed)


def test_the_order_changes_no_digit_of_a_giant_mean_without_a_cap() -> None:
    children = {
        key: achievement(Polarity.MAXIMIZE, Decimal(target), Decimal(actual))
        for key, (target, actual) in {
            1: ("0.0045", "84907275996952.4028"),
            2: ("0.0103", "6763.2440"),
            3: ("0.0070", "5660.9265"),
        }.items()
    }

    assert len({mean(order) for order in permutations(children.values())}) == 1


@given(CHILDREN, st.integers(100, 200), SHARES)
def test_a_child_that_is_not_known_changes_nothing(
    children: dict[int, Decimal | None], key: int, share: Decimal
) -> None:
    weights = dict.fromkeys(children, Decimal(7))
    more, heavier = {**children, key: None}, {**weights, key: share}

    assert mean(more.values()) == mean(children.values())
    assert roll_up_children(more, None) == roll_up_children(children, None)
    assert roll_up_children(more, heavier) == roll_up_children(children, weights or None)


@given(st.sets(st.integers(1, 50)), SHARES)
def test_a_mean_of_nothing_known_is_unknown_not_zero(keys: set[int], share: Decimal) -> None:
    children: dict[int, Decimal | None] = dict.fromkeys(keys)

    assert mean(children.values()) is None
    assert weighted_mean((value, share) for value in children.values()) is None
    assert roll_up_children(children, dict.fromkeys(keys, share)) is None


@given(CHILDREN)
def test_a_mean_is_the_sum_of_what_is_known_over_its_number(
    children: dict[int, Decimal | None],
) -> None:
    known = [value for value in children.values() if value is not None]

    assert mean(children.values()) == (kept(sum(known) / Decimal(len(known))) if known else None)


@given(CHILDREN, SHARES)
def test_equal_weights_are_the_plain_mean(
    children: dict[int, Decimal | None], share: Decimal
) -> None:
    assume(share > 0)

    assert roll_up_children(children, dict.fromkeys(children, share)) == mean(children.values())


@given(CHILDREN, st.data())
def test_a_mean_lies_between_its_lowest_and_its_highest(
    children: dict[int, Decimal | None], data: st.DataObject
) -> None:
    weights = {key: data.draw(SHARES) for key in children}
    known = [value for value in children.values() if value is not None]

    for weighed in (None, weights):
        found = roll_up_children(children, weighed)
        assert found is None or min(known) <= found <= max(known)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
