"""`portal("embedded")` or `portal("production")` starts one; it is gone after the test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.process.portal import Mode, Portal, missing_server


@pytest.fixture
def make_portal(tmp_path: Path) -> Iterator[Callable[..., Portal]]:
    """Return a function that makes a portal without starting it; further settings by keyword."""
    made: list[Portal] = []

    def make(mode: Mode, **env: str) -> Portal:
        missing = missing_server() if mode == "production" else ""
        if missing and os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(missing)
        if missing:
            pytest.skip(missing)
        made.append(Portal(mode, tmp_path / f"data{len(made)}", **env))
        return made[-1]

    yield make
    for portal in made:
        portal.close()


@pytest.fixture
def portal(make_portal: Callable[..., Portal]) -> Callable[..., Portal]:
    """Return a function that starts a portal and waits until it answers."""

    def start(mode: Mode, **env: str) -> Portal:
        made = make_portal(mode, **env)
        made.start()
        return made

    return start
