"""Real publications kept as text: every statement printed in them, figure by figure.

The expectations are those of the same publications typeset again: a table that is an image there
has no line of text here.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from archive.model import Certainty, Document, Mark
from archive.text import read
from archive.text.report import report
from tests import corpus
from tests.corpus.test_figures import matching_form, wrong_cells

SEEDS = corpus.FOLDER.parent / "seeds"
CLEAN = ("dongxihu-2025-budget", "jiangan-2024-budget", "qingshan-2023-final")
ROWS = {
    "dongxihu-2025-budget": [39, 3, 20, 36, 20, 4, 28, 6, 0, 0, 12],
    "jiangan-2024-budget": [44, 28, 28, 46, 28, 21, 6, 0, 21, 5, 3, 0],
    "qingshan-2023-final": [1, 1, 6],
    "wuchang-2024-final": [42, 55, 55, 38, 55, 63, 1, 1, 0],
    "wuchang-2025-budget": [],
}
"""Line items of each statement, in printed order, counted by hand."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the texts are not here: ../shared/seeds"),
]


@cache
def document(name: str) -> Document:
    return read((SEEDS / f"{name}.txt").read_bytes())


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


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_statement_printed_as_text_becomes_line_items(name: str) -> None:
    assert [len(s.items) for s in document(name).statements] == ROWS[name]


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

    assert len(amounts) == 372
    assert all(a.at and a.text in lines[a.at.row - 1].split()[a.at.column - 1] for a in amounts)
    assert all(a.certainty is Certainty.ALIGNED and a.at and a.at.box is None for a in amounts)


def test_columns_that_only_sums_tell_are_told_and_said_so() -> None:
    found = document("jiangan-2024-budget")
    spending = next(s for s in found.statements if s.form == "budget.expenditure")
    pensions = next(item for item in spending.items if item.code == "2080502")

    assert pensions.amounts["项目支出"].value == Decimal("12.72")
    assert pensions.amounts["基本支出"].mark is Mark.BLANK
    said = [r.message for r in found.remarks if r.code == "column-by-sums"]
    assert "支出总表: in 28 rows the sums tell the columns of the figures" in said
