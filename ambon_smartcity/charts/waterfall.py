"""A waterfall: from the old mean, step by step, to the new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import ceil
from xml.etree.ElementTree import Element, SubElement

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ambon_smartcity.charts.bars import AXIS_HEIGHT, BAR_HEIGHT, ROW_HEIGHT, VALUE_WIDTH, Bar
from ambon_smartcity.charts.drawing import (
    DIMENSION_COLOURS,
    INK,
    LINE,
    PAPER,
    QUIET,
    WIDTH,
    add,
    add_text,
    axis_number,
    finished,
    fitted,
    picture,
    round_number_from,
    text_width,
    written,
)

# Wider than beside bars: a step is named after a programme or an indicator.
LABEL_WIDTH = 150
TRACK_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH
HATCH_DISTANCE = 5
MOST_INTERVALS = 5


@dataclass(frozen=True)
class Step:
    """What moved the mean: its label, by how many points, and that with its sign ("+1,25")."""

    label: str
    points: Decimal
    text: str


@dataclass(frozen=True)
class Scale:
    """The range of the axis and its marks."""

    marks: Sequence[Decimal]

    def x(self, value: Decimal) -> float:
        low, high = self.marks[0], self.marks[-1]
        share = min(max((value - low) / (high - low), Decimal(0)), Decimal(1))
        return LABEL_WIDTH + TRACK_WIDTH * float(share)


def waterfall_chart(*, title: str, start: Bar, steps: Sequence[Step], end: Bar) -> SafeString:
    """Draw the old mean, what raised (filled) or lowered it (hatched), and the new mean."""
    totals = _running_totals(start, steps, end)
    values = [*totals, *(bar.value for bar in (start, end) if bar.value is not None)]
    scale = _scale(min(values), max(values))
    rows: list[Bar | Step] = [start, *steps, end]
    height = len(rows) * ROW_HEIGHT + AXIS_HEIGHT
    spoken = "; ".join(f"{row.label} {row.text}" for row in rows)
    svg = picture(title=f"{title}: {spoken}", height=height)
    _draw_axis(svg, scale, height)
    known = [start.value is not None, *(True for _step in steps), end.value is not None]
    for place, (total, ends) in enumerate(zip(totals, pairwise(known), strict=True)):
        if all(ends):
            _draw_link(svg, scale.x(total), below=place)
    _draw_mean(_row(svg, start, place=0), start, scale, place=0)
    for place, (step, (before, after)) in enumerate(zip(steps, pairwise(totals), strict=True), 1):
        row = _row(svg, step, place=place)
        _draw_step(row, scale.x(before), scale.x(after), place=place, is_rise=step.points >= 0)
    _draw_mean(_row(svg, end, place=len(rows) - 1), end, scale, place=len(rows) - 1)
    return finished(svg)


def _running_totals(start: Bar, steps: Sequence[Step], end: Bar) -> list[Decimal]:
    """Return the mean before the first step and after each; counted back if no start is known."""
    total = start.value
    if total is None:
        moved = sum((step.points for step in steps), Decimal(0))
        total = Decimal(0) if end.value is None else end.value - moved
    totals = [total]
    for step in steps:
        totals.append(totals[-1] + step.points)
    return totals


def _scale(low: Decimal, high: Decimal) -> Scale:
    """Choose a range that shows the steps: from 0 only if they are not small beside it."""
    span = high - low
    if low > 0 and (span == 0 or span * 2 >= high):
        low = Decimal(0)
    elif span == 0:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    elif low != 0:
        low = low - span / 8 if low < 0 else max(low - span / 8, Decimal(0))
    mark = round_number_from((high - low) / MOST_INTERVALS)
    first = (low / mark).to_integral_value(ROUND_FLOOR)
    last = max((high / mark).to_integral_value(ROUND_CEILING), first + 1)
    return Scale([mark * number for number in range(int(first), int(last) + 1)])


def _draw_axis(svg: Element, scale: Scale, height: int) -> None:
    words = [axis_number(mark) for mark in scale.marks]
    widest = max(text_width(one, 10) for one in words)
    step = ceil((widest + 4) * (len(words) - 1) / TRACK_WIDTH)
    for place, (mark, text) in enumerate(zip(scale.marks, words, strict=True)):
        x = scale.x(mark)
        add(svg, "line", x1=x, y1=0, x2=x, y2=height - AXIS_HEIGHT + 4, stroke=LINE)
        if place % step == 0:
            add_text(svg, text, x=x, y=height - 6, fill=QUIET, text_anchor="middle", font_size=10)


def _draw_link(svg: Element, x: float, *, below: int) -> None:
    """Draw where one row's total is taken over by the next."""
    top = below * ROW_HEIGHT + (ROW_HEIGHT + BAR_HEIGHT) / 2
    add(svg, "line", x1=x, y1=top, x2=x, y2=top + ROW_HEIGHT - BAR_HEIGHT, stroke=QUIET)


def _row(svg: Element, row: Bar | Step, *, place: int) -> Element:
    group = SubElement(svg, "g")
    SubElement(group, "title").text = f"{row.label} {row.text}"
    baseline = (place + 0.5) * ROW_HEIGHT + 4.5
    weight = 600 if isinstance(row, Bar) else 400
    label = fitted(row.label, LABEL_WIDTH - 8)
    add_text(group, label, x=0, y=baseline, fill=INK, font_weight=weight)
    text = fitted(row.text, VALUE_WIDTH - 4)
    add_text(group, text, x=WIDTH, y=baseline, fill=INK, text_anchor="end", font_weight=600)
    return group


def _draw_mean(row: Element, mean: Bar, scale: Scale, *, place: int) -> None:
    top = _top(place)
    if mean.value is None:
        add_text(row, _("not reported"), x=LABEL_WIDTH + 6, y=top + 12, fill=QUIET)
        return
    foot, tip = sorted((scale.x(Decimal(0)), scale.x(mean.value)))
    colour = DIMENSION_COLOURS.get(mean.dimension, INK)
    add(row, "rect", x=foot, y=top, width=tip - foot, height=BAR_HEIGHT, fill=colour)


def _draw_step(row: Element, before: float, after: float, *, place: int, is_rise: bool) -> None:
    left, width = min(before, after), max(abs(after - before), 1)
    box = {"x": left, "y": _top(place), "width": width, "height": BAR_HEIGHT}
    if is_rise:
        add(row, "rect", **box, fill=QUIET)
        return
    add(row, "rect", **box, fill=PAPER, stroke=QUIET)
    if hatch := _hatch(left, _top(place), width):
        add(row, "path", d=hatch, fill="none", stroke=QUIET)


def _hatch(left: float, top: float, width: float) -> str:
    """Return slanted strokes cut to the bar; a pattern would need an id."""
    strokes = []
    for start in range(HATCH_DISTANCE, int(width) + BAR_HEIGHT, HATCH_DISTANCE):
        x1, x2 = max(start - BAR_HEIGHT, 0), min(start, width)
        y1, y2 = min(start, BAR_HEIGHT), start - x2
        strokes.append(
            f"M{written(left + x1)},{written(top + y1)}L{written(left + x2)},{written(top + y2)}"
        )
    return "".join(strokes)


def _top(place: int) -> float:
    return place * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2
