"""The pages of the rules: everybody reads them, the secretariat decides, nothing typed is lost."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from ambon_smartcity.http import form_owner
from audit.models import AuditEntry
from dimensions.models import Masterplan
from programs import rules
from programs.models import (
    PerformanceScale,
    Program,
    ProgramYear,
    ProgressEntry,
    ScoringMethod,
    WeightSet,
)
from programs.scoring import PERMENDAGRI_86_2017
from programs.weights import Weighed
from tests import factories
from tests.conftest import Cast, SignIn

OTHERS = ["head", "operator", "member", "admin"]
YEAR = factories.YEAR
GRID = [
    ("tinggi", "T", "Tinggi", "62", "", "good"),
    ("sedang", "S", "Sedang", "30%", "61", "middling"),
    ("rendah", "R", "Rendah", "0", "29", "bad"),
]


def url(name: str, *args: object) -> str:
    return reverse(f"programs:{name}", args=args)


def table(*rows: tuple[str, ...], name: str = "Tabel kota") -> dict[str, str]:
    """Return what a browser sends for a class table, all eight rows of it."""
    names = ("code", "letter", "label", "lower", "upper", "tone")
    sent = {f"row{row}-{one}": "" for row in range(1, 9) for one in names}
    for number, row in enumerate(rows, start=1):
        sent |= {f"row{number}-{one}": text for one, text in zip(names, row, strict=True)}
    return {"name": name, "source": "Perwali 3/2025", **sent}


def said(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


def value_in(page: str, name: str) -> str:
    """Return what stands in an input of the page."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field
    found = re.search(r'value="([^"]*)"', field.group())
    return found.group(1) if found else ""


@pytest.fixture
def scale(cast: Cast) -> PerformanceScale:
    bands = PERMENDAGRI_86_2017.bands
    return rules.add_scale("Permendagri 86/2017", "Permendagri", bands, by=cast.secretary)


@pytest.fixture
def program(cast: Cast) -> Program:
    """A programme whose two indicators reached 80 % in 2023."""
    program = factories.make_program(cast.agency)
    activity = factories.make_activity(cast.agency, program=program, indicators=2)
    factories.make_entry(
        activity,
        factories.make_period(),
        status=ProgressEntry.Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
    )
    return program


@pytest.fixture
def masterplan(program: Program) -> Masterplan:
    return program.masterplan


@pytest.fixture
def secretary(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.secretary)


@pytest.fixture
def method_form(scale: PerformanceScale) -> dict[str, str]:
    return {
        "from_year": "2023",
        "scale": str(scale.pk),
        "cap": "110",
        "yellow_below": "-4",
        "red_below": "-12",
        "source": "Perwali 3/2025",
        "reason": "Keputusan rapat",
    }


def weights_form(program: Program, *percents: str, **more: str) -> dict[str, str]:
    children = Weighed(program.masterplan, program=program).children()
    weights = {
        f"weight_{one.key}": text for one, text in zip(children, percents, strict=bool(percents))
    }
    return {"from_year": "2023", "reason": "Keputusan rapat", **weights, **more}


