"""Where an activity stands in a quarter: every entry in every period, before and after the day."""

from datetime import date
from itertools import product

import pytest

from programs.models import ProgressEntry, ReportingPeriod
from programs.states import ReportState, report_state, silence

DUE = date(2024, 4, 15)
EARLY, LATE = date(2024, 4, 14), date(2024, 4, 16)

# Status of the period, its due date, today. An open period always has a due date.
TIMES = {
    "planned, no day set": ("planned", None, LATE),
    "planned, before the day": ("planned", DUE, EARLY),
    "planned, after the day": ("planned", DUE, LATE),
    "open, before the day": ("open", DUE, EARLY),
    "open, on the day": ("open", DUE, DUE),
    "open, after the day": ("open", DUE, LATE),
    "closed, before the day": ("closed", DUE, EARLY),
    "closed, on the day": ("closed", DUE, DUE),
    "closed, after the day": ("closed", DUE, LATE),
    "closed, no day set": ("closed", None, LATE),
}
SILENT = ["not_due"] * 5 + ["late"] + ["not_reported"] * 4

# Entry, nihil, and its state at each of the times above.
TABLE = [
    (None, False, SILENT),
    ("draft", False, SILENT),
    ("draft", True, SILENT),
    ("submitted", False, ["waiting"] * 10),
    ("submitted", True, ["waiting"] * 10),
    ("returned", False, ["returned"] * 10),
    ("returned", True, ["returned"] * 10),
    ("verified", False, ["verified"] * 10),
    ("verified", True, ["nihil"] * 10),
]


@pytest.mark.parametrize(
    ("entry_status", "is_nil", "time", "state"),
    [
        pytest.param(status, is_nil, time, state, id=f"{status}{' nihil' * is_nil}, {time}")
        for status, is_nil, states in TABLE
        for time, state in zip(TIMES, states, strict=True)
    ],
)
def test_the_state_of_an_activity_in_a_period(
    entry_status: str | None, is_nil: bool, time: str, state: str
) -> None:
    period_status, due_on, today = TIMES[time]

    found = report_state(
        entry_status, is_nil=is_nil, period_status=period_status, due_on=due_on, today=today
    )

    assert found == ReportState(state)


def test_the_table_leaves_no_entry_and_no_period_out() -> None:
    assert {status for status, _is_nil, _states in TABLE} == {None, *ProgressEntry.Status.values}
    assert {status for status, _due, _today in TIMES.values()} == set(ReportingPeriod.Status.values)


def test_every_state_occurs() -> None:
    assert {state for _status, _is_nil, states in TABLE for state in states} == set(ReportState)


@pytest.mark.parametrize("time", TIMES)
def test_a_draft_is_as_silent_as_no_entry(time: str) -> None:
    period_status, due_on, today = TIMES[time]
    quiet = silence(period_status=period_status, due_on=due_on, today=today)

    for status, is_nil in product([None, "draft"], [False, True]):
        assert quiet == report_state(
            status, is_nil=is_nil, period_status=period_status, due_on=due_on, today=today
        )


@pytest.mark.parametrize("state", ReportState)
def test_no_state_is_a_number(state: ReportState) -> None:
    assert isinstance(state, str)
    assert not isinstance(state, int)
    assert state.value.replace("_", "").isalpha()
    with pytest.raises(ValueError, match=state):
        float(state)
