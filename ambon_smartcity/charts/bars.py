"""Horizontal bars from 0, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ambon_smartcity.charts.drawing import (
    DIMENSION_COLOURS,
    INK,
    LINE,
    QUIET,
    TRACK,
    WIDTH,
    add,
    add_text,
    finished,
    picture,
)

LABEL_WIDTH = 122
VALUE_WIDTH = 62
ROW_HEIGHT = 26
BAR_HEIGHT = 15
AXIS_HEIGHT = 22


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its value (None: not reported), the value as text, a dimension code."""

    label: str
    value: Decimal | None
    text: str
    dimension: str = ""


def bar_chart(*, title: str, bars: Sequence[Bar], full_scale: int) -> SafeString:
    """Draw horizontal bars from 0 to `full_scale`; a value above it fills the track."""
    height = len(bars) * ROW_HEIGHT + AXIS_HEIGHT
    spoken = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    svg = picture(title=f"{title}: {spoken}", height=height)
    _draw_axis(svg, full_scale, height)
    for place, bar in enumerate(bars):
        _draw_bar(svg, bar, top=place * ROW_HEIGHT, full_scale=full_scale)
    return finished(svg)


def _draw_axis(svg: Element, full_scale: int, height: int) -> None:
    for step in range(5):
        share = Decimal(step) / 4
        x = _x(share)
        add(svg, "line", x1=x, y1=0, x2=x, y2=height - AXIS_HEIGHT + 4, stroke=LINE)
        words = f"{full_scale * share:.0f}"
        add_text(svg, words, x=x, y=height - 6, fill=QUIET, text_anchor="middle", font_size=10)


def _draw_bar(svg: Element, bar: Bar, *, top: int, full_scale: int) -> None:
    middle = top + ROW_HEIGHT / 2
    y = middle - BAR_HEIGHT / 2
    baseline = middle + 4.5
    add_text(svg, bar.label, x=0, y=baseline, fill=INK)
    track = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    add(svg, "rect", x=LABEL_WIDTH, y=y, width=track, height=BAR_HEIGHT, fill=TRACK)
    if bar.value is None:
        add_text(svg, _("not reported"), x=LABEL_WIDTH + 6, y=baseline, fill=QUIET)
        return
    add_text(svg, bar.text, x=WIDTH, y=baseline, fill=INK, text_anchor="end", font_weight=600)
    share = min(max(bar.value / full_scale, Decimal(0)), Decimal(1))
    colour = DIMENSION_COLOURS.get(bar.dimension, INK)
    width = f"{track * share:.2f}"
    add(svg, "rect", x=LABEL_WIDTH, y=y, width=width, height=BAR_HEIGHT, fill=colour)


def _x(share: Decimal) -> str:
    return f"{LABEL_WIDTH + (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * share:.2f}"
