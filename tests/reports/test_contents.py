"""What the report says is frozen, complete, and the same as the page."""

import json
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from evaluations.models import Meeting
from programs.figures import year_figures
from programs.models import IndicatorValue, Program
from reports.contents import ReportContents, collect, freeze, thaw


def test_frozen_contents_thaw_to_the_same_contents(meeting: Meeting) -> None:
    contents = collect(meeting, at=timezone.now())

    assert thaw(ReportContents, json.loads(json.dumps(freeze(contents)))) == contents


def test_the_fingerprint_is_of_what_is_said_and_not_of_when(meeting: Meeting) -> None:
    now = timezone.now()

    first = collect(meeting, at=now).fingerprint()
    later = collect(meeting, at=now + timedelta(days=1)).fingerprint()
    IndicatorValue.objects.filter(actual_value=60).update(actual_value=Decimal("60.01"))
    changed = collect(meeting, at=now).fingerprint()

    assert first == later
    assert first != changed


def test_the_figures_are_those_of_the_page(meeting: Meeting) -> None:
    contents = collect(meeting, at=timezone.now())

    assert contents.figures == year_figures(Program.objects.all(), 2023)
    assert contents.best is not None
    assert contents.worst is not None
    assert (contents.best.code, contents.worst.code) == ("SL", "SS")


def test_scores_are_means_over_members_weighted_by_the_rubric(meeting: Meeting) -> None:
    (scores,) = collect(meeting, at=timezone.now()).scores

    # (3 + 2) / 2 = 2.5 at 60 %, (4 + 4) / 2 = 4 at 40 %: 1.5 + 1.6
    assert [row.mean_score for row in scores.criteria] == [Decimal("2.5"), Decimal(4)]
    assert scores.score == Decimal("3.1")
    assert scores.recommendations == ("Lanjut.",)
    assert scores.comments == ("Cukup.",)


def test_demo_data_mark_the_whole_report(meeting: Meeting) -> None:
    assert not collect(meeting, at=timezone.now()).has_demo_data

    Program.objects.filter(code__startswith="SS").update(is_demo=True)

    assert collect(meeting, at=timezone.now()).has_demo_data
