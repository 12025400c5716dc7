"""What waits for whom: an agency's due entries, the secretariat's queue, and what changed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import number, rupiah
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    EntryRound,
    Indicator,
    ProgressEntry,
    ReportingPeriod,
)
from programs.permissions import Person, reportable_activities

Status = ProgressEntry.Status

# What needs the person's hand comes first.
ORDER: dict[Status | None, int] = {
    Status.RETURNED: 0,
    None: 1,
    Status.DRAFT: 2,
    Status.SUBMITTED: 3,
    Status.VERIFIED: 4,
}


@dataclass(frozen=True)
class DueRow:
    """One activity of an open period: its entry if there is one, and why it last came back."""

    activity: Activity
    period: ReportingPeriod
    entry: ProgressEntry | None
    reason: str

    @property
    def urgency(self) -> int:
        return ORDER[Status(self.entry.status) if self.entry else None]

    @property
    def needs_work(self) -> bool:
        return self.entry is None or self.entry.is_writable


def due_rows(user: Person) -> list[DueRow]:
    """Return what this person's agency owes in the open periods, most urgent first."""
    periods = list(ReportingPeriod.objects.filter(status=ReportingPeriod.Status.OPEN))
    running = list(
        ActivityYear.objects.filter(
            activity__in=reportable_activities(user), fiscal_year__in={one.year for one in periods}
        ).select_related("activity__owner", "activity__dimension")
    )
    entries = {
        (entry.activity_id, entry.period_id): entry
        for entry in ProgressEntry.objects.filter(
            activity__in=reportable_activities(user), period__in=periods
        ).annotate(last_reason=_last_reason())
    }
    rows = [
        _row(one.activity, period, entries.get((one.activity_id, period.pk)))
        for period in periods
        for one in running
        if one.fiscal_year == period.year
    ]
    return sorted(rows, key=lambda row: (row.urgency, row.activity.code))


@dataclass(frozen=True)
class PeriodProgress:
    """How far one open period is: activities in all, and how many stand in which state."""

    period: ReportingPeriod
    total: int
    missing: int
    writing: int
    submitted: int
    verified: int


def period_progress(rows: list[DueRow]) -> list[PeriodProgress]:
    """Count the rows of each open period by state."""
    found = []
    for period in dict.fromkeys(row.period for row in rows):
        states = [row.entry and row.entry.status for row in rows if row.period == period]
        found.append(
            PeriodProgress(
                period=period,
                total=len(states),
                missing=states.count(None),
                writing=states.count(Status.DRAFT) + states.count(Status.RETURNED),
                submitted=states.count(Status.SUBMITTED),
                verified=states.count(Status.VERIFIED),
            )
        )
    return found


def _row(activity: Activity, period: ReportingPeriod, entry: ProgressEntry | None) -> DueRow:
    returned = entry is not None and entry.status == Status.RETURNED
    reason = getattr(entry, "last_reason", "") if returned else ""
    return DueRow(activity, period, entry, reason or "")


def _last_reason() -> Subquery:
    returns = EntryRound.objects.filter(entry=OuterRef("pk"), act=EntryRound.Act.RETURNED)
    return Subquery(returns.order_by("-at", "-pk").values("note")[:1])


def review_queue(entries: QuerySet[ProgressEntry]) -> QuerySet[ProgressEntry]:
    """Return what waits for verification, oldest first, with how often it came back."""
    return (
        entries.filter(status=Status.SUBMITTED)
        .select_related("activity__owner", "period", "submitted_by")
        .annotate(returns=Count("rounds", filter=Q(rounds__act=EntryRound.Act.RETURNED)))
        .order_by("submitted_at")
    )


def previous_entry(activity: Activity, period: ReportingPeriod) -> ProgressEntry | None:
    """Return the activity's last verified entry before this period."""
    earlier = Q(period__year__lt=period.year) | Q(
        period__year=period.year, period__quarter__lt=period.quarter
    )
    return (
        activity.entries.filter(earlier, status=Status.VERIFIED)
        .select_related("period")
        .prefetch_related("values")
        .order_by("-period__year", "-period__quarter")
        .first()
    )


def targets_of(indicators: list[Indicator], year: int) -> dict[int, Decimal]:
    rows = AnnualTarget.objects.filter(indicator__in=indicators, year=year)
    return dict(rows.values_list("indicator_id", "value"))


@dataclass(frozen=True)
class Comparison:
    """One line of an entry: last verified period, last hand-in if any, and now."""

    label: str
    unit: str
    before: str
    handed_in: str | None
    now: str

    @property
    def changed(self) -> bool:
        return self.handed_in is not None and self.handed_in != self.now


def compare(
    entry: ProgressEntry, previous: ProgressEntry | None, *, handed_in: dict[str, Any] | None
) -> list[Comparison]:
    """Set an entry beside the last verified period and beside what was handed in before."""
    before = numbers_of(previous) if previous else {}
    last = handed_in or {}
    last_values = last.get("values", {})
    lines = [
        _compare_number(
            _("Physical progress"),
            "%",
            before.get("physical"),
            entry.physical_progress_pct,
            last.get("physical_progress_pct") if handed_in else None,
            is_known=bool(handed_in),
        ),
        Comparison(
            _("Money spent"),
            "",
            rupiah(previous.budget_spent if previous else None),
            rupiah(_integer(last.get("budget_spent"))) if handed_in else None,
            rupiah(entry.budget_spent),
        ),
    ]
    now = {value.indicator_id: value.actual_value for value in entry.values.all()}
    lines += [
        _compare_number(
            indicator.name,
            indicator.unit,
            before.get(indicator.pk),
            now.get(indicator.pk),
            last_values.get(str(indicator.pk)),
            is_known=bool(handed_in),
        )
        for indicator in entry.activity.indicators.all()
    ]
    texts = (
        (_("Obstacles"), "obstacles"),
        (_("Follow-up"), "follow_up"),
    )
    lines += [
        Comparison(
            label,
            "",
            getattr(previous, name) if previous else "",
            str(last.get(name, "")) if handed_in else None,
            getattr(entry, name),
        )
        for label, name in texts
    ]
    return lines


def numbers_of(entry: ProgressEntry) -> dict[Any, Decimal | None]:
    found: dict[Any, Decimal | None] = {
        value.indicator_id: value.actual_value for value in entry.values.all()
    }
    found["physical"] = entry.physical_progress_pct
    return found


def _compare_number(
    label: str,
    unit: str,
    before: Decimal | None,
    now: Decimal | None,
    handed_in: str | None,
    *,
    is_known: bool,
) -> Comparison:
    last = number(Decimal(handed_in) if handed_in is not None else None) if is_known else None
    return Comparison(label, unit, number(before), last, number(now))


def _integer(text: str | None) -> int | None:
    return None if text is None else int(text)


def last_handed_in(entry: ProgressEntry) -> dict[str, Any] | None:
    """Return what the entry said at the hand-in before the present one, if there was one."""
    submitted = entry.rounds.filter(act=EntryRound.Act.SUBMITTED).order_by("-at", "-pk")
    rounds = list(submitted[:2])
    if entry.status in {Status.DRAFT, Status.RETURNED}:
        return rounds[0].content if rounds else None
    return rounds[1].content if len(rounds) > 1 else None
