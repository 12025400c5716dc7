"""Lines over time: a trend over years, or an S-curve of planned and actual."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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

PLOT_HEIGHT = 172
TOP_MARGIN = 12
AXIS_HEIGHT = 24
GRIDLINES = 4
TEXT_SIZE = 11
LEGEND_ROW = 20
LEGEND_SAMPLE = 26
MOST_LABELS = 8
MOST_LABEL_WIDTH = 84
MOST_VALUE_WIDTH = 110
LABEL_DISTANCE = 12

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One series: a value for each label (None: not reported), and each value as text."""

    label: str
    values: Sequence[Decimal | None]
    texts: Sequence[str]
    dimension: str = ""
    is_dashed: bool = False

    @property
    def colour(self) -> str:
        return DIMENSION_COLOURS.get(self.dimension, QUIET if self.is_dashed else INK)

    @property
    def last_known(self) -> int | None:
        """The place of the newest value; None if there is none."""
        known = [place for place, value in enumerate(self.values) if value is not None]
        return known[-1] if known else None


@dataclass(frozen=True)
class Plot:
    """The area the lines are drawn in, and where a value lies in it."""

    left: float
    right: float
    top: float
    places: int
    full_scale: Decimal

    @property
    def bottom(self) -> float:
        return self.top + PLOT_HEIGHT

    @property
    def spacing(self) -> float:
        return (self.right - self.left) / max(self.places - 1, 1)

    def x(self, place: int) -> float:
        if self.places == 1:
            return (self.left + self.right) / 2
        return self.left + place * self.spacing

    def y(self, value: Decimal) -> float:
        share = min(max(value / self.full_scale, Decimal(0)), Decimal(1))
        return self.bottom - PLOT_HEIGHT * float(share)

    def points(self, line: Line) -> list[Point | None]:
        return [
            None if value is None else (self.x(place), self.y(value))
            for place, value in enumerate(line.values)
        ]

    def runs(self, line: Line) -> list[list[Point]]:
        """Return the parts of a line that hang together: what is not reported breaks it."""
        runs: list[list[Point]] = [[]]
        for point in self.points(line):
            if point is None:
                runs.append([])
            else:
                runs[-1].append(point)
        return [run for run in runs if run]


def line_chart(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Line],
    full_scale: Decimal | int | None = None,
    unit: str = "",
) -> SafeString:
    """Draw lines from 0 to `full_scale` (else a round number); a value above it lies on the edge.

    `unit` follows each number of the axis as it is: "%", " km".
    """
    known = [value for line in series for value in line.values if value is not None]
    top = Decimal(full_scale or round_number_from(max(known, default=Decimal(0))))
    legend = _legend_places(series) if len(series) > 1 else []
    legend_height = LEGEND_ROW * (legend[-1][1] + 1) if legend else 0
    marks = [top * step / GRIDLINES for step in range(GRIDLINES + 1)]
    ticks = {mark: f"{axis_number(mark)}{unit}" for mark in marks}
    plot = Plot(
        left=max(24, *(text_width(text, TEXT_SIZE) for text in ticks.values())) + 8,
        right=WIDTH - _room_for_values(series),
        top=TOP_MARGIN + legend_height,
        places=len(labels),
        full_scale=top,
    )
    svg = picture(title=f"{title}: {_spoken(labels, series)}", height=plot.bottom + AXIS_HEIGHT)
    for place, (line, (x, row)) in enumerate(zip(series, legend, strict=False)):
        _draw_legend_entry(svg, line, place, x=x, y=row * LEGEND_ROW + 10)
    _draw_grid(svg, plot, ticks)
    step = _label_step(plot, labels)
    _draw_labels(svg, plot, labels, step)
    for place, line in enumerate(series):
        _draw_line(svg, plot, line, place=place, step=step)
    _draw_last_values(svg, plot, series)
    if not known:
        middle = {"x": (plot.left + plot.right) / 2, "y": (plot.top + plot.bottom) / 2}
        add_text(svg, _("not reported"), **middle, fill=QUIET, text_anchor="middle")
    return finished(svg)


def _spoken(labels: Sequence[str], series: Sequence[Line]) -> str:
    lines = []
    for line in series:
        pairs = zip(labels, line.texts, strict=True)
        lines.append(f"{line.label} " + "; ".join(f"{label} {text}" for label, text in pairs))
    return ". ".join(lines)


def _room_for_values(series: Sequence[Line]) -> float:
    """Return the right margin, so that a value beside the last place still fits."""
    widths = [
        text_width(line.texts[line.last_known], TEXT_SIZE)
        for line in series
        if line.last_known is not None
    ]
    return min(max(widths, default=0), MOST_VALUE_WIDTH) + 14


def _draw_grid(svg: Element, plot: Plot, ticks: dict[Decimal, str]) -> None:
    for mark, text in ticks.items():
        y = plot.y(mark)
        colour = QUIET if mark == 0 else LINE
        add(svg, "line", x1=plot.left - 4, y1=y, x2=plot.right + 4, y2=y, stroke=colour)
        place = {"x": plot.left - 8, "y": y + 4, "text_anchor": "end"}
        add_text(svg, text, **place, fill=QUIET, font_size=TEXT_SIZE)


