"""Loading the demo set on top of the real frame, all or nothing, and only once."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from ambon_smartcity.demo import rules, texts
from ambon_smartcity.demo.council import load_evaluations
from ambon_smartcity.demo.entries import OPEN_PERIOD, EntryLoader, end_of
from ambon_smartcity.demo.people import load_people
from ambon_smartcity.demo.source import YEARS, DemoActivity, DemoSet
from ambon_smartcity.http import Refused
from audit.services import record
from dimensions.models import Organization, SubDimension
from evaluations.models import Meeting
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    PlannedProgress,
    Program,
    QuickWinMark,
    ReportingPeriod,
)
from programs.summaries import recount_all

MEETING = "rakor-tahap-i-2024"
DAYS_TO_REPORT = timedelta(days=14)
FEWEST_DAYS_LEFT = timedelta(days=3)


def load_demo(today: date) -> bool:
    """Load the demo set; where it is loaded already, only keep the open period open.

    Raises Refused where the frame is missing or real rows already use the demo's codes.
    """
    try:
        loaded = _load_once(today)
    except IntegrityError as clash:
        if not _is_loaded():  # else another process was quicker
            raise Refused(texts.CLASH) from clash
        return False
    if not loaded:
        _keep_period_open(today)
    return loaded


def _load_once(today: date) -> bool:
    if _is_loaded():
        return False
    meeting = Meeting.objects.filter(slug=MEETING).first()
    if meeting is None:
        raise Refused(texts.NO_FRAME)
    with transaction.atomic():
        DemoLoader(meeting, today).load()
    return True


def _is_loaded() -> bool:
    return User.objects.filter(is_demo=True, username="sekretariat").exists()


def _keep_period_open(today: date) -> None:
    year, quarter = OPEN_PERIOD
    ReportingPeriod.objects.filter(
        year=year, quarter=quarter, is_demo=True, due_on__lt=today + FEWEST_DAYS_LEFT
    ).update(due_on=today + DAYS_TO_REPORT)


class DemoLoader:
    """One load: each step leaves behind what the next ones look up."""

    def __init__(self, meeting: Meeting, today: date) -> None:
        self.meeting = meeting
        self.today = today
        self.demo = DemoSet()

    def load(self) -> None:
        owners = {one.owner for one in self.demo.programs.values()}
        self.people = load_people(Organization.objects.filter(code__in=owners))
        self.programs = self._programs()
        self.activities = self._activities()
        self.indicators = self._indicators()
        self._budgets()
        self._plans()
        self._targets()
        self._quick_wins()
        self._entries(self._periods())
        recount_all()
        load_evaluations(self.meeting, self.people)
        record("loaddemo", self.meeting.masterplan, by=None)

    def _programs(self) -> dict[str, Program]:
        subs = {one.code: one for one in SubDimension.objects.select_related("dimension")}
        owners = {one.code: one for one in Organization.objects.all()}
        programs = Program.objects.bulk_create(
            Program(
                masterplan=self.meeting.masterplan,
                sub_dimension=subs[one.sub_dimension],
                owner=owners[one.owner],
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
                level=self.demo.indicators[code].level,
                definition=texts.DEFINITION.format(
                    name=self.demo.indicators[code].name, unit=self.demo.indicators[code].unit
                ),
                data_source=texts.DATA_SOURCE,
                data_owner=self.activities[activity.code].owner,
                baseline_year=YEARS.start - 1,
                baseline_value=self.demo.indicators[code].baseline,
                is_demo=True,
            )
            for activity in self.demo.activities
            for code in activity.indicators
        )
        return {one.code: one for one in indicators}

    def _budgets(self) -> None:
        """Give each activity its money; one ceiling was revised in the middle of a year."""
        ActivityYear.objects.bulk_create(
            self._budget(activity, year) for activity in self.demo.activities for year in YEARS
        )

    def _budget(self, activity: DemoActivity, year: int) -> ActivityYear:
        program = self.demo.programs[activity.program]
        money = self.demo.share(activity, program.budgets[year])
        row = ActivityYear(
            activity=self.activities[activity.code],
            program=self.programs[activity.program],
            fiscal_year=year,
            budget_original=money,
            is_demo=True,
        )
        if (activity.code, year) == texts.REVISED_BUDGET:
            row.budget_original = money - texts.REVISED_BY
            row.budget_revised, row.budget_revised_on = money, texts.BUDGET_REVISED_ON
        return row

    def _plans(self) -> None:
        rows = ActivityYear.objects.filter(is_demo=True)
        PlannedProgress.objects.bulk_create(
            PlannedProgress(
                activity_year=row,
                quarter=quarter,
                physical_pct=rules.PHYSICAL_SHARES[quarter - 1],
                spending_pct=rules.SPENDING_SHARES[quarter - 1],
            )
            for row in rows
            for quarter in (1, 2, 3, 4)
        )

    def _targets(self) -> None:
        AnnualTarget.objects.bulk_create(
            self._target(code, year) for code in self.demo.indicators for year in YEARS
        )
        code, year = texts.REVISED_TARGET
        last = AnnualTarget.objects.get(indicator=self.indicators[code], year=year)
        last.pk, last.revision = None, 1
        last.revised_on, last.reason = texts.TARGET_REVISED_ON, texts.TARGET_REASON
        last.save()
        AnnualTarget.objects.filter(indicator=last.indicator, year=year, revision=0).update(
            value=texts.FIRST_TARGET,
            quarter_1=None,
            quarter_2=None,
            quarter_3=None,
            quarter_4=None,
        )

    def _target(self, code: str, year: int) -> AnnualTarget:
        first, second, third, fourth = self.demo.indicators[code].quarter_targets(year)
        return AnnualTarget(
            indicator=self.indicators[code],
            year=year,
            value=self.demo.indicators[code].targets[year],
            quarter_1=first,
            quarter_2=second,
            quarter_3=third,
            quarter_4=fourth,
            is_demo=True,
        )

    def _quick_wins(self) -> None:
        for code, marks in texts.QUICK_WINS.items():
            for valid_from, is_quick_win, reason in marks:
                QuickWinMark.objects.create(
                    program=self.programs[code],
                    valid_from=valid_from,
                    is_quick_win=is_quick_win,
                    reason=reason,
                )

    def _periods(self) -> dict[tuple[int, int], ReportingPeriod]:
        periods = ReportingPeriod.objects.bulk_create(
            self._period(year, quarter) for year in YEARS for quarter in (1, 2, 3, 4)
        )
        return {(one.year, one.quarter): one for one in periods}

    def _period(self, year: int, quarter: int) -> ReportingPeriod:
        status, due_on = ReportingPeriod.Status.CLOSED, end_of(year, quarter) + DAYS_TO_REPORT
        if (year, quarter) == OPEN_PERIOD:
            status, due_on = ReportingPeriod.Status.OPEN, self.today + DAYS_TO_REPORT
        elif (year, quarter) > OPEN_PERIOD:
            status = ReportingPeriod.Status.PLANNED
        return ReportingPeriod(
            year=year, quarter=quarter, status=status, due_on=due_on, is_demo=True
        )

    def _entries(self, periods: dict[tuple[int, int], ReportingPeriod]) -> None:
        heads = {
            one.organization_id: one
            for one in self.people.values()
            if one.role == Role.HEAD and one.organization_id
        }
        EntryLoader(
            demo=self.demo,
            activities=self.activities,
            indicators=self.indicators,
            periods=periods,
            heads=heads,
            secretary=self.people["sekretariat"],
        ).load()
