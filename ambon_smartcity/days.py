"""A form field for days as people write them: 28-02-2026, 28/02/2026, 28 Februari 2026."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli",
    "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip
IN_WORDS = re.compile(r"([0-9]{1,2})\s+([A-Za-z]+)\s+([0-9]{4})", re.ASCII)
WRONG_YEAR = _("The year must lie between 2000 and 2100.")


class DayField(forms.DateField):
    """One day, never read month first, from 2000 to 2100."""

    default_validators = [
        MinValueValidator(date(2000, 1, 1), WRONG_YEAR),
        MaxValueValidator(date(2100, 12, 31), WRONG_YEAR),
    ]

    def to_python(self, value: Any) -> date | None:
        return super().to_python(_in_figures(value) if isinstance(value, str) else value)


def _in_figures(text: str) -> str:
    """Write a day whose month stands in words with a number instead; leave any other text."""
    words = IN_WORDS.fullmatch(text.strip())
    if words is None or words[2].lower() not in MONTHS:
        return text
    return f"{words[3]}-{MONTHS.index(words[2].lower()) + 1:02}-{int(words[1]):02}"
