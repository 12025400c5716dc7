"""Numbers as Indonesians type them, and everything that is refused."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ambon_smartcity.numbers import NotANumber, parse_decimal
from ambon_smartcity.templatetags.portal import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.234", "1234"),
        ("1.234.567,89", "1234567.89"),
        ("1234567,89", "1234567.89"),
        ("0", "0"),
        ("0,5", "0.5"),
        ("0.125", "0.125"),
        ("  7 ", "7"),
        ("-3", "-3"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_the_indonesian_way(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["Rp 1.000.000", "rp1.000.000", "Rp. 1.000.000", "1000000"])
def test_money_may_carry_its_sign(text: str) -> None:
    assert parse_decimal(text, prefix="Rp") == 1_000_000


def test_a_percentage_may_carry_its_sign() -> None:
    assert parse_decimal("12,5 %", suffix="%") == Decimal("12.5")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1.2.3", "1..5", "1,234.56", "1_000", "NaN", "Infinity", "1e5", "½", "１２",
        "٣", "1 000", "12%", "Rp 5", "1.23.456", "12.34,5", "1,2,3", "--1", "+1", "0x10", ",5",
        "5,", "1234.567", "9" * 400, "1,23456", "1\x00", "satu",
    ],
)  # fmt: skip
def test_everything_that_is_not_clearly_one_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(text)


def test_the_refusal_quotes_what_was_typed_but_not_all_of_a_flood() -> None:
    with pytest.raises(NotANumber) as refusal:
        parse_decimal("x" * 5000)

    assert "x" * 40 in str(refusal.value)
    assert len(str(refusal.value)) < 200


@given(st.decimals(min_value=0, max_value=10**13, places=4, allow_nan=False))
def test_what_the_portal_writes_it_reads_back_as_the_same_number(value: Decimal) -> None:
    with translation.override("id"):
        assert parse_decimal(number(value)) == value
