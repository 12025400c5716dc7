"""Charts: true to their values, readable without colour, harmless whatever is drawn."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils import translation
from django.utils.translation import gettext

from ambon_smartcity.charts import (
    DIMENSION_COLOURS,
    INK,
    PAPER,
    QUIET,
    TRACK,
    Bar,
    Line,
    Step,
    bar_chart,
    line_chart,
    waterfall_chart,
)
from ambon_smartcity.charts.drawing import fitted, round_number_from, text_width

SVG = "{http://www.w3.org/2000/svg}"


def draw(*bars: Bar, full_scale: int = 100) -> Element:
    return fromstring(bar_chart(title="Capaian", bars=bars, full_scale=full_scale))


def percent(value: str | None, dimension: str = "SG") -> Bar:
    return Bar("Smart", None if value is None else Decimal(value), f"{value}%", dimension)


def lengths(svg: Element) -> list[float]:
    """Return each bar's length as a share of its track."""
    rects = svg.findall(f"{SVG}rect")
    track = next(float(one.attrib["width"]) for one in rects if one.get("fill") == TRACK)
    return [float(one.attrib["width"]) / track for one in rects if one.get("fill") != TRACK]


def texts(svg: Element) -> list[str]:
    return [one.text or "" for one in svg.findall(f"{SVG}text")]


@pytest.mark.parametrize(
    ("value", "length"),
    [("0", 0), ("25", 0.25), ("82.94", 0.8294), ("100", 1), ("107.5", 1), ("-5", 0)],
)
def test_a_bar_is_as_long_as_its_value_and_never_longer_than_its_track(
    value: str, length: float
) -> None:
    assert lengths(draw(percent(value))) == [pytest.approx(length, abs=0.001)]


def test_the_scale_may_be_another_than_100() -> None:
    assert lengths(draw(percent("2"), full_scale=4)) == [pytest.approx(0.5, abs=0.001)]


def test_what_is_not_reported_has_no_bar_and_says_so() -> None:
    svg = draw(percent(None))

    assert lengths(svg) == []
    assert gettext("not reported") in texts(svg)


def test_label_and_value_stand_beside_the_bar() -> None:
    svg = draw(Bar("Smart Living", Decimal("87.84"), "87,84%", "SL"))

    assert {"Smart Living", "87,84%"} <= set(texts(svg))


def test_who_does_not_see_the_chart_hears_it() -> None:
    svg = draw(
        Bar("Smart Living", Decimal("87.84"), "87,84%", "SL"),
        Bar("Smart Society", Decimal("81.14"), "81,14%", "SS"),
    )

    title = svg.find(f"{SVG}title")
    assert svg.get("role") == "img"
    assert title is not None
    assert title.text == "Capaian: Smart Living 87,84%; Smart Society 81,14%"


def test_every_dimension_has_its_own_colour() -> None:
    drawn = draw(*(percent("50", code) for code in DIMENSION_COLOURS), percent("50", ""))

    fills = [one.get("fill") for one in drawn.findall(f"{SVG}rect") if one.get("fill") != TRACK]
    assert fills == [*DIMENSION_COLOURS.values(), INK]
    assert len(set(fills)) == 7


def test_what_somebody_typed_is_drawn_as_text() -> None:
    svg = draw(Bar("<script>alert(1)</script>", Decimal(5), "“5” & <b>", "SG"))

    assert "<script>alert(1)</script>" in texts(svg)
    assert not [one for one in svg.iter() if one.tag.endswith("script")]


def test_no_inline_style_is_used() -> None:
    svg = draw(percent("50"), percent(None))

    assert not [one for one in svg.iter() if "style" in one.attrib or one.tag.endswith("style")]


def test_bars_stand_below_each_other_inside_the_picture() -> None:
    svg = draw(*(percent("50") for _number in range(6)))

    height = float(svg.attrib["viewBox"].split()[3])
    tops = [float(one.attrib["y"]) for one in svg.findall(f"{SVG}rect") if one.get("fill") == TRACK]
    assert tops == sorted(set(tops))
    assert tops[-1] < height


def test_a_chart_without_bars_is_still_a_picture() -> None:
    assert lengths_or_none(draw()) == []


def lengths_or_none(svg: Element) -> list[float]:
    return lengths(svg) if svg.findall(f"{SVG}rect") else []


# Lines. Without a legend the plot is 172 high, from y 12 (full scale) to y 184 (0).


def line(
    *values: str | None, label: str = "Kota", dimension: str = "", is_dashed: bool = False
) -> Line:
    return Line(
        label,
        [None if value is None else Decimal(value) for value in values],
        ["–" if value is None else f"{value}%" for value in values],
        dimension,
        is_dashed,
    )


