"""The council's figure, worked by hand."""

from decimal import Decimal

import pytest

from evaluations.scoring import WeightedScore, weighted_score


def scores(*pairs: tuple[str, str]) -> list[WeightedScore]:
    return [WeightedScore(Decimal(score), Decimal(weight)) for score, weight in pairs]


def test_scores_are_weighted_on_the_rubrics_own_scale() -> None:
    # 3 x 34 + 2.5 x 33 + 4 x 33 = 102 + 82.5 + 132 = 316.5
    assert weighted_score(scores(("3", "34"), ("2.5", "33"), ("4", "33"))) == Decimal("3.165")


def test_nothing_scored_is_none() -> None:
    assert weighted_score([]) is None


@pytest.mark.parametrize("weight", ["39", "41", "0"])
def test_weights_that_do_not_total_100_are_refused(weight: str) -> None:
    with pytest.raises(ValueError, match="WeightedScore"):
        weighted_score(scores(("3", "60"), ("3", weight)))
