"""Text as people type it: any script, but no characters that nobody can see."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class PlainTextField(forms.CharField):
    """A longer text, kept as typed; control characters and broken pairs are refused."""

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
