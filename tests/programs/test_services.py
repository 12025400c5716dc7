"""The way of an entry: what may happen when, what is kept, and what an undone change leaves."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import cast as typed_as

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    EntryRound,
    Evidence,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    ReportingPeriod,
)
from programs.services import (
    Attached,
    EditConflict,
    EntryContent,
    remove_evidence,
    return_entry,
    save_draft,
    submit_entry,
    verify_entry,
)
from tests import factories
from tests.conftest import Cast

Status = ProgressEntry.Status
Act = Callable[[ProgressEntry, User], object]


def submit(entry: ProgressEntry, by: User) -> ProgressEntry:
    return submit_entry(entry, version=entry.version, by=by)


def send_back(entry: ProgressEntry, by: User) -> ProgressEntry:
    return return_entry(entry, "Bukti kurang.", version=entry.version, by=by)


def verify(entry: ProgressEntry, by: User) -> ProgressEntry:
    return verify_entry(entry, version=entry.version, by=by)


def save(entry: ProgressEntry, by: User) -> ProgressEntry:
    content = content_of(entry, obstacles="Hujan.")
    return save_draft(entry.activity, entry.period, content, version=entry.version, by=by)


def content_of(entry: ProgressEntry, **changed: Any) -> EntryContent:
    said = {
        "physical_progress_pct": entry.physical_progress_pct,
        "budget_spent": entry.budget_spent,
        "obstacles": entry.obstacles,
        "follow_up": entry.follow_up,
        "values": {one.indicator_id: one.actual_value for one in entry.values.all()},
    }
    return EntryContent(**{**said, **changed})


def written(activity: Activity, actual: str = "80", **changed: Any) -> EntryContent:
    return EntryContent(
        **{
            "physical_progress_pct": Decimal(60),
            "budget_spent": 50_000_000,
            "values": {one.pk: Decimal(actual) for one in activity.indicators.all()},
            **changed,
        }
    )


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return factories.make_activity(cast.agency)


@pytest.fixture
def period(db: None) -> ReportingPeriod:
    return factories.make_period()


@pytest.fixture
def draft(cast: Cast, activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    return factories.make_entry(activity, period, by=cast.operator)


@pytest.fixture
def submitted(cast: Cast, activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    return factories.make_entry(activity, period, status=Status.SUBMITTED, by=cast.head)


def trail() -> list[str]:
    return list(AuditEntry.objects.values_list("verb", flat=True))


def files_on_disk() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


# --- which step is allowed in which state ----------------------------------------------------

ALLOWED = {
    "save": {Status.DRAFT, Status.RETURNED},
    "submit": {Status.DRAFT, Status.RETURNED},
    "return": {Status.SUBMITTED},
    "verify": {Status.SUBMITTED},
}
STEPS: dict[str, tuple[Act, str, str]] = {
    "save": (save, "head", "save_draft"),
    "submit": (submit, "head", "submit"),
    "return": (send_back, "secretary", "return"),
    "verify": (verify, "secretary", "verify"),
}
LEADS_TO = {"submit": Status.SUBMITTED, "return": Status.RETURNED, "verify": Status.VERIFIED}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_or_refused_by_state(
    cast: Cast, activity: Activity, period: ReportingPeriod, step: str, status: Status
) -> None:
    verifier = cast.colleague if status == Status.VERIFIED else None
    entry = factories.make_entry(
        activity, period, status=status, by=cast.operator, verified_by=verifier
    )
    act, role, verb = STEPS[step]

    if status in ALLOWED[step]:
        act(entry, getattr(cast, role))
        expected, rows = LEADS_TO.get(step, status), [verb]
    else:
        with pytest.raises(Refused):
            act(entry, getattr(cast, role))
        expected, rows = status, []

    entry.refresh_from_db()
    assert entry.status == expected
    assert trail() == rows


@pytest.mark.parametrize("step", ["submit", "return", "verify"])
def test_a_step_is_kept_as_a_round_with_what_the_entry_said(
    cast: Cast, submitted_or_draft: Callable[[str], ProgressEntry], step: str
) -> None:
    entry = submitted_or_draft(step)
    act, role, _verb = STEPS[step]

    act(entry, getattr(cast, role))

    kept = entry.rounds.get()
    assert kept.act == LEADS_TO[step]
    assert kept.by == getattr(cast, role)
    assert kept.note == ("Bukti kurang." if step == "return" else "")
    assert kept.content["budget_spent"] == "50000000"
    assert set(kept.content["values"].values()) == {"80"}


@pytest.fixture
def submitted_or_draft(cast: Cast, draft: ProgressEntry) -> Callable[[str], ProgressEntry]:
    def entry_for(step: str) -> ProgressEntry:
        if step != "submit":
            draft.status = Status.SUBMITTED
            draft.submitted_by = cast.head
            draft.submitted_at = timezone.now()
            draft.save()
        return draft

    return entry_for


def test_the_audit_row_of_a_step_says_from_where_to_where_and_why(
    cast: Cast, submitted: ProgressEntry
) -> None:
    send_back(submitted, cast.secretary)

    row = AuditEntry.objects.get()
    assert row.actor == cast.secretary
    assert row.object_id == str(submitted.pk)
    assert row.details == {
        "changes": {"status": ["submitted", "returned"]},
        "reason": "Bukti kurang.",
    }


def test_a_whole_way_leaves_one_audit_row_for_each_step(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    entry = save_draft(activity, period, written(activity), version=0, by=cast.operator)
    entry = submit(entry, cast.head)
    entry = send_back(entry, cast.secretary)
    entry = save(entry, cast.operator)
    entry = submit(entry, cast.head)
    entry = verify(entry, cast.secretary)

    assert trail() == ["save_draft", "submit", "return", "save_draft", "submit", "verify"]
    assert [one.act for one in entry.rounds.all()] == [
        "submitted",
        "returned",
        "submitted",
        "verified",
    ]
    assert entry.verified_by == cast.secretary


def test_each_round_keeps_what_the_entry_said_then(cast: Cast, draft: ProgressEntry) -> None:
    indicator = draft.activity.indicators.get()
    entry = send_back(submit(draft, cast.head), cast.secretary)
    corrected = content_of(entry, values={indicator.pk: Decimal(81)})
    entry = save_draft(
        entry.activity, entry.period, corrected, version=entry.version, by=cast.operator
    )
    submit(entry, cast.head)

    said = [one.content["values"][str(indicator.pk)] for one in entry.rounds.all()]
    assert said == ["80", "80", "81"]


def test_a_draft_keeps_everything_and_names_its_writer(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    content = written(
        activity,
        "7.25",
        physical_progress_pct=Decimal("22.5"),
        budget_spent=1_000,
        obstacles="Hujan.",
        follow_up="Tenda.",
    )

    entry = save_draft(activity, period, content, version=0, by=cast.operator)

    kept = ProgressEntry.objects.get(pk=entry.pk)
    assert (kept.physical_progress_pct, kept.budget_spent) == (Decimal("22.5"), 1_000)
    assert (kept.obstacles, kept.follow_up) == ("Hujan.", "Tenda.")
    assert kept.values.get().actual_value == Decimal("7.25")
    assert list(kept.writers.all()) == [cast.operator]
    assert not kept.entered_on_behalf


# --- nobody verifies what they wrote ---------------------------------------------------------


def test_the_secretariat_does_not_verify_what_it_entered_on_behalf(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    entry = save_draft(activity, period, written(activity), version=0, by=cast.secretary)
    entry = submit(entry, cast.head)

    with pytest.raises(Refused):
        verify(entry, cast.secretary)

    entry.refresh_from_db()
    assert entry.entered_on_behalf
    assert entry.status == Status.SUBMITTED


def test_the_secretariat_does_not_verify_what_it_handed_in(
    cast: Cast, draft: ProgressEntry
) -> None:
    entry = submit(draft, cast.secretary)

    with pytest.raises(Refused):
        verify(entry, cast.secretary)

    assert trail() == ["submit"]


def test_a_colleague_verifies_what_the_secretariat_entered_on_behalf(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    entry = save_draft(activity, period, written(activity), version=0, by=cast.secretary)
    entry = submit(entry, cast.secretary)

    assert verify(entry, cast.colleague).status == Status.VERIFIED


def test_who_wrote_in_an_earlier_round_does_not_verify_a_later_one(
    cast: Cast, draft: ProgressEntry
) -> None:
    entry = save(draft, cast.secretary)
    entry = submit(entry, cast.head)
    entry = send_back(entry, cast.colleague)
    entry = save_draft(
        entry.activity,
        entry.period,
        content_of(entry, obstacles="Tidak ada."),
        version=entry.version,
        by=cast.operator,
    )
    entry = submit(entry, cast.head)

    with pytest.raises(Refused):
        verify(entry, cast.secretary)


def test_who_only_attached_a_file_does_not_verify_the_entry(
    cast: Cast, draft: ProgressEntry
) -> None:
    resent = content_of(draft)
    save_draft(
        draft.activity,
        draft.period,
        resent,
        version=0,
        by=cast.secretary,
        attached=Attached((factories.make_checked_file(),)),
    )
    entry = submit(draft, cast.head)

    with pytest.raises(Refused):
        verify(entry, cast.secretary)


def test_who_took_a_file_away_does_not_verify_the_entry(cast: Cast, draft: ProgressEntry) -> None:
    remove_evidence(factories.make_evidence(draft, by=cast.operator), by=cast.secretary)
    entry = submit(draft, cast.head)

    with pytest.raises(Refused):
        verify(entry, cast.secretary)


# --- two people, two tabs, two clicks --------------------------------------------------------


def test_a_second_writer_is_told_and_the_first_text_stays(cast: Cast, draft: ProgressEntry) -> None:
    opened_by_both = draft.version
    save_draft(
        draft.activity,
        draft.period,
        content_of(draft, obstacles="Hujan."),
        version=opened_by_both,
        by=cast.operator,
    )

    with pytest.raises(EditConflict) as conflict:
        save_draft(
            draft.activity,
            draft.period,
            content_of(draft, obstacles="Banjir."),
            version=opened_by_both,
            by=cast.head,
        )

    assert conflict.value.current.obstacles == "Hujan."
    draft.refresh_from_db()
    assert draft.obstacles == "Hujan."
    assert not draft.writers.contains(cast.head)


def test_the_same_form_sent_twice_changes_nothing(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    first = save_draft(activity, period, written(activity), version=0, by=cast.operator)

    again = save_draft(activity, period, written(activity), version=0, by=cast.operator)

    assert (again.pk, again.version) == (first.pk, 1)
    assert trail() == ["save_draft"]


@pytest.mark.parametrize(
    "changed",
    [
        {"physical_progress_pct": Decimal(61)},
        {"physical_progress_pct": None},
        {"budget_spent": 0},
        {"obstacles": "Hujan."},
        {"follow_up": "Diulang."},
        {"values": {}},
    ],
)
def test_a_stale_form_that_says_anything_else_is_a_conflict(
    cast: Cast, activity: Activity, period: ReportingPeriod, changed: dict[str, Any]
) -> None:
    save_draft(activity, period, written(activity), version=0, by=cast.operator)

    with pytest.raises(EditConflict):
        save_draft(activity, period, written(activity, **changed), version=0, by=cast.operator)


def test_a_stale_form_with_another_actual_value_is_a_conflict(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    save_draft(activity, period, written(activity, "80"), version=0, by=cast.operator)

    with pytest.raises(EditConflict):
        save_draft(activity, period, written(activity, "81"), version=0, by=cast.operator)


def test_a_file_that_comes_with_an_unchanged_stale_form_is_kept(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    save_draft(activity, period, written(activity), version=0, by=cast.operator)

    entry = save_draft(
        activity,
        period,
        written(activity),
        version=0,
        by=cast.head,
        attached=Attached((factories.make_checked_file("lokasi.jpg"),)),
    )

    assert [one.original_name for one in entry.evidence.all()] == ["lokasi.jpg"]
    assert trail() == ["save_draft", "add_evidence"]


def test_handing_in_twice_is_one_round(cast: Cast, draft: ProgressEntry) -> None:
    opened = draft.version
    submit_entry(draft, version=opened, by=cast.head)

    again = submit_entry(draft, version=opened, by=cast.head)

    assert again.status == Status.SUBMITTED
    assert draft.rounds.count() == 1
    assert trail() == ["submit"]


def test_handing_in_what_somebody_else_handed_in_is_refused(
    cast: Cast, draft: ProgressEntry
) -> None:
    opened = draft.version
    submit_entry(draft, version=opened, by=cast.head)

    with pytest.raises(Refused):
        submit_entry(draft, version=opened, by=cast.secretary)


@pytest.mark.parametrize("step", ["submit", "return", "verify"])
def test_a_step_on_another_version_than_the_one_seen_is_refused(
    cast: Cast, submitted_or_draft: Callable[[str], ProgressEntry], step: str
) -> None:
    entry = submitted_or_draft(step)
    before = entry.status
    act, role, _verb = STEPS[step]
    entry.version -= 1

    with pytest.raises(Refused):
        act(entry, getattr(cast, role))

    entry.refresh_from_db()
    assert entry.status == before
    assert trail() == []


# --- what must be there ----------------------------------------------------------------------


def test_a_draft_may_be_empty(cast: Cast, activity: Activity, period: ReportingPeriod) -> None:
    entry = save_draft(activity, period, EntryContent(None, None), version=0, by=cast.operator)

    assert entry.status == Status.DRAFT
    assert entry.physical_progress_pct is None
    assert entry.budget_spent is None


def test_an_incomplete_entry_is_refused_with_a_sentence_for_each_gap(
    cast: Cast, period: ReportingPeriod
) -> None:
    activity = factories.make_activity(cast.agency, indicators=2)
    reported, silent = activity.indicators.all()
    content = EntryContent(None, None, values={reported.pk: Decimal(0), silent.pk: None})
    entry = save_draft(activity, period, content, version=0, by=cast.operator)

    with pytest.raises(Refused) as refusal:
        submit(entry, cast.head)

    sentence = str(refusal.value)
    assert gettext("Physical progress is still empty.") in sentence
    assert gettext("Money spent is still empty.") in sentence
    assert silent.name in sentence
    assert reported.name not in sentence
    assert not entry.rounds.exists()


def test_zero_is_an_answer(cast: Cast, activity: Activity, period: ReportingPeriod) -> None:
    content = written(activity, "0", physical_progress_pct=Decimal(0), budget_spent=0)
    entry = save_draft(activity, period, content, version=0, by=cast.operator)

    assert submit(entry, cast.head).status == Status.SUBMITTED


@pytest.mark.parametrize("status", ["planned", "closed"])
@pytest.mark.parametrize("step", ["save", "submit"])
def test_a_period_that_is_not_open_takes_nothing(
    cast: Cast, draft: ProgressEntry, step: str, status: str
) -> None:
    ReportingPeriod.objects.update(status=status)
    draft.period.refresh_from_db()

    with pytest.raises(Refused):
        STEPS[step][0](draft, cast.head)

    draft.refresh_from_db()
    assert (draft.status, draft.obstacles, trail()) == (Status.DRAFT, "", [])


def test_a_period_that_is_not_open_gets_no_first_entry(cast: Cast, activity: Activity) -> None:
    closed = factories.make_period(status=ReportingPeriod.Status.CLOSED)

    with pytest.raises(Refused):
        save_draft(activity, closed, written(activity), version=0, by=cast.operator)

    assert not ProgressEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_return_without_a_reason_does_not_happen(
    cast: Cast, submitted: ProgressEntry, reason: str
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        return_entry(submitted, reason, version=submitted.version, by=cast.secretary)

    submitted.refresh_from_db()
    assert submitted.status == Status.SUBMITTED
    assert trail() == []


# --- evidence --------------------------------------------------------------------------------


def test_a_file_is_stored_under_a_name_nobody_typed(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    file = factories.make_checked_file("../../foto saya.jpg", b"bytes of a photo")

    entry = save_draft(
        activity,
        period,
        written(activity),
        version=0,
        by=cast.operator,
        attached=Attached((file,), shareable=True),
    )

    evidence = entry.evidence.get()
    assert evidence.original_name == "../../foto saya.jpg"
    assert "foto" not in Path(evidence.file.path).name
    assert files_on_disk() == [Path(evidence.file.path)]
    assert Path(evidence.file.path).read_bytes() == b"bytes of a photo"
    assert (evidence.size, evidence.sha256) == (16, file.sha256)
    assert evidence.is_shareable


def test_the_same_file_sent_twice_is_stored_once(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    twice = Attached((factories.make_checked_file("a.jpg"), factories.make_checked_file("b.jpg")))

    entry = save_draft(
        activity, period, written(activity), version=0, by=cast.operator, attached=twice
    )

    assert entry.evidence.count() == 1
    assert len(files_on_disk()) == 1


def test_a_save_that_fails_leaves_neither_row_nor_file(
    cast: Cast, activity: Activity, period: ReportingPeriod
) -> None:
    good = factories.make_checked_file("baik.jpg", b"good")
    kind_missing = type(good)("rusak.jpg", ".jpg", typed_as(str, None), b"breaks a constraint")

    with pytest.raises(IntegrityError), transaction.atomic():
        save_draft(
            activity,
            period,
            written(activity),
            version=0,
            by=cast.operator,
            attached=Attached((good, kind_missing)),
        )

    assert not ProgressEntry.objects.exists()
    assert not Evidence.objects.exists()
    assert files_on_disk() == []
    assert trail() == []


def test_a_figure_the_database_refuses_leaves_no_audit_row(
    cast: Cast, draft: ProgressEntry
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        save_draft(
            draft.activity,
            draft.period,
            content_of(draft, physical_progress_pct=Decimal(101)),
            version=draft.version,
            by=cast.operator,
        )

    draft.refresh_from_db()
    assert (draft.physical_progress_pct, draft.version, trail()) == (Decimal(60), 1, [])


def test_evidence_goes_with_its_file_before_it_was_handed_in(
    cast: Cast,
    draft: ProgressEntry,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)

    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(evidence, by=cast.operator)

    assert not draft.evidence.exists()
    assert files_on_disk() == []
    assert trail() == ["remove_evidence"]


def test_the_file_stays_until_its_removal_is_certain(cast: Cast, draft: ProgressEntry) -> None:
    remove_evidence(factories.make_evidence(draft, by=cast.operator), by=cast.operator)

    assert len(files_on_disk()) == 1  # the test's own transaction has not ended


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.VERIFIED])
def test_evidence_of_an_entry_that_went_in_is_kept(
    cast: Cast, activity: Activity, period: ReportingPeriod, status: Status
) -> None:
    verifier = cast.secretary if status == Status.VERIFIED else None
    entry = factories.make_entry(
        activity, period, status=status, by=cast.head, verified_by=verifier
    )
    evidence = factories.make_evidence(entry, by=cast.head)

    with pytest.raises(Refused):
        remove_evidence(evidence, by=cast.head)

    assert entry.evidence.exists()


def test_evidence_that_was_handed_in_once_is_kept_after_a_return(
    cast: Cast, draft: ProgressEntry
) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)
    send_back(submit(draft, cast.head), cast.secretary)

    with pytest.raises(Refused):
        remove_evidence(evidence, by=cast.head)

    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_evidence_of_a_closed_period_is_kept(cast: Cast, draft: ProgressEntry) -> None:
    evidence = factories.make_evidence(draft, by=cast.operator)
    ReportingPeriod.objects.update(status=ReportingPeriod.Status.CLOSED)

    with pytest.raises(Refused):
        remove_evidence(evidence, by=cast.operator)

    assert Evidence.objects.filter(pk=evidence.pk).exists()


# --- what the database itself refuses --------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "column", "value"),
    [
        (ProgressEntry, "physical_progress_pct", Decimal(101)),
        (ProgressEntry, "physical_progress_pct", Decimal(-1)),
        (ProgressEntry, "budget_spent", -1),
        (ProgressEntry, "status", Status.SUBMITTED),
        (IndicatorValue, "actual_value", Decimal(-1)),
        (ReportingPeriod, "due_on", None),
        (ReportingPeriod, "quarter", 5),
        (ReportingPeriod, "quarter", 0),
        (ReportingPeriod, "year", 1999),
        (ActivityYear, "fiscal_year", 2101),
        (ActivityYear, "budget_original", -1),
        (AnnualTarget, "value", Decimal(-1)),
        (Indicator, "decimal_places", 5),
    ],
)
def test_the_database_refuses_a_wrong_value(
    draft: ProgressEntry, model: type[Model], column: str, value: object
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.update(**{column: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"submitted_by": None},
        {"submitted_at": None},
        {"budget_spent": None},
        {"physical_progress_pct": None},
        {"status": Status.VERIFIED},
    ],
)
def test_the_database_refuses_a_handed_in_entry_that_lacks_something(
    submitted: ProgressEntry, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.update(**wrong)


def test_the_database_refuses_that_somebody_verifies_what_they_submitted(
    cast: Cast, submitted: ProgressEntry
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressEntry.objects.update(
            status=Status.VERIFIED, verified_by=cast.head, verified_at=timezone.now()
        )


def test_the_database_refuses_a_return_without_a_reason(
    cast: Cast, submitted: ProgressEntry
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryRound.objects.create(
            entry=submitted, act="returned", by=cast.secretary, at=timezone.now(), note=""
        )


Twice = Callable[[ProgressEntry], Model]

WRITTEN_TWICE: dict[str, Twice] = {
    "an entry": lambda entry: ProgressEntry(activity=entry.activity, period=entry.period),
    "a quarter": lambda entry: ReportingPeriod(
        year=entry.period.year, quarter=entry.period.quarter
    ),
    "a budget": lambda entry: ActivityYear(
        activity=entry.activity, fiscal_year=factories.YEAR, budget_original=1
    ),
    "a target": lambda entry: AnnualTarget(
        indicator=entry.activity.indicators.get(), year=factories.YEAR, value=1
    ),
    "an actual value": lambda entry: IndicatorValue(
        entry=entry, indicator=entry.activity.indicators.get()
    ),
    "an activity's code": lambda entry: Activity(
        code=entry.activity.code, dimension=entry.activity.dimension, owner=entry.activity.owner
    ),
    "a programme's code": lambda entry: Program(
        code=Program.objects.get().code,
        masterplan=Program.objects.get().masterplan,
        sub_dimension=Program.objects.get().sub_dimension,
        owner=entry.activity.owner,
    ),
}


@pytest.mark.parametrize("what", WRITTEN_TWICE)
def test_the_database_refuses_the_same_thing_twice(draft: ProgressEntry, what: str) -> None:
    second = WRITTEN_TWICE[what](draft)

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
