"""People are made and changed under /kelola/: by whom, in which role, and what never works."""

import os

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import Role, User
from audit.models import AuditEntry
from tests.conftest import Cast, SignIn

# Django's own management templates read variables that are not there.
pytestmark = pytest.mark.ignore_template_errors

INDEX = "/kelola/"
PEOPLE = "/kelola/accounts/user/"
ADD = f"{PEOPLE}add/"
PASSWORD = "kata-sandi-yang-panjang"


def change_url(user: User) -> str:
    return f"{PEOPLE}{user.pk}/change/"


def new_person(role: str, organization: int | str = "", **changed: str) -> dict[str, object]:
    return {
        "username": "orang.baru",
        "full_name": "Orang Baru",
        "role": role,
        "organization": organization,
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        **changed,
    }


def same_person(user: User, **changed: object) -> dict[str, object]:
    return {
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "role": user.role,
        "organization": user.organization_id or "",
        "is_active": "on",
        **changed,
    }


def is_made() -> bool:
    return User.objects.filter(username="orang.baru").exists()


# --- the door --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "enters"),
    [
        ("secretary", True),
        ("admin", True),
        ("head", False),
        ("operator", False),
        ("member", False),
    ],
)
def test_management_is_entered_by_those_who_manage(
    cast: Cast, sign_in: SignIn, role: str, enters: bool
) -> None:
    client = sign_in(getattr(cast, role))

    answers = [client.get(url, follow=True).status_code for url in (INDEX, PEOPLE, ADD)]

    assert answers == [200 if enters else 403] * 3


def test_a_visitor_signs_in_on_the_portals_own_page(db: None) -> None:
    answer = Client().get(INDEX, follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_login")


@pytest.mark.parametrize("role", ["head", "member"])
def test_the_librarys_staff_mark_opens_no_door(cast: Cast, sign_in: SignIn, role: str) -> None:
    who = getattr(cast, role)
    who.is_staff = who.is_superuser = True
    who.save()

    answer = sign_in(who).post(ADD, new_person(Role.ADMIN), follow=True)

    assert answer.request["PATH_INFO"] != PEOPLE
    assert not is_made()


def test_a_new_role_acts_on_the_very_next_request(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)
    assert client.get(PEOPLE).status_code == 200

    User.objects.filter(pk=cast.secretary.pk).update(role=Role.COUNCIL_MEMBER)

    assert client.get(PEOPLE, follow=True).status_code == 403


def test_a_switched_off_account_acts_no_more(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.secretary)

    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    answer = client.post(ADD, new_person(Role.COUNCIL_MEMBER), follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
    assert not is_made()


# --- making people ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.OPERATOR, Role.HEAD])
def test_the_secretariat_makes_people_who_can_sign_in(
    cast: Cast, sign_in: SignIn, role: Role
) -> None:
    answer = sign_in(cast.secretary).post(ADD, new_person(role, cast.agency.pk))

    assert answer.status_code == 302
    made = User.objects.get(username="orang.baru")
    assert (made.role, made.organization) == (role, cast.agency)
    assert made.check_password(PASSWORD)
    assert not made.is_superuser
    row = AuditEntry.objects.get()
    assert (row.verb, row.actor, row.object_label) == ("add", cast.secretary, "Orang Baru")
    assert PASSWORD not in str(row.details)


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMIN])
def test_the_secretariat_makes_nobody_of_its_own_height(
    cast: Cast, sign_in: SignIn, role: Role
) -> None:
    answer = sign_in(cast.secretary).post(ADD, new_person(role))

    assert answer.status_code == 200
    assert gettext("You may not give this role.") in answer.content.decode()
    assert not is_made()


