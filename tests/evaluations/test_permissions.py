"""Who sees which meeting, whose figures and whose answers, as tables of role and state."""

import pytest

from evaluations.models import DimensionEvaluation, Meeting
from evaluations.permissions import (
    can_evaluate,
    programs_with_visible_figures,
    visible_evaluations,
    visible_meetings,
)
from programs.models import Program
from programs.permissions import sees_whole_city
from tests import factories
from tests.conftest import Cast

EVERYBODY = [
    "visitor", "head", "operator", "rival", "secretary", "colleague", "member", "other_member",
    "admin",
]  # fmt: skip


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """One agency is invited; both own a programme; one more lies in another masterplan."""
    meeting = factories.make_meeting(cast.agency)
    factories.make_program(cast.agency)
    factories.make_program(cast.rival_agency)
    return meeting


@pytest.mark.parametrize("status", ["planned", "open", "finalised"])
@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("visitor", False),
        ("head", True),
        ("operator", True),
        ("rival", False),
        ("secretary", True),
        ("member", True),
        ("admin", False),
    ],
)
def test_a_meeting_is_seen_in_every_state_by_council_secretariat_and_the_invited(
    cast: Cast, meeting: Meeting, role: str, sees: bool, status: str
) -> None:
    Meeting.objects.update(status=status)

    assert visible_meetings(getattr(cast, role)).contains(meeting) is sees


@pytest.mark.parametrize(
    ("role", "owners"),
    [
        ("visitor", []),
        ("head", ["dinkes"]),
        ("operator", ["dinkes"]),
        ("rival", ["disdik"]),
        ("secretary", ["dinkes", "disdik"]),
        ("member", ["dinkes", "disdik"]),
        ("admin", ["dinkes", "disdik"]),
    ],
)
def test_an_agency_sees_figures_of_its_own_programmes_only(
    cast: Cast, meeting: Meeting, role: str, owners: list[str]
) -> None:
    seen = programs_with_visible_figures(getattr(cast, role), meeting)

    assert sorted(seen.values_list("owner__code", flat=True)) == owners


def test_programmes_of_another_masterplan_are_not_the_meetings(
    cast: Cast, meeting: Meeting
) -> None:
    other = factories.make_program(cast.agency)
    Program.objects.filter(pk=other.pk).update(masterplan=factories.make_later_masterplan())

    for person in (cast.member, cast.secretary, cast.head):
        assert not programs_with_visible_figures(person, meeting).contains(other)


@pytest.mark.parametrize("role", EVERYBODY)
def test_council_secretariat_and_admin_see_the_whole_city(cast: Cast, role: str) -> None:
    assert sees_whole_city(getattr(cast, role)) is (
        role in {"secretary", "colleague", "member", "other_member", "admin"}
    )


@pytest.mark.parametrize("role", EVERYBODY)
def test_council_members_score_and_nobody_else(cast: Cast, role: str) -> None:
    assert can_evaluate(getattr(cast, role)) is (role in {"member", "other_member"})


@pytest.mark.parametrize("status", ["draft", "submitted"])
@pytest.mark.parametrize(
    ("role", "sees_when"),
    [
        ("visitor", set()),
        ("head", set()),
        ("rival", set()),
        ("admin", set()),
        ("member", {"draft", "submitted"}),
        ("other_member", set()),
        ("secretary", {"submitted"}),
    ],
)
def test_an_answer_is_its_members_and_once_handed_in_the_secretariats(
    cast: Cast, meeting: Meeting, role: str, status: str, sees_when: set[str]
) -> None:
    answer = factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4), status=status)

    assert visible_evaluations(getattr(cast, role)).contains(answer) is (status in sees_when)


@pytest.mark.parametrize("role", ["head", "secretary", "member"])
def test_who_is_switched_off_sees_nothing_of_the_city(
    cast: Cast, meeting: Meeting, role: str
) -> None:
    person = getattr(cast, role)
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(3, 4))
    person.is_active = False
    person.save()

    assert not visible_meetings(person).exists()
    assert not programs_with_visible_figures(person, meeting).exists()
    assert not sees_whole_city(person)
    assert not can_evaluate(person)
    assert not visible_evaluations(person).exists()


def test_a_changed_role_counts_at_the_next_question(cast: Cast, meeting: Meeting) -> None:
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(3, 4), status="draft")
    cast.member.role = "admin"
    cast.member.save()

    assert not can_evaluate(cast.member)
    assert not visible_meetings(cast.member).exists()
    assert DimensionEvaluation.objects.exists()
