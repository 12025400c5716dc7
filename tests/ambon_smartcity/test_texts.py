"""Which texts come through, and which are refused."""

import pytest
from django.core.exceptions import ValidationError

from ambon_smartcity.texts import PlainTextField


@pytest.mark.parametrize(
    "text",
    [
        "Baris satu\nbaris dua\ttab",
        "كلمة",
        "الخطة\u200f 2024\u200e",
        "می\u200cخواهم",
        "é 漢 😀",
        "👨\u200d👩\u200d👧 ❤\ufe0f 🇮🇩",
        "a\u00a0b",
        "<script>",
        "{{ 7*7 }}",
        "=1+1",
    ],
)
def test_any_script_and_any_sign_comes_through_as_typed(text: str) -> None:
    assert PlainTextField(rows=2).clean(text) == text


@pytest.mark.parametrize("text", ["a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\ud800b"])
def test_what_nobody_can_see_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PlainTextField(rows=2).clean(text)


@pytest.mark.parametrize("sign", [0x80, 0x85, 0x9F, 0x202A, 0x202E, 0x2066, 0x2069])
def test_late_controls_and_turns_of_the_writing_direction_are_refused(sign: int) -> None:
    with pytest.raises(ValidationError):
        PlainTextField(rows=2).clean(f"a{chr(sign)}b")


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValidationError):
        PlainTextField(rows=2).clean("x" * 10_001)
