"""What a meeting's report says: frozen dataclasses, kept as JSON, from which the PDF is made."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from evaluations.figures import DimensionScores, council_scores
from evaluations.models import Attendance, Meeting
from programs.figures import DimensionFigures, YearFigures, year_figures
from programs.models import Program
from programs.readings import Reading, methods_in
from programs.scoring import STANDARD

T = TypeVar("T")


@dataclass(frozen=True)
class Participant:
    group: str
    name: str
    position: str
    organization: str


@dataclass(frozen=True)
class MeetingFacts:
    title: str
    stage: str
    held_on: date
    place: str
    organizer: str
    opened_by: str
    purpose: str
    evaluated_year: int
    masterplan: str
    source: str
    participants: tuple[Participant, ...]


@dataclass(frozen=True)
class ClassRow:
    """A class of the scale as it was when the report was made."""

    code: str
    letter: str
    lower: int
    label: str = ""


@dataclass(frozen=True)
class Method:
    """The rules the figures were made by; `cap` is None where averages are not capped."""

    scale_name: str
    classes: tuple[ClassRow, ...]
    cap: Decimal | None
    score_max: int
    source: str = ""


@dataclass(frozen=True)
class Chapter:
    """One dimension: its figures, and what the council said if anybody did."""

    figures: DimensionFigures
    scores: DimensionScores | None


@dataclass(frozen=True)
class ReportContents:
    """Everything the report prints. Names and rules are copied in, so it never changes."""

    generated_at: datetime
    meeting: MeetingFacts
    method: Method
    figures: YearFigures
    scores: tuple[DimensionScores, ...]
    has_demo_data: bool

    @property
    def chapters(self) -> list[Chapter]:
        by_code = {one.code: one for one in self.scores}
        return [Chapter(one, by_code.get(one.code)) for one in self.figures.dimensions]

    @property
    def _ranked(self) -> list[DimensionFigures]:
        rated = [one for one in self.figures.dimensions if one.achieved.percent is not None]
        return sorted(rated, key=lambda one: one.achieved.percent or 0)

    @property
    def best(self) -> DimensionFigures | None:
        return self._ranked[-1] if self._ranked else None

    @property
    def worst(self) -> DimensionFigures | None:
        return self._ranked[0] if self._ranked else None

    @property
    def answers(self) -> int:
        return sum(one.answers for one in self.scores)

    def fingerprint(self) -> str:
        """Return the SHA-256 of what it says, whenever it was collected."""
        timeless = replace(self, generated_at=datetime.min)  # noqa: DTZ901
        text = json.dumps(freeze(timeless), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def collect(meeting: Meeting, *, at: datetime) -> ReportContents:
    """Read the report's contents from the database as they are now."""
    figures = year_figures(
        Program.objects.filter(masterplan=meeting.masterplan_id), meeting.evaluated_year
    )
    scores = tuple(council_scores(meeting).values())
    return ReportContents(
        generated_at=at,
        meeting=_facts(meeting),
        method=_method(meeting),
        figures=figures,
        scores=scores,
        has_demo_data=figures.has_demo_data
        or meeting.is_demo
        or any(one.has_demo_data for one in scores),
    )


def _method(meeting: Meeting) -> Method:
    rules = methods_in(Reading(meeting.evaluated_year)).get(meeting.masterplan_id, STANDARD)
    return Method(
        scale_name=rules.scale.name,
        classes=tuple(
            ClassRow(one.code, one.letter, one.lower, one.label) for one in rules.scale.bands
        ),
        cap=rules.cap,
        score_max=meeting.rubric.scale_max,
        source=rules.source,
    )


def _facts(meeting: Meeting) -> MeetingFacts:
    return MeetingFacts(
        title=meeting.title,
        stage=meeting.stage,
        held_on=meeting.held_on,
        place=meeting.place,
        organizer=meeting.organizer,
        opened_by=meeting.opened_by,
        purpose=meeting.purpose,
        evaluated_year=meeting.evaluated_year,
        masterplan=str(meeting.masterplan),
        source=meeting.source,
        participants=tuple(
            _participant(one) for one in meeting.attendances.select_related("organization")
        ),
    )


def _participant(attendance: Attendance) -> Participant:
    organization = attendance.organization
    return Participant(
        group=attendance.group,
        name=attendance.name,
        position=attendance.position,
        organization=organization.official_name if organization else "",
    )


def freeze(value: Any) -> Any:
    """Turn contents into plain JSON: dataclasses to objects, tuples to lists, numbers to text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: freeze(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [freeze(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def thaw(kind: type[T], plain: Any) -> T:
    """Turn frozen JSON back into the dataclass it came from, by the types of its fields.

    A field that was not there yet when it was frozen takes its default.
    """
    hints = get_type_hints(kind)
    values = {
        field.name: _thaw(hints[field.name], plain[field.name])
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name in plain
    }
    return kind(**values)


def _thaw(hint: Any, plain: Any) -> Any:
    if get_origin(hint) is UnionType:
        if plain is None:
            return None
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_thaw(get_args(hint)[0], one) for one in plain)
    if is_dataclass(hint) and isinstance(hint, type):
        return thaw(hint, plain)
    if hint is Decimal:
        return Decimal(plain)
    if hint in {date, datetime}:
        return hint.fromisoformat(plain)
    return plain
