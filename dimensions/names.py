"""What organisations were called on a day: what was reported under an old name keeps it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from dimensions.models import Organization, OrganizationName


@dataclass(frozen=True)
class Names:
    """The names of one day. Only organisations that were ever renamed have rows."""

    by_organization: dict[int, OrganizationName]

    def short(self, organization: Organization) -> str:
        name = self.by_organization.get(organization.pk)
        return name.short_name if name else organization.short_name

    def official(self, organization: Organization) -> str:
        name = self.by_organization.get(organization.pk)
        return name.official_name if name else organization.official_name


def names_on(day: date) -> Names:
    """Return the names that counted on `day`, in one query."""
    known = OrganizationName.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    ordered = known.order_by(F("valid_from").asc(nulls_first=True))
    return Names({one.organization_id: one for one in ordered})
