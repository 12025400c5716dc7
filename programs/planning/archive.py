"""Taking things out of the plan: what was never used is deleted, the rest goes to the archive."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import record
from dimensions.services import is_in_use
from programs.models import Activity, Indicator, Program
from programs.planning.saving import (
    Archivable,
    count_owners,
    locked,
    locked_in_use,
    recount_plan,
    refresh_years,
    years_and_programs,
)
from programs.summaries import years_of

# --- programmes ------------------------------------------------------------------------------


def program_was_used(program: Program) -> bool:
    own = (program.quick_win_marks, program.weight_sets, program.weights)
    return is_in_use(program) or any(rows.exists() for rows in own)


@transaction.atomic
def delete_program(program: Program, *, reason: str, today: date, by: User) -> bool:
    """Delete what was never used and return True; archive what has a history, return False."""
    program = locked(program)
    if program_was_used(program):
        archive_program(program, reason=reason, today=today, by=by)
        return False
    _erase(program)
    recount_plan(program.masterplan)
    record("delete", program, by=by, reason=reason)
    return True


@transaction.atomic
def archive_program(program: Program, *, reason: str, today: date, by: User) -> None:
    """Archive a programme and the activities that still run under it."""
    program = locked_in_use(program)
    activities = list(
        program.activities.select_for_update(of=("self",), no_key=True).filter(
            archived_on__isnull=True
        )
    )
    things: list[Program | Activity] = [*activities, program]
    for thing in things:
        _archive(thing, today)
    _count_program(program, activities)
    for thing in things:
        _record_archive(thing, today, reason=reason, by=by)


@transaction.atomic
def restore_program(program: Program, *, reason: str, by: User) -> None:
    """Take a programme out of the archive, with the activities that went in on the same day."""
    program = locked(program)
    day = _restore(program)
    activities = list(
        program.activities.select_for_update(of=("self",), no_key=True).filter(archived_on=day)
    )
    for activity in activities:
        _restore(activity)
    _count_program(program, activities)
    things: list[Program | Activity] = [program, *activities]
    for thing in things:
        _record_restore(thing, day, reason=reason, by=by)


def _count_program(program: Program, activities: list[Activity]) -> None:
    pairs = {pair for activity in activities for pair in years_and_programs(activity)}
    count_owners({one.owner_id for one in activities}, (year for _program, year in pairs))
    refresh_years(pairs | {(program.pk, year) for year in years_of(program.masterplan)})


# --- activities ------------------------------------------------------------------------------


def activity_was_used(activity: Activity) -> bool:
    """Whether anybody reported on it, or on any of its indicators."""
    indicators = list(activity.indicators.all())
    return activity.entries.exists() or any(indicator_was_used(one) for one in indicators)


@transaction.atomic
def delete_activity(activity: Activity, *, reason: str, today: date, by: User) -> bool:
    """Delete an activity nobody reported on, with its years and indicators; else archive it."""
    activity = locked(activity)
    if activity_was_used(activity):
        archive_activity(activity, reason=reason, today=today, by=by)
        return False
    pairs, indicators = years_and_programs(activity), list(activity.indicators.all())
    things: list[Activity | Indicator] = [*indicators, activity]
    for thing in things:
        _erase(thing)
    _count(activity, pairs)
    for thing in things:
        record("delete", thing, by=by, reason=reason)
    return True


@transaction.atomic
def archive_activity(activity: Activity, *, reason: str, today: date, by: User) -> None:
    activity = locked_in_use(activity)
    _archive(activity, today)
    _count(activity, years_and_programs(activity))
    _record_archive(activity, today, reason=reason, by=by)


@transaction.atomic
def restore_activity(activity: Activity, *, reason: str, by: User) -> None:
    activity = locked(activity)
    if activity.program is not None and activity.program.archived_on is not None:
        sentence = _("Take the programme “%(record)s” out of the archive first.")
        raise Refused(sentence % {"record": activity.program})
    day = _restore(activity)
    _count(activity, years_and_programs(activity))
    _record_restore(activity, day, reason=reason, by=by)


def _count(activity: Activity, pairs: Collection[tuple[int | None, int]]) -> None:
    count_owners([activity.owner_id], (year for _program, year in pairs))
    refresh_years(pairs)


# --- indicators ------------------------------------------------------------------------------


def indicator_was_used(indicator: Indicator) -> bool:
    """Whether a value was written, its target was ever revised, or it weighs in a programme."""
    return (
        indicator.values.filter(actual_value__isnull=False).exists()
        or indicator.targets.filter(revision__gt=0).exists()
        or indicator.weights.exists()
    )


@transaction.atomic
def delete_indicator(indicator: Indicator, *, reason: str, today: date, by: User) -> bool:
    """Delete an indicator without a value or a revision, with its targets; else archive it."""
    indicator = locked(indicator)
    if indicator_was_used(indicator):
        archive_indicator(indicator, reason=reason, today=today, by=by)
        return False
    _erase(indicator)
    refresh_years(years_and_programs(indicator.activity))
    record("delete", indicator, by=by, reason=reason)
    return True


@transaction.atomic
def archive_indicator(indicator: Indicator, *, reason: str, today: date, by: User) -> None:
    indicator = locked_in_use(indicator)
    _archive(indicator, today)
    refresh_years(years_and_programs(indicator.activity))
    _record_archive(indicator, today, reason=reason, by=by)


@transaction.atomic
def restore_indicator(indicator: Indicator, *, reason: str, by: User) -> None:
    indicator = locked(indicator)
    if indicator.activity.archived_on is not None:
        sentence = _("Take the activity “%(record)s” out of the archive first.")
        raise Refused(sentence % {"record": indicator.activity})
    day = _restore(indicator)
    refresh_years(years_and_programs(indicator.activity))
    _record_restore(indicator, day, reason=reason, by=by)


# --- the row ---------------------------------------------------------------------------------


def _archive(thing: Archivable, today: date) -> None:
    thing.archived_on = today
    thing.save(update_fields=["archived_on"])


def _restore(thing: Archivable) -> date:
    """Take it out and return the day on which it went in."""
    day = thing.archived_on
    if day is None:
        raise Refused(_("“%(record)s” is not in the archive.") % {"record": thing})
    thing.archived_on = None
    thing.save(update_fields=["archived_on"])
    return day


def _erase(thing: Archivable) -> None:
    """Delete the row and keep its key, by which the trail names it."""
    pk = thing.pk
    if isinstance(thing, Indicator):
        thing.values.all().delete()  # none of them has a value
    thing.delete()
    thing.pk = pk


def _record_archive(thing: Archivable, today: date, *, reason: str, by: User) -> None:
    record("archive", thing, by=by, changes={"archived_on": (None, today)}, reason=reason)


def _record_restore(thing: Archivable, day: date, *, reason: str, by: User) -> None:
    record("restore", thing, by=by, changes={"archived_on": (day, None)}, reason=reason)
