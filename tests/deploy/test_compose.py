"""The compose file against the code it starts; no container engine is needed."""

import importlib.util
import re
from itertools import pairwise
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from ambon_smartcity.management.commands.runportal import services

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "scheduler")
ONE_SHOT = ("migrate",)


def test_the_services_are_those_of_the_plan() -> None:
    assert set(SERVICES) == {*OURS, "db", "redis", "nginx"}


@pytest.mark.parametrize("name", OURS)
def test_what_a_command_names_exists(name: str) -> None:
    program, first, *rest = SERVICES[name]["command"]
    assert program == "python"
    if first == "manage.py":
        assert rest[0] in get_commands()
        return
    assert first == "-m"
    assert importlib.util.find_spec(rest[0]) is not None
    for option, value in pairwise(rest):
        if option == "-c":
            assert (settings.BASE_DIR / value).is_file()
        if option == "-A":
            assert importlib.util.find_spec(f"{value}.celery") is not None


@pytest.mark.parametrize(("name", "embedded"), [("web", 0), ("worker", 1), ("scheduler", 2)])
def test_the_embedded_start_runs_the_same_programs(name: str, embedded: int) -> None:
    parts = {part for part in services()[embedded].command if not part.startswith("/")}
    assert parts <= set(SERVICES[name]["command"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_watched_or_ends_by_itself(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_root_or_may_become_it(name: str) -> None:
    service = SERVICES[name]
    assert str(service["user"]).partition(":")[0] not in {"", "0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for key, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|TOKEN", key):
                assert value.startswith(f"${{{key}:?"), key
    # An address may hold a password; here it must be one that is asked for.
    for password in re.findall(r"://[^:/@\s]+:([^@\s]+)@", re.sub(r"\$\{[^}]*\}", "ASKED", TEXT)):
        assert password == "ASKED"


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_our_services_wait_for_the_migration(name: str) -> None:
    conditions = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "db": "service_healthy",
        "redis": "service_healthy",
    }


def test_nginx_sees_static_files_and_nothing_else() -> None:
    mounts = SERVICES["nginx"]["volumes"]
    assert all(mount.endswith(":ro") for mount in mounts)
    assert [mount for mount in mounts if not mount.startswith("./")] == ["static:/srv/static:ro"]
    assert "media" not in (settings.BASE_DIR / "ambon_smartcity/deploy/nginx.conf").read_text()


def test_only_nginx_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["back"] == {"internal": True}


def test_the_worker_cannot_eat_the_machine() -> None:
    assert SERVICES["worker"]["mem_limit"]


def test_named_volumes_are_declared() -> None:
    used = {
        mount.partition(":")[0]
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
        if not mount.startswith("./")
    }
    assert used == set(COMPOSE["volumes"])
