"""Pages of figures: who sees what, that each number is right and opens, what an address keeps."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs import figure_views
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    PlannedProgress,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.services import verify_entry
from programs.summaries import recount_all
from tests import factories
from tests.conftest import Cast, SignIn

VERIFIED = ProgressEntry.Status.VERIFIED
YEAR = factories.YEAR
Query = dict[str, str | int]
AS_OF_FEBRUARY: Query = {"tahun": YEAR, "pada": "2024-02-01"}


@pytest.fixture
def own(cast: Cast) -> Activity:
    """Return an activity of the agency that reached 80 of 100 and spent half its money."""
    activity = factories.make_activity(cast.agency)
    factories.make_entry(
        activity, factories.make_period(), status=VERIFIED, by=cast.head, verified_by=cast.secretary
    )
    return activity


@pytest.fixture
def rivals(cast: Cast) -> Activity:
    """Return the rival's activity, which reached 40 of 100."""
    activity = factories.make_activity(cast.rival_agency, dimension="SG")
    factories.make_entry(
        activity,
        factories.make_period(),
        status=VERIFIED,
        by=cast.rival,
        verified_by=cast.secretary,
        actual="40",
    )
    return activity


def program_of(activity: Activity) -> Program:
    assert activity.program is not None
    return activity.program


def pages_of(activity: Activity) -> dict[str, str]:
    """Return every page that tells of one activity's work, by name."""
    program = program_of(activity)
    indicator = activity.indicators.get()
    dimension = program.sub_dimension.dimension
    return {
        "city": reverse("programs:view-city"),
        "dimension": reverse("programs:view-dimension", args=[dimension.code]),
        "programs": reverse("programs:list-programs"),
        "program": reverse("programs:view-program", args=[program.pk]),
        "activity": reverse("programs:view-activity", args=[activity.pk]),
        "indicator": reverse("programs:view-indicator", args=[indicator.pk]),
        "organizations": reverse("programs:list-organizations"),
        "organization": reverse("programs:view-organization", args=[activity.owner.code]),
        "reporting": reverse("programs:view-reporting"),
        "explain indicator": explain_url("indicator", indicator.pk),
        "explain program": explain_url("program", program.pk),
    }


CITY_WIDE = {
    "explain dimension": "dimension",
    "explain city": "city",
    "explain city by dimension": "city-by-dimension",
}


def explain_url(kind: str, key: int, year: int = YEAR) -> str:
    return reverse("programs:explain-number", args=[kind, key, year])


def text_of(answer: Any) -> str:
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


# --- who sees what ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["secretary", "member", "admin"])
def test_whoever_sees_the_city_sees_every_page_of_it(
    cast: Cast, sign_in: SignIn, own: Activity, role: str
) -> None:
    browser = sign_in(getattr(cast, role))
    dimension = own.dimension_id
    city = {name: explain_url(kind, dimension) for name, kind in CITY_WIDE.items()}

    for name, path in (pages_of(own) | city).items():
        assert browser.get(path).status_code == 200, name


@pytest.mark.parametrize("role", ["head", "operator"])
def test_an_agency_sees_the_pages_of_its_own_work(
    cast: Cast, sign_in: SignIn, own: Activity, role: str
) -> None:
    browser = sign_in(getattr(cast, role))
    pages = pages_of(own)

    city = browser.get(pages.pop("city"))
    assert city.headers["Location"] == reverse("programs:view-organization", args=["dinkes"])
    for name, path in pages.items():
        assert browser.get(path).status_code == 200, name


