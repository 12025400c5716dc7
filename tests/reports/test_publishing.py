"""From a draft of the secretariat's to a report that everybody reads and nobody changes."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client

from ambon_smartcity.http import Refused
from audit.models import AuditEntry
from evaluations.models import DimensionEvaluation, Meeting
from evaluations.services import EvaluationContent, save_evaluation
from programs.models import IndicatorValue
from reports import services
from reports.models import ReportVersion
from tests import factories
from tests.conftest import Cast, SignIn

READERS = ["member", "head", "rival", "operator", "admin"]


@pytest.fixture
def version(cast: Cast, meeting: Meeting) -> ReportVersion:
    services.run_job(services.request_report(meeting, by=cast.secretary).pk)
    return ReportVersion.objects.get()


def download_of(version: ReportVersion) -> str:
    return f"/laporan/{version.pk}/unduh/"


def publish_of(version: ReportVersion) -> str:
    return f"/laporan/{version.pk}/terbitkan/"


# --- before and after ------------------------------------------------------------------------


@pytest.mark.parametrize("role", READERS)
def test_a_draft_is_the_secretariats_alone_and_a_published_report_everybodys(
    cast: Cast, version: ReportVersion, sign_in: SignIn, role: str
) -> None:
    browser = sign_in(getattr(cast, role))

    before = browser.get(download_of(version)).status_code, download_of(version) in listed(browser)
    services.publish_version(version, by=cast.secretary)
    after = browser.get(download_of(version)).status_code, download_of(version) in listed(browser)

    assert before == (404, False)
    assert after == (200, True)


def listed(browser: Client) -> str:
    """Return every page that lists reports."""
    return "".join(browser.get(path).content.decode() for path in ("/laporan/", "/"))


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("published", [False, True])
def test_nobody_but_the_secretariat_publishes(
    cast: Cast, version: ReportVersion, sign_in: SignIn, role: str, published: bool
) -> None:
    if published:
        services.publish_version(version, by=cast.secretary)

    answer = sign_in(getattr(cast, role)).post(publish_of(version))

    version.refresh_from_db()
    assert answer.status_code == (403 if published else 404)
    assert version.is_published is published


def test_a_version_that_does_not_exist_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.secretary)

    assert browser.post("/laporan/999/terbitkan/").status_code == 404
    assert browser.get("/laporan/999/unduh/").status_code == 404


def test_publishing_needs_a_post_and_downloading_a_get(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    browser = sign_in(cast.secretary)

    assert browser.get(publish_of(version)).status_code == 405
    assert browser.post(download_of(version)).status_code == 405
    version.refresh_from_db()
    assert not version.is_published


@pytest.mark.parametrize("state", ["draft", "published"])
def test_a_visitor_is_sent_to_sign_in(
    cast: Cast, version: ReportVersion, client: Client, state: str
) -> None:
    if state == "published":
        services.publish_version(version, by=cast.secretary)

    for answer in (client.get(download_of(version)), client.post(publish_of(version))):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/akun/masuk/")


# --- what publishing does --------------------------------------------------------------------


def test_publishing_closes_the_evaluation_says_who_and_leaves_one_row_in_the_trail(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    answer = sign_in(cast.secretary).post(publish_of(version))

    version.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/laporan/")
    assert version.published_by == cast.secretary
    assert version.published_at
    assert version.meeting.is_finalised
    entry = AuditEntry.objects.get(verb="publish_report")
    assert (entry.actor, entry.details) == (cast.secretary, {"sha256": version.sha256})


def test_publishing_twice_is_refused_with_a_reason(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    sign_in(cast.secretary).post(publish_of(version))
    first = ReportVersion.objects.values().get()

    again = sign_in(cast.colleague).post(publish_of(version))

    assert again.status_code == 409
    assert again.context["reason"] in again.content.decode()
    assert ReportVersion.objects.values().get() == first
    assert AuditEntry.objects.filter(verb="publish_report").count() == 1


def test_a_report_that_no_longer_says_what_the_data_say_is_not_published(
    cast: Cast, version: ReportVersion, sign_in: SignIn
) -> None:
    IndicatorValue.objects.update(actual_value=1)

    answer = sign_in(cast.secretary).post(publish_of(version))

    version.refresh_from_db()
    assert answer.status_code == 409
    assert answer.context["reason"] in answer.content.decode()
    assert not version.is_published
    assert not Meeting.objects.get().is_finalised
    assert not AuditEntry.objects.filter(verb__in=["publish_report", "finalise_meeting"]).exists()


def test_an_answer_that_came_in_after_the_report_was_made_holds_it_back(
    cast: Cast, version: ReportVersion
) -> None:
    factories.make_evaluation(version.meeting, "SS", cast.member, scores=(3, 4))

    with pytest.raises(Refused):
        services.publish_version(version, by=cast.secretary)


def test_after_publishing_no_answer_can_be_changed(cast: Cast, version: ReportVersion) -> None:
    services.publish_version(version, by=cast.secretary)
    answer = DimensionEvaluation.objects.filter(member=cast.member)[0]

    with pytest.raises(Refused):
        save_evaluation(
            version.meeting, answer.dimension, EvaluationContent({}, "lain"), version=1,
            submit=False, by=cast.member,
        )  # fmt: skip


def test_the_database_itself_refuses_a_published_report_without_its_publisher(
    version: ReportVersion,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportVersion.objects.update(status="published")


# --- the file --------------------------------------------------------------------------------


@pytest.mark.parametrize("published", [False, True])
def test_the_download_is_the_stored_file_to_the_byte(
    cast: Cast, version: ReportVersion, sign_in: SignIn, published: bool
) -> None:
    if published:
        services.publish_version(version, by=cast.secretary)

    answer = sign_in(cast.secretary).get(download_of(version))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert len(content) == version.size
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="laporan-rakor-v1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_publishing_and_changed_data_leave_the_file_and_its_hash_as_they_were(
    cast: Cast, version: ReportVersion
) -> None:
    before = version.file.read()

    services.publish_version(version, by=cast.secretary)
    IndicatorValue.objects.update(actual_value=1)
    services.run_job(services.request_report(version.meeting, by=cast.secretary).pk)

    first = ReportVersion.objects.get(number=1)
    assert first.file.read() == before
    assert hashlib.sha256(before).hexdigest() == first.sha256 == version.sha256
    assert len(default_storage.listdir("reports/rakor")[1]) == 2


def test_a_correction_is_the_next_version_and_can_be_published_beside_the_first(
    cast: Cast, version: ReportVersion
) -> None:
    services.publish_version(version, by=cast.secretary)
    IndicatorValue.objects.update(actual_value=1)

    services.run_job(services.request_report(version.meeting, by=cast.secretary).pk)
    services.publish_version(ReportVersion.objects.get(number=2), by=cast.colleague)

    published = ReportVersion.objects.filter(status="published").order_by("number")
    assert [one.number for one in published] == [1, 2]
    assert published[0].sha256 != published[1].sha256
    assert AuditEntry.objects.filter(verb="finalise_meeting").count() == 1