@pytest.mark.parametrize("role", Role)
def test_the_system_admin_makes_people_of_every_role(
    cast: Cast, sign_in: SignIn, role: Role
) -> None:
    sign_in(cast.admin).post(ADD, new_person(role, cast.agency.pk))

    assert User.objects.get(username="orang.baru").role == role


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HEAD])
def test_agency_people_need_an_agency(cast: Cast, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(cast.secretary).post(ADD, new_person(role))

    assert answer.status_code == 200
    assert gettext("An agency head or operator needs an agency.") in answer.content.decode()
    assert not is_made()


@pytest.mark.parametrize("extra", [{"is_superuser": "on"}, {"is_staff": "on"}, {"is_demo": "on"}])
def test_marks_that_are_not_on_the_form_are_not_given(
    cast: Cast, sign_in: SignIn, extra: dict[str, str]
) -> None:
    sign_in(cast.secretary).post(ADD, new_person(Role.COUNCIL_MEMBER, **extra))

    made = User.objects.get(username="orang.baru")
    assert not any((made.is_superuser, made.is_staff, made.is_demo))


def test_a_weak_password_is_refused(cast: Cast, sign_in: SignIn) -> None:
    weak = new_person(Role.COUNCIL_MEMBER, password1="rahasia", password2="rahasia")

    assert sign_in(cast.secretary).post(ADD, weak).status_code == 200
    assert not is_made()


# --- changing people -------------------------------------------------------------------------


def test_the_secretariat_moves_somebody_to_another_agency(cast: Cast, sign_in: SignIn) -> None:
    sent = same_person(cast.operator, organization=cast.rival_agency.pk)

    sign_in(cast.secretary).post(change_url(cast.operator), sent)

    cast.operator.refresh_from_db()
    assert cast.operator.organization == cast.rival_agency
    assert AuditEntry.objects.get().verb == "change"


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMIN])
def test_the_secretariat_lifts_nobody_to_its_own_height(
    cast: Cast, sign_in: SignIn, role: Role
) -> None:
    answer = sign_in(cast.secretary).post(
        change_url(cast.member), same_person(cast.member, role=role)
    )

    assert answer.status_code == 200
    cast.member.refresh_from_db()
    assert cast.member.role == Role.COUNCIL_MEMBER


@pytest.mark.parametrize("whom", ["secretary", "colleague", "admin"])
def test_the_secretariat_changes_neither_itself_nor_its_colleagues_nor_the_admin(
    cast: Cast, sign_in: SignIn, whom: str
) -> None:
    person = getattr(cast, whom)
    client = sign_in(cast.secretary)

    client.post(change_url(person), same_person(person, full_name="Diubah"))
    client.post(
        f"{PEOPLE}{person.pk}/password/",
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )

    person.refresh_from_db()
    assert person.full_name != "Diubah"
    assert not person.has_usable_password()
    assert not AuditEntry.objects.exists()


def test_the_system_admin_does_not_change_the_own_role(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.admin).post(
        change_url(cast.admin), same_person(cast.admin, role=Role.COUNCIL_MEMBER)
    )

    cast.admin.refresh_from_db()
    assert cast.admin.role == Role.ADMIN


def test_the_secretariat_sets_a_new_password_and_the_trail_says_so(
    cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.secretary).post(
        f"{PEOPLE}{cast.operator.pk}/password/",
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )

    cast.operator.refresh_from_db()
    assert cast.operator.check_password(PASSWORD)
    row = AuditEntry.objects.get()
    assert (row.verb, row.object_id) == ("change", str(cast.operator.pk))
    assert PASSWORD not in str(row.details)


def test_people_are_listed_without_those_one_does_not_manage(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.secretary).get(PEOPLE).content.decode()

    assert change_url(cast.operator) in page
    for whom in (cast.secretary, cast.colleague, cast.admin):
        assert change_url(whom) not in page


@pytest.mark.parametrize("role", ["secretary", "admin"])
def test_people_are_switched_off_and_never_deleted(cast: Cast, sign_in: SignIn, role: str) -> None:
    client = sign_in(getattr(cast, role))

    assert client.post(f"{PEOPLE}{cast.member.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(change_url(cast.member), same_person(cast.member, is_active=""))

    cast.member.refresh_from_db()
    assert not cast.member.is_active


def test_groups_are_not_managed(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.admin).get("/kelola/auth/group/").status_code == 404


# --- the first account -----------------------------------------------------------------------


def test_the_first_account_is_a_system_admin_who_makes_the_secretariat(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", username="pertama", email="a@example.org")
    client = Client()
    client.post("/akun/masuk/", {"login": "pertama", "password": PASSWORD})

    assert client.get(INDEX).status_code == 200
    client.post(ADD, new_person(Role.SECRETARIAT))

    assert User.objects.get(username="pertama").role == Role.ADMIN
    assert User.objects.get(username="orang.baru").is_secretariat


@pytest.mark.parametrize("role", ["", "kepala"])
def test_an_account_without_a_known_role_cannot_be_kept(cast: Cast, role: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.member.pk).update(role=role)
