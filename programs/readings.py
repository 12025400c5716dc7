"""What the database knows of a year, as of now or of a past day, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from dimensions.models import Dimension
from dimensions.names import Names, names_on
from programs import scoring
from programs.models import (
    ActivityYear,
    AnnualTarget,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    QuickWinMark,
    ScoringMethod,
    Weight,
    WeightSet,
)

QUARTERS = (1, 2, 3, 4)
Weights = dict[int, Decimal]


@dataclass(frozen=True)
class Reading:
    """Which figures are meant: a year's, as they stand now or stood at the end of a past day."""

    year: int
    as_of: date | None = None

    @property
    def last_day(self) -> date:
        """The day whose names, marks and rules count."""
        year_end = date(self.year, 12, 31)
        return min(year_end, self.as_of) if self.as_of else year_end

    @property
    def until(self) -> datetime | None:
        """The moment before which an entry must have been verified; None: any."""
        if self.as_of is None:
            return None
        midnight = datetime.combine(self.as_of + timedelta(days=1), time())
        return timezone.make_aware(midnight)

    def knows(self, day: date | None) -> bool:
        """Whether what was decided on `day` is known yet; no day means from the beginning."""
        return self.as_of is None or day is None or day <= self.as_of


@dataclass(frozen=True)
class QuarterReport:
    """What one verified entry says of its activity (percent, whole rupiah), and who verified it."""

    entry: int
    quarter: int
    physical: Decimal | None
    spent: int | None
    is_nil: bool
    verified_by: str
    verified_at: datetime


@dataclass(frozen=True)
class YearData:
    """Rows of one year, keyed for the roll-up."""

    reading: Reading
    dimensions: list[Dimension]
    programs: list[Program]
    running: dict[int, list[ActivityYear]]
    indicators: dict[int, list[Indicator]]
    targets: dict[int, AnnualTarget]
    reports: dict[int, dict[int, QuarterReport]]
    values: dict[int, dict[int, Decimal | None]]
    methods: dict[int, scoring.Method]
    weights: dict[tuple[str, int], Weights]
    names: Names
    quick_wins: set[int]

    def method_of(self, program: Program) -> scoring.Method:
        return self.methods.get(program.masterplan_id, scoring.STANDARD)

    @property
    def city_method(self) -> scoring.Method:
        """The rules for dimensions and city: those of the masterplan all programmes share."""
        plans = {program.masterplan_id for program in self.programs}
        only = plans.pop() if len(plans) == 1 else None
        return self.methods.get(only, scoring.STANDARD) if only else scoring.STANDARD


def read_year(programs: QuerySet[Program], reading: Reading) -> YearData:
    """Return the rows of these programmes in thirteen queries, whatever their number."""
    year = reading.year
    listed = list(
        programs.filter(Q(archived_on__isnull=True) | Q(archived_on__year__gte=year))
        .select_related("owner", "sub_dimension")
        .order_by("sub_dimension__dimension__position", "code")
    )
    running = _running(listed, reading)
    activities = [one.activity_id for rows in running.values() for one in rows]
    indicators = _indicators(activities, reading)
    return YearData(
        reading=reading,
        dimensions=list(Dimension.objects.all()),
        programs=listed,
        running=running,
        indicators=indicators,
        targets=targets_in(activities, reading),
        reports=_reports(activities, reading),
        values=_values(activities, reading),
        methods=methods_in(reading),
        weights=weights_in(reading),
        names=names_on(reading.last_day),
        quick_wins=_quick_wins(listed, reading),
    )


def _running(programs: list[Program], reading: Reading) -> dict[int, list[ActivityYear]]:
    """Return the activities that run in the year by the programme they count under."""
    found: dict[int, list[ActivityYear]] = defaultdict(list)
    rows = (
        ActivityYear.objects.filter(program__in=programs, fiscal_year=reading.year)
        .filter(
            Q(activity__archived_on__isnull=True) | Q(activity__archived_on__year__gte=reading.year)
        )
        .select_related("activity__owner")
        .prefetch_related("plan")
        .order_by("activity__code")
    )
    for one in rows:
        if one.program_id is not None:
            found[one.program_id].append(one)
    return found


