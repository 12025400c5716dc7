"""What waits for whom: an agency's due entries, the secretariat's queue, and what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import NOTHING, number
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
            activity__in=reportable_activities(user).filter(archived_on__isnull=True),
            fiscal_year__in={one.year for one in periods},
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
    """Count the rows of each open period by state, in the order of time."""
    found = []
    for period in sorted({row.period for row in rows}, key=lambda one: (one.year, one.quarter)):
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
    """One line of an entry as text: last verified period, last hand-in if any, and now."""

    label: str
    unit: str
    before: str
    handed_in: str | None
    now: str

    @property
    def changed(self) -> bool:
        return self.handed_in is not None and self.handed_in != self.now


Content = dict[str, Any]


def compare(
    entry: ProgressEntry, previous: ProgressEntry | None, *, handed_in: Content | None
) -> list[Comparison]:
    """Set an entry beside the last verified period and beside what was handed in before."""
    contents = (previous.content() if previous else None, handed_in, entry.content())
    return [
        _line(
            contents, _("Physical progress"), "%", lambda one: _number(one, "physical_progress_pct")
        ),
        _line(contents, _("Money spent"), "Rp", lambda one: _number(one, "budget_spent")),
        *(
            _line(contents, indicator.name, indicator.unit, partial(_value, indicator))
            for indicator in entry.activity.reported_indicators()
        ),
        *_nihil_lines(contents),
        _line(contents, _("Obstacles"), "", lambda one: str(one["obstacles"])),
        _line(contents, _("Follow-up"), "", lambda one: str(one["follow_up"])),
    ]


def _nihil_lines(contents: tuple[Content | None, Content | None, Content]) -> list[Comparison]:
    """Tell of nihil where it was said at all; rounds of old know nothing of it."""
    if not any(one and one.get("nil_reason") for one in contents):
        return []
    return [_line(contents, _("Nihil"), "", lambda one: str(one.get("nil_reason", "")))]


def _line(
    contents: tuple[Content | None, Content | None, Content],
    label: str,
    unit: str,
    read: Callable[[Content], str],
) -> Comparison:
    before, handed_in, now = contents
    return Comparison(
        label=label,
        unit=unit,
        before=read(before) if before else NOTHING,
        handed_in=read(handed_in) if handed_in else None,
        now=read(now),
    )


def _number(content: Content, name: str) -> str:
    text = content[name]
    return number(None if text is None else Decimal(text))


def _value(indicator: Indicator, content: Content) -> str:
    text = content["values"].get(str(indicator.pk))
    return number(None if text is None else Decimal(text))


def last_handed_in(entry: ProgressEntry) -> dict[str, Any] | None:
    """Return what the entry said at the hand-in before the present one, if there was one."""
    submitted = entry.rounds.filter(act=EntryRound.Act.SUBMITTED).order_by("-at", "-pk")
    rounds = list(submitted[:2])
    if entry.status in {Status.DRAFT, Status.RETURNED}:
        return rounds[0].content if rounds else None
    return rounds[1].content if len(rounds) > 1 else None
