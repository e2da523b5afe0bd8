"""Dates as portals print them."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.dates import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-10 15:49", date(2025, 11, 10)),
        ("[2025-01-24]", date(2025, 1, 24)),
        ("2025/1/24", date(2025, 1, 24)),
        ("2025.1.24", date(2025, 1, 24)),
        ("发布日期：2025年1月24日", date(2025, 1, 24)),
        ("２０２５－０１－２４", date(2025, 1, 24)),
        ("2018-05-04 10:11:12", date(2018, 5, 4)),
        ("1737648000", date(2025, 1, 24)),
        ("1737648000000", date(2025, 1, 24)),
        ("2025-01-23T17:30:00Z", date(2025, 1, 24)),
        ("2025-01-24T00:30:00+08:00", date(2025, 1, 24)),
        ("2025-02-30 更正为 2025-03-01", date(2025, 3, 1)),
    ],
)
def test_a_full_date_is_read_as_a_day_in_china(text: str, expected: date) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text", ["01-24", "1月24日", "", "2025年", "2025-13-40", "t20250124_123", "12025-01-241"]
)
def test_what_is_no_full_date_stays_none(text: str) -> None:
    assert parse(text) is None