def _indicators(activities: list[int], reading: Reading) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = defaultdict(list)
    rows = Indicator.objects.filter(activity__in=activities).filter(
        Q(archived_on__isnull=True) | Q(archived_on__year__gte=reading.year)
    )
    for indicator in rows:
        found[indicator.activity_id].append(indicator)
    return found


def targets_in(activities: Iterable[int], reading: Reading) -> dict[int, AnnualTarget]:
    """Return each indicator's target of the year in its last revision known by then."""
    rows = AnnualTarget.objects.filter(
        indicator__activity__in=activities, year=reading.year
    ).order_by("revision")
    return {one.indicator_id: one for one in rows if reading.knows(one.revised_on)}


def verified(reading: Reading, prefix: str = "") -> Q:
    """Return the condition that an entry of the year counts in this reading."""
    condition = Q(
        **{
            f"{prefix}period__year": reading.year,
            f"{prefix}status": ProgressEntry.Status.VERIFIED,
        }
    )
    if reading.until is not None:
        condition &= Q(**{f"{prefix}verified_at__lt": reading.until})
    return condition


def _reports(activities: list[int], reading: Reading) -> dict[int, dict[int, QuarterReport]]:
    found: dict[int, dict[int, QuarterReport]] = defaultdict(dict)
    rows = (
        ProgressEntry.objects.filter(verified(reading), activity__in=activities)
        .order_by("period__quarter")
        .values_list(
            "activity_id",
            "pk",
            "period__quarter",
            "physical_progress_pct",
            "budget_spent",
            "is_nil",
            "verified_by__full_name",
            "verified_at",
        )
    )
    for activity_id, *rest in rows:
        report = QuarterReport(*rest)
        found[activity_id][report.quarter] = report
    return found


def _values(activities: list[int], reading: Reading) -> dict[int, dict[int, Decimal | None]]:
    found: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    rows = IndicatorValue.objects.filter(
        verified(reading, "entry__"), entry__activity__in=activities
    ).values_list("indicator_id", "entry__period__quarter", "actual_value")
    for indicator_id, quarter, value in rows:
        found[indicator_id][quarter] = value
    return found


def methods_in(reading: Reading) -> dict[int, scoring.Method]:
    """Return each masterplan's rules for the year, by its key."""
    rows = (
        ScoringMethod.objects.filter(from_year__lte=reading.year)
        .select_related("scale")
        .prefetch_related("scale__bands")
        .order_by("from_year")
    )
    return {one.masterplan_id: one.as_method() for one in rows if reading.knows(one.decided_on)}


def weights_in(reading: Reading) -> dict[tuple[str, int], Weights]:
    """Return the weights that count, by ("program" | "dimension" | "masterplan", key)."""
    sets = (
        WeightSet.objects.filter(from_year__lte=reading.year)
        .prefetch_related(Prefetch("weights", Weight.objects.all()))
        .order_by("from_year", "decided_on", "pk")
    )
    found: dict[tuple[str, int], Weights] = {}
    for one in sets:
        if reading.knows(one.decided_on):
            found[parent_of(one)] = {
                weight.child_id: weight.percent
                for weight in one.weights.all()
                if weight.child_id is not None
            }
    return found


def parent_of(weight_set: WeightSet) -> tuple[str, int]:
    if weight_set.program_id is not None:
        return ("program", weight_set.program_id)
    if weight_set.dimension_id is not None:
        return ("dimension", weight_set.dimension_id)
    return ("masterplan", weight_set.masterplan_id)


def _quick_wins(programs: list[Program], reading: Reading) -> set[int]:
    marks = QuickWinMark.objects.filter(
        program__in=programs, valid_from__lte=reading.last_day
    ).order_by("valid_from")
    latest = {one.program_id: one.is_quick_win for one in marks}
    return {program_id for program_id, is_quick_win in latest.items() if is_quick_win}
