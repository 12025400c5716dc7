"""Loading the demo set on top of the real frame, all or nothing, and only once."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import Role, User
from ambon_smartcity.demo import rules, texts
from ambon_smartcity.demo.source import EVALUATED_YEAR, YEARS, DemoActivity, DemoSet
from audit.services import record
from dimensions.models import Dimension, Masterplan, Organization, SubDimension
from evaluations.models import CriterionScore, DimensionEvaluation, Meeting
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    EntryRound,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    ReportingPeriod,
)

Status = ProgressEntry.Status
OPEN_PERIOD = (2024, 1)
DAYS_TO_REPORT = timedelta(days=14)
FEWEST_DAYS_LEFT = timedelta(days=3)
# What the open period already holds, so that every list has something to show.
VERIFIED_NOW = {"SG-01.A", "SG-03.A", "SG-04.A", "SE-01.A", "SS-03.A", "SL-03.A", "EN-01.A", "A-01"}
RETURNED_NOW = {"SE-04.A"}
SUBMITTED_NOW = {"SG-05.A"}
DRAFT_NOW = {"EN-02.A", "A-06"}
# Left out on purpose (indicator, year, quarter): a gap must show as a gap.
NOT_REPORTED = {("SS-03.2", 2023, 2), ("EN-03.2", 2023, 3)}
STRUGGLES_BELOW = Decimal(76)


def load_demo(today: date) -> bool:
    """Load the demo set; where it is loaded already, only keep the open period open."""
    if User.objects.filter(is_demo=True, username="sekretariat").exists():
        _keep_period_open(today)
        return False
    with transaction.atomic():
        DemoLoader(today).load()
    return True


def _keep_period_open(today: date) -> None:
    year, quarter = OPEN_PERIOD
    ReportingPeriod.objects.filter(
        year=year, quarter=quarter, is_demo=True, due_on__lt=today + FEWEST_DAYS_LEFT
    ).update(due_on=today + DAYS_TO_REPORT)


class DemoLoader:
    """One load: each step leaves behind what the next ones look up."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.demo = DemoSet()
        self.zone = ZoneInfo(settings.TIME_ZONE)

    def load(self) -> None:
        self.people = self._people()
        self.programs = self._programs()
        self.activities = self._activities()
        self.indicators = self._indicators()
        self._budgets()
        self._targets()
        self.periods = self._periods()
        self._entries()
        self._evaluations()
        record("loaddemo", Masterplan.objects.get(pk=self.masterplan.pk), by=None)

    def _people(self) -> dict[str, User]:
        password = make_password(DEMO_PASSWORD)
        wanted: list[tuple[str, Role, Organization | None]] = [
            ("sekretariat", Role.SECRETARIAT, None)
        ]
        wanted += [(f"dewan{number}", Role.COUNCIL_MEMBER, None) for number in (1, 2, 3)]
        owners = Organization.objects.filter(
            code__in={program.owner for program in self.demo.programs.values()}
        )
        wanted += [(f"opd.{owner.code}", Role.HEAD, owner) for owner in owners]
        dinkes = next(owner for owner in owners if owner.code == "dinkes")
        wanted.append(("operator.dinkes", Role.OPERATOR, dinkes))
        people = User.objects.bulk_create(
            User(
                username=username,
                full_name=f"Pengguna Demo {owner.short_name if owner else username.capitalize()}",
                role=role,
                organization=owner,
                password=password,
                is_demo=True,
            )
            for username, role, owner in wanted
        )
        assert {login.username for login in DEMO_LOGINS} <= {one.username for one in people}  # noqa: S101
        return {one.username: one for one in people}

    def _programs(self) -> dict[str, Program]:
        self.masterplan = Masterplan.objects.get(start_year=YEARS.start)
        subs = {one.code: one for one in SubDimension.objects.select_related("dimension")}
        self.owners = {one.code: one for one in Organization.objects.all()}
        programs = Program.objects.bulk_create(
            Program(
                masterplan=self.masterplan,
                sub_dimension=subs[one.sub_dimension],
                owner=self.owners[one.owner],
                code=one.code,
                title=one.title,
                source=one.source,
                is_demo=True,
            )
            for one in self.demo.programs.values()
        )
        return {one.code: one for one in programs}

    def _activities(self) -> dict[str, Activity]:
        """Make the demo activities; the real ones only get a programme to stand under."""
        for one in self.demo.activities:
            program = self.programs[one.program]
            if one.title:
                Activity.objects.create(
                    dimension=program.sub_dimension.dimension,
                    program=program,
                    owner=program.owner,
                    code=one.code,
                    title=one.title,
                    source=program.source,
                    is_demo=True,
                )
            else:
                Activity.objects.filter(code=one.code).update(program=program)
        codes = [one.code for one in self.demo.activities]
        return {one.code: one for one in Activity.objects.filter(code__in=codes)}

    def _indicators(self) -> dict[str, Indicator]:
        indicators = Indicator.objects.bulk_create(
            Indicator(
                activity=self.activities[activity.code],
                code=code,
                name=self.demo.indicators[code].name,
                unit=self.demo.indicators[code].unit,
                polarity=self.demo.indicators[code].polarity,
                aggregation=self.demo.indicators[code].aggregation,
                decimal_places=self.demo.indicators[code].places,
                baseline_year=YEARS.start - 1,
                baseline_value=self.demo.indicators[code].baseline,
                is_demo=True,
            )
            for activity in self.demo.activities
            for code in activity.indicators
        )
        return {one.code: one for one in indicators}

    def _budgets(self) -> None:
        ActivityYear.objects.bulk_create(
            ActivityYear(
                activity=self.activities[activity.code],
                fiscal_year=year,
                budget_original=self._share(
                    activity, self.demo.programs[activity.program].budgets[year]
                ),
                is_demo=True,
            )
            for activity in self.demo.activities
            for year in YEARS
        )

    def _share(self, activity: DemoActivity, total: int) -> int:
        """Divide a programme's money equally among its activities, to the rupiah."""
        siblings = self.demo.siblings(activity.program)
        parts = rules.spread(Decimal(total), [1] * len(siblings), 0)
        return int(parts[siblings.index(activity)])

    def _targets(self) -> None:
        AnnualTarget.objects.bulk_create(
            AnnualTarget(indicator=self.indicators[code], year=year, value=value, is_demo=True)
            for code, one in self.demo.indicators.items()
            for year, value in one.targets.items()
        )

    def _periods(self) -> dict[tuple[int, int], ReportingPeriod]:
        periods = ReportingPeriod.objects.bulk_create(
            self._period(year, quarter) for year in YEARS for quarter in (1, 2, 3, 4)
        )
        return {(one.year, one.quarter): one for one in periods}

    def _period(self, year: int, quarter: int) -> ReportingPeriod:
        status, due_on = ReportingPeriod.Status.CLOSED, _end_of(year, quarter) + DAYS_TO_REPORT
        if (year, quarter) == OPEN_PERIOD:
            status, due_on = ReportingPeriod.Status.OPEN, self.today + DAYS_TO_REPORT
        elif (year, quarter) > OPEN_PERIOD:
            status = ReportingPeriod.Status.PLANNED
        return ReportingPeriod(
            year=year, quarter=quarter, status=status, due_on=due_on, is_demo=True
        )

    def _entries(self) -> None:
        past = [key for key in self.periods if key < OPEN_PERIOD]
        entries = [
            self._entry(activity, key, Status.VERIFIED)
            for activity in self.demo.activities
            for key in past
        ]
        now = dict.fromkeys(VERIFIED_NOW, Status.VERIFIED)
        now |= dict.fromkeys(RETURNED_NOW, Status.RETURNED)
        now |= dict.fromkeys(SUBMITTED_NOW, Status.SUBMITTED)
        now |= dict.fromkeys(DRAFT_NOW, Status.DRAFT)
        by_code = {activity.code: activity for activity in self.demo.activities}
        entries += [self._entry(by_code[code], OPEN_PERIOD, now[code]) for code in sorted(now)]
        ProgressEntry.objects.bulk_create(entries)
        writers = ProgressEntry.writers.through
        writers.objects.bulk_create(
            writers(progressentry=one, user=self._head_of(one.activity)) for one in entries
        )
        IndicatorValue.objects.bulk_create(
            value for entry in entries for value in self._values(entry)
        )
        EntryRound.objects.bulk_create(step for entry in entries for step in self._rounds(entry))

    def _entry(self, demo: DemoActivity, key: tuple[int, int], status: str) -> ProgressEntry:
        year, quarter = key
        activity = self.activities[demo.code]
        handed_in = status != Status.DRAFT
        verified = status == Status.VERIFIED
        reached = min(self.demo.achievement(demo.program, min(year, EVALUATED_YEAR)), Decimal(100))
        spent = self._share(demo, self.demo.programs[demo.program].spent_in(year))
        obstacle, follow_up = self._difficulty(demo, quarter, reached)
        return ProgressEntry(
            activity=activity,
            period=self.periods[key],
            status=status,
            physical_progress_pct=rules.cumulative(reached, rules.PHYSICAL_SHARES, 0)[quarter - 1],
            budget_spent=int(
                rules.cumulative(Decimal(spent), rules.SPENDING_SHARES, 0)[quarter - 1]
            ),
            obstacles=obstacle,
            follow_up=follow_up,
            submitted_by=self._head_of(activity) if handed_in else None,
            submitted_at=self._moment(key, days=7, hour=10) if handed_in else None,
            verified_by=self.people["sekretariat"] if verified else None,
            verified_at=self._moment(key, days=10, hour=14) if verified else None,
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
            if (code, year, quarter) in NOT_REPORTED:
                value = None
            yield IndicatorValue(entry=entry, indicator=indicator, actual_value=value)

    def _rounds(self, entry: ProgressEntry) -> Iterable[EntryRound]:
        """Tell the way of the open period's entries; older ones keep their two dates only."""
        if (entry.period.year, entry.period.quarter) != OPEN_PERIOD or not entry.submitted_at:
            return
        yield EntryRound(
            entry=entry,
            act=EntryRound.Act.SUBMITTED,
            by=self._head_of(entry.activity),
            at=entry.submitted_at,
            content=entry.content(),
        )
        later = entry.submitted_at + timedelta(days=1)
        if entry.status == Status.RETURNED:
            yield EntryRound(
                entry=entry,
                act=EntryRound.Act.RETURNED,
                by=self.people["sekretariat"],
                at=later,
                note=texts.RETURN_REASON,
                content=entry.content(),
            )
        if entry.status == Status.VERIFIED:
            yield EntryRound(
                entry=entry,
                act=EntryRound.Act.VERIFIED,
                by=self.people["sekretariat"],
                at=later,
                content=entry.content(),
            )

    def _head_of(self, activity: Activity) -> User:
        owner = next(code for code, one in self.owners.items() if one.pk == activity.owner_id)
        return self.people[f"opd.{owner}"]

    def _moment(self, key: tuple[int, int], *, days: int, hour: int) -> datetime:
        """Return a working moment after the quarter's end, never later than now."""
        day = _end_of(*key) + timedelta(days=days)
        return min(datetime.combine(day, time(hour), self.zone), timezone.now())

    def _evaluations(self) -> None:
        meeting = Meeting.objects.get(slug="rakor-tahap-i-2024")
        criteria = list(meeting.rubric.criteria.all())
        dimensions = {one.code: one for one in Dimension.objects.all()}
        for minute, (username, scores) in enumerate(texts.SCORES.items()):
            for code, given in scores.items():
                evaluation = DimensionEvaluation.objects.create(
                    meeting=meeting,
                    dimension=dimensions[code],
                    member=self.people[username],
                    status=DimensionEvaluation.Status.SUBMITTED,
                    comment=texts.COMMENTS[code] if username == "dewan2" else "",
                    recommendation=texts.RECOMMENDATIONS[code]
                    if username == "dewan2"
                    else texts.SECOND_RECOMMENDATION,
                    submitted_at=datetime.combine(
                        meeting.held_on, time(11, 10 + minute), self.zone
                    ),
                    version=1,
                    is_demo=True,
                )
                CriterionScore.objects.bulk_create(
                    CriterionScore(evaluation=evaluation, criterion=criterion, score=score)
                    for criterion, score in zip(criteria, given, strict=True)
                )


def _end_of(year: int, quarter: int) -> date:
    following = date(year, quarter * 3, 28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)
