"""Indonesian first, English by choice."""

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.mark.parametrize("wish", ["en-US,en;q=0.9", "id", "de", ""])
def test_a_page_is_indonesian_whatever_language_the_phone_is_set_to(cast: Cast, wish: str) -> None:
    page = Client().get("/", headers={"Accept-Language": wish}).content.decode()

    assert '<html lang="id">' in page
    assert "Enam dimensi" in page


def test_a_reader_can_choose_english_and_come_back(cast: Cast) -> None:
    client = Client()

    client.post("/bahasa/setlang/", {"language": "en", "next": "/"})
    assert "Six dimensions" in client.get("/").content.decode()
    client.post("/bahasa/setlang/", {"language": "id", "next": "/"})
    assert "Enam dimensi" in client.get("/").content.decode()


def test_a_language_nobody_offers_is_ignored(cast: Cast) -> None:
    client = Client()
    client.cookies["django_language"] = "../../etc"

    assert '<html lang="id">' in client.get("/").content.decode()
