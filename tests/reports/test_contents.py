"""What the report says is frozen, complete, and the same as the page."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluations.models import (
    Attendance,
    Criterion,
    CriterionScore,
    DimensionEvaluation,
    Meeting,
    Rubric,
)
from programs.figures import year_figures
from programs.models import (
    ActivityYear,
    AnnualTarget,
    Indicator,
    IndicatorValue,
    PerformanceScale,
    Program,
    ProgressEntry,
    ScoringMethod,
)
from reports import services
from reports.contents import ReportContents, collect, freeze, thaw
from reports.models import ReportVersion
from tests import factories
from tests.conftest import Cast


def contents_of(meeting: Meeting, at: datetime | None = None) -> ReportContents:
    found = Meeting.objects.select_related("rubric", "masterplan").get(pk=meeting.pk)
    return collect(found, at=at or timezone.now())


def test_frozen_contents_thaw_to_the_same_contents(meeting: Meeting) -> None:
    contents = contents_of(meeting)

    frozen = freeze(contents)

    assert thaw(ReportContents, frozen) == contents
    assert thaw(ReportContents, json.loads(json.dumps(frozen))) == contents


def test_what_is_unknown_stays_unknown_when_frozen(cast: Cast, meeting: Meeting) -> None:
    factories.make_dimension("EN")
    factories.make_activity(cast.agency, dimension="SG", budget=0)
    Criterion.objects.create(rubric=meeting.rubric, position=3, title="Baru", weight=1)

    contents = contents_of(meeting)

    governance, *_rest = contents.figures.dimensions
    assert governance.achieved.percent is None
    assert governance.money.absorption is None
    assert contents.scores[0].score is None
    assert thaw(ReportContents, json.loads(json.dumps(freeze(contents)))) == contents


def test_the_contents_kept_with_a_version_are_those_it_was_made_from(
    cast: Cast, meeting: Meeting
) -> None:
    services.run_job(services.request_report(meeting, by=cast.secretary).pk)

    version = ReportVersion.objects.get()

    kept = thaw(ReportContents, version.contents)
    assert kept == contents_of(meeting, at=version.created_at)
    assert kept.fingerprint() == version.contents_sha256


def test_the_fingerprint_is_of_what_is_said_and_not_of_when(meeting: Meeting) -> None:
    now = timezone.now()

    first = contents_of(meeting, at=now).fingerprint()
    later = contents_of(meeting, at=now + timedelta(days=1)).fingerprint()

    assert first == later


CHANGES: dict[str, Callable[[], object]] = {
    "an actual value": lambda: IndicatorValue.objects.filter(actual_value=60).update(
        actual_value=Decimal("60.01")
    ),
    "a target": lambda: AnnualTarget.objects.update(value=99),
    "the polarity": lambda: Indicator.objects.update(polarity="minimize"),
    "an indicator's name": lambda: Indicator.objects.update(name="lain"),
    "a unit": lambda: Indicator.objects.update(unit="%"),
    "a budget": lambda: ActivityYear.objects.update(
        budget_revised=1, budget_revised_on=date(2023, 10, 1)
    ),
    "money spent": lambda: ProgressEntry.objects.update(budget_spent=1_000_000_001),
    "a verification": lambda: ProgressEntry.objects.update(
        status="submitted", verified_by=None, verified_at=None
    ),
    "a programme's title": lambda: Program.objects.update(title="lain"),
    "the demo mark": lambda: Program.objects.update(is_demo=True),
    "a score": lambda: CriterionScore.objects.filter(score=2).update(score=1),
    "a comment": lambda: DimensionEvaluation.objects.update(comment="lain"),
    "a recommendation": lambda: DimensionEvaluation.objects.update(recommendation="lain"),
    "an answer taken back": lambda: DimensionEvaluation.objects.update(status="draft"),
    "a weight": lambda: [
        Criterion.objects.filter(position=place).update(weight=50) for place in (1, 2)
    ],
    "the scale": lambda: Rubric.objects.update(scale_max=5),
    "the rules' source": lambda: ScoringMethod.objects.create(
        masterplan=Meeting.objects.get().masterplan,
        from_year=2019,
        scale=PerformanceScale.objects.create(name="Tabel"),
        source="Perwali",
    ).scale.bands.create(code="all", letter="A", label="Semua", lower=0, tone="good"),
    "the place": lambda: Meeting.objects.update(place="lain"),
    "who was there": lambda: Attendance.objects.create(
        meeting=Meeting.objects.get(), group="host", name="Walikota"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_fingerprint_changes_with_everything_the_report_says(
    meeting: Meeting, change: Callable[[], object]
) -> None:
    before = contents_of(meeting).fingerprint()

    change()

    assert contents_of(meeting).fingerprint() != before


def test_what_the_report_does_not_say_leaves_the_fingerprint_alone(
    cast: Cast, meeting: Meeting
) -> None:
    before = contents_of(meeting).fingerprint()
    activity = Program.objects.filter(owner=cast.agency)[0].activities.all()[0]

    factories.make_entry(activity, factories.make_period(quarter=3), actual="1", spent=1)
    factories.make_entry(
        activity, factories.make_period(2022), status="verified", by=cast.head,
        verified_by=cast.secretary, actual="1", spent=1,
    )  # fmt: skip
    factories.make_evaluation(meeting, "SS", cast.member, scores=(1, 1), status="draft")
    Meeting.objects.update(status="finalised")

    assert contents_of(meeting).fingerprint() == before


def test_the_figures_are_those_of_the_page(meeting: Meeting) -> None:
    contents = contents_of(meeting)

    assert contents.figures == year_figures(Program.objects.all(), 2023)
    assert contents.best is not None
    assert contents.worst is not None
    assert (contents.best.code, contents.worst.code) == ("SL", "SS")


def test_only_the_meetings_masterplan_is_reported(cast: Cast, meeting: Meeting) -> None:
    other = factories.make_program(cast.agency)
    Program.objects.filter(pk=other.pk).update(masterplan=factories.make_later_masterplan())

    programs = contents_of(meeting).figures.programs

    assert other.code not in {one.code for one in programs}
    assert len(programs) == 2


def test_scores_are_means_over_members_weighted_by_the_rubric(meeting: Meeting) -> None:
    (scores,) = contents_of(meeting).scores

    # (3 + 2) / 2 = 2.5 at 60 %, (4 + 4) / 2 = 4 at 40 %: 1.5 + 1.6
    assert [row.mean_score for row in scores.criteria] == [Decimal("2.5"), Decimal(4)]
    assert scores.score == Decimal("3.1")
    assert scores.recommendations == ("Lanjut.",)
    assert scores.comments == ("Cukup.",)


def test_there_is_a_chapter_for_each_dimension_even_if_nobody_scored_it(meeting: Meeting) -> None:
    factories.make_dimension("EN")

    chapters = contents_of(meeting).chapters

    assert [(one.figures.code, one.scores is not None) for one in chapters] == [
        ("SS", False),
        ("SL", True),
        ("EN", False),
    ]


@pytest.mark.parametrize("marked", [Program, Meeting, DimensionEvaluation])
def test_demo_data_mark_the_whole_report(meeting: Meeting, marked: type[Program]) -> None:
    assert not contents_of(meeting).has_demo_data

    marked.objects.update(is_demo=True)

    assert contents_of(meeting).has_demo_data
