"""An activity's years: whether it runs, its money, and the planned curves."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import record
from programs.models import Activity, ActivityYear, PlannedProgress, ProgressEntry
from programs.planning.saving import (
    Changes,
    EditConflict,
    count_owners,
    locked_in_use,
    refresh_years,
    stamp,
    years_and_programs,
)
from programs.planning.year_plan import (
    NO_CURVE,
    QUARTERS,
    YearPlan,
    cell,
    curve_lines,
    money_lines,
    plan_of,
    wrong_in_year,
)

Years = Mapping[int, YearPlan]


def years_to_plan(activity: Activity) -> list[int]:
    """Return the masterplan's years and any other in which the activity has money."""
    own = set(activity.years.values_list("fiscal_year", flat=True))
    return sorted(own | set(activity.program.masterplan.years() if activity.program else ()))


def planned_years(activity: Activity) -> dict[int, YearPlan]:
    rows = activity.years.prefetch_related("plan").order_by("fiscal_year")
    return {row.fiscal_year: plan_of(row) for row in rows}


def years_stamp(years: Years) -> str:
    return stamp({str(year): astuple(one) for year, one in years.items()})


@transaction.atomic
def set_years(
    activity: Activity, wanted: Years, *, reason: str, seen: str, today: date, by: User
) -> Activity:
    """Let an activity run in exactly these years, with this money and these curves.

    Raises ValidationError by cell (`budget_original_2024`) for what cannot be, EditConflict if
    the years no longer say what `seen` stands for.
    """
    activity = locked_in_use(activity)
    current = planned_years(activity)
    changed = {year for year in {*current, *wanted} if current.get(year) != wanted.get(year)}
    if not changed:
        return activity
    if years_stamp(current) != seen:
        raise EditConflict
    if activity.program is None:
        raise Refused(_("This activity has no programme yet. Give it one first."))
    verified = _refuse_wrong_cells(activity, current, wanted, reason)
    before = years_and_programs(activity)
    for year in changed:
        if year in wanted:
            row = _save_year(activity, year, wanted[year], today)
            _save_curves(row, wanted[year], today if year in verified else None)
        else:
            activity.years.filter(fiscal_year=year).delete()
    count_owners([activity.owner_id], current.keys() ^ wanted.keys())
    refresh_years(pair for pair in before | years_and_programs(activity) if pair[1] in changed)
    _record_years(activity, current, wanted, reason=reason, by=by)
    return activity


def _save_year(activity: Activity, year: int, plan: YearPlan, today: date) -> ActivityYear:
    row = ActivityYear.objects.filter(activity=activity, fiscal_year=year).first()
    if row is None:
        row = ActivityYear(activity=activity, fiscal_year=year, program=activity.program)
    elif row.budget != plan.ceiling:
        _keep_ceilings(row, plan.ceiling, today)
    if plan.budget_revised != row.budget_revised:
        row.budget_revised_on = None if plan.budget_revised is None else today
    row.budget_original = plan.budget_original or 0
    row.budget_revised = plan.budget_revised
    row.funding_source = plan.funding_source
    row.budget_code = plan.budget_code
    row.save()
    return row


def _keep_ceilings(row: ActivityYear, amount: int, today: date) -> None:
    """Write down what counted until now, and that `amount` counts from today on."""
    if not row.ceilings.exists():
        row.ceilings.create(amount=row.budget_original)
        if row.budget_revised is not None:
            row.ceilings.create(amount=row.budget_revised, valid_from=row.budget_revised_on)
    row.ceilings.update_or_create(valid_from=today, defaults={"amount": amount})


def _save_curves(row: ActivityYear, plan: YearPlan, valid_from: date | None) -> None:
    """Keep the curves: from a day on where figures are verified, else in the place of the old."""
    if plan.curves == plan_of(row).curves:
        return
    if valid_from is None:
        row.plan.all().delete()
    for quarter, physical, spending in zip(QUARTERS, *plan.curves, strict=True):
        if physical is not None and spending is not None:
            PlannedProgress.objects.update_or_create(
                activity_year=row,
                quarter=quarter,
                valid_from=valid_from,
                defaults={"physical_pct": physical, "spending_pct": spending},
            )


def _refuse_wrong_cells(activity: Activity, current: Years, wanted: Years, reason: str) -> set[int]:
    """Raise ValidationError by cell for what cannot be; return the years with verified figures."""
    entries = list(
        ProgressEntry.objects.select_for_update(of=("self",), no_key=True)
        .filter(activity=activity)
        .select_related("period")
    )
    wrong = _written_years_left_out({one.period.year for one in entries}, current, wanted)
    for year, plan in wanted.items():
        if plan != current.get(year):
            wrong |= {cell(name, year): text for name, text in wrong_in_year(year, plan)}
    verified = {one.period.year for one in entries if one.status == ProgressEntry.Status.VERIFIED}
    for year in sorted(verified & wanted.keys() & current.keys()):
        wrong |= _wrong_in_verified_year(year, current[year], wanted[year], reason)
    if wrong:
        raise ValidationError(wrong)
    return verified


def _wrong_in_verified_year(year: int, old: YearPlan, new: YearPlan, reason: str) -> dict[str, str]:
    """Return what may not happen to a year whose figures were read against its plan already."""
    if old.curves != new.curves == (NO_CURVE, NO_CURVE):
        sentence = _("Figures of %(year)d are verified: its plan can change, but not be emptied.")
        return {cell("physical_1", year): sentence % {"year": year}}
    if (old.money, old.curves) != (new.money, new.curves) and not reason:
        sentence = _("Figures of %(year)d are verified already: say why its plan changes.")
        return {"reason": sentence % {"year": year}}
    return {}


def _written_years_left_out(written: set[int], current: Years, wanted: Years) -> dict[str, str]:
    sentence = _("Progress was written for %(year)d, so the activity stays in this year.")
    left_out = sorted((current.keys() - wanted.keys()) & written)
    return {cell("runs", year): sentence % {"year": year} for year in left_out}


def _record_years(
    activity: Activity, current: Years, wanted: Years, *, reason: str, by: User
) -> None:
    money: Changes = {}
    curves: Changes = {}
    for year in sorted({*current, *wanted}):
        old, new = current.get(year), wanted.get(year)
        money |= _differences(year, money_lines(old), money_lines(new))
        curves |= _differences(year, curve_lines(old), curve_lines(new))
    if money:
        record("set_budget", activity, by=by, changes=money, reason=reason)
    if curves:
        record("set_plan", activity, by=by, changes=curves, reason=reason)


def _differences(year: int, old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    return {
        f"{year}, {name}": (old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    }
