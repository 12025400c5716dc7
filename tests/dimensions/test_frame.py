"""The real frame: what the press report of the meeting says, and nothing beyond it."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command

from dimensions.models import Dimension, Organization, OrganizationAlias, SubDimension
from dimensions.services import find_organization
from evaluations.models import Attendance, Meeting, Rubric
from programs.models import Activity, Program

OWNERS = {
    "SG": {"diskominfosandi", "disdukcapil", "bpprd", "dpmptsp"},
    "SB": {"disparbud", "amo"},
    "SE": {"disperindag", "dpkp", "diskan", "diskop"},
    "SS": {"dp3amd", "disdik", "dinsos", "dispusip"},
    "SL": {"dinkes", "dishub", "dppkb", "dprkp"},
    "EN": {"dlhp"},
}
# Every way the press report names an organisation, typos included, then other press.
NAMES = {
    "Diskominfosandi": "diskominfosandi",
    "Diskominfo": "diskominfosandi",
    "Dinas Komunikasi Informatika dan Persandian": "diskominfosandi",
    "Disdukcapil": "disdukcapil",
    "BPPRD": "bpprd",
    "DPMPTSP": "dpmptsp",
    "Dinas Pariwisata": "disparbud",
    "Pariwisata": "disparbud",
    "Disperindag": "disperindag",
    "Dinas Pertanian": "dpkp",
    "Pertanian": "dpkp",
    "Dinas Perikanan": "diskan",
    "Dinas Koperasi": "diskop",
    "Koperasi": "diskop",
    "DP3AMD": "dp3amd",
    "DP3MD": "dp3amd",
    "Dinas Pendidikan": "disdik",
    "Dinas Sosial": "dinsos",
    "inas Sosial": "dinsos",
    "Kadis Sosial": "dinsos",
    "Dinas Perpustakaan": "dispusip",
    "Dinas Perputakaan": "dispusip",
    "Perpusatakan": "dispusip",
    "Dinas kesehatan": "dinkes",
    "Kadis Kesehatan": "dinkes",
    "Dinas Perhubungan": "dishub",
    "DPPKB": "dppkb",
    "PRKP": "dprkp",
    "Dinas Lingkungan Hidup dan Persampahan": "dlhp",
    "Lingkungan Hidup": "dlhp",
    "Bapeda Litbang": "bappeda_litbang",
    "AMO": "amo",
    "Ambon Music Office": "amo",
    "LPPM Universitas Pattimura": "lppm-unpatti",
    "Lembaga Penelitian dan Pengabdian Masyarakat": "lppm-unpatti",
    "Dinas Pendapatan Daerah": "bpprd",
    "Kelautan dan Perikanan": "diskan",
    "Dinas Koperasi dan UKM": "diskop",
    "Dinas Koperasi dan Usaha Mikro dan Kecil": "diskop",
    "Dinas Koperasi dan UMKM": "diskop",
    "Badan Perencanaan Pembangunan Penelitian dan Pengembangan Daerah": "bappeda_litbang",
}
PRINTED = {
    "A-01": ("disparbud", "Pemasaran Parawisata"),
    "A-02": ("disparbud", "kegiatan live music sudut kota"),
    "A-03": ("disparbud", "Festival Panas Pela Dan Gandong"),
    "A-04": ("disparbud", "Festival Lorong Budaya"),
    "A-05": ("disparbud", "promosi wisata kuliner di kawasan Tapalkuda, Airsalobar"),
    "A-06": ("amo", "Akselerasi Inkubasi Kreatif Beyond Musik"),
    "A-07": ("amo", "Launching Destinasi Wisata Sunset"),
    "A-08": ("amo", "Konser Riu Rhythm “Sound Of Spice”"),
    "A-09": ("amo", "Musican Goas To School"),
    "A-10": ("amo", "Hutan Kota"),
}
NAMED_PEOPLE = {"Ronald H. Lekransy", "Prof. M. Salakory", "Ronny Loppies"}


@pytest.fixture(autouse=True)
def frame(db: None) -> None:
    call_command("loaddata", "frame", verbosity=0)


def test_six_dimensions_in_the_order_of_the_meeting_have_three_parts_each() -> None:
    codes = [f"{code}.{part}" for code in OWNERS for part in (1, 2, 3)]

    assert list(Dimension.objects.values_list("code", flat=True)) == list(OWNERS)
    assert list(SubDimension.objects.values_list("code", flat=True)) == codes
    assert not SubDimension.objects.filter(objective="").exists()


def test_nineteen_organisations_own_a_dimension_and_two_own_none() -> None:
    for code, owners in OWNERS.items():
        of_dimension = Organization.objects.filter(dimension__code=code)
        assert set(of_dimension.values_list("code", flat=True)) == owners

    without = Organization.objects.filter(dimension=None)
    assert set(without.values_list("code", "kind")) == {
        ("bappeda_litbang", "opd"),
        ("lppm-unpatti", "academic"),
    }
    assert Organization.objects.get(code="amo").kind == Organization.Kind.PARTNER


def test_a_name_that_is_not_certain_says_so() -> None:
    uncertain = Organization.objects.filter(name_is_uncertain=True)

    assert {one.code for one in uncertain} == {"diskop", "bappeda_litbang"}
    assert all(one.name_note for one in uncertain)


def test_every_printed_name_finds_its_organisation_in_any_case() -> None:
    for written in (str, str.upper, str.lower):
        found = {name: find_organization(written(name)) for name in NAMES}

        assert {name: one and one.code for name, one in found.items()} == NAMES


def test_every_alias_finds_the_organisation_it_belongs_to_and_names_its_source() -> None:
    for one in OrganizationAlias.objects.select_related("organization"):
        assert find_organization(one.alias) == one.organization
        assert one.source


def test_an_unknown_name_finds_nothing() -> None:
    assert find_organization("Dinas Tidak Ada") is None


def test_the_ten_activities_keep_their_printed_titles_and_wait_for_a_programme() -> None:
    activities = Activity.objects.select_related("owner", "dimension")

    assert {one.code: (one.owner.code, one.title_as_printed) for one in activities} == PRINTED
    assert {(one.source, one.dimension.code, one.program) for one in activities} == {
        ("seed", "SB", None)
    }
    assert not Program.objects.exists()


def test_the_meeting_says_what_the_press_report_says() -> None:
    meeting = Meeting.objects.get()

    assert (meeting.slug, meeting.stage, meeting.status) == ("rakor-tahap-i-2024", "I", "open")
    assert meeting.held_on.isoformat() == "2024-06-04"
    assert meeting.evaluated_year == 2023
    assert (meeting.masterplan.start_year, meeting.masterplan.end_year) == (2019, 2024)
    invited = set(meeting.organizations.values_list("code", flat=True))
    assert invited == set().union(*OWNERS.values())


def test_nobody_attends_beyond_those_the_press_report_names() -> None:
    people = Attendance.objects.exclude(name="")
    heads = Attendance.objects.filter(group=Attendance.Group.OPD_HEAD)
    staff = Attendance.objects.filter(group=Attendance.Group.OPD_OFFICIAL)

    assert {one.name for one in people} == NAMED_PEOPLE
    assert {one.organization and one.organization.code for one in heads} == {
        "dinkes",
        "dinsos",
        "bpprd",
    }
    assert {one.organization and one.organization.code for one in staff} == {
        "dpmptsp", "disparbud", "dpkp", "diskop", "dp3amd", "dispusip", "dppkb", "dlhp",
        "bappeda_litbang",
    }  # fmt: skip
    assert Attendance.objects.count() == len(heads) + len(staff) + 5


def test_the_form_asks_for_the_three_big_elements_on_a_described_scale() -> None:
    rubric = Rubric.objects.get()
    weights = list(rubric.criteria.values_list("weight", flat=True))

    assert weights == [Decimal(34), Decimal(33), Decimal(33)]
    assert list(rubric.levels.values_list("score", flat=True)) == [1, 2, 3, 4]
    assert rubric.scale_max == 4
    assert "rancangan portal" in rubric.source


def test_the_frame_holds_no_demo_row_and_loads_twice_to_the_same() -> None:
    before = contents()

    call_command("loaddata", "frame", verbosity=0)

    assert contents() == before
    assert not [row for row in before if row["fields"].get("is_demo")]


def contents() -> list[dict[str, dict[str, object]]]:
    out = io.StringIO()
    call_command("dumpdata", "dimensions", "programs", "evaluations", "accounts", stdout=out)
    rows: list[dict[str, dict[str, object]]] = json.loads(out.getvalue())
    return rows
