"""How a number came about, in words and figures: the same for the page and the report's annex."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import number, percent
from programs import scoring
from programs.figures import (
    Achieved,
    ActivityFigures,
    DimensionFigures,
    IndicatorFigures,
    Money,
    ProgramFigures,
    YearFigures,
)

ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """One input of a mean: what it reached, what of it counted, and its weight if there are any."""

    kind: str
    key: int
    label: str
    achieved: Achieved
    counted: Decimal | None
    weight: Decimal | None
    money: Money | None = None


@dataclass(frozen=True)
class MoneyPart:
    """One input of a sum of money."""

    label: str
    money: Money


@dataclass(frozen=True)
class PlanPart:
    """One activity beside its plan at the last reported quarter, cumulative percent and points."""

    key: int
    label: str
    quarter: int | None
    planned: Decimal | None
    actual: Decimal | None
    deviation: Decimal | None
    light: str


@dataclass(frozen=True)
class Subject:
    """What a mean is of."""

    kind: str
    key: int
    title: str
    achieved: Achieved
    money: Money | None


@dataclass(frozen=True)
class Explanation:
    """One achievement: what it is of, by which formula, with which numbers in it."""

    kind: str
    key: int
    title: str
    achieved: Achieved
    formula: str
    calculation: str
    parts: tuple[Part, ...]
    money: Money | None
    method: scoring.Method
    money_parts: tuple[MoneyPart, ...] = ()
    plan_parts: tuple[PlanPart, ...] = ()
    deviation: Decimal | None = None
    light: str = ""

    @property
    def has_weights(self) -> bool:
        return any(part.weight is not None for part in self.parts)

    @property
    def weightless(self) -> int:
        """Parts that the set of weights does not know: they count for nothing until it does."""
        return sum(part.weight is None for part in self.parts) if self.has_weights else 0

    @property
    def left_out(self) -> int:
        return sum(part.counted is None for part in self.parts)


def formula_of(polarity: str) -> str:
    """Return the formula of one indicator's achievement in words."""
    return {
        scoring.Polarity.MAXIMIZE: _("actual ÷ target × 100"),
        scoring.Polarity.MINIMIZE: _("(2 × target − actual) ÷ target × 100"),
        scoring.Polarity.STABILIZE: _("100 − |actual − target| ÷ target × 100"),
    }[scoring.Polarity(polarity)]


def roll_up_of(aggregation: str) -> str:
    """Return in words how a year's value comes from its quarters."""
    return {
        scoring.Aggregation.SUM: _("the sum of the quarters"),
        scoring.Aggregation.LAST: _("the last reported quarter"),
        scoring.Aggregation.AVERAGE: _("the average of the reported quarters"),
        scoring.Aggregation.MAX: _("the highest quarter"),
    }[scoring.Aggregation(aggregation)]


def calculation_of(figures: IndicatorFigures) -> str:
    """Write the formula with the numbers in it: "38 ÷ 40 × 100 = 95,00%"."""
    target, actual = number(figures.target), number(figures.actual)
    if figures.actual is None:
        return _("Nothing was reported, so it is not rated and left out of every mean.")
    if figures.target is None:
        return _("No target was set, so it is not rated.")
    if figures.target == 0:
        return _at_zero(figures)
    result = percent(figures.achieved.percent)
    written = {
        scoring.Polarity.MAXIMIZE: f"{actual} ÷ {target} × 100 = {result}",
        scoring.Polarity.MINIMIZE: f"(2 × {target} − {actual}) ÷ {target} × 100 = {result}",
        scoring.Polarity.STABILIZE: f"100 − |{actual} − {target}| ÷ {target} × 100 = {result}",
    }[scoring.Polarity(figures.polarity)]
    if figures.achieved.percent == 0 and figures.actual != 0:
        return _("%(calculation)s (a negative result counts as 0)") % {"calculation": written}
    return written


def _at_zero(figures: IndicatorFigures) -> str:
    if figures.achieved.percent is None:
        return _("The target is 0, so it is not rated.")
    return _("The target is 0: an actual value of 0 counts as 100 %, anything else as 0 %.")


def explain_indicator(figures: IndicatorFigures, method: scoring.Method) -> Explanation:
    return Explanation(
        kind="indicator",
        key=figures.key,
        title=f"{figures.code} {figures.name}",
        achieved=figures.achieved,
        formula=formula_of(figures.polarity),
        calculation=calculation_of(figures),
        parts=(),
        money=None,
        method=method,
    )


def explain_activity(
    figures: ActivityFigures, program: ProgramFigures, method: scoring.Method
) -> Explanation:
    """Explain one activity of a programme; its mean is plain, the weights are the programme's."""
    of_activity = [
        replace(one, weight=None) for one in program.indicators if one.activity == figures.code
    ]
    title = f"{figures.code} {figures.title}"
    explanation = _mean_of(
        Subject("activity", figures.key, title, figures.achieved, figures.money),
        _indicators(of_activity, method),
        method,
        money_parts=(MoneyPart(title, figures.money),),
    )
    return replace(
        explanation,
        plan_parts=(_plan_part(figures),),
        deviation=figures.progress.deviation,
        light=figures.progress.light,
    )


