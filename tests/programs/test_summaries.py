"""What pages read stays what the entries say, whatever was done and in whatever order."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ambon_smartcity.http import Refused
from programs.models import (
    ActivityYear,
    AnnualTarget,
    CityYear,
    DimensionYear,
    OrganizationPeriod,
    Program,
    ProgramYear,
    ProgressEntry,
    ReportingPeriod,
)
from programs.services import (
    EntryContent,
    return_entry,
    save_draft,
    submit_entry,
    verify_entry,
)
from programs.summaries import count_periods, differences, recount_all, refresh
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

Status = ProgressEntry.Status
YEAR = factories.YEAR
PERCENTS = st.integers(min_value=0, max_value=100)


@dataclass(frozen=True)
class City:
    """Four programmes in two dimensions; two quarters of each in different states."""

    cast: Cast
    entries: list[ProgressEntry]

    def entry(self, number: int) -> ProgressEntry:
        """Return an entry as it stands now; the numbers go round."""
        return ProgressEntry.objects.get(pk=self.entries[number % len(self.entries)].pk)

    def program(self, number: int) -> Program:
        activity = self.entry(number).activity
        assert activity.program is not None
        return activity.program


@pytest.fixture
def city(cast: Cast) -> City:
    activities = [
        factories.make_activity(cast.agency, dimension="SL"),
        factories.make_activity(cast.rival_agency, dimension="SL", indicators=2),
        factories.make_activity(cast.agency, dimension="SG", indicators=3),
        factories.make_activity(cast.agency, dimension="SG"),
    ]
    states = [Status.SUBMITTED, Status.DRAFT, Status.RETURNED, Status.SUBMITTED]
    first, last = factories.make_period(quarter=3), factories.make_period(quarter=4)
    verified = [
        factories.make_entry(
            one, first, status=Status.VERIFIED, by=cast.operator, verified_by=cast.secretary
        )
        for one in activities[:2]
    ]
    open_ones = [
        factories.make_entry(one, last, status=state, by=cast.operator, actual="37")
        for one, state in zip(activities, states, strict=True)
    ]
    recount_all()
    return City(cast, [*open_ones, *verified])


# --- after each act --------------------------------------------------------------------------


def verify(city: City, number: int, _percent: int = 0) -> None:
    entry = city.entry(number)
    verify_entry(entry, version=entry.version, by=city.cast.secretary)


def send_back(city: City, number: int, _percent: int = 0) -> None:
    entry = city.entry(number)
    return_entry(entry, "Bukti kurang.", version=entry.version, by=city.cast.secretary)


def submit(city: City, number: int, _percent: int = 0) -> None:
    entry = city.entry(number)
    submit_entry(entry, version=entry.version, by=city.cast.operator)


def write(city: City, number: int, percent: int) -> None:
    entry = city.entry(number)
    indicators = entry.activity.reported_indicators()
    content = EntryContent(
        physical_progress_pct=Decimal(percent),
        budget_spent=percent * 1_000_000,
        values={one.pk: Decimal(percent) / 3 for one in indicators},
    )
    save_draft(entry.activity, entry.period, content, version=entry.version, by=city.cast.operator)


def write_nihil(city: City, number: int, _percent: int = 0) -> None:
    entry = city.entry(number)
    content = EntryContent(None, None, is_nil=True, nil_reason="Belum ada pekerjaan.")
    save_draft(entry.activity, entry.period, content, version=entry.version, by=city.cast.operator)


def set_target(city: City, number: int, percent: int) -> None:
    AnnualTarget.objects.filter(indicator__activity=city.entry(number).activity).update(
        value=percent
    )


def set_budget(city: City, number: int, percent: int) -> None:
    ActivityYear.objects.filter(activity=city.entry(number).activity).update(
        budget_revised=percent * 2_000_000, budget_revised_on=date(YEAR, 10, 1)
    )


def archive(city: City, number: int, _percent: int = 0) -> None:
    Program.objects.filter(pk=city.program(number).pk).update(archived_on=date(2018, 12, 31))


def restore(city: City, number: int, _percent: int = 0) -> None:
    Program.objects.filter(pk=city.program(number).pk).update(archived_on=None)


def open_quarter(_city: City, _number: int, _percent: int = 0) -> None:
    period = factories.make_period(quarter=1)
    ReportingPeriod.objects.filter(pk=period.pk).update(status=ReportingPeriod.Status.OPEN)


def count_all_periods(_city: City, _number: int) -> None:
    count_periods(ReportingPeriod.objects.all())


def refresh_year(city: City, number: int) -> None:
    refresh([city.program(number).pk], [YEAR])


def refresh_years(city: City, number: int) -> None:
    program = city.program(number)
    refresh([program.pk], program.masterplan.years())


Act = Callable[[City, int, int], None]
ACTS: list[Act] = [verify, send_back, submit, write, write_nihil]
# What is done past the services, and what has to follow it.
EDITS: dict[Act, Callable[[City, int], None]] = {
    set_target: refresh_year,
    set_budget: refresh_year,
    archive: refresh_years,
    restore: refresh_years,
    open_quarter: count_all_periods,
}


def stored() -> list[object]:
    """Return what the summaries say, without the keys a refresh gives anew."""
    models = (ProgramYear, DimensionYear, CityYear, OrganizationPeriod)
    rows = [row for model in models for row in model._default_manager.values()]
    return [{**row, "id": None} for row in rows]


@pytest.mark.parametrize(
    ("act", "number"), [(verify, 0), (verify, 3), (send_back, 0), (submit, 1), (submit, 2)]
)
def test_an_act_leaves_summaries_that_a_recount_confirms(city: City, act: Act, number: int) -> None:
    before = stored()

    act(city, number, 0)

    assert stored() != before
    assert list(differences()) == []


def test_a_verified_nihil_is_counted_apart(city: City) -> None:
    write_nihil(city, 1)
    submit(city, 1)
    verify(city, 1)

    assert list(differences()) == []
    quarter = OrganizationPeriod.objects.get(organization=city.cast.rival_agency, period__quarter=4)
    assert (quarter.verified, quarter.nihil) == (0, 1)


@pytest.mark.parametrize("edit", [set_target, set_budget, archive, open_quarter])
def test_an_edit_is_noticed_until_the_summaries_follow(city: City, edit: Act) -> None:
    edit(city, 0, 40)
    assert list(differences()) != []

    EDITS[edit](city, 0)

    assert list(differences()) == []


def test_the_city_loses_its_rows_with_its_last_programme_and_gets_them_back(city: City) -> None:
    before = stored()
    for edit in (archive, restore):
        for number in range(4):
            edit(city, number, 0)
            refresh_years(city, number)
        assert list(differences()) == []
        assert CityYear.objects.exists() == (edit is restore)

    assert sorted(map(str, stored())) == sorted(map(str, before))


# --- one programme ---------------------------------------------------------------------------


def test_a_refresh_writes_no_other_programme_and_no_other_dimension(city: City) -> None:
    programs = ProgramYear.objects.values_list("program", "year", "pk")
    dimensions = DimensionYear.objects.values_list("dimension__code", "year", "pk")
    before = {*programs.all()}, {*dimensions.all()}
    set_target(city, 0, 40)

    refresh_year(city, 0)

    added = {*programs.all()} - before[0], {*dimensions.all()} - before[1]
    assert [one[:2] for one in added[0]] == [(city.program(0).pk, YEAR)]
    assert [one[:2] for one in added[1]] == [("SL", YEAR)]
    assert [len(before[0]), len(before[1])] == [programs.count(), dimensions.count()]


@pytest.mark.parametrize("act", [refresh_year, verify])
def test_one_programme_costs_the_same_among_three_and_among_thirty(
    city: City, act: Callable[[City, int], None]
) -> None:
    def queries(programs: int) -> int:
        while Program.objects.filter(sub_dimension__dimension__code="SL").count() < programs:
            factories.make_activity(city.cast.agency, dimension="SL")
        recount_all()
        with transaction.atomic():
            with CaptureQueriesContext(connection) as taken:
                act(city, 0)
            transaction.set_rollback(True)
        return len(taken)

    assert queries(3) == queries(30)


# --- whatever happens ------------------------------------------------------------------------


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([*ACTS, *EDITS]), st.integers(0, 5), PERCENTS),
        min_size=1,
        max_size=6,
    )
)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_in_whatever_order_a_recount_says_the_same(
    city: City, steps: list[tuple[Act, int, int]]
) -> None:
    with transaction.atomic():
        for act, number, percent in steps:
            with suppress(Refused):
                act(city, number, percent)
            if act in EDITS:
                EDITS[act](city, number)
        assert list(differences()) == []
        transaction.set_rollback(True)
