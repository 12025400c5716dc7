"""A member's answer: kept, handed in, changed until the meeting is final, never doubled."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from evaluations import services
from evaluations.models import Criterion, CriterionScore, DimensionEvaluation, Meeting
from evaluations.services import EditConflict, EvaluationContent
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    factories.make_dimension()
    return factories.make_meeting(cast.agency)


def content(meeting: Meeting, *scores: int, words: str = "") -> EvaluationContent:
    criteria = meeting.rubric.criteria.all()
    return EvaluationContent(
        {one.pk: score for one, score in zip(criteria, scores, strict=False)}, words, words
    )


def save(meeting: Meeting, cast: Cast, what: EvaluationContent, **fields: Any) -> Any:
    options: dict[str, Any] = {"version": 0, "submit": False, "by": cast.member} | fields
    return services.save_evaluation(meeting, factories.make_dimension(), what, **options)


def test_a_draft_may_be_incomplete_and_is_kept(cast: Cast, meeting: Meeting) -> None:
    evaluation = save(meeting, cast, content(meeting, 3, words="Baik"))

    assert evaluation.status == "draft"
    assert list(evaluation.scores.values_list("score", flat=True)) == [3]


def test_an_incomplete_answer_is_not_handed_in(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(Refused):
        save(meeting, cast, content(meeting, 3), submit=True)

    assert not DimensionEvaluation.objects.exists()


def test_an_answer_can_be_changed_by_handing_it_in_again_until_the_meeting_is_final(
    cast: Cast, meeting: Meeting
) -> None:
    save(meeting, cast, content(meeting, 3, 4), submit=True)
    save(meeting, cast, content(meeting, 1, 2), submit=True, version=1)
    services.finalise_meeting(meeting, by=cast.secretary)

    with pytest.raises(Refused):
        save(meeting, cast, content(meeting, 4, 4), submit=True, version=2)

    answer = DimensionEvaluation.objects.get()
    assert list(answer.scores.values_list("score", flat=True)) == [1, 2]


def test_an_answer_that_was_handed_in_does_not_fall_back_to_a_draft(
    cast: Cast, meeting: Meeting
) -> None:
    save(meeting, cast, content(meeting, 3, 4), submit=True)

    with pytest.raises(Refused):
        save(meeting, cast, content(meeting, 3, 3), version=1)


def test_two_phones_of_one_member_do_not_overwrite_each_other(cast: Cast, meeting: Meeting) -> None:
    save(meeting, cast, content(meeting, 3, 4, words="dari ponsel pertama"))

    with pytest.raises(EditConflict) as conflict:
        save(meeting, cast, content(meeting, 1, 1, words="dari ponsel kedua"))

    assert conflict.value.current.comment == "dari ponsel pertama"


def test_the_same_answer_sent_twice_is_one(cast: Cast, meeting: Meeting) -> None:
    for _ in range(2):
        save(meeting, cast, content(meeting, 3, 4), submit=True)

    assert DimensionEvaluation.objects.get().version == 1
    assert AuditEntry.objects.filter(verb="submit_evaluation").count() == 1


def test_a_hand_in_that_overtakes_its_own_draft_is_handed_in(cast: Cast, meeting: Meeting) -> None:
    save(meeting, cast, content(meeting, 3, 4, words="Sama"))

    save(meeting, cast, content(meeting, 3, 4, words="Sama"), submit=True)

    answer = DimensionEvaluation.objects.get()
    assert (answer.status, answer.version) == ("submitted", 2)
    assert answer.submitted_at
    assert AuditEntry.objects.filter(verb="submit_evaluation").count() == 1


def test_a_draft_sent_again_after_it_was_handed_in_changes_nothing(
    cast: Cast, meeting: Meeting
) -> None:
    save(meeting, cast, content(meeting, 3, 4, words="Sama"), submit=True)

    save(meeting, cast, content(meeting, 3, 4, words="Sama"))

    answer = DimensionEvaluation.objects.get()
    assert (answer.status, answer.version) == ("submitted", 1)


def test_a_score_taken_away_again_is_gone(cast: Cast, meeting: Meeting) -> None:
    save(meeting, cast, content(meeting, 3, 4))

    answer = save(meeting, cast, content(meeting, 2), version=1)

    assert list(answer.scores.values_list("score", flat=True)) == [2]


def test_a_conflict_or_refusal_leaves_the_answer_and_the_trail_as_they_were(
    cast: Cast, meeting: Meeting
) -> None:
    save(meeting, cast, content(meeting, 3, 4, words="asli"), submit=True)
    before = list(DimensionEvaluation.objects.values())
    trail = AuditEntry.objects.count()

    for what, fields in (
        (content(meeting, 1, 1, words="lain"), {"submit": True}),
        (content(meeting, 1, 1), {"version": 1}),
        (content(meeting, 1), {"version": 1, "submit": True}),
    ):
        with pytest.raises((EditConflict, Refused)):
            save(meeting, cast, what, **fields)

    assert list(DimensionEvaluation.objects.values()) == before
    assert list(CriterionScore.objects.values_list("score", flat=True)) == [3, 4]
    assert AuditEntry.objects.count() == trail


@pytest.mark.parametrize(
    ("submit", "verb"), [(False, "save_evaluation"), (True, "submit_evaluation")]
)
def test_each_saving_leaves_one_row_in_the_trail(
    cast: Cast, meeting: Meeting, submit: bool, verb: str
) -> None:
    answer = save(meeting, cast, content(meeting, 3, 4), submit=submit)

    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == (verb, cast.member, str(answer.pk))


def test_finalising_twice_is_finalising_once(cast: Cast, meeting: Meeting) -> None:
    for _ in range(2):
        meeting = services.finalise_meeting(Meeting.objects.get(), by=cast.secretary)

    assert meeting.is_finalised
    assert AuditEntry.objects.filter(verb="finalise_meeting").count() == 1


def test_the_answers_of_two_members_stand_side_by_side(cast: Cast, meeting: Meeting) -> None:
    save(meeting, cast, content(meeting, 3, 4), submit=True)
    save(meeting, cast, content(meeting, 1, 1), submit=True, by=cast.other_member)

    assert DimensionEvaluation.objects.filter(status="submitted").count() == 2


@pytest.mark.parametrize("status", ["planned", "finalised"])
def test_a_meeting_that_is_not_open_takes_no_answer(
    cast: Cast, meeting: Meeting, status: str
) -> None:
    Meeting.objects.update(status=status)

    with pytest.raises(Refused):
        save(meeting, cast, content(meeting, 3, 4))


def test_the_database_itself_refuses_a_second_answer_of_one_member(
    cast: Cast, meeting: Meeting
) -> None:
    answer = save(meeting, cast, content(meeting, 3, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        DimensionEvaluation.objects.create(
            meeting=meeting, dimension=answer.dimension, member=cast.member
        )


def test_the_database_itself_refuses_a_meeting_before_the_year_it_evaluates(
    meeting: Meeting,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.update(held_on=date(2022, 12, 31))


@pytest.mark.parametrize("weight", [0, 101, -5])
def test_the_database_itself_refuses_a_weight_that_is_no_share(
    meeting: Meeting, weight: int
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion.objects.filter(position=1).update(weight=weight)


def test_the_database_itself_refuses_a_score_below_one_and_a_second_score(
    cast: Cast, meeting: Meeting
) -> None:
    answer = save(meeting, cast, content(meeting, 3, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionScore.objects.update(score=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionScore.objects.create(
            evaluation=answer, criterion=meeting.rubric.criteria.all()[0], score=2
        )


def test_the_database_itself_refuses_a_hand_in_without_a_time(cast: Cast, meeting: Meeting) -> None:
    save(meeting, cast, content(meeting, 3, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        DimensionEvaluation.objects.update(status="submitted")
