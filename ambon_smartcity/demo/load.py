"""Loading the demo set on top of the real frame, all or nothing, and only once."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from ambon_smartcity.demo import texts
from ambon_smartcity.demo.council import load_evaluations
from ambon_smartcity.demo.entries import OPEN_PERIOD, EntryLoader, end_of
from ambon_smartcity.demo.people import load_people
from ambon_smartcity.demo.source import YEARS, DemoSet
from ambon_smartcity.http import Refused
from audit.services import record
from dimensions.models import Organization, SubDimension
from evaluations.models import Meeting
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    Program,
    ReportingPeriod,
)

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
        self._targets()
        self._entries(self._periods())
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
                budget_original=self.demo.share(
                    activity, self.demo.programs[activity.program].budgets[year]
                ),
                is_demo=True,
            )
            for activity in self.demo.activities
            for year in YEARS
        )

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
