"""The people of the demo. None of them is anybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.demo import DEMO_PASSWORD
from accounts.models import Role, User
from dimensions.models import Organization

OPERATES = "dinkes"


@dataclass(frozen=True)
class DemoPerson:
    username: str
    name: str
    role: Role
    organization: Organization | None = None


def load_people(owners: Iterable[Organization]) -> dict[str, User]:
    """Make the council, the secretariat and a head for each owner, all with one password hash."""
    password = make_password(DEMO_PASSWORD)
    people = User.objects.bulk_create(
        User(
            username=one.username,
            full_name=f"Pengguna Demo {one.name}",
            role=one.role,
            organization=one.organization,
            password=password,
            is_demo=True,
        )
        for one in _people(owners)
    )
    return {one.username: one for one in people}


def _people(owners: Iterable[Organization]) -> Iterable[DemoPerson]:
    yield DemoPerson("sekretariat", "Sekretariat", Role.SECRETARIAT)
    for number in (1, 2, 3):
        yield DemoPerson(f"dewan{number}", f"Dewan {number}", Role.COUNCIL_MEMBER)
    for one in owners:
        yield DemoPerson(f"opd.{one.code}", one.short_name, Role.HEAD, one)
        if one.code == OPERATES:
            yield DemoPerson(
                f"operator.{one.code}", f"Operator {one.short_name}", Role.OPERATOR, one
            )
