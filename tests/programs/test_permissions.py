"""Who sees and may do what with progress: one table, asked of everybody."""

import pytest

from programs.models import Evidence, ProgressEntry
from programs.permissions import (
    can_review_entries,
    can_submit_entry,
    can_write_entries_of,
    reportable_activities,
    visible_entries,
    visible_evidence,
)
from tests import factories
from tests.conftest import Cast

STATES = ["draft", "submitted", "returned", "verified"]
SEES = {
    "head": STATES,
    "operator": STATES,
    "rival": [],
    "secretary": STATES,
    "member": ["verified"],
    "admin": [],
    "visitor": [],
}


def entry_of(cast: Cast, status: str) -> ProgressEntry:
    return factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(),
        status=status,
        by=cast.head,
        verified_by=cast.secretary if status == "verified" else None,
    )


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("role", SEES)
def test_an_entry_is_seen_by_whom_the_matrix_names(cast: Cast, role: str, status: str) -> None:
    entry = entry_of(cast, status)

    seen = visible_entries(getattr(cast, role)).filter(pk=entry.pk).exists()

    assert seen is (status in SEES[role])


@pytest.mark.parametrize(
    ("role", "writes", "submits", "reviews"),
    [
        ("head", True, True, False),
        ("operator", True, False, False),
        ("rival", False, False, False),
        ("secretary", True, True, True),
        ("member", False, False, False),
        ("admin", False, False, False),
        ("visitor", False, False, False),
    ],
)
def test_rights_on_an_entry_follow_the_matrix(
    cast: Cast, role: str, writes: bool, submits: bool, reviews: bool
) -> None:
    entry = entry_of(cast, "draft")
    person = getattr(cast, role)

    assert can_write_entries_of(person, entry.activity) is writes
    assert reportable_activities(person).contains(entry.activity) is writes
    assert can_submit_entry(person, entry) is submits
    assert can_review_entries(person) is reviews


@pytest.mark.parametrize(
    ("role", "status", "shareable", "sees"),
    [
        ("head", "draft", False, True),
        ("rival", "verified", True, False),
        ("member", "verified", True, True),
        ("member", "verified", False, False),
        ("member", "submitted", True, False),
        ("secretary", "draft", False, True),
        ("admin", "verified", True, False),
        ("visitor", "verified", True, False),
    ],
)
def test_evidence_is_seen_with_its_entry_and_by_members_only_if_shared(
    cast: Cast, role: str, status: str, shareable: bool, sees: bool
) -> None:
    entry = entry_of(cast, status)
    Evidence.objects.create(
        entry=entry,
        kind="photo",
        original_name="foto.jpg",
        extension=".jpg",
        size=1,
        sha256="0" * 64,
        is_shareable=shareable,
        uploaded_by=cast.head,
    )

    assert visible_evidence(getattr(cast, role)).exists() is sees


def test_somebody_switched_off_loses_every_right_at_once(cast: Cast) -> None:
    entry = entry_of(cast, "draft")
    cast.head.is_active = False

    assert not can_write_entries_of(cast.head, entry.activity)
    assert not visible_entries(cast.head).exists()
