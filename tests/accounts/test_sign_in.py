"""Signing in: what works, what is refused and how, and what is never offered."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext
from pytest_django import Settings

from accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from accounts.models import User
from tests import factories
from tests.conftest import Cast, SignIn

PASSWORD = "kata-sandi-yang-panjang"
SIGN_IN = "/akun/masuk/"
FAILURES_ALLOWED = 5


@pytest.fixture
def head(cast: Cast) -> User:
    return with_password(cast.head)


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_somebody_signs_in_by_username_and_comes_home(head: User) -> None:
    client = Client()

    answer = client.post(SIGN_IN, {"login": "kepala", "password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert answer.context["user"] == head


def test_a_wrong_password_is_told_and_the_name_stays(head: User) -> None:
    client = Client()

    answer = client.post(SIGN_IN, {"login": "kepala", "password": "salah-sekali"})

    assert not is_signed_in(client)
    page = answer.content.decode()
    assert len(answer.context["form"].non_field_errors()) == 1
    assert answer.context["form"].non_field_errors()[0] in page
    assert 'value="kepala"' in page
    assert "salah-sekali" not in page


def test_an_unknown_name_is_answered_like_a_wrong_password(head: User) -> None:
    sentences = [
        Client().post(SIGN_IN, {"login": name, "password": "salah"}).context["form"].errors
        for name in ("kepala", "tidak-ada")
    ]

    assert sentences[0] == sentences[1]


@pytest.mark.parametrize("missing", ["login", "password"])
def test_an_empty_field_is_named(head: User, missing: str) -> None:
    sent = {"login": "kepala", "password": PASSWORD} | {missing: ""}

    answer = Client().post(SIGN_IN, sent)

    assert list(answer.context["form"].errors) == [missing]


def test_a_switched_off_account_does_not_get_in(head: User) -> None:
    User.objects.update(is_active=False)
    client = Client()

    client.post(SIGN_IN, {"login": "kepala", "password": PASSWORD}, follow=True)

    assert not is_signed_in(client)


# --- guessing passwords ----------------------------------------------------------------------


def fail_to_sign_in(times: int) -> None:
    for attempt in range(times):
        Client().post(SIGN_IN, {"login": "kepala", "password": f"tebakan-{attempt}"})


def test_after_five_failures_even_the_right_password_waits(head: User) -> None:
    fail_to_sign_in(FAILURES_ALLOWED)
    client = Client()

    answer = client.post(SIGN_IN, {"login": "kepala", "password": PASSWORD})

    assert not is_signed_in(client)
    assert answer.context["form"].non_field_errors()


def test_four_failures_do_no_harm(head: User) -> None:
    fail_to_sign_in(FAILURES_ALLOWED - 1)
    client = Client()

    client.post(SIGN_IN, {"login": "kepala", "password": PASSWORD})

    assert is_signed_in(client)


def test_others_in_the_same_room_still_get_in(cast: Cast, head: User) -> None:
    with_password(cast.member)
    fail_to_sign_in(FAILURES_ALLOWED + 3)
    client = Client()

    client.post(SIGN_IN, {"login": "anggota", "password": PASSWORD})

    assert is_signed_in(client)


def test_a_whole_room_behind_one_address_gets_in(cast: Cast, head: User) -> None:
    people = [
        with_password(factories.make_user(f"orang{number}", cast.member.role))  # type: ignore[arg-type]
        for number in range(30)
    ]

    for person in people:
        client = Client()
        client.post(SIGN_IN, {"login": person.username, "password": PASSWORD})
        assert is_signed_in(client)


# --- where it leads --------------------------------------------------------------------------


def test_sign_in_leads_back_to_where_one_wanted_to_go(head: User) -> None:
    client = Client()
    wanted = client.get("/rapat/")
    assert wanted["Location"].startswith(SIGN_IN)

    answer = client.post(
        SIGN_IN, {"login": "kepala", "password": PASSWORD, "next": "/rapat/"}, follow=True
    )

    assert answer.redirect_chain[-1][0] == "/rapat/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "https:///evil.example", "javascript:alert(1)"],
)
def test_sign_in_never_leads_to_another_site(head: User, elsewhere: str) -> None:
    sent = {"login": "kepala", "password": PASSWORD, "next": elsewhere}

    for url in (SIGN_IN, f"{SIGN_IN}?next={elsewhere}"):
        assert Client().post(url, sent)["Location"] == "/"


@pytest.mark.parametrize(
    "name",
    [
        "programs:verify-entry",
        "programs:delete-evidence",
        "reports:publish-report",
    ],
)
def test_a_visitor_who_sends_something_is_led_home_not_to_a_page_that_cannot_be_opened(
    head: User, name: str
) -> None:
    client = Client()

    answer = client.post(reverse(name, args=[1]))

    assert answer["Location"].split("?")[0] == SIGN_IN
    after = client.post(answer["Location"], {"login": "kepala", "password": PASSWORD}, follow=True)
    assert after.status_code == 200
    assert after.redirect_chain[-1][0] == "/"


@pytest.mark.parametrize(
    "address",
    ["/rapat/", "/laporan/", "/verifikasi/", "/entri/1/", "/bukti/1/", "/realisasi/1/1/"],
)
def test_a_visitor_sees_the_sign_in_page_first(db: None, address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith(SIGN_IN)


def test_signing_out_ends_the_session_and_takes_a_click(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.head)
    client.get("/akun/keluar/")
    assert is_signed_in(client)

    client.post("/akun/keluar/")

    assert not is_signed_in(client)


# --- what is not offered ---------------------------------------------------------------------


def test_nobody_signs_up(db: None) -> None:
    sent = {"username": "baru", "password1": PASSWORD, "password2": PASSWORD}

    page = Client().get("/akun/daftar/")
    Client().post("/akun/daftar/", sent)

    assert b"password1" not in page.content
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["password/reset", "kata-sandi/lupa", "email", "3rdparty"])
def test_the_librarys_other_pages_do_not_exist(db: None, address: str) -> None:
    assert Client().get(f"/akun/{address}/").status_code == 404


def test_demo_logins_are_shown_in_the_demo(db: None, settings: Settings) -> None:
    settings.DEMO = True

    page = Client().get(SIGN_IN).content.decode()

    assert DEMO_PASSWORD in page
    assert all(login.username in page for login in DEMO_LOGINS)


def test_demo_logins_are_shown_nowhere_else(cast: Cast, settings: Settings) -> None:
    settings.DEMO = False

    page = Client().get(SIGN_IN).content.decode()

    assert DEMO_PASSWORD not in page
    assert gettext("Demo logins") not in page
    assert "opd.dinkes" not in page


# --- one's own password ----------------------------------------------------------------------


def change_password(client: Client, old: str, new: str) -> None:
    client.post(
        "/akun/kata-sandi/", {"oldpassword": old, "password1": new, "password2": new}, follow=True
    )


def test_somebody_changes_their_own_password(head: User, sign_in: SignIn) -> None:
    change_password(sign_in(head), PASSWORD, "sandi-baru-yang-panjang")

    head.refresh_from_db()
    assert head.check_password("sandi-baru-yang-panjang")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("salah", "sandi-baru-yang-panjang", id="the old one is wrong"),
        pytest.param(PASSWORD, "pendek", id="too short"),
        pytest.param(PASSWORD, "password1234", id="too common"),
    ],
)
def test_a_password_is_not_changed(head: User, sign_in: SignIn, old: str, new: str) -> None:
    change_password(sign_in(head), old, new)

    head.refresh_from_db()
    assert head.check_password(PASSWORD)
