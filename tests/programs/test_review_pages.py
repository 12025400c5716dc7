"""The secretariat's queue and its review: verify, or return with a reason."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from audit.models import AuditEntry
from programs.models import ProgressEntry
from tests import factories
from tests.conftest import Cast, SignIn

Status = ProgressEntry.Status
QUEUE = "/verifikasi/"


@pytest.fixture
def waiting(cast: Cast) -> ProgressEntry:
    return factories.make_entry(
        factories.make_activity(cast.agency),
        factories.make_period(),
        status=Status.SUBMITTED,
        by=cast.head,
    )


def review_url(entry: ProgressEntry) -> str:
    return reverse("programs:review-entry", args=[entry.pk])


def verify_url(entry: ProgressEntry) -> str:
    return reverse("programs:verify-entry", args=[entry.pk])


def state_of(entry: ProgressEntry) -> str:
    return ProgressEntry.objects.get(pk=entry.pk).status


# --- the queue -------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_oldest_first(cast: Cast, sign_in: SignIn) -> None:
    period = factories.make_period()
    for status in Status:
        verifier = cast.secretary if status == Status.VERIFIED else None
        factories.make_entry(
            factories.make_activity(cast.agency),
            period,
            status=status,
            by=cast.head,
            verified_by=verifier,
        )
    older = factories.make_entry(
        factories.make_activity(cast.rival_agency), period, status=Status.SUBMITTED, by=cast.rival
    )
    older.submitted_at = timezone.now() - timedelta(days=3)
    older.save()

    page = sign_in(cast.secretary).get(QUEUE)

    newer = ProgressEntry.objects.exclude(pk=older.pk).get(status=Status.SUBMITTED)
    assert list(page.context["page"]) == [older, newer]
    text = page.content.decode()
    assert text.index(str(older.activity)) < text.index(str(newer.activity))


def test_the_queue_says_how_often_an_entry_came_back(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    for _time in range(2):
        waiting.rounds.create(act="returned", by=cast.secretary, at=timezone.now(), note="Foto?")

    page = sign_in(cast.secretary).get(QUEUE)

    assert page.context["page"][0].returns == 2


@pytest.mark.parametrize("role", ["head", "operator", "member", "admin"])
def test_the_queue_is_the_secretariats(cast: Cast, sign_in: SignIn, role: str) -> None:
    assert sign_in(getattr(cast, role)).get(QUEUE).status_code == 403


def test_the_queue_is_only_looked_at(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.secretary).post(QUEUE).status_code == 405


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999999999999"])
def test_the_queue_has_some_page_for_whatever_number_is_asked(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, page: str
) -> None:
    answer = sign_in(cast.secretary).get(QUEUE, {"page": page})

    assert answer.status_code == 200
    assert list(answer.context["page"]) == [waiting]


# --- the review ------------------------------------------------------------------------------


def test_a_review_shows_what_changed_since_the_last_hand_in(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    earlier = waiting.content() | {"budget_spent": "40000000"}
    for content in (earlier, waiting.content()):
        waiting.rounds.create(act="submitted", by=cast.head, at=timezone.now(), content=content)

    page = sign_in(cast.secretary).get(review_url(waiting))

    changed = [line for line in page.context["lines"] if line.changed]
    assert [(line.handed_in, line.now) for line in changed] == [("40.000.000", "50.000.000")]
    assert "40.000.000" in page.content.decode()


def test_a_review_offers_its_files(cast: Cast, sign_in: SignIn, waiting: ProgressEntry) -> None:
    evidence = factories.make_evidence(waiting, by=cast.head, name="lokasi.jpg")

    page = sign_in(cast.secretary).get(review_url(waiting)).content.decode()

    assert reverse("programs:download-evidence", args=[evidence.pk]) in page
    assert "lokasi.jpg" in page


@pytest.mark.parametrize("role", ["head", "operator", "rival", "member", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_review_is_the_secretariats(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, role: str, method: str
) -> None:
    sent = {"version": "1", "reason": "Saya tolak."}

    answer = getattr(sign_in(getattr(cast, role)), method)(review_url(waiting), sent)

    assert answer.status_code == 403
    assert state_of(waiting) == Status.SUBMITTED


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_entry_that_does_not_exist_is_not_reviewed(
    cast: Cast, sign_in: SignIn, method: str
) -> None:
    assert getattr(sign_in(cast.secretary), method)("/verifikasi/4711/").status_code == 404


def test_a_review_knows_reading_and_sending_only(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    assert sign_in(cast.secretary).delete(review_url(waiting)).status_code == 405


# --- returning -------------------------------------------------------------------------------


def test_an_entry_is_returned_with_a_reason_its_agency_reads(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    answer = sign_in(cast.secretary).post(
        review_url(waiting), {"version": "1", "reason": "Foto di lokasi belum ada."}
    )

    assert answer["Location"] == QUEUE
    assert state_of(waiting) == Status.RETURNED
    home = sign_in(cast.operator).get("/").content.decode()
    assert "Foto di lokasi belum ada." in home
    form = reverse("programs:edit-entry", args=[waiting.activity_id, waiting.period_id])
    assert "Foto di lokasi belum ada." in sign_in(cast.operator).get(form).content.decode()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_return_needs_a_reason(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, reason: str
) -> None:
    answer = sign_in(cast.secretary).post(review_url(waiting), {"version": "1", "reason": reason})

    assert answer.status_code == 422
    assert gettext("Say why the entry is returned.") in answer.content.decode()
    assert state_of(waiting) == Status.SUBMITTED


def test_a_reason_that_is_too_long_stays_in_the_field(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    reason = "Panjang. " * 300

    answer = sign_in(cast.secretary).post(review_url(waiting), {"version": "1", "reason": reason})

    assert answer.status_code == 422
    assert reason.strip() in answer.content.decode()


@pytest.mark.parametrize("version", ["0", "2"])
def test_an_entry_that_changed_meanwhile_is_not_returned_and_the_reason_is_given_back(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, version: str
) -> None:
    answer = sign_in(cast.secretary).post(
        review_url(waiting), {"version": version, "reason": "Foto di lokasi belum ada."}
    )

    assert answer.status_code == 409
    assert "Foto di lokasi belum ada." in answer.content.decode()
    assert state_of(waiting) == Status.SUBMITTED


def test_a_draft_is_not_returned(cast: Cast, sign_in: SignIn, waiting: ProgressEntry) -> None:
    ProgressEntry.objects.update(status=Status.DRAFT)

    answer = sign_in(cast.secretary).post(
        review_url(waiting), {"version": "1", "reason": "Belum lengkap."}
    )

    assert answer.status_code == 409
    assert state_of(waiting) == Status.DRAFT


def test_a_reason_typed_while_the_session_ended_is_offered_again(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    client = sign_in(cast.secretary)
    page = client.get(review_url(waiting)).content.decode()
    owner = page.partition('name="form_owner" value="')[2].partition('"')[0]
    client.logout()
    sent = {"version": "1", "reason": "Tabel tidak terbaca.", "form_owner": owner}

    answer = client.post(review_url(waiting), sent)

    assert answer["Location"].startswith(reverse("account_login"))
    assert state_of(waiting) == Status.SUBMITTED
    client.force_login(cast.secretary)
    assert "Tabel tidak terbaca." in client.get(review_url(waiting)).content.decode()


# --- verifying -------------------------------------------------------------------------------


def test_an_entry_is_verified_and_the_council_sees_it(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    answer = sign_in(cast.secretary).post(verify_url(waiting), {"version": "1"})

    assert answer["Location"] == QUEUE
    assert state_of(waiting) == Status.VERIFIED
    assert sign_in(cast.member).get(waiting.get_absolute_url()).status_code == 200
    assert AuditEntry.objects.get().verb == "verify"


@pytest.mark.parametrize("role", ["head", "operator", "rival", "member", "admin"])
def test_verifying_is_the_secretariats(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, role: str
) -> None:
    answer = sign_in(getattr(cast, role)).post(verify_url(waiting), {"version": "1"})

    assert answer.status_code == 403
    assert state_of(waiting) == Status.SUBMITTED


def test_an_entry_that_does_not_exist_is_not_verified(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.secretary).post("/verifikasi/4711/terima/", {"version": "1"})

    assert answer.status_code == 404


def test_looking_verifies_nothing(cast: Cast, sign_in: SignIn, waiting: ProgressEntry) -> None:
    assert sign_in(cast.secretary).get(verify_url(waiting)).status_code == 405
    assert state_of(waiting) == Status.SUBMITTED


@pytest.mark.parametrize("version", ["", "x", "0", "2"])
def test_only_the_version_that_was_seen_is_verified(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry, version: str
) -> None:
    answer = sign_in(cast.secretary).post(verify_url(waiting), {"version": version})

    assert answer.status_code == 409
    assert state_of(waiting) == Status.SUBMITTED


def test_who_wrote_in_an_entry_is_not_offered_to_verify_it_and_cannot(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    waiting.writers.add(cast.secretary)
    client = sign_in(cast.secretary)

    page = client.get(review_url(waiting)).content.decode()
    answer = client.post(verify_url(waiting), {"version": "1"})

    assert verify_url(waiting) not in page
    sentence = gettext("You wrote in this entry, so somebody else has to verify it.")
    assert sentence in page
    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert state_of(waiting) == Status.SUBMITTED


def test_a_colleague_is_offered_to_verify_it(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    waiting.writers.add(cast.secretary)

    assert verify_url(waiting) in sign_in(cast.colleague).get(review_url(waiting)).content.decode()


def test_a_second_click_on_verify_is_refused_and_changes_nothing(
    cast: Cast, sign_in: SignIn, waiting: ProgressEntry
) -> None:
    client = sign_in(cast.secretary)
    client.post(verify_url(waiting), {"version": "1"})

    assert client.post(verify_url(waiting), {"version": "1"}).status_code == 409
    assert waiting.rounds.count() == 1


def test_a_visitor_who_verifies_is_sent_to_sign_in(waiting: ProgressEntry) -> None:
    answer = Client().post(verify_url(waiting), {"version": "1"})

    assert answer["Location"].startswith(reverse("account_login"))
    assert state_of(waiting) == Status.SUBMITTED
