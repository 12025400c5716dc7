"""What every chart shares: colours, elements, the room a text takes, round numbers."""

from decimal import Decimal
from itertools import accumulate
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.formats import number_format
from django.utils.safestring import SafeString

from ambon_smartcity.texts import INVISIBLE

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
PAPER = "#ffffff"

# Narrow, so that the letters stay legible when a phone scales it down.
WIDTH = 420

# Shares of the font size, measured on Inter and rounded up: nothing here can ask the font.
NARROW = frozenset("ijltfrI.,:;'|!()[]/- ")
BROAD = frozenset("mwMW%@…")
LAST_LATIN = "\u024f"


def picture(*, title: str, height: float) -> Element:
    """Begin a chart; `title` is what somebody hears who does not see it."""
    svg = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {written(height)}",
            "role": "img",
            "font-family": "Inter, sans-serif",
            "font-size": "12",
        },
    )
    SubElement(svg, "title").text = title
    return svg


def finished(svg: Element) -> SafeString:
    """Write the chart out; characters that XML forbids are left out."""
    text = INVISIBLE.sub("", tostring(svg, encoding="unicode"))
    return SafeString(text)  # nosec B703  the serializer escapes


def add(parent: Element, tag: str, **attributes: object) -> Element:
    names = {key.replace("_", "-"): written(value) for key, value in attributes.items()}
    return SubElement(parent, tag, names)


def add_text(parent: Element, words: str, **attributes: object) -> None:
    add(parent, "text", **attributes).text = words


def written(value: object) -> str:
    """Write an attribute: a decimal point and at most two decimals, whatever the language."""
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def text_width(text: str, size: float = 12) -> float:
    """Estimate the room a text takes; rather too much than too little."""
    return size * sum(_share_of_size(letter) for letter in text)


def fitted(text: str, room: float, size: float = 12) -> str:
    """Return the text, cut with an ellipsis where it would take more than `room`."""
    if text_width(text, size) <= room:
        return text
    left = room - text_width("…", size)
    ends = accumulate(size * _share_of_size(letter) for letter in text)
    return text[: sum(end <= left for end in ends)].rstrip() + "…"


def _share_of_size(letter: str) -> float:
    if letter in NARROW:
        return 0.4
    if letter in BROAD:
        return 0.9
    if letter > LAST_LATIN:
        return 1
    return 0.74 if letter.isupper() else 0.63


def round_number_from(value: Decimal) -> Decimal:
    """Return the smallest of 1, 2 and 5 times 10^n that is not below `value`; 1 for 0 and less."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(value.adjusted())
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= value)


def axis_number(value: Decimal) -> str:
    """Write a number beside an axis: in the reader's language, without trailing zeros."""
    plain = format(value.normalize(), "f")
    places = len(plain.partition(".")[2])
    return number_format(Decimal(plain), decimal_pos=places, force_grouping=True)
