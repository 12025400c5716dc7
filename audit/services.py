"""Writing to the trail and checking that it is whole."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.models import GENESIS, SENTENCES, AuditEntry, ChainHead

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def record(
    verb: str,
    thing: models.Model,
    *,
    by: "User | None",
    details: Mapping[str, Any] | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add one row in the caller's transaction: if the change is undone, so is its row.

    `changes` says what each field was and is. Raises ValueError for an act that has no sentence
    in `audit.models.SENTENCES`.
    """
    if verb not in SENTENCES:
        raise ValueError(verb)
    ChainHead.objects.get_or_create(pk=1)
    head = ChainHead.objects.select_for_update().get(pk=1)
    entry = AuditEntry(
        at=timezone.now(),
        actor=by,
        actor_label=str(by) if by else "sistem",
        verb=verb,
        object_type=thing._meta.label_lower,  # noqa: SLF001
        object_id=str(thing.pk),
        object_label=str(thing)[:300],
        details={**(details or {}), **_more_details(changes or {}, reason)},
        previous_hash=head.hash,
    )
    entry.hash = entry.expected_hash()
    entry.save()
    head.hash = entry.hash
    head.save()
    return entry


def state_of_the_data() -> str:
    """Return a mark that is another one after every change of state: the end of the trail."""
    return ChainHead.objects.values_list("hash", flat=True).first() or GENESIS


def _more_details(changes: Mapping[str, tuple[Any, Any]], reason: str) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if changes:
        more["changes"] = {
            name: [_as_text(before), _as_text(after)] for name, (before, after) in changes.items()
        }
    if reason:
        more["reason"] = str(reason)
    return more


def _as_text(value: Any) -> str | None:
    """Write a value so that it reads the same whatever database it comes back from."""
    match value:
        case None:
            return None
        case Decimal():
            plain = format(value, "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case date():  # a datetime is one too
            return value.isoformat()
        case _:
            return str(value)


def snapshot_of(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """Return what the fields say now, to compare with what they say later."""
    return {name: _now(instance, name) for name in fields}


def _now(instance: models.Model, name: str) -> Any:
    value = getattr(instance, name)
    if instance._meta.get_field(name).many_to_many:  # noqa: SLF001  Django documents it
        return ", ".join(sorted(str(thing) for thing in value.all()))
    return str(value) if isinstance(value, models.Model) else value


def changes_between(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return what differs; equal numbers written differently (12 and 12.0000) do not."""
    names = dict.fromkeys([*before, *after])
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def history_of(thing: models.Model) -> QuerySet[AuditEntry]:
    """Return what happened to one record, newest first."""
    return AuditEntry.objects.about(thing)


class Fault(Enum):
    """What is wrong at one place of the chain."""

    CHANGED = "changed"
    UNLINKED = "unlinked"  # a row before it is missing or was slipped in
    ADDED = "added"  # after the end the portal knows
    END_MISSING = "end missing"


@dataclass(frozen=True)
class BrokenLink:
    """A row that is not as the portal wrote it; none where the whole trail is gone."""

    entry: AuditEntry | None
    faults: list[Fault]


def broken_links() -> Iterator[BrokenLink]:
    """Yield each place where the trail was tampered with, in order."""
    head, last = _end_of_chain()
    previous, is_past_end = GENESIS, head == GENESIS
    if last is None and head not in {None, GENESIS}:
        yield BrokenLink(None, [Fault.END_MISSING])
    entries = AuditEntry.objects.filter(sequence__lte=last or 0)
    for entry in entries.iterator():
        is_head = entry.hash == head
        found = {
            Fault.CHANGED: entry.hash != entry.expected_hash(),
            Fault.UNLINKED: entry.previous_hash != previous,
            Fault.ADDED: is_past_end,
            Fault.END_MISSING: entry.sequence == last and not (is_past_end or is_head),
        }
        if any(found.values()):
            yield BrokenLink(entry, [fault for fault, is_so in found.items() if is_so])
        previous, is_past_end = entry.hash, is_past_end or is_head


@transaction.atomic
def _end_of_chain() -> tuple[str | None, int | None]:
    """Return the hash and the row the chain ends with, read while no writer is between them."""
    head = ChainHead.objects.select_for_update().first()
    last = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return (head.hash if head else None), last
