"""What happens to a progress entry. Whether a person may is asked at the door; when, here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from ambon_smartcity.http import Refused
from audit.services import changes_between, record, snapshot_of
from programs.models import (
    Activity,
    ActivityYear,
    EntryRound,
    Evidence,
    IndicatorValue,
    ProgressEntry,
    ReportingPeriod,
)
from programs.summaries import count_periods, refresh
from programs.uploads import CheckedFile

Status = ProgressEntry.Status
SAID = ("physical_progress_pct", "budget_spent", "obstacles", "follow_up", "is_nil", "nil_reason")

# act -> (states it may start from, the state it leads to)
TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "submit": (frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED),
    "return": (frozenset({Status.SUBMITTED}), Status.RETURNED),
    "verify": (frozenset({Status.SUBMITTED}), Status.VERIFIED),
}


class EditConflict(Exception):
    """Somebody else saved the entry since the person opened it; `current` is what they saved."""

    def __init__(self, current: ProgressEntry) -> None:
        super().__init__(current)
        self.current = current


@dataclass(frozen=True)
class EntryContent:
    """What a person typed into an entry: percent, whole rupiah, indicator id -> actual value.

    `ratios` holds numerator and denominator of those indicators that are one; nihil carries no
    figures, only its reason.
    """

    physical_progress_pct: Decimal | None
    budget_spent: int | None
    obstacles: str = ""
    follow_up: str = ""
    values: Mapping[int, Decimal | None] = field(default_factory=dict)
    ratios: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    is_nil: bool = False
    nil_reason: str = ""


@dataclass(frozen=True)
class Attached:
    """Files that come with an entry, and whether council members may see them."""

    files: tuple[CheckedFile, ...] = ()
    shareable: bool = False


NOTHING_ATTACHED = Attached()


def refuse_unless_open(period: ReportingPeriod) -> None:
    if not period.is_open:
        raise Refused(_("%(period)s is not open for entry.") % {"period": period})


def refuse_wrong_state(entry: ProgressEntry, act: str) -> None:
    """Raise Refused with the entry's state unless the transition table allows the act."""
    if entry.status not in TRANSITIONS[act][0]:
        raise Refused(
            _("This entry is “%(state)s”, so this cannot be done now.")
            % {"state": entry.get_status_display().lower()}
        )


def refuse_unless_writable(entry: ProgressEntry) -> None:
    refuse_unless_open(entry.period)
    if not entry.is_writable:
        raise Refused(
            _("This entry is “%(state)s” and can no longer be changed. Your text is shown below.")
            % {"state": entry.get_status_display().lower()}
        )


def refuse_other_version(entry: ProgressEntry, version: int) -> None:
    """Raise Refused if the entry is no longer the one the person looked at."""
    if entry.version != version:
        raise Refused(_("The entry was changed since you opened it. Look at it again."))


def _locked(entry_id: int) -> ProgressEntry:
    return (
        ProgressEntry.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity", "period")
        .get(pk=entry_id)
    )


def save_draft(
    activity: Activity,
    period: ReportingPeriod,
    content: EntryContent,
    *,
    version: int,
    by: User,
    attached: Attached = NOTHING_ATTACHED,
) -> ProgressEntry:
    """Keep what was typed. Raises EditConflict if `version` is not the one last saved."""
    written: list[Evidence] = []
    try:
        with transaction.atomic():
            entry = _entry_for_writing(activity, period)
            if entry.version == version or not says(entry, content):
                refuse_conflict(entry, version)
                before = _said(entry)
                _write(entry, content, by=by)
                record(
                    "save_draft",
                    entry,
                    by=by,
                    details={"version": entry.version},
                    changes=changes_between(before, _said(entry)),
                )
            for evidence, file in _new_evidence(entry, attached, by=by):
                evidence.file.save(file.name, ContentFile(file.content), save=False)
                written.append(evidence)
                evidence.save()
                entry.writers.add(by)
                record("add_evidence", entry, by=by, details={"sha256": file.sha256})
            return entry
    except BaseException:
        for evidence in written:
            evidence.file.delete(save=False)
        raise


def _said(entry: ProgressEntry) -> dict[str, Any]:
    """Return what the entry says by field, indicators by their code, for the trail."""
    values = entry.values.select_related("indicator")
    return snapshot_of(entry, SAID) | {one.indicator.code: one.actual_value for one in values}


def refuse_conflict(entry: ProgressEntry, version: int) -> None:
    if entry.version != version:
        raise EditConflict(entry)


def _entry_for_writing(activity: Activity, period: ReportingPeriod) -> ProgressEntry:
    refuse_unless_open(period)
    entry, _created = ProgressEntry.objects.get_or_create(
        activity=activity,
        period=period,
        defaults={"is_demo": activity.is_demo or period.is_demo},
    )
    entry = _locked(entry.pk)
    refuse_unless_writable(entry)
    return entry


def _write(entry: ProgressEntry, content: EntryContent, *, by: User) -> None:
    entry.physical_progress_pct = content.physical_progress_pct
    entry.budget_spent = content.budget_spent
    entry.obstacles = content.obstacles
    entry.follow_up = content.follow_up
    entry.is_nil = content.is_nil
    entry.nil_reason = content.nil_reason
    entry.entered_on_behalf = entry.entered_on_behalf or by.is_secretariat
    entry.version += 1
    entry.save()
    entry.writers.add(by)
    _save_values(entry, content)


