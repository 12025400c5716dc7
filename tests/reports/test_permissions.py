"""Who makes, follows, reads and publishes reports, as tables of role and state."""

import pytest

from evaluations.models import Meeting
from reports import services
from reports.models import ReportVersion
from reports.permissions import (
    can_make_reports,
    can_publish_reports,
    visible_jobs,
    visible_versions,
)
from tests.conftest import Cast

EVERYBODY = ["visitor", "head", "operator", "rival", "secretary", "colleague", "member", "admin"]


@pytest.fixture
def version(cast: Cast, meeting: Meeting) -> ReportVersion:
    services.run_job(services.request_report(meeting, by=cast.secretary).pk)
    return ReportVersion.objects.get()


@pytest.mark.parametrize("role", EVERYBODY)
def test_making_and_publishing_are_the_secretariats(cast: Cast, role: str) -> None:
    person = getattr(cast, role)

    may = role in {"secretary", "colleague"}
    assert can_make_reports(person) is may
    assert can_publish_reports(person) is may


def test_a_draft_is_seen_by_the_secretariat_and_a_published_report_by_all_who_signed_in(
    cast: Cast, version: ReportVersion
) -> None:
    seen = {role for role in EVERYBODY if visible_versions(getattr(cast, role)).contains(version)}
    services.publish_version(version, by=cast.secretary)
    then = {role for role in EVERYBODY if visible_versions(getattr(cast, role)).contains(version)}

    assert seen == {"secretary", "colleague"}
    assert then == set(EVERYBODY) - {"visitor"}


def test_a_job_is_followed_by_the_secretariat_and_the_system_admin(
    cast: Cast, meeting: Meeting
) -> None:
    job = services.request_report(meeting, by=cast.secretary)

    seen = {role for role in EVERYBODY if visible_jobs(getattr(cast, role)).contains(job)}

    assert seen == {"secretary", "colleague", "admin"}


@pytest.mark.parametrize("role", ["secretary", "admin"])
def test_who_is_switched_off_may_nothing(cast: Cast, version: ReportVersion, role: str) -> None:
    person = getattr(cast, role)
    person.is_active = False
    person.save()

    assert not can_make_reports(person)
    assert not can_publish_reports(person)
    assert not visible_jobs(person).exists()
    assert not visible_versions(person).exists()
