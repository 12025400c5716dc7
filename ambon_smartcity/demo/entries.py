"""The demo's progress entries: every quarter until the open one, which is only begun."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from ambon_smartcity.demo import rules, texts
from ambon_smartcity.demo.source import EVALUATED_YEAR, DemoActivity, DemoSet
from programs.models import (
    Activity,
    EntryRound,
    Indicator,
    IndicatorValue,
    ProgressEntry,
    ReportingPeriod,
)

Quarter = tuple[int, int]
Status = ProgressEntry.Status

OPEN_PERIOD: Quarter = (2024, 1)
# What the open period already holds, so that every list has something to show.
BEGUN = {
    **dict.fromkeys(("SG-01.A", "SG-03.A", "SG-04.A", "A-01"), Status.VERIFIED),
    **dict.fromkeys(("SE-01.A", "SS-03.A", "SL-03.A", "EN-01.A"), Status.VERIFIED),
    "EN-03.A": Status.VERIFIED,
    "SE-04.A": Status.RETURNED,
    "SG-05.A": Status.SUBMITTED,
    **dict.fromkeys(("EN-02.A", "A-06"), Status.DRAFT),
}
NIHIL = "EN-03.A"
# Left out on purpose (indicator, year, quarter): a gap must show as a gap.
NOT_REPORTED = {("SS-03.2", 2023, 2), ("EN-03.2", 2023, 3)}
STRUGGLES_BELOW = Decimal(76)


@dataclass(frozen=True)
class EntryLoader:
    """What the entries hang on; `heads` finds an agency's head by the agency's key."""

    demo: DemoSet
    activities: Mapping[str, Activity]
    indicators: Mapping[str, Indicator]
    periods: Mapping[Quarter, ReportingPeriod]
    heads: Mapping[int, User]
    secretary: User

    def load(self) -> None:
        entries = ProgressEntry.objects.bulk_create(self._entries())
        writers = ProgressEntry.writers.through
        writers.objects.bulk_create(
            writers(progressentry=one, user=self._head(one.activity)) for one in entries
        )
        IndicatorValue.objects.bulk_create(
            value for entry in entries for value in self._values(entry)
        )
        EntryRound.objects.bulk_create(step for entry in entries for step in self._rounds(entry))

    def _entries(self) -> Iterable[ProgressEntry]:
        for activity in self.demo.activities:
            for quarter in self.periods:
                if quarter < OPEN_PERIOD:
                    yield self._entry(activity, quarter, Status.VERIFIED)
            if activity.code in BEGUN:
                yield self._entry(activity, OPEN_PERIOD, BEGUN[activity.code])

    def _entry(self, demo: DemoActivity, key: Quarter, status: str) -> ProgressEntry:
        """Return one entry; what its programme achieved that year is its year-end progress."""
        year, quarter = key
        activity = self.activities[demo.code]
        is_nil = demo.code == NIHIL and key == OPEN_PERIOD
        handed_in, verified = status != Status.DRAFT, status == Status.VERIFIED
        reached = min(self.demo.achievement(demo.program, min(year, EVALUATED_YEAR)), Decimal(100))
        spent = Decimal(self.demo.share(demo, self.demo.programs[demo.program].spent_in(year)))
        obstacle, follow_up = self._difficulty(demo, quarter, reached)
        return ProgressEntry(
            activity=activity,
            period=self.periods[key],
            status=status,
            is_nil=is_nil,
            nil_reason=texts.NIL_REASON if is_nil else "",
            physical_progress_pct=None
            if is_nil
            else rules.cumulative(reached, rules.PHYSICAL_SHARES, 0)[quarter - 1],
            budget_spent=None
            if is_nil
            else int(rules.cumulative(spent, rules.SPENDING_SHARES, 0)[quarter - 1]),
            obstacles=obstacle,
            follow_up=follow_up,
            submitted_by=self._head(activity) if handed_in else None,
            submitted_at=_moment(key, days=7, hour=10) if handed_in else None,
            verified_by=self.secretary if verified else None,
            verified_at=_moment(key, days=10, hour=14) if verified else None,
            version=3 if verified else 2,
            is_demo=True,
        )

    def _difficulty(self, demo: DemoActivity, quarter: int, reached: Decimal) -> tuple[str, str]:
        if reached >= STRUGGLES_BELOW:
            return "", ""
        index = (self.demo.activities.index(demo) + quarter) % len(texts.OBSTACLES)
        return texts.OBSTACLES[index], texts.FOLLOW_UPS[index]

    def _values(self, entry: ProgressEntry) -> Iterable[IndicatorValue]:
        year, quarter = entry.period.year, entry.period.quarter
        for code, indicator in self.indicators.items():
            if indicator.activity_id != entry.activity_id:
                continue
            value: Decimal | None = self.demo.indicators[code].quarters(year)[quarter - 1]
            if entry.is_nil or (code, year, quarter) in NOT_REPORTED:
                value = None
            yield IndicatorValue(entry=entry, indicator=indicator, actual_value=value)

    def _rounds(self, entry: ProgressEntry) -> Iterable[EntryRound]:
        """Tell the way of the open period's entries; older ones keep their two dates only."""
        if (entry.period.year, entry.period.quarter) != OPEN_PERIOD or not entry.submitted_at:
            return
        said = entry.content()
        yield EntryRound(
            entry=entry,
            act=EntryRound.Act.SUBMITTED,
            by=self._head(entry.activity),
            at=entry.submitted_at,
            content=said,
        )
        if entry.status != Status.SUBMITTED:
            yield EntryRound(
                entry=entry,
                act=entry.status,
                by=self.secretary,
                at=entry.verified_at or entry.submitted_at + timedelta(days=1),
                note=texts.RETURN_REASON if entry.status == Status.RETURNED else "",
                content=said,
            )

    def _head(self, activity: Activity) -> User:
        return self.heads[activity.owner_id]


def end_of(year: int, quarter: int) -> date:
    following = date(year, quarter * 3, 28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def _moment(key: Quarter, *, days: int, hour: int) -> datetime:
    """Return a working hour some days after the quarter's end, never later than now."""
    day = end_of(*key) + timedelta(days=days)
    return min(datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE)), timezone.now())
