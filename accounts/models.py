"""The portal's own user: one role, and the agency the person acts for."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dimensions.models import Organization


class Role(models.TextChoices):
    COUNCIL_MEMBER = "council_member", _("Council member")
    OPERATOR = "agency_operator", _("Agency operator")
    HEAD = "agency_head", _("Agency head")
    SECRETARIAT = "secretariat", _("Secretariat")
    ADMIN = "admin", _("System administrator")


AGENCY_ROLES = (Role.OPERATOR, Role.HEAD)
MANAGING_ROLES = (Role.SECRETARIAT, Role.ADMIN)


class PortalUserManager(UserManager["User"]):
    """Brings a person's agency along, which every page names; the first account is an admin's."""

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("organization")

    def create_superuser(self, username: str, *args: Any, **fields: Any) -> "User":
        return super().create_superuser(username, *args, **{"role": Role.ADMIN, **fields})


class User(AbstractUser):
    """A person who signs in. No identity numbers, no phone, no address are kept."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("agency"),
    )
    is_demo = models.BooleanField(_("demo data"), default=False)

    objects: ClassVar[PortalUserManager] = PortalUserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name", "username"]
        constraints = [
            models.CheckConstraint(
                name="agency_people_have_an_agency",
                condition=~Q(role__in=["agency_operator", "agency_head"])
                | Q(organization__isnull=False),
                violation_error_message=_("An agency head or operator needs an agency."),
            ),
            models.CheckConstraint(
                name="role_is_known",
                condition=Q(role__in=Role.values),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def is_council_member(self) -> bool:
        return self.is_active and self.role == Role.COUNCIL_MEMBER

    @property
    def is_secretariat(self) -> bool:
        return self.is_active and self.role == Role.SECRETARIAT

    @property
    def is_system_admin(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    @property
    def is_head(self) -> bool:
        return self.is_active and self.role == Role.HEAD

    @property
    def is_agency_person(self) -> bool:
        return self.is_active and self.role in AGENCY_ROLES

    @property
    def agency_id(self) -> int | None:
        """The agency this person writes for, if the role lets them write for one."""
        return self.organization_id if self.is_agency_person else None
