"""What happens to an activity: added, changed, moved to another programme."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import changes_between, record, snapshot_of
from programs.models import Activity, ActivityYear, Program, ProgressEntry
from programs.planning.saving import (
    already_there,
    changes_to,
    count_owners,
    locked_in_use,
    refresh_years,
    refuse_conflict,
    stamp,
    write,
    years_and_programs,
)

FIELDS = ("code", "title", "owner", "supporting_organizations", "source")


def activity_stamp(activity: Activity) -> str:
    return stamp(snapshot_of(activity, FIELDS))


def owner_stays(activity: Activity) -> bool:
    """Whether somebody already wrote progress: another agency must not come to see it."""
    return ProgressEntry.objects.filter(activity=activity).exists()


@transaction.atomic
def add_activity(program: Program, values: Mapping[str, Any], *, by: User) -> Activity:
    """Add an activity to a programme; sent twice, it is one."""
    program = locked_in_use(program)
    taken = _("The code %(code)s is already used by another activity.") % values
    same_code = Activity.objects.filter(code=values["code"])
    found = already_there(same_code, {**values, "program": program}, taken)
    if found is not None:
        return found
    activity = Activity(program=program, dimension=program.sub_dimension.dimension)
    write(activity, values)
    said = snapshot_of(activity, ("program", *FIELDS))
    record("add", activity, by=by, changes=changes_between({}, said))
    return activity


@transaction.atomic
def change_activity(
    activity: Activity, values: Mapping[str, Any], *, seen: str, by: User
) -> Activity:
    """Change an activity. Raises EditConflict if it no longer says what `seen` stands for."""
    activity = locked_in_use(activity)
    changes = changes_to(activity, values)
    if not changes:
        return activity
    refuse_conflict(snapshot_of(activity, FIELDS), seen)
    _refuse_taken_code(activity, values)
    owners = {activity.owner_id, values["owner"].pk}
    if len(owners) > 1 and owner_stays(activity):
        raise ValidationError({"owner": owner_sentence()})
    write(activity, values)
    if len(owners) > 1:
        count_owners(owners, (year for _program, year in years_and_programs(activity)))
    record("change", activity, by=by, changes=changes)
    return activity


def owner_sentence() -> str:
    return _(
        "Progress was already written for this activity, so its owner stays. "
        "Archive it and begin a new one."
    )


def _refuse_taken_code(activity: Activity, values: Mapping[str, Any]) -> None:
    if Activity.objects.exclude(pk=activity.pk).filter(code=values["code"]).exists():
        sentence = _("The code %(code)s is already used by another activity.") % values
        raise ValidationError({"code": sentence})


@transaction.atomic
def move_activity(
    activity: Activity, program: Program, *, from_year: int, reason: str, by: User
) -> Activity:
    """Let an activity count under another programme from a year on; earlier years stay.

    What was verified was reported under the old programme, so those years cannot move.
    """
    activity = locked_in_use(activity)
    program = locked_in_use(program)
    coming = activity.years.filter(fiscal_year__gte=from_year)
    if activity.program_id == program.pk and not coming.exclude(program=program).exists():
        raise ValidationError({"program": _("The activity already belongs to this programme.")})
    _refuse_wrong_year(activity, program, from_year)
    before, old = years_and_programs(activity), activity.program
    coming.update(program=program)
    activity.program = program
    activity.dimension = program.sub_dimension.dimension
    activity.save(update_fields=["program", "dimension"])
    refresh_years(before ^ years_and_programs(activity))
    record(
        "move_activity",
        activity,
        by=by,
        changes={"program": (old, program), _("from the year"): (None, from_year)},
        reason=reason,
    )
    return activity


def _refuse_wrong_year(activity: Activity, program: Program, from_year: int) -> None:
    last_verified = (
        ProgressEntry.objects.filter(activity=activity, status=ProgressEntry.Status.VERIFIED)
        .order_by("-period__year")
        .values_list("period__year", flat=True)
        .first()
    )
    if last_verified is not None and last_verified >= from_year:
        sentence = _(
            "Figures of %(year)d were verified under the old programme. "
            "The activity can move from %(next)d on."
        ) % {"year": last_verified, "next": last_verified + 1}
        raise ValidationError({"from_year": sentence})
    years = {from_year, *_years_from(activity, from_year)}
    foreign = sorted(years - set(program.masterplan.years()))
    if foreign:
        sentence = _("%(year)d does not lie within the masterplan of the programme.")
        raise ValidationError({"from_year": sentence % {"year": foreign[0]}})


def _years_from(activity: Activity, from_year: int) -> list[int]:
    rows = ActivityYear.objects.filter(activity=activity, fiscal_year__gte=from_year)
    return list(rows.values_list("fiscal_year", flat=True))
