"""Printed figures become exact numbers or say why not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import money
from archive.export.rows import exact, fits
from archive.model import Mark, Unit


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2,940.05", "2940.05"),
        ("6.20", "6.20"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("１，２３４．５０", "1234.50"),
        ("1 234.50", "1234.50"),
        ("1, 234. 50", "1234.50"),
        ("-12.00", "-12.00"),
        ("－12.00", "-12.00"),
        ("(12.00)", "-12.00"),
        ("（1,012.00）", "-1012.00"),
        ("156,211,123", "156211123"),
        (".5", "0.5"),
    ],
)
def test_a_printed_number_keeps_value_and_precision(printed: str, value: str) -> None:
    mark, parsed = money.parse(printed)
    assert mark is Mark.PRINTED
    assert str(parsed) == value


@pytest.mark.parametrize("printed", ["", " ", "\u3000", "\n"])
def test_a_blank_is_not_a_zero(printed: str) -> None:
    assert money.parse(printed) == (Mark.BLANK, None)


@pytest.mark.parametrize("printed", ["—", "-", "——", "－", "/", "--"])
def test_a_dash_is_neither_blank_nor_zero(printed: str) -> None:
    assert money.parse(printed) == (Mark.DASH, None)


@pytest.mark.parametrize(
    "printed", ["12 34", "1,23", "12.00 34.00", "见附件", "12.3.4", "1,2345", "19.4%", "(12", "无"]
)
def test_what_cannot_be_one_number_is_never_made_one(printed: str) -> None:
    assert money.parse(printed) == (Mark.UNREADABLE, None)


@pytest.mark.parametrize(
    "printed", ["1" * 25, "(" + "9" * 25 + ")", "1." + "0" * 24, "１" * 25, "0." + "0" * 23 + "1"]
)
def test_a_number_of_more_digits_than_any_amount_is_not_taken_for_one(printed: str) -> None:
    assert money.parse(printed) == (Mark.UNREADABLE, None)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1" * 24, "1" * 24),
        ("(" + "9" * 22 + ".99)", "-" + "9" * 22 + ".99"),
        ("1,000,000,000,000,000,000,000.00", "1000000000000000000000.00"),
        ("0.00012345678901234567", "0.00012345678901234567"),
        ("-0.00", "0.00"),
    ],
)
def test_a_long_number_keeps_every_digit(printed: str, value: str) -> None:
    mark, parsed = money.parse(printed)
    assert (mark, str(parsed)) == (Mark.PRINTED, value)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    )
)
def test_what_is_grouped_reads_back_the_same(value: Decimal) -> None:
    assert money.parse(money.grouped(value)) == (Mark.PRINTED, value)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_yuan_to_wan_and_back_loses_nothing(yuan: int) -> None:
    value = Decimal(yuan)
    wan = money.convert(value, Unit.YUAN, Unit.WAN)
    assert wan * 10_000 == value
    assert money.convert(wan, Unit.WAN, Unit.YUAN) == value


LONG = Decimal("123456789012345678901234567890.123456789012345678901234567891")
"""As older readings took them, and of twice the digits that arithmetic keeps by default."""


def test_however_long_a_value_is_it_is_never_rounded() -> None:
    yuan = money.convert(LONG, Unit.WAN, Unit.YUAN)
    assert str(yuan) == "1234567890123456789012345678901234.56789012345678901234567891"
    assert money.convert(yuan, Unit.YUAN, Unit.WAN) == LONG
    assert money.total([LONG, LONG.copy_negate(), LONG]) == LONG
    assert str(money.difference(LONG, Decimal("123456789012345678901234567890"))) == (
        "0.123456789012345678901234567891"
    )


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("9" * 30 + "." + "9" * 8, "9" * 30 + "." + "9" * 8),
        ("9" * 30 + "." + "9" * 8 + "0", "9" * 30 + "." + "9" * 8),
        ("6.20", "6.20"),
        ("1." + "0" * 40, "1"),
        ("1" + "0" * 30, None),
        ("0." + "0" * 8 + "1", None),
        ("1." + "0" * 30 + "1", None),
        (str(LONG), None),
    ],
)
def test_a_column_holds_a_value_exactly_or_not_at_all(value: str, held: str | None) -> None:
    found = exact(Decimal(value))
    assert (None if found is None else str(found)) == held
    assert fits(Decimal(value)) == (held is not None)
