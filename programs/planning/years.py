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
    wrong = _wrong_cells(activity, current, wanted, reason)
    if wrong:
        raise ValidationError(wrong)
    before = years_and_programs(activity)
    for year in changed:
        if year in wanted:
            _save_year(activity, year, wanted[year], today)
        else:
            activity.years.filter(fiscal_year=year).delete()
    count_owners([activity.owner_id], current.keys() ^ wanted.keys())
    refresh_years(pair for pair in before | years_and_programs(activity) if pair[1] in changed)
    _record_years(activity, current, wanted, reason=reason, by=by)
    return activity


def _save_year(activity: Activity, year: int, plan: YearPlan, today: date) -> None:
    row = ActivityYear.objects.filter(activity=activity, fiscal_year=year).first()
    row = row or ActivityYear(activity=activity, fiscal_year=year, program=activity.program)
    if plan.budget_revised != row.budget_revised:
        row.budget_revised_on = None if plan.budget_revised is None else today
    row.budget_original = plan.budget_original or 0
    row.budget_revised = plan.budget_revised
    row.funding_source = plan.funding_source
    row.budget_code = plan.budget_code
    row.save()
    row.plan.all().delete()
    PlannedProgress.objects.bulk_create(
        PlannedProgress(activity_year=row, quarter=q, physical_pct=physical, spending_pct=spending)
        for q, physical, spending in zip(QUARTERS, plan.physical, plan.spending, strict=True)
        if physical is not None and spending is not None
    )


def _wrong_cells(activity: Activity, current: Years, wanted: Years, reason: str) -> dict[str, str]:
    """Return cell -> sentence for what cannot be, under a lock on what was reported."""
    entries = list(
        ProgressEntry.objects.select_for_update(of=("self",))
        .filter(activity=activity)
        .select_related("period")
    )
    wrong = _written_years_left_out({one.period.year for one in entries}, current, wanted)
    for year, plan in wanted.items():
        if plan != current.get(year):
            wrong |= {cell(name, year): text for name, text in wrong_in_year(year, plan)}
    verified = {one.period.year for one in entries if one.status == ProgressEntry.Status.VERIFIED}
    moved = [
        year
        for year in sorted(verified & wanted.keys() & current.keys())
        if current[year].money != wanted[year].money
    ]
    if moved and not reason:
        sentence = _("Figures of %(year)d are verified already: say why its budget changes.")
        wrong["reason"] = sentence % {"year": moved[0]}
    return wrong


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
