"""How members' scores become one figure. Plain Python, Decimal in and out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

FULL_WEIGHT = Decimal(100)


@dataclass(frozen=True)
class WeightedScore:
    """A score on the rubric's scale and the criterion's share in percent."""

    score: Decimal
    weight: Decimal


def weighted_score(scores: Iterable[WeightedScore]) -> Decimal | None:
    """Return Σ(score x weight) / 100 on the rubric's own scale, or None if nothing was scored.

    Raises ValueError where the weights do not total 100: a missing criterion is no zero.
    """
    scores = list(scores)
    if not scores:
        return None
    if sum((one.weight for one in scores), Decimal(0)) != FULL_WEIGHT:
        raise ValueError(scores)
    return sum((one.score * one.weight for one in scores), Decimal(0)) / FULL_WEIGHT
