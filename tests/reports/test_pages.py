"""Asking for a report and following it in the browser."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from audit.models import AuditEntry
from evaluations.models import Meeting
from reports import services
from reports.models import ReportJob, ReportVersion
from tests import factories
from tests.conftest import Cast, SignIn

MAKE = "/rapat/rakor/buat-laporan/"


@pytest.fixture
def job(cast: Cast, meeting: Meeting) -> ReportJob:
    return services.request_report(meeting, by=cast.secretary)


def in_state(job: ReportJob, state: str, **fields: Any) -> ReportJob:
    ReportJob.objects.filter(pk=job.pk).update(state=state, **fields)
    job.refresh_from_db()
    return job


# --- asking ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["planned", "open", "finalised"])
def test_the_secretariat_asks_and_is_led_to_the_job_at_once(
    cast: Cast, meeting: Meeting, sign_in: SignIn, status: str
) -> None:
    Meeting.objects.update(status=status)

    answer = sign_in(cast.secretary).post(MAKE)

    job = ReportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, job.get_absolute_url())
    assert (job.state, job.requested_by, job.meeting) == ("queued", cast.secretary, meeting)
    assert AuditEntry.objects.get().verb == "request_report"


@pytest.mark.parametrize(
    ("role", "status"),
    [("member", 403), ("head", 403), ("operator", 403), ("rival", 404), ("admin", 404)],
)
def test_only_the_secretariat_asks_for_a_report(
    cast: Cast, meeting: Meeting, sign_in: SignIn, role: str, status: int
) -> None:
    meeting.organizations.set([cast.agency])

    answer = sign_in(getattr(cast, role)).post(MAKE)

    assert answer.status_code == status
    assert not ReportJob.objects.exists()


def test_a_meeting_that_does_not_exist_is_not_found(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    assert sign_in(cast.secretary).post("/rapat/lain/buat-laporan/").status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_asking_needs_a_post(cast: Cast, meeting: Meeting, sign_in: SignIn, method: str) -> None:
    assert getattr(sign_in(cast.secretary), method)(MAKE).status_code == 405
    assert not ReportJob.objects.exists()


def test_a_visitor_who_presses_is_sent_to_sign_in(meeting: Meeting, client: Client) -> None:
    answer = client.post(MAKE)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/akun/masuk/")
    assert not ReportJob.objects.exists()


def test_a_form_without_its_key_from_another_site_asks_for_nothing(
    cast: Cast, meeting: Meeting
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.secretary)

    assert browser.post(MAKE).status_code == 403
    assert not ReportJob.objects.exists()


def test_pressing_twice_leads_to_the_same_job_for_two_people_too(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    pressed = [sign_in(one).post(MAKE) for one in (cast.secretary, cast.secretary, cast.colleague)]

    assert len({answer["Location"] for answer in pressed}) == 1
    assert ReportJob.objects.count() == 1


def test_the_jobs_of_two_meetings_are_two(
    cast: Cast, meeting: Meeting, job: ReportJob, sign_in: SignIn
) -> None:
    factories.make_meeting(cast.agency, slug="lain")

    sign_in(cast.secretary).post("/rapat/lain/buat-laporan/")

    assert ReportJob.objects.count() == 2


# --- following -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("secretary", 200),
        ("colleague", 200),
        ("admin", 200),
        ("member", 404),
        ("head", 404),
        ("rival", 404),
    ],
)
def test_a_job_is_followed_by_the_secretariat_and_the_admin(
    cast: Cast, job: ReportJob, sign_in: SignIn, role: str, status: int
) -> None:
    browser = sign_in(getattr(cast, role))

    assert browser.get(job.get_absolute_url()).status_code == status


def test_a_job_that_does_not_exist_is_not_found_and_none_takes_a_post(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    browser = sign_in(cast.secretary)

    assert browser.get("/laporan/pekerjaan/4711/").status_code == 404
    assert browser.post(job.get_absolute_url()).status_code == 405


@pytest.mark.parametrize(
    ("state", "step", "percent"), [("queued", "waiting", 0), ("running", "laying_out", 47)]
)
def test_the_page_of_a_job_shows_its_step_and_percent_and_asks_again_by_itself(
    cast: Cast, job: ReportJob, sign_in: SignIn, state: str, step: str, percent: int
) -> None:
    token = services.claim(job.pk)
    in_state(
        job, state, step=step, percent=percent, token=token, lease_until=timezone.now(), attempts=1
    )

    page = sign_in(cast.secretary).get(job.get_absolute_url()).content.decode()

    with override("id"):
        label = str(ReportJob.Step(step).label)
    assert f'value="{percent}"' in page
    assert label in page
    assert f'hx-get="{job.get_absolute_url()}"' in page
    assert "<noscript>" in page
    assert "/unduh/" not in page


def test_a_job_that_is_repeated_says_so(cast: Cast, job: ReportJob, sign_in: SignIn) -> None:
    browser = sign_in(cast.secretary)
    once = browser.get(job.get_absolute_url()).content.decode()
    in_state(job, "queued", attempts=2)

    page = browser.get(job.get_absolute_url()).content.decode()

    assert "Percobaan ke-2" in page
    assert "Percobaan" not in once


def test_a_failed_job_says_why_and_offers_to_try_again_to_who_may(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    in_state(job, "failed", failure="Cakram <penuh>.")

    page = sign_in(cast.secretary).get(job.get_absolute_url()).content.decode()
    admins = sign_in(cast.admin).get(job.get_absolute_url()).content.decode()

    assert "Cakram &lt;penuh&gt;." in page
    assert "Cakram &lt;penuh&gt;." in admins
    assert MAKE in page
    assert MAKE not in admins
    assert "hx-get" not in page


@pytest.mark.parametrize("published", [False, True])
def test_a_ready_job_offers_the_download_and_once_to_publish(
    cast: Cast, job: ReportJob, sign_in: SignIn, published: bool
) -> None:
    services.run_job(job.pk)
    version = ReportVersion.objects.get()
    if published:
        services.publish_version(version, by=cast.secretary)

    page = sign_in(cast.secretary).get(job.get_absolute_url()).content.decode()

    assert f"/laporan/{version.pk}/unduh/" in page
    assert (f"/laporan/{version.pk}/terbitkan/" in page) is not published
    assert "hx-get" not in page


def test_the_system_admin_sees_how_a_job_stands_but_no_draft(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    services.run_job(job.pk)

    page = sign_in(cast.admin).get(job.get_absolute_url())

    assert page.status_code == 200
    assert "/unduh/" not in page.content.decode()
    assert "/terbitkan/" not in page.content.decode()


# --- the list --------------------------------------------------------------------------------


def test_the_list_shows_the_newest_first_with_hash_and_state(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    services.run_job(job.pk)
    services.run_job(services.request_report(job.meeting, by=cast.secretary).pk)

    page = sign_in(cast.secretary).get("/laporan/")

    assert [one.number for one in page.context["versions"]] == [2, 1]
    for version in ReportVersion.objects.all():
        assert version.sha256 in page.content.decode()
        assert f"/laporan/{version.pk}/terbitkan/" in page.content.decode()


def test_a_reader_is_offered_to_download_and_not_to_publish(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    services.run_job(job.pk)
    services.publish_version(ReportVersion.objects.get(), by=cast.secretary)

    page = sign_in(cast.member).get("/laporan/").content.decode()

    assert "/unduh/" in page
    assert "/terbitkan/" not in page


def test_the_list_asks_the_database_no_more_with_more_reports(
    cast: Cast, job: ReportJob, sign_in: SignIn
) -> None:
    browser, counts = sign_in(cast.secretary), []
    services.run_job(job.pk)
    first = ReportVersion.objects.get()
    for number in (2, 3, 4):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/laporan/").status_code == 200
        counts.append(len(queries))
        other = factories.make_meeting(cast.agency, slug=f"lain-{number}")
        another = ReportJob.objects.create(
            meeting=other, requested_by=cast.secretary, hinted_at=timezone.now(), state="ready"
        )
        first.pk, first.meeting, first.job = None, other, another
        first.save()

    assert len(set(counts)) == 1
    assert counts[0] <= 8
