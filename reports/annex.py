"""The report's annex: every number of the year with its calculation, from the frozen figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ambon_smartcity.templatetags.portal import number
from programs import explain, scoring
from programs.figures import ProgramFigures, YearFigures
from reports.contents import Method


@dataclass(frozen=True)
class ExplainedIndicator:
    title: str
    quarters: tuple[str, ...]
    roll_up: str
    calculation: str


@dataclass(frozen=True)
class VerifiedActivity:
    """Which quarters of an activity were verified, by whom, and when the last was."""

    code: str
    quarters: tuple[int, ...]
    by: tuple[str, ...]
    last_at: datetime


@dataclass(frozen=True)
class ExplainedProgram:
    explanation: explain.Explanation
    lines: tuple[ExplainedIndicator, ...]
    verified: tuple[VerifiedActivity, ...]


def explained_programs(figures: YearFigures, method: Method) -> Iterator[ExplainedProgram]:
    """Yield each programme of the report with its indicators' calculations."""
    rules = rules_of(method)
    for program in figures.programs:
        yield ExplainedProgram(
            explanation=explain.explain_program(program, rules),
            lines=tuple(_lines(program)),
            verified=tuple(_verified(program)),
        )


def rules_of(method: Method) -> scoring.Method:
    """Return the frozen rules as far as an explanation needs them."""
    return scoring.Method(cap=method.cap)


def _lines(program: ProgramFigures) -> Iterator[ExplainedIndicator]:
    nihil = {
        (activity.code, report.quarter)
        for activity in program.activities
        for report in activity.reports
        if report.is_nil
    }
    for one in program.indicators:
        yield ExplainedIndicator(
            title=f"{one.code} {one.name}",
            quarters=tuple(
                _("nihil") if (one.activity, quarter) in nihil else number(value)
                for quarter, value in enumerate(one.quarters, 1)
            ),
            roll_up=explain.roll_up_of(one.aggregation) if one.aggregation else "",
            calculation=explain.calculation_of(one),
        )


def _verified(program: ProgramFigures) -> Iterator[VerifiedActivity]:
    for activity in program.activities:
        if activity.reports:
            yield VerifiedActivity(
                code=activity.code,
                quarters=tuple(one.quarter for one in activity.reports),
                by=tuple(dict.fromkeys(one.verified_by for one in activity.reports)),
                last_at=max(one.verified_at for one in activity.reports),
            )
