"""Days as people write them, and what is no day."""

from datetime import date

import pytest
from django import forms

from ambon_smartcity.days import DayField


@pytest.mark.parametrize(
    "text",
    ["28-02-2026", "28/02/2026", "2026-02-28", "28 Februari 2026", " 28 februari 2026 "],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert DayField().clean(text) == date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["02/28/2026", "31-02-2026", "29 Februari 2026", "28 Fevrier 2026", "besok", "٢٨-٠٢-٢٠٢٦ x"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="tanggal"):
        DayField().clean(text)


@pytest.mark.parametrize("text", ["31-12-1999", "01-01-2101", "0001-01-01", "9999-12-31"])
def test_a_year_nobody_means_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="antara 2000 dan 2100"):
        DayField().clean(text)
