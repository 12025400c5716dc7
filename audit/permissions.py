"""Who may read the trail (row 18 of the permission matrix)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def can_read_trail(user: "User") -> bool:
    """The secretariat and the system admin read all of it."""
    return user.is_secretariat or user.is_system_admin