def draw_lines(*series: Line, labels: Sequence[str] | None = None, **options: Any) -> Element:
    if labels is None:
        labels = [str(2019 + number) for number in range(len(series[0].values))]
    return fromstring(line_chart(title="Tren", labels=labels, series=series, **options))


def paths(svg: Element) -> list[list[tuple[float, float]]]:
    """Return the points of each unbroken part of a line."""
    return [
        [
            (float(x), float(y))
            for x, y in (pair.split(",") for pair in one.attrib["points"].split())
        ]
        for one in svg.findall(f"{SVG}polyline")
    ]


def tags(svg: Element) -> dict[str, float]:
    """Return each value written beside a point, and how far down it stands."""
    return {
        one.text or "": float(one.attrib["y"])
        for one in svg.findall(f"{SVG}text")
        if one.get("font-weight") == "600"
    }


def test_a_line_runs_through_its_values() -> None:
    [path] = paths(draw_lines(line("0", "50", "100"), full_scale=100))

    assert [y for _x, y in path] == [184, 98, 12]
    assert path[1][0] - path[0][0] == pytest.approx(path[2][0] - path[1][0], abs=0.02)


def test_a_value_outside_the_scale_lies_on_its_edge() -> None:
    [path] = paths(draw_lines(line("107.5", "-5"), full_scale=100))

    assert [y for _x, y in path] == [12, 184]


def test_what_is_not_reported_breaks_the_line_and_is_never_drawn_as_0() -> None:
    svg = draw_lines(line("40", "50", None, "60", "70"), full_scale=100)

    assert [len(path) for path in paths(svg)] == [2, 2]
    assert len(svg.findall(f"{SVG}circle")) == 4
    assert all(float(one.attrib["cy"]) < 184 for one in svg.findall(f"{SVG}circle"))


def test_a_value_between_two_gaps_is_still_seen() -> None:
    svg = draw_lines(line("40", "50", None, "60", None), full_scale=100)

    assert [len(path) for path in paths(svg)] == [2]
    assert len(svg.findall(f"{SVG}circle")) == 3


def test_among_many_places_a_lone_value_and_the_newest_are_still_marked() -> None:
    values: list[str | None] = ["10"] * 60
    values[20], values[22], values[50:] = None, None, [None] * 10
    svg = draw_lines(line(*values), full_scale=100)

    [before, after] = paths(svg)
    marked = {float(one.attrib["cx"]) for one in svg.findall(f"{SVG}circle")}
    alone = [x for x in marked if before[-1][0] < x < after[0][0]]
    assert len(alone) == 1
    assert after[-1][0] in marked
    assert len(marked) < 12


def test_a_single_place_stands_in_the_middle() -> None:
    svg = draw_lines(line("3"), labels=["2025"], full_scale=4)

    [circle] = svg.findall(f"{SVG}circle")
    assert paths(svg) == []
    assert float(circle.attrib["cy"]) == 55


def test_series_differ_without_colour() -> None:
    series = [line("10", "20", label=f"Seri {number}") for number in range(6)]
    svg = draw_lines(*series, full_scale=100)

    shapes = {
        (one.tag, one.get("fill"))
        for kind in ("circle", "rect", "polygon")
        for one in svg.findall(f"{SVG}{kind}")
    }
    assert shapes == {
        (f"{SVG}{kind}", fill) for kind in ("circle", "rect", "polygon") for fill in (INK, PAPER)
    }


def test_a_plan_is_dashed_and_what_happened_is_solid() -> None:
    svg = draw_lines(
        line("10", "20", label="Rencana", is_dashed=True), line("5", None, label="Realisasi")
    )

    [plan] = svg.findall(f"{SVG}polyline")
    assert plan.get("stroke-dasharray")
    assert (plan.get("stroke"), plan.get("fill")) == (QUIET, "none")


def test_a_line_has_the_colour_of_its_dimension() -> None:
    [path] = draw_lines(line("10", "20", dimension="SL")).findall(f"{SVG}polyline")

    assert path.get("stroke") == DIMENSION_COLOURS["SL"]


def test_the_newest_known_value_is_written_beside_its_point() -> None:
    svg = draw_lines(line("40", "50", None), full_scale=100)

    assert tags(svg) == {"50%": 102}


