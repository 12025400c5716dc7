"""Pages of the plan: each tried five ways, and nothing typed is ever dropped."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from programs.models import Activity, Indicator, Program, ProgressEntry
from programs.planning.activities import activity_stamp
from programs.planning.indicators import indicator_stamp
from programs.planning.programs import program_stamp
from programs.planning.years import planned_years, years_stamp
from programs.summaries import differences, recount_all
from tests import factories
from tests.conftest import Cast, SignIn

YEAR = factories.YEAR
CURVES = {
    f"{curve}_{quarter}_{YEAR}": str(25 * quarter)
    for curve in ("physical", "spending")
    for quarter in (1, 2, 3, 4)
}


@pytest.fixture
def activity(cast: Cast) -> Activity:
    activity = factories.make_activity(cast.agency)
    factories.make_period()
    recount_all()
    return activity


@pytest.fixture
def program(activity: Activity) -> Program:
    assert activity.program is not None
    return activity.program


@pytest.fixture
def indicator(activity: Activity) -> Indicator:
    return activity.indicators.get()


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


def url(name: str, thing: Any = None) -> str:
    return reverse(f"programs:{name}", args=[thing.pk] if thing else [])


PAGES = {
    "add-program": None,
    "edit-program": "program",
    "close-program": "program",
    "mark-quick-win": "program",
    "delete-program": "program",
    "restore-program": "program",
    "add-activity": "program",
    "edit-activity": "activity",
    "move-activity": "activity",
    "edit-years": "activity",
    "delete-activity": "activity",
    "restore-activity": "activity",
    "add-indicator": "activity",
    "edit-indicator": "indicator",
    "edit-targets": "indicator",
    "delete-indicator": "indicator",
    "restore-indicator": "indicator",
}
Address = Callable[[str], str]


@pytest.fixture
def address(program: Program, activity: Activity, indicator: Indicator) -> Address:
    """Return where each page of the plan stands."""
    things = {None: None, "program": program, "activity": activity, "indicator": indicator}
    return lambda name: url(name, things[PAGES[name]])


# --- every page ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_secretariat_opens_the_page(secretary: Client, address: Address, name: str) -> None:
    page = secretary.get(address(name))

    assert page.status_code == 200
    assert b'name="form_owner"' in page.content


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_may(cast: Cast, sign_in: SignIn, address: Address, name: str) -> None:
    people: list[User] = [cast.head, cast.operator, cast.member, cast.admin]
    for person in people:
        client = sign_in(person)
        assert client.get(address(name)).status_code == 403
        assert client.post(address(name), {"reason": "Ya"}).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_signs_in_first(client: Client, address: Address, name: str) -> None:
    for answer in (client.get(address(name)), client.post(address(name))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_another_method(secretary: Client, address: Address, name: str) -> None:
    assert secretary.put(address(name)).status_code == 405


@pytest.mark.parametrize("name", [name for name, kind in PAGES.items() if kind])
def test_what_is_not_there_is_not_found(secretary: Client, address: Address, name: str) -> None:
    last = address(name).split("/")
    last[3] = "999999"

    assert secretary.get("/".join(last)).status_code == 404


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name not in {"edit-years", "edit-targets"}]
)
def test_an_empty_form_comes_back_with_what_is_missing(
    secretary: Client, address: Address, name: str
) -> None:
    page = secretary.post(address(name), {})

    assert page.status_code == 422
    assert b'id="errors"' in page.content


# --- programmes ------------------------------------------------------------------------------


def program_form(program: Program, **changed: Any) -> dict[str, Any]:
    return {
        "masterplan": program.masterplan_id,
        "sub_dimension": program.sub_dimension_id,
        "owner": program.owner_id,
        "code": program.code,
        "title": program.title,
        "source": program.source,
        "version": program_stamp(program),
        **changed,
    }


def test_a_new_programme_leads_to_its_page(secretary: Client, program: Program) -> None:
    sent = secretary.post(url("add-program"), program_form(program, code="SL-88", title="Ambulans"))

    added = Program.objects.get(code="SL-88")
    assert (sent.status_code, sent["Location"]) == (302, added.get_absolute_url())
    assert list(differences()) == []


def test_the_address_chooses_masterplan_and_dimension(secretary: Client, program: Program) -> None:
    later = factories.make_later_masterplan()
    dimension = program.sub_dimension.dimension_id

    page = secretary.get(f"{url('add-program')}?masterplan={later.pk}&dimension={dimension}")

    form = page.context["form"]
    assert (form["masterplan"].value(), form["sub_dimension"].value()) == (
        later.pk,
        program.sub_dimension_id,
    )


@pytest.mark.parametrize("query", ["masterplan=x&dimension=²", f"masterplan={'9' * 40}"])
def test_an_address_that_names_nothing_chooses_nothing_wrong(
    secretary: Client, program: Program, query: str
) -> None:
    assert secretary.get(f"{url('add-program')}?{query}").status_code == 200


def test_a_taken_code_is_told_at_its_field_and_all_stays_typed(
    secretary: Client, program: Program
) -> None:
    page = secretary.post(url("add-program"), program_form(program, title="Perahu baca"))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["code"]
    assert "Perahu baca" in page.content.decode()


def test_an_archived_organisation_is_offered_only_where_it_stands_already(
    secretary: Client, cast: Cast, program: Program
) -> None:
    for agency in (cast.agency, cast.rival_agency):
        agency.is_archived = True
        agency.save()

    form = secretary.get(url("edit-program", program)).context["form"]

    assert list(form.fields["owner"].queryset) == [cast.agency]
    assert list(form.fields["supporting_organizations"].queryset) == []
    new = secretary.get(url("add-program")).context["form"]
    assert list(new.fields["owner"].queryset) == []


def test_supporting_organisations_are_ticked(
    secretary: Client, cast: Cast, program: Program
) -> None:
    sent = program_form(program, supporting_organizations=[cast.rival_agency.pk])

    assert secretary.post(url("edit-program", program), sent).status_code == 302

    assert list(program.supporting_organizations.all()) == [cast.rival_agency]
    assert b"checked" in secretary.get(url("edit-program", program)).content


def test_a_newer_programme_is_shown_beside_what_was_typed_and_then_overwritten(
    secretary: Client, cast: Cast, sign_in: SignIn, program: Program
) -> None:
    old = program_form(program)
    sign_in(cast.colleague).post(
        url("edit-program", program),
        {**old, "title": "Judul rekan", "owner": cast.rival_agency.pk},
    )

    page = secretary.post(url("edit-program", program), {**old, "title": "Judul saya"})

    assert page.status_code == 409
    text = page.content.decode()
    assert "Judul rekan" in text
    assert "Judul saya" in text
    assert [line.now for line in page.context["theirs"]] == ["Judul rekan", "Disdik"]
    again = {**old, "title": "Judul saya", "version": page.context["form"]["version"].value()}
    assert secretary.post(url("edit-program", program), again).status_code == 302
    program.refresh_from_db()
    assert (program.title, program.owner) == ("Judul saya", cast.agency)


def test_text_with_invisible_characters_is_refused(secretary: Client, program: Program) -> None:
    sent = program_form(program, title="Peta\x07hilang")

    assert secretary.post(url("edit-program", program), sent).status_code == 422


def test_an_archived_programme_keeps_the_typed_text_when_it_refuses(
    secretary: Client, program: Program
) -> None:
    sent = program_form(program, title="Perahu baca")
    secretary.post(url("delete-program", program), {"reason": "Selesai"})

    page = secretary.post(url("edit-program", program), sent)

    assert page.status_code == 409
    assert "Perahu baca" in page.content.decode()


def test_a_session_that_ended_gives_the_text_back(
    client: Client, cast: Cast, program: Program
) -> None:
    client.force_login(cast.secretary)
    page = client.get(url("edit-program", program))
    owner = page.content.decode().split('name="form_owner" value="')[1].split('"')[0]
    client.logout()
    client.post(
        url("edit-program", program),
        program_form(program, title="Perahu baca", form_owner=owner),
    )
    client.force_login(cast.secretary)

    assert "Perahu baca" in client.get(url("edit-program", program)).content.decode()


def test_a_programme_ends_with_a_lesson(secretary: Client, program: Program) -> None:
    sent = {"ending": "done", "lesson": "Mulai dari puskesmas."}

    assert secretary.post(url("close-program", program), sent).status_code == 302

    program.refresh_from_db()
    assert program.lesson == "Mulai dari puskesmas."


def test_a_programme_of_the_same_masterplan_is_no_successor(
    secretary: Client, cast: Cast, program: Program
) -> None:
    other = factories.make_program(cast.agency)
    sent = {"ending": "continued", "lesson": "Ya", "successor": other.pk}

    page = secretary.post(url("close-program", program), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["successor"]


def test_a_quick_win_is_marked_with_its_day_and_reason(secretary: Client, program: Program) -> None:
    sent = {"is_quick_win": "1", "valid_from": "01-03-2023", "reason": "Perwali 5"}

    assert secretary.post(url("mark-quick-win", program), sent).status_code == 302
    again = secretary.post(url("mark-quick-win", program), {**sent, "valid_from": "02-03-2023"})

    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["is_quick_win"]
    assert program.quick_win_marks.get().reason == "Perwali 5"
    assert "Perwali 5" in secretary.get(url("mark-quick-win", program)).content.decode()


# --- activities ------------------------------------------------------------------------------


def activity_form(activity: Activity, **changed: Any) -> dict[str, Any]:
    return {
        "code": activity.code,
        "title": activity.title,
        "owner": activity.owner_id,
        "source": activity.source,
        "version": activity_stamp(activity),
        **changed,
    }


def test_a_new_activity_leads_to_its_page(
    secretary: Client, program: Program, activity: Activity
) -> None:
    sent = secretary.post(
        url("add-activity", program), activity_form(activity, code="K-A", title="Latihan")
    )

    added = Activity.objects.get(code="K-A")
    assert sent["Location"] == added.get_absolute_url()
    assert added.program == program


def test_an_activity_changes_its_title(secretary: Client, activity: Activity) -> None:
    sent = activity_form(activity, title="Latihan kader")

    assert secretary.post(url("edit-activity", activity), sent).status_code == 302

    activity.refresh_from_db()
    assert activity.title == "Latihan kader"


def test_another_owner_is_not_taken_once_progress_was_written(
    secretary: Client, cast: Cast, activity: Activity
) -> None:
    factories.make_entry(activity, factories.make_period(), by=cast.head)
    page = secretary.get(url("edit-activity", activity))

    secretary.post(
        url("edit-activity", activity), activity_form(activity, owner=cast.rival_agency.pk)
    )

    assert page.context["form"].fields["owner"].disabled
    activity.refresh_from_db()
    assert activity.owner == cast.agency


def test_an_activity_moves_to_another_programme(
    secretary: Client, cast: Cast, activity: Activity
) -> None:
    other = factories.make_program(cast.agency)
    recount_all()
    sent = {"program": other.pk, "from_year": YEAR, "reason": "Rakor"}

    assert secretary.post(url("move-activity", activity), sent).status_code == 302

    activity.refresh_from_db()
    assert activity.program == other
    assert list(differences()) == []


def test_a_verified_year_does_not_move(secretary: Client, cast: Cast, activity: Activity) -> None:
    factories.make_entry(
        activity,
        factories.make_period(),
        status=ProgressEntry.Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
    )
    other = factories.make_program(cast.agency)
    sent = {"program": other.pk, "from_year": YEAR, "reason": "Rakor"}

    page = secretary.post(url("move-activity", activity), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["from_year"]
    assert "Rakor" in page.content.decode()


# --- years -----------------------------------------------------------------------------------


def years_form(activity: Activity, **changed: Any) -> dict[str, Any]:
    return {
        f"runs_{YEAR}": "on",
        f"budget_original_{YEAR}": "100.000.000",
        **{f"funding_source_{year}": "apbd" for year in range(2019, 2025)},
        "version": years_stamp(planned_years(activity)),
        **changed,
    }


def test_all_years_stand_on_one_table_with_a_label_on_each_cell(
    secretary: Client, activity: Activity
) -> None:
    page = secretary.get(url("edit-years", activity))

    assert [row.year for row in page.context["form"].rows()] == list(range(2019, 2025))
    text = page.content.decode()
    assert 'value="100.000.000"' in text
    assert text.count("aria-label=") >= 6 * 12


def test_an_activity_gets_a_year_with_money_and_curves(
    secretary: Client, activity: Activity
) -> None:
    sent = years_form(
        activity,
        runs_2024="on",
        budget_original_2024="Rp 1.250.000",
        budget_code_2024="2.16.03.2.02.0017",
        **CURVES,
    )

    assert secretary.post(url("edit-years", activity), sent).status_code == 302

    years = planned_years(activity)
    assert (years[2024].budget_original, years[2024].budget_code) == (
        1_250_000,
        "2.16.03.2.02.0017",
    )
    assert list(years[YEAR].physical) == [25, 50, 75, 100]
    assert list(differences()) == []
    page = secretary.get(url("edit-years", activity))
    assert page.context["form"]["physical_2_2023"].value() == "50"


@pytest.mark.parametrize(
    ("changed", "cell"),
    [
        ({"budget_original_2023": "satu juta"}, "budget_original_2023"),
        ({"budget_original_2023": "12,5"}, "budget_original_2023"),
        ({"budget_original_2023": ""}, "budget_original_2023"),
        ({"budget_revised_2023": "-5"}, "budget_revised_2023"),
        ({"budget_code_2023": "2.16"}, "budget_code_2023"),
        ({"funding_source_2023": "dana"}, "funding_source_2023"),
        ({"physical_1_2023": "101"}, "physical_1_2023"),
        ({"budget_original_2024": "5"}, "runs_2024"),
        ({**CURVES, "spending_4_2023": ""}, "spending_4_2023"),
        ({**CURVES, "physical_2_2023": "5%"}, "physical_2_2023"),
    ],
)
def test_a_wrong_cell_is_named_and_all_stays_typed(
    secretary: Client, activity: Activity, changed: dict[str, str], cell: str
) -> None:
    sent = years_form(activity, reason="Perubahan anggaran", **changed)

    page = secretary.post(url("edit-years", activity), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [cell]
    text = page.content.decode()
    assert f'href="#id_{cell}"' in text
    assert f'id="id_{cell}_error"' in text
    assert "Perubahan anggaran" in text
    assert all(
        f'value="{typed}"' in text for typed in changed.values() if typed not in {"", "dana"}
    )


def test_a_year_with_an_entry_cannot_be_unticked(
    secretary: Client, cast: Cast, activity: Activity
) -> None:
    factories.make_entry(activity, factories.make_period(), status="submitted", by=cast.head)
    sent = years_form(activity)
    del sent[f"runs_{YEAR}"]

    page = secretary.post(url("edit-years", activity), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [f"runs_{YEAR}"]
    assert activity.years.count() == 1


def test_newer_years_are_shown_beside_what_was_typed(
    secretary: Client, cast: Cast, sign_in: SignIn, activity: Activity
) -> None:
    old = years_form(activity)
    sign_in(cast.colleague).post(
        url("edit-years", activity), {**old, f"budget_original_{YEAR}": "70"}
    )

    page = secretary.post(url("edit-years", activity), {**old, f"budget_original_{YEAR}": "80"})

    assert page.status_code == 409
    assert [line.now for line in page.context["theirs"]] == ["70"]
    assert 'value="80"' in page.content.decode()


def test_an_activity_without_a_programme_has_no_years_to_plan(
    secretary: Client, activity: Activity
) -> None:
    Activity.objects.update(program=None)

    assert secretary.get(url("edit-years", activity)).status_code == 409
    assert secretary.get(url("edit-activity", activity)).status_code == 200
    assert secretary.get(url("move-activity", activity)).status_code == 200


# --- indicators ------------------------------------------------------------------------------


def indicator_form(indicator: Indicator, **changed: Any) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "name": indicator.name,
        "unit": indicator.unit,
        "level": indicator.level,
        "polarity": indicator.polarity,
        "aggregation": indicator.aggregation,
        "decimal_places": indicator.decimal_places,
        "version": indicator_stamp(indicator),
        **changed,
    }


def test_a_new_indicator_keeps_all_that_was_said_about_it(
    secretary: Client, cast: Cast, activity: Activity, indicator: Indicator
) -> None:
    sent = indicator_form(
        indicator,
        code="I-A",
        unit="%",
        numerator_label="Anak diimunisasi",
        denominator_label="Semua anak",
        definition="Anak\ndi bawah lima tahun",
        data_owner=cast.agency.pk,
        baseline_year="2018",
        baseline_value="62,5",
    )

    assert secretary.post(url("add-indicator", activity), sent).status_code == 302

    added = Indicator.objects.get(code="I-A")
    assert (added.is_ratio, str(added.baseline_value), added.data_owner) == (
        True,
        "62.5000",
        cast.agency,
    )
    page = secretary.get(url("edit-indicator", added))
    assert page.context["form"]["baseline_value"].value() == "62,5"
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numerator_label": "Anak"}, "denominator_label"),
        ({"numerator_label": "Anak", "denominator_label": "Semua"}, "unit"),
        ({"baseline_value": "1.2.3"}, "baseline_value"),
        ({"baseline_year": "1890", "baseline_value": "1"}, "baseline_year"),
        ({"decimal_places": "5"}, "decimal_places"),
        ({"code": ""}, "code"),
    ],
)
def test_a_wrong_indicator_comes_back(
    secretary: Client, activity: Activity, indicator: Indicator, changed: dict[str, str], field: str
) -> None:
    sent = {**indicator_form(indicator, code="I-B", formula="a / b × 100"), **changed}

    page = secretary.post(url("add-indicator", activity), sent)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert "a / b × 100" in page.content.decode()


def test_the_unit_of_a_reported_indicator_cannot_be_typed(
    secretary: Client, cast: Cast, activity: Activity, indicator: Indicator
) -> None:
    factories.make_entry(activity, factories.make_period(), status="submitted", by=cast.head)

    page = secretary.get(url("edit-indicator", indicator))
    sent = secretary.post(
        url("edit-indicator", indicator), indicator_form(indicator, unit="%", name="Nama baru")
    )

    assert page.context["form"].fields["unit"].disabled
    assert sent.status_code == 302
    indicator.refresh_from_db()
    assert (indicator.unit, indicator.name) == ("unit", "Nama baru")


# --- the archive -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["program", "activity", "indicator"])
def test_what_has_a_history_is_archived_and_comes_back(
    secretary: Client, cast: Cast, address: Address, kind: str
) -> None:
    activity = Activity.objects.get()
    factories.make_entry(activity, factories.make_period(), by=cast.head)

    page = secretary.post(address(f"delete-{kind}"), {"reason": "Selesai"}, follow=False)

    assert page.status_code == 302
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.verb, entry.reason) == ("archive", "Selesai")
    assert secretary.post(address(f"restore-{kind}"), {"reason": "Keliru"}).status_code == 302
    again = secretary.post(address(f"restore-{kind}"), {"reason": "Keliru sekali"})
    assert again.status_code == 409
    assert "Keliru sekali" in again.content.decode()
    assert list(differences()) == []


@pytest.mark.parametrize("kind", ["activity", "indicator"])
def test_what_was_never_used_is_deleted(secretary: Client, address: Address, kind: str) -> None:
    secretary.post(address(f"delete-{kind}"), {"reason": "Ganda"})

    assert secretary.get(address(f"edit-{kind}")).status_code == 404
    assert list(differences()) == []


def test_a_programme_without_work_is_deleted(secretary: Client, cast: Cast) -> None:
    bare = factories.make_program(cast.agency)
    recount_all()

    sent = secretary.post(url("delete-program", bare), {"reason": "Ganda"})

    assert sent["Location"] == reverse("programs:list-programs")
    assert not Program.objects.filter(pk=bare.pk).exists()
    assert list(differences()) == []
