"""Data of any size: consistent, the same for the same seed, and gone after a purge."""

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from accounts.models import User
from ambon_smartcity.demo.purge import purge_demo
from dimensions.models import Masterplan
from programs import scale_data
from programs.figures import year_figures
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    IndicatorValue,
    PlannedProgress,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.scale_data import QUARTERLY, Size, draw

pytestmark = pytest.mark.django_db

SCALE = {"programs": 5, "years": 2, "seed": 7}


@pytest.fixture(scope="module", autouse=True)
def frame(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        call_command("loaddata", "frame", verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def make(**options: Any) -> str:
    out = io.StringIO()
    call_command("make_scale_data", **{**SCALE, **options}, stdout=out)
    return out.getvalue()


def figures(year: int = 2031) -> dict[str, Any]:
    out = io.StringIO()
    call_command("figures", year=year, stdout=out)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def plan() -> Masterplan:
    return Masterplan.objects.get(name="Data skala")


# --- consistent ------------------------------------------------------------------------------


def test_it_makes_what_was_asked_for_and_says_so() -> None:
    said = make()

    assert (plan().start_year, plan().end_year) == (2030, 2031)
    numbers = {
        Program: 5,
        Activity: 5,
        Indicator: 5,
        ActivityYear: 5 * 2,
        AnnualTarget: 5 * 2,
        PlannedProgress: 5 * 2 * 4,
        ProgressEntry: 5 * 2 * 4,
        IndicatorValue: 5 * 2 * 4,
        ReportingPeriod: 2 * 4,
    }
    assert {model: count_of(model) for model in numbers} == numbers
    assert "40  isian realisasi" in said
    assert "detik" in said


def count_of(model: Any) -> int:
    """Count the rows that are not the frame's ten activities."""
    rows = model.objects.all()
    return int((rows.filter(is_demo=True) if model is Activity else rows).count())


def test_its_summaries_are_those_of_a_recount() -> None:
    make()
    out = io.StringIO()

    call_command("recount_figures", "--check", stdout=out)

    assert "Ringkasan sama dengan hitung ulang" in out.getvalue()


def test_every_row_keeps_its_own_rules() -> None:
    make(programs=20)

    for model in (Program, Activity, ActivityYear, Indicator, AnnualTarget, ProgressEntry):
        for row in model._default_manager.filter(is_demo=True):
            row.full_clean()
    for value in IndicatorValue.objects.all():
        value.full_clean()


def test_a_year_becomes_the_percent_of_its_target_that_was_drawn() -> None:
    size = Size(programs=40, years=2, start_year=2030, seed=7)
    make(programs=40)
    drawn = {f"Z2030-{one.number:06}.1": one for one in draw(size)}
    assert {one.aggregation for one in drawn.values()} == set(QUARTERLY)

    found = year_figures(Program.objects.filter(masterplan=plan()), 2031)

    for indicator in (one for program in found.programs for one in program.indicators):
        year = drawn[indicator.code].years[1]
        assert indicator.target == year.target
        assert indicator.actual == Decimal(year.target * year.reached) / 100


def test_work_is_spread_over_the_frame_and_makes_no_organisation() -> None:
    make(programs=40)

    assert Program.objects.values("sub_dimension").distinct().count() == 18
    assert 15 <= Program.objects.values("owner").distinct().count() <= 20
    assert not Activity.objects.filter(is_demo=True).exclude(owner=F("program__owner")).exists()


def test_two_people_without_a_password_hand_in_and_verify() -> None:
    make()

    entry = ProgressEntry.objects.select_related("submitted_by", "verified_by").first()

    assert entry is not None
    people = (entry.submitted_by, entry.verified_by)
    assert [one.username for one in people if one] == ["skala-kepala", "skala-sekretariat"]
    assert all(one.is_demo and not one.has_usable_password() for one in people if one)


def test_every_cell_of_its_years_is_verified() -> None:
    make()

    states = figures()["city"]["states"]

    assert {state: number for state, number in states.items() if number} == {"verified": 20}


def test_a_period_that_exists_is_kept_as_it_is() -> None:
    ReportingPeriod.objects.create(year=2030, quarter=1, status="planned")

    make()

    assert ReportingPeriod.objects.get(year=2030, quarter=1).status == "planned"
    assert ReportingPeriod.objects.count() == 8


# --- the same seed ---------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_figures_and_another_seed_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make()
    first = figures()
    purge_and_forget()

    monkeypatch.setattr(scale_data, "ENTRIES_AT_ONCE", 8)
    make()
    assert figures() == first
    purge_and_forget()

    make(seed=8)
    assert figures()["city"] != first["city"]


def purge_and_forget() -> None:
    purge_demo()
    Masterplan.objects.filter(name="Data skala").delete()


def test_more_programmes_cost_hardly_more_queries() -> None:
    def queries(programs: int, start_year: int) -> int:
        with CaptureQueriesContext(connection) as taken:
            make(programs=programs, start_year=start_year, years=1)
        return len(taken)

    queries(1, 2030)

    assert queries(10, 2032) - queries(2, 2034) < 10


def test_two_sets_may_stand_side_by_side() -> None:
    make()
    make(start_year=2040, seed=8)

    assert Masterplan.objects.filter(name="Data skala").count() == 2
    assert User.objects.filter(is_demo=True).count() == 2
    assert figures(2041)["city"]["programs"] == 5


# --- refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"start_year": 2099, "years": 3}, "Tahun terakhir 2101 melewati 2100"),
        ({"start_year": 1990, "years": 3}, "Tahun pertama 1990 sebelum 2000"),
        ({"start_year": 2024}, "sudah dipakai oleh Masterplan Smart City Kota Ambon"),
        ({"programs": 1_000_000}, "Paling banyak 999999 program"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(
    options: dict[str, int], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        make(**options)

    assert not Masterplan.objects.filter(name="Data skala").exists()
    assert not ProgressEntry.objects.exists()


def test_the_same_years_are_refused_the_second_time() -> None:
    make()

    with pytest.raises(CommandError, match="sudah dipakai oleh Data skala"):
        make()


@pytest.mark.parametrize("number", ["0", "-1", "banyak"])
def test_a_number_below_one_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="programs"):
        call_command("make_scale_data", "--programs", number)


# --- purge -----------------------------------------------------------------------------------


def test_a_purge_removes_everything_below_the_masterplan() -> None:
    make()

    purge_demo()

    assert not ProgressEntry.objects.exists()
    assert not Program.objects.exists()
    assert not ReportingPeriod.objects.exists()
    assert not User.objects.exists()
    assert ActivityYear.objects.aggregate(Sum("budget_original"))["budget_original__sum"] is None