def test_values_side_by_side_never_overlap() -> None:
    svg = draw_lines(
        *(line("50", value) for value in ("70", "71", "72", "0", "0.5", "1")), full_scale=100
    )

    heights = sorted(tags(svg).values())
    assert len(heights) == 6
    assert all(lower - upper >= 12 for upper, lower in pairwise(heights))
    assert heights[-1] <= float(svg.attrib["viewBox"].split()[3]) - 20
    ordered = sorted(tags(svg), key=tags(svg).__getitem__)
    assert ordered == ["72%", "71%", "70%", "1%", "0.5%", "0%"]


def test_a_value_in_the_middle_is_not_crossed_by_another_line() -> None:
    svg = draw_lines(
        line("50", "50", "50", "50", label="Rencana"), line("48", "49", None, None), full_scale=100
    )

    [plan, _actual] = paths(svg)
    assert abs((tags(svg)["49%"] - 4) - plan[0][1]) >= 8


@pytest.mark.parametrize(
    ("greatest", "top"),
    [("82.1", "100%"), ("100", "100%"), ("101", "200%"), ("3.2", "5%"), ("1250", "2.000%")],
)
def test_without_a_scale_the_axis_ends_at_a_round_number(greatest: str, top: str) -> None:
    with translation.override("id"):
        svg = draw_lines(line("1", greatest), unit="%")

    ticks = [one.text for one in svg.findall(f"{SVG}text") if one.get("text-anchor") == "end"]
    assert (ticks[0], ticks[-1], len(ticks)) == ("0%", top, 5)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0", "1"), ("-3", "1"), ("0.013", "0.02"), ("1", "1"), ("2.01", "5"), ("5.1", "10")],
)
def test_round_numbers_are_1_2_and_5_times_a_power_of_ten(value: str, rounded: str) -> None:
    assert round_number_from(Decimal(value)) == Decimal(rounded)


def test_the_axis_is_written_in_the_language_of_the_reader() -> None:
    with translation.override("id"):
        indonesian = texts(draw_lines(line("4.5", "5")))
    with translation.override("en"):
        english = texts(draw_lines(line("4.5", "5")))

    assert "1,25" in indonesian
    assert "1.25" in english


@pytest.mark.parametrize(("count", "written"), [(1, 1), (8, 8), (9, 5), (12, 6), (52, 8)])
def test_more_than_eight_labels_are_thinned_and_the_newest_stays(count: int, written: int) -> None:
    labels = [f"M{number}" for number in range(count)]
    shown = [one for one in texts(draw_lines(line(*["1"] * count), labels=labels)) if one in labels]

    assert len(shown) <= 8
    assert len(shown) == pytest.approx(written, abs=1)
    assert shown[-1] == labels[-1]


def test_long_labels_are_thinned_before_they_touch_and_stay_in_the_picture() -> None:
    labels = [f"Triwulan {number} 2025" for number in range(1, 7)]
    svg = draw_lines(line(*["1"] * 6), labels=labels)

    shown = [one for one in svg.findall(f"{SVG}text") if one.get("text-anchor") == "middle"]
    spans = [
        (float(one.attrib["x"]) - half, float(one.attrib["x"]) + half)
        for one in shown
        if (half := text_width(one.text or "", 11) / 2)
    ]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert spans[0][0] >= 0
    assert spans[-1][1] <= 420


def test_a_legend_comes_with_the_second_series() -> None:
    alone = draw_lines(line("1", "2", label="Rencana"))
    both = draw_lines(line("1", "2", label="Rencana"), line("1", "2", label="Realisasi"))

    assert "Rencana" not in texts(alone)
    assert {"Rencana", "Realisasi"} <= set(texts(both))


def test_a_long_legend_continues_on_the_next_row_inside_the_picture() -> None:
    names = ["Smart Governance", "Smart Branding", "Smart Economy", "Smart Society", "x" * 500]
    svg = draw_lines(*(line("1", "2", label=name) for name in names))

    entries = [
        one for one in svg.findall(f"{SVG}text") if (one.text or "")[:5] in {"Smart", "xxxxx"}
    ]
    ends = [float(one.attrib["x"]) + text_width(one.text or "") for one in entries]
    assert len(entries) == 5
    assert len({one.attrib["y"] for one in entries}) > 1
    assert max(ends) <= 420


def test_who_does_not_see_the_lines_hears_every_value() -> None:
    svg = draw_lines(
        line("82.1", None, label="Rencana"), line("80", "81", label="Realisasi"), full_scale=100
    )

    title = svg.find(f"{SVG}title")
    assert svg.get("role") == "img"
    assert title is not None
    assert title.text == "Tren: Rencana 2019 82.1%; 2020 –. Realisasi 2019 80%; 2020 81%"


def test_lines_of_which_nothing_is_reported_say_so() -> None:
    svg = draw_lines(line(None, None), full_scale=100)

    assert gettext("not reported") in texts(svg)
    assert not svg.findall(f"{SVG}circle")
    assert tags(svg) == {}


