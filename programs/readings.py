"""What the database knows of a year, as of now or of a past day, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from dimensions.models import Dimension
from dimensions.names import Names, names_on
from programs import scoring
from programs.models import (
    ActivityYear,
    AnnualTarget,
    BudgetCeiling,
    Indicator,
    IndicatorValue,
    Program,
    ProgressEntry,
    QuickWinMark,
    ScoringMethod,
    WeightSet,
)

QUARTERS = (1, 2, 3, 4)
PLAN_COLUMNS = ("quarter", "valid_from", "physical_pct", "spending_pct")
BAND_COLUMNS = ("code", "letter", "label", "lower", "upper", "tone")
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
class PlannedQuarter:
    """Where an activity should stand at a quarter's end, cumulative percent."""

    physical: Decimal
    spending: Decimal


@dataclass(frozen=True)
class RunningActivity:
    """An activity's year with its planned curve by quarter; empty where none was set."""

    row: ActivityYear
    plan: dict[int, PlannedQuarter]


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
    running: dict[int, list[RunningActivity]]
    indicators: dict[int, list[Indicator]]
    targets: dict[int, AnnualTarget]
    reports: dict[int, dict[int, QuarterReport]]
    values: dict[int, dict[int, Decimal | None]]
    methods: dict[int, scoring.Method]
    weights: dict[tuple[str, int], Weights]
    names: Names
    quick_wins: set[int]
    ceilings: dict[int, int]

    def method_of(self, program: Program) -> scoring.Method:
        return self.methods.get(program.masterplan_id, scoring.STANDARD)

    @property
    def city_method(self) -> scoring.Method:
        """The rules for dimensions and city: those of the masterplan all programmes share."""
        plans = {program.masterplan_id for program in self.programs}
        only = plans.pop() if len(plans) == 1 else None
        return self.methods.get(only, scoring.STANDARD) if only else scoring.STANDARD


def read_year(programs: QuerySet[Program], reading: Reading) -> YearData:
    """Return the rows of these programmes in nine queries, whatever their number.

    A programme of which no activity runs in the year has no figures and is left out.
    """
    year = reading.year
    listed: list[Any] = list(
        programs.filter(Exists(_running_in(year)), not_archived(reading))
        .select_related("owner", "sub_dimension")
        .annotate(last_mark=_last_mark(reading))
        .order_by("sub_dimension__dimension__position", "code")
    )
    running = _running(listed, reading)
    activities = [one.row.activity_id for rows in running.values() for one in rows]
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
        quick_wins={one.pk for one in listed if one.last_mark},
        ceilings=_ceilings(listed, reading),
    )


def _running_in(year: int) -> QuerySet[ActivityYear]:
    return ActivityYear.objects.filter(program=OuterRef("pk"), fiscal_year=year)


def not_archived(reading: Reading, prefix: str = "") -> Q:
    """Return the condition that something still counted in the year, as far as was known then."""
    alive = Q(**{f"{prefix}archived_on__isnull": True})
    alive |= Q(**{f"{prefix}archived_on__year__gte": reading.year})
    if reading.as_of is not None:
        alive |= Q(**{f"{prefix}archived_on__gt": reading.as_of})
    return alive


def _running(programs: list[Program], reading: Reading) -> dict[int, list[RunningActivity]]:
    """Return the activities that run in the year by the programme they count under."""
    rows: Iterable[Any] = (
        ActivityYear.objects.filter(program__in=programs, fiscal_year=reading.year)
        .filter(not_archived(reading, "activity__"))
        .select_related("activity__owner")
        .annotate(**{name: F(f"plan__{name}") for name in PLAN_COLUMNS})
        .order_by("activity__code", F("plan__valid_from").asc(nulls_first=True))
    )
    plans: dict[ActivityYear, dict[int, PlannedQuarter]] = defaultdict(dict)
    for row in rows:
        plans[row]
        if row.quarter is not None and reading.knows(row.valid_from):
            plans[row][row.quarter] = PlannedQuarter(row.physical_pct, row.spending_pct)
    found: dict[int, list[RunningActivity]] = defaultdict(list)
    for row, plan in plans.items():
        if row.program_id is not None:
            found[row.program_id].append(RunningActivity(row, plan))
    return found


