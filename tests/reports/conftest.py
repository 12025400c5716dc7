"""A meeting whose report can be made: two dimensions with figures, two answers."""

import pytest

from evaluations.models import Meeting
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = factories.make_meeting(cast.agency, cast.rival_agency)
    period = factories.make_period()
    for owner, dimension, actual in (
        (cast.agency, "SL", "87.5"),
        (cast.rival_agency, "SS", "60"),
    ):
        activity = factories.make_activity(owner, dimension=dimension, budget=1_250_000_000)
        factories.make_entry(
            activity, period, status="verified", by=cast.head, verified_by=cast.secretary,
            actual=actual, spent=1_000_000_000,
        )  # fmt: skip
    factories.make_evaluation(meeting, "SL", cast.member, scores=(3, 4), recommendation="Lanjut.")
    factories.make_evaluation(meeting, "SL", cast.other_member, scores=(2, 4), comment="Cukup.")
    return meeting
