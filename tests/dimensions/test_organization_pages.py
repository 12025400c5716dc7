"""The pages of an organisation: what is known of it, its names, its aliases, its archive."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from audit.models import AuditEntry
from dimensions.models import Organization, OrganizationAlias
from tests import factories
from tests.conftest import Cast, SignIn

OTHERS = ["head", "operator", "member", "admin"]
NEW = {
    "code": "Dinsos",
    "kind": "opd",
    "short_name": "Dinsos",
    "official_name": "Dinas  Sosial",
    "english_name": "Social Affairs Office",
    "dimension": "",
    "name_note": "",
}
KNOWN = {"kind": "partner", "english_name": "Health Office", "name_note": "Menunggu perda"}
NAME = {
    "short_name": "Dinkesda",
    "official_name": "Dinas Kesehatan Daerah",
    "valid_from": "01-05-2022",
    "source": "Perwali 5/2022",
}
ALIAS = {"alias": "Kadis Kesehatan", "source": "terasmaluku.com"}
REASON = {"reason": "Digabung dengan dinas lain"}
FORMS = {
    "edit-organization": KNOWN,
    "rename-organization": NAME,
    "add-alias": ALIAS,
    "archive-organization": REASON,
    "restore-organization": REASON,
}


@pytest.fixture
def alias(cast: Cast) -> OrganizationAlias:
    return cast.agency.aliases.create(alias="Kesehatan", source="pers")


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


def url(name: str, code: str = "dinkes") -> str:
    return reverse(f"dimensions:{name}", args=[code])


def alias_url(alias: OrganizationAlias) -> str:
    return reverse("dimensions:remove-alias", args=[alias.organization.code, alias.pk])


ADD = "/rencana/organisasi/baru/"


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_changes_an_organisation(
    cast: Cast, sign_in: SignIn, alias: OrganizationAlias, role: str
) -> None:
    client = sign_in(getattr(cast, role))

    for address, sent in [(ADD, NEW), *((url(name), sent) for name, sent in FORMS.items())]:
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
    for address in (url("delete-organization"), alias_url(alias)):
        assert client.post(address).status_code == 403
    assert not AuditEntry.objects.exists()
    assert OrganizationAlias.objects.exists()


def test_a_visitor_is_sent_to_sign_in(cast: Cast, alias: OrganizationAlias) -> None:
    for address in (ADD, *map(url, FORMS), url("delete-organization"), alias_url(alias)):
        answer = Client().post(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_pages_know_only_the_methods_they_need(
    cast: Cast, secretary: Client, alias: OrganizationAlias
) -> None:
    for address in (ADD, *map(url, FORMS)):
        assert secretary.delete(address).status_code == 405
    for address in (url("delete-organization"), alias_url(alias)):
        assert secretary.get(address).status_code == 405


@pytest.mark.parametrize("name", [*FORMS, "delete-organization"])
def test_an_organisation_that_does_not_exist_is_not_found(secretary: Client, name: str) -> None:
    assert secretary.post(url(name, "tidak-ada")).status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_each_form_opens_with_a_label_for_every_field(
    cast: Cast, secretary: Client, name: str
) -> None:
    page = secretary.get(url(name))

    assert page.status_code == 200
    text = page.content.decode()
    assert all(f'for="{field.id_for_label}"' in text for field in page.context["form"])


# --- adding and changing ---------------------------------------------------------------------


def test_an_organisation_is_added_under_a_small_code(secretary: Client) -> None:
    dimension = factories.make_dimension("SS")

    answer = secretary.post(ADD, NEW | {"dimension": str(dimension.pk)})

    assert answer["Location"] == url("edit-organization", "dinsos")
    organization = Organization.objects.get(code="dinsos")
    assert (organization.official_name, organization.dimension) == ("Dinas Sosial", dimension)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "DINKES"}, "code"),
        ({"code": "dua kata"}, "code"),
        ({"kind": "lain"}, "kind"),
        ({"short_name": ""}, "short_name"),
        ({"official_name": "Dinas\x00"}, "official_name"),
        ({"dimension": "4711"}, "dimension"),
    ],
)
def test_a_wrong_organisation_is_refused_at_its_field_and_keeps_what_was_typed(
    cast: Cast, secretary: Client, wrong: dict[str, str], field: str
) -> None:
    answer = secretary.post(ADD, NEW | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    text = answer.content.decode()
    assert f'href="#id_{field}"' in text
    assert "Social Affairs Office" in text
    assert not Organization.objects.filter(code="dinsos").exists()


def test_what_is_known_of_an_organisation_is_changed_and_told_in_its_history(
    cast: Cast, secretary: Client
) -> None:
    sent = KNOWN | {"name_is_uncertain": "on", "short_name": "Lain", "code": "lain"}

    answer = secretary.post(url("edit-organization"), sent, follow=True)

    cast.agency.refresh_from_db()
    assert (cast.agency.kind, cast.agency.english_name) == ("partner", "Health Office")
    assert cast.agency.name_is_uncertain
    assert (cast.agency.code, cast.agency.short_name) == ("dinkes", "Dinkes")
    assert 'class="panel history"' in answer.content.decode()


def test_a_wrong_change_keeps_what_was_typed(cast: Cast, secretary: Client) -> None:
    answer = secretary.post(url("edit-organization"), KNOWN | {"kind": "lain"})

    assert answer.status_code == 422
    assert "Menunggu perda" in answer.content.decode()
    cast.agency.refresh_from_db()
    assert cast.agency.english_name == ""


# --- names -----------------------------------------------------------------------------------


def test_a_new_name_is_recorded_and_both_are_listed(cast: Cast, secretary: Client) -> None:
    answer = secretary.post(url("rename-organization"), NAME, follow=True)

    assert answer.request["PATH_INFO"] == url("edit-organization")
    names = list(cast.agency.names.values_list("short_name", "valid_from", "source"))
    assert names == [("Dinkes", None, ""), ("Dinkesda", date(2022, 5, 1), "Perwali 5/2022")]
    text = answer.content.decode()
    assert "Dinas Kesehatan Daerah" in text
    assert "1 Mei 2022" in text


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).strftime("%d-%m-%Y")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({}, "valid_from", "A name already begins on this day."),
        (
            {"valid_from": "besok"},
            "valid_from",
            "A name is recorded once it counts, not before.",
        ),
        (
            {"short_name": "Dinlama", "official_name": "Dinas Lama", "valid_from": "02-05-2022"},
            "short_name",
            "It is called this already.",
        ),
    ],
)
def test_a_name_that_cannot_be_is_refused_at_its_field_and_kept(
    cast: Cast, secretary: Client, wrong: dict[str, str], field: str, sentence: str
) -> None:
    first = {"short_name": "Dinlama", "official_name": "Dinas Lama"}
    secretary.post(url("rename-organization"), NAME | first)
    if wrong.get("valid_from") == "besok":
        wrong = {"valid_from": tomorrow()}

    answer = secretary.post(url("rename-organization"), NAME | wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [gettext(sentence)]}
    assert "Perwali 5/2022" in answer.content.decode()
    assert cast.agency.names.count() == 2
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("field", NAME)
def test_a_new_name_needs_all_of_its_fields(cast: Cast, secretary: Client, field: str) -> None:
    answer = secretary.post(url("rename-organization"), NAME | {field: " "})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not cast.agency.names.exists()


# --- aliases ---------------------------------------------------------------------------------


def test_an_alias_is_added_and_removed(cast: Cast, secretary: Client) -> None:
    answer = secretary.post(url("add-alias"), ALIAS, follow=True)
    alias = cast.agency.aliases.get()
    assert alias_url(alias) in answer.content.decode()

    answer = secretary.post(alias_url(alias))

    assert answer["Location"] == url("edit-organization")
    assert not OrganizationAlias.objects.exists()


def test_an_alias_means_one_organisation_in_any_case(
    cast: Cast, secretary: Client, alias: OrganizationAlias
) -> None:
    sent = ALIAS | {"alias": "KESEHATAN"}

    answer = secretary.post(url("add-alias", "disdik"), sent)

    assert answer.status_code == 422
    sentence = gettext("This alias already belongs to an organisation.")
    assert answer.context["form"].errors == {"alias": [sentence]}
    assert "terasmaluku.com" in answer.content.decode()


def test_an_alias_is_removed_at_its_own_organisation_only(
    cast: Cast, secretary: Client, alias: OrganizationAlias
) -> None:
    address = reverse("dimensions:remove-alias", args=["disdik", alias.pk])

    assert secretary.post(address).status_code == 404
    assert OrganizationAlias.objects.exists()


# --- archive ---------------------------------------------------------------------------------


def test_an_organisation_is_archived_and_taken_out_again_with_a_reason(
    cast: Cast, secretary: Client
) -> None:
    page = secretary.post(url("archive-organization"), REASON, follow=True).content.decode()
    assert gettext("In the archive") in page
    assert REASON["reason"] in page
    assert url("restore-organization") in page

    secretary.post(url("restore-organization"), REASON)

    cast.agency.refresh_from_db()
    assert not cast.agency.is_archived
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["archive", "restore"]


@pytest.mark.parametrize("name", ["archive-organization", "restore-organization"])
@pytest.mark.parametrize("reason", ["", "   "])
def test_the_archive_needs_a_reason(cast: Cast, secretary: Client, name: str, reason: str) -> None:
    answer = secretary.post(url(name), {"reason": reason})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reason"]
    assert not AuditEntry.objects.exists()


def test_a_reason_that_is_too_long_stays_in_the_field(cast: Cast, secretary: Client) -> None:
    reason = "Panjang. " * 40

    answer = secretary.post(url("archive-organization"), {"reason": reason})

    assert answer.status_code == 422
    assert reason.strip() in answer.content.decode()


def test_taking_out_what_is_not_in_the_archive_is_refused_and_gives_the_reason_back(
    cast: Cast, secretary: Client
) -> None:
    answer = secretary.post(url("restore-organization"), REASON)

    assert answer.status_code == 409
    assert REASON["reason"] in answer.content.decode()


def test_an_organisation_that_nothing_refers_to_is_deleted(secretary: Client) -> None:
    factories.make_organization("baru")

    answer = secretary.post(url("delete-organization", "baru"), follow=True)

    assert answer.request["PATH_INFO"] == reverse("dimensions:plan")
    sentence = gettext("“%(record)s” was deleted.") % {"record": "Baru"}
    assert sentence in answer.content.decode()
    assert not Organization.objects.filter(code="baru").exists()


def test_an_organisation_with_a_history_is_archived_and_the_page_says_so(
    cast: Cast, secretary: Client
) -> None:
    answer = secretary.post(url("delete-organization"), follow=True)

    said = gettext("“%(record)s” has a history, so it was archived, not deleted.")
    assert said % {"record": "Dinkes"} in answer.content.decode()
    cast.agency.refresh_from_db()
    assert cast.agency.is_archived
