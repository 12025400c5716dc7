"""Who may see and do what with progress: the tables of rows 4 to 6 of the permission matrix."""

import pytest

from accounts.models import Role
from dimensions.permissions import can_manage_frame, visible_organizations
from programs.models import ProgressEntry
from programs.permissions import (
    Person,
    can_change_evidence,
    can_review_entries,
    can_submit_entry,
    can_write_entries_of,
    reportable_activities,
    visible_activities,
    visible_entries,
    visible_evidence,
    visible_programs,
)
from tests import factories
from tests.conftest import Cast

Status = ProgressEntry.Status

ROLES = ["head", "operator", "rival", "secretary", "member", "admin", "visitor"]
EVERY_STATE = set(Status)
VERIFIED_ONLY = {Status.VERIFIED}
NO_STATE: set[Status] = set()

# role -> the states in which an entry of the cast's agency is seen
SEEN = {
    "head": EVERY_STATE,
    "operator": EVERY_STATE,
    "rival": NO_STATE,
    "secretary": EVERY_STATE,
    "member": VERIFIED_ONLY,
    "admin": NO_STATE,
    "visitor": NO_STATE,
}

# role -> (writes, hands in, reviews) an entry of the cast's agency
ACTS = {
    "head": (True, True, False),
    "operator": (True, False, False),
    "rival": (False, False, False),
    "secretary": (True, True, True),
    "member": (False, False, False),
    "admin": (False, False, False),
    "visitor": (False, False, False),
}


def person(cast: Cast, role: str) -> Person:
    found: Person = getattr(cast, role)
    return found


def entry_in(cast: Cast, status: str) -> ProgressEntry:
    verifier = cast.secretary if status == Status.VERIFIED else None
    return factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(),
        status=status,
        by=cast.head,
        verified_by=verifier,
    )


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", ROLES)
def test_an_entry_is_seen_by_role_and_state(cast: Cast, role: str, status: Status) -> None:
    entry = entry_in(cast, status)

    seen = visible_entries(person(cast, role)).filter(pk=entry.pk).exists()

    assert seen == (status in SEEN[role])


@pytest.mark.parametrize("role", ROLES)
def test_an_entry_is_written_handed_in_and_reviewed_by_role(cast: Cast, role: str) -> None:
    entry = entry_in(cast, Status.DRAFT)
    who = person(cast, role)

    allowed = (
        can_write_entries_of(who, entry.activity),
        can_submit_entry(who, entry),
        can_review_entries(who),
    )

    assert allowed == ACTS[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_list_of_what_one_may_report_on_agrees_with_the_rule(cast: Cast, role: str) -> None:
    activities = [factories.make_activity(cast.agency), factories.make_activity(cast.rival_agency)]
    who = person(cast, role)

    listed = set(reportable_activities(who))

    assert listed == {one for one in activities if can_write_entries_of(who, one)}


@pytest.mark.parametrize("shareable", [True, False])
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", ROLES)
def test_evidence_is_seen_like_its_entry_and_by_the_council_only_if_shareable(
    cast: Cast, role: str, status: Status, shareable: bool
) -> None:
    evidence = factories.make_evidence(entry_in(cast, status), by=cast.head, shareable=shareable)

    seen = visible_evidence(person(cast, role)).contains(evidence)

    assert seen == (status in SEEN[role] and (shareable or role != "member"))


@pytest.mark.parametrize("role", ROLES)
def test_evidence_is_taken_away_by_its_own_agency_alone(cast: Cast, role: str) -> None:
    evidence = factories.make_evidence(entry_in(cast, Status.DRAFT), by=cast.head)

    assert can_change_evidence(person(cast, role), evidence) == (role in {"head", "operator"})


@pytest.mark.parametrize("role", ROLES)
def test_the_masterplan_is_open_to_everyone_who_is_signed_in(cast: Cast, role: str) -> None:
    activity = factories.make_activity(cast.agency)
    who = person(cast, role)

    seen = {
        visible_programs(who).filter(activities=activity).exists(),
        visible_activities(who).contains(activity),
        visible_organizations(who).contains(cast.agency),
    }

    assert seen == {role != "visitor"}


@pytest.mark.parametrize("role", ROLES)
def test_the_frame_is_kept_by_the_secretariat_alone(cast: Cast, role: str) -> None:
    assert can_manage_frame(person(cast, role)) == (role == "secretary")


def test_a_rival_sees_its_own_entry_and_nothing_of_the_others(cast: Cast) -> None:
    entry_in(cast, Status.VERIFIED)
    own = factories.make_entry(
        factories.make_activity(cast.rival_agency), factories.make_period(), by=cast.rival
    )

    assert list(visible_entries(cast.rival)) == [own]


def test_a_superuser_has_no_rights_on_entries(cast: Cast) -> None:
    entry = entry_in(cast, Status.SUBMITTED)
    evidence = factories.make_evidence(entry, by=cast.head, shareable=True)
    cast.admin.is_superuser = cast.admin.is_staff = True
    cast.admin.save()

    assert not visible_entries(cast.admin).exists()
    assert not visible_evidence(cast.admin).exists()
    assert not reportable_activities(cast.admin).exists()
    assert not can_write_entries_of(cast.admin, entry.activity)
    assert not can_submit_entry(cast.admin, entry)
    assert not can_review_entries(cast.admin)
    assert not can_change_evidence(cast.admin, evidence)


@pytest.mark.parametrize("role", ["head", "operator", "secretary", "member"])
def test_whoever_was_switched_off_has_no_rights_left(cast: Cast, role: str) -> None:
    entry = entry_in(cast, Status.VERIFIED)
    factories.make_evidence(entry, by=cast.head, shareable=True)
    who = person(cast, role)
    who.is_active = False

    assert not visible_entries(who).exists()
    assert not visible_evidence(who).exists()
    assert not reportable_activities(who).exists()
    assert not can_write_entries_of(who, entry.activity)
    assert not can_review_entries(who)


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.ADMIN])
def test_an_agency_on_the_account_gives_other_roles_no_right_to_write(
    cast: Cast, role: Role
) -> None:
    entry = entry_in(cast, Status.DRAFT)
    misplaced = factories.make_user("tamu", role, cast.agency)

    assert not visible_entries(misplaced).exists()
    assert not can_write_entries_of(misplaced, entry.activity)
