"""Write every figure of a year as one document, for who checks or reuses them."""

import json
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ambon_smartcity.rounding import round_half_up
from dimensions.models import Masterplan
from programs.figures import (
    Achieved,
    ActivityFigures,
    DimensionFigures,
    IndicatorFigures,
    Money,
    ProgramFigures,
    YearFigures,
    year_figures,
)
from programs.models import Activity, Program, ProgressEntry, ReportingPeriod
from programs.states import ReportState, report_state
from programs.summaries import years_of

Json = dict[str, Any]
# Activity -> quarter -> state; only quarters in which the activity owes a report.
Cells = dict[int, dict[int, ReportState]]


class Command(BaseCommand):
    help = "Print every figure of a year as the pages show it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="read the figures as of this day (2024-06-04)"
        )
        parser.add_argument("--masterplan", type=int, help="its key; else the one of the year")
        parser.add_argument("--format", choices=["json"], default="json")

    def handle(
        self, *_args: Any, year: int, as_of: date | None, masterplan: int | None, **_options: Any
    ) -> None:
        plan = find_masterplan(masterplan, year)
        figures = year_figures(Program.objects.filter(masterplan=plan), year, as_of=as_of)
        today = timezone.localdate()
        document = document_of(plan, figures, cells_of(figures, today), today)
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def find_masterplan(key: int | None, year: int) -> Masterplan:
    """Return the masterplan asked for, else the latest one that spans the year."""
    if key is None:
        plan = Masterplan.objects.filter(start_year__lte=year, end_year__gte=year).first()
        if plan is None:
            message = f"Tidak ada masterplan yang mencakup tahun {year}."
            raise CommandError(message)
        return plan
    plan = Masterplan.objects.filter(pk=key).first()
    if plan is None:
        message = f"Masterplan nomor {key} tidak ada."
        raise CommandError(message)
    if year not in years_of(plan):
        message = f"{plan} tidak mencakup tahun {year}."
        raise CommandError(message)
    return plan


def cells_of(figures: YearFigures, today: date) -> Cells:
    """Return where each activity of the year stands today in each of its quarters.

    A quarter that began after an activity was archived is none of its own.
    """
    periods = list(ReportingPeriod.objects.filter(year=figures.year))
    entries = {
        (activity, period): (status, is_nil)
        for activity, period, status, is_nil in ProgressEntry.objects.filter(
            period__in=periods
        ).values_list("activity_id", "period_id", "status", "is_nil")
    }
    archived = {
        one.pk: one.archived_on or date.max
        for one in Activity.objects.filter(archived_on__isnull=False)
    }
    cells: Cells = defaultdict(dict)
    activities = [one.key for program in figures.programs for one in program.activities]
    for activity, period in product(activities, periods):
        if archived.get(activity, date.max) >= period.starts_on:
            status, is_nil = entries.get((activity, period.pk), (None, False))
            cells[activity][period.quarter] = report_state(
                status,
                is_nil=is_nil,
                period_status=period.status,
                due_on=period.due_on,
                today=today,
            )
    return cells


def document_of(plan: Masterplan, figures: YearFigures, cells: Cells, today: date) -> Json:
    """Return the whole document; its figures may be a past day's, its states are today's."""
    return {
        "year": figures.year,
        "as_of": figures.as_of.isoformat() if figures.as_of else None,
        "states_on": today.isoformat(),
        "masterplan": str(plan),
        "city": _city(figures, cells),
        "dimensions": [_dimension(one, cells) for one in figures.dimensions],
        "programs": [
            _program(program, dimension, cells)
            for dimension in figures.dimensions
            for program in dimension.programs
        ],
        "activities": [
            _activity(activity, program, cells)
            for program in figures.programs
            for activity in program.activities
        ],
        "indicators": [
            _indicator(indicator, program)
            for program in figures.programs
            for indicator in program.indicators
        ],
    }


def _city(figures: YearFigures, cells: Cells) -> Json:
    return {
        **_achieved(figures.achieved),
        "achievement_by_dimension": percent(figures.achieved_by_dimension.percent),
        **_money(figures.money),
        "programs": len(figures.programs),
        "indicators": figures.indicator_count,
        "states": _states(figures.programs, cells),
    }


def _dimension(one: DimensionFigures, cells: Cells) -> Json:
    return {
        "code": one.code,
        "name": one.name,
        **_achieved(one.achieved),
        **_money(one.money),
        "states": _states(one.programs, cells),
    }


def _program(one: ProgramFigures, dimension: DimensionFigures, cells: Cells) -> Json:
    return {
        "code": one.code,
        "title": one.title,
        "dimension": dimension.code,
        "owner": one.owner,
        **_achieved(one.achieved),
        **_money(one.money),
        "deviation": percent(one.deviation),
        "light": one.light or None,
        "states": _states([one], cells),
    }


def _activity(one: ActivityFigures, program: ProgramFigures, cells: Cells) -> Json:
    return {
        "code": one.code,
        "title": one.title,
        "program": program.code,
        **_achieved(one.achieved),
        **_money(one.money),
        "deviation": percent(one.progress.deviation),
        "light": one.progress.light or None,
        "states": {str(quarter): state for quarter, state in cells.get(one.key, {}).items()},
    }


def _indicator(one: IndicatorFigures, program: ProgramFigures) -> Json:
    return {
        "code": one.code,
        "name": one.name,
        "activity": one.activity,
        "program": program.code,
        "unit": one.unit,
        "polarity": one.polarity,
        "aggregation": one.aggregation,
        "target": plain(one.target),
        "actual": plain(one.actual),
        **_achieved(one.achieved),
    }


def _achieved(achieved: Achieved) -> Json:
    return {"achievement": percent(achieved.percent), "class": achieved.class_code or None}


def _money(money: Money) -> Json:
    return {"budget": money.budget, "spent": money.spent, "absorption": percent(money.absorption)}


def _states(programs: Iterable[ProgramFigures], cells: Cells) -> dict[str, int]:
    """Count the cells below these programmes by state; every state is named, also with 0."""
    found = [
        state
        for program in programs
        for activity in program.activities
        for state in cells.get(activity.key, {}).values()
    ]
    return {state.value: found.count(state) for state in ReportState}


def percent(value: Decimal | None) -> str | None:
    """Write two decimals as a page does; the zero takes the sign from what rounds to -0.00."""
    return None if value is None else str(round_half_up(value) + 0)


def plain(value: Decimal | None) -> str | None:
    """Write a number without the zeros a column adds: 40 and 40.0000 are one number."""
    return None if value is None else format(value.normalize(), "f")
