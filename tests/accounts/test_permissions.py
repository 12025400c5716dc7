"""Who may manage which people: row 16 of the permission matrix, as list and as single answer."""

import pytest

from accounts.models import Role
from accounts.permissions import (
    can_give_role,
    can_manage_people,
    can_manage_person,
    manageable_people,
)
from tests.conftest import Cast

PEOPLE = [
    "head",
    "operator",
    "rival",
    "secretary",
    "colleague",
    "member",
    "other_member",
    "admin",
]
BELOW_THE_SECRETARIAT = {"head", "operator", "rival", "member", "other_member"}

# role -> whom they manage
MANAGED = {
    "head": set[str](),
    "operator": set[str](),
    "member": set[str](),
    "visitor": set[str](),
    "secretary": BELOW_THE_SECRETARIAT,
    "admin": set(PEOPLE) - {"admin"},
}

# role -> roles they hand out
GIVEN = {
    "head": set[Role](),
    "operator": set[Role](),
    "member": set[Role](),
    "visitor": set[Role](),
    "secretary": {Role.COUNCIL_MEMBER, Role.OPERATOR, Role.HEAD},
    "admin": set(Role),
}


@pytest.mark.parametrize("role", MANAGED)
def test_people_are_managed_from_above_and_nobody_manages_themselves(cast: Cast, role: str) -> None:
    who = getattr(cast, role)

    listed = {name for name in PEOPLE if manageable_people(who).contains(getattr(cast, name))}
    allowed = {name for name in PEOPLE if can_manage_person(who, getattr(cast, name))}

    assert listed == allowed == MANAGED[role]


@pytest.mark.parametrize("role", MANAGED)
def test_the_door_is_open_to_those_who_manage_somebody(cast: Cast, role: str) -> None:
    assert can_manage_people(getattr(cast, role)) == bool(MANAGED[role])


@pytest.mark.parametrize("role", GIVEN)
def test_roles_are_handed_out_from_above(cast: Cast, role: str) -> None:
    who = getattr(cast, role)

    assert {one for one in Role if can_give_role(who, one)} == GIVEN[role]


@pytest.mark.parametrize("role", ["secretary", "admin"])
def test_whoever_was_switched_off_manages_nobody(cast: Cast, role: str) -> None:
    who = getattr(cast, role)
    who.is_active = False

    assert not can_manage_people(who)
    assert not manageable_people(who).exists()
    assert not can_give_role(who, Role.OPERATOR)
