"""What a request is asked: is somebody signed in, was it refused, and whose text is kept."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import Client, RequestFactory

from accounts.models import User
from ambon_smartcity.http import (
    STASH_KEY,
    STASH_LIMIT,
    RefusalMiddleware,
    Refused,
    form_owner,
    keep_text,
    signed_in,
    take_kept_text,
    typed_texts,
)
from tests.conftest import Cast

PATH = "/realisasi/1/2/"


@signed_in
def a_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("isi")


def ask(
    user: User | AnonymousUser, method: str = "GET", path: str = PATH, **sent: str
) -> HttpRequest:
    request = getattr(RequestFactory(), method.lower())(path, sent)
    request.user = user
    request.session = SessionStore()
    found: HttpRequest = request
    return found


def later(request: HttpRequest, user: User, path: str = PATH) -> QueryDict | None:
    """Return what this person is given back on `path` in the session of `request`."""
    again = ask(user, path=path)
    again.session = request.session
    return take_kept_text(again)  # type: ignore[arg-type]


# --- signed in or not ------------------------------------------------------------------------


def test_who_is_signed_in_gets_the_page(cast: Cast) -> None:
    assert a_page(ask(cast.head)).content == b"isi"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_visitor_is_sent_to_sign_in_and_back_again(cast: Cast, method: str) -> None:
    answer = a_page(ask(cast.visitor, method, "/rapat/?halaman=2"))

    assert answer.status_code == 302
    assert answer["Location"] == "/akun/masuk/?next=%2Frapat%2F%3Fhalaman%3D2"


def test_a_form_without_its_owners_mark_is_not_kept_and_does_not_lead_back(cast: Cast) -> None:
    request = ask(cast.visitor, "POST", obstacles="Hujan.")

    assert a_page(request)["Location"] == "/akun/masuk/?"
    assert STASH_KEY not in request.session


def test_a_form_with_its_owners_mark_is_kept_and_leads_back(cast: Cast) -> None:
    request = ask(cast.visitor, "POST", obstacles="Hujan.", form_owner=form_owner(cast.head))

    answer = a_page(request)

    assert answer["Location"].endswith("next=%2Frealisasi%2F1%2F2%2F")
    kept = later(request, cast.head)
    assert kept is not None
    assert kept["obstacles"] == "Hujan."


# --- whose text it is ------------------------------------------------------------------------


def kept_for(user: User, visitor: AnonymousUser, **sent: str) -> HttpRequest:
    request = ask(visitor, "POST", form_owner=form_owner(user), **sent)
    assert keep_text(request)
    return request


def test_a_text_goes_back_once(cast: Cast) -> None:
    request = kept_for(cast.head, cast.visitor, obstacles="Hujan.")

    assert later(request, cast.head) is not None
    assert later(request, cast.head) is None


def test_a_text_goes_to_its_writer_only_and_then_to_nobody(cast: Cast) -> None:
    request = kept_for(cast.head, cast.visitor, obstacles="Hujan.")

    assert later(request, cast.operator) is None
    assert later(request, cast.head) is None


def test_a_text_waits_for_its_own_page(cast: Cast) -> None:
    request = kept_for(cast.head, cast.visitor, obstacles="Hujan.")

    assert later(request, cast.head, path="/realisasi/1/3/") is None
    assert later(request, cast.head) is not None


def test_a_mark_that_somebody_made_up_gives_nothing_back(cast: Cast) -> None:
    request = ask(cast.visitor, "POST", form_owner=f"{cast.head.pk}:x:y", obstacles="Hujan.")
    keep_text(request)

    assert later(request, cast.head) is None


def test_every_letter_of_a_text_comes_back(cast: Cast) -> None:
    text = "baris satu\nbaris dua & “kutip” = 100% é 🎵 مرحبا"
    request = kept_for(cast.head, cast.visitor, obstacles=text)

    kept = later(request, cast.head)

    assert kept is not None
    assert kept["obstacles"] == text


def test_the_longest_text_a_form_takes_is_kept(cast: Cast) -> None:
    request = kept_for(cast.head, cast.visitor, obstacles="é" * 10_000, follow_up="é" * 10_000)

    assert later(request, cast.head) is not None


def test_a_flood_is_not_kept(cast: Cast) -> None:
    request = kept_for(cast.head, cast.visitor, obstacles="a" * STASH_LIMIT)

    assert STASH_KEY not in request.session


# --- refusals --------------------------------------------------------------------------------


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused


def test_a_refusal_is_a_page_with_the_reason_and_the_typed_text(cast: Cast) -> None:
    request = ask(
        cast.head,
        "POST",
        obstacles="Hujan <b>deras</b>.",
        budget_spent="50",
        version="1234",
        csrfmiddlewaretoken="kunci-rahasia",
        form_owner="tanda",
    )

    answer = RefusalMiddleware(refuse).process_exception(request, Refused("Sudah terverifikasi."))

    assert answer is not None
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Sudah terverifikasi." in page
    assert "Hujan &lt;b&gt;deras&lt;/b&gt;." in page
    assert "kunci-rahasia" not in page
    assert "1234" not in page


def test_any_other_mistake_stays_a_mistake(cast: Cast) -> None:
    middleware = RefusalMiddleware(refuse)

    assert middleware.process_exception(ask(cast.head), ValueError("rusak")) is None


def test_what_the_machine_carries_is_not_given_back_as_text() -> None:
    sent = {
        "obstacles": "Hujan.",
        "version": "12345",
        "csrfmiddlewaretoken": "abcdef",
        "draft": "1",
    }

    assert typed_texts(sent) == ["Hujan."]


# --- a form whose key has expired ------------------------------------------------------------


def test_a_form_without_a_mark_and_with_an_old_key_is_told_to_try_again(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/akun/masuk/", {"login": "kepala", "password": "x"})

    assert answer.status_code == 403
    assert answer.templates[0].name == "403_csrf.html"


def test_another_site_cannot_have_a_form_sent(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.secretary)

    answer = client.post(
        "/verifikasi/1/terima/", {"version": "1"}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
