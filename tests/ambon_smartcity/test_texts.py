"""Which texts come through, and which are refused."""

import pytest
from django.core.exceptions import ValidationError

from ambon_smartcity.texts import PlainTextField


@pytest.mark.parametrize(
    "text", ["Baris satu\nbaris dua\ttab", "كلمة", "é 漢 😀", "<script>", "{{ 7*7 }}", "=1+1"]
)
def test_any_script_and_any_sign_comes_through_as_typed(text: str) -> None:
    assert PlainTextField(rows=2).clean(text) == text


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\ud800b"])
def test_what_nobody_can_see_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PlainTextField(rows=2).clean(text)


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValidationError):
        PlainTextField(rows=2).clean("x" * 10_001)