def _label_step(plot: Plot, labels: Sequence[str]) -> int:
    """Return which labels are written: every one, every second, ..., so that none touch."""
    widest = max((text_width(label, TEXT_SIZE) for label in labels), default=0)
    step = -(-len(labels) // MOST_LABELS) or 1
    while step < len(labels) and step * plot.spacing < min(widest, MOST_LABEL_WIDTH) + 6:
        step += 1
    return step


def _is_labelled(place: int, places: int, step: int) -> bool:
    """Count from the newest place back, so that it always has its label."""
    return (places - 1 - place) % step == 0


def _draw_labels(svg: Element, plot: Plot, labels: Sequence[str], step: int) -> None:
    for place, label in enumerate(labels):
        if not _is_labelled(place, plot.places, step):
            continue
        text = fitted(label, MOST_LABEL_WIDTH, TEXT_SIZE)
        half = text_width(text, TEXT_SIZE) / 2
        x = min(max(plot.x(place), half), WIDTH - half)
        y = plot.bottom + 17
        add_text(svg, text, x=x, y=y, fill=INK, text_anchor="middle", font_size=TEXT_SIZE)


def _draw_line(svg: Element, plot: Plot, line: Line, *, place: int, step: int) -> None:
    for run in plot.runs(line):
        if len(run) > 1:
            path = " ".join(f"{written(x)},{written(y)}" for x, y in run)
            add(svg, "polyline", points=path, fill="none", **_stroke(line))
    points = plot.points(line)
    for at, point in enumerate(points):
        neighbours = [points[one] for one in (at - 1, at + 1) if 0 <= one < len(points)]
        is_alone = not any(neighbours)
        is_marked = plot.spacing >= 14 or _is_labelled(at, plot.places, step)
        if point and (is_marked or is_alone or at == line.last_known):
            _draw_marker(svg, point, line.colour, place)


def _stroke(line: Line) -> dict[str, object]:
    solid: dict[str, object] = {"stroke": line.colour, "stroke_width": 2}
    return {**solid, "stroke_dasharray": "6 4"} if line.is_dashed else solid


def _draw_marker(svg: Element, point: Point, colour: str, place: int) -> None:
    """Draw circle, square, diamond for the first three series; the same hollow for the next."""
    x, y = point
    paint = {
        "fill": PAPER if place // 3 % 2 else colour,
        "stroke": colour,
        "stroke_width": 1.5,
    }
    if place % 3 == 0:
        add(svg, "circle", cx=x, cy=y, r=3.2, **paint)
    elif place % 3 == 1:
        add(svg, "rect", x=x - 3, y=y - 3, width=6, height=6, **paint)
    else:
        corners = [(x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y)]
        path = " ".join(f"{written(one)},{written(other)}" for one, other in corners)
        add(svg, "polygon", points=path, **paint)


def _draw_last_values(svg: Element, plot: Plot, series: Sequence[Line]) -> None:
    """Write each newest value beside its point, clear of the lines and of each other."""
    found = []
    for line in series:
        if (last := line.last_known) is None or (value := line.values[last]) is None:
            continue
        text = fitted(line.texts[last], MOST_VALUE_WIDTH, TEXT_SIZE)
        x = plot.x(last) + 8
        width = text_width(text, TEXT_SIZE)
        found.append((_clear_of_lines(plot, series, (x, plot.y(value)), width), x, text, line))
    found.sort(key=lambda one: one[0])
    heights = _spread([one[0] for one in found], plot.bottom)
    for y, (_wanted, x, text, line) in zip(heights, found, strict=True):
        paint = {"fill": line.colour, "font_size": TEXT_SIZE, "font_weight": 600}
        add_text(svg, text, x=x, y=y + 4, **paint)


def _clear_of_lines(plot: Plot, series: Sequence[Line], start: Point, width: float) -> float:
    """Return the height nearest to the point's own where no line runs through the text."""
    x, own = start
    crossed = [
        height
        for line in series
        for run in plot.runs(line)
        for at in (x, x + width / 2, x + width)
        if (height := _height_at(run, at)) is not None
    ]
    heights = [own, own + 12, own - 12, own + 20, own - 20]
    inside = [one for one in heights if one == own or plot.top <= one <= plot.bottom - 5]
    clear = [one for one in inside if all(abs(one - height) >= 8 for height in crossed)]
    return clear[0] if clear else own


def _height_at(run: Sequence[Point], x: float) -> float | None:
    for (x1, y1), (x2, y2) in pairwise(run):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return None


def _spread(heights: Sequence[float], lowest: float) -> list[float]:
    """Push sorted heights down until they keep their distance, then up from the bottom edge."""
    spread = list(heights)
    for place in range(1, len(spread)):
        spread[place] = max(spread[place], spread[place - 1] + LABEL_DISTANCE)
    for place in reversed(range(len(spread))):
        spread[place] = min(spread[place], lowest)
        lowest = spread[place] - LABEL_DISTANCE
    return spread


def _legend_places(series: Sequence[Line]) -> list[tuple[float, int]]:
    """Return x and row of each entry, like words in a paragraph."""
    places = []
    x, row = 0.0, 0
    for line in series:
        width = LEGEND_SAMPLE + 6 + min(text_width(line.label), WIDTH / 2)
        if x and x + width > WIDTH:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += width + 14
    return places


def _draw_legend_entry(svg: Element, line: Line, place: int, *, x: float, y: float) -> None:
    add(svg, "line", x1=x, y1=y, x2=x + LEGEND_SAMPLE, y2=y, **_stroke(line))
    _draw_marker(svg, (x + LEGEND_SAMPLE / 2, y), line.colour, place)
    text = fitted(line.label, WIDTH / 2)
    add_text(svg, text, x=x + LEGEND_SAMPLE + 6, y=y + 4.5, fill=INK)
