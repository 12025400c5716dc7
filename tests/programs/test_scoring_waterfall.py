"""Which child moved its parent's mean by how many points."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.scoring import Moved, roll_up_children, waterfall

WEIGHTS = {1: Decimal(50), 2: Decimal(30), 3: Decimal(20)}


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        pytest.param(
            # 80 becomes 220 / 3 = 73.33: + 10 / 3 and - 30 / 3
            {1: "80", 2: "60", 3: "100"},
            {1: "90", 2: "60", 3: "70"},
            {1: "3.3333333333", 3: "-10"},
            id="a third of each change, and no line for who stayed",
        ),
        pytest.param(
            # 70 becomes 80: (100 - 70) / 3
            {1: "80", 2: "60"},
            {1: "80", 2: "60", 3: "100"},
            {3: "10"},
            id="a child that is new",
        ),
        pytest.param(
            {1: "80", 2: "60", 3: None},
            {1: "80", 2: "60", 3: "100"},
            {3: "10"},
            id="a child that was not rated before",
        ),
        pytest.param(
            # 50 becomes 25: (0 - 50) / 2
            {1: "50", 2: None},
            {1: "50", 2: "0"},
            {2: "-25"},
            id="a child newly rated zero",
        ),
        pytest.param(
            # 80 becomes 75: 10 / 2 = 5 for the second, so -5 - 5 for the third's leaving
            {1: "80", 2: "60", 3: "100"},
            {1: "80", 2: "70", 3: None},
            {2: "5", None: "-10"},
            id="a child no longer rated is the rest",
        ),
        pytest.param(
            # 80 becomes 70
            {1: "80", 2: "60", 3: "100"},
            {1: "80", 2: "60"},
            {None: "-10"},
            id="a child that is gone is the rest",
        ),
        pytest.param(
            # 70 becomes 90: (100 - 70) / 2 = 15, and the second's leaving: 80 - 75 = 5
            {1: "80", 2: "60"},
            {1: "80", 3: "100"},
            {3: "15", None: "5"},
            id="one left and another came",
        ),
        pytest.param(
            {1: "80", 2: "60"}, {2: "60", 1: "80"}, {}, id="nobody moved in another order"
        ),
        pytest.param({}, {1: "80"}, {}, id="nothing before"),
        pytest.param({1: None}, {1: "80"}, {}, id="nothing known before"),
        pytest.param({1: "80"}, {}, {}, id="nothing now"),
        pytest.param({1: "80"}, {1: None}, {}, id="nothing known now"),
    ],
)
def test_a_plain_mean_is_moved_by_its_children(
    before: Mapping[int, str | None],
    after: Mapping[int, str | None],
    moved: Mapping[int | None, str],
) -> None:
    assert waterfall(_decimals(before), _decimals(after)) == _moved(moved)


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        pytest.param(
            # 40 + 18 + 20 = 78 becomes 45 + 18 + 14 = 77
            {1: "80", 2: "60", 3: "100"},
            {1: "90", 2: "60", 3: "70"},
            {1: "5", 3: "-6"},
            id="by each one's weight",
        ),
        pytest.param(
            # (4000 + 1800) / 80 = 72.5 becomes 78: 0.2 x (100 - 72.5)
            {1: "80", 2: "60", 3: None},
            {1: "80", 2: "60", 3: "100"},
            {3: "5.5"},
            id="a child newly rated",
        ),
        pytest.param(
            {1: "80", 2: "60", 3: "100"},
            {1: "80", 2: "60", 3: None},
            {None: "-5.5"},
            id="a child no longer rated is the rest",
        ),
        pytest.param(
            # 78 becomes (4500 + 1800) / 80 = 78.75: 10 x 50 / 80 = 6.25, the rest 0.75 - 6.25
            {1: "80", 2: "60", 3: "100"},
            {1: "90", 2: "60", 3: None},
            {1: "6.25", None: "-5.5"},
            id="the shares are those of who is rated now",
        ),
        pytest.param(
            {1: "80", 2: "60", 3: "100", 4: "10"},
            {1: "80", 2: "60", 3: "100", 4: "90"},
            {},
            id="a child without a weight moves nothing",
        ),
        pytest.param({4: "80"}, {4: "90"}, {}, id="nobody here has a weight"),
    ],
)
def test_a_weighted_mean_is_moved_by_its_children(
    before: Mapping[int, str | None],
    after: Mapping[int, str | None],
    moved: Mapping[int | None, str],
) -> None:
    assert waterfall(
        _decimals(before), _decimals(after), WEIGHTS, weights_before=WEIGHTS
    ) == _moved(moved)


# --- what holds for any number ---------------------------------------------------------------

PERCENTS = st.decimals(min_value=0, max_value=1000, places=10)
KEYS = st.integers(1, 12)
CHILDREN = st.dictionaries(KEYS, st.none() | PERCENTS, max_size=12)
SHARES = st.none() | st.dictionaries(KEYS, st.decimals(0, 100, places=2), max_size=12)


@given(CHILDREN, CHILDREN, SHARES)
def test_the_points_add_up_to_what_the_mean_changed(
    before: dict[int, Decimal | None],
    after: dict[int, Decimal | None],
    weights: dict[int, Decimal] | None,
) -> None:
    old, new = roll_up_children(before, weights), roll_up_children(after, weights)
    moved = waterfall(before, after, weights, weights_before=weights)

    if old is None or new is None:
        assert moved == ()
    else:
        children = len({*before, *after})
        difference = sum(one.points for one in moved) - (new - old)
        assert abs(difference) <= Decimal("1e-9") * children


@given(CHILDREN, SHARES)
def test_where_nobody_changed_nothing_moved(
    children: dict[int, Decimal | None], weights: dict[int, Decimal] | None
) -> None:
    assert waterfall(children, children, weights, weights_before=weights) == ()


@given(st.dictionaries(KEYS, st.tuples(st.none() | PERCENTS, PERCENTS)), SHARES)
def test_there_is_no_rest_while_nobody_leaves(
    children: dict[int, tuple[Decimal | None, Decimal]], weights: dict[int, Decimal] | None
) -> None:
    before = {key: old for key, (old, _new) in children.items()}
    after = {key: new for key, (_old, new) in children.items()}

    assert None not in {
        one.key for one in waterfall(before, after, weights, weights_before=weights)
    }


@given(st.dictionaries(KEYS, PERCENTS, min_size=2), PERCENTS, st.data())
def test_one_child_alone_moves_the_mean_its_own_way(
    before: dict[int, Decimal], value: Decimal, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(before)))
    assume(abs(value - before[key]) > Decimal("1e-8"))

    (moved,) = waterfall(before, {**before, key: value})

    assert moved.key == key
    assert (moved.points > 0) == (value > before[key])


def _decimals(texts: Mapping[int, str | None]) -> dict[int, Decimal | None]:
    return {key: None if text is None else Decimal(text) for key, text in texts.items()}


def _moved(points: Mapping[int | None, str]) -> tuple[Moved, ...]:
    return tuple(Moved(key, Decimal(text)) for key, text in points.items())


def test_other_weights_alone_move_a_mean_and_say_so() -> None:
    values: dict[int, Decimal | None] = {1: Decimal(100), 2: Decimal(0)}
    before, after = {1: Decimal(50), 2: Decimal(50)}, {1: Decimal(80), 2: Decimal(20)}

    assert waterfall(values, values, after, weights_before=before) == (Moved(None, Decimal(30)),)
