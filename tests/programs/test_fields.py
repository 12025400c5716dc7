"""The fields for numbers: which points are read, and with which sentence others are refused."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from programs.fields import PointsField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-5", -5),
        ("\u22125", -5),
        (" -5 ", -5),
        ("-5,0", -5),
        ("-0", 0),
        ("0", 0),
        ("-100", -100),
    ],
)
def test_points_are_whole_and_at_most_zero(typed: str, meant: int) -> None:
    points = PointsField().clean(typed)

    assert points == meant
    assert isinstance(points, int)


@pytest.mark.parametrize("typed", ["-1_0", "５", "-５", "-5.0x", "1e1", "-٥", "--5", "lima"])
def test_what_is_no_number_is_quoted(typed: str) -> None:
    sentence = gettext("“%(text)s” is not a number. Write it like 1.234,5.")

    with pytest.raises(ValidationError) as refused:
        PointsField().clean(typed)

    assert refused.value.messages == [sentence % {"text": typed}]


@pytest.mark.parametrize(
    ("typed", "sentence", "values"),
    [
        ("-101", "The number must be at least %(minimum)s.", {"minimum": "-100"}),
        ("1", "The number can be at most %(maximum)s.", {"maximum": "0"}),
        ("-5,5", "Write a whole number here, without a comma.", {}),
        ("", "This field is required.", {}),
    ],
)
def test_points_beyond_their_limits_are_refused(
    typed: str, sentence: str, values: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        PointsField().clean(typed)

    assert refused.value.messages == [gettext(sentence) % values if values else gettext(sentence)]
