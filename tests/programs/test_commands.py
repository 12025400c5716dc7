"""The commands on figures: the golden 2023 as one document, and the recount that proves it."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoDbBlocker

from dimensions.models import Masterplan
from programs.management.commands.figures import percent, plain
from programs.models import (
    Activity,
    CityYear,
    DimensionYear,
    OrganizationPeriod,
    Program,
    ProgramYear,
    ProgressEntry,
    ReportingPeriod,
)
from programs.summaries import recount_all

# One kind of test for all, so that they run together and the demo set loads once.
pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
MILLION = 1_000_000
Document = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load frame and demo once for this module."""
    with django_db_blocker.unblock():
        call_command("loaddata", "frame", verbosity=0)
        call_command("loaddemo", verbosity=0)
        recount_all()
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def golden(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def said_by(command: str, *args: str) -> str:
    out = io.StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def figures(*args: str) -> Document:
    document: Document = json.loads(said_by("figures", "--year", "2023", *args))
    return document


def by_code(rows: list[Document]) -> dict[str, Document]:
    return {one["code"]: one for one in rows}


def own_masterplan() -> Masterplan:
    return Masterplan.objects.create(name="Masterplan", start_year=2025, end_year=2029)


# --- the golden numbers ----------------------------------------------------------------------


def test_every_dimension_of_2023_is_the_golden_one() -> None:
    document = figures()

    found = [as_golden(one, document) for one in document["dimensions"]]

    assert found == golden("golden_2023.csv")[:6]


def as_golden(one: Document, document: Document) -> dict[str, str]:
    """Write a dimension of the document as the golden file does."""
    programs = [row["code"] for row in document["programs"] if row["dimension"] == one["code"]]
    indicators = [row for row in document["indicators"] if row["program"] in programs]
    return {
        "scope": one["code"],
        "programs": str(len(programs)),
        "indicators": str(len(indicators)),
        "achievement_pct": one["achievement"],
        "class": one["class"],
        "budget_million_rupiah": str(one["budget"] // MILLION),
        "spent_million_rupiah": str(one["spent"] // MILLION),
        "absorption_pct": one["absorption"],
    }


def test_the_city_of_2023_is_the_golden_one() -> None:
    headline, beside = golden("golden_2023.csv")[6:]
    city = figures()["city"]

    assert city["achievement"] == headline["achievement_pct"]
    assert city["achievement_by_dimension"] == beside["achievement_pct"]
    assert city["class"] == headline["class"]
    assert city["budget"] == int(headline["budget_million_rupiah"]) * MILLION
    assert city["spent"] == int(headline["spent_million_rupiah"]) * MILLION
    assert city["absorption"] == headline["absorption_pct"]
    assert city["programs"] == int(headline["programs"])
    assert city["indicators"] == int(headline["indicators"])


def test_every_indicator_of_2023_is_the_golden_one() -> None:
    found = {
        one["code"]: (one["target"], one["actual"], one["achievement"], one["class"])
        for one in figures()["indicators"]
    }

    assert found == {
        row["code"]: (row["target"], row["actual"], row["achievement_pct"], row["class"])
        for row in golden("golden_indicators_2023.csv")
    }


def test_money_adds_up_from_activity_to_city() -> None:
    document = figures()

    for name in ("budget", "spent"):
        of_programs: Counter[str] = Counter()
        for one in document["activities"]:
            of_programs[one["program"]] += one[name]
        assert of_programs == {one["code"]: one[name] for one in document["programs"]}
        assert sum(of_programs.values()) == document["city"][name]


# --- states ----------------------------------------------------------------------------------


def test_every_quarter_of_2023_was_reported() -> None:
    document = figures()
    activities = len(document["activities"])

    states = document["city"]["states"]

    assert sum(states.values()) == 4 * activities
    assert states["verified"] + states["nihil"] == 4 * activities
    assert all(set(one["states"]) == {"1", "2", "3", "4"} for one in document["activities"])


def test_the_cells_above_are_those_of_the_activities_below() -> None:
    document = figures("--year", "2024")
    below = Counter(state for one in document["activities"] for state in one["states"].values())

    for level in ("dimensions", "programs"):
        above: Counter[str] = Counter()
        for one in document[level]:
            above.update(one["states"])
        assert +above == below
    assert {state: number for state, number in document["city"]["states"].items() if number} == (
        below
    )


def test_a_quarter_without_a_period_or_after_the_end_of_an_activity_has_no_state() -> None:
    activity = Activity.objects.get(code="SG-02.A")
    Activity.objects.filter(pk=activity.pk).update(archived_on=date(2023, 5, 1))
    ProgressEntry.objects.filter(period__year=2023, period__quarter=1).delete()
    ReportingPeriod.objects.filter(year=2023, quarter=1).delete()

    assert by_code(figures()["activities"])["SG-02.A"]["states"] == {"2": "verified"}


def test_silence_in_a_closed_quarter_is_never_a_zero() -> None:
    ProgressEntry.objects.filter(activity__code="SG-02.A", period__year=2023).delete()

    one = by_code(figures()["activities"])["SG-02.A"]

    assert set(one["states"].values()) == {"not_reported"}
    assert (one["achievement"], one["class"], one["spent"], one["absorption"]) == (None,) * 4
    assert (one["deviation"], one["light"]) == (None, None)


# --- which figures ---------------------------------------------------------------------------


def test_a_past_day_knows_only_what_was_verified_by_then() -> None:
    document = figures("--as-of", "2023-06-30")

    assert document["as_of"] == "2023-06-30"
    assert 0 < document["city"]["spent"] < figures()["city"]["spent"]


def test_states_are_todays_whatever_the_day_of_the_figures() -> None:
    today = timezone.localdate().isoformat()
    past, now = figures("--as-of", "2023-06-30"), figures()

    assert (past["as_of"], past["states_on"]) == ("2023-06-30", today)
    assert (now["as_of"], now["states_on"]) == (None, today)
    assert past["city"]["states"] == now["city"]["states"]


def test_the_document_takes_the_same_queries_whatever_its_size(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(18):
        figures()


def test_the_masterplan_is_the_one_of_the_year_or_the_one_asked_for() -> None:
    first, later = Masterplan.objects.get(), own_masterplan()

    assert figures()["masterplan"] == str(first)
    assert figures("--year", "2026")["masterplan"] == str(later)
    asked_for = figures("--year", "2026", "--masterplan", str(later.pk))
    assert asked_for["masterplan"] == str(later)
    assert asked_for["city"]["achievement"] is None
    assert asked_for["city"]["programs"] == 0


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--year", "1999"], "Tidak ada masterplan yang mencakup tahun 1999."),
        (["--masterplan", "999999"], "Masterplan nomor 999999 tidak ada."),
        (["--as-of", "kemarin"], "kemarin"),
        (["--format", "xml"], "xml"),
        (["--year", "lalu"], "lalu"),
    ],
)
def test_what_does_not_exist_is_refused(args: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        figures(*args)


def test_a_year_outside_the_masterplan_asked_for_is_refused() -> None:
    later = own_masterplan()

    with pytest.raises(CommandError, match="2025–2029 tidak mencakup tahun 2023"):
        figures("--masterplan", str(later.pk))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("83.3149", "83.31"),
        (None, None),
    ],
)
def test_a_percentage_has_two_decimals_rounded_half_up(value: str | None, text: str | None) -> None:
    assert percent(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("40.0000", "40"), ("73.50", "73.5"), ("0.0000", "0"), (None, None)]
)
def test_a_number_is_written_without_the_columns_zeros(value: str | None, text: str | None) -> None:
    assert plain(None if value is None else Decimal(value)) == text


