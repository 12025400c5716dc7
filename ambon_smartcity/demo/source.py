"""The demo set as its files in `fixtures/` write it."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings

from ambon_smartcity.demo import rules
from programs import scoring

YEARS = range(2019, 2025)
EVALUATED_YEAR = 2023
MILLION = 1_000_000


@dataclass(frozen=True)
class DemoIndicator:
    code: str
    name: str
    unit: str
    polarity: str
    aggregation: str
    places: int
    baseline: Decimal
    targets: dict[int, Decimal]
    actual: Decimal

    def year_value(self, year: int) -> Decimal:
        """Return the year's actual: the baseline before the plan, the file's for 2023."""
        if year < YEARS.start:
            return self.baseline
        if year == EVALUATED_YEAR:
            return self.actual
        return rules.reached(self.polarity, year, self.targets[year], self.places)

    def quarters(self, year: int) -> list[Decimal]:
        """Return the four values an agency would report in `year`; 2024 follows its target."""
        end = self.targets[year] if year > EVALUATED_YEAR else self.year_value(year)
        if self.aggregation == scoring.Aggregation.SUM:
            return rules.spread(end, rules.SUM_SHARES, self.places)
        return rules.path(self.year_value(year - 1), end, self.places)

    def quarter_targets(self, year: int) -> list[Decimal]:
        """Return what each quarter should bring, or the level it should end at."""
        end = self.targets[year]
        if self.aggregation == scoring.Aggregation.SUM:
            return rules.spread(end, rules.SUM_SHARES, self.places)
        return rules.path(self.targets.get(year - 1, self.baseline), end, self.places)

    @property
    def level(self) -> str:
        """Return what kind of indicator it is: shares and burdens are outcomes, counts outputs."""
        is_outcome = self.unit == "%" or self.polarity == scoring.Polarity.MINIMIZE
        return "outcome" if is_outcome else "output"

    def achievement(self, year: int) -> Decimal | None:
        polarity = scoring.Polarity(self.polarity)
        return scoring.capped(
            scoring.achievement(polarity, self.targets[year], self.year_value(year))
        )


@dataclass(frozen=True)
class DemoProgram:
    code: str
    title: str
    owner: str
    sub_dimension: str
    source: str
    budgets: dict[int, int]
    spent: int

    def spent_in(self, year: int) -> int:
        """Return whole rupiah: the file's for 2023, a fixed share of the budget otherwise."""
        if year == EVALUATED_YEAR:
            return self.spent
        return int(self.budgets[year] * rules.SPENT_BEFORE)


@dataclass(frozen=True)
class DemoActivity:
    code: str
    program: str
    title: str
    indicators: tuple[str, ...]


class DemoSet:
    """The three files, read once."""

    @cached_property
    def programs(self) -> dict[str, DemoProgram]:
        return {row["code"]: _program(row) for row in _rows("demo_programs")}

    @cached_property
    def indicators(self) -> dict[str, DemoIndicator]:
        return {row["code"]: _indicator(row) for row in _rows("demo_indicators")}

    @cached_property
    def activities(self) -> list[DemoActivity]:
        return [
            DemoActivity(
                row["code"], row["program"], row["title"], tuple(row["indicators"].split())
            )
            for row in _rows("demo_activities")
        ]

    def siblings(self, program: str) -> list[DemoActivity]:
        return [one for one in self.activities if one.program == program]

    def share(self, activity: DemoActivity, total: int) -> int:
        """Divide a programme's money equally among its activities, to the rupiah."""
        siblings = self.siblings(activity.program)
        return int(rules.spread(Decimal(total), [1] * len(siblings), 0)[siblings.index(activity)])

    def achievement(self, program: str, year: int) -> Decimal:
        """Return the programme's mean achievement in percent, 0 where nothing is rated."""
        of_program = [
            self.indicators[code] for one in self.siblings(program) for code in one.indicators
        ]
        return scoring.mean(one.achievement(year) for one in of_program) or Decimal(0)


def _rows(name: str) -> list[dict[str, str]]:
    with (settings.BASE_DIR / "fixtures" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _program(row: dict[str, str]) -> DemoProgram:
    return DemoProgram(
        code=row["code"],
        title=row["title"],
        owner=row["owner"],
        sub_dimension=row["sub_dimension"],
        source=row["title_source"],
        budgets={year: int(row[f"budget_{year}_million_rupiah"]) * MILLION for year in YEARS},
        spent=int(row["budget_spent_2023_million_rupiah"]) * MILLION,
    )


def _indicator(row: dict[str, str]) -> DemoIndicator:
    targets = {year: row[f"target_{year}"] for year in YEARS}
    written = [*targets.values(), row["baseline_2018"], row["actual_2023"]]
    return DemoIndicator(
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        polarity=row["polarity"],
        aggregation=row["aggregation"],
        places=rules.decimals_of(written),
        baseline=Decimal(row["baseline_2018"]),
        targets={year: Decimal(value) for year, value in targets.items()},
        actual=Decimal(row["actual_2023"]),
    )
