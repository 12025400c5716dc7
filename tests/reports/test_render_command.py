"""`manage.py render_report`: the report without the web."""

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluations.models import Meeting
from reports import services
from reports.models import ReportJob, ReportVersion
from tests.conftest import Cast
from tests.reports.test_pdf import text_of

# When it was made, and the number only a kept version has.
MADE_AT = re.compile(r"pada \d+ \w+ \d{4}, \d+\.\d\d WIT( · versi \d+)?")


def test_it_writes_the_words_and_figures_of_the_kept_version(
    cast: Cast, meeting: Meeting, tmp_path: Path
) -> None:
    services.run_job(services.request_report(meeting, by=cast.secretary).pk)
    output = tmp_path / "laporan.pdf"

    call_command("render_report", meeting="rakor", output=output)

    made, kept = text_of(output.read_bytes()), text_of(ReportVersion.objects.get().file.read())
    assert "versi 1" in kept
    assert "versi" not in made
    assert MADE_AT.sub("", made) == MADE_AT.sub("", kept)


def test_it_says_where_the_file_is_and_leaves_no_trace_in_the_portal(
    meeting: Meeting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "laporan.pdf"

    call_command("render_report", meeting="rakor", output=output)

    assert capsys.readouterr().out.strip() == f"{output}: {output.stat().st_size} byte"
    assert not ReportJob.objects.exists()
    assert not ReportVersion.objects.exists()


def test_an_unknown_meeting_is_named_with_those_that_exist(
    meeting: Meeting, tmp_path: Path
) -> None:
    output = tmp_path / "laporan.pdf"

    with pytest.raises(CommandError, match=r"'bukan'.*rakor"):
        call_command("render_report", meeting="bukan", output=output)

    assert not output.exists()


@pytest.mark.django_db
def test_without_any_meeting_the_command_says_so_too(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="'rakor'"):
        call_command("render_report", meeting="rakor", output=tmp_path / "laporan.pdf")
