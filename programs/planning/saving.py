"""Changing one row of the plan: lock, compare, refuse, write. The trail comes last."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from ambon_smartcity.http import Refused
from audit.services import changes_between, snapshot_of
from dimensions.models import Masterplan
from programs.models import Activity, Indicator, Program, ReportingPeriod
from programs.summaries import count_periods, recount, refresh, years_of

M = TypeVar("M", bound=models.Model)
Archivable = TypeVar("Archivable", bound=Program | Activity | Indicator)
Changes = dict[str, tuple[Any, Any]]


class EditConflict(Exception):
    """Somebody else changed the record since the person opened it."""


def stamp(values: Mapping[str, Any]) -> str:
    """Return a mark of what was shown, which tells later whether it is still so."""
    text = "\n".join(f"{name}={_plain(value)}" for name, value in values.items())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(map(_plain, value))
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def refuse_conflict(values: Mapping[str, Any], seen: str) -> None:
    if stamp(values) != seen:
        raise EditConflict


def locked(thing: M) -> M:
    rows = type(thing)._default_manager.filter(pk=thing.pk)  # noqa: SLF001
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Refused(_("“%(record)s” was deleted meanwhile.") % {"record": thing})
    return found


def locked_in_use(thing: Archivable) -> Archivable:
    """Lock what is to be changed; what is in the archive stays as it is."""
    found = locked(thing)
    if found.archived_on is not None:
        raise Refused(_("“%(record)s” is in the archive. Take it out first.") % {"record": found})
    return found


def changes_to(thing: models.Model, values: Mapping[str, Any]) -> Changes:
    """Return what would differ if the fields said this."""
    return changes_between(snapshot_of(thing, values), _wanted(thing, values))


def _wanted(thing: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _said(value, is_link=_is_link(thing, name)) for name, value in values.items()}


def _said(value: Any, *, is_link: bool) -> Any:
    if is_link:
        return ", ".join(sorted(str(one) for one in value))
    return str(value) if isinstance(value, models.Model) else value


def _is_link(thing: models.Model, name: str) -> bool:
    return bool(thing._meta.get_field(name).many_to_many)  # noqa: SLF001  Django documents it


def write(thing: models.Model, values: Mapping[str, Any]) -> None:
    """Set the fields and save; a code that somebody took at the same moment is told."""
    links = {name: value for name, value in values.items() if _is_link(thing, name)}
    for name, value in values.items():
        if name not in links:
            setattr(thing, name, value)
    try:
        with transaction.atomic():
            thing.save()
    except IntegrityError as error:
        raise Refused(_("Somebody added the same a moment ago. Look at it first.")) from error
    for name, value in links.items():
        getattr(thing, name).set(value)


def already_there(rows: Iterable[M], values: Mapping[str, Any], sentence: str) -> M | None:
    """Return the row that says exactly this: the same form sent twice is one row.

    Raises ValidationError if a row with this code says something else.
    """
    for found in rows:
        if changes_to(found, values):
            raise ValidationError({"code": sentence})
        return found
    return None


def refresh_program(program: Program) -> None:
    refresh([program.pk], years_of(program.masterplan))


def recount_plan(masterplan: Masterplan) -> None:
    """Count a whole masterplan anew: a programme left a dimension, which `refresh` cannot see."""
    for year in years_of(masterplan):
        recount(masterplan, year)


def refresh_years(pairs: Iterable[tuple[int | None, int]]) -> None:
    """Recount what stands in these (programme, year) pairs; no programme, no figure."""
    by_year: dict[int, set[int]] = defaultdict(set)
    for program, year in pairs:
        if program is not None:
            by_year[year].add(program)
    for year in sorted(by_year):
        refresh(by_year[year], [year])


def years_and_programs(activity: Activity) -> set[tuple[int | None, int]]:
    return set(activity.years.values_list("program_id", "fiscal_year"))


def count_owners(owners: Iterable[int], years: Iterable[int]) -> None:
    """Count anew what these organisations owe in the periods of these years."""
    count_periods(ReportingPeriod.objects.filter(year__in=set(years)), set(owners))
