"""The one rounding rule of the portal."""

from decimal import ROUND_HALF_UP, Decimal


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round the way people do on paper: 0.005 becomes 0.01."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
