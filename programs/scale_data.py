"""Consistent data of any size, all marked as demo, to measure the portal with. Invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from ambon_smartcity.http import Refused
from audit.services import record
from dimensions.models import Masterplan, MasterplanRevision, Organization, SubDimension
from programs.models import (
    Activity,
    ActivityYear,
    AnnualTarget,
    Indicator,
    IndicatorValue,
    PerformanceScale,
    PlannedProgress,
    Program,
    ProgressEntry,
    ReportingPeriod,
    ScoringMethod,
    Source,
)
from programs.readings import QUARTERS
from programs.summaries import count_periods, recount

NAME = "Data skala"
NO_FRAME = "Kerangka portal belum lengkap: subdimensi atau OPD tidak ada."
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_PROGRAMS = 999_999  # six digits of a code
OWNERS = 20
ENTRIES_AT_ONCE = 4000
DAYS_TO_REPORT = timedelta(days=14)
MILLION = 1_000_000

# Cumulative percent of the year at each quarter's end.
PHYSICAL_PLAN = (10, 35, 65, 100)
SPENDING_PLAN = (8, 32, 63, 100)
# What each quarter reports, in percent of the year's value.
QUARTERLY = {
    Indicator.Aggregation.SUM: (10, 25, 30, 35),
    Indicator.Aggregation.LAST: (25, 50, 75, 100),
    Indicator.Aggregation.AVERAGE: (95, 105, 98, 102),
    Indicator.Aggregation.MAX: (60, 100, 80, 90),
}


@dataclass(frozen=True)
class Size:
    """How much to make: one activity a programme, four entries a year for each."""

    programs: int
    years: int
    start_year: int
    seed: int

    @property
    def end_year(self) -> int:
        return self.start_year + self.years - 1


@dataclass(frozen=True)
class DrawnYear:
    """One activity's year by lot: whole rupiah, a target, and percents of target and plan."""

    year: int
    budget: int
    target: int
    reached: int
    pace: int


@dataclass(frozen=True)
class DrawnProgram:
    number: int
    polarity: Indicator.Polarity
    aggregation: Indicator.Aggregation
    years: tuple[DrawnYear, ...]


def draw(size: Size) -> Iterator[DrawnProgram]:
    """Draw the programmes in order; the same size and seed draw the same."""
    lot = random.Random(size.seed)  # noqa: S311  nothing secret
    for number in range(1, size.programs + 1):
        yield DrawnProgram(
            number=number,
            polarity=lot.choice(list(Indicator.Polarity)),
            aggregation=lot.choice(list(QUARTERLY)),
            years=tuple(
                DrawnYear(
                    year=year,
                    budget=lot.randint(50, 2000) * MILLION,
                    target=lot.randint(10, 500),
                    reached=lot.randint(40, 120),
                    pace=lot.randint(80, 100),
                )
                for year in range(size.start_year, size.end_year + 1)
            ),
        )


