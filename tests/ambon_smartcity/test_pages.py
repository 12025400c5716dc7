"""The front page, each role's home, and how many queries a page takes however much there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django import Settings

from accounts.models import Role
from evaluations.models import Attendance, Meeting
from programs.models import Activity, Program, ProgressEntry, ReportingPeriod
from reports.models import ReportJob, ReportVersion
from reports.services import request_report
from tests import factories
from tests.conftest import Cast, SignIn

MOST_QUERIES = 15


def test_a_visitor_reads_what_this_is_and_the_six_dimensions(db: None) -> None:
    for code in ("SG", "SB", "SE", "SS", "SL", "EN"):
        factories.make_dimension(code)

    page = Client().get("/").content.decode()

    assert "Smart SG" in page
    assert "Smart EN" in page
    assert "Masuk" in page


@pytest.mark.parametrize("role", ["head", "operator", "secretary", "member", "admin"])
def test_every_role_has_a_home(cast: Cast, sign_in: SignIn, role: str) -> None:
    factories.make_meeting(cast.agency)
    factories.make_activity(cast.agency)
    factories.make_period()

    assert sign_in(getattr(cast, role)).get("/").status_code == 200


@pytest.mark.parametrize("role", ["head", "operator", "secretary", "member", "admin", "visitor"])
def test_a_home_with_nothing_in_it_is_still_a_page(cast: Cast, sign_in: SignIn, role: str) -> None:
    client = Client() if role == "visitor" else sign_in(getattr(cast, role))

    assert client.get("/").status_code == 200


def test_an_agency_reads_what_it_owes_and_why_an_entry_came_back(
    cast: Cast, sign_in: SignIn
) -> None:
    period = factories.make_period()
    entry = factories.make_entry(
        factories.make_activity(cast.agency), period, status="returned", by=cast.operator
    )
    entry.rounds.create(act="returned", by=cast.secretary, at=timezone.now(), note="Foto kabur.")
    theirs = factories.make_activity(cast.rival_agency)

    page = sign_in(cast.operator).get("/").content.decode()

    assert "Foto kabur." in page
    assert reverse("programs:edit-entry", args=[entry.activity_id, period.pk]) in page
    assert theirs.title not in page


def test_the_secretariat_reads_what_waits(cast: Cast, sign_in: SignIn) -> None:
    entry = factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(),
        status="submitted",
        by=cast.head,
    )

    page = sign_in(cast.secretary).get("/").content.decode()

    assert reverse("programs:review-entry", args=[entry.pk]) in page


def test_a_council_member_finds_each_dimension_to_score(cast: Cast, sign_in: SignIn) -> None:
    meeting = factories.make_meeting()
    factories.make_dimension("SL")

    page = sign_in(cast.member).get("/").content.decode()

    assert reverse("evaluations:edit-evaluation", args=[meeting.slug, "SL"]) in page


def test_the_system_admin_reads_whether_everything_answers(
    cast: Cast, sign_in: SignIn, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    client = sign_in(cast.admin)
    assert gettext("All parts answer.") in client.get("/").content.decode()

    settings.REDIS_URL = ""
    settings.QUEUE_DIR = tmp_path_factory.mktemp("queue") / "gone"

    assert gettext("A part does not answer.") in client.get("/").content.decode()


@pytest.mark.parametrize("role", ["head", "secretary", "member", "admin"])
def test_a_home_is_only_looked_at(cast: Cast, sign_in: SignIn, role: str) -> None:
    assert sign_in(getattr(cast, role)).post("/").status_code == 405


def test_demo_data_are_called_demo_data_on_every_page(cast: Cast, sign_in: SignIn) -> None:
    factories.make_program(cast.agency)
    client = sign_in(cast.head)
    assert gettext("DEMO DATA") not in client.get("/").content.decode()

    Program.objects.update(is_demo=True)

    for address in ("/", "/rapat/", "/laporan/"):
        assert gettext("DEMO DATA") in client.get(address).content.decode()


EVERYBODYS = ["/program/", "/pelaporan/", "/rapat/", "/laporan/"]


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("head", ["/", "/organisasi/dinkes/", *EVERYBODYS]),
        ("member", ["/", "/capaian/", *EVERYBODYS]),
        ("secretary", ["/", "/verifikasi/", "/capaian/", *EVERYBODYS, "/rencana/", "/kelola/"]),
        ("admin", ["/", "/capaian/", *EVERYBODYS, "/kelola/"]),
    ],
)
def test_the_way_round_leads_only_where_one_may_go(
    cast: Cast, sign_in: SignIn, role: str, addresses: list[str]
) -> None:
    client = sign_in(getattr(cast, role))

    nav = client.get("/").context["nav"]

    assert [item.url for item in nav] == addresses
    assert [item.is_current for item in nav] == [True] + [False] * (len(addresses) - 1)


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("role", ["head", "operator", "member", "secretary", "admin"])
def test_no_place_on_the_way_round_turns_somebody_away(
    cast: Cast, sign_in: SignIn, role: str
) -> None:
    client = sign_in(getattr(cast, role))

    for item in client.get("/").context["nav"]:
        assert client.get(item.url).status_code == 200, item.url


def test_a_page_is_read_in_english_if_one_wants(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    assert 'lang="id"' in client.get("/").content.decode()

    client.post("/bahasa/setlang/", {"language": "en", "next": "/"})

    page = client.get("/").content.decode()
    assert 'lang="en"' in page
    assert "Due from me" in page


# --- a page takes as many queries for many rows as for few -----------------------------------

# Page -> who opens it, and where.
PAGES: dict[str, tuple[str, str]] = {
    "an operator's home": ("operator", "/"),
    "a head's home": ("head", "/"),
    "the secretariat's home": ("secretary", "/"),
    "a council member's home": ("member", "/"),
    "the admin's home": ("admin", "/"),
    "an operator's entry form": ("operator", "/realisasi/{activity}/{period}/"),
    "the secretariat's entry form": ("secretary", "/realisasi/{activity}/{period}/"),
    "the check before the hand-in": ("head", "/entri/{entry}/ajukan/"),
    "an entry": ("head", "/entri/{entry}/"),
    "the queue": ("secretary", "/verifikasi/"),
    "a review": ("secretary", "/verifikasi/{entry}/"),
    "the meetings": ("member", "/rapat/"),
    "the meeting for the secretariat": ("secretary", "/rapat/rakor/"),
    "the meeting for a council member": ("member", "/rapat/rakor/"),
    "the meeting for an agency": ("head", "/rapat/rakor/"),
    "a dimension": ("member", "/rapat/rakor/dimensi/SL/"),
    "an evaluation": ("member", "/rapat/rakor/dimensi/SL/evaluasi/"),
    "the reports": ("member", "/laporan/"),
}


def test_a_page_takes_few_queries_and_not_one_more_for_ten_times_the_rows(
    cast: Cast, sign_in: SignIn
) -> None:
    meeting = factories.make_meeting(cast.agency)
    entry = a_returned_entry(cast)
    fill(cast, meeting, entry)

    few = queries_by_page(cast, sign_in, entry)
    for _time in range(9):
        fill(cast, meeting, entry)
    many = queries_by_page(cast, sign_in, entry)

    assert many == few
    too_many = {page for page, taken in few.items() if taken > MOST_QUERIES}
    assert too_many <= {"an evaluation"}, few
    assert few["an evaluation"] <= MOST_QUERIES + 3


def queries_by_page(cast: Cast, sign_in: SignIn, entry: ProgressEntry) -> dict[str, int]:
    numbers = {"activity": entry.activity_id, "period": entry.period_id, "entry": entry.pk}
    return {
        page: queries(sign_in(getattr(cast, role)), address.format(**numbers))
        for page, (role, address) in PAGES.items()
    }


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len(taken)


def a_returned_entry(cast: Cast) -> ProgressEntry:
    """Make the entry whose pages are opened: it has been handed in and returned before."""
    activity = factories.make_activity(cast.agency)
    verified(cast, activity, factories.make_period(quarter=3))
    entry = factories.make_entry(
        activity, factories.make_period(), status="returned", by=cast.operator
    )
    for act in ("submitted", "returned"):
        entry.rounds.create(
            act=act, by=cast.head, at=timezone.now(), note="Foto?", content=entry.content()
        )
    return entry


def verified(cast: Cast, activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    return factories.make_entry(
        activity, period, status="verified", by=cast.head, verified_by=cast.secretary
    )


def fill(cast: Cast, meeting: Meeting, entry: ProgressEntry) -> None:
    """Add one more of everything that pages list."""
    third, fourth = factories.make_period(quarter=3), factories.make_period()
    for owner in (cast.agency, cast.rival_agency):
        for status in (None, "draft", "submitted", "returned", "verified"):
            activity = factories.make_activity(owner, indicators=2)
            verified(cast, activity, third)
            if status == "verified":
                verified(cast, activity, fourth)
            elif status is not None:
                factories.make_entry(activity, fourth, status=status, by=cast.head)
    number = next(factories.NUMBERS)
    factories.make_indicator(entry.activity)
    factories.make_evidence(entry, by=cast.operator, name=f"{number}.jpg")
    entry.rounds.create(
        act="submitted", by=cast.operator, at=timezone.now(), content=entry.content()
    )
    Attendance.objects.create(meeting=meeting, group="opd_head", organization=cast.agency)
    make_report(cast, factories.make_meeting(cast.agency, slug=f"rakor-{number}"))
    someone = factories.make_user(f"anggota-{number}", Role.COUNCIL_MEMBER)
    for code in ("SG", "SL"):
        factories.make_evaluation(meeting, code, someone, scores=(3, 4))


def make_report(cast: Cast, meeting: Meeting) -> None:
    """Make a report that is published and one that still waits."""
    done = request_report(meeting, by=cast.secretary)
    ReportJob.objects.filter(pk=done.pk).update(state=ReportJob.State.READY)
    ReportVersion.objects.create(
        meeting=meeting,
        job=done,
        number=1,
        status=ReportVersion.Status.PUBLISHED,
        contents={},
        contents_sha256="0" * 64,
        file="laporan.pdf",
        sha256="0" * 64,
        size=1,
        pages=1,
        created_at=timezone.now(),
        published_by=cast.secretary,
        published_at=timezone.now(),
    )
    request_report(meeting, by=cast.secretary)