def explain_program(figures: ProgramFigures, method: scoring.Method) -> Explanation:
    explanation = _mean_of(
        Subject(
            "program",
            figures.key,
            f"{figures.code} {figures.title}",
            figures.achieved,
            figures.money,
        ),
        _indicators(figures.indicators, method),
        method,
        money_parts=tuple(
            MoneyPart(f"{one.code} {one.title}", one.money) for one in figures.activities
        ),
    )
    return replace(
        explanation,
        plan_parts=tuple(_plan_part(one) for one in figures.activities),
        deviation=figures.deviation,
        light=figures.light,
    )


def _indicators(indicators: Iterable[IndicatorFigures], method: scoring.Method) -> tuple[Part, ...]:
    return tuple(
        Part(
            kind="indicator",
            key=one.key,
            label=f"{one.code} {one.name}",
            achieved=one.achieved,
            counted=scoring.capped(one.achieved.percent, method.cap),
            weight=one.weight,
        )
        for one in indicators
    )


def _plan_part(figures: ActivityFigures) -> PlanPart:
    progress = figures.progress
    last = max((at for at, one in enumerate(progress.actual) if one is not None), default=None)
    return PlanPart(
        key=figures.key,
        label=f"{figures.code} {figures.title}",
        quarter=None if last is None else last + 1,
        planned=None if last is None else progress.planned[last],
        actual=None if last is None else progress.actual[last],
        deviation=progress.deviation,
        light=progress.light,
    )


def explain_dimension(figures: DimensionFigures, method: scoring.Method) -> Explanation:
    return _mean_of(
        Subject("dimension", figures.key, figures.name, figures.achieved, figures.money),
        _programs(figures.programs),
        method,
    )


def explain_city(figures: YearFigures, method: scoring.Method) -> Explanation:
    """Explain the headline: the plain mean of all programmes."""
    parts = tuple(
        Part(one.kind, one.key, one.label, one.achieved, one.counted, None, one.money)
        for one in _programs(tuple(figures.programs))
    )
    return _mean_of(
        Subject(
            "city", 0, _("City of Ambon (mean of programmes)"), figures.achieved, figures.money
        ),
        parts,
        method,
    )


def explain_city_by_dimension(figures: YearFigures, method: scoring.Method) -> Explanation:
    """Explain the second headline: the mean of the dimensions."""
    parts = tuple(
        Part("dimension", one.key, one.name, one.achieved, one.achieved.percent, one.weight)
        for one in figures.dimensions
    )
    return _mean_of(
        Subject(
            "city-by-dimension",
            0,
            _("City of Ambon (mean of dimensions)"),
            figures.achieved_by_dimension,
            None,
        ),
        parts,
        method,
    )


def _programs(programs: tuple[ProgramFigures, ...]) -> tuple[Part, ...]:
    return tuple(
        Part(
            "program",
            one.key,
            f"{one.code} {one.title}",
            one.achieved,
            one.achieved.percent,
            one.weight,
            one.money,
        )
        for one in programs
    )


def _mean_of(
    subject: Subject,
    parts: tuple[Part, ...],
    method: scoring.Method,
    *,
    money_parts: tuple[MoneyPart, ...] | None = None,
) -> Explanation:
    """Explain a mean; its money is that of its parts unless other parts are given."""
    weighted = any(part.weight is not None for part in parts)
    if money_parts is None:
        money_parts = tuple(
            MoneyPart(part.label, part.money) for part in parts if part.money is not None
        )
    return Explanation(
        kind=subject.kind,
        key=subject.key,
        title=subject.title,
        achieved=subject.achieved,
        formula=_("weighted mean: sum of (value × weight) ÷ sum of the weights")
        if weighted
        else _("plain mean: sum of the values ÷ their number"),
        calculation=_calculation(parts, subject.achieved, weighted=weighted),
        parts=parts,
        money=subject.money,
        method=method,
        money_parts=money_parts,
    )


def _calculation(parts: tuple[Part, ...], achieved: Achieved, *, weighted: bool) -> str:
    known = [part for part in parts if part.counted is not None]
    if not known:
        return _("Nothing below it is rated yet, so it is not rated.")
    if weighted:
        known = [part for part in known if part.weight]
        if not known:
            return _("The weights lie on parts that are not rated, so it is not rated.")
        above = sum((one.counted * one.weight for one in known if one.counted and one.weight), ZERO)
        below = sum((one.weight or ZERO for one in known), ZERO)
        return f"{number(scoring.kept(above))} ÷ {number(below)} = {percent(achieved.percent)}"
    total = sum((one.counted or ZERO for one in known), ZERO)
    return f"{percent(total)} ÷ {len(known)} = {percent(achieved.percent)}"
