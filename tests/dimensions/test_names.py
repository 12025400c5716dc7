"""What an organisation was called on a day."""

from datetime import date

import pytest

from dimensions.models import Organization
from dimensions.names import names_on
from tests import factories

BEFORE = date(2019, 12, 31)
FIRST_DAY = date(2020, 1, 1)


@pytest.fixture
def renamed(db: None) -> Organization:
    """An agency that was “Lama” from the beginning and is “Dinkes” since 2020."""
    agency = factories.make_organization("dinkes")
    agency.names.create(short_name="Lama", official_name="Dinas Lama")
    agency.names.create(
        short_name="Dinkes", official_name="Dinas Dinkes", valid_from=FIRST_DAY, source="Perwali"
    )
    return agency


@pytest.mark.parametrize(
    ("day", "short", "official"),
    [
        (date(2000, 1, 1), "Lama", "Dinas Lama"),
        (BEFORE, "Lama", "Dinas Lama"),
        (FIRST_DAY, "Dinkes", "Dinas Dinkes"),
        (date(2024, 6, 4), "Dinkes", "Dinas Dinkes"),
    ],
)
def test_the_name_that_counts_is_the_last_that_began(
    renamed: Organization, day: date, short: str, official: str
) -> None:
    names = names_on(day)

    assert (names.short(renamed), names.official(renamed)) == (short, official)


def test_an_organisation_that_was_never_renamed_is_called_as_it_is(db: None) -> None:
    agency = factories.make_organization("dinkes")

    assert names_on(BEFORE).short(agency) == "Dinkes"
    assert names_on(BEFORE).official(agency) == "Dinas Dinkes"


def test_a_name_belongs_to_its_organisation_only(renamed: Organization) -> None:
    other = factories.make_organization("disdik")

    assert names_on(BEFORE).short(other) == "Disdik"