def test_an_agency_finds_none_of_anothers_figures(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    browser = sign_in(cast.head)
    program, indicator = program_of(rivals), rivals.indicators.get()
    hidden = [
        explain_url("indicator", indicator.pk),
        explain_url("program", program.pk),
        *(explain_url(kind, rivals.dimension_id) for kind in CITY_WIDE.values()),
    ]

    assert [browser.get(path).status_code for path in hidden] == [404] * len(hidden)
    for name in ("programs", "program", "activity", "indicator", "organization", "dimension"):
        page = text_of(browser.get(pages_of(rivals)[name]))
        assert "40,00%" not in page, name
        assert "Rp 50.000.000" not in page, name


def test_the_reporting_map_shows_an_agency_its_own_line(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    path = reverse("programs:view-reporting")

    assert "Disdik" not in text_of(sign_in(cast.head).get(path))
    assert "Disdik" in text_of(sign_in(cast.member).get(path))


def test_a_visitor_is_sent_to_sign_in_from_every_page(own: Activity) -> None:
    for name, path in pages_of(own).items():
        answer = Client().get(path)
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("account_login")), name


def test_comparing_two_days_is_for_those_who_see_the_city(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    path = reverse("programs:compare")

    assert sign_in(cast.head).get(path).status_code == 403
    assert sign_in(cast.member).get(path).status_code == 200


def test_pages_of_figures_are_only_read(cast: Cast, sign_in: SignIn, own: Activity) -> None:
    browser = sign_in(cast.secretary)

    for name, path in pages_of(own).items():
        assert browser.post(path).status_code == 405, name


def test_what_is_not_there_is_not_found(cast: Cast, sign_in: SignIn, own: Activity) -> None:
    browser = sign_in(cast.member)
    wrong = [
        reverse("programs:view-program", args=[999_999]),
        reverse("programs:view-activity", args=[999_999]),
        reverse("programs:view-indicator", args=[999_999]),
        reverse("programs:view-organization", args=["tidak-ada"]),
        reverse("programs:view-dimension", args=["XX"]),
        explain_url("program", 999_999),
        explain_url("indicator", 999_999),
        explain_url("dimension", 999_999),
        explain_url("nonsense", 1),
        explain_url("city", 0, year=1999),
    ]

    assert [browser.get(path).status_code for path in wrong] == [404] * len(wrong)


# --- the numbers -----------------------------------------------------------------------------


def test_the_city_page_shows_stored_figures_that_open(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    answer = sign_in(cast.member).get(reverse("programs:view-city"))

    page = text_of(answer)
    assert "60,00%" in page
    assert "Rp 100.000.000 dari Rp 200.000.000" in page
    assert explain_url("city", 0) in answer.content.decode()


def test_a_percentage_opens_to_its_formula_its_entries_and_its_verifier(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    indicator = own.indicators.get()
    entry = own.entries.get()
    factories.make_evidence(entry, by=cast.head, shareable=True)

    answer = sign_in(cast.member).get(explain_url("indicator", indicator.pk))

    page = text_of(answer)
    assert "80 ÷ 100 × 100 = 80,00%" in page
    assert "Sekretaris" in page
    assert reverse("programs:view-entry", args=[entry.pk]) in answer.content.decode()
    assert "Permendagri 86/2017" in page


def test_a_programmes_number_opens_to_what_it_is_the_mean_of(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    factories.make_indicator(own, target="0")
    recount_all()

    page = text_of(sign_in(cast.member).get(explain_url("program", program_of(own).pk)))

    assert "80,00% ÷ 1 = 80,00%" in page
    assert "1 bagian tidak dinilai" in page


@pytest.mark.parametrize(
    ("polarity", "target", "actual", "words"),
    [
        ("minimize", "24", "27", "(2 × 24 − 27) ÷ 24 × 100 = 87,50%"),
        ("minimize", "10", "30", "(2 × 10 − 30) ÷ 10 × 100 = 0,00% (hasil negatif"),
        ("stabilize", "100", "90", "100 − |90 − 100| ÷ 100 × 100 = 90,00%"),
        ("maximize", "0", "5", "Targetnya 0, jadi tidak dinilai."),
        ("minimize", "0", "0", "Targetnya 0: realisasi 0 dihitung 100 %"),
        ("maximize", "50", None, "Tidak ada yang dilaporkan"),
    ],
)
def test_the_formula_is_written_with_the_numbers_in_it(
    cast: Cast,
    sign_in: SignIn,
    polarity: str,
    target: str,
    actual: str | None,
    words: str,
) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    indicator = factories.make_indicator(activity, target=target, polarity=polarity)
    factories.make_entry(
        activity,
        factories.make_period(),
        status=VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        actual=actual,
    )

    assert words in text_of(sign_in(cast.member).get(explain_url("indicator", indicator.pk)))


def test_a_quarter_is_read_against_its_own_target_and_the_years(
    cast: Cast, sign_in: SignIn
) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    indicator = factories.make_indicator(activity, aggregation="sum")
    AnnualTarget.objects.update(quarter_1=10, quarter_2=25, quarter_3=30, quarter_4=35)
    for quarter, actual in ((1, "10"), (2, "18")):
        factories.make_entry(
            activity,
            factories.make_period(quarter=quarter),
            status=VERIFIED,
            by=cast.head,
            verified_by=cast.secretary,
            actual=actual,
        )

    page = text_of(
        sign_in(cast.member).get(reverse("programs:view-indicator", args=[indicator.pk]))
    )

    assert "10 10 10 100,00% 10,00%" in page
    assert "18 28 35 80,00% 28,00%" in page


def test_a_revised_target_leaves_the_quarters_before_it_alone(cast: Cast, sign_in: SignIn) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    indicator = factories.make_indicator(activity)
    AnnualTarget.objects.update(quarter_1=20, quarter_2=50, quarter_3=80, quarter_4=100)
    AnnualTarget.objects.create(
        indicator=indicator,
        year=YEAR,
        revision=1,
        revised_on=date(YEAR, 8, 1),
        reason="Lokasi berkurang",
        value=50,
        quarter_1=10,
        quarter_2=20,
        quarter_3=40,
        quarter_4=50,
    )
    for quarter, actual in ((2, "40"), (3, "40")):
        factories.make_entry(
            activity,
            factories.make_period(quarter=quarter),
            status=VERIFIED,
            by=cast.head,
            verified_by=cast.secretary,
            actual=actual,
        )

    page = text_of(
        sign_in(cast.member).get(reverse("programs:view-indicator", args=[indicator.pk]))
    )

    assert "40 40 50 80,00% 40,00%" in page, "the second quarter keeps the old target"
    assert "40 40 40 100,00% 80,00%" in page
    assert "Lokasi berkurang" in page


# --- as of a day, and two days ---------------------------------------------------------------


def verify_on(entry: ProgressEntry, day: date) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    ProgressEntry.objects.filter(pk=entry.pk).update(verified_at=moment)


def test_a_page_is_read_as_of_a_past_day(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    verify_on(own.entries.get(), date(2024, 1, 10))
    verify_on(rivals.entries.get(), date(2024, 3, 10))
    browser = sign_in(cast.member)

    page = text_of(browser.get(reverse("programs:view-city"), AS_OF_FEBRUARY))

    assert "seperti pada 1 Februari 2024" in page
    assert "80,00%" in page
    assert "60,00%" not in page
    assert (
        explain_url("city", 0) + "?pada=2024-02-01"
        in browser.get(reverse("programs:view-city"), AS_OF_FEBRUARY).content.decode()
    )


def test_what_is_verified_on_the_day_counts_until_midnight_in_ambon(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    late = timezone.make_aware(datetime.combine(date(2024, 2, 1), time(23, 59, 59)))
    ProgressEntry.objects.update(verified_at=late)
    browser = sign_in(cast.member)

    def seen(day: str) -> str:
        return text_of(browser.get(explain_url("city", 0), {"pada": day}))

    assert "80,00% ÷ 1" in seen("2024-02-01")
    assert "80,00% ÷ 1" not in seen("2024-01-31")


def test_two_days_show_what_moved_a_dimension(cast: Cast, sign_in: SignIn, own: Activity) -> None:
    other = factories.make_activity(cast.agency)
    entry = factories.make_entry(
        other,
        factories.make_period(),
        status=VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        actual="20",
    )
    verify_on(own.entries.get(), date(2024, 1, 10))
    verify_on(entry, date(2024, 3, 10))

    answer = sign_in(cast.member).get(
        reverse("programs:compare"),
        {"tahun": str(YEAR), "dari": "2024-02-01", "sampai": "2024-04-01", "dimensi": "SL"},
    )

    page = text_of(answer)
    assert "−30,00" in page
    assert "dari 80,00% menjadi 50,00%" in page
    assert program_of(other).title in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"dari": "2024-04-01", "sampai": "2024-02-01"}, "Hari kedua mendahului hari pertama"),
        ({"dari": "besok", "sampai": "2024-02-01"}, "tanggal"),
        ({"dari": "2024-04-01"}, "tidak boleh kosong"),
    ],
)
def test_days_that_make_no_sense_are_refused_with_a_sentence(
    cast: Cast, sign_in: SignIn, own: Activity, query: dict[str, str], words: str
) -> None:
    answer = sign_in(cast.member).get(reverse("programs:compare"), query)

    assert words.lower() in text_of(answer).lower()


# --- filters live in the address -------------------------------------------------------------


def test_programmes_are_filtered_by_dimension_organisation_class_and_light(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    browser = sign_in(cast.member)
    mine, theirs = program_of(own).title, program_of(rivals).title

    def listed(**query: str) -> tuple[bool, bool]:
        asked: Query = {"tahun": YEAR, **query}
        page = text_of(browser.get(reverse("programs:list-programs"), asked))
        return mine in page, theirs in page

    assert listed() == (True, True)
    assert listed(dimensi="SG") == (False, True)
    assert listed(organisasi="dinkes") == (True, False)
    assert listed(kelas="very_low") == (False, True)
    assert listed(kelas="high") == (True, False)
    assert listed(kelas="-") == (False, False)
    assert listed(lampu="red") == (False, False)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31-02-2024", "besok", "x" * 5000])
def test_a_day_that_is_none_is_named_and_the_page_shows_today(
    cast: Cast, sign_in: SignIn, own: Activity, day: str
) -> None:
    browser = sign_in(cast.member)

    for path in (reverse("programs:view-city"), explain_url("city", 0)):
        answer = browser.get(path, {"tahun": str(YEAR), "pada": day})
        assert answer.status_code == 200
        assert "80,00%" in text_of(answer)


def test_turning_the_page_keeps_the_filters(
    cast: Cast, sign_in: SignIn, own: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_views, "ROWS", 1)
    factories.make_program(cast.agency)

    page = sign_in(cast.member).get(
        reverse("programs:list-programs"), {"tahun": str(YEAR), "organisasi": "dinkes"}
    )

    assert f"?tahun={YEAR}&amp;organisasi=dinkes&amp;page=2" in page.content.decode()


def test_a_filter_by_class_tells_an_agency_nothing_of_anothers_class(
    cast: Cast, sign_in: SignIn, own: Activity, rivals: Activity
) -> None:
    browser = sign_in(cast.head)
    theirs = program_of(rivals).title

    for asked in ({"kelas": "very_low"}, {"kelas": "-"}, {"lampu": "red"}):
        page = text_of(
            browser.get(reverse("programs:list-programs"), {"tahun": str(YEAR), **asked})
        )
        assert theirs not in page


def test_a_year_nobody_knows_falls_back_and_says_so(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    answer = sign_in(cast.member).get(reverse("programs:view-city"), {"tahun": "1066"})

    assert answer.status_code == 200
    assert "1066" in text_of(answer)
    assert f"Capaian {YEAR}" in text_of(answer)


def test_without_a_masterplan_the_pages_say_what_comes(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.member)

    for name in ("view-city", "list-programs", "view-reporting"):
        assert "Belum ada masterplan" in text_of(browser.get(reverse(f"programs:{name}")))


# --- states ----------------------------------------------------------------------------------


def test_each_state_of_a_quarter_has_its_word(cast: Cast, sign_in: SignIn) -> None:
    today = timezone.localdate()
    activity = factories.make_activity(cast.agency)
    for quarter, status, due in (
        (1, "closed", today),
        (2, "open", today - timedelta(days=1)),
        (3, "open", today + timedelta(days=1)),
        (4, "open", today + timedelta(days=1)),
    ):
        ReportingPeriod.objects.create(year=YEAR, quarter=quarter, status=status, due_on=due)
    fourth = ReportingPeriod.objects.get(quarter=4)
    ProgressEntry.objects.create(
        activity=activity,
        period=fourth,
        status=VERIFIED,
        is_nil=True,
        nil_reason="Lokasi terendam",
        submitted_by=cast.head,
        submitted_at=timezone.now(),
        verified_by=cast.secretary,
        verified_at=timezone.now(),
    )
    recount_all()

    page = text_of(
        sign_in(cast.member).get(
            reverse("programs:view-activity", args=[activity.pk]), {"tahun": YEAR}
        )
    )
    board = text_of(sign_in(cast.member).get(reverse("programs:view-reporting"), {"tahun": YEAR}))

    assert "TW I 2023 X tidak dilaporkan" in page
    assert "TW II 2023 T terlambat" in page
    assert "TW III 2023 · belum jatuh tempo" in page
    assert "TW IV 2023 N nihil" in page
    assert "0,00%" not in page
    for words in ("1 tidak dilaporkan", "1 terlambat", "1 belum jatuh tempo", "1 nihil"):
        assert words in board


def test_the_curve_says_how_far_the_work_is_from_its_plan(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    year = ActivityYear.objects.get()
    for quarter, planned in ((1, 10), (2, 30), (3, 60), (4, 100)):
        PlannedProgress.objects.create(
            activity_year=year, quarter=quarter, physical_pct=planned, spending_pct=planned
        )
    third = factories.make_period(quarter=3)
    factories.make_entry(
        own,
        third,
        status=VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
        physical="52",
    )
    own.entries.filter(period__quarter=4).delete()
    recount_all()

    page = text_of(sign_in(cast.member).get(reverse("programs:view-activity", args=[own.pk])))

    assert "realisasi fisik 52,00% dari rencana 60,00%, deviasi −8,00 poin" in page
    assert "tertinggal" in page
    assert "pada akhir TW III, yang terakhir terverifikasi" in page
    assert "Tidak ada perkiraan" in page


# --- nothing grows ---------------------------------------------------------------------------


def test_the_city_page_takes_at_most_twelve_queries_whatever_there_is(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    browser = sign_in(cast.member)

    def queries() -> int:
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as taken:
            browser.get(reverse("programs:view-city"), {"tahun": YEAR})
        return len(taken)

    few = queries()
    for _number in range(12):
        activity = factories.make_activity(cast.rival_agency, dimension="EN")
        factories.make_entry(
            activity,
            factories.make_period(),
            status=VERIFIED,
            by=cast.rival,
            verified_by=cast.secretary,
        )

    assert queries() == few
    assert few <= 12


def test_the_city_page_is_written_once_for_one_state_of_the_data(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    path = reverse("programs:view-city")
    first = sign_in(cast.member).get(path, {"tahun": YEAR})

    with CaptureQueriesContext(connection) as taken:
        again = sign_in(cast.other_member).get(path, {"tahun": YEAR})

    assert "80,00%" in text_of(first)
    assert "80,00%" in text_of(again)
    assert cast.other_member.full_name in text_of(again)
    assert sum("programs_cityyear" in query["sql"] for query in taken) == 0


def test_the_city_page_shows_what_was_verified_a_moment_ago(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    browser, path = sign_in(cast.member), reverse("programs:view-city")
    other = factories.make_activity(cast.agency)
    entry = factories.make_entry(
        other, factories.make_period(), status="submitted", by=cast.head, actual="40"
    )
    assert "60,00%" not in text_of(browser.get(path, {"tahun": YEAR}))

    verify_entry(entry, version=entry.version, by=cast.secretary)

    assert "60,00%" in text_of(browser.get(path, {"tahun": YEAR}))


@pytest.mark.parametrize(
    "name", ["dimension", "programs", "program", "organization", "reporting", "explain program"]
)
def test_a_page_takes_the_same_queries_for_ten_times_the_rows(
    cast: Cast, sign_in: SignIn, own: Activity, name: str
) -> None:
    browser = sign_in(cast.secretary)
    path = pages_of(own)[name]

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert browser.get(path).status_code == 200
        return len(taken)

    few = queries()
    for _number in range(9):
        activity = factories.make_activity(cast.agency, program=program_of(own))
        factories.make_entry(
            activity,
            factories.make_period(),
            status=VERIFIED,
            by=cast.head,
            verified_by=cast.secretary,
        )
        factories.make_activity(cast.agency)
    recount_all()

    assert queries() == few


def test_a_renamed_organisation_keeps_its_old_name_in_old_years(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    cast.agency.names.create(short_name="Dinkes", official_name="Dinas Kesehatan")
    cast.agency.names.create(
        short_name="Dinsehat", official_name="Dinas Sehat", valid_from=date(YEAR + 1, 1, 1)
    )
    cast.agency.short_name = "Dinsehat"
    cast.agency.save()

    page = text_of(
        sign_in(cast.member).get(reverse("programs:view-dimension", args=["SL"]), {"tahun": YEAR})
    )

    assert "· Dinkes" in page


def test_an_indicator_without_a_programme_is_shown_but_not_rated(
    cast: Cast, sign_in: SignIn, own: Activity
) -> None:
    Activity.objects.update(program=None)
    ActivityYear.objects.update(program=None)
    indicator = Indicator.objects.get()
    browser = sign_in(cast.member)

    assert browser.get(reverse("programs:view-indicator", args=[indicator.pk])).status_code == 200
    assert browser.get(explain_url("indicator", indicator.pk)).status_code == 404
    assert Decimal(80) == own.entries.get().values.get().actual_value
