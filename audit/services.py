"""Writing to the trail and checking that it is whole."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from audit.models import GENESIS, SENTENCES, AuditEntry, ChainHead

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def record(
    verb: str, thing: models.Model, *, by: "User | None", details: dict[str, Any] | None = None
) -> AuditEntry:
    """Add one row in the caller's transaction: if the change is undone, so is its row.

    Raises ValueError for an act that has no sentence in `audit.models.SENTENCES`.
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
        details=details or {},
        previous_hash=head.hash,
    )
    entry.hash = entry.expected_hash()
    entry.save()
    head.hash = entry.hash
    head.save()
    return entry


def broken_links() -> Iterator[AuditEntry]:
    """Yield each row that was changed or slipped in, or after which or before which one is gone."""
    last = AuditEntry.objects.last()
    head = ChainHead.objects.first()
    previous = GENESIS
    for entry in AuditEntry.objects.iterator():
        is_linked = entry.previous_hash == previous
        is_the_end = head is not None and entry.hash == head.hash
        if (
            not is_linked
            or entry.hash != entry.expected_hash()
            or (entry == last and not is_the_end)
        ):
            yield entry
        previous = entry.hash
