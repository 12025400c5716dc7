"""How the portal writes numbers, money and dates. One place for pages and PDF."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ambon_smartcity.http import form_owner
from ambon_smartcity.rounding import round_half_up

register = template.Library()

NOTHING = "–"


@register.filter
def number(value: Decimal | int | None) -> str:
    """Write a number as it is: grouped, without trailing zeros."""
    if value is None:
        return NOTHING
    plain = format(Decimal(value).normalize(), "f")
    places = len(plain.partition(".")[2])
    return formats.number_format(Decimal(plain), decimal_pos=places, force_grouping=True)


@register.filter
def percent(value: Decimal | None) -> str:
    """Write a percentage with two decimals, rounded half-up: "82,94%"."""
    if value is None:
        return NOTHING
    rounded = round_half_up(value, 2)
    return f"{formats.number_format(rounded, decimal_pos=2, force_grouping=True)}%"


@register.filter
def score(value: Decimal | None) -> str:
    """Write a score with two decimals, rounded half-up: "3,17"."""
    if value is None:
        return NOTHING
    return formats.number_format(round_half_up(value, 2), decimal_pos=2)


@register.filter
def rupiah(value: int | None) -> str:
    """Write whole rupiah: "Rp 1.250.000"."""
    if value is None:
        return NOTHING
    return f"Rp {formats.number_format(value, decimal_pos=0, force_grouping=True)}"


@register.filter
def long_date(value: date | None) -> str:
    """Write "4 Juni 2024"."""
    return formats.date_format(value, "j F Y") if value else NOTHING


@register.filter
def weekday_date(value: date | None) -> str:
    """Write "Selasa, 4 Juni 2024"."""
    return formats.date_format(value, "l, j F Y") if value else NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """Write a time in the city's zone: "4 Juni 2024, 10.42 WIT"."""
    if value is None:
        return NOTHING
    return f"{formats.date_format(timezone.localtime(value), 'j F Y, G.i')} WIT"


@register.filter
def unlocalized(value: object) -> str:
    """Write a number for a machine: no grouping, a decimal point."""
    return str(value)


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """Look a key up that is only known in the template."""
    return mapping.get(key)


@register.filter
def status_letter(status: str) -> str:
    """Write a state as one letter; no two states that meet on a page share one."""
    letters = {
        "missing": pgettext("letter of a state: missing", "N"),
        "draft": pgettext("letter of a state: draft", "D"),
        "submitted": pgettext("letter of a state: submitted", "S"),
        "returned": pgettext("letter of a state: returned", "R"),
        "verified": pgettext("letter of a state: verified", "V"),
        "planned": pgettext("letter of a state: planned", "P"),
        "open": pgettext("letter of a state: open", "O"),
        "finalised": pgettext("letter of a state: finalised", "F"),
        "published": pgettext("letter of a state: published", "P"),
    }
    return letters[status]


@register.filter
def points(value: Decimal | None) -> str:
    """Write percentage points with their sign: "+1,25"."""
    if value is None:
        return NOTHING
    rounded = round_half_up(value, 2)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else "±"
    return sign + formats.number_format(abs(rounded), decimal_pos=2, force_grouping=True)


@register.filter
def roman(quarter: int) -> str:
    """Write a quarter as people do: "TW III" is the third."""
    return ("I", "II", "III", "IV")[quarter - 1]


@register.filter
def light_label(light: str) -> str:
    """Write a traffic light in words."""
    return {"green": _("on plan"), "yellow": _("behind"), "red": _("far behind")}[light]


class ClassBand(Protocol):
    """What a class needs to be written: its code and the words of its own table."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...


@register.filter
def class_label(band: ClassBand | None) -> str:
    """Write a performance class in words: the shipped ones translated, others as their table."""
    if band is None:
        return _("not rated")
    shipped = {
        "Sangat Tinggi": _("Very high"),
        "Tinggi": _("High"),
        "Sedang": _("Medium"),
        "Rendah": _("Low"),
        "Sangat Rendah": _("Very low"),
    }
    return shipped.get(band.label, band.label)


register.simple_tag(form_owner)
