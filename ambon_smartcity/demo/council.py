"""The demo's answers of the council: two members of three handed theirs in."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from ambon_smartcity.demo import texts
from dimensions.models import Dimension
from evaluations.models import CriterionScore, DimensionEvaluation, Meeting


def load_evaluations(meeting: Meeting, people: Mapping[str, User]) -> None:
    """Let each member hand in what `texts.ANSWERS` holds, during the meeting."""
    evaluations = DimensionEvaluation.objects.bulk_create(
        _evaluation(meeting, dimension, people[username], minute)
        for minute, username in enumerate(texts.ANSWERS)
        for dimension in Dimension.objects.filter(code__in=texts.ANSWERS[username])
    )
    criteria = list(meeting.rubric.criteria.all())
    CriterionScore.objects.bulk_create(
        CriterionScore(evaluation=evaluation, criterion=criterion, score=score)
        for evaluation in evaluations
        for criterion, score in zip(criteria, _answer(evaluation).scores, strict=True)
    )


def _evaluation(
    meeting: Meeting, dimension: Dimension, member: User, minute: int
) -> DimensionEvaluation:
    answer = texts.ANSWERS[member.username][dimension.code]
    moment = time(11, 10 * dimension.position - 10 + minute)
    return DimensionEvaluation(
        meeting=meeting,
        dimension=dimension,
        member=member,
        status=DimensionEvaluation.Status.SUBMITTED,
        comment=answer.comment,
        recommendation=answer.recommendation,
        submitted_at=datetime.combine(meeting.held_on, moment, ZoneInfo(settings.TIME_ZONE)),
        version=1,
        is_demo=True,
    )


def _answer(evaluation: DimensionEvaluation) -> texts.Answer:
    return texts.ANSWERS[evaluation.member.username][evaluation.dimension.code]