def test_a_series_must_have_a_value_for_each_label() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw_lines(line("1", "2"), labels=["2024"])


# Waterfalls. The track begins at x 150 and is 208 long.


def step(points: str, label: str = "Program") -> Step:
    return Step(label, Decimal(points), f"{Decimal(points):+}")


def mean(value: str | None, dimension: str = "") -> Bar:
    return Bar("Rata-rata", None if value is None else Decimal(value), f"{value}%", dimension)


def draw_waterfall(start: str | None, steps: Sequence[Step], end: str | None) -> Element:
    return fromstring(
        waterfall_chart(title="Perubahan", start=mean(start), steps=steps, end=mean(end))
    )


def spans(svg: Element) -> list[tuple[float, float]]:
    """Return where the bar of each row begins and ends."""
    bars = [row.find(f"{SVG}rect") for row in svg.findall(f"{SVG}g")]
    return [
        (float(bar.attrib["x"]), float(bar.attrib["x"]) + float(bar.attrib["width"]))
        for bar in bars
        if bar is not None
    ]


def axis(svg: Element) -> list[str]:
    return texts(svg)


def test_each_step_begins_where_the_one_before_ended() -> None:
    # From 0 to 100 the track has 2.08 for each point.
    svg = draw_waterfall("40", [step("50"), step("-20")], "70")

    assert axis(svg) == ["0", "20", "40", "60", "80", "100"]
    assert spans(svg) == [
        pytest.approx((150, 233.2), abs=0.02),
        pytest.approx((233.2, 337.2), abs=0.02),
        pytest.approx((295.6, 337.2), abs=0.02),
        pytest.approx((150, 295.6), abs=0.02),
    ]


def test_small_steps_are_shown_large_and_the_axis_says_where_it_begins() -> None:
    # From 80.5 to 83.5.
    with translation.override("id"):
        svg = draw_waterfall("81.14", [step("2"), step("-0.87")], "82.27")

    assert axis(svg) == ["80,5", "81", "81,5", "82", "82,5", "83", "83,5"]
    assert spans(svg)[0] == pytest.approx((150, 150 + 208 * 0.64 / 3), abs=0.02)
    assert spans(svg)[1][1] - spans(svg)[1][0] == pytest.approx(208 * 2 / 3, abs=0.02)


def test_numbers_below_the_axis_never_touch() -> None:
    svg = draw_waterfall("1250000000", [step("30000000")], "1280000000")

    assert len(axis(svg)) < len(svg.findall(f"{SVG}line")) - 2
    assert 208 / len(axis(svg)) > 60


def test_a_mean_below_0_stands_on_the_other_side_of_0() -> None:
    # From -15 to 10, so that 0 lies at three fifths of the track.
    svg = draw_waterfall("10", [step("-20")], "-10")

    zero = 150 + 208 * 3 / 5
    assert axis(svg) == ["-15", "-10", "-5", "0", "5", "10"]
    assert spans(svg) == [
        pytest.approx((zero, 358), abs=0.02),
        pytest.approx((150 + 208 / 5, 358), abs=0.02),
        pytest.approx((150 + 208 / 5, zero), abs=0.02),
    ]


def test_rising_is_filled_and_falling_is_hatched() -> None:
    svg = draw_waterfall("40", [step("50"), step("-20")], "70")

    _start, rise, fall, _end = svg.findall(f"{SVG}g")
    filled, outlined = rise.find(f"{SVG}rect"), fall.find(f"{SVG}rect")
    assert filled is not None
    assert outlined is not None
    assert (filled.get("fill"), rise.find(f"{SVG}path")) == (QUIET, None)
    assert (outlined.get("fill"), outlined.get("stroke")) == (PAPER, QUIET)
    assert fall.find(f"{SVG}path") is not None
    assert {"+50", "-20"} <= {one.text for one in svg.iter(f"{SVG}text")}


def test_the_hatching_stays_inside_its_bar() -> None:
    svg = draw_waterfall("40", [step("50"), step("-20")], "70")

    fall = svg.findall(f"{SVG}g")[2]
    bar, hatch = fall.find(f"{SVG}rect"), fall.find(f"{SVG}path")
    assert bar is not None
    assert hatch is not None
    left, top = float(bar.attrib["x"]), float(bar.attrib["y"])
    points = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", hatch.attrib["d"])
    assert points
    assert all(-0.01 <= float(x) - left <= float(bar.attrib["width"]) + 0.01 for x, _y in points)
    assert all(-0.01 <= float(y) - top <= 15.01 for _x, y in points)


