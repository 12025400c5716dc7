"""Who may see and who may change the frame (rows 2 to 4 of the permission matrix)."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from dimensions.models import Organization

if TYPE_CHECKING:
    from accounts.models import User


def visible_organizations(user: "User | AnonymousUser") -> QuerySet[Organization]:
    """Everyone who is signed in sees the organisations; a visitor sees none."""
    return Organization.objects.all() if user.is_authenticated else Organization.objects.none()


def can_manage_frame(user: "User | AnonymousUser") -> bool:
    """The secretariat keeps the masterplan, the organisations and the dimensions."""
    return user.is_authenticated and user.is_secretariat