def says(entry: ProgressEntry, content: EntryContent) -> bool:
    """Whether the entry already says exactly this: the same form sent twice is no conflict."""
    return (
        entry.physical_progress_pct == content.physical_progress_pct
        and entry.budget_spent == content.budget_spent
        and entry.obstacles == content.obstacles
        and entry.follow_up == content.follow_up
        and (entry.is_nil, entry.nil_reason) == (content.is_nil, content.nil_reason)
        and {value.indicator_id: value.actual_value for value in entry.values.all()}
        == dict(content.values)
        and {
            value.indicator_id: (value.numerator, value.denominator)
            for value in entry.values.all()
            if value.numerator is not None
        }
        == dict(content.ratios)
    )


def _save_values(entry: ProgressEntry, content: EntryContent) -> None:
    IndicatorValue.objects.bulk_create(
        [
            IndicatorValue(
                entry=entry,
                indicator_id=indicator_id,
                actual_value=value,
                numerator=content.ratios.get(indicator_id, (None, None))[0],
                denominator=content.ratios.get(indicator_id, (None, None))[1],
            )
            for indicator_id, value in content.values.items()
        ],
        update_conflicts=True,
        unique_fields=["entry", "indicator"],
        update_fields=["actual_value", "numerator", "denominator"],
    )


def _new_evidence(
    entry: ProgressEntry, attached: Attached, *, by: User
) -> Iterator[tuple[Evidence, CheckedFile]]:
    """Yield what is not there yet; the same bytes sent twice are one piece of evidence."""
    for file in attached.files:
        if not entry.evidence.filter(sha256=file.sha256).exists():
            evidence = Evidence(
                entry=entry,
                kind=file.kind,
                original_name=file.name,
                extension=file.extension,
                size=len(file.content),
                sha256=file.sha256,
                is_shareable=attached.shareable,
                uploaded_by=by,
            )
            yield evidence, file


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take a file away while nobody has been shown it; later it stays for the record."""
    entry = _locked(evidence.entry_id)
    refuse_unless_writable(entry)
    if entry.rounds.exists():
        raise Refused(_("Evidence that was submitted once is kept. Add the right file beside it."))
    entry.writers.add(by)
    record("remove_evidence", entry, by=by, details={"file": evidence.original_name})
    evidence.delete()
    file = evidence.file
    transaction.on_commit(lambda: file.delete(save=False))


def missing_for_submission(entry: ProgressEntry) -> list[str]:
    """Return a sentence for each thing that must be filled in before the entry can go."""
    if entry.is_nil:
        return []
    missing = []
    if entry.physical_progress_pct is None:
        missing.append(_("Physical progress is still empty."))
    if entry.budget_spent is None:
        missing.append(_("Money spent is still empty."))
    reported = {
        value.indicator_id for value in entry.values.all() if value.actual_value is not None
    }
    missing += [
        _("The actual value of “%(indicator)s” is still empty.") % {"indicator": indicator.name}
        for indicator in entry.activity.reported_indicators()
        if indicator.pk not in reported
    ]
    return missing


@transaction.atomic
def submit_entry(entry: ProgressEntry, *, version: int, by: User) -> ProgressEntry:
    """Hand the entry to the secretariat and keep what it says as a round; sent twice, it is one."""
    entry = _locked(entry.pk)
    if entry.status == Status.SUBMITTED and (entry.submitted_by, entry.version) == (
        by,
        version + 1,
    ):
        return entry
    refuse_wrong_state(entry, "submit")
    refuse_unless_open(entry.period)
    refuse_other_version(entry, version)
    missing = missing_for_submission(entry)
    if missing:
        raise Refused(" ".join(missing))
    now = timezone.now()
    entry.submitted_by = by
    entry.submitted_at = now
    entry.writers.add(by)
    return _move(entry, "submit", EntryRound.Act.SUBMITTED, by=by, at=now)


@transaction.atomic
def return_entry(entry: ProgressEntry, reason: str, *, version: int, by: User) -> ProgressEntry:
    """Send the entry back with a reason its agency reads."""
    entry = _locked(entry.pk)
    refuse_wrong_state(entry, "return")
    refuse_other_version(entry, version)
    return _move(
        entry, "return", EntryRound.Act.RETURNED, by=by, at=timezone.now(), note=reason.strip()
    )


@transaction.atomic
def verify_entry(entry: ProgressEntry, *, version: int, by: User) -> ProgressEntry:
    """Accept the entry; its figures count from now on. Nobody verifies what they wrote in."""
    entry = _locked(entry.pk)
    refuse_wrong_state(entry, "verify")
    refuse_other_version(entry, version)
    if entry.writers.filter(pk=by.pk).exists():
        raise Refused(_("You wrote in this entry, so somebody else has to verify it."))
    now = timezone.now()
    entry.verified_by = by
    entry.verified_at = now
    return _move(entry, "verify", EntryRound.Act.VERIFIED, by=by, at=now)


def _programs_of(entry: ProgressEntry) -> list[int]:
    """Return the programme the activity counts under in the entry's year, if it has one."""
    years = ActivityYear.objects.filter(activity=entry.activity_id, program__isnull=False)
    in_year = years.filter(fiscal_year=entry.period.year)
    return [one for one in in_year.values_list("program_id", flat=True) if one is not None]


def _move(
    entry: ProgressEntry, act: str, round_act: str, *, by: User, at: datetime, note: str = ""
) -> ProgressEntry:
    before = entry.status
    entry.status = TRANSITIONS[act][1]
    entry.version += 1
    entry.save()
    EntryRound.objects.create(
        entry=entry, act=round_act, by=by, at=at, note=note, content=entry.content()
    )
    count_periods([entry.period], [entry.activity.owner_id])
    if entry.status == Status.VERIFIED:
        refresh(_programs_of(entry), [entry.period.year])
    record(act, entry, by=by, changes={"status": (before, entry.status)}, reason=note)
    return entry