def _ceilings(programs: list[Program], reading: Reading) -> dict[int, int]:
    """Return activity year -> the ceiling of the reading's day, where it ever changed.

    As of now the year itself says it, and nothing is asked.
    """
    if reading.as_of is None:
        return {}
    rows = BudgetCeiling.objects.filter(
        activity_year__program__in=programs, activity_year__fiscal_year=reading.year
    )
    return {one.activity_year_id: one.amount for one in rows if reading.knows(one.valid_from)}


def _indicators(activities: list[int], reading: Reading) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = defaultdict(list)
    rows = Indicator.objects.filter(not_archived(reading), activity__in=activities)
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
    return Q(**{f"{prefix}period__year": reading.year}) & verified_by(reading, prefix)


def verified_by(reading: Reading, prefix: str = "") -> Q:
    """Return the condition that an entry of whatever year was verified by the reading's day."""
    condition = Q(**{f"{prefix}status": ProgressEntry.Status.VERIFIED})
    if reading.until is not None:
        condition &= Q(**{f"{prefix}verified_at__lt": reading.until})
    return condition


def _reports(activities: list[int], reading: Reading) -> dict[int, dict[int, QuarterReport]]:
    found: dict[int, dict[int, QuarterReport]] = defaultdict(dict)
    rows: Iterable[Any] = (
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
    return {
        masterplan_id: method
        for masterplan_id, from_year, method in decided_methods(reading)
        if from_year <= reading.year
    }


def decided_methods(reading: Reading) -> Iterator[tuple[int, int, scoring.Method]]:
    """Yield (masterplan's key, from year, rules) as known on the reading's day, in one query."""
    rows = (
        ScoringMethod.objects.select_related("scale")
        .order_by("from_year", "-scale__bands__lower")
        .annotate(**{name: F(f"scale__bands__{name}") for name in BAND_COLUMNS})
    )
    bands: dict[ScoringMethod, list[scoring.Band]] = defaultdict(list)
    for row in rows:
        bands[row].append(scoring.Band(*(getattr(row, name) for name in BAND_COLUMNS)))
    for method, of_scale in bands.items():
        if reading.knows(method.decided_on):
            yield method.masterplan_id, method.from_year, method.as_method(tuple(of_scale))


def weights_in(reading: Reading) -> dict[tuple[str, int], Weights]:
    """Return the weights that count, by ("program" | "dimension" | "masterplan", key).

    A set without weights means the plain mean again; none outlives its masterplan.
    """
    rows = (
        WeightSet.objects.filter(
            from_year__lte=reading.year, masterplan__end_year__gte=reading.year
        )
        .order_by("from_year", "decided_on", "pk")
        .annotate(
            child=Coalesce("weights__indicator", "weights__program", "weights__dimension"),
            percent=F("weights__percent"),
        )
    )
    sets: dict[WeightSet, Weights] = defaultdict(dict)
    for row in rows:
        sets[row]
        if row.child is not None:
            sets[row][row.child] = row.percent
    return {
        parent_of(one): weights for one, weights in sets.items() if reading.knows(one.decided_on)
    }


def parent_of(weight_set: WeightSet) -> tuple[str, int]:
    if weight_set.program_id is not None:
        return ("program", weight_set.program_id)
    if weight_set.dimension_id is not None:
        return ("dimension", weight_set.dimension_id)
    return ("masterplan", weight_set.masterplan_id)


def _last_mark(reading: Reading) -> Subquery:
    marks = QuickWinMark.objects.filter(program=OuterRef("pk"), valid_from__lte=reading.last_day)
    return Subquery(marks.order_by("-valid_from").values("is_quick_win")[:1])
