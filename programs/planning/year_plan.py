"""What one year of an activity should be, what cannot be, and how the trail says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import number, rupiah
from programs.models import ActivityYear, FundingSource, ReportingPeriod

QUARTERS = (1, 2, 3, 4)
Curve = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]
NO_CURVE: Curve = (None, None, None, None)


@dataclass(frozen=True)
class YearPlan:
    """One year in which an activity runs: whole rupiah, and cumulative percent by quarter."""

    budget_original: int | None
    budget_revised: int | None = None
    funding_source: str = FundingSource.APBD
    budget_code: str = ""
    physical: Curve = NO_CURVE
    spending: Curve = NO_CURVE

    @property
    def ceiling(self) -> int:
        """The budget that counts."""
        return (self.budget_original or 0) if self.budget_revised is None else self.budget_revised

    @property
    def curves(self) -> tuple[Curve, Curve]:
        return (self.physical, self.spending)

    @property
    def money(self) -> tuple[int | None, int | None]:
        return (self.budget_original, self.budget_revised)


def plan_of(row: ActivityYear) -> YearPlan:
    rows = sorted(row.plan.all(), key=lambda one: one.valid_from or date.min)
    curve = {one.quarter: one for one in rows}
    physical, spending = [
        [getattr(curve[q], name) if q in curve else None for q in QUARTERS]
        for name in ("physical_pct", "spending_pct")
    ]
    return YearPlan(
        budget_original=row.budget_original,
        budget_revised=row.budget_revised,
        funding_source=row.funding_source,
        budget_code=row.budget_code,
        physical=(physical[0], physical[1], physical[2], physical[3]),
        spending=(spending[0], spending[1], spending[2], spending[3]),
    )


def cell(name: str, year: int) -> str:
    """Name the place of one figure in a form of several years; errors are keyed by it."""
    return f"{name}_{year}"


# --- what cannot be --------------------------------------------------------------------------


def wrong_in_year(year: int, plan: YearPlan) -> Iterator[tuple[str, str]]:
    """Yield (cell's name, sentence) for what cannot be in one year's plan."""
    if plan.budget_original is None:
        sentence = _("Write the budget of %(year)d; 0 if it has none.") % {"year": year}
        yield "budget_original", sentence
    if plan.physical == plan.spending == NO_CURVE:
        return
    for name, curve in (("physical", plan.physical), ("spending", plan.spending)):
        for quarter, text in _wrong_in_curve(year, curve):
            yield f"{name}_{quarter}", text


def _wrong_in_curve(year: int, curve: Curve) -> Iterator[tuple[int, str]]:
    by_quarter = list(zip(QUARTERS, curve, strict=True))
    for quarter, percent in by_quarter:
        if percent is None:
            sentence = _(
                "%(period)s is missing: fill in all four quarters of both curves, or none."
            )
            yield quarter, sentence % {"period": _period(year, quarter)}
    known = [(quarter, percent) for quarter, percent in by_quarter if percent is not None]
    for (_quarter, lower), (quarter, percent) in pairwise(known):
        if percent < lower:
            sentence = _(
                "The plan counts from January, so %(period)s (%(percent)s %%) cannot lie below the "
                "quarter before it (%(lower)s %%)."
            )
            said = {"percent": number(percent), "lower": number(lower)}
            yield quarter, sentence % {"period": _period(year, quarter), **said}


def _period(year: int, quarter: int) -> str:
    return str(ReportingPeriod(year=year, quarter=quarter))


# --- how the trail says it -------------------------------------------------------------------


def money_lines(plan: YearPlan | None) -> dict[str, str]:
    """Return a year's money in words; nothing where the activity does not run."""
    if plan is None:
        return {}
    lines = {
        _("budget"): rupiah(plan.budget_original),
        _("revised budget"): rupiah(plan.budget_revised),
        _("funding source"): str(FundingSource(plan.funding_source).label),
        _("budget code"): plan.budget_code,
    }
    return {name: text for name, text in lines.items() if text not in {"", rupiah(None)}}


def curve_lines(plan: YearPlan | None) -> dict[str, str]:
    if plan is None:
        return {}
    curves = {
        _("planned physical progress (%)"): plan.physical,
        _("planned spending (%)"): plan.spending,
    }
    return {
        name: " · ".join(number(one) for one in curve)
        for name, curve in curves.items()
        if curve != NO_CURVE
    }
