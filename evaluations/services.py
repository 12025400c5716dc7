"""What happens to a member's evaluation and to its meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import record
from dimensions.models import Dimension
from evaluations.models import CriterionScore, DimensionEvaluation, Meeting

Status = DimensionEvaluation.Status


class EditConflict(Exception):
    """The member saved the same answer elsewhere in the meantime, as on a second phone."""

    def __init__(self, current: DimensionEvaluation) -> None:
        super().__init__(current)
        self.current = current


@dataclass(frozen=True)
class EvaluationContent:
    """Criterion id -> score on the rubric's scale, and the member's words."""

    scores: Mapping[int, int] = field(default_factory=dict)
    comment: str = ""
    recommendation: str = ""


@transaction.atomic
def save_evaluation(
    meeting: Meeting,
    dimension: Dimension,
    content: EvaluationContent,
    *,
    version: int,
    submit: bool,
    by: User,
) -> DimensionEvaluation:
    """Keep the member's answer, and hand it in if asked to; it stays editable until finalised."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    refuse_unless_open(meeting)
    evaluation, _created = DimensionEvaluation.objects.get_or_create(
        meeting=meeting, dimension=dimension, member=by, defaults={"is_demo": by.is_demo}
    )
    if evaluation.version != version:
        if not says(evaluation, content):
            raise EditConflict(evaluation)
        if not submit or evaluation.status == Status.SUBMITTED:
            return evaluation
    evaluation.comment = content.comment
    evaluation.recommendation = content.recommendation
    evaluation.version += 1
    if submit:
        _refuse_unless_complete(meeting, content)
        evaluation.status = Status.SUBMITTED
        evaluation.submitted_at = timezone.now()
    elif evaluation.status == Status.SUBMITTED:
        raise Refused(_("This evaluation was handed in. Hand it in again to change it."))
    evaluation.save()
    _save_scores(evaluation, content.scores)
    record("submit_evaluation" if submit else "save_evaluation", evaluation, by=by)
    return evaluation


def refuse_unless_open(meeting: Meeting) -> None:
    if meeting.is_finalised:
        raise Refused(_("The meeting is finalised, so evaluations can no longer be changed."))
    if not meeting.is_open:
        raise Refused(_("The meeting is not open for evaluation yet."))


def _refuse_unless_complete(meeting: Meeting, content: EvaluationContent) -> None:
    wanted = set(meeting.rubric.criteria.values_list("pk", flat=True))
    if set(content.scores) != wanted:
        raise Refused(_("Every criterion needs a score before you hand in."))


def _save_scores(evaluation: DimensionEvaluation, scores: Mapping[int, int]) -> None:
    evaluation.scores.exclude(criterion__in=scores).delete()
    CriterionScore.objects.bulk_create(
        [
            CriterionScore(evaluation=evaluation, criterion_id=criterion_id, score=score)
            for criterion_id, score in scores.items()
        ],
        update_conflicts=True,
        unique_fields=["evaluation", "criterion"],
        update_fields=["score"],
    )


def says(evaluation: DimensionEvaluation, content: EvaluationContent) -> bool:
    """Whether the answer already says exactly this: the same form sent twice is no conflict."""
    return (
        evaluation.comment == content.comment
        and evaluation.recommendation == content.recommendation
        and dict(evaluation.scores.values_list("criterion_id", "score")) == dict(content.scores)
    )


def finalise_meeting(meeting: Meeting, *, by: User) -> Meeting:
    """Close the evaluation for good. The caller holds the transaction and the lock."""
    if not meeting.is_finalised:
        meeting.status = Meeting.Status.FINALISED
        meeting.save()
        record("finalise_meeting", meeting, by=by)
    return meeting
