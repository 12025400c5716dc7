"""Who may manage people (row 16 of the permission matrix)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import MANAGING_ROLES, Role, User


def manageable_people(user: User | AnonymousUser) -> QuerySet[User]:
    """The system admin manages everybody else, the secretariat those below it."""
    if not user.is_authenticated or not user.is_active:
        return User.objects.none()
    if user.role == Role.ADMIN:
        return User.objects.exclude(pk=user.pk)
    if user.role == Role.SECRETARIAT:
        return User.objects.exclude(role__in=MANAGING_ROLES)
    return User.objects.none()


def can_manage_people(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and user.is_active and user.role in MANAGING_ROLES


def can_give_role(user: User | AnonymousUser, role: str) -> bool:
    """The secretariat hands out roles below its own; the system admin any."""
    if not user.is_authenticated or not can_manage_people(user):
        return False
    return user.role == Role.ADMIN or role not in MANAGING_ROLES


def can_manage_person(user: User | AnonymousUser, person: User) -> bool:
    return manageable_people(user).filter(pk=person.pk).exists()
