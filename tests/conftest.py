"""The cast by role, and a small city for them to act in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache, caches
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import Settings

from accounts.models import Role, User
from audit.triggers import create_triggers, drop_triggers
from dimensions.models import Organization
from tests import factories


@dataclass(frozen=True)
class Cast:
    """Everybody who acts in the tests: two agencies, the secretariat, the council, a visitor."""

    agency: Organization
    rival_agency: Organization
    head: User
    operator: User
    rival: User
    secretary: User
    colleague: User
    member: User
    other_member: User
    admin: User
    visitor: AnonymousUser


@pytest.fixture
def cast(db: None) -> Cast:
    agency = factories.make_organization("dinkes")
    rival_agency = factories.make_organization("disdik")
    return Cast(
        agency=agency,
        rival_agency=rival_agency,
        head=factories.make_user("kepala", Role.HEAD, agency),
        operator=factories.make_user("operator", Role.OPERATOR, agency),
        rival=factories.make_user("saingan", Role.HEAD, rival_agency),
        secretary=factories.make_user("sekretaris", Role.SECRETARIAT),
        colleague=factories.make_user("rekan", Role.SECRETARIAT),
        member=factories.make_user("anggota", Role.COUNCIL_MEMBER),
        other_member=factories.make_user("anggota2", Role.COUNCIL_MEMBER),
        admin=factories.make_user("admin", Role.ADMIN),
        visitor=AnonymousUser(),
    )


SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Return a browser with this person signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep each test's uploads and reports away from everybody else's."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def no_page_kept() -> None:
    """Forget pages written for other tests: their data are gone, their marks come again."""
    caches["pages"].clear()


@pytest.fixture(autouse=True)
def no_throttle_left_behind() -> Iterator[None]:
    """Forget failed sign-ins: Redis, unlike the database, is not rolled back after a test."""
    yield
    if settings.REDIS_URL:
        cache.clear()


@contextmanager
def unguarded_trail(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the trail be changed for a moment, as whoever owns the database can."""
    drop_triggers(connection)
    yield
    create_triggers(connection)


@pytest.fixture(scope="session", autouse=True)
def flush_may_empty_the_trail() -> Iterator[None]:
    """Let a flush through, the way tests that commit (and live servers) leave nothing behind.

    Every other test, and all of a committing test but its end, runs with the trail guarded.
    """
    flush_all = flush.Command.handle

    def handle(command: flush.Command, **options: Any) -> None:
        with unguarded_trail(connections[options["database"]]):
            flush_all(command, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle)
        yield
