"""Every formula of the portal's figures. Plain Python, Decimal in and out, None for "not known".

Sources: docs/formulas.md. Percentages run from 0 upward and keep ten decimals, rounded half-up;
what is shown or classed is rounded half-up once more, where it is shown or classed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum

from ambon_smartcity.rounding import round_half_up

HUNDRED = Decimal(100)
ZERO = Decimal(0)
KEPT = Decimal(1).scaleb(-10)
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class Polarity(StrEnum):
    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"
    STABILIZE = "stabilize"


class Aggregation(StrEnum):
    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    MAX = "max"


def kept(value: Decimal) -> Decimal:
    """Round to the ten decimals that are kept, so that sums are exact in any order."""
    return value.quantize(KEPT, context=WIDE)


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
        return HUNDRED if actual == 0 else ZERO
    if polarity is Polarity.MAXIMIZE:
        percent = actual / target * HUNDRED
    elif polarity is Polarity.MINIMIZE:
        percent = (2 * target - actual) / target * HUNDRED
    else:
        percent = HUNDRED - abs(actual - target) / target * HUNDRED
    return kept(max(percent, ZERO))


def capped(percent: Decimal | None, cap: Decimal | None = HUNDRED) -> Decimal | None:
    """Return what enters an average: at most `cap` percent (None: no cap)."""
    if percent is None or cap is None:
        return percent
    return min(percent, cap)


def roll_up(aggregation: Aggregation, values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the value of a span from its parts' in order; None where no part reported.

    An average is taken over the parts that reported.
    """
    reported = [value for value in values if value is not None]
    if not reported:
        return None
    if aggregation is Aggregation.SUM:
        return sum(reported, ZERO)
    if aggregation is Aggregation.LAST:
        return reported[-1]
    if aggregation is Aggregation.MAX:
        return max(reported)
    return kept(sum(reported, ZERO) / len(reported))


def target_so_far(
    aggregation: Aggregation, quarters: Sequence[Decimal | None], quarter: int
) -> Decimal | None:
    """Return what should be reached by the end of `quarter` (1 to 4), None if it was not set.

    Quarters' targets roll up as their values do: a sum accumulates, an average is that of the
    quarters so far, a maximum the highest of them; for these all quarters so far must be set.
    """
    so_far = list(quarters[:quarter])
    if aggregation is Aggregation.LAST:
        return so_far[-1] if so_far else None
    return None if None in so_far else roll_up(aggregation, so_far)


def to_date(aggregation: Aggregation, years: Sequence[Decimal | None]) -> Decimal | None:
    """Return a masterplan's value so far, or its end target, from its years' in order.

    A sum adds the years up, a maximum takes the highest, everything else the latest.
    """
    kind = Aggregation.LAST if aggregation is Aggregation.AVERAGE else aggregation
    return roll_up(kind, years)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """Add without rounding, in whatever order."""
    with localcontext(WIDE):
        return sum(values, ZERO)


def mean_from_sum(total: Decimal, count: int) -> Decimal | None:
    """Return the mean of `count` values whose exact sum is known; None without values."""
    with localcontext(WIDE):
        return kept(total / count) if count else None


def mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the plain mean of what is known, or None if nothing is."""
    known = [value for value in values if value is not None]
    return mean_from_sum(exact_sum(known), len(known))


def weighted_mean(parts: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    """Return the mean of (value, weight) pairs; the weights of what is unknown fall away."""
    known = [(value, weight) for value, weight in parts if value is not None and weight > 0]
    if not known:
        return None
    with localcontext(WIDE):
        total = sum((weight for _value, weight in known), ZERO)
        return kept(sum((value * weight for value, weight in known), ZERO) / total)


def roll_up_children(
    values: Mapping[int, Decimal | None], weights: Mapping[int, Decimal] | None
) -> Decimal | None:
    """Return the mean of children by key: weighted where weights are set, else plain."""
    if not weights:
        return mean(values.values())
    return weighted_mean((value, weights.get(key, ZERO)) for key, value in values.items())


class WeightsNotWhole(ValueError):
    """The weights do not total 100; `total` is what they total."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(total)
        self.total = total


def refuse_unless_whole(weights: Iterable[Decimal]) -> None:
    """Raise WeightsNotWhole unless the weights total exactly 100."""
    total = sum(weights, ZERO)
    if total != HUNDRED:
        raise WeightsNotWhole(total)


def absorption(spent: Decimal | int | None, budget: Decimal | int | None) -> Decimal | None:
    """Return the absorption (serapan) in percent of the budget; None without a budget or report."""
    if spent is None or not budget:
        return None
    return kept(Decimal(spent) / Decimal(budget) * HUNDRED)


def deviation(actual: Decimal | None, planned: Decimal | None) -> Decimal | None:
    """Return actual minus planned (deviasi), in percentage points."""
    return None if actual is None or planned is None else actual - planned


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Thresholds:
    """Below which deviation, in percentage points, the light turns yellow and red."""

    yellow_below: Decimal = Decimal(-5)
    red_below: Decimal = Decimal(-10)


def light(points: Decimal | None, thresholds: Thresholds) -> Light | None:
    """Return the traffic light of a deviation; None where there is none."""
    if points is None:
        return None
    if points < thresholds.red_below:
        return Light.RED
    return Light.YELLOW if points < thresholds.yellow_below else Light.GREEN


