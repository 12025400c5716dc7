"""The council's scores of a meeting, from handed-in answers only."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from evaluations.models import CriterionScore, DimensionEvaluation, Meeting
from evaluations.scoring import WeightedScore, weighted_score
from programs.scoring import mean


@dataclass(frozen=True)
class CriterionFigures:
    """A criterion's mean score on the rubric's scale; None where nobody scored."""

    title: str
    weight: Decimal
    mean_score: Decimal | None


@dataclass(frozen=True)
class DimensionScores:
    """What the council said of one dimension, without saying who said it."""

    code: str
    answers: int
    criteria: tuple[CriterionFigures, ...]
    score: Decimal | None
    comments: tuple[str, ...]
    recommendations: tuple[str, ...]
    has_demo_data: bool


def council_scores(meeting: Meeting) -> dict[str, DimensionScores]:
    """Return dimension code -> scores: a criterion's mean over members, then the weighted sum."""
    criteria = list(meeting.rubric.criteria.all())
    evaluations = (
        meeting.evaluations.filter(status=DimensionEvaluation.Status.SUBMITTED)
        .select_related("dimension")
        .prefetch_related(Prefetch("scores", CriterionScore.objects.all()))
        .order_by("submitted_at", "pk")
    )
    grouped: dict[str, list[DimensionEvaluation]] = defaultdict(list)
    for evaluation in evaluations:
        grouped[evaluation.dimension.code].append(evaluation)
    found = {}
    for code, answers in grouped.items():
        rows = tuple(
            CriterionFigures(criterion.title, criterion.weight, _mean(answers, criterion.pk))
            for criterion in criteria
        )
        found[code] = DimensionScores(
            code=code,
            answers=len(answers),
            criteria=rows,
            score=_weighted(rows),
            comments=tuple(one.comment for one in answers if one.comment),
            recommendations=tuple(one.recommendation for one in answers if one.recommendation),
            has_demo_data=any(one.is_demo for one in answers),
        )
    return found


def _mean(answers: list[DimensionEvaluation], criterion_id: int) -> Decimal | None:
    return mean(
        Decimal(score.score)
        for answer in answers
        for score in answer.scores.all()
        if score.criterion_id == criterion_id
    )


def _weighted(rows: tuple[CriterionFigures, ...]) -> Decimal | None:
    if any(row.mean_score is None for row in rows):
        return None
    return weighted_score(
        WeightedScore(row.mean_score, row.weight) for row in rows if row.mean_score is not None
    )
