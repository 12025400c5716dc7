"""Who may read the trail (row 18 of the permission matrix)."""

from typing import TYPE_CHECKING

from django.db import models

from audit.models import AuditEntry, AuditQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def can_read_trail(user: "User") -> bool:
    """The secretariat and the system admin read all of it."""
    return user.is_secretariat or user.is_system_admin


def visible_history(
    user: "User | AnonymousUser", thing: models.Model, *, is_own: bool
) -> AuditQuerySet:
    """An agency reads the history of what is its own; who reads the trail, that of everything."""
    may_read = user.is_authenticated and (
        can_read_trail(user) or (is_own and user.is_agency_person)
    )
    return AuditEntry.objects.about(thing) if may_read else AuditEntry.objects.none()
