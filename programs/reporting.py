"""Who has reported: the map of organisations and quarters, and one activity's quarters."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dimensions.models import Organization
from programs.models import OrganizationPeriod, ProgressEntry, ReportingPeriod
from programs.states import ReportState, report_state, silence

# What somebody has to act on comes first; a cell shows the first of its states.
URGENCY = (
    ReportState.LATE,
    ReportState.RETURNED,
    ReportState.NOT_REPORTED,
    ReportState.WAITING,
    ReportState.NOT_DUE,
    ReportState.NIHIL,
    ReportState.VERIFIED,
)


def state_label(state: str) -> str:
    return {
        ReportState.NOT_DUE: _("not due yet"),
        ReportState.LATE: _("late"),
        ReportState.NOT_REPORTED: _("never reported"),
        ReportState.WAITING: _("waiting for verification"),
        ReportState.RETURNED: _("returned"),
        ReportState.NIHIL: _("nothing happened (nihil)"),
        ReportState.VERIFIED: _("verified"),
    }[ReportState(state)]


def state_letter(state: str) -> str:
    """Write a state as one letter, each its own."""
    return {
        ReportState.NOT_DUE: pgettext("letter of a report state: not due", "·"),
        ReportState.LATE: pgettext("letter of a report state: late", "L"),
        ReportState.NOT_REPORTED: pgettext("letter of a report state: never reported", "X"),
        ReportState.WAITING: pgettext("letter of a report state: waiting", "W"),
        ReportState.RETURNED: pgettext("letter of a report state: returned", "R"),
        ReportState.NIHIL: pgettext("letter of a report state: nihil", "N"),
        ReportState.VERIFIED: pgettext("letter of a report state: verified", "V"),
    }[ReportState(state)]


@dataclass(frozen=True)
class StateMark:
    """A state as a cell shows it."""

    state: str

    @property
    def letter(self) -> str:
        return state_letter(self.state)

    @property
    def label(self) -> str:
        return state_label(self.state)


LEGEND = tuple(StateMark(state) for state in reversed(URGENCY))


@dataclass(frozen=True)
class Cell:
    """One organisation in one quarter: how many of its activities stand in which state."""

    counts: dict[ReportState, int]

    @property
    def expected(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        return self.counts.get(ReportState.VERIFIED, 0) + self.counts.get(ReportState.NIHIL, 0)

    @property
    def mark(self) -> StateMark:
        return StateMark(next(state for state in URGENCY if self.counts.get(state)))

    @property
    def words(self) -> str:
        """Return "3 verified, 1 late" for those who do not see the colour."""
        found = [state for state in reversed(URGENCY) if self.counts.get(state)]
        return ", ".join(f"{self.counts[state]} {state_label(state)}" for state in found)


@dataclass(frozen=True)
class MapRow:
    """One organisation's line; a cell is None where it owes nothing."""

    organization: Organization
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class ReportingMap:
    periods: tuple[ReportingPeriod, ...]
    rows: tuple[MapRow, ...]

    def only(self, state: str) -> "ReportingMap":
        """Return the lines that have a quarter with something in this state."""
        wanted = ReportState(state)
        rows = [
            row for row in self.rows if any(cell and cell.counts.get(wanted) for cell in row.cells)
        ]
        return ReportingMap(self.periods, tuple(rows))

    @property
    def totals(self) -> tuple[Cell | None, ...]:
        """Return each quarter over all organisations."""
        return tuple(
            _together(row.cells[at] for row in self.rows) for at in range(len(self.periods))
        )


def reporting_map(counts: Iterable[OrganizationPeriod], today: date) -> ReportingMap:
    """Return the map of these counts (with their organisation and period loaded)."""
    found: dict[Organization, dict[ReportingPeriod, Cell]] = defaultdict(dict)
    periods: set[ReportingPeriod] = set()
    for row in counts:
        periods.add(row.period)
        found[row.organization][row.period] = cell_of(row, today)
    columns = tuple(sorted(periods, key=lambda one: (one.year, one.quarter)))
    rows = tuple(
        MapRow(organization, tuple(cells.get(period) for period in columns))
        for organization, cells in sorted(found.items(), key=lambda one: one[0].short_name)
    )
    return ReportingMap(columns, rows)


def cell_of(row: OrganizationPeriod, today: date) -> Cell:
    silent = silence(period_status=row.period.status, due_on=row.period.due_on, today=today)
    counts: dict[ReportState, int] = defaultdict(int)
    counts[silent] += row.silent
    for state, number in (
        (ReportState.WAITING, row.submitted),
        (ReportState.RETURNED, row.returned),
        (ReportState.VERIFIED, row.verified),
        (ReportState.NIHIL, row.nihil),
    ):
        counts[state] += number
    return Cell({state: number for state, number in counts.items() if number > 0})


def _together(cells: Iterable[Cell | None]) -> Cell | None:
    counts: dict[ReportState, int] = defaultdict(int)
    for cell in cells:
        for state, number in cell.counts.items() if cell else ():
            counts[state] += number
    return Cell(dict(counts)) if counts else None


@dataclass(frozen=True)
class QuarterState:
    """One activity in one quarter; `entry` is None where the person may not see it or none is."""

    period: ReportingPeriod
    mark: StateMark
    entry: ProgressEntry | None


def activity_quarters(
    periods: Iterable[ReportingPeriod],
    entries: dict[int, ProgressEntry],
    seen: set[int],
    today: date,
) -> list[QuarterState]:
    """Return an activity's quarters: `entries` by period, `seen` the entries one may open."""
    found = []
    for period in periods:
        entry = entries.get(period.pk)
        state = report_state(
            entry.status if entry else None,
            is_nil=bool(entry and entry.is_nil),
            period_status=period.status,
            due_on=period.due_on,
            today=today,
        )
        visible = entry if entry and entry.pk in seen else None
        found.append(QuarterState(period, StateMark(state), visible))
    return found
