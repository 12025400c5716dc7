"""What the city does and what came of it, from the programme down to the evidence."""

from programs.models.entries import (
    EntryRound,
    Evidence,
    IndicatorValue,
    ProgressEntry,
    evidence_path,
)
from programs.models.indicators import AnnualTarget, Indicator
from programs.models.method import (
    PerformanceBand,
    PerformanceScale,
    ScoringMethod,
    Weight,
    WeightSet,
)
from programs.models.periods import ROMAN, ReportingPeriod
from programs.models.summaries import CityYear, DimensionYear, OrganizationPeriod, ProgramYear
from programs.models.work import (
    Activity,
    ActivityYear,
    BudgetCeiling,
    FundingSource,
    PlannedProgress,
    Program,
    QuickWinMark,
    Source,
)

__all__ = [
    "ROMAN",
    "Activity",
    "ActivityYear",
    "AnnualTarget",
    "BudgetCeiling",
    "CityYear",
    "DimensionYear",
    "EntryRound",
    "Evidence",
    "FundingSource",
    "Indicator",
    "IndicatorValue",
    "OrganizationPeriod",
    "PerformanceBand",
    "PerformanceScale",
    "PlannedProgress",
    "Program",
    "ProgramYear",
    "ProgressEntry",
    "QuickWinMark",
    "ReportingPeriod",
    "ScoringMethod",
    "Source",
    "Weight",
    "WeightSet",
    "evidence_path",
]
