"""Numbers as people type them: what is read, what is refused, and that the two ways agree."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from ambon_smartcity.numbers import NotANumber, parse_decimal
from ambon_smartcity.templatetags.portal import number, rupiah


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", "0"),
        ("0,0", "0"),
        ("7", "7"),
        ("007", "7"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("12.50", "12.5"),
        ("0.125", "0.125"),
        ("1.2345", "1.2345"),
        ("1.234", "1234"),
        ("1234", "1234"),
        ("1234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("12.345,6789", "12345.6789"),
        (" 12,5 ", "12.5"),
        ("\u00a012,5\u00a0", "12.5"),
        ("-3,5", "-3.5"),
        ("\u22123,5", "-3.5"),
        ("99999999999999,9", "99999999999999.9"),
        ("99999999999,9999", "99999999999.9999"),
        ("99999999999999,9000", "99999999999999.9"),
        ("00099999999999,9999", "99999999999.9999"),
        ("0,9999", "0.9999"),
        ("99.999.999.999.999", "99999999999999"),
    ],
)
def test_a_number_is_read_as_an_indonesian_means_it(typed: str, meant: str) -> None:
    assert parse_decimal(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "-",
        ".",
        ",",
        "nihil",
        "NaN",
        "Infinity",
        "-inf",
        "1e5",
        "1E5",
        "0x10",
        "1_000",
        "1.2.3",
        "1..5",
        "1,,5",
        "1,2,3",
        "1,234.56",
        "1.234.56",
        "1.2345.678",
        "12.34.567",
        "1234.567",
        "01.234",
        "0.123.456",
        "5,",
        ",5",
        "5.",
        ".5",
        "1 000",
        "1\u00a0000",
        "1'000",
        "+5",
        "--5",
        "- 5",
        "5-",
        "½",
        "²",
        "１２",
        "1２",
        "١٢٣",
        "१२",
        "1\u200b2",
        "1\x002",
        "1\n2",
        "12\n34",
        "1/2",
        "3*4",
        "=1+1",
        "Rp 1.000",
        "12%",
    ],
)
def test_what_is_not_clearly_one_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "9" * 15,
        "9" * 400,
        "1," + "1" * 5,
        "0." + "1" * 400,
        "100.000.000.000.000",
    ],
)
def test_more_digits_than_are_kept_are_refused_and_not_cut_off(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(typed)


@pytest.mark.parametrize(
    "typed",
    ["99999999999999,9999", "99.999.999.999.999,99", "-99999999999999,01", "999999999999,0001"],
)
def test_more_digits_together_than_the_database_keeps_are_refused(typed: str) -> None:
    sentence = gettext("“%(text)s” has too many digits: at most %(digits)d are kept in all.")

    with pytest.raises(NotANumber) as refusal:
        parse_decimal(typed)

    assert str(refusal.value) == sentence % {"text": typed, "digits": 15}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Rp 1.000.000", "1000000"),
        ("Rp1.000.000", "1000000"),
        ("Rp. 1.000.000", "1000000"),
        ("rp 1.000.000,50", "1000000.5"),
        ("1.000.000", "1000000"),
    ],
)
def test_rp_may_stand_before_money(typed: str, meant: str) -> None:
    assert parse_decimal(typed, prefix="Rp") == Decimal(meant)


@pytest.mark.parametrize(("typed", "meant"), [("12%", "12"), ("12,5 %", "12.5"), ("12", "12")])
def test_a_percent_sign_may_stand_behind_a_percentage(typed: str, meant: str) -> None:
    assert parse_decimal(typed, suffix="%") == Decimal(meant)


@pytest.mark.parametrize("typed", ["Rp Rp 5", "Rp", "12 Rp", "$ 12", "IDR 12", "Rp 1.2.3"])
def test_nothing_else_may_stand_around_money(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_decimal(typed, prefix="Rp")


def test_the_refusal_quotes_what_was_typed() -> None:
    with pytest.raises(NotANumber, match=r"“1\.2\.3”"):
        parse_decimal("1.2.3")


def test_the_refusal_of_a_very_long_text_stays_short() -> None:
    with pytest.raises(NotANumber) as refusal:
        parse_decimal("9" * 4000)

    assert len(str(refusal.value)) < 200


KEPT = st.one_of(
    st.decimals(min_value=1 - 10**14, max_value=10**14 - 1, places=1),
    st.decimals(min_value=1 - 10**11, max_value=10**11 - 1, places=4),
)


@given(KEPT)
def test_a_number_written_by_the_portal_is_read_back_as_the_same(value: Decimal) -> None:
    with translation.override("id"):
        written = number(value)

    assert parse_decimal(written) == value


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_money_written_by_the_portal_is_read_back_as_the_same(value: int) -> None:
    with translation.override("id"):
        written = rupiah(value)

    assert parse_decimal(written, prefix="Rp") == value


@given(st.text() | st.text(alphabet="0123456789.,-Rp% ½١"))
def test_any_text_is_either_one_number_or_refused(typed: str) -> None:
    try:
        read = parse_decimal(typed, prefix="Rp", suffix="%")
    except NotANumber:
        return

    with translation.override("id"):
        assert parse_decimal(number(read)) == read
