"""What the secretariat does to the plan, and that the summaries follow each change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from programs.models import (
    Activity,
    ActivityYear,
    DimensionYear,
    Indicator,
    OrganizationPeriod,
    Program,
    ProgramYear,
    ProgressEntry,
    Source,
    WeightSet,
)
from programs.planning import activities, archive, indicators, programs, years
from programs.planning.saving import EditConflict
from programs.planning.year_plan import YearPlan
from programs.summaries import differences, recount_all
from tests import factories
from tests.conftest import Cast

TODAY = date(2023, 8, 1)
YEAR = factories.YEAR
CURVE = (Decimal(10), Decimal(40), Decimal(70), Decimal(100))
Status = ProgressEntry.Status


def rows_are_right() -> bool:
    return list(differences()) == []


def last_record(thing: Any) -> AuditEntry:
    entry = AuditEntry.objects.about(thing).first()
    assert entry is not None
    return entry


@pytest.fixture
def program(cast: Cast) -> Program:
    return factories.make_program(cast.agency)


@pytest.fixture
def activity(cast: Cast, program: Program) -> Activity:
    activity = factories.make_activity(cast.agency, program=program)
    factories.make_period()
    recount_all()
    return activity


def handed_in(cast: Cast, activity: Activity, status: str = Status.SUBMITTED) -> ProgressEntry:
    return factories.make_entry(
        activity,
        factories.make_period(),
        status=status,
        by=cast.head,
        verified_by=cast.secretary if status == Status.VERIFIED else None,
    )


# --- programmes ------------------------------------------------------------------------------


def program_values(program: Program, **changed: Any) -> dict[str, Any]:
    values = {name: getattr(program, name) for name in programs.FIELDS}
    values["supporting_organizations"] = list(program.supporting_organizations.all())
    return {**values, **changed}


def change_program(cast: Cast, program: Program, **changed: Any) -> Program:
    program = Program.objects.get(pk=program.pk)
    return programs.change_program(
        program,
        program_values(program, **changed),
        seen=programs.program_stamp(program),
        by=cast.secretary,
    )


def new_program(cast: Cast, **changed: Any) -> Program:
    like = factories.make_program(cast.agency)
    like.delete()
    values: dict[str, Any] = {
        "sub_dimension": like.sub_dimension,
        "owner": cast.agency,
        "supporting_organizations": [cast.rival_agency],
        "code": "SL-77",
        "title": "Ambulans laut",
        "source": Source.OFFICIAL,
    }
    masterplan = factories.make_masterplan()
    return programs.add_program(masterplan, {**values, **changed}, by=cast.secretary)


def test_a_new_programme_is_there_and_counts_once_something_of_it_runs(cast: Cast) -> None:
    program = new_program(cast)

    assert list(program.supporting_organizations.all()) == [cast.rival_agency]
    assert not program.year_figures.exists()
    assert rows_are_right()
    changes = last_record(program).details["changes"]
    assert changes["code"] == [None, "SL-77"]
    assert changes["supporting_organizations"] == [None, "Disdik"]


def test_the_same_new_programme_sent_twice_is_one(cast: Cast) -> None:
    assert new_program(cast) == new_program(cast)

    assert AuditEntry.objects.filter(verb="add").count() == 1


def test_a_code_means_one_programme_of_its_masterplan(cast: Cast) -> None:
    new_program(cast)

    with pytest.raises(ValidationError) as refused:
        new_program(cast, title="Perahu baca")

    assert list(refused.value.message_dict) == ["code"]


def test_a_programme_that_changes_its_dimension_leaves_none_of_its_figures_behind(
    cast: Cast, activity: Activity, program: Program
) -> None:
    handed_in(cast, activity, Status.SUBMITTED)
    other = factories.make_program(cast.agency, dimension="SE")
    other.delete()
    recount_all()
    assert DimensionYear.objects.filter(dimension__code="SL").exists()

    change_program(cast, program, sub_dimension=other.sub_dimension)

    assert not DimensionYear.objects.filter(dimension__code="SL").exists()
    assert DimensionYear.objects.get(dimension__code="SE", year=YEAR).budget == 100_000_000
    assert Activity.objects.get(pk=activity.pk).dimension.code == "SE"
    assert rows_are_right()


@pytest.mark.parametrize("field", ["owner", "sub_dimension"])
def test_whose_programme_it_is_and_where_stays_once_a_figure_was_verified(
    cast: Cast, activity: Activity, program: Program, field: str
) -> None:
    handed_in(cast, activity, Status.VERIFIED)
    other = factories.make_program(cast.rival_agency, dimension="SE")

    with pytest.raises(ValidationError) as refused:
        change_program(cast, program, **{field: getattr(other, field)})

    assert list(refused.value.message_dict) == [field]


def test_a_change_tells_what_was_and_what_is(cast: Cast, program: Program) -> None:
    recount_all()

    change_program(cast, program, title="Perahu baca", owner=cast.rival_agency)

    assert last_record(program).details["changes"] == {
        "owner": ["Dinkes", "Disdik"],
        "title": [program.title, "Perahu baca"],
    }
    assert rows_are_right()


def test_saving_without_a_change_leaves_no_trace(cast: Cast, program: Program) -> None:
    change_program(cast, program)

    assert not AuditEntry.objects.about(program).exists()


def test_who_saves_over_a_newer_programme_is_told(cast: Cast, program: Program) -> None:
    seen = programs.program_stamp(program)
    change_program(cast, program, title="Perahu baca")

    with pytest.raises(EditConflict):
        programs.change_program(
            program, program_values(program, title="Kapal baca"), seen=seen, by=cast.colleague
        )


def test_the_same_change_sent_twice_is_one(cast: Cast, program: Program) -> None:
    seen = programs.program_stamp(program)
    values = program_values(program, title="Perahu baca")

    for _time in range(2):
        programs.change_program(program, values, seen=seen, by=cast.secretary)

    assert AuditEntry.objects.about(program).count() == 1


def test_a_programme_ends_with_its_lesson_and_its_successor(cast: Cast, program: Program) -> None:
    successor = factories.make_program(cast.agency)
    successor.masterplan = factories.make_later_masterplan()
    successor.save()

    closed = programs.close_program(
        program,
        ending=Program.Ending.CONTINUED,
        lesson="Mulai dari puskesmas.",
        successor=successor,
        by=cast.secretary,
    )

    assert (closed.ending, closed.successor) == ("continued", successor)
    assert last_record(program).verb == "close_program"


@pytest.mark.parametrize(
    ("ending", "is_later"), [("done", True), ("stopped", True), ("continued", False)]
)
def test_a_successor_continues_from_a_later_masterplan(
    cast: Cast, program: Program, ending: str, is_later: bool
) -> None:
    successor = factories.make_program(cast.agency)
    if is_later:
        successor.masterplan = factories.make_later_masterplan()
        successor.save()

    with pytest.raises(ValidationError) as refused:
        programs.close_program(
            program, ending=ending, lesson="Ya", successor=successor, by=cast.secretary
        )

    assert list(refused.value.message_dict) == ["successor"]


def mark(cast: Cast, program: Program, day: date, *, is_quick_win: bool) -> Program:
    return programs.mark_quick_win(
        program,
        valid_from=day,
        is_quick_win=is_quick_win,
        reason="Perwali",
        today=TODAY,
        by=cast.secretary,
    )


def test_a_quick_win_counts_from_its_day_on(cast: Cast, program: Program) -> None:
    activity = factories.make_activity(cast.agency, program=program, year=2022)
    for year in (2021, 2023):
        activity.years.create(fiscal_year=year, program=program, budget_original=1)
    recount_all()

    mark(cast, program, date(2022, 3, 1), is_quick_win=True)
    mark(cast, program, date(2023, 3, 1), is_quick_win=False)

    assert dict(program.year_figures.values_list("year", "is_quick_win")) == {
        2021: False,
        2022: True,
        2023: False,
    }
    assert rows_are_right()
    assert last_record(program).reason == "Perwali"


@pytest.mark.parametrize(
    ("day", "is_quick_win", "field"),
    [
        (date(2023, 8, 2), False, "valid_from"),
        (date(2023, 3, 1), False, "valid_from"),
        (date(2023, 4, 1), True, "is_quick_win"),
        (date(2023, 2, 1), False, "is_quick_win"),
    ],
)
def test_a_mark_says_something_new_on_a_day_of_its_own(
    cast: Cast, program: Program, day: date, is_quick_win: bool, field: str
) -> None:
    mark(cast, program, date(2023, 3, 1), is_quick_win=True)

    with pytest.raises(ValidationError) as refused:
        mark(cast, program, day, is_quick_win=is_quick_win)

    assert list(refused.value.message_dict) == [field]


def test_what_is_archived_does_not_change(cast: Cast, activity: Activity) -> None:
    archive.archive_activity(activity, reason="", today=TODAY, by=cast.secretary)

    with pytest.raises(Refused):
        change_activity(cast, activity, title="Lain")


# --- activities ------------------------------------------------------------------------------


def activity_values(activity: Activity, **changed: Any) -> dict[str, Any]:
    values = {name: getattr(activity, name) for name in activities.FIELDS}
    values["supporting_organizations"] = list(activity.supporting_organizations.all())
    return {**values, **changed}


def change_activity(cast: Cast, activity: Activity, **changed: Any) -> Activity:
    activity = Activity.objects.get(pk=activity.pk)
    return activities.change_activity(
        activity,
        activity_values(activity, **changed),
        seen=activities.activity_stamp(activity),
        by=cast.secretary,
    )


def test_a_new_activity_belongs_to_its_programme_and_dimension(
    cast: Cast, program: Program
) -> None:
    values = {
        "code": "K-1-A",
        "title": "Latihan",
        "owner": cast.rival_agency,
        "supporting_organizations": [],
        "source": Source.OFFICIAL,
    }

    one = activities.add_activity(program, values, by=cast.secretary)
    other = activities.add_activity(program, values, by=cast.secretary)

    assert one == other
    assert (one.program, one.dimension.code) == (program, "SL")
    assert AuditEntry.objects.about(one).count() == 1


def test_another_owner_owes_the_reports_from_now_on(cast: Cast, activity: Activity) -> None:
    change_activity(cast, activity, owner=cast.rival_agency)

    counts = OrganizationPeriod.objects.values_list("organization", "expected")
    assert dict(counts) == {cast.rival_agency.pk: 1}
    assert rows_are_right()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED])
def test_the_owner_stays_once_progress_was_written(
    cast: Cast, activity: Activity, status: str
) -> None:
    handed_in(cast, activity, status)

    with pytest.raises(ValidationError) as refused:
        change_activity(cast, activity, owner=cast.rival_agency)

    assert list(refused.value.message_dict) == ["owner"]


def move(cast: Cast, activity: Activity, program: Program, from_year: int) -> Activity:
    return activities.move_activity(
        activity, program, from_year=from_year, reason="Rakor", by=cast.secretary
    )


def test_a_moved_activity_takes_its_coming_years_along(cast: Cast, activity: Activity) -> None:
    ActivityYear.objects.create(
        activity=activity, program=activity.program, fiscal_year=2024, budget_original=7
    )
    handed_in(cast, activity, Status.VERIFIED)
    other = factories.make_program(cast.rival_agency, dimension="SE")
    recount_all()

    moved = move(cast, activity, other, 2024)

    assert dict(activity.years.values_list("fiscal_year", "program")) == {
        2023: activity.program_id,
        2024: other.pk,
    }
    assert (moved.program, moved.dimension.code) == (other, "SE")
    assert ProgramYear.objects.get(program=other, year=2024).budget == 7
    assert not ProgramYear.objects.filter(program=activity.program_id, year=2024).exists()
    assert rows_are_right()
    assert last_record(activity).verb == "move_activity"


@pytest.mark.parametrize("from_year", [2022, 2023, 2025])
def test_neither_a_verified_nor_a_foreign_year_moves(
    cast: Cast, activity: Activity, from_year: int
) -> None:
    handed_in(cast, activity, Status.VERIFIED)

    with pytest.raises(ValidationError) as refused:
        move(cast, activity, factories.make_program(cast.agency), from_year)

    assert list(refused.value.message_dict) == ["from_year"]


def test_an_activity_does_not_move_to_where_it_is(
    cast: Cast, activity: Activity, program: Program
) -> None:
    with pytest.raises(ValidationError) as refused:
        move(cast, activity, program, 2023)

    assert list(refused.value.message_dict) == ["program"]


# --- years -----------------------------------------------------------------------------------


def set_years(
    cast: Cast, activity: Activity, wanted: dict[int, YearPlan], reason: str = ""
) -> Activity:
    return years.set_years(
        activity,
        wanted,
        reason=reason,
        seen=years.years_stamp(years.planned_years(activity)),
        today=TODAY,
        by=cast.secretary,
    )


def test_years_come_and_go_with_their_money_and_curves(cast: Cast, activity: Activity) -> None:
    plan = YearPlan(50, physical=CURVE, spending=CURVE, budget_code="2.16.03.2.02.0017")

    set_years(cast, activity, {2024: plan})

    assert years.planned_years(activity) == {2024: plan}
    assert rows_are_right()
    assert not OrganizationPeriod.objects.exists()
    said = AuditEntry.objects.about(activity)
    assert {entry.verb for entry in said} == {"set_budget", "set_plan"}


def test_a_revised_budget_carries_the_day_it_was_revised(cast: Cast, activity: Activity) -> None:
    set_years(cast, activity, {YEAR: YearPlan(100_000_000, budget_revised=120_000_000)})

    row = activity.years.get()
    assert (row.budget, row.budget_revised_on) == (120_000_000, TODAY)
    assert rows_are_right()

    set_years(cast, activity, {YEAR: YearPlan(100_000_000)})
    assert activity.years.get().budget_revised_on is None


def test_another_change_keeps_the_day_of_the_revision(cast: Cast, activity: Activity) -> None:
    row = activity.years.get()
    row.budget_revised, row.budget_revised_on = 5, date(2023, 1, 9)
    row.save()
    recount_all()

    plan = YearPlan(100_000_000, budget_revised=5, budget_code="2.16.03.2.02.0017")
    set_years(cast, activity, {YEAR: plan})

    assert activity.years.get().budget_revised_on == date(2023, 1, 9)


@pytest.mark.parametrize(
    ("plan", "cells"),
    [
        (YearPlan(None), {"budget_original_2023"}),
        (YearPlan(1, physical=CURVE), {f"spending_{q}_2023" for q in (1, 2, 3, 4)}),
        (
            YearPlan(1, physical=(*CURVE[:3], None), spending=CURVE),
            {"physical_4_2023"},
        ),
        (
            YearPlan(1, physical=CURVE, spending=(Decimal(50), Decimal(40), *CURVE[2:])),
            {"spending_2_2023"},
        ),
    ],
)
def test_a_wrong_plan_is_refused_at_its_cell(
    cast: Cast, activity: Activity, plan: YearPlan, cells: set[str]
) -> None:
    with pytest.raises(ValidationError) as refused:
        set_years(cast, activity, {YEAR: plan})

    assert set(refused.value.message_dict) == cells
    assert activity.years.get().budget_original == 100_000_000


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED, Status.VERIFIED])
def test_a_year_with_written_progress_stays(cast: Cast, activity: Activity, status: str) -> None:
    handed_in(cast, activity, status)

    with pytest.raises(ValidationError) as refused:
        set_years(cast, activity, {})

    assert list(refused.value.message_dict) == ["runs_2023"]


def test_money_beside_verified_figures_changes_for_a_reason(cast: Cast, activity: Activity) -> None:
    handed_in(cast, activity, Status.VERIFIED)
    wanted = {YEAR: YearPlan(90_000_000)}

    with pytest.raises(ValidationError) as refused:
        set_years(cast, activity, wanted)
    set_years(cast, activity, wanted, reason="Salah ketik")

    assert list(refused.value.message_dict) == ["reason"]
    assert rows_are_right()
    assert last_record(activity).reason == "Salah ketik"
    assert [line.after for line in last_record(activity).lines()] == ["Rp 90.000.000"]


def test_who_saves_over_newer_years_is_told(cast: Cast, activity: Activity) -> None:
    seen = years.years_stamp(years.planned_years(activity))
    plan = years.planned_years(activity)[YEAR]
    set_years(cast, activity, {YEAR: replace(plan, budget_original=1)})

    with pytest.raises(EditConflict):
        years.set_years(
            activity,
            {YEAR: replace(plan, budget_original=2)},
            reason="",
            seen=seen,
            today=TODAY,
            by=cast.colleague,
        )


def test_a_year_that_moved_keeps_its_programme(cast: Cast, activity: Activity) -> None:
    other = factories.make_program(cast.agency)
    recount_all()
    move(cast, activity, other, 2024)

    set_years(cast, activity, {YEAR: YearPlan(1), 2024: YearPlan(2)})

    assert dict(activity.years.values_list("fiscal_year", "program")) == {
        2023: activity.program_id,
        2024: other.pk,
    }
    assert rows_are_right()


# --- indicators ------------------------------------------------------------------------------


def indicator_values(indicator: Indicator, **changed: Any) -> dict[str, Any]:
    return {**{name: getattr(indicator, name) for name in indicators.FIELDS}, **changed}


def change_indicator(cast: Cast, indicator: Indicator, **changed: Any) -> Indicator:
    indicator = Indicator.objects.get(pk=indicator.pk)
    return indicators.change_indicator(
        indicator,
        indicator_values(indicator, **changed),
        seen=indicators.indicator_stamp(indicator),
        by=cast.secretary,
    )


def test_a_new_indicator_counts_in_its_programme(cast: Cast, activity: Activity) -> None:
    like = activity.indicators.get()

    one = indicators.add_indicator(activity, indicator_values(like, code="SL-9"), by=cast.secretary)

    assert one.activity == activity
    assert ProgramYear.objects.get(program=activity.program_id, year=YEAR).indicators == 2
    assert rows_are_right()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numerator_label": "Anak"}, "denominator_label"),
        ({"denominator_label": "Anak"}, "numerator_label"),
        ({"numerator_label": "Anak", "denominator_label": "Semua"}, "unit"),
        ({"baseline_year": 2018}, "baseline_value"),
        ({"baseline_value": Decimal(3)}, "baseline_year"),
    ],
)
def test_a_half_said_indicator_is_refused(
    cast: Cast, activity: Activity, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        change_indicator(cast, activity.indicators.get(), **changed)

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.VERIFIED, Status.RETURNED])
def test_the_meaning_of_an_indicator_stays_once_a_value_was_handed_in(
    cast: Cast, activity: Activity, status: str
) -> None:
    handed_in(cast, activity, status)
    indicator = activity.indicators.get()

    with pytest.raises(ValidationError) as refused:
        change_indicator(cast, indicator, unit="%", polarity="minimize")
    changed = change_indicator(cast, indicator, name="Nama baru", decimal_places=2)

    assert list(refused.value.message_dict) == ["unit", "polarity"]
    assert (changed.name, changed.unit) == ("Nama baru", "unit")


def test_a_draft_does_not_fix_the_meaning_of_an_indicator(cast: Cast, activity: Activity) -> None:
    handed_in(cast, activity, Status.DRAFT)

    changed = change_indicator(cast, activity.indicators.get(), unit="%")

    assert changed.unit == "%"


# --- the archive -----------------------------------------------------------------------------


def test_a_programme_that_was_never_used_is_deleted(cast: Cast, program: Program) -> None:
    recount_all()

    assert archive.delete_program(program, reason="Ganda", today=TODAY, by=cast.secretary)

    assert not Program.objects.exists()
    assert not DimensionYear.objects.exists()
    assert rows_are_right()
    assert AuditEntry.objects.get(verb="delete").object_id == str(program.pk)


def test_a_used_programme_is_archived_with_its_activities_and_comes_back_with_them(
    cast: Cast, activity: Activity, program: Program
) -> None:
    today = date(YEAR - 1, 12, 31)
    assert not archive.delete_program(program, reason="Selesai", today=today, by=cast.secretary)

    activity.refresh_from_db()
    program.refresh_from_db()
    assert program.archived_on == activity.archived_on == today
    assert not OrganizationPeriod.objects.exists()
    assert not program.year_figures.filter(year=YEAR).exists()
    assert rows_are_right()

    archive.restore_program(program, reason="Keliru", by=cast.secretary)

    activity.refresh_from_db()
    assert activity.archived_on is None
    assert OrganizationPeriod.objects.get().expected == 1
    assert rows_are_right()
    assert last_record(activity).verb == last_record(program).verb == "restore"


@pytest.mark.parametrize("part", ["weights", "mark", "successor"])
def test_a_programme_with_a_past_of_its_own_is_archived(
    cast: Cast, program: Program, part: str
) -> None:
    if part == "weights":
        WeightSet.objects.create(
            masterplan=program.masterplan,
            program=program,
            from_year=YEAR,
            reason="SK",
            decided_on=TODAY,
        )
    elif part == "mark":
        mark(cast, program, date(2023, 3, 1), is_quick_win=True)
    else:
        before = factories.make_program(cast.agency)
        before.ending, before.lesson, before.successor = "continued", "Ya", program
        before.save()

    assert not archive.delete_program(program, reason="", today=TODAY, by=cast.secretary)


def test_an_activity_nobody_reported_on_is_deleted_with_its_parts(
    cast: Cast, activity: Activity
) -> None:
    assert archive.delete_activity(activity, reason="Ganda", today=TODAY, by=cast.secretary)

    assert not Activity.objects.exists()
    assert not Indicator.objects.exists()
    assert not OrganizationPeriod.objects.exists()
    assert rows_are_right()
    assert AuditEntry.objects.filter(verb="delete").count() == 2


def test_an_activity_with_an_entry_is_archived(cast: Cast, activity: Activity) -> None:
    handed_in(cast, activity, Status.DRAFT)

    assert not archive.delete_activity(activity, reason="", today=TODAY, by=cast.secretary)

    assert Activity.objects.get().archived_on == TODAY
    assert rows_are_right()


def test_an_activity_comes_back_after_its_programme(
    cast: Cast, activity: Activity, program: Program
) -> None:
    archive.archive_program(program, reason="", today=TODAY, by=cast.secretary)

    with pytest.raises(Refused):
        archive.restore_activity(Activity.objects.get(pk=activity.pk), reason="", by=cast.secretary)


@pytest.mark.parametrize(
    ("actual", "revisions", "is_deleted"),
    [(None, 0, True), ("5", 0, False), (None, 1, False)],
)
def test_an_indicator_is_deleted_while_nothing_hangs_on_it(
    cast: Cast, activity: Activity, actual: str | None, revisions: int, is_deleted: bool
) -> None:
    indicator = activity.indicators.get()
    factories.make_entry(activity, factories.make_period(), by=cast.head, actual=actual)
    for revision in range(1, revisions + 1):
        indicator.targets.create(
            year=YEAR, revision=revision, value=1, revised_on=TODAY, reason="SK"
        )
    recount_all()

    done = archive.delete_indicator(indicator, reason="", today=TODAY, by=cast.secretary)

    assert done == is_deleted
    assert Indicator.objects.exists() != is_deleted
    assert rows_are_right()


def test_an_archived_indicator_comes_back(cast: Cast, activity: Activity) -> None:
    indicator = activity.indicators.get()
    archive.archive_indicator(indicator, reason="", today=date(2022, 1, 1), by=cast.secretary)
    assert ProgramYear.objects.get(program=activity.program_id, year=YEAR).indicators == 0

    archive.restore_indicator(indicator, reason="Keliru", by=cast.secretary)

    assert ProgramYear.objects.get(program=activity.program_id, year=YEAR).indicators == 1
    assert rows_are_right()
    with pytest.raises(Refused):
        archive.restore_indicator(indicator, reason="", by=cast.secretary)
