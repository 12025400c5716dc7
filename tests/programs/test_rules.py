"""Class tables, methods and weights: what counts from which year, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from audit.models import AuditEntry
from dimensions.models import Masterplan
from programs import rules
from programs.models import (
    DimensionYear,
    PerformanceScale,
    Program,
    ProgramYear,
    ProgressEntry,
    ScoringMethod,
    WeightSet,
)
from programs.scoring import PERMENDAGRI_86_2017, Band
from programs.summaries import differences
from programs.weights import Weighed, set_weights, weights_of
from tests import factories
from tests.conftest import Cast

YEAR = factories.YEAR

# LKjIP Kabupaten Maluku Tengah 2021: 75 % is "Baik" there, "Sedang" in Permendagri 86/2017.
SIX_CLASSES = [
    Band("satisfying", "M", "Memuaskan", 86, None, "good"),
    Band("very_good", "SB", "Sangat Baik", 76, 85, "good"),
    Band("good", "B", "Baik", 66, 75, "good"),
    Band("fairly_good", "CB", "Cukup Baik", 51, 65, "middling"),
    Band("rather_poor", "AK", "Agak Kurang", 31, 50, "bad"),
    Band("poor", "K", "Kurang", 0, 30, "bad"),
]


def bands(*bounds: tuple[int, int | None]) -> list[Band]:
    return [
        Band(f"kelas-{row}", "X", f"Kelas {row}", lower, upper, "good")
        for row, (lower, upper) in enumerate(bounds)
    ]


def verify(cast: Cast, program: Program, actual: str, *, year: int = YEAR) -> None:
    """Let an activity of the programme reach `actual` of 100 units in a year."""
    factories.make_entry(
        factories.make_activity(cast.agency, program=program, year=year),
        factories.make_period(year=year),
        status=ProgressEntry.Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        actual=actual,
    )


@pytest.fixture
def masterplan(db: None) -> Masterplan:
    return factories.make_masterplan()


@pytest.fixture
def scale(cast: Cast) -> PerformanceScale:
    return rules.add_scale(
        "Permendagri 86/2017", "Permendagri", PERMENDAGRI_86_2017.bands, by=cast.secretary
    )


@pytest.fixture
def program(cast: Cast) -> Program:
    """A programme that reached 130 % and 50 % in 2023: 75 % with a cap of 100."""
    program = factories.make_program(cast.agency)
    verify(cast, program, "130")
    verify(cast, program, "50")
    return program


def decide(cast: Cast, masterplan: Masterplan, scale: PerformanceScale, **said: Any) -> Any:
    values = {
        "from_year": YEAR,
        "scale": scale,
        "cap": 100,
        "yellow_below": -5,
        "red_below": -10,
        "source": "Perwali 1",
        **said,
    }
    return rules.set_method(masterplan, values, reason="Rapat", by=cast.secretary)


def stored(program: Program, year: int = YEAR) -> ProgramYear:
    return ProgramYear.objects.get(program=program, year=year)


# --- class tables ----------------------------------------------------------------------------


def test_a_class_table_is_kept_with_its_classes_from_best_to_worst(cast: Cast) -> None:
    scale = rules.add_scale("Enam kelas", "LKjIP", SIX_CLASSES[::-1], by=cast.secretary)

    assert scale.version == 1
    assert scale.as_scale().bands == tuple(SIX_CLASSES)
    line = AuditEntry.objects.about(scale).get()
    assert line.verb == "add"
    assert line.details["changes"]["M Memuaskan"] == [None, "86+"]


def test_a_table_of_the_same_name_is_the_next_version_and_leaves_the_first(
    cast: Cast, scale: PerformanceScale
) -> None:
    second = rules.add_scale(scale.name, "LKjIP", SIX_CLASSES, by=cast.secretary)

    assert second.version == 2
    assert scale.as_scale().bands == PERMENDAGRI_86_2017.bands


def test_the_same_table_sent_twice_is_one(cast: Cast, scale: PerformanceScale) -> None:
    again = rules.add_scale(scale.name, scale.source, PERMENDAGRI_86_2017.bands, by=cast.secretary)

    assert again == scale
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("bounds", "sentence", "said"),
    [
        (
            [(62, None), (0, 59)],
            "Between %(first)d %% and %(last)d %% no class is defined.",
            {"first": 60, "last": 61},
        ),
        ([(61, None), (0, 59)], "At %(at)d %% no class is defined.", {"at": 60}),
        ([(60, None), (0, 60)], "%(at)d %% lies in two classes.", {"at": 60}),
        ([(60, None), (0, None)], "%(at)d %% lies in two classes.", {"at": 60}),
        (
            [(60, None), (1, 59)],
            "The lowest class must start at 0 %%, not at %(at)d %%.",
            {"at": 1},
        ),
        (
            [(60, 100), (0, 59)],
            "From %(at)d %% upward no class is defined. Leave the end of the best class empty.",
            {"at": 101},
        ),
        ([(60, 50), (0, 59)], "A class cannot end before it starts.", {}),
        ([], "Write at least one class.", {}),
    ],
)
def test_a_broken_table_is_refused_with_the_percent_where_it_breaks(
    cast: Cast, bounds: list[tuple[int, int | None]], sentence: str, said: dict[str, int]
) -> None:
    with pytest.raises(ValidationError) as refused:
        rules.add_scale("Rusak", "Uji", bands(*bounds), by=cast.secretary)

    assert refused.value.messages == [gettext(sentence) % said if said else gettext(sentence)]
    assert not PerformanceScale.objects.exists()


def test_two_classes_with_one_code_are_refused(cast: Cast) -> None:
    twins = [Band("a", "A", "A", 60, None, "good"), Band("a", "B", "B", 0, 59, "bad")]

    with pytest.raises(ValidationError, match="“a”"):
        rules.add_scale("Kembar", "Uji", twins, by=cast.secretary)


# --- methods ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        (100, "75"),  # (100 + 50) / 2
        (110, "80"),  # (110 + 50) / 2
        (120, "85"),  # (120 + 50) / 2
        (None, "90"),  # (130 + 50) / 2
    ],
)
def test_the_cap_decides_what_enters_a_mean(
    cast: Cast, program: Program, scale: PerformanceScale, cap: int | None, expected: str
) -> None:
    decide(cast, program.masterplan, scale, cap=cap)

    assert stored(program).achievement == Decimal(expected)
    assert list(differences()) == []


def test_a_six_class_table_in_use_changes_the_class_shown(cast: Cast, program: Program) -> None:
    before = stored(program).class_code
    table = rules.add_scale("Enam kelas", "LKjIP", SIX_CLASSES, by=cast.secretary)

    decide(cast, program.masterplan, table)

    assert (before, stored(program).class_code) == ("medium", "good")
    assert list(differences()) == []


def test_a_method_leaves_the_years_before_it_alone(
    cast: Cast, program: Program, scale: PerformanceScale
) -> None:
    verify(cast, program, "130", year=2022)

    decide(cast, program.masterplan, scale, cap=None)

    assert stored(program, 2022).achievement == Decimal(100)
    assert stored(program, YEAR).achievement == Decimal(90)
    assert list(differences()) == []


def test_a_method_is_decided_today_and_recorded_with_its_reason(
    cast: Cast, masterplan: Masterplan, scale: PerformanceScale
) -> None:
    decide(cast, masterplan, scale, from_year=2019)

    method = decide(cast, masterplan, scale, cap=None)

    assert method.decided_on == timezone.localdate()
    line = AuditEntry.objects.about(method).get()
    assert (line.verb, line.reason) == ("set_method", "Rapat")
    assert line.details["changes"] == {"from_year": ["2019", "2023"], "cap": ["100", None]}
    assert masterplan.methods.count() == 2


def test_a_method_of_a_year_without_verified_reports_is_replaced(
    cast: Cast, masterplan: Masterplan, scale: PerformanceScale
) -> None:
    decide(cast, masterplan, scale)

    decide(cast, masterplan, scale, cap=120)

    assert masterplan.methods.get().cap == 120


@pytest.mark.parametrize("from_year", [YEAR, 2019])
def test_a_method_that_scores_verified_reports_is_not_replaced(
    cast: Cast, program: Program, scale: PerformanceScale, from_year: int
) -> None:
    decide(cast, program.masterplan, scale, from_year=from_year)

    with pytest.raises(ValidationError) as refused:
        decide(cast, program.masterplan, scale, from_year=from_year, cap=None)

    assert refused.value.message_dict == {
        "from_year": [gettext("The method of this year is already decided; choose a later year.")]
    }
    assert ScoringMethod.objects.get().cap == 100
    assert stored(program).achievement == Decimal(75)


def test_a_method_whose_years_end_before_the_reports_may_be_replaced(
    cast: Cast, program: Program, scale: PerformanceScale
) -> None:
    decide(cast, program.masterplan, scale, from_year=2019)
    decide(cast, program.masterplan, scale)

    assert decide(cast, program.masterplan, scale, from_year=2019, cap=None).cap is None


def test_the_same_method_sent_twice_is_one(
    cast: Cast, program: Program, scale: PerformanceScale
) -> None:
    method = decide(cast, program.masterplan, scale)

    assert decide(cast, program.masterplan, scale) == method
    assert AuditEntry.objects.about(method).count() == 1


# --- weights ---------------------------------------------------------------------------------


def weigh(cast: Cast, weighed: Weighed, *percents: str, from_year: int = YEAR) -> WeightSet:
    """Give the children these weights in their order; none at all: the plain mean."""
    keys = [one.key for one in weighed.children()] if percents else []
    weights = {key: Decimal(one) for key, one in zip(keys, percents, strict=True)}
    return set_weights(weighed, weights, from_year=from_year, reason="Rapat", by=cast.secretary)


@pytest.fixture
def of_program(program: Program) -> Weighed:
    return Weighed(program.masterplan, program=program)


def test_the_indicators_of_a_programme_weigh(
    cast: Cast, program: Program, of_program: Weighed
) -> None:
    weigh(cast, of_program, "80", "20")

    # 100 x 0.8 + 50 x 0.2
    assert stored(program).achievement == Decimal(90)
    assert list(differences()) == []


def test_the_programmes_of_a_dimension_weigh(cast: Cast, program: Program) -> None:
    other = factories.make_program(cast.agency)
    verify(cast, other, "95")
    dimension = program.sub_dimension.dimension

    weigh(cast, Weighed(program.masterplan, dimension=dimension), "25", "75")

    # 75 x 0.25 + 95 x 0.75
    row = DimensionYear.objects.get(dimension=dimension, year=YEAR)
    assert row.achievement == Decimal(90)
    assert list(differences()) == []


def test_the_dimensions_of_a_masterplan_weigh(cast: Cast, program: Program) -> None:
    other = factories.make_program(cast.agency, dimension="SG")
    verify(cast, other, "95")

    weigh(cast, Weighed(program.masterplan), "75", "25")

    # SG 95 x 0.75 + SL 75 x 0.25
    city = program.masterplan.city_years.get(year=YEAR)
    assert city.achievement_by_dimension == Decimal(90)
    assert list(differences()) == []


def test_the_weights_of_earlier_years_stay(
    cast: Cast, program: Program, of_program: Weighed
) -> None:
    first = of_program.children()[0].key
    other = factories.make_activity(cast.agency, program=program, year=2022, indicators=0)
    factories.make_indicator(other, year=2022)
    factories.make_entry(
        other,
        factories.make_period(year=2022),
        status=ProgressEntry.Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        actual="40",
    )
    weigh(cast, of_program, "50", "30", "20", from_year=2022)
    earlier = stored(program, 2022).achievement

    weigh(cast, of_program, "100", "0", "0", from_year=YEAR)

    assert earlier == stored(program, 2022).achievement == Decimal(40)
    assert stored(program).achievement == Decimal(100)
    before = of_program.set_of(2022)
    assert weights_of(before)[first] == Decimal(50)
    assert list(differences()) == []


def test_an_empty_set_brings_the_plain_mean_back(
    cast: Cast, program: Program, of_program: Weighed
) -> None:
    weigh(cast, of_program, "80", "20")

    made = weigh(cast, of_program)

    assert stored(program).achievement == Decimal(75)
    assert list(differences()) == []
    assert WeightSet.objects.count() == 2
    first, second = of_program.children()
    assert AuditEntry.objects.about(made).get().details["changes"] == {
        first.label: ["80", None],
        second.label: ["20", None],
    }


@pytest.mark.parametrize(
    ("percents", "total"), [(("80", "19.9"), "99,9"), (("80", "20.01"), "100,01")]
)
def test_weights_that_do_not_total_100_are_refused(
    cast: Cast, program: Program, of_program: Weighed, percents: tuple[str, str], total: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        weigh(cast, of_program, *percents)

    sentence = gettext("The weights total %(total)s %%, they must total exactly 100 %%.")
    assert refused.value.messages == [sentence % {"total": total}]
    assert not WeightSet.objects.exists()
    assert stored(program).achievement == Decimal(75)


def test_the_same_weights_sent_twice_are_one_decision(cast: Cast, of_program: Weighed) -> None:
    made = weigh(cast, of_program, "80", "20")

    assert weigh(cast, of_program, "80", "20") == made
    assert AuditEntry.objects.about(made).count() == 1


def test_weights_are_recorded_child_by_child_with_their_reason(
    cast: Cast, of_program: Weighed
) -> None:
    made = weigh(cast, of_program, "66.66", "33.34")

    line = AuditEntry.objects.about(made).get()
    first, second = of_program.children()
    assert (line.verb, line.reason) == ("set_weights", "Rapat")
    assert made.decided_on == timezone.localdate()
    assert line.details["changes"] == {
        first.label: [None, "66.66"],
        second.label: [None, "33.34"],
    }
