"""The annex explains each number of the report, from what is frozen with it."""

from datetime import datetime, timezone

from django.utils import translation

from evaluations.models import Meeting
from programs.models import Indicator, IndicatorValue, Program
from programs.summaries import recount_all
from reports import pdf
from reports.annex import explained_programs
from reports.contents import ReportContents, collect, freeze, thaw
from tests import factories
from tests.conftest import Cast

AT = datetime(2024, 6, 5, 1, 30, tzinfo=timezone.utc)  # noqa: UP017


def html_of(meeting: Meeting) -> str:
    return pdf.report_html(collect(meeting, at=AT))


def test_each_indicator_stands_with_its_calculation_and_its_verifier(meeting: Meeting) -> None:
    html = html_of(meeting)

    assert "87,5 ÷ 100 × 100 = 87,50%" in html
    assert "60 ÷ 100 × 100 = 60,00%" in html
    assert "87,50% ÷ 1 = 87,50%" in html
    assert "147,50% ÷ 2 = 73,75%" in html
    assert "oleh Sekretaris, terakhir" in html


def test_what_is_left_out_of_a_mean_says_why(cast: Cast, meeting: Meeting) -> None:
    activity = factories.make_activity(cast.agency, program=Program.objects.earliest("pk"))
    factories.make_entry(
        activity,
        factories.make_period(),
        status="verified",
        by=cast.head,
        verified_by=cast.secretary,
        actual=None,
    )

    assert "Tidak ada yang dilaporkan" in html_of(meeting)


def test_the_annex_of_a_frozen_report_stays_as_it_was(meeting: Meeting) -> None:
    frozen = freeze(collect(meeting, at=AT))

    IndicatorValue.objects.update(actual_value=1)
    Indicator.objects.update(name="Lain", polarity="minimize")
    recount_all()

    contents = thaw(ReportContents, frozen)
    with translation.override("id"):
        lines = [
            line.calculation
            for program in explained_programs(contents.figures, contents.method)
            for line in program.lines
        ]
    assert sorted(lines) == ["60 ÷ 100 × 100 = 60,00%", "87,5 ÷ 100 × 100 = 87,50%"]


def test_contents_frozen_before_there_was_an_annex_still_thaw(meeting: Meeting) -> None:
    frozen = freeze(collect(meeting, at=AT))
    for dimension in frozen["figures"]["dimensions"]:
        for program in dimension["programs"]:
            del program["activities"], program["key"], program["light"]
            for indicator in program["indicators"]:
                del indicator["quarters"], indicator["aggregation"], indicator["revision"]

    assert pdf.report_html(thaw(ReportContents, frozen))