def test_a_step_of_0_is_still_seen() -> None:
    begin, finish = spans(draw_waterfall("40", [step("0")], "40"))[1]

    assert finish - begin == 1


def test_a_waterfall_without_steps_is_two_bars() -> None:
    svg = draw_waterfall("81", [], "81")

    assert len(svg.findall(f"{SVG}g")) == len(spans(svg)) == 2
    assert axis(svg)[0] == "0"


def test_a_mean_that_is_not_known_has_no_bar_and_the_steps_are_counted_back() -> None:
    svg = draw_waterfall(None, [step("50")], "90")

    start = svg.findall(f"{SVG}g")[0]
    assert start.find(f"{SVG}rect") is None
    assert gettext("not reported") in {one.text for one in start.findall(f"{SVG}text")}
    assert [one[1] for one in spans(svg)] == pytest.approx([337.2, 337.2], abs=0.02)


def test_a_long_label_is_cut_and_kept_whole_in_the_title_of_its_row() -> None:
    name = "Indeks Kualitas Lingkungan Hidup Kota Ambon"
    svg = draw_waterfall("40", [step("1", name)], "41")

    row = svg.findall(f"{SVG}g")[1]
    title, label = row.find(f"{SVG}title"), row.find(f"{SVG}text")
    assert title is not None
    assert label is not None
    assert title.text == f"{name} +1"
    assert label.text is not None
    assert label.text.endswith("…")
    assert name.startswith(label.text[:-1])


def test_who_does_not_see_the_waterfall_hears_it() -> None:
    title = draw_waterfall("40", [step("50", "A"), step("-20", "B")], "70").find(f"{SVG}title")

    assert title is not None
    assert title.text == "Perubahan: Rata-rata 40%; A +50; B -20; Rata-rata 70%"


def test_a_waterfall_has_no_more_rows_than_it_was_given() -> None:
    svg = draw_waterfall("40", [step("1")] * 4, "44")

    assert len(svg.findall(f"{SVG}g")) == 6
    assert svg.attrib["viewBox"] == "0 0 420 178"


@pytest.mark.parametrize("text", ["", "pas", "W" * 9, "i" * 300, "汉" * 40, "<b>" * 50])
def test_a_text_is_cut_to_its_room_and_no_further(text: str) -> None:
    assert text_width(fitted(text, 100)) <= 100
    assert fitted(text, text_width(text)) == text


# Every chart.

HOSTILE = "</title><script>alert(1)</script>\x00\x0b\ud800 “&” 'x' \"y\""


def hostile_charts() -> list[str]:
    value = Decimal("12.345")
    bar = Bar(HOSTILE, value, HOSTILE, HOSTILE)
    lines = [Line(HOSTILE, [value, None], [HOSTILE, HOSTILE], HOSTILE)] * 2
    steps = [Step(HOSTILE, sign * value, HOSTILE) for sign in (1, -1)]
    return [
        bar_chart(title=HOSTILE, bars=[bar], full_scale=100),
        line_chart(title=HOSTILE, labels=[HOSTILE] * 2, series=lines, unit=HOSTILE),
        waterfall_chart(title=HOSTILE, start=bar, steps=steps, end=bar),
    ]


@pytest.mark.parametrize("chart", hostile_charts(), ids=["bars", "lines", "waterfall"])
def test_whatever_somebody_typed_the_chart_is_sound_and_harmless(chart: str) -> None:
    svg = fromstring(chart)

    drawn = list(svg.iter())
    assert {one.tag.removeprefix(SVG) for one in drawn} <= {
        *("svg", "title", "g", "text", "line", "rect", "circle", "polyline", "path"),
    }
    assert not [name for one in drawn for name in one.attrib if name in {"id", "style", "class"}]
    assert "alert(1)" in (svg.findtext(f"{SVG}title") or "")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["lines", "waterfall"])
def test_numbers_for_the_machine_have_a_point_and_at_most_two_decimals(
    language: str, kind: str
) -> None:
    with translation.override(language):
        svg = (
            draw_lines(line("1.23456", "1234.5678", None), line("7", "0.333", "1"))
            if kind == "lines"
            else draw_waterfall("81.1357", [step("1.23456"), step("-0.777")], "81.59326")
        )

    worded = {"fill", "stroke", "text-anchor", "role", "font-family"}
    values = [
        number
        for one in svg.iter()
        for name, value in one.attrib.items()
        if name not in worded
        for number in re.split(r"[ ,ML]+", value)
        if number
    ]
    assert len(values) > 50
    assert [one for one in values if not re.fullmatch(r"-?\d+(\.\d{1,2})?", one)] == []
