"""What waits for whom, how far a period is, and what an entry is compared with."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from ambon_smartcity.templatetags.portal import NOTHING
from programs import desk
from programs.models import ActivityYear, EntryRound, ProgressEntry, ReportingPeriod
from tests import factories
from tests.conftest import Cast

Status = ProgressEntry.Status


def entry_in(cast: Cast, status: str | None) -> None:
    """Make an activity of the cast's agency whose entry has this status, or which has none."""
    activity = factories.make_activity(cast.agency)
    if status is not None:
        factories.make_entry(
            activity,
            factories.make_period(),
            status=status,
            by=cast.head,
            verified_by=cast.secretary if status == Status.VERIFIED else None,
        )


@pytest.fixture
def open_period(db: None) -> ReportingPeriod:
    return factories.make_period()


def test_what_needs_a_hand_comes_first(cast: Cast, open_period: ReportingPeriod) -> None:
    for status in ["verified", "submitted", "draft", None, "returned"]:
        entry_in(cast, status)

    rows = desk.due_rows(cast.operator)

    states = [row.entry.status if row.entry else None for row in rows]
    assert states == ["returned", None, "draft", "submitted", "verified"]
    assert [row.needs_work for row in rows] == [True, True, True, False, False]


def test_an_agency_is_told_of_its_own_activities_alone(
    cast: Cast, open_period: ReportingPeriod
) -> None:
    own = factories.make_activity(cast.agency)
    factories.make_activity(cast.rival_agency)

    assert [row.activity for row in desk.due_rows(cast.head)] == [own]


@pytest.mark.parametrize("role", ["member", "admin", "visitor"])
def test_who_reports_nothing_owes_nothing(
    cast: Cast, open_period: ReportingPeriod, role: str
) -> None:
    factories.make_activity(cast.agency)

    assert desk.due_rows(getattr(cast, role)) == []


@pytest.mark.parametrize("status", ["planned", "closed"])
def test_a_period_that_is_not_open_asks_for_nothing(cast: Cast, status: str) -> None:
    factories.make_period(status=status)
    factories.make_activity(cast.agency)

    assert desk.due_rows(cast.head) == []


def test_an_activity_is_due_in_the_years_it_runs(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency, year=2022)
    ActivityYear.objects.create(activity=activity, fiscal_year=2024, budget_original=1)
    for year in (2022, 2023, 2024):
        factories.make_period(year=year)

    assert [row.period.year for row in desk.due_rows(cast.head)] == [2022, 2024]


def test_the_last_reason_stands_by_a_returned_entry_and_by_no_other(
    cast: Cast, open_period: ReportingPeriod
) -> None:
    entry_in(cast, "returned")
    entry = ProgressEntry.objects.get()
    for note in ("Foto kabur.", "Angka belum cocok."):
        entry.rounds.create(act="returned", by=cast.secretary, at=timezone.now(), note=note)

    assert [row.reason for row in desk.due_rows(cast.operator)] == ["Angka belum cocok."]
    ProgressEntry.objects.update(status=Status.DRAFT)
    assert [row.reason for row in desk.due_rows(cast.operator)] == [""]


def test_the_progress_of_a_period_counts_each_activity_once(
    cast: Cast, open_period: ReportingPeriod
) -> None:
    for status in [None, "draft", "returned", "submitted", "submitted", "verified"]:
        entry_in(cast, status)

    progress = desk.period_progress(desk.due_rows(cast.secretary))

    assert progress == [
        desk.PeriodProgress(open_period, total=6, missing=1, writing=2, submitted=2, verified=1)
    ]


def test_each_open_period_has_its_own_progress(cast: Cast) -> None:
    third, fourth = factories.make_period(quarter=3), factories.make_period(quarter=4)
    activity = factories.make_activity(cast.agency)
    factories.make_entry(activity, third)

    progress = desk.period_progress(desk.due_rows(cast.secretary))

    assert [(one.period, one.missing, one.writing) for one in progress] == [
        (third, 0, 1),
        (fourth, 1, 0),
    ]


# --- what an entry is compared with ----------------------------------------------------------


