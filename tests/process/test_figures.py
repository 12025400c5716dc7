"""Six people verify entries of one dimension at once: no figure is lost, none is read half made."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings

from tests.process import portal

pytestmark = pytest.mark.process


@pytest.fixture(params=["sqlite3", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Return the kind and the address of an empty database that many processes can share."""
    if request.param == "sqlite3":
        yield request.param, ""
        return
    missing = portal.missing_server()
    if missing and os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    name = f"portal_race_{uuid4().hex[:12]}"
    portal.create_database(name)
    yield request.param, urlsplit(portal.POSTGRES_URL)._replace(path=f"/{name}").geturl()
    portal.drop_database(name)


def test_six_people_verify_at_once_and_every_figure_read_meanwhile_was_true(
    database: tuple[str, str],
) -> None:
    kind, address = database

    run = subprocess.run(
        [sys.executable, "-m", "tests.programs.verify_race"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    moments = found["reader"].pop("moments") if found["reader"] else 0
    print(f"{kind}: {moments} different moments were read")
    assert found == {
        "database": kind,
        "verified": [15] * 6,
        "reader": {
            "last": [90, 90],
            "never_backwards": True,
            "dimension_read_later_is_no_older": True,
            "answers": [200],
            "kept_page_is_the_last": True,
        },
        "statuses": {"verified": 90},
        "city": ["50.0000000000", 90, 90],
        "quarter": [[90, 90]],
        "differences": [],
        "verify_rows": 90,
        "broken_links": 0,
    }, run.stderr
    assert moments >= 3
