"""Charts: bars as long as their values, readable without colour, harmless whatever is drawn."""

from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.utils.translation import gettext

from ambon_smartcity.charts import DIMENSION_COLOURS, INK, TRACK, Bar, bar_chart

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
