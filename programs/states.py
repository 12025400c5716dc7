"""Where one activity stands in one quarter. Silence and "nothing happened" are never a zero."""

from datetime import date
from enum import StrEnum


class ReportState(StrEnum):
    """The states a cell of the reporting map can have.

    Besides the six that end a matter there is WAITING: handed in, not looked at yet.
    """

    NOT_DUE = "not_due"
    LATE = "late"
    NOT_REPORTED = "not_reported"
    WAITING = "waiting"
    RETURNED = "returned"
    NIHIL = "nihil"
    VERIFIED = "verified"


def silence(*, period_status: str, due_on: date | None, today: date) -> ReportState:
    """Return what it means that nothing was handed in: not due yet, late, or never reported."""
    if period_status == "closed":
        return ReportState.NOT_REPORTED
    if period_status == "planned" or due_on is None or today <= due_on:
        return ReportState.NOT_DUE
    return ReportState.LATE


def report_state(
    entry_status: str | None,
    *,
    is_nil: bool,
    period_status: str,
    due_on: date | None,
    today: date,
) -> ReportState:
    """Return the state of an activity in a period; `entry_status` is None without an entry."""
    if entry_status == "verified":
        return ReportState.NIHIL if is_nil else ReportState.VERIFIED
    if entry_status == "returned":
        return ReportState.RETURNED
    if entry_status == "submitted":
        return ReportState.WAITING
    return silence(period_status=period_status, due_on=due_on, today=today)