@pytest.fixture
def acting(program: Program, method_form: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Every address that decides something, with what a right form sends."""
    return [
        (url("add-scale"), table(*GRID)),
        (url("edit-method", program.masterplan_id), method_form),
        (url("edit-weights", "program", program.pk), weights_form(program, "60", "40")),
    ]


# --- who may ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["secretary", *OTHERS])
def test_everybody_who_is_signed_in_reads_the_rules(
    cast: Cast, sign_in: SignIn, program: Program, scale: PerformanceScale, role: str
) -> None:
    page = said(sign_in(getattr(cast, role)).get(url("view-method")))

    assert "Masterplan 2019–2024" in page
    assert "Permendagri 86/2017 v1" in page
    for link in (url("add-scale"), url("edit-method", program.masterplan_id)):
        assert (link in page) is (role == "secretary")


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_decides_a_rule(
    cast: Cast, sign_in: SignIn, acting: list[tuple[str, dict[str, str]]], role: str
) -> None:
    client = sign_in(getattr(cast, role))
    before = AuditEntry.objects.count()

    for address, sent in acting:
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
    assert AuditEntry.objects.count() == before


def test_a_visitor_is_sent_to_sign_in(cast: Cast, acting: list[tuple[str, dict[str, str]]]) -> None:
    for address in [url("view-method"), *(address for address, _sent in acting)]:
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_pages_know_only_the_methods_they_need(
    secretary: Client, acting: list[tuple[str, dict[str, str]]]
) -> None:
    assert secretary.post(url("view-method")).status_code == 405
    for address, _sent in acting:
        assert secretary.delete(address).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/rencana/metode/kelas/baru/?dari=4711",
        "/rencana/metode/kelas/baru/?dari=x",
        "/rencana/metode/4711/baru/",
        "/rencana/bobot/program/4711/",
        "/rencana/bobot/dimension/4711/",
        "/rencana/bobot/masterplan/4711/",
        "/rencana/bobot/kota/1/",
    ],
)
def test_what_does_not_exist_is_not_found(secretary: Client, address: str) -> None:
    assert secretary.get(address).status_code == 404


# --- reading ---------------------------------------------------------------------------------


def test_the_rules_are_read_in_words(
    cast: Cast, secretary: Client, program: Program, method_form: dict[str, str]
) -> None:
    secretary.post(url("edit-method", program.masterplan_id), method_form)
    secretary.post(
        url("edit-weights", "program", program.pk), weights_form(program, "66,66", "33,34")
    )
    secretary.post(
        url("edit-weights", "masterplan", program.masterplan_id),
        {"from_year": "2020", "reason": "Setara", "is_plain": "on"},
    )

    page = " ".join(said(secretary.get(url("view-method"))).split())

    assert gettext("From %(year)s") % {"year": "2023"} in page
    assert "110 %" in page
    assert "-12" in page
    assert "Perwali 3/2025" in page
    first, second = Weighed(program.masterplan, program=program).children()
    assert f"{first.label} 66,66 %, {second.label} 33,34 %" in page
    assert gettext("plain mean") in page


def test_a_portal_without_rules_says_what_counts(secretary: Client, program: Program) -> None:
    page = said(secretary.get(url("view-method")))

    assert (
        "Metode belum ditetapkan: yang berlaku bawaan portal, "
        "Permendagri 86/2017 dengan batas 100 %." in page
    )
    assert gettext("No weights are decided: the plain mean counts.") in page


def test_the_page_asks_as_often_for_many_rules_as_for_few(
    cast: Cast,
    secretary: Client,
    program: Program,
    scale: PerformanceScale,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for year in range(2019, 2025):
        ScoringMethod.objects.create(masterplan=program.masterplan, from_year=year, scale=scale)
        for weighed in (
            Weighed(program.masterplan, program=program),
            Weighed(program.masterplan),
        ):
            keys = [one.key for one in weighed.children()]
            made = WeightSet.objects.create(
                masterplan=weighed.masterplan,
                program=weighed.program,
                from_year=year,
                reason="x",
                decided_on="2024-01-01",
            )
            for key in keys:
                made.weights.create(percent=50, **{f"{weighed.child_field}_id": key})

    with django_assert_max_num_queries(14):
        secretary.get(url("view-method"))


# --- class tables ----------------------------------------------------------------------------


def test_a_class_table_is_saved_as_it_was_meant(secretary: Client, program: Program) -> None:
    answer = secretary.post(url("add-scale"), table(*GRID))

    assert answer.status_code == 302
    assert answer["Location"] == url("view-method")
    scale = PerformanceScale.objects.get(name="Tabel kota")
    spans = [(one.code, one.lower, one.upper, one.tone) for one in scale.bands.all()]
    assert spans == [
        ("tinggi", 62, None, "good"),
        ("sedang", 30, 61, "middling"),
        ("rendah", 0, 29, "bad"),
    ]


def test_the_next_version_starts_from_the_one_before(
    secretary: Client, scale: PerformanceScale
) -> None:
    page = said(secretary.get(f"{url('add-scale')}?dari={scale.pk}"))

    assert value_in(page, "name") == scale.name
    assert value_in(page, "row1-code") == "very_high"
    assert value_in(page, "row1-upper") == ""
    assert (value_in(page, "row5-lower"), value_in(page, "row5-upper")) == ("0", "50")
    assert value_in(page, "row6-code") == ""
    secretary.post(f"{url('add-scale')}?dari={scale.pk}", table(*GRID, name=scale.name))
    assert list(
        PerformanceScale.objects.filter(name=scale.name).values_list("version", flat=True)
    ) == [2, 1]


def test_a_table_with_a_hole_is_refused_and_its_rows_stay(
    secretary: Client, program: Program
) -> None:
    holed = [GRID[0], ("sedang", "S", "Sedang", "30", "59", "middling"), GRID[2]]

    answer = secretary.post(url("add-scale"), table(*holed))

    page = said(answer)
    assert answer.status_code == 422
    sentence = gettext("Between %(first)d %% and %(last)d %% no class is defined.")
    assert sentence % {"first": 60, "last": 61} in page
    assert value_in(page, "row2-upper") == "59"
    assert value_in(page, "row3-label") == "Rendah"
    assert not PerformanceScale.objects.filter(name="Tabel kota").exists()


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (("rendah", "R", "Rendah", "29", "0", "bad"), "upper"),
        (("rendah", "R", "Rendah", "0", "29,5", "bad"), "upper"),
        (("rendah", "R", "Rendah", "0", "1001", "bad"), "upper"),
        (("rendah", "R", "Rendah", "nol", "29", "bad"), "lower"),
        (("rendah", "R", "Rendah", "", "29", "bad"), "lower"),
        (("rendah", "R", "Rendah", "0", "29", ""), "tone"),
        (("rendah", "Rend", "Rendah", "0", "29", "bad"), "letter"),
        (("se dang", "R", "Rendah", "0", "29", "bad"), "code"),
    ],
)
def test_a_wrong_row_is_shown_at_its_place(
    secretary: Client, row: tuple[str, ...], name: str
) -> None:
    answer = secretary.post(url("add-scale"), table(GRID[0], GRID[1], row))

    page = said(answer)
    assert answer.status_code == 422
    assert f'href="#id_row3-{name}"' in page
    assert value_in(page, "row3-label") == "Rendah"


def test_a_table_that_defines_a_percent_twice_is_refused(secretary: Client) -> None:
    overlapping = ("rendah", "R", "Rendah", "0", "30", "bad")

    answer = secretary.post(url("add-scale"), table(GRID[0], GRID[1], overlapping))

    assert answer.status_code == 422
    assert gettext("%(at)d %% lies in two classes.") % {"at": 30} in said(answer)


def test_two_classes_with_one_code_are_refused(secretary: Client) -> None:
    twin = ("sedang", "R", "Rendah", "0", "29", "bad")

    answer = secretary.post(url("add-scale"), table(GRID[0], GRID[1], twin))

    assert answer.status_code == 422
    assert gettext("Two classes have the code “%(code)s”.") % {"code": "sedang"} in said(answer)


def test_an_empty_grid_is_refused(secretary: Client) -> None:
    answer = secretary.post(url("add-scale"), table())

    assert answer.status_code == 422
    assert gettext("Write at least one class.") in said(answer)


# --- methods ---------------------------------------------------------------------------------


def test_a_method_is_decided_from_a_year_on(
    cast: Cast, secretary: Client, masterplan: Masterplan, method_form: dict[str, str]
) -> None:
    answer = secretary.post(url("edit-method", masterplan.pk), method_form)

    assert answer.status_code == 302
    method = ScoringMethod.objects.get(masterplan=masterplan)
    assert (method.from_year, method.cap) == (2023, 110)
    assert (method.yellow_below, method.red_below) == (-4, -12)
    assert AuditEntry.objects.about(method).get().actor == cast.secretary
    page = said(secretary.get(url("edit-method", masterplan.pk)))
    assert "Keputusan rapat" in page
    assert value_in(page, "yellow_below") == "-4"


def test_no_cap_is_a_choice_and_not_an_empty_one(
    secretary: Client, masterplan: Masterplan, method_form: dict[str, str]
) -> None:
    address = url("edit-method", masterplan.pk)

    empty = secretary.post(address, method_form | {"cap": ""})
    none = secretary.post(address, method_form | {"cap": "none"})

    assert (empty.status_code, none.status_code) == (422, 302)
    assert ScoringMethod.objects.get(masterplan=masterplan).cap is None
    assert re.search(r'<option value="none"[^>]*selected', said(secretary.get(address)))


@pytest.mark.parametrize("text", ["-4", "\u22124", " -4,0 "])
def test_points_are_read_with_either_minus(
    secretary: Client, masterplan: Masterplan, method_form: dict[str, str], text: str
) -> None:
    answer = secretary.post(url("edit-method", masterplan.pk), method_form | {"yellow_below": text})

    assert answer.status_code == 302
    assert ScoringMethod.objects.get().yellow_below == -4


def test_points_that_are_no_number_are_refused_with_a_sentence_and_stay(
    secretary: Client, masterplan: Masterplan, method_form: dict[str, str]
) -> None:
    answer = secretary.post(
        url("edit-method", masterplan.pk), method_form | {"yellow_below": "-1_0"}
    )

    page = said(answer)
    sentence = gettext("“%(text)s” is not a number. Write it like 1.234,5.")
    assert sentence % {"text": "-1_0"} in page
    assert value_in(page, "yellow_below") == "-1_0"
    assert not ScoringMethod.objects.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("from_year", "2025"),
        ("from_year", ""),
        ("scale", "4711"),
        ("cap", "105"),
        ("yellow_below", "1"),
        ("yellow_below", ""),
        ("yellow_below", "-1e0"),
        ("red_below", "-4"),
        ("red_below", "-101"),
        ("source", ""),
        ("reason", " "),
    ],
)
def test_a_wrong_method_is_refused_and_stays_on_the_form(
    secretary: Client,
    masterplan: Masterplan,
    method_form: dict[str, str],
    name: str,
    text: str,
) -> None:
    answer = secretary.post(
        url("edit-method", masterplan.pk), {**method_form, "source": "Perwali 9", name: text}
    )

    page = said(answer)
    assert answer.status_code == 422
    assert f'href="#id_{name}' in page
    assert value_in(page, "source") == (text if name == "source" else "Perwali 9")
    assert not ScoringMethod.objects.filter(masterplan=masterplan).exists()


def test_a_decided_year_is_refused_at_its_field(
    secretary: Client, masterplan: Masterplan, method_form: dict[str, str]
) -> None:
    address = url("edit-method", masterplan.pk)
    secretary.post(address, method_form)

    answer = secretary.post(address, method_form | {"cap": "none", "reason": "Ganti pikiran"})

    page = said(answer)
    assert answer.status_code == 422
    assert gettext("The method of this year is already decided; choose a later year.") in page
    assert "Ganti pikiran" in page
    assert ScoringMethod.objects.get(masterplan=masterplan).cap == 110


def test_a_method_typed_before_the_session_ended_is_given_back(
    cast: Cast, sign_in: SignIn, masterplan: Masterplan, method_form: dict[str, str]
) -> None:
    client = Client()
    address = url("edit-method", masterplan.pk)
    client.post(address, method_form | {"form_owner": form_owner(cast.secretary)})
    client.force_login(cast.secretary)

    assert "Keputusan rapat" in said(client.get(address))


# --- weights ---------------------------------------------------------------------------------


def test_weights_are_decided_from_a_year_on(secretary: Client, program: Program) -> None:
    answer = secretary.post(
        url("edit-weights", "program", program.pk), weights_form(program, "66,66 %", "33,34")
    )

    assert answer.status_code == 302
    made = WeightSet.objects.get()
    assert (made.program, made.from_year, made.reason) == (program, 2023, "Keputusan rapat")
    assert [str(one.percent) for one in made.weights.all()] == ["66.66", "33.34"]
    page = said(secretary.get(url("edit-weights", "program", program.pk)))
    first = Weighed(program.masterplan, program=program).children()[0]
    assert value_in(page, f"weight_{first.key}") == "66,66"


def test_weights_of_99_9_are_refused_and_stay(secretary: Client, program: Program) -> None:
    answer = secretary.post(
        url("edit-weights", "program", program.pk), weights_form(program, "66,6", "33,3")
    )

    page = said(answer)
    assert answer.status_code == 422
    sentence = gettext("The weights total %(total)s %%, they must total exactly 100 %%.")
    assert sentence % {"total": "99,9"} in page
    first = Weighed(program.masterplan, program=program).children()[0]
    assert value_in(page, f"weight_{first.key}") == "66,6"
    assert "Keputusan rapat" in page
    assert not WeightSet.objects.exists()


@pytest.mark.parametrize("text", ["", "100,5", "33,333", "-10", "sepertiga"])
def test_a_wrong_weight_is_refused_at_its_field(
    secretary: Client, program: Program, text: str
) -> None:
    answer = secretary.post(
        url("edit-weights", "program", program.pk), weights_form(program, "100", text)
    )

    second = Weighed(program.masterplan, program=program).children()[1]
    assert answer.status_code == 422
    assert f'href="#id_weight_{second.key}"' in said(answer)
    assert not WeightSet.objects.exists()


@pytest.mark.parametrize(("name", "text"), [("from_year", "2018"), ("reason", "")])
def test_weights_need_their_year_and_a_reason(
    secretary: Client, program: Program, name: str, text: str
) -> None:
    form = weights_form(program, "60", "40") | {name: text}

    answer = secretary.post(url("edit-weights", "program", program.pk), form)

    assert answer.status_code == 422
    assert f'href="#id_{name}"' in said(answer)


def test_the_plain_mean_needs_no_weights(secretary: Client, program: Program) -> None:
    address = url("edit-weights", "program", program.pk)
    secretary.post(address, weights_form(program, "60", "40"))

    answer = secretary.post(address, weights_form(program, is_plain="on"))

    assert answer.status_code == 302
    last = WeightSet.objects.last()
    assert last is not None
    assert not last.weights.exists()
    assert ProgramYear.objects.get(program=program, year=YEAR).achievement == 80


def test_a_dimension_weighs_its_programmes_of_the_newest_plan_that_has_some(
    cast: Cast, secretary: Client, program: Program
) -> None:
    later = factories.make_later_masterplan()
    dimension = program.sub_dimension.dimension
    address = url("edit-weights", "dimension", dimension.pk)

    by_default = said(secretary.get(address))
    asked = said(secretary.get(f"{address}?masterplan={later.pk}"))

    assert f'name="weight_{program.pk}"' in by_default
    assert url("edit-weights", "program", program.pk) in by_default
    assert f'name="weight_{program.pk}"' not in asked
    assert str(later) in asked
    form = {"from_year": "2023", "reason": "Rapat", f"weight_{program.pk}": "100"}
    secretary.post(f"{address}?masterplan={program.masterplan_id}", form)
    made = WeightSet.objects.get()
    assert (made.masterplan, made.dimension) == (program.masterplan, dimension)


def test_what_is_archived_may_stay_without_a_weight(
    cast: Cast, secretary: Client, program: Program
) -> None:
    archived = factories.make_program(cast.agency)
    archived.archived_on = "2022-06-30"
    archived.save()
    address = url("edit-weights", "dimension", program.sub_dimension.dimension_id)
    form = {
        "from_year": "2023",
        "reason": "Rapat",
        f"weight_{program.pk}": "100",
        f"weight_{archived.pk}": "",
    }

    assert secretary.post(address, form).status_code == 302
    assert WeightSet.objects.get().weights.get().program == program


def test_a_masterplan_weighs_its_dimensions(secretary: Client, program: Program) -> None:
    factories.make_dimension("SG")
    keys = [one.key for one in Weighed(program.masterplan).children()]
    form = {f"weight_{key}": "50" for key in keys}

    answer = secretary.post(
        url("edit-weights", "masterplan", program.masterplan_id),
        {"from_year": "2024", "reason": "Rapat", **form},
    )

    assert answer.status_code == 302
    assert WeightSet.objects.get().weights.count() == 2
