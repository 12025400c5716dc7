"""Two ways an entry says more than numbers: nothing happened, and how a percentage is made."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from programs.figures import year_figures
from programs.models import Activity, Indicator, Program, ProgressEntry, ReportingPeriod
from programs.services import submit_entry, verify_entry
from programs.summaries import differences
from tests import factories
from tests.conftest import Cast, SignIn


@pytest.fixture
def period(cast: Cast) -> ReportingPeriod:
    return factories.make_period()


@pytest.fixture
def activity(cast: Cast, period: ReportingPeriod) -> Activity:
    return factories.make_activity(cast.agency)


@pytest.fixture
def ratio(activity: Activity) -> Indicator:
    """Make the activity's one indicator a ratio with one decimal."""
    indicator = activity.indicators.get()
    indicator.unit = "%"
    indicator.numerator_label, indicator.denominator_label = "Terlayani", "Seluruh warga"
    indicator.decimal_places = 1
    indicator.save()
    return indicator


def url(activity: Activity, period: ReportingPeriod) -> str:
    return f"/realisasi/{activity.pk}/{period.pk}/"


def typed(**fields: Any) -> dict[str, Any]:
    return {"version": 0, "draft": "1", **fields}


def send(client: Client, activity: Activity, period: ReportingPeriod, **fields: Any) -> Any:
    return client.post(url(activity, period), typed(**fields))


# --- nihil -----------------------------------------------------------------------------------


def test_nihil_is_kept_with_its_reason_and_without_figures(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod
) -> None:
    send(sign_in(cast.head), activity, period, is_nil="on", nil_reason="Lokasi terendam banjir")

    entry = ProgressEntry.objects.get()
    assert (entry.is_nil, entry.nil_reason) == (True, "Lokasi terendam banjir")
    assert (entry.physical_progress_pct, entry.budget_spent) == (None, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_nil": "on"}, "Tulis mengapa tidak ada yang terjadi."),
        (
            {"is_nil": "on", "nil_reason": "Banjir", "budget_spent": "5"},
            "Nihil tidak memuat angka: kosongkan angkanya, atau hapus centangnya.",
        ),
        ({"nil_reason": "Banjir"}, "Centang nihil, atau kosongkan alasannya."),
    ],
)
def test_half_a_nihil_is_refused_and_nothing_typed_is_lost(
    cast: Cast,
    sign_in: SignIn,
    activity: Activity,
    period: ReportingPeriod,
    fields: dict[str, str],
    words: str,
) -> None:
    answer = send(sign_in(cast.head), activity, period, obstacles="Hujan deras", **fields)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Hujan deras" in page
    assert not ProgressEntry.objects.exists()


def test_a_verified_nihil_is_neither_zero_nor_silence(
    cast: Cast, sign_in: SignIn, activity: Activity
) -> None:
    third = factories.make_period(quarter=3)
    factories.make_entry(
        activity, third, status="verified", by=cast.head, verified_by=cast.secretary, actual="70"
    )
    fourth = factories.make_period()
    send(sign_in(cast.head), activity, fourth, is_nil="on", nil_reason="Menunggu lelang")
    entry = ProgressEntry.objects.get(period=fourth)

    entry = submit_entry(entry, version=entry.version, by=cast.head)
    verify_entry(entry, version=entry.version, by=cast.secretary)

    figures = year_figures(Program.objects.all(), factories.YEAR)
    assert figures.achieved.percent == 70
    assert figures.money.spent == 50_000_000
    assert list(differences()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_nil": True, "nil_reason": ""},
        {"is_nil": False, "nil_reason": "Banjir"},
        {"is_nil": True, "nil_reason": "Banjir", "budget_spent": 0},
        {"is_nil": True, "nil_reason": "Banjir", "physical_progress_pct": 0},
    ],
)
def test_the_database_knows_what_nihil_is(
    activity: Activity, period: ReportingPeriod, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.create(activity=activity, period=period, **wrong)


def test_a_review_tells_why_nothing_happened(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod
) -> None:
    send(sign_in(cast.head), activity, period, is_nil="on", nil_reason="Menunggu lelang")
    entry = ProgressEntry.objects.get()
    submit_entry(entry, version=entry.version, by=cast.head)

    page = sign_in(cast.secretary).get(f"/verifikasi/{entry.pk}/").content.decode()

    assert "Menunggu lelang" in page


# --- ratio -----------------------------------------------------------------------------------


def test_a_ratio_is_counted_from_its_two_numbers(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod, ratio: Indicator
) -> None:
    form = sign_in(cast.head)
    page = form.get(url(activity, period)).content.decode()
    assert "Terlayani" in page
    assert "Seluruh warga" in page

    sent = {f"numerator_{ratio.pk}": "1.234", f"denominator_{ratio.pk}": "2.000"}
    answer = send(form, activity, period, **sent)

    assert answer.status_code == 302
    value = ProgressEntry.objects.get().values.get()
    assert value.actual_value == Decimal("61.7")
    assert value.numerator == 1234
    assert value.denominator == 2000
    assert "1.234" in form.get(url(activity, period)).content.decode()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (("5", ""), "Rasio memerlukan kedua angkanya."),
        (("", "5"), "Rasio memerlukan kedua angkanya."),
        (("5", "0"), "Penyebut harus di atas 0."),
        (("banyak", "5"), "bukan angka"),
    ],
)
def test_half_a_ratio_is_refused_with_a_sentence(
    cast: Cast,
    sign_in: SignIn,
    activity: Activity,
    period: ReportingPeriod,
    ratio: Indicator,
    numbers: tuple[str, str],
    words: str,
) -> None:
    sent = dict(zip((f"numerator_{ratio.pk}", f"denominator_{ratio.pk}"), numbers, strict=True))

    answer = send(sign_in(cast.head), activity, period, **sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_archived_indicator_is_no_longer_asked_for(
    cast: Cast, sign_in: SignIn, activity: Activity, period: ReportingPeriod
) -> None:
    activity.indicators.update(archived_on=period.starts_on)
    client = sign_in(cast.head)

    send(client, activity, period, physical_progress_pct="5", budget_spent="1")
    entry = ProgressEntry.objects.get()

    assert submit_entry(entry, version=entry.version, by=cast.head).status == "submitted"