def test_the_previous_entry_is_the_last_verified_one_before(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    states = {
        (2022, 4): "verified",
        (2023, 1): "verified",
        (2023, 2): "submitted",
        (2023, 4): "verified",
    }
    for (year, quarter), status in states.items():
        factories.make_entry(
            activity,
            factories.make_period(year, quarter),
            status=status,
            by=cast.head,
            verified_by=cast.secretary if status == "verified" else None,
        )

    found = desk.previous_entry(activity, factories.make_period(2023, 3))

    assert found is not None
    assert (found.period.year, found.period.quarter) == (2023, 1)


def test_the_previous_entry_may_lie_in_the_year_before(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    before = factories.make_entry(
        activity,
        factories.make_period(2022, 4),
        status=Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
    )

    assert desk.previous_entry(activity, factories.make_period(2023, 1)) == before


def test_another_activity_is_no_previous_entry(cast: Cast) -> None:
    factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(2022, 4),
        status=Status.VERIFIED,
        by=cast.head,
        verified_by=cast.secretary,
    )

    found = desk.previous_entry(
        factories.make_activity(cast.agency), factories.make_period(2023, 1)
    )

    assert found is None


def test_an_entry_is_set_beside_the_last_period_and_the_last_hand_in(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    before = factories.make_entry(
        activity,
        factories.make_period(quarter=3),
        physical="40",
        spent=30_000_000,
        actual="55.5",
    )
    entry = factories.make_entry(activity, factories.make_period(quarter=4))
    handed_in = entry.content() | {"physical_progress_pct": "59.5", "obstacles": "Hujan."}

    with translation.override("id"):
        lines = desk.compare(entry, before, handed_in=handed_in)

    assert [(line.before, line.handed_in, line.now, line.changed) for line in lines] == [
        ("40", "59,5", "60", True),
        ("30.000.000", "50.000.000", "50.000.000", False),
        ("55,5", "80", "80", False),
        ("", "Hujan.", "", True),
        ("", "", "", False),
    ]


def test_what_was_not_reported_is_written_as_a_dash_and_zero_as_zero(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    entry = factories.make_entry(
        activity, factories.make_period(), physical=None, spent=0, actual=None
    )

    lines = desk.compare(entry, None, handed_in=None)

    assert [line.now for line in lines[:3]] == [NOTHING, "0", NOTHING]
    assert not any(line.changed for line in lines)


def test_an_indicator_that_was_added_later_has_no_earlier_value(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency)
    entry = factories.make_entry(activity, factories.make_period())
    handed_in = entry.content()
    added = factories.make_indicator(activity)

    line = desk.compare(entry, None, handed_in=handed_in)[3]

    assert line.label == added.name
    assert (line.handed_in, line.now) == (NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("status", "hand_ins", "found"),
    [
        (Status.DRAFT, 0, None),
        (Status.RETURNED, 1, "0"),
        (Status.RETURNED, 2, "1"),
        (Status.SUBMITTED, 1, None),
        (Status.SUBMITTED, 2, "0"),
        (Status.VERIFIED, 2, "0"),
    ],
)
def test_the_hand_in_before_the_present_one_is_found(
    cast: Cast, status: Status, hand_ins: int, found: str | None
) -> None:
    entry = factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(),
        status=status,
        by=cast.head,
        verified_by=cast.secretary if status == Status.VERIFIED else None,
    )
    for number in range(hand_ins):
        content = {"budget_spent": str(number)}
        EntryRound.objects.create(
            entry=entry, act="submitted", by=cast.head, at=timezone.now(), content=content
        )

    content_before = desk.last_handed_in(entry)

    assert (content_before and content_before["budget_spent"]) == found


def test_targets_are_those_of_the_year(cast: Cast) -> None:
    activity = factories.make_activity(cast.agency, indicators=0)
    indicator = factories.make_indicator(activity, target="12.5")
    indicator.targets.create(year=2024, value=14)

    assert desk.targets_of([indicator], 2023) == {indicator.pk: Decimal("12.5")}
    assert desk.targets_of([indicator], 2025) == {}
