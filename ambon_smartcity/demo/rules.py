"""The rules by which demo figures are spread over quarters and years. Invented, and only here."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from ambon_smartcity.rounding import round_half_up

SUM_SHARES = (10, 25, 30, 35)
LAST_SHARES = (25, 50, 75, 100)
SPENDING_SHARES = (8, 32, 63, 100)
PHYSICAL_SHARES = (10, 35, 65, 100)

# What years before the evaluated one reached of their targets, by polarity.
REACHED = {
    "maximize": {2019: "0.95", 2020: "0.80", 2021: "0.90", 2022: "0.97"},
    "minimize": {2019: "1.05", 2020: "1.20", 2021: "1.10", 2022: "1.03"},
}
SPENT_BEFORE = Decimal("0.93")


def spread(total: Decimal, shares: Sequence[int], places: int) -> list[Decimal]:
    """Divide `total` by largest remainder, the later part first where two are equal."""
    unit = Decimal(1).scaleb(-places)
    exact = [total * share / sum(shares) for share in shares]
    parts = [one.quantize(unit, ROUND_DOWN) for one in exact]
    left = int((total - sum(parts)) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], -i))
    for index in by_remainder[:left]:
        parts[index] += unit
    return parts


def path(start: Decimal, end: Decimal, places: int) -> list[Decimal]:
    """Go from last year's value to this year's in four even steps."""
    return [round_half_up(start + (end - start) * share / 100, places) for share in LAST_SHARES]


def cumulative(total: Decimal, shares: Sequence[int], places: int) -> list[Decimal]:
    """Return the running total at the end of each quarter."""
    return [round_half_up(total * share / 100, places) for share in shares]


def reached(polarity: str, year: int, target: Decimal, places: int) -> Decimal:
    """Return the demo actual of a year before the evaluated one."""
    return round_half_up(target * Decimal(REACHED[polarity][year]), places)


def decimals_of(values: Sequence[str]) -> int:
    """Return the most decimals any of the written values has."""
    return max(len(value.partition(".")[2]) for value in values)
