"""Real publications kept as text: every statement printed in them, figure by figure.

The expectations are those of the same publications typeset again: a table that is an image there
has no line of text here.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from archive.model import Certainty, Document, Mark, Statement
from archive.text.report import report
from tests import corpus
from tests.corpus.test_figures import matching_form, wrong_cells
from tests.reading import read_once

SEEDS = corpus.FOLDER.parent / "seeds"
CLEAN = ("dongxihu-2025-budget", "jiangan-2024-budget", "qingshan-2023-final")
ROWS = {
    "dongxihu-2025-budget": [39, 3, 20, 36, 20, 4, 28, 6, 0, 0, 12],
    "jiangan-2024-budget": [44, 28, 28, 46, 28, 21, 6, 0, 21, 5, 3, 0],
    "qingshan-2023-final": [1, 1, 6],
    "wuchang-2024-final": [42, 55, 55, 38, 55, 63, 1, 1, 6],
    "wuchang-2025-budget": [],
}
"""Line items of each statement, in printed order."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the texts are not here: ../shared/seeds"),
]


@cache
def document(name: str) -> Document:
    return read_once((SEEDS / f"{name}.txt").read_bytes())


def expected(name: str) -> dict[str, Any]:
    path = corpus.FOLDER / "wuhan" / f"expected_{name}.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.parametrize("name", CLEAN)
def test_no_cell_of_a_clean_text_is_wrong_or_missing(name: str) -> None:
    truth, got = expected(name), report(document(name), f"{name}.txt")
    assert (got["year"], got["kind"]) == (truth["year"], truth["kind"])
    faults: list[str] = []
    for table in truth["tables"]:
        if table.get("image"):
            continue
        form = matching_form(table["title"], truth["kind"])
        read_tables = [t for t in got["tables"] if t["form"] == form.id]
        assert len(read_tables) == 1, table["title"]
        assert read_tables[0]["unit"] == truth["unit"]
        faults += [f"{table['title']}: {f}" for f in wrong_cells(table, read_tables[0], form)]
    assert faults == []


def in_blocks(document: Document) -> list[Statement]:
    """The performance forms."""
    return [s for s in document.statements if "performance" in s.form]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_statement_printed_as_text_becomes_line_items(name: str) -> None:
    found = document(name)

    assert [len(s.items) for s in found.statements if s not in in_blocks(found)] == ROWS[name]


def amounts_of(statement: Statement) -> Counter[tuple[object, ...]]:
    """Every amount of a performance form with all that says which it is."""
    return Counter(
        (
            item.side,
            item.name,
            tuple(item.attributes.get(key) for key in ("block", "group", "rate", "share")),
            measure,
            amount.value,
            amount.mark,
        )
        for item in statement.items
        for measure, amount in item.amounts.items()
    )


AMOUNTS = {
    "dongxihu-2025-budget": (9, 106, 141),
    "jiangan-2024-budget": (16, 226, 296),
    "qingshan-2023-final": (8, 18, 18),
    "wuchang-2025-budget": (3, 41, 46),
}
"""Performance forms, amounts read of them, and amounts the same publication shows as a PDF.

What is left open stands between texts of several columns: 项目支出情况, 项目支出明细测算.
"""


def indicators_of(statement: Statement) -> Counter[tuple[object, ...]]:
    """Every indicator of a performance form, with its classes and all its values."""
    return Counter(
        (item.name, *sorted(item.attributes.items()))
        for item in statement.items
        if "level2" in item.attributes
    )


INDICATORS = {
    "dongxihu-2025-budget": (50, 162),
    "jiangan-2024-budget": (98, 299),
    "qingshan-2023-final": (31, 43),
    "wuchang-2025-budget": (12, 64),
}
"""Indicators read, and indicators the same publication shows as a PDF."""


@pytest.mark.parametrize("name", sorted(AMOUNTS))
def test_every_amount_and_indicator_read_of_a_performance_form_is_one_of_its_pdf(name: str) -> None:
    pdf = in_blocks(read_once((corpus.FOLDER / "wuhan" / f"{name}.pdf").read_bytes()))
    own = in_blocks(document(name))
    pairs = [(amounts_of(mine), amounts_of(its)) for mine, its in zip(own, pdf, strict=True)]

    assert [(s.form, s.subject, s.unit) for s in own] == [(s.form, s.subject, s.unit) for s in pdf]
    assert [mine - its for mine, its in pairs] == [Counter()] * len(pairs)
    read_, printed = (sum(pair[side].total() for pair in pairs) for side in (0, 1))
    assert (len(own), read_, printed) == AMOUNTS[name]
    assert sum(r.code == "lines-open" for r in document(name).remarks) == len(own)
    told = [(indicators_of(mine), indicators_of(its)) for mine, its in zip(own, pdf, strict=True)]
    assert [mine - its for mine, its in told] == [Counter()] * len(told)
    assert tuple(sum(pair[side].total() for pair in told) for side in (0, 1)) == INDICATORS[name]


def test_a_title_without_a_table_is_said_to_have_none() -> None:
    missing = [r for r in document("wuchang-2025-budget").remarks if r.code == "table-missing"]

    assert len(missing) == 11
    assert "部门收支总表" in missing[0].message


