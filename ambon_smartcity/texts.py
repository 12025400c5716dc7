"""Text as people type it: any script, but no control characters that nobody can see."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Control characters, overrides and isolates of the writing direction, halves of a pair. The marks
# that scripts and emoji are written with (joiners, U+200E, U+200F) are none of these.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class PlainTextField(forms.CharField):
    """A longer text, kept as typed; invisible control characters are refused."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10_000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        if INVISIBLE.search(text):
            raise ValidationError(
                _("The text contains invisible control characters. Type it again or remove them.")
            )
        return text
