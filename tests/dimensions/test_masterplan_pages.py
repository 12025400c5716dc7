"""The plan's pages: masterplans with their versions, and the dimensions."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from audit.models import AuditEntry
from dimensions.models import Dimension, Masterplan, SubDimension
from tests import factories
from tests.conftest import Cast, SignIn

OTHERS = ["head", "operator", "member", "admin"]
PLAN = {"name": "Rencana", "start_year": "2025", "end_year": "2029", "source": "Perwali 3/2025"}
REVISION = {"valid_from": "01-05-2022", "decree": "Perwali 7/2022", "reason": "Program baru"}


@pytest.fixture
def masterplan(db: None) -> Masterplan:
    plan = factories.make_masterplan()
    plan.revisions.create(number=1)
    return plan


@pytest.fixture
def part(db: None) -> SubDimension:
    return factories.make_dimension("SL").sub_dimensions.create(code="SL.1", name="Hunian")


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


def url(name: str, *args: object) -> str:
    return reverse(f"dimensions:{name}", args=args)


@pytest.fixture
def acting(masterplan: Masterplan, part: SubDimension) -> list[tuple[str, dict[str, str]]]:
    """Every address that changes something, with what a right form sends."""
    dimension = {"name": "Smart Living", f"sub{part.pk}-name": "Hunian"}
    return [
        (url("add-masterplan"), PLAN),
        (url("edit-masterplan", masterplan.pk), PLAN),
        (url("add-revision", masterplan.pk), REVISION),
        (url("edit-dimension", "SL"), dimension),
    ]


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["secretary", *OTHERS])
def test_everybody_who_is_signed_in_looks_at_the_plan(
    cast: Cast, sign_in: SignIn, masterplan: Masterplan, part: SubDimension, role: str
) -> None:
    client = sign_in(getattr(cast, role))
    may_edit = role == "secretary"

    front = client.get(url("plan")).content.decode()
    plan = client.get(url("view-masterplan", masterplan.pk)).content.decode()
    dimensions = client.get(url("list-dimensions")).content.decode()

    assert "Masterplan 2019–2024" in front
    assert (url("add-masterplan") in front) is may_edit
    assert (url("add-organization") in front) is may_edit
    assert (url("add-revision", masterplan.pk) in plan) is may_edit
    assert "SL.1 Hunian" in dimensions
    assert (url("edit-dimension", "SL") in dimensions) is may_edit


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_changes_the_plan(
    cast: Cast, sign_in: SignIn, acting: list[tuple[str, dict[str, str]]], role: str
) -> None:
    client = sign_in(getattr(cast, role))

    for address, sent in acting:
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
    assert not AuditEntry.objects.exists()


def test_a_visitor_is_sent_to_sign_in(
    cast: Cast, masterplan: Masterplan, acting: list[tuple[str, dict[str, str]]]
) -> None:
    looking = [url("plan"), url("view-masterplan", masterplan.pk), url("list-dimensions")]

    for address in [*looking, *(address for address, _sent in acting)]:
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_pages_know_only_the_methods_they_need(
    secretary: Client, masterplan: Masterplan, acting: list[tuple[str, dict[str, str]]]
) -> None:
    for address in (url("plan"), url("view-masterplan", masterplan.pk), url("list-dimensions")):
        assert secretary.post(address).status_code == 405
    for address, _sent in acting:
        assert secretary.delete(address).status_code == 405


@pytest.mark.parametrize("name", ["view-masterplan", "edit-masterplan", "add-revision"])
def test_a_masterplan_that_does_not_exist_is_not_found(secretary: Client, name: str) -> None:
    assert secretary.get(url(name, 4711)).status_code == 404


def test_a_dimension_that_does_not_exist_is_not_found(secretary: Client) -> None:
    assert secretary.get(url("edit-dimension", "XX")).status_code == 404


def test_a_plan_without_a_masterplan_says_so(secretary: Client) -> None:
    assert gettext("No masterplan yet") in secretary.get(url("plan")).content.decode()


# --- masterplans -----------------------------------------------------------------------------


def test_a_masterplan_is_added(secretary: Client) -> None:
    answer = secretary.post(url("add-masterplan"), PLAN, follow=True)

    plan = Masterplan.objects.get()
    assert answer.request["PATH_INFO"] == url("view-masterplan", plan.pk)
    assert (plan.name, plan.start_year, plan.end_year, plan.version) == ("Rencana", 2025, 2029, 1)
    assert "Perwali 3/2025" in answer.content.decode()


@pytest.mark.parametrize("text", ["2025", " 2025 ", "\u00a02025"])
def test_a_year_is_four_digits_with_or_without_blanks(secretary: Client, text: str) -> None:
    assert secretary.post(url("add-masterplan"), PLAN | {"start_year": text}).status_code == 302
    assert Masterplan.objects.get().start_year == 2025


@pytest.mark.parametrize(
    "text",
    ["２０２５", "٢٠٢٥", "2_025", "2025.0", "2025,0", "2.025", "+2025", "25", "02025", "2e3", "x"],
)
def test_any_other_year_is_refused_and_stays(secretary: Client, text: str) -> None:
    answer = secretary.post(url("add-masterplan"), PLAN | {"start_year": text})

    assert answer.status_code == 422
    sentence = gettext("Write the year in four digits, like 2025.")
    assert answer.context["form"].errors == {"start_year": [sentence]}
    assert f'value="{text}"' in answer.content.decode()
    assert not Masterplan.objects.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [("2024", "2029"), ("2015", "2019"), ("2020", "2022"), ("2018", "2025"), ("2019", "2023")],
)
def test_years_of_another_masterplan_are_refused_and_it_is_named(
    secretary: Client, masterplan: Masterplan, first: str, last: str
) -> None:
    own = Masterplan.objects.create(name="Rencana", start_year=2030, end_year=2034)
    sent = PLAN | {"start_year": first, "end_year": last}

    for address in (url("add-masterplan"), url("edit-masterplan", own.pk)):
        answer = secretary.post(address, sent)

        assert answer.status_code == 422
        sentence = gettext("These years overlap with “%(plan)s”.")
        assert answer.context["form"].errors == {
            "start_year": [sentence % {"plan": "Masterplan 2019–2024"}]
        }
    assert Masterplan.objects.count() == 2


def test_a_masterplan_may_keep_years_that_overlap_since_long(
    secretary: Client, masterplan: Masterplan
) -> None:
    old = Masterplan.objects.create(name="Rencana", start_year=2021, end_year=2030)
    sent = {**PLAN, "name": "Rencana baru", "start_year": "2021", "end_year": "2030"}

    assert secretary.post(url("edit-masterplan", old.pk), sent).status_code == 302
    old.refresh_from_db()
    assert old.name == "Rencana baru"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"end_year": "2024"}, "end_year", "A masterplan cannot end before it starts."),
        (
            {"start_year": "2019", "end_year": "2024"},
            "start_year",
            "There is already a masterplan for these years.",
        ),
        ({"start_year": "1999"}, "start_year", "The year must lie between 2000 and 2100."),
        ({"end_year": "2101"}, "end_year", "The year must lie between 2000 and 2100."),
        (
            {"name": "Ren\x07cana"},
            "name",
            "The text contains invisible control characters. Type it again or remove them.",
        ),
    ],
)
def test_a_wrong_masterplan_is_refused_at_its_field_and_keeps_what_was_typed(
    secretary: Client, masterplan: Masterplan, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = secretary.post(url("add-masterplan"), PLAN | wrong)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [gettext(sentence)]}
    text = answer.content.decode()
    assert f'href="#id_{field}"' in text
    assert "Perwali 3/2025" in text
    assert Masterplan.objects.count() == 1


def test_a_masterplan_is_changed(secretary: Client, masterplan: Masterplan) -> None:
    answer = secretary.post(url("edit-masterplan", masterplan.pk), PLAN, follow=True)

    masterplan.refresh_from_db()
    assert (masterplan.name, masterplan.start_year) == ("Rencana", 2025)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.details["changes"]["name"]) == ("change", ["Masterplan", "Rencana"])
    assert "Masterplan → Rencana" in answer.content.decode()


def test_the_years_of_a_masterplan_in_use_are_refused_at_their_field(
    cast: Cast, secretary: Client, masterplan: Masterplan
) -> None:
    factories.make_program(cast.agency)
    sentence = gettext("Programmes or meetings hang on this masterplan, so its years stay.")

    answer = secretary.post(url("edit-masterplan", masterplan.pk), PLAN)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"start_year": [sentence]}
    assert 'value="2025"' in answer.content.decode()
    masterplan.refresh_from_db()
    assert masterplan.start_year == 2019


def test_the_form_says_beforehand_that_the_years_stay(
    cast: Cast, secretary: Client, masterplan: Masterplan
) -> None:
    sentence = gettext("Programmes or meetings hang on this masterplan, so its years stay.")
    page = url("edit-masterplan", masterplan.pk)
    assert sentence not in secretary.get(page).content.decode()

    factories.make_program(cast.agency)

    assert sentence in secretary.get(page).content.decode()


@pytest.mark.parametrize(("role", "reads"), [("secretary", True), ("admin", True), ("head", False)])
def test_the_history_is_for_those_who_read_the_trail(
    cast: Cast, sign_in: SignIn, masterplan: Masterplan, role: str, reads: bool
) -> None:
    sign_in(cast.secretary).post(url("add-revision", masterplan.pk), REVISION)

    page = sign_in(getattr(cast, role)).get(url("view-masterplan", masterplan.pk))

    assert ('class="panel history"' in page.content.decode()) is reads


# --- revisions -------------------------------------------------------------------------------


def test_a_revision_is_recorded_with_its_day_decree_and_reason(
    secretary: Client, masterplan: Masterplan
) -> None:
    answer = secretary.post(url("add-revision", masterplan.pk), REVISION)

    assert answer["Location"] == url("view-masterplan", masterplan.pk)
    revision = masterplan.revisions.get(number=2)
    assert (revision.valid_from, revision.decree, revision.reason) == (
        date(2022, 5, 1),
        "Perwali 7/2022",
        "Program baru",
    )
    masterplan.refresh_from_db()
    assert masterplan.version == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "05/31/2022"}, "valid_from"),
        ({"valid_from": "01-05-1999"}, "valid_from"),
        ({"valid_from": "30-04-2022"}, "valid_from"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_a_wrong_revision_is_refused_at_its_field_and_keeps_what_was_typed(
    secretary: Client, masterplan: Masterplan, wrong: dict[str, str], field: str
) -> None:
    secretary.post(url("add-revision", masterplan.pk), REVISION)

    answer = secretary.post(url("add-revision", masterplan.pk), REVISION | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Perwali 7/2022" in answer.content.decode()
    masterplan.refresh_from_db()
    assert masterplan.version == 2


def test_a_text_typed_before_the_session_ended_comes_back(
    cast: Cast, secretary: Client, masterplan: Masterplan
) -> None:
    page = url("add-revision", masterplan.pk)
    owner = secretary.get(page).content.decode().split('name="form_owner" value="')[1].split('"')[0]
    secretary.logout()
    secretary.post(page, REVISION | {"form_owner": owner})
    secretary.force_login(cast.secretary)

    answer = secretary.get(page)

    assert answer.status_code == 200
    assert "Program baru" in answer.content.decode()
    assert masterplan.revisions.count() == 1


# --- dimensions ------------------------------------------------------------------------------


def test_a_dimension_and_its_parts_are_named_on_one_form(
    secretary: Client, part: SubDimension
) -> None:
    sent = {
        "name": "Smart Living",
        f"sub{part.pk}-name": "Hunian layak",
        f"sub{part.pk}-objective": "Rumah untuk semua",
    }

    answer = secretary.post(url("edit-dimension", "SL"), sent)

    assert answer["Location"] == url("list-dimensions")
    assert Dimension.objects.get().name == "Smart Living"
    part.refresh_from_db()
    assert (part.name, part.objective) == ("Hunian layak", "Rumah untuk semua")


def test_a_part_without_a_name_leaves_the_dimension_as_it_was(
    secretary: Client, part: SubDimension
) -> None:
    sent = {
        "name": "Smart Living",
        f"sub{part.pk}-name": "",
        f"sub{part.pk}-objective": "Rumah untuk semua",
    }

    answer = secretary.post(url("edit-dimension", "SL"), sent)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert f'href="#id_sub{part.pk}-name"' in text
    assert "Rumah untuk semua" in text
    assert Dimension.objects.get().name == "Smart SL"


def test_the_dimensions_take_a_few_queries_however_many_they_are(
    cast: Cast, secretary: Client, part: SubDimension, django_assert_max_num_queries: object
) -> None:
    for code in ("SG", "SB", "SE", "SS", "EN"):
        factories.make_dimension(code).sub_dimensions.create(code=f"{code}.1", name="Satu")

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        secretary.get(url("list-dimensions"))
