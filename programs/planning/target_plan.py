"""What an indicator should reach in one year, what cannot be, and how the trail says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import number
from programs.models import ROMAN, Indicator
from programs.planning.year_plan import QUARTERS
from programs.scoring import ZERO

Quarters = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True)
class TargetPlan:
    """What an indicator should reach in one year, in its unit; no value: no target."""

    value: Decimal | None = None
    quarters: Quarters = (None, None, None, None)


NO_TARGET = TargetPlan()


def wrong_in_target(indicator: Indicator, year: int, plan: TargetPlan) -> Iterator[tuple[str, str]]:
    """Yield (cell's name, sentence) for what cannot be in one year's target."""
    if plan.value is None:
        if any(one is not None for one in plan.quarters):
            yield "target", _("Write the target of %(year)d beside its quarters.") % {"year": year}
        return
    last = plan.quarters[-1]
    known = [one for one in plan.quarters if one is not None]
    kind = indicator.aggregation
    if kind == Indicator.Aggregation.SUM and len(known) == 4 and sum(known, ZERO) != plan.value:
        sentence = _("The quarters of %(year)d add up to %(sum)s, but its target is %(target)s.")
        said = {"sum": number(sum(known, ZERO)), "target": number(plan.value)}
        yield "quarter_4", sentence % {"year": year, **said}
    if (
        kind == Indicator.Aggregation.LAST
        and indicator.polarity != Indicator.Polarity.STABILIZE
        and last is not None
        and last != plan.value
    ):
        sentence = _("The last quarter of %(year)d must reach the year's target, %(target)s.")
        yield "quarter_4", sentence % {"year": year, "target": number(plan.value)}


def target_lines(plan: TargetPlan) -> dict[str, str]:
    """Return a year's targets in words; nothing where there is none."""
    names = [_("target"), *(_("target Q%(quarter)s") % {"quarter": ROMAN[q]} for q in QUARTERS)]
    values = [plan.value, *plan.quarters]
    pairs = zip(names, values, strict=True)
    return {name: number(value) for name, value in pairs if value is not None}
