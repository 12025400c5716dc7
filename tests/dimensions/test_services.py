"""What happens to the frame: names, revisions, the archive, and the row each leaves behind."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Role
from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from dimensions import services
from dimensions.models import Dimension, Masterplan, Organization, OrganizationAlias
from dimensions.names import names_on
from evaluations.models import Attendance
from tests import factories
from tests.conftest import Cast

DAY = date(2022, 5, 1)
EARLIER = date(2021, 5, 1)


def last_entry() -> AuditEntry:
    return AuditEntry.objects.order_by("-sequence")[0]


def rename(
    cast: Cast, short_name: str = "Dinkesda", valid_from: date = DAY, official_name: str = ""
) -> Organization:
    return services.rename_organization(
        cast.agency,
        short_name=short_name,
        official_name=official_name or f"Dinas {short_name}",
        valid_from=valid_from,
        source="Perwali 5/2022",
        by=cast.secretary,
    )


def names_of(organization: Organization) -> list[tuple[date | None, str]]:
    return list(organization.names.values_list("valid_from", "short_name"))


# --- names -----------------------------------------------------------------------------------


def test_the_first_new_name_keeps_the_old_one_from_the_beginning(cast: Cast) -> None:
    rename(cast)

    assert names_of(cast.agency) == [(None, "Dinkes"), (DAY, "Dinkesda")]
    assert names_on(DAY - timedelta(days=1)).short(cast.agency) == "Dinkes"
    assert names_on(DAY).short(cast.agency) == "Dinkesda"
    cast.agency.refresh_from_db()
    assert (cast.agency.short_name, cast.agency.official_name) == ("Dinkesda", "Dinas Dinkesda")


def test_a_name_found_later_for_the_past_does_not_become_the_present_one(cast: Cast) -> None:
    rename(cast)

    rename(cast, "Dinkespro", EARLIER)

    cast.agency.refresh_from_db()
    assert cast.agency.short_name == "Dinkesda"
    assert names_on(DAY - timedelta(days=1)).short(cast.agency) == "Dinkespro"
    assert names_on(EARLIER - timedelta(days=1)).short(cast.agency) == "Dinkes"


def test_a_name_may_begin_today(cast: Cast) -> None:
    rename(cast, valid_from=timezone.localdate())

    cast.agency.refresh_from_db()
    assert cast.agency.short_name == "Dinkesda"


def test_two_names_do_not_begin_on_one_day(cast: Cast) -> None:
    rename(cast)

    with pytest.raises(ValidationError) as refused:
        rename(cast, "Lain")

    assert list(refused.value.message_dict) == ["valid_from"]
    assert names_of(cast.agency) == [(None, "Dinkes"), (DAY, "Dinkesda")]


def test_a_name_does_not_begin_tomorrow(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        rename(cast, valid_from=timezone.localdate() + timedelta(days=1))

    assert list(refused.value.message_dict) == ["valid_from"]
    assert names_of(cast.agency) == []


def test_the_present_name_is_no_new_name(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        rename(cast, "Dinkes")

    assert list(refused.value.message_dict) == ["short_name"]
    assert not AuditEntry.objects.exists()


def test_a_new_official_name_alone_is_a_new_name(cast: Cast) -> None:
    rename(cast, "Dinkes", official_name="Dinas Kesehatan Kota")

    cast.agency.refresh_from_db()
    assert cast.agency.official_name == "Dinas Kesehatan Kota"


def test_a_name_sent_twice_is_recorded_once(cast: Cast) -> None:
    rename(cast)
    rename(cast)

    assert cast.agency.names.count() == 2
    assert AuditEntry.objects.count() == 1


def test_a_new_name_tells_the_trail_from_what_to_what_and_why(cast: Cast) -> None:
    rename(cast)

    entry = last_entry()
    assert (entry.verb, entry.actor, entry.object_id) == (
        "rename",
        cast.secretary,
        str(cast.agency.pk),
    )
    assert entry.details["changes"] == {
        "short_name": ["Dinkes", "Dinkesda"],
        "official_name": ["Dinas Dinkes", "Dinas Dinkesda"],
    }
    assert entry.details["valid_from"] == "2022-05-01"
    assert entry.reason == "Perwali 5/2022"


# --- aliases ---------------------------------------------------------------------------------


def test_an_alias_finds_its_organisation_until_it_is_removed(cast: Cast) -> None:
    alias = services.add_alias(
        cast.agency, alias="Kadis Kesehatan", source="pers", by=cast.secretary
    )
    assert services.find_organization("kadis kesehatan") == cast.agency
    assert last_entry().details["changes"] == {"aliases": [None, "Kadis Kesehatan"]}

    services.remove_alias(alias, by=cast.secretary)

    assert services.find_organization("kadis kesehatan") is None
    assert last_entry().details["changes"] == {"aliases": ["Kadis Kesehatan", None]}
    assert last_entry().object_id == str(cast.agency.pk)


def test_what_somebody_added_a_moment_ago_is_refused_and_leaves_no_row(cast: Cast) -> None:
    OrganizationAlias.objects.create(organization=cast.rival_agency, alias="Sama", source="pers")

    with pytest.raises(Refused):
        services.add_alias(cast.agency, alias="SAMA", source="pers", by=cast.secretary)

    assert not AuditEntry.objects.exists()


# --- archive ---------------------------------------------------------------------------------


def test_an_organisation_goes_into_the_archive_and_comes_out_again(cast: Cast) -> None:
    services.archive_organization(cast.agency, reason="Digabung", by=cast.secretary)
    cast.agency.refresh_from_db()
    assert cast.agency.is_archived
    archived = last_entry()
    assert (archived.verb, archived.reason) == ("archive", "Digabung")
    assert archived.details["changes"] == {"is_archived": ["False", "True"]}

    services.restore_organization(cast.agency, reason="Keliru", by=cast.secretary)

    cast.agency.refresh_from_db()
    assert not cast.agency.is_archived
    assert (last_entry().verb, last_entry().reason) == ("restore", "Keliru")


def test_what_is_in_the_archive_is_not_archived_again(cast: Cast) -> None:
    services.archive_organization(cast.agency, reason="Digabung", by=cast.secretary)

    with pytest.raises(Refused):
        services.archive_organization(cast.agency, reason="Digabung", by=cast.secretary)


def test_what_is_not_in_the_archive_is_not_taken_out(cast: Cast) -> None:
    with pytest.raises(Refused):
        services.restore_organization(cast.agency, reason="Keliru", by=cast.secretary)


def test_an_organisation_that_nothing_refers_to_is_deleted_with_its_aliases(cast: Cast) -> None:
    fresh = factories.make_organization("baru")
    fresh.aliases.create(alias="Baru", source="pers")

    assert services.delete_organization(fresh, by=cast.secretary)

    assert not Organization.objects.filter(code="baru").exists()
    assert (last_entry().verb, last_entry().object_label) == ("delete", "Baru")


def refer(kind: str, organization: Organization) -> None:
    """Let something of this kind refer to the organisation."""
    match kind:
        case "name":
            organization.names.create(short_name="Lama", official_name="Dinas Lama")
        case "account":
            factories.make_user("akun", Role.HEAD, organization)
        case "programme":
            factories.make_program(organization)
        case "activity":
            other = factories.make_organization("lain")
            factories.make_activity(organization, program=factories.make_program(other))
        case "invitation":
            factories.make_meeting(organization)
        case "attendance":
            Attendance.objects.create(
                meeting=factories.make_meeting(), group="opd_head", organization=organization
            )


@pytest.mark.parametrize(
    "kind", ["name", "account", "programme", "activity", "invitation", "attendance"]
)
def test_an_organisation_with_a_history_is_archived_instead_of_deleted(
    cast: Cast, kind: str
) -> None:
    organization = factories.make_organization("baru")
    refer(kind, organization)

    assert not services.delete_organization(organization, by=cast.secretary)

    organization.refresh_from_db()
    assert organization.is_archived
    assert last_entry().verb == "archive"


# --- what is known of an organisation --------------------------------------------------------


def test_a_change_leaves_what_it_was_and_what_it_is(cast: Cast) -> None:
    dimension = factories.make_dimension("SL")
    values = {"english_name": "Health Office", "dimension": dimension}

    services.change_organization(cast.agency, values, by=cast.secretary)

    assert last_entry().verb == "change"
    assert last_entry().details["changes"] == {
        "english_name": ["", "Health Office"],
        "dimension": [None, "Smart SL"],
    }


def test_what_changes_nothing_leaves_no_row(cast: Cast) -> None:
    services.change_organization(cast.agency, {"english_name": ""}, by=cast.secretary)

    assert not AuditEntry.objects.exists()


def test_a_new_organisation_leaves_what_was_entered(cast: Cast) -> None:
    values = {
        "code": "dinsos",
        "short_name": "Dinsos",
        "official_name": "Dinas Sosial",
        "name_note": "",
    }

    services.add_organization(values, by=cast.secretary)

    assert last_entry().verb == "add"
    assert last_entry().details["changes"] == {
        "code": [None, "dinsos"],
        "short_name": [None, "Dinsos"],
        "official_name": [None, "Dinas Sosial"],
    }


def test_a_dimension_and_its_parts_leave_a_row_for_each_that_changed(cast: Cast) -> None:
    dimension = factories.make_dimension("SL")
    first = dimension.sub_dimensions.create(code="SL.1", name="Satu")
    second = dimension.sub_dimensions.create(code="SL.2", name="Dua")
    parts = {
        first.pk: {"name": "Satu", "objective": "Tujuan"},
        second.pk: {"name": "Dua", "objective": ""},
    }

    services.change_dimension(dimension, {"name": "Smart Living"}, parts, by=cast.secretary)

    assert Dimension.objects.get().name == "Smart Living"
    rows = AuditEntry.objects.values_list("object_type", "details__changes")
    assert list(rows) == [
        ("dimensions.dimension", {"name": ["Smart SL", "Smart Living"]}),
        ("dimensions.subdimension", {"objective": ["", "Tujuan"]}),
    ]


def test_the_parts_of_another_dimension_are_left_alone(cast: Cast) -> None:
    other = factories.make_dimension("EN").sub_dimensions.create(code="EN.1", name="Satu")
    dimension = factories.make_dimension("SL")

    services.change_dimension(
        dimension, {"name": "Smart SL"}, {other.pk: {"name": "Lain"}}, by=cast.secretary
    )

    other.refresh_from_db()
    assert other.name == "Satu"


# --- masterplans -----------------------------------------------------------------------------

PLAN: dict[str, Any] = {"name": "Rencana", "start_year": 2025, "end_year": 2029, "source": ""}


def revise(cast: Cast, plan: Any, valid_from: date, reason: str = "Penyesuaian") -> Any:
    return services.add_revision(
        plan, valid_from=valid_from, decree="Perwali 7", reason=reason, by=cast.secretary
    )


def test_a_new_masterplan_stands_at_its_first_version(cast: Cast) -> None:
    plan = services.add_masterplan(PLAN, by=cast.secretary)

    assert plan.version == 1
    assert [one.number for one in plan.revisions.all()] == [1]
    assert last_entry().verb == "add"


def test_revisions_are_numbered_on_and_the_plan_stands_at_the_last(cast: Cast) -> None:
    plan = services.add_masterplan(PLAN, by=cast.secretary)

    for number, day in enumerate([EARLIER, DAY, DAY], start=2):
        revise(cast, plan, day, f"Alasan {number}")
        plan.refresh_from_db()
        assert plan.version == number

    assert [one.number for one in plan.revisions.all()] == [1, 2, 3, 4]
    assert last_entry().verb == "add_revision"
    assert last_entry().details["changes"] == {"version": ["3", "4"]}
    assert last_entry().reason == "Alasan 4"


def test_a_masterplan_without_recorded_versions_gets_its_present_one_first(cast: Cast) -> None:
    plan = factories.make_masterplan()

    revise(cast, plan, DAY)

    assert [one.number for one in plan.revisions.order_by(F("number"))] == [1, 2]


def test_a_revision_does_not_begin_before_the_one_it_follows(cast: Cast) -> None:
    plan = factories.make_masterplan()
    revise(cast, plan, DAY)

    with pytest.raises(ValidationError) as refused:
        revise(cast, plan, EARLIER)

    assert list(refused.value.message_dict) == ["valid_from"]
    plan.refresh_from_db()
    assert plan.version == 2


def test_a_revision_sent_twice_is_one(cast: Cast) -> None:
    plan = factories.make_masterplan()

    assert revise(cast, plan, DAY) == revise(cast, plan, DAY)

    assert AuditEntry.objects.count() == 1


def test_the_years_of_a_masterplan_move_while_nothing_hangs_on_it(cast: Cast) -> None:
    plan = services.add_masterplan(PLAN, by=cast.secretary)

    services.change_masterplan(plan, PLAN | {"end_year": 2030}, by=cast.secretary)

    plan.refresh_from_db()
    assert plan.end_year == 2030
    assert last_entry().details["changes"] == {"end_year": ["2029", "2030"]}


@pytest.mark.parametrize(
    ("first", "last"), [(2024, 2029), (2015, 2019), (2020, 2022), (2018, 2025), (2019, 2024)]
)
def test_a_masterplan_does_not_take_years_of_another(cast: Cast, first: int, last: int) -> None:
    factories.make_masterplan()
    plan = services.add_masterplan(PLAN, by=cast.secretary)
    values = PLAN | {"start_year": first, "end_year": last}
    sentence = gettext("These years overlap with “%(plan)s”.") % {"plan": "Masterplan 2019–2024"}

    with pytest.raises(Refused) as added:
        services.add_masterplan(values, by=cast.secretary)
    with pytest.raises(Refused) as changed:
        services.change_masterplan(plan, values, by=cast.secretary)

    assert (str(added.value), str(changed.value)) == (sentence, sentence)
    plan.refresh_from_db()
    assert (plan.start_year, plan.end_year) == (2025, 2029)
    assert Masterplan.objects.count() == 2


def test_a_masterplan_moves_within_its_own_years(cast: Cast) -> None:
    plan = services.add_masterplan(PLAN, by=cast.secretary)

    services.change_masterplan(plan, PLAN | {"start_year": 2026}, by=cast.secretary)

    plan.refresh_from_db()
    assert plan.start_year == 2026


@pytest.mark.parametrize("name", ["start_year", "end_year"])
def test_the_years_of_a_masterplan_in_use_stay(cast: Cast, name: str) -> None:
    plan = factories.make_program(cast.agency).masterplan
    values = {"name": "Lain", "start_year": 2019, "end_year": 2024, "source": ""}

    with pytest.raises(ValidationError) as refused:
        services.change_masterplan(plan, values | {name: 2022}, by=cast.secretary)
    services.change_masterplan(plan, values, by=cast.secretary)

    assert list(refused.value.message_dict) == [name]
    plan.refresh_from_db()
    assert (plan.name, plan.start_year, plan.end_year) == ("Lain", 2019, 2024)