@transaction.atomic
def make_scale_data(size: Size) -> Masterplan:
    """Make a masterplan of its own with this much below it. Its summaries are not counted yet."""
    if why := why_impossible(size):
        raise Refused(why)
    masterplan = _make_masterplan(size)
    maker = _Maker(masterplan)
    at_once = max(1, ENTRIES_AT_ONCE // (size.years * len(QUARTERS)))
    waiting: list[DrawnProgram] = []
    for drawn in draw(size):
        waiting.append(drawn)
        if len(waiting) == at_once:
            maker.make(waiting)
            waiting = []
    maker.make(waiting)
    return masterplan


def recount_scale_data(masterplan: Masterplan) -> None:
    """Count the summaries of these years."""
    for year in masterplan.years():
        recount(masterplan, year)
    count_periods(ReportingPeriod.objects.filter(year__in=masterplan.years()))
    record("recount", masterplan, by=None)


def why_impossible(size: Size) -> str:
    """Return what keeps this much from being made, empty if nothing does."""
    if size.programs > MOST_PROGRAMS:
        return f"Paling banyak {MOST_PROGRAMS} program."
    if size.end_year > LAST_YEAR:
        return f"Tahun terakhir {size.end_year} melewati {LAST_YEAR}."
    if size.start_year < FIRST_YEAR:
        return f"Tahun pertama {size.start_year} sebelum {FIRST_YEAR}."
    taken = Masterplan.objects.filter(
        start_year__lte=size.end_year, end_year__gte=size.start_year
    ).first()
    return f"Tahun-tahun ini sudah dipakai oleh {taken}. Pilih --start-year lain." if taken else ""


def _make_masterplan(size: Size) -> Masterplan:
    masterplan = Masterplan.objects.create(
        name=NAME, start_year=size.start_year, end_year=size.end_year, source="Data skala (contoh)"
    )
    MasterplanRevision.objects.create(masterplan=masterplan, number=1)
    scale = PerformanceScale.objects.first()
    if scale is not None:  # else the portal's own standard counts
        ScoringMethod.objects.create(
            masterplan=masterplan, from_year=size.start_year, scale=scale, source=NAME
        )
    return masterplan


class _Maker:
    """What all programmes hang on, and how some of them are made at once."""

    def __init__(self, masterplan: Masterplan) -> None:
        self.masterplan = masterplan
        self.sub_dimensions = list(SubDimension.objects.select_related("dimension"))
        self.owners = list(
            Organization.objects.filter(kind=Organization.Kind.OPD, is_archived=False).order_by(
                "code"
            )[:OWNERS]
        )
        if not self.sub_dimensions or not self.owners:
            raise Refused(NO_FRAME)
        self.head = _person("skala-kepala", "Kepala Data Skala", Role.HEAD, self.owners[0])
        self.secretary = _person("skala-sekretariat", "Sekretariat Data Skala", Role.SECRETARIAT)
        self.periods = {
            (year, quarter): _period(year, quarter)
            for year in masterplan.years()
            for quarter in QUARTERS
        }

    def make(self, drawn: list[DrawnProgram]) -> None:
        """Make these programmes with everything below them."""
        programs = Program.objects.bulk_create(self._program(one) for one in drawn)
        activities = Activity.objects.bulk_create(
            self._activity(one, program) for one, program in zip(drawn, programs, strict=True)
        )
        self._make_plans(drawn, activities)
        indicators = Indicator.objects.bulk_create(
            self._indicator(one, activity) for one, activity in zip(drawn, activities, strict=True)
        )
        AnnualTarget.objects.bulk_create(
            AnnualTarget(indicator=indicator, year=year.year, value=year.target, is_demo=True)
            for one, indicator in zip(drawn, indicators, strict=True)
            for year in one.years
        )
        self._make_entries(drawn, indicators)

    def _program(self, drawn: DrawnProgram) -> Program:
        sub_dimension = self.sub_dimensions[drawn.number % len(self.sub_dimensions)]
        return Program(
            masterplan=self.masterplan,
            sub_dimension=sub_dimension,
            owner=self.owners[drawn.number % len(self.owners)],
            code=f"{sub_dimension.dimension.code}-{drawn.number:06}",
            title=f"Program skala {drawn.number}",
            source=Source.ILLUSTRATIVE,
            is_demo=True,
        )

    def _activity(self, drawn: DrawnProgram, program: Program) -> Activity:
        return Activity(
            dimension=program.sub_dimension.dimension,
            program=program,
            owner=program.owner,
            code=f"Z{self.masterplan.start_year}-{drawn.number:06}",
            title=f"Kegiatan skala {drawn.number}",
            source=Source.ILLUSTRATIVE,
            is_demo=True,
        )

    def _make_plans(self, drawn: list[DrawnProgram], activities: list[Activity]) -> None:
        years = ActivityYear.objects.bulk_create(
            ActivityYear(
                activity=activity,
                program=activity.program,
                fiscal_year=year.year,
                budget_original=year.budget,
                is_demo=True,
            )
            for one, activity in zip(drawn, activities, strict=True)
            for year in one.years
        )
        PlannedProgress.objects.bulk_create(
            PlannedProgress(
                activity_year=year,
                quarter=quarter,
                physical_pct=PHYSICAL_PLAN[quarter - 1],
                spending_pct=SPENDING_PLAN[quarter - 1],
            )
            for year in years
            for quarter in QUARTERS
        )

    def _indicator(self, drawn: DrawnProgram, activity: Activity) -> Indicator:
        return Indicator(
            activity=activity,
            code=f"{activity.code}.1",
            name=f"Indikator skala {drawn.number}",
            unit="unit",
            polarity=drawn.polarity,
            aggregation=drawn.aggregation,
            decimal_places=2,
            is_demo=True,
        )

    def _make_entries(self, drawn: list[DrawnProgram], indicators: list[Indicator]) -> None:
        entries = ProgressEntry.objects.bulk_create(
            self._entry(year, quarter, indicator.activity)
            for one, indicator in zip(drawn, indicators, strict=True)
            for year in one.years
            for quarter in QUARTERS
        )
        values = (
            (indicator, quarterly_value(one, year, quarter))
            for one, indicator in zip(drawn, indicators, strict=True)
            for year in one.years
            for quarter in QUARTERS
        )
        IndicatorValue.objects.bulk_create(
            IndicatorValue(entry=entry, indicator=indicator, actual_value=value)
            for entry, (indicator, value) in zip(entries, values, strict=True)
        )

    def _entry(self, drawn: DrawnYear, quarter: int, activity: Activity) -> ProgressEntry:
        period = self.periods[drawn.year, quarter]
        return ProgressEntry(
            activity=activity,
            period=period,
            status=ProgressEntry.Status.VERIFIED,
            physical_progress_pct=Decimal(PHYSICAL_PLAN[quarter - 1] * drawn.pace) / 100,
            budget_spent=drawn.budget * SPENDING_PLAN[quarter - 1] * drawn.pace // 10_000,
            submitted_by=self.head,
            submitted_at=_moment(period, days=7),
            verified_by=self.secretary,
            verified_at=_moment(period, days=10),
            version=3,
            is_demo=True,
        )


def quarterly_value(one: DrawnProgram, year: DrawnYear, quarter: int) -> Decimal:
    """Return what a quarter reports, so that the year becomes `reached` percent of its target."""
    share = QUARTERLY[one.aggregation][quarter - 1]
    return Decimal(year.target * year.reached * share) / 10_000


def _person(username: str, name: str, role: Role, organization: Organization | None = None) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        person = User(
            username=username, full_name=name, role=role, organization=organization, is_demo=True
        )
        person.set_unusable_password()
        person.save()
    return person


def _period(year: int, quarter: int) -> ReportingPeriod:
    return ReportingPeriod.objects.get_or_create(
        year=year,
        quarter=quarter,
        defaults={
            "status": ReportingPeriod.Status.CLOSED,
            "due_on": _end_of(year, quarter) + DAYS_TO_REPORT,
            "is_demo": True,
        },
    )[0]


def _end_of(year: int, quarter: int) -> date:
    following = date(year, quarter * 3, 28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def _moment(period: ReportingPeriod, *, days: int) -> datetime:
    """Return ten in the morning some days after the quarter's end."""
    day = _end_of(period.year, period.quarter) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(10)))
