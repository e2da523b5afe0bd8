"""Rows that both documents print alike are not paired step by step; the changes stay the same."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from deepdiff import DeepDiff

import diffing.pairing
from archive.model import Document, LineItem, Unit
from diffing.basis import revisions
from diffing.compare import compare
from diffing.keys import same_rows
from diffing.known import Known
from diffing.paired import How
from diffing.pairing import pair_rows
from tests.diffing.build import document, item, statement, version

MEASURES = ("合计", "基本支出", "项目支出")
ROWS = (
    item("一、收入", "5.00", side="收入", level=1),
    item("科学技术支出", "7.00", "4.00", "3.00", code="206", side="支出", level=1),
    item("科技人才", "3.00", code="20699", side="支出", level=2, attributes={"block": "甲"}),
    item("科技人才", "4.00", code="20699", side="支出", level=2, attributes={"block": "乙"}),
    item("支出合计", "7.00", side="支出", total=True),
)


def lines(seed: int) -> list[LineItem]:
    chance = random.Random(seed)
    return [
        item(
            f"第{number}项",
            *(chance.choice(("1.0", "1.00", "1", "2.5", "0", "-3", "1,000")) for _ in MEASURES),
            code=f"2{number:02d}",
        )
        for number in range(40)
    ]


def keyed(found: Document) -> dict[str, dict[str, Decimal | None]]:
    (one,) = found.statements
    return {i.code: {m: a.value for m, a in i.amounts.items()} for i in one.items}


@pytest.mark.parametrize("seed", range(5))
def test_cells_are_those_that_deepdiff_finds_over_the_keyed_cells(seed: int) -> None:
    old, new = (document(statement(*lines(s))) for s in (seed, seed + 100))
    tree = DeepDiff(keyed(old), keyed(new), view="tree", threshold_to_diff_deeper=0)
    expected = {
        tuple(level.path(output_format="list")) for levels in tree.values() for level in levels
    }
    changes = compare(version(old), version(new)).changes
    assert {(c.line.code, cell.measure) for c in changes for cell in c.cells} == expected
    assert expected


@pytest.mark.parametrize("known", [Known(), Known(revisions(2017, 2025))])
def test_rows_taken_as_printed_are_paired_as_the_steps_would(
    monkeypatch: pytest.MonkeyPatch, known: Known
) -> None:
    coded = {"201": "一般公共服务支出", "20115": "工商事务", "2011501": "某项"}
    one = statement(*ROWS, *(item(name, "1.00", code=code) for code, name in coded.items()))
    at_once = pair_rows(one, one, known)
    monkeypatch.setattr(diffing.pairing, "same_rows", lambda *_: None)
    assert at_once == pair_rows(one, one, known)
    assert [row.how for row in at_once[0]] == [How.EXACT] * len(one.items)
    assert [row.new.code for row in at_once[0] if row.new and row.basis] == (
        ["20115", "2011501"] if known.revisions else []
    )


def test_a_row_printed_twice_is_not_taken_as_printed() -> None:
    assert same_rows((*ROWS, ROWS[0]), (*ROWS, ROWS[0])) is None


def test_rows_in_another_order_are_not_taken_as_printed() -> None:
    assert same_rows(ROWS, ROWS[::-1]) is None


def test_names_that_look_private_to_a_program_are_compared() -> None:
    old, new = (
        document(statement(item("__某项", figure, side="__支出", measures=("__合计",))))
        for figure in ("1.00", "2.00")
    )
    (change,) = compare(version(old), version(new)).changes
    assert [cell.measure for cell in change.cells] == ["__合计"]


def test_units_are_compared_exactly_row_for_row() -> None:
    wan = statement(item("某项", "859.30", "1", "858.3", code="206"))
    yuan = statement(item("某项", "8,593,000", "10,001", "8583000.00", code="206"), unit=Unit.YUAN)
    (change,) = compare(version(document(wan)), version(document(yuan))).changes
    assert [(cell.measure, cell.difference) for cell in change.cells] == [
        ("基本支出", Decimal("0.0001"))
    ]


def test_a_side_that_breaks_lines_keeps_its_rows_apart() -> None:
    old, new = (
        document(statement(*(item(n, f, side="支\n出\u2028") for n, f in rows)))
        for rows in ((("甲", "1.00"), ("乙", "2.00")), (("甲", "1.50"), ("乙", "2.00")))
    )
    (change,) = compare(version(old), version(new)).changes
    assert (change.line.name, change.cells[0].difference) == ("甲", Decimal("0.50"))