def test_every_figure_says_on_which_line_it_stands() -> None:
    path = SEEDS / "jiangan-2024-budget.txt"
    lines = path.read_text().split("\n")
    amounts = [
        amount
        for statement in document("jiangan-2024-budget").statements
        for item in statement.items
        for amount in item.amounts.values()
        if amount.mark is Mark.PRINTED
    ]

    assert len(amounts) == 518
    assert all(a.at and a.text in lines[a.at.row - 1].split() for a in amounts)
    assert all(a.certainty is Certainty.ALIGNED and a.at and a.at.box is None for a in amounts)


def test_columns_that_only_sums_tell_are_told_and_said_so() -> None:
    found = document("jiangan-2024-budget")
    spending = next(s for s in found.statements if s.form == "budget.expenditure")
    pensions = next(item for item in spending.items if item.code == "2080502")

    assert pensions.amounts["项目支出"].value == Decimal("12.72")
    assert pensions.amounts["基本支出"].mark is Mark.BLANK
    said = [r.message for r in found.remarks if r.code == "column-by-sums"]
    assert "支出总表: in 28 rows the sums tell the columns of the figures" in said


DAMAGED = "wuchang-2024-final"
TABLES = ("final.income", "final.expenditure", "final.general_function")


@pytest.mark.parametrize("form", TABLES)
def test_all_25_damaged_codes_are_restored(form: str) -> None:
    truth = next(
        t for t in expected(DAMAGED)["tables"] if matching_form(t["title"], "决算").id == form
    )
    found = document(DAMAGED)
    statement = next(s for s in found.statements if s.form == form)
    repairs = [r for r in found.repairs if r.form == form]

    assert [item.code for item in statement.items] == [row["code"] for row in truth["rows"]]
    assert len(repairs) == 25
    assert all(len(r.read) == 7 and len(r.witnesses) == 3 for r in repairs)


def test_no_cell_of_the_damaged_text_is_wrong() -> None:
    truth, got = expected(DAMAGED), report(document(DAMAGED), DAMAGED)
    faults: list[str] = []
    for table in truth["tables"]:
        form = matching_form(table["title"], truth["kind"])
        read_table = next(t for t in got["tables"] if t["form"] == form.id)
        faults += [f"{form.id}: {fault}" for fault in wrong_cells(table, read_table, form)]

    # a column of 公开04 whose head the text does not print
    faults = [f for f in faults if not f.endswith("expected None, read None")]
    names = [f for f in faults if "row 2" in f]
    assert sorted(set(faults) - set(names)) == [
        "final.general_function:  合计 项目支出: expected 15602.72, read ?"
    ]
    assert len(names) == 12, "six names are damaged in the text"


def test_damaged_figures_of_the_prose_are_named_with_their_witnesses() -> None:
    found = document(DAMAGED)
    repairs = [r for r in found.repairs if not r.form]

    assert [
        (r.printed, r.read) for r in repairs if r.printed[0] != "1" or "010.35" not in r.printed
    ] == [
        ("11,602.72万元", "15,602.72万元"),
        ("1,386.49万元", "7,386.49万元"),
        ("1,645.72万元", "2,645.72万元"),
        ("1,065.74万元", "3,065.74万元"),
        ("1,397.9% (execution-percent)", "3,397.9% (execution-percent)"),
        ("11,602.72万元", "15,602.72万元"),
        ("11,461.22万元", "15,461.22万元"),
        ("1,806.44万元", "6,806.44万元"),
        ("1,645.72万元", "2,645.72万元"),
        ("11,602.72万元", "15,602.72万元"),
        ("1,024年", "2024年"),
    ]
    assert [r.read for r in repairs if "010.35" in r.printed] == ["16,010.35万元"] * 11
    assert all(r.witnesses for r in repairs)


def test_damaged_amounts_of_performance_forms_keep_their_print_beside_what_is_proposed() -> None:
    found = document(DAMAGED)
    doubtful = [
        (item.name, measure, amount.text, amount.proposed)
        for statement in found.statements
        for item in statement.items
        for measure, amount in item.amounts.items()
        if amount.certainty is Certainty.RECOGNISED
    ]

    assert doubtful == [
        ("项目支出总额", "项目支出总额", "11,602.72", Decimal("15602.72")),
        ("部门整体支出总额", "预算数", "11,010.35", Decimal("16010.35")),
        ("部门整体支出总额", "执行数", "11,010.35", Decimal("16010.35")),
    ]
    repairs = [r for r in found.repairs if r.form == "final.performance_whole"]
    assert [r.read for r in repairs] == ["15,602.72", "16,010.35", "16,010.35"]
    assert all(len(r.witnesses) == 2 and r.at for r in repairs)


def test_the_damage_accuses_nobody_and_the_print_stands() -> None:
    found = document(DAMAGED)
    damaged = {r.claim for r in found.repairs if r.claim is not None}

    assert all(found.claims[i].text.startswith("1") for i in damaged)
    assert not any(found.claims[i].bound for i in damaged)
    assert any("11,010.35" in p.text for p in found.prose)
    sound = [c for c in found.claims if c.bound and c.value is not None]
    assert {"1,094.29万元", "1,513.55万元", "1,552.19万元"} <= {c.text for c in sound}
    said = next(r.message for r in found.remarks if r.code == "text-damaged")
    assert "1 stands before a thousands separator" in said
    assert "1,452.19万元, 11,704.8万" in said, "what nobody speaks for is left open"


@pytest.mark.parametrize("name", [name for name in sorted(ROWS) if name != DAMAGED])
def test_nothing_is_repaired_in_a_sound_text(name: str) -> None:
    assert document(name).repairs == ()
