"""Printed figures become exact numbers or say why not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import money
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
