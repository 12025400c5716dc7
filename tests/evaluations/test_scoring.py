"""The council's figure, worked by hand."""

from decimal import Decimal

import pytest

from evaluations.scoring import WeightedScore, weighted_score


def scores(*pairs: tuple[str, str]) -> list[WeightedScore]:
    return [WeightedScore(Decimal(score), Decimal(weight)) for score, weight in pairs]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # 3 x 34 + 2.5 x 33 + 4 x 33 = 102 + 82.5 + 132 = 316.5
        ([("3", "34"), ("2.5", "33"), ("4", "33")], "3.165"),
        # 1 x 60 + 4 x 40 = 220
        ([("1", "60"), ("4", "40")], "2.2"),
        # 3 x 33.34 + 3 x 33.33 + 3 x 33.33: equal scores stay what they are
        ([("3", "33.34"), ("3", "33.33"), ("3", "33.33")], "3"),
        ([("4", "100")], "4"),
        # 9 x 0.01 + 1 x 99.99 = 100.08, on a scale of ten steps
        ([("9", "0.01"), ("1", "99.99")], "1.0008"),
    ],
)
def test_scores_are_weighted_on_the_rubrics_own_scale(
    given: list[tuple[str, str]], expected: str
) -> None:
    assert weighted_score(scores(*given)) == Decimal(expected)


def test_nothing_scored_is_none() -> None:
    assert weighted_score([]) is None


@pytest.mark.parametrize("weight", ["39", "41", "39.99", "40.01", "0", "-40"])
def test_weights_that_do_not_total_100_are_refused(weight: str) -> None:
    with pytest.raises(ValueError, match="WeightedScore"):
        weighted_score(scores(("3", "60"), ("3", weight)))


def test_a_criterion_left_out_is_refused_and_no_zero() -> None:
    with pytest.raises(ValueError, match="WeightedScore"):
        weighted_score(scores(("3", "60")))
