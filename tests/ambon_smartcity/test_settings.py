"""The start: safe without a single setting, and refused where a setting would make it unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
SET_HERE = {"DEBUG", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"}


def start(folder: Path, code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Start the portal in a process of its own, with no settings but these; then run `code`."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in SET_HERE and not name.startswith("PORTAL_")
    }
    given = {"DJANGO_SETTINGS_MODULE": "ambon_smartcity.settings", "PORTAL_DATA_DIR": str(folder)}
    program = f"import django; django.setup()\nfrom django.conf import settings\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=inherited | given | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("short", id="too short"),
        pytest.param("a" * 80, id="one letter"),
        pytest.param("abcabcabc" * 10, id="three letters"),
        pytest.param("django-insecure-" + "k3l9x7q2m5v8b1n4" * 4, id="Django's own example"),
    ],
)
def test_a_weak_key_stops_the_start_and_the_reason_is_told(tmp_path: Path, key: str) -> None:
    started = start(tmp_path, SECRET_KEY=key)

    assert started.returncode != 0
    assert "SECRET_KEY is too weak" in started.stderr
    assert key not in started.stderr


def test_a_strong_key_is_used_and_none_is_written(tmp_path: Path) -> None:
    key = "Zq3-" + "k3l9x7q2m5v8b1n4" * 4

    started = start(tmp_path, "print(settings.SECRET_KEY)", SECRET_KEY=key)

    assert started.stdout.strip() == key
    assert not (tmp_path / "secret_key").exists()


def test_a_key_is_made_at_the_first_start_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    keys = [start(folder, "print(settings.SECRET_KEY)").stdout.strip() for _start in range(2)]

    assert keys[0] == keys[1] == (folder / "secret_key").read_text()
    assert len(keys[0]) >= 50
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    keys = {
        start(tmp_path / name, "print(settings.SECRET_KEY)").stdout.strip()
        for name in ("one", "other")
    }

    assert len(keys) == 2


def test_without_a_setting_the_portal_is_closed_not_open(tmp_path: Path) -> None:
    started = start(
        tmp_path,
        "print(settings.DEBUG, settings.DEMO, '*' in settings.ALLOWED_HOSTS,"
        " settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE,"
        " settings.CSRF_COOKIE_SECURE)",
    )

    assert started.stdout.split() == ["False", "False", "False", "True", "True", "True"]


def test_djangos_own_list_for_the_public_web_has_no_objection(tmp_path: Path) -> None:
    started = start(
        tmp_path,
        "from django.core.management import call_command;"
        " call_command('check', deploy=True, fail_level='WARNING')",
    )

    assert started.returncode == 0, started.stderr


def test_a_redis_and_a_database_of_ones_own_are_used(tmp_path: Path) -> None:
    started = start(
        tmp_path,
        "print(settings.DATABASES['default']['ENGINE'], settings.CELERY_BROKER_URL)",
        DATABASE_URL="postgres://portal:x@db/portal",
        REDIS_URL="redis://redis:6379/0",
    )

    assert started.stdout.split() == ["django.db.backends.postgresql", "redis://redis:6379/0"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
    ],
)
def test_every_page_carries_its_guards(db: None, header: str, expected: str) -> None:
    assert Client().get("/")[header] == expected


def test_a_page_runs_nothing_but_the_portals_own_scripts(db: None) -> None:
    policy = Client().get("/")["Content-Security-Policy"]

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if rule.strip())
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"


def test_a_mistake_shows_no_innards(db: None, settings: Settings) -> None:
    page = Client().get("/tidak/ada/").content.decode()

    assert settings.DEBUG is False
    assert "Traceback" not in page
    assert "urlpatterns" not in page.lower()