@dataclass(frozen=True)
class Forecast:
    """Where the year may end, in percent, if the work keeps its present ratio to the plan."""

    year_end: Decimal
    ratio: Decimal
    quarters: int


FEWEST_QUARTERS = 2


def forecast(
    planned: Sequence[Decimal | None], actual: Sequence[Decimal | None]
) -> Forecast | None:
    """Project physical progress to the year's end from cumulative percents by quarter.

    Assumption: the rest of the year goes at the same ratio of actual to planned as the year so
    far (the schedule performance index of earned-value practice). None before two quarters are
    reported, without a plan, or once the year is complete.
    """
    reported = [quarter for quarter, value in enumerate(actual) if value is not None]
    if len(reported) < FEWEST_QUARTERS or reported[-1] + 1 >= len(planned):
        return None
    last = reported[-1]
    due, end, done = planned[last], planned[-1], actual[last]
    if not due or end is None or done is None:
        return None
    ratio = kept(done / due)
    return Forecast(min(kept(end * ratio), HUNDRED), ratio, len(reported))


@dataclass(frozen=True)
class Moved:
    """How many points one child moved its parent's mean; key None: children left or weights."""

    key: int | None
    points: Decimal


def waterfall(
    before: Mapping[int, Decimal | None],
    after: Mapping[int, Decimal | None],
    weights: Mapping[int, Decimal] | None = None,
    *,
    weights_before: Mapping[int, Decimal] | None = None,
) -> tuple[Moved, ...]:
    """Split the change of a mean into its children's parts, which add up to it.

    A child rated both times moves the mean by its own change times its share now; one rated only
    now, by its distance from the old mean. What is left, from children no longer rated or from
    other weights, comes last under no key. Empty where either side has no mean.
    """
    old, new = roll_up_children(before, weights_before), roll_up_children(after, weights)
    if old is None or new is None:
        return ()
    moved = [
        Moved(key, kept(share * ((after[key] or ZERO) - _start(before, key, old))))
        for key, share in _shares(after, weights).items()
    ]
    rest = new - old - sum((one.points for one in moved), ZERO)
    if abs(rest) > KEPT * (len(moved) + 2):
        moved.append(Moved(None, rest))
    return tuple(one for one in moved if one.points)


def _start(before: Mapping[int, Decimal | None], key: int, old_mean: Decimal) -> Decimal:
    value = before.get(key)
    return old_mean if value is None else value


def _shares(
    values: Mapping[int, Decimal | None], weights: Mapping[int, Decimal] | None
) -> dict[int, Decimal]:
    weighed = {
        key: weights.get(key, ZERO) if weights else Decimal(1)
        for key, value in values.items()
        if value is not None
    }
    total = sum(weighed.values(), ZERO)
    return {key: weight / total for key, weight in weighed.items() if weight}


@dataclass(frozen=True)
class Band:
    """One class of a table: whole percents from `lower` to `upper`; None: no upper end."""

    code: str
    letter: str
    label: str
    lower: int
    upper: int | None
    tone: str


class ScaleFault(StrEnum):
    START = "start"
    GAP = "gap"
    OVERLAP = "overlap"
    END = "end"


class ScaleError(ValueError):
    """A class table with a hole, an overlap or an open end; `at` is the percent where it is."""

    def __init__(self, fault: ScaleFault, at: int) -> None:
        super().__init__(f"{fault} at {at}")
        self.fault = fault
        self.at = at


@dataclass(frozen=True)
class Scale:
    """A class table from best to worst, without gap or overlap from 0 upward.

    Raises ScaleError ("gap", "overlap", "start", "end") with the percent where it is broken.
    """

    name: str
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        expected = 0
        for band in sorted(self.bands, key=lambda one: one.lower):
            if expected < 0 or band.lower < expected:
                raise ScaleError(ScaleFault.OVERLAP, band.lower)
            if band.lower > expected:
                raise ScaleError(ScaleFault.GAP if expected else ScaleFault.START, expected)
            if band.upper is not None and band.upper < band.lower:
                raise ScaleError(ScaleFault.END, band.upper)
            expected = -1 if band.upper is None else band.upper + 1
        if expected >= 0:
            raise ScaleError(ScaleFault.END, expected)

    def classify(self, percent: Decimal | None) -> Band | None:
        """Return the class of a percentage, rounded half-up to a whole number first."""
        if percent is None:
            return None
        whole = round_half_up(percent, 0)
        return next(
            one
            for one in self.bands
            if one.lower <= whole and (one.upper is None or whole <= one.upper)
        )


PERMENDAGRI_86_2017 = Scale(
    "Permendagri 86/2017",
    (
        Band("very_high", "ST", "Sangat Tinggi", 91, None, "good"),
        Band("high", "T", "Tinggi", 76, 90, "good"),
        Band("medium", "S", "Sedang", 66, 75, "middling"),
        Band("low", "R", "Rendah", 51, 65, "bad"),
        Band("very_low", "SR", "Sangat Rendah", 0, 50, "bad"),
    ),
)


@dataclass(frozen=True)
class Method:
    """The rules one year is scored by."""

    scale: Scale = PERMENDAGRI_86_2017
    cap: Decimal | None = HUNDRED
    thresholds: Thresholds = Thresholds()
    source: str = ""


STANDARD = Method()
