"""Class tables: which class a percentage has, and which tables are refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.scoring import PERMENDAGRI_86_2017, STANDARD, Band, Scale, ScaleError

# LKjIP Kabupaten Maluku Tengah 2021: >85, >75, >65, >50, >30 and <=30, on whole percents.
MALUKU_TENGAH = Scale(
    "LKjIP Maluku Tengah",
    (
        Band("satisfying", "M", "Memuaskan", 86, None, "good"),
        Band("very_good", "SB", "Sangat Baik", 76, 85, "good"),
        Band("good", "B", "Baik", 66, 75, "good"),
        Band("fairly_good", "CB", "Cukup Baik", 51, 65, "middling"),
        Band("rather_poor", "AK", "Agak Kurang", 31, 50, "bad"),
        Band("poor", "K", "Kurang", 0, 30, "bad"),
    ),
)


def bands(*bounds: tuple[int, int | None]) -> tuple[Band, ...]:
    return tuple(Band(f"c{lower}", "X", "x", lower, upper, "good") for lower, upper in bounds)


@pytest.mark.parametrize(
    ("percent", "letter"),
    [
        ("250", "ST"),
        ("100", "ST"),
        ("91", "ST"),
        ("90.50", "ST"),
        ("90.4999999999", "T"),
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
    assert _letter(PERMENDAGRI_86_2017, Decimal(percent)) == letter


@pytest.mark.parametrize(
    ("percent", "letter"),
    [
        ("102.23", "M"),
        ("86", "M"),
        ("85.50", "M"),
        ("85.49", "SB"),
        ("75.50", "SB"),
        ("75.49", "B"),
        ("65.50", "B"),
        ("65.49", "CB"),
        ("50.50", "CB"),
        ("50.49", "AK"),
        ("30.50", "AK"),
        ("30.49", "K"),
        ("0", "K"),
    ],
)
def test_another_region_has_six_classes(percent: str, letter: str) -> None:
    assert _letter(MALUKU_TENGAH, Decimal(percent)) == letter


def test_the_order_in_which_classes_are_listed_does_not_matter() -> None:
    upside_down = Scale("x", tuple(reversed(PERMENDAGRI_86_2017.bands)))

    found = [upside_down.classify(Decimal(percent)) for percent in range(120)]

    assert found == [PERMENDAGRI_86_2017.classify(Decimal(percent)) for percent in range(120)]


def test_one_class_for_everything_is_a_table() -> None:
    assert _letter(Scale("x", bands((0, None))), Decimal(50)) == "X"


@pytest.mark.parametrize("scale", [PERMENDAGRI_86_2017, MALUKU_TENGAH], ids=lambda one: one.name)
def test_what_is_not_known_has_no_class(scale: Scale) -> None:
    assert scale.classify(None) is None


def test_the_standard_method_is_permendagri_capped_at_100() -> None:
    assert STANDARD.scale is PERMENDAGRI_86_2017
    assert STANDARD.cap == 100
    assert STANDARD.thresholds.yellow_below == -5
    assert STANDARD.thresholds.red_below == -10


@pytest.mark.parametrize(
    ("given_bands", "fault", "at"),
    [
        pytest.param(
            bands((76, None), (61, 75), (51, 59), (0, 50)), "gap", 60, id="a hole of one percent"
        ),
        pytest.param(
            bands((76, None), (62, 75), (51, 59), (0, 50)), "gap", 60, id="a hole of two percent"
        ),
        pytest.param(bands((92, None), (0, 90)), "gap", 91, id="a hole below the best"),
        pytest.param(
            bands((76, None), (60, 75), (51, 60), (0, 50)), "overlap", 60, id="one percent twice"
        ),
        pytest.param(bands((51, None), (0, 90)), "overlap", 51, id="a wide overlap"),
        pytest.param(bands((50, None), (0, 49), (0, 49)), "overlap", 0, id="the same class twice"),
        pytest.param(bands((91, None), (1, 90)), "start", 0, id="zero has no class"),
        pytest.param(bands((91, None), (51, 90)), "start", 0, id="the lower half has no class"),
        pytest.param(bands((51, None), (-10, 50)), "overlap", -10, id="below zero"),
        pytest.param(bands((51, 100), (0, 50)), "end", 101, id="closed at the top"),
        pytest.param(bands((0, 0)), "end", 1, id="only zero has a class"),
        pytest.param((), "end", 0, id="no class at all"),
        pytest.param(bands((91, None), (76, None), (0, 75)), "overlap", 91, id="two open ends"),
        pytest.param(bands((51, 90), (0, None)), "overlap", 51, id="open in the middle"),
        pytest.param(
            bands((0, -2)),
            "end",
            -2,
            id="the only class ends before it starts",
        ),
    ],
)
def test_a_table_with_a_hole_an_overlap_or_an_open_end_is_refused(
    given_bands: tuple[Band, ...], fault: str, at: int
) -> None:
    with pytest.raises(ScaleError) as refused:
        Scale("Crooked", given_bands)

    assert (refused.value.fault, refused.value.at) == (fault, at)


# --- what holds for any number ---------------------------------------------------------------

AMOUNTS = st.decimals(min_value=0, max_value=10**20, places=10)
SCALES = st.sampled_from([PERMENDAGRI_86_2017, MALUKU_TENGAH])
STARTS = st.sets(st.integers(1, 300), max_size=10).map(lambda found: sorted({0, *found}))


@given(SCALES, AMOUNTS)
def test_every_percentage_has_one_class(scale: Scale, percent: Decimal) -> None:
    found = scale.classify(percent)

    assert found is not None
    whole = int(percent + Decimal("0.5"))
    begun = [one for one in scale.bands if one.lower <= whole]
    assert [one for one in begun if one.upper is None or whole <= one.upper] == [found]


@pytest.mark.parametrize("scale", [PERMENDAGRI_86_2017, MALUKU_TENGAH], ids=lambda one: one.name)
def test_the_best_class_has_no_end(scale: Scale) -> None:
    assert scale.classify(Decimal("1e20")) == scale.bands[0]


@given(SCALES, AMOUNTS, AMOUNTS)
def test_a_better_percentage_never_has_a_worse_class(
    scale: Scale, one: Decimal, other: Decimal
) -> None:
    worse, better = scale.classify(min(one, other)), scale.classify(max(one, other))

    assert worse is not None
    assert better is not None
    assert worse.lower <= better.lower


@given(STARTS)
def test_classes_that_follow_each_other_from_zero_are_a_table(starts: list[int]) -> None:
    ends = [*(start - 1 for start in starts[1:]), None]

    scale = Scale("x", bands(*zip(starts, ends, strict=True)))

    assert [scale.classify(Decimal(start)) for start in starts] == list(scale.bands)


@given(STARTS, st.data())
def test_a_table_that_lost_a_class_is_refused(starts: list[int], data: st.DataObject) -> None:
    ends = [*(start - 1 for start in starts[1:]), None]
    whole = bands(*zip(starts, ends, strict=True))
    lost = data.draw(st.sampled_from(whole))

    with pytest.raises(ScaleError):
        Scale("x", tuple(one for one in whole if one is not lost))


def _letter(scale: Scale, percent: Decimal) -> str:
    found = scale.classify(percent)
    assert found is not None
    return found.letter
