"""The front page and each role's home."""

import pytest
from django.test import Client

from tests import factories
from tests.conftest import Cast, SignIn


def test_a_visitor_reads_what_this_is_and_the_six_dimensions(db: None) -> None:
    for code in ("SG", "SB", "SE", "SS", "SL", "EN"):
        factories.make_dimension(code)

    page = Client().get("/").content.decode()

    assert "Smart SG" in page
    assert "Smart EN" in page
    assert "Masuk" in page


@pytest.mark.parametrize("role", ["head", "operator", "secretary", "member", "admin"])
def test_every_role_has_a_home(cast: Cast, sign_in: SignIn, role: str) -> None:
    factories.make_meeting(cast.agency)
    factories.make_activity(cast.agency)
    factories.make_period()

    assert sign_in(getattr(cast, role)).get("/").status_code == 200
