"""Every formula of the portal's figures. Plain Python, Decimal in and out, None for "not known".

Sources: docs/formulas.md. Percentages run from 0 upward and are kept unrounded; rounding is
half-up and happens where a number is shown or classed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ambon_smartcity.rounding import round_half_up

HUNDRED = Decimal(100)
DEFAULT_CAP = HUNDRED


class Polarity(StrEnum):
    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"
    STABILIZE = "stabilize"


class Aggregation(StrEnum):
    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    MAX = "max"


def achievement(
    polarity: Polarity, target: Decimal | None, actual: Decimal | None
) -> Decimal | None:
    """Return the achievement (capaian) in percent, never below 0 and not capped above.

    None where nothing was reported, no target was set, or a positive target is 0. Formulas:
    LKjIP Kab. Maluku Tengah 2021 (R/T and (2T-R)/T); stabilize: 100 - |R-T|/T.
    """
    if target is None or actual is None:
        return None
    if target == 0:
        if polarity is Polarity.MAXIMIZE:
            return None
        return HUNDRED if actual == 0 else Decimal(0)
    if polarity is Polarity.MAXIMIZE:
        percent = actual / target * HUNDRED
    elif polarity is Polarity.MINIMIZE:
        percent = (2 * target - actual) / target * HUNDRED
    else:
        percent = HUNDRED - abs(actual - target) / target * HUNDRED
    return max(percent, Decimal(0))


def capped(percent: Decimal | None, cap: Decimal | None = DEFAULT_CAP) -> Decimal | None:
    """Return what enters an average: at most `cap` percent (None: no cap)."""
    if percent is None or cap is None:
        return percent
    return min(percent, cap)


def roll_up(aggregation: Aggregation, values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the year's value from the quarters' in order; None where no quarter reported."""
    reported = [value for value in values if value is not None]
    if not reported:
        return None
    if aggregation is Aggregation.SUM:
        return sum(reported, Decimal(0))
    if aggregation is Aggregation.LAST:
        return reported[-1]
    if aggregation is Aggregation.MAX:
        return max(reported)
    return sum(reported, Decimal(0)) / len(reported)


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the plain mean of what is known, or None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def absorption(spent: Decimal | int | None, budget: Decimal | int | None) -> Decimal | None:
    """Return the absorption (serapan) in percent of the budget; None without a budget or report."""
    if spent is None or not budget:
        return None
    return Decimal(spent) / Decimal(budget) * HUNDRED


@dataclass(frozen=True)
class PerformanceClass:
    """One class of a scale; `lower` is the least whole percent that still belongs to it."""

    code: str
    letter: str
    lower: int


@dataclass(frozen=True)
class PerformanceScale:
    """Classes from best to worst. Lower bounds alone define it, so it has no gap and no overlap."""

    name: str
    classes: tuple[PerformanceClass, ...]

    def __post_init__(self) -> None:
        bounds = [one.lower for one in self.classes]
        if not bounds or bounds[-1] != 0 or sorted(set(bounds), reverse=True) != bounds:
            raise ValueError(self.name)

    def classify(self, percent: Decimal | None) -> PerformanceClass | None:
        """Return the class of a percentage, rounded half-up to a whole number first."""
        if percent is None:
            return None
        whole = round_half_up(percent, 0)
        return next(one for one in self.classes if whole >= one.lower)


PERMENDAGRI_86_2017 = PerformanceScale(
    "Permendagri 86/2017",
    (
        PerformanceClass("very_high", "ST", 91),
        PerformanceClass("high", "T", 76),
        PerformanceClass("medium", "S", 66),
        PerformanceClass("low", "R", 51),
        PerformanceClass("very_low", "SR", 0),
    ),
)
