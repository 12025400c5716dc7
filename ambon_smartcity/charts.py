"""Charts as plain SVG, drawn on the server, the same in a page and in a PDF.

Only presentation attributes are used: WeasyPrint knows no page CSS inside inline SVG, and the
page's content policy allows no inline style.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# The six dimension colours, used for nothing else. Each has >= 4.5:1 against white.
DIMENSION_COLOURS = {
    "SG": "#1f5fa8",
    "SB": "#a3307e",
    "SE": "#9a5b00",
    "SS": "#6a4bb5",
    "SL": "#b3261e",
    "EN": "#2f7434",
}
INK = "#1b2733"
QUIET = "#55636f"
LINE = "#c9d3db"
TRACK = "#eef2f5"

# Narrow, so that the letters stay legible when a phone scales it down.
WIDTH = 420
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
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "font-family": "Inter, sans-serif",
            "font-size": "12",
        },
    )
    SubElement(svg, "title").text = f"{title}: " + "; ".join(
        f"{bar.label} {bar.text}" for bar in bars
    )
    _draw_axis(svg, full_scale, height)
    for place, bar in enumerate(bars):
        _draw_bar(svg, bar, top=place * ROW_HEIGHT, full_scale=full_scale)
    return SafeString(tostring(svg, encoding="unicode"))  # nosec B703  the serializer escapes


def _draw_axis(svg: Element, full_scale: int, height: int) -> None:
    for step in range(5):
        share = Decimal(step) / 4
        x = _x(share)
        _add(svg, "line", x1=x, y1=0, x2=x, y2=height - AXIS_HEIGHT + 4, stroke=LINE)
        text = _add(svg, "text", x=x, y=height - 6, fill=QUIET, text_anchor="middle", font_size=10)
        text.text = f"{full_scale * share:.0f}"


def _draw_bar(svg: Element, bar: Bar, *, top: int, full_scale: int) -> None:
    middle = top + ROW_HEIGHT / 2
    y = middle - BAR_HEIGHT / 2
    label = _add(svg, "text", x=0, y=middle + 4.5, fill=INK)
    label.text = bar.label
    track = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    _add(svg, "rect", x=LABEL_WIDTH, y=y, width=track, height=BAR_HEIGHT, fill=TRACK)
    if bar.value is None:
        nothing = _add(svg, "text", x=LABEL_WIDTH + 6, y=middle + 4.5, fill=QUIET)
        nothing.text = _("not reported")
        return
    value = _add(svg, "text", x=WIDTH, y=middle + 4.5, fill=INK, text_anchor="end", font_weight=600)
    value.text = bar.text
    share = min(max(bar.value / full_scale, Decimal(0)), Decimal(1))
    colour = DIMENSION_COLOURS.get(bar.dimension, INK)
    width = f"{track * share:.2f}"
    _add(svg, "rect", x=LABEL_WIDTH, y=y, width=width, height=BAR_HEIGHT, fill=colour)


def _x(share: Decimal) -> str:
    return f"{LABEL_WIDTH + (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * share:.2f}"


def _add(parent: Element, tag: str, **attributes: object) -> Element:
    names = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
    return SubElement(parent, tag, names)
