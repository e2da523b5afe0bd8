"""Numbers at the edge of a cell: one that runs over it, or two that stand close on either side."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import Mark
from archive.text.reader import see
from tests.archive.drawing import SIZE, Sheet

ROWS: list[list[str | None]] = [
    ["科目编码", "科目名称", "合计", "基本支出"],
    ["201", "一般公共服务支出", "", ""],
    ["20101", "政协事务", "5.00", "2.00"],
    ["合计", None, "5.00", "2.00"],
]
EDGE = 360.0


def read(left: str, right: str, *, over: float = 0.0) -> list[tuple[str, Decimal | None, Mark]]:
    """The figures of a row whose two numbers touch at the edge, or `over` points beyond it."""
    sheet = Sheet(1).centred("2024年度支出决算表").table(ROWS, [70, 150, 80, 80])
    y = sheet.top + 46
    sheet.text(left, EDGE + over - len(left) * SIZE / 2 - 0.1, y=y)
    sheet.text(right, EDGE + over + 0.1, y=y)
    (statement,) = see([sheet.page]).statements
    amounts = statement.items[0].amounts
    return [(a.text, a.value, a.mark) for a in (amounts["合计"], amounts["基本支出"])]


@pytest.mark.parametrize(("left", "right"), [("5.00", "2.00"), ("1,234", "567"), ("1,234", "5.00")])
def test_two_numbers_that_make_no_number_together_are_two(left: str, right: str) -> None:
    assert read(left, right) == [
        (text, Decimal(text.replace(",", "")), Mark.PRINTED) for text in (left, right)
    ]


@pytest.mark.parametrize(("left", "right"), [("1234", "567"), ("12", "3.00")])
def test_what_may_be_one_number_or_two_is_neither(left: str, right: str) -> None:
    assert read(left, right) == [
        (f"{left}…", None, Mark.UNREADABLE),
        (f"…{right}", None, Mark.UNREADABLE),
    ]


def test_a_number_of_which_one_side_is_no_number_is_one() -> None:
    assert read("1,2", "34.00") == [
        ("", None, Mark.BLANK),
        ("1,234.00", Decimal("1234.00"), Mark.PRINTED),
    ]


def test_a_number_through_whose_digit_the_edge_goes_is_one() -> None:
    assert read("12345", "6.00", over=2.0) == [
        ("123456.00", Decimal("123456.00"), Mark.PRINTED),
        ("", None, Mark.BLANK),
    ]


def test_of_two_numbers_of_which_one_runs_over_the_edge_neither_is_sure() -> None:
    assert read("0.716761", "34,169.25", over=2.0) == [
        ("0.716761…", None, Mark.UNREADABLE),
        ("…34,169.25", None, Mark.UNREADABLE),
    ]


def test_full_width_digits_are_digits_of_a_number_too() -> None:
    sheet = Sheet(1).centred("2024年度支出决算表").table(ROWS, [70, 150, 80, 80])
    sheet.text("７９７.９３８８", EDGE - 62, y=sheet.top + 46)
    amount = see([sheet.page]).statements[0].items[0].amounts["合计"]
    assert (amount.text, amount.value) == ("７９７.９３８８", Decimal("797.9388"))


def over(*drawn: tuple[str, float], ruled: bool) -> list[Decimal | None]:
    sheet = Sheet(1).centred("2024年度支出决算表").table(ROWS, [70, 150, 80, 80])
    y = sheet.top + 46
    for text, x in drawn:
        sheet.text(text, x, y=y)
    sheet.page.segments = sheet.page.segments if ruled else []
    return [a.value for s in see([sheet.page]).statements for a in s.items[0].amounts.values()]


def test_of_numbers_printed_over_one_another_each_is_read_as_it_was_drawn() -> None:
    found = over(("59350.365", EDGE - 30), ("0.297", EDGE + 3), ruled=True)
    assert found == [Decimal("59350.365"), Decimal("0.297")]


@pytest.mark.parametrize("ruled", [True, False])
def test_where_the_order_of_drawing_does_not_tell_they_are_no_figure(ruled: bool) -> None:
    assert not any(over(("59350.365", EDGE + 1), ("0.297", EDGE + 3), ruled=ruled))
