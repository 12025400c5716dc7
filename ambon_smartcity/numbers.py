"""Numbers as people in Ambon type them, read strictly: one parser for forms, imports and API."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

MAX_INTEGER_DIGITS = 14
MAX_DECIMAL_DIGITS = 4
MAX_DIGITS = 15  # SQLite keeps no more of a number

# 1.234.567,89 · 1234567,89 · 12.5 (one dot that cannot be a thousands mark) · 0.125
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?", re.ASCII)
PLAIN = re.compile(r"[0-9]+(?:,[0-9]+)?", re.ASCII)
POINTED = re.compile(r"(?:[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})|0\.[0-9]{3})", re.ASCII)


class NotANumber(ValueError):
    """The text is no number; the message is a sentence that quotes it."""


def parse_decimal(text: str, *, prefix: str = "", suffix: str = "") -> Decimal:
    """Read one number; `prefix` ("Rp") and `suffix` ("%") may stand around it.

    `1.234` is 1234 and `12.5` is 12,5. Raises NotANumber for everything that is not clearly one
    number: `1.2.3`, `1,234.56`, `1_000`, `1e5`, `NaN`, other scripts' digits, too many digits.
    """
    body = text.strip()
    if prefix and body[: len(prefix)].lower() == prefix.lower():
        body = body[len(prefix) :].lstrip(". ")
    if suffix and body.endswith(suffix):
        body = body[: -len(suffix)].rstrip()
    sign = -1 if body[:1] in {"-", "−"} else 1
    body = body[1:] if sign < 0 else body
    if GROUPED.fullmatch(body) or PLAIN.fullmatch(body):
        body = body.replace(".", "").replace(",", ".")
    elif not POINTED.fullmatch(body):
        raise NotANumber(
            _("“%(text)s” is not a number. Write it like 1.234,5.") % {"text": _short(text)}
        )
    integer, _point, decimals = body.partition(".")
    if len(integer.lstrip("0")) > MAX_INTEGER_DIGITS or len(decimals) > MAX_DECIMAL_DIGITS:
        raise NotANumber(
            _(
                "“%(text)s” has too many digits: at most %(integer)d before the comma "
                "and %(decimals)d after it."
            )
            % {
                "text": _short(text),
                "integer": MAX_INTEGER_DIGITS,
                "decimals": MAX_DECIMAL_DIGITS,
            }
        )
    if len(integer.lstrip("0")) + len(decimals.rstrip("0")) > MAX_DIGITS:
        raise NotANumber(
            _("“%(text)s” has too many digits: at most %(digits)d are kept in all.")
            % {"text": _short(text), "digits": MAX_DIGITS}
        )
    return sign * Decimal(body)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