# --- the recount -----------------------------------------------------------------------------


def rows() -> int:
    stored = (ProgramYear, DimensionYear, CityYear, OrganizationPeriod)
    return sum(model._default_manager.count() for model in stored)


def test_a_check_of_untouched_summaries_passes() -> None:
    assert said_by("recount_figures", "--check") == (
        f"Ringkasan sama dengan hitung ulang: {rows()} baris.\n"
    )


def test_a_check_finds_a_tampered_row_and_changes_nothing() -> None:
    program = Program.objects.get(code="SG-01")
    tampered = ProgramYear.objects.filter(program=program, year=2023)
    tampered.update(spent=1)
    out = io.StringIO()

    with pytest.raises(CommandError, match="tidak sama dengan hitung ulang: 1 perbedaan"):
        call_command("recount_figures", "--check", stdout=out)

    assert out.getvalue() == "programyear SG-01 2023 spent: tersimpan 1, hitung ulang 760000000\n"
    assert tampered.get().spent == 1


def test_a_recount_mends_a_tampered_row_and_one_that_is_gone() -> None:
    ProgramYear.objects.filter(program__code="SG-01", year=2023).update(achievement=Decimal(1))
    ProgramYear.objects.filter(program__code="SG-02", year=2023).delete()
    OrganizationPeriod.objects.update(verified=0)

    assert said_by("recount_figures") == f"Ringkasan dihitung ulang: {rows()} baris.\n"

    assert "sama dengan hitung ulang" in said_by("recount_figures", "--check")
