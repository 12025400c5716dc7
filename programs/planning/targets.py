"""An indicator's targets: set while their year has not begun, revised with a reason after that."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from programs.models import AnnualTarget, Indicator, ReportingPeriod
from programs.planning.saving import (
    Changes,
    EditConflict,
    locked_in_use,
    refresh_years,
    stamp,
    years_and_programs,
)
from programs.planning.target_plan import NO_TARGET, TargetPlan, target_lines, wrong_in_target
from programs.planning.year_plan import QUARTERS, cell

Targets = Mapping[int, TargetPlan]


def years_to_aim(indicator: Indicator) -> list[int]:
    """Return the masterplan's years and any other for which there is a target."""
    program = indicator.activity.program
    own = set(indicator.targets.values_list("year", flat=True))
    return sorted(own | set(program.masterplan.years() if program else ()))


def present_targets(indicator: Indicator) -> dict[int, AnnualTarget]:
    """Return each year's target in its last revision."""
    return {row.year: row for row in indicator.targets.order_by("year", "revision")}


def plan_of_target(row: AnnualTarget) -> TargetPlan:
    return TargetPlan(row.value, row.quarters)


def targets_stamp(rows: Mapping[int, AnnualTarget]) -> str:
    return stamp({str(year): astuple(plan_of_target(row)) for year, row in rows.items()})


def opened_years() -> set[int]:
    """Return the years for which a quarter was ever opened; their targets get revisions."""
    opened = ReportingPeriod.objects.exclude(status=ReportingPeriod.Status.PLANNED)
    return set(opened.values_list("year", flat=True))


@transaction.atomic
def set_targets(
    indicator: Indicator, wanted: Targets, *, reason: str, seen: str, today: date, by: User
) -> Indicator:
    """Give an indicator these targets; years that are not named keep theirs.

    In a year of which a quarter was opened, a target that changes gets a revision of today and
    the earlier one stays. Raises ValidationError by cell (`target_2024`, `quarter_1_2024`) for
    what cannot be, EditConflict if the targets no longer say what `seen` stands for.
    """
    indicator = locked_in_use(indicator)
    rows = present_targets(indicator)
    current = {year: plan_of_target(row) for year, row in rows.items()}
    changed = {
        year: plan for year, plan in sorted(wanted.items()) if plan != current.get(year, NO_TARGET)
    }
    if not changed:
        return indicator
    if targets_stamp(rows) != seen:
        raise EditConflict
    revised = changed.keys() & (opened_years() | _revised_years(rows))
    wrong = _wrong_cells(indicator, current, changed, revised, reason)
    if wrong:
        raise ValidationError(wrong)
    for year, plan in changed.items():
        if year in revised:
            _add_revision(indicator, year, rows.get(year), plan, reason=reason, today=today)
        else:
            _set_target(indicator, year, plan)
    refresh_years(pair for pair in years_and_programs(indicator.activity) if pair[1] in changed)
    _record(indicator, current, changed, revised, reason=reason, by=by)
    return indicator


def _revised_years(rows: Mapping[int, AnnualTarget]) -> set[int]:
    return {year for year, row in rows.items() if row.revision > 0}


def _set_target(indicator: Indicator, year: int, plan: TargetPlan) -> None:
    if plan.value is None:
        indicator.targets.filter(year=year).delete()
        return
    AnnualTarget.objects.update_or_create(
        indicator=indicator, year=year, revision=0, defaults=_columns(plan)
    )


def _add_revision(
    indicator: Indicator,
    year: int,
    last: AnnualTarget | None,
    plan: TargetPlan,
    *,
    reason: str,
    today: date,
) -> None:
    """Let a target count from today on; also the first one of a year that was opened without."""
    AnnualTarget.objects.create(
        indicator=indicator,
        year=year,
        revision=last.revision + 1 if last else 1,
        revised_on=today,
        reason=reason or _("First target, set after the year was opened"),
        is_demo=indicator.is_demo,
        **_columns(plan),
    )


def _columns(plan: TargetPlan) -> dict[str, Any]:
    quarters = zip(QUARTERS, plan.quarters, strict=True)
    return {"value": plan.value, **{f"quarter_{quarter}": one for quarter, one in quarters}}


# --- what cannot be --------------------------------------------------------------------------


def _wrong_cells(
    indicator: Indicator, current: Targets, changed: Targets, revised: set[int], reason: str
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for year, plan in changed.items():
        if year in revised and plan == NO_TARGET:
            wrong[cell("target", year)] = _(
                "%(year)d was opened for reporting, so its target can be revised but not emptied."
            ) % {"year": year}
        else:
            wrong |= {
                cell(name, year): text for name, text in wrong_in_target(indicator, year, plan)
            }
    known = [year for year in sorted(revised) if year in current]
    if known and not reason:
        sentence = _("%(year)d was opened for reporting: say why its target changes.")
        wrong["reason"] = sentence % {"year": known[0]}
    return wrong


# --- the trail -------------------------------------------------------------------------------


def _record(
    indicator: Indicator,
    current: Targets,
    changed: Targets,
    revised: set[int],
    *,
    reason: str,
    by: User,
) -> None:
    said: dict[str, Changes] = {"set_target": {}, "revise_target": {}}
    for year, plan in changed.items():
        old, new = target_lines(current.get(year, NO_TARGET)), target_lines(plan)
        verb = "revise_target" if year in revised else "set_target"
        said[verb] |= {
            f"{year}, {name}": (old.get(name), new.get(name))
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        }
    for verb, changes in said.items():
        if changes:
            record(verb, indicator, by=by, changes=changes, reason=reason)
