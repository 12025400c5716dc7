"""The council's scores of a meeting: worked by hand, and recounted another way."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from evaluations.figures import council_scores
from evaluations.models import Criterion, CriterionScore, DimensionEvaluation, Meeting
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return factories.make_meeting(cast.agency)


def test_a_criterion_is_the_mean_of_members_and_a_dimension_their_weighted_sum(
    cast: Cast, meeting: Meeting
) -> None:
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(2, 4))

    scores = council_scores(meeting)["SL"]

    # (3 + 2) / 2 = 2.5 at 60 %, (4 + 4) / 2 = 4 at 40 %: 1.5 + 1.6
    assert [(row.title, row.weight, row.mean_score) for row in scores.criteria] == [
        ("Integrasi", Decimal(60), Decimal("2.5")),
        ("Partisipasi", Decimal(40), Decimal(4)),
    ]
    assert scores.score == Decimal("3.1")
    assert scores.answers == 2


def test_drafts_and_other_meetings_do_not_count(cast: Cast, meeting: Meeting) -> None:
    other = factories.make_meeting(cast.agency, slug="lain")
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4), comment="dihitung")
    factories.make_evaluation(
        meeting, "SL", cast.other_member, scores=(1, 1), status="draft", comment="konsep"
    )
    factories.make_evaluation(other, "SL", cast.member, scores=(1, 1), comment="rapat lain")

    scores = council_scores(meeting)["SL"]

    assert (scores.answers, scores.score) == (1, Decimal("3.4"))
    assert scores.comments == ("dihitung",)


def test_a_dimension_nobody_scored_has_no_score(cast: Cast, meeting: Meeting) -> None:
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))
    factories.make_evaluation(meeting, "SS", cast.member, scores=(1, 1), status="draft")

    assert set(council_scores(meeting)) == {"SL"}


def test_a_criterion_nobody_scored_leaves_the_dimension_without_a_figure(
    cast: Cast, meeting: Meeting
) -> None:
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))
    Criterion.objects.create(rubric=meeting.rubric, position=3, title="Baru", weight=1)

    scores = council_scores(meeting)["SL"]

    assert scores.criteria[2].mean_score is None
    assert scores.score is None


def test_words_are_told_in_the_order_of_handing_in_and_without_names(
    cast: Cast, meeting: Meeting
) -> None:
    factories.make_evaluation(
        meeting, "SL", cast.other_member, scores=(3, 4), comment="satu", recommendation="tiga"
    )
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4), comment="dua")

    scores = council_scores(meeting)["SL"]

    assert scores.comments == ("satu", "dua")
    assert scores.recommendations == ("tiga",)
    assert "Anggota" not in repr(scores)


@pytest.mark.parametrize("is_demo", [True, False])
def test_one_demo_answer_marks_the_dimension(cast: Cast, meeting: Meeting, is_demo: bool) -> None:
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4))
    answer = factories.make_evaluation(meeting, "SL", cast.other_member, scores=(3, 4))
    DimensionEvaluation.objects.filter(pk=answer.pk).update(is_demo=is_demo)

    assert council_scores(meeting)["SL"].has_demo_data is is_demo


@pytest.mark.parametrize("seed", range(3))
def test_a_recount_with_fractions_gives_the_same_figures(meeting: Meeting, seed: int) -> None:
    chance = random.Random(seed)
    Criterion.objects.filter(rubric=meeting.rubric).delete()
    for position, weight in enumerate(("33.34", "33.33", "20", "13.33"), 1):
        Criterion.objects.create(
            rubric=meeting.rubric, position=position, title=f"K{position}", weight=Decimal(weight)
        )
    for number in range(7):
        member = factories.make_user(f"anggota-{number}", Role.COUNCIL_MEMBER)
        for dimension in ("SG", "SL", "EN"):
            given = [chance.randint(1, 4) for _ in range(4)]
            status = chance.choice(["draft", "submitted", "submitted"])
            factories.make_evaluation(
                meeting, dimension, member, scores=tuple(given), status=status
            )

    figures = council_scores(meeting)

    recounted = recount(meeting)
    assert recounted
    assert {code: round(Fraction(one.score or 0), 9) for code, one in figures.items()} == {
        code: round(value, 9) for code, value in recounted.items()
    }


def recount(meeting: Meeting) -> dict[str, Fraction]:
    """Return the mean of the members' own weighted sums, read straight from the rows."""
    sums: dict[tuple[str, int], Fraction] = {}
    for row in CriterionScore.objects.filter(
        evaluation__meeting=meeting, evaluation__status="submitted"
    ).values_list("evaluation__dimension__code", "evaluation", "score", "criterion__weight"):
        code, evaluation, score, weight = row
        key = (code, evaluation)
        sums[key] = sums.get(key, Fraction(0)) + Fraction(score) * Fraction(weight) / 100
    by_code: dict[str, list[Fraction]] = {}
    for (code, _evaluation), total in sums.items():
        by_code.setdefault(code, []).append(total)
    return {code: sum(totals, Fraction(0)) / len(totals) for code, totals in by_code.items()}


def test_the_scores_take_as_many_queries_for_ten_members_as_for_one(meeting: Meeting) -> None:
    counts = []
    for number in range(10):
        member = factories.make_user(f"anggota-{number}", Role.COUNCIL_MEMBER)
        factories.make_evaluation(meeting, "SL", member, scores=(3, 4))
        with CaptureQueriesContext(connection) as queries:
            council_scores(Meeting.objects.select_related("rubric").get())
        counts.append(len(queries))

    assert set(counts) == {counts[0]}
    assert counts[0] <= 4
