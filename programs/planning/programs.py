"""What happens to a programme: added, changed, ended, marked as a quick win."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import changes_between, record, snapshot_of
from dimensions.models import Masterplan
from programs.models import Activity, Program, ProgressEntry, QuickWinMark
from programs.planning.saving import (
    already_there,
    changes_to,
    locked_in_use,
    recount_plan,
    refresh_program,
    refuse_conflict,
    stamp,
    write,
)
from programs.summaries import refresh, years_of

FIELDS = ("code", "title", "sub_dimension", "owner", "supporting_organizations", "source")


def program_stamp(program: Program) -> str:
    return stamp(snapshot_of(program, FIELDS))


@transaction.atomic
def add_program(masterplan: Masterplan, values: Mapping[str, Any], *, by: User) -> Program:
    """Add a programme to a masterplan; sent twice, it is one."""
    taken = _("The code %(code)s is already used in this masterplan.") % values
    same_code = masterplan.programs.filter(code=values["code"])
    found = already_there(same_code, values, taken)
    if found is not None:
        return found
    program = Program(masterplan=masterplan)
    write(program, values)
    refresh_program(program)
    said = snapshot_of(program, ("masterplan", *FIELDS))
    record("add", program, by=by, changes=changes_between({}, said))
    return program


@transaction.atomic
def change_program(program: Program, values: Mapping[str, Any], *, seen: str, by: User) -> Program:
    """Change a programme. Raises EditConflict if it no longer says what `seen` stands for."""
    program = locked_in_use(program)
    changes = changes_to(program, values)
    if not changes:
        return program
    refuse_conflict(snapshot_of(program, FIELDS), seen)
    _refuse_taken_code(program, values)
    _refuse_to_rewrite_what_was_reported(program, values)
    old_dimension = program.sub_dimension.dimension_id
    write(program, values)
    if program.sub_dimension.dimension_id != old_dimension:
        dimension = program.sub_dimension.dimension
        Activity.objects.filter(program=program).update(dimension=dimension)
        recount_plan(program.masterplan)
    elif changes.keys() & {"sub_dimension", "owner"}:
        refresh_program(program)
    record("change", program, by=by, changes=changes)
    return program


def _refuse_taken_code(program: Program, values: Mapping[str, Any]) -> None:
    others = Program.objects.filter(masterplan=program.masterplan_id).exclude(pk=program.pk)
    if others.filter(code=values["code"]).exists():
        sentence = _("The code %(code)s is already used in this masterplan.") % values
        raise ValidationError({"code": sentence})


def _refuse_to_rewrite_what_was_reported(program: Program, values: Mapping[str, Any]) -> None:
    """Whose programme it is, and under which dimension, stays once a figure was verified."""
    if not has_verified_figures(program):
        return
    sentence = _(
        "Figures were verified under this programme already, so this stays. Add a programme "
        "and move its activities there from a coming year on."
    )
    kept = {"owner": program.owner_id, "sub_dimension": program.sub_dimension_id}
    wrong = {name: sentence for name, key in kept.items() if values[name].pk != key}
    if wrong:
        raise ValidationError(wrong)


def has_verified_figures(program: Program) -> bool:
    return ProgressEntry.objects.filter(
        status=ProgressEntry.Status.VERIFIED,
        activity__years__program=program,
        activity__years__fiscal_year=F("period__year"),
    ).exists()


@transaction.atomic
def close_program(
    program: Program, *, ending: str, lesson: str, successor: Program | None, by: User
) -> Program:
    """Record how a programme ended, what was learnt, and what continues it."""
    program = locked_in_use(program)
    _refuse_wrong_successor(program, ending, successor)
    values = {"ending": ending, "lesson": lesson, "successor": successor}
    changes = changes_to(program, values)
    if changes:
        write(program, values)
        record("close_program", program, by=by, changes=changes)
    return program


def _refuse_wrong_successor(program: Program, ending: str, successor: Program | None) -> None:
    if successor is None:
        return
    if ending != Program.Ending.CONTINUED:
        raise ValidationError({"successor": _("Only a continued programme has a successor.")})
    if successor.masterplan.start_year <= program.masterplan.start_year:
        sentence = _("The successor must be a programme of a later masterplan.")
        raise ValidationError({"successor": sentence})


@transaction.atomic
def mark_quick_win(
    program: Program, *, valid_from: date, is_quick_win: bool, reason: str, today: date, by: User
) -> Program:
    """Say from which day a programme is, or is no longer, a quick win; sent twice, it is one."""
    program = locked_in_use(program)
    mark = {"valid_from": valid_from, "is_quick_win": is_quick_win, "reason": reason}
    if program.quick_win_marks.filter(**mark).exists():
        return program
    _refuse_wrong_mark(program, valid_from, today, is_quick_win=is_quick_win)
    QuickWinMark.objects.create(program=program, **mark)
    later = [year for year in years_of(program.masterplan) if year >= valid_from.year]
    refresh([program.pk], later)
    record(
        "mark_quick_win",
        program,
        by=by,
        changes={
            _("quick win"): (not is_quick_win, is_quick_win),
            _("valid from"): (None, valid_from),
        },
        reason=reason,
    )
    return program


def _refuse_wrong_mark(
    program: Program, valid_from: date, today: date, *, is_quick_win: bool
) -> None:
    if valid_from > today:
        sentence = _("A mark is recorded once it counts, not before.")
        raise ValidationError({"valid_from": sentence})
    if program.quick_win_marks.filter(valid_from=valid_from).exists():
        sentence = _("The quick-win mark was already changed on this day.")
        raise ValidationError({"valid_from": sentence})
    before = program.quick_win_marks.filter(valid_from__lt=valid_from).last()
    if is_quick_win == (before is not None and before.is_quick_win):
        sentence = (
            _("The programme is a quick win on this day already.")
            if is_quick_win
            else _("The programme is no quick win on this day already.")
        )
        raise ValidationError({"is_quick_win": sentence})
