"""Making, following, publishing and downloading a report in the browser."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ambon_smartcity.http import Refused
from evaluations.models import Meeting
from programs.models import IndicatorValue
from reports import services
from reports.models import ReportJob, ReportVersion
from tests.conftest import Cast, SignIn


@pytest.fixture
def version(cast: Cast, meeting: Meeting) -> ReportVersion:
    job = services.request_report(meeting, by=cast.secretary)
    services.run_job(job.pk)
    return ReportVersion.objects.get()


@pytest.mark.parametrize(
    ("role", "status"), [("member", 403), ("head", 403), ("admin", 404), ("rival", 403)]
)
def test_only_the_secretariat_asks_for_a_report(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int
) -> None:
    answer = sign_in(getattr(cast, role)).post("/rapat/rakor/buat-laporan/")

    assert answer.status_code == status
    assert not ReportJob.objects.exists()


def test_pressing_twice_leads_to_the_same_job(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    browser = sign_in(cast.secretary)

    first, second = (browser.post("/rapat/rakor/buat-laporan/") for _ in range(2))

    assert first["Location"] == second["Location"]
    assert ReportJob.objects.count() == 1


def test_making_and_publishing_need_a_post(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    browser = sign_in(cast.secretary)

    assert browser.get("/rapat/rakor/buat-laporan/").status_code == 405
    assert browser.get(f"/laporan/{version.pk}/terbitkan/").status_code == 405


def test_a_visitor_who_presses_is_sent_to_sign_in(meeting: Meeting, client: SignIn) -> None:
    answer = client.post("/rapat/rakor/buat-laporan/")  # type: ignore[attr-defined]

    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/masuk/")


def test_the_page_of_a_job_shows_its_step_and_percent_and_asks_again_by_itself(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    ReportJob.objects.update(
        state="running", step="laying_out", percent=47, token=services.claim(job.pk),
        lease_until=timezone.now(),
    )  # fmt: skip

    page = sign_in(cast.secretary).get(job.get_absolute_url()).content.decode()

    assert 'value="47"' in page
    assert str(ReportJob.Step.LAYING_OUT.label) in page
    assert "hx-get" in page
    assert "<noscript>" in page


def test_a_failed_job_says_why_and_offers_to_try_again(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    job = services.request_report(meeting, by=cast.secretary)
    ReportJob.objects.update(state="failed", failure="Cakram penuh.")

    page = sign_in(cast.secretary).get(job.get_absolute_url()).content.decode()

    assert "Cakram penuh." in page
    assert "/rapat/rakor/buat-laporan/" in page
    assert "hx-get" not in page


def test_the_system_admin_sees_how_a_job_stands_but_no_draft(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    page = sign_in(cast.admin).get(version.job.get_absolute_url())

    assert page.status_code == 200
    assert "/unduh/" not in page.content.decode()


@pytest.mark.parametrize("role", ["member", "head", "rival", "operator", "admin"])
def test_a_draft_is_the_secretariats_alone_and_a_published_report_everybodys(
    cast: Cast, version: ReportVersion, sign_in: SignIn, role: str
) -> None:
    browser, path = sign_in(getattr(cast, role)), f"/laporan/{version.pk}/unduh/"

    assert browser.get(path).status_code == 404
    services.publish_version(version, by=cast.secretary)
    assert browser.get(path).status_code == 200


def test_the_download_is_the_stored_file_to_the_byte(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    answer = sign_in(cast.secretary).get(f"/laporan/{version.pk}/unduh/")

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert answer["Content-Disposition"] == 'attachment; filename="laporan-rakor-v1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("role", "status"), [("member", 404), ("head", 404), ("admin", 404)])
def test_nobody_but_the_secretariat_publishes(
    cast: Cast, version: ReportVersion, sign_in: SignIn, role: str, status: int
) -> None:
    answer = sign_in(getattr(cast, role)).post(f"/laporan/{version.pk}/terbitkan/")

    assert answer.status_code == status
    version.refresh_from_db()
    assert not version.is_published


def test_publishing_closes_the_evaluation_and_keeps_the_file(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    browser = sign_in(cast.secretary)

    first = browser.post(f"/laporan/{version.pk}/terbitkan/")
    again = browser.post(f"/laporan/{version.pk}/terbitkan/")

    version.refresh_from_db()
    assert (first.status_code, again.status_code) == (302, 409)
    assert version.published_by == cast.secretary
    assert version.meeting.is_finalised
    assert hashlib.sha256(version.file.read()).hexdigest() == version.sha256


def test_a_report_that_no_longer_says_what_the_data_say_is_not_published(
    cast: Cast, version: ReportVersion
) -> None:
    IndicatorValue.objects.update(actual_value=1)

    with pytest.raises(Refused):
        services.publish_version(version, by=cast.secretary)

    assert not Meeting.objects.get().is_finalised


def test_a_correction_is_the_next_version_and_the_first_stays(
    cast: Cast, version: ReportVersion
) -> None:
    services.publish_version(version, by=cast.secretary)
    before = version.file.read()

    services.run_job(services.request_report(version.meeting, by=cast.secretary).pk)

    assert [one.number for one in ReportVersion.objects.order_by("number")] == [1, 2]
    version.refresh_from_db()
    assert version.file.open("rb").read() == before


def test_an_operator_makes_the_same_pdf_without_the_web(
    meeting: Meeting, tmp_path_factory: pytest.TempPathFactory
) -> None:
    output = tmp_path_factory.mktemp("out") / "laporan.pdf"

    call_command("render_report", meeting="rakor", output=output)

    assert output.read_bytes().startswith(b"%PDF")


def test_an_unknown_meeting_is_named_with_those_that_exist(meeting: Meeting) -> None:
    with pytest.raises(CommandError, match="rakor"):
        call_command("render_report", meeting="bukan", output="x.pdf")
