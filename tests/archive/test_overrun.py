"""Rows that a word processor breaks where the page ends."""

from __future__ import annotations

import pytest

from archive.model import LineItem
from archive.text.reader import see
from tests.archive.drawing import Sheet
from tests.archive.test_statements import CODE_HEAD, WIDTHS, only

Rows = list[list[str | None]]

ABOVE: Rows = [["208", "社会保障和就业支出", "4.00", "4.00", ""]]
BELOW: Rows = [["221", "住房保障支出", "9.00", "9.00", ""]]


def items(first: Rows, second: Rows) -> list[LineItem]:
    one = Sheet(1).centred("2024年度支出决算表").text("单位：万元", 450)
    one.table([*CODE_HEAD, *ABOVE, *first], WIDTHS)
    two = Sheet(2).table([*second, *BELOW], WIDTHS)
    return list(only(see([one.page, two.page])).items)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["2080505", "机关事业单位养老", "4.00", "4.00", ""], ["", "缴费支出", "", "", ""]),
        (["2080", "机关事业单位养老", "4.00", "4.00", ""], ["505", "缴费支出", "", "", ""]),
        (["2080", "机关事业单位养老缴费支出", "4.00", "4.00", ""], ["505", "", "", "", ""]),
    ],
)
def test_a_row_cut_in_two_by_the_page_is_one_row(
    first: list[str | None], second: list[str | None]
) -> None:
    found = items([first], [second])
    assert [(item.code, item.name, item.amounts["合计"].text) for item in found] == [
        ("208", "社会保障和就业支出", "4.00"),
        ("2080505", "机关事业单位养老缴费支出", "4.00"),
        ("221", "住房保障支出", "9.00"),
    ]
    assert found[1].page == 1


@pytest.mark.parametrize(
    "second",
    [
        ["", "", "", "", ""],
        ["", "合计", "", "", ""],
        ["合计", None, "", "", ""],
        ["210", "卫生健康支出", "", "", ""],
        ["", "其他", "1.00", "", ""],
    ],
)
def test_a_row_of_its_own_is_not_taken_for_the_rest_of_another(second: list[str | None]) -> None:
    found = items([["210", "卫生健康支出", "4.00", "4.00", ""]], [second])
    assert found[1].name == "卫生健康支出"
    assert len(found) == (4 if any(second) else 3)


def test_two_rows_on_one_page_are_never_joined() -> None:
    rows: Rows = [["2080", "养老支出", "4.00", "4.00", ""], ["505", "", "", "", ""]]
    assert [item.code for item in items(rows, [])] == ["208", "2080", "505", "221"]
