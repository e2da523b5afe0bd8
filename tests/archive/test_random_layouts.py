"""The same cells, ruled in random layouts, read the same."""

from __future__ import annotations

from functools import cache

import pytest

from archive.model import Document, LineItem, Statement
from archive.text import read
from tests.archive.layouts import layout, pdf, sheets
from tests.portal import documents

NAMES = ("rencai-2024-budget", "rencai-2024-final", "archives-2025-budget")
FEW = range(6)
MANY = range(1000, 1060)


@cache
def model(name: str) -> Document:
    return read(documents.pdf(name))


def told(item: LineItem) -> tuple[object, ...]:
    """All that a line item says, but for where it stands and how surely."""
    amounts = {measure: (a.text, a.mark) for measure, a in item.amounts.items()}
    return item.side, item.code, item.name, item.total, item.occurrence, item.attributes, amounts


def rows(statement: Statement) -> tuple[object, ...]:
    return statement.unit, [told(item) for item in statement.items]


def faults(seed: int) -> list[str]:
    """The tables of a publication that are not read as they are in its own layout."""
    name = NAMES[seed % len(NAMES)]
    document = read(pdf(name, layout(seed)))
    true = {statement.form: statement for statement in model(name).statements}
    found = {statement.form: statement for statement in document.statements}
    out = []
    if len(found) < len(document.statements):
        out.append("a form stands twice")
    for sheet in sheets(name):
        if sheet.form not in found:
            out.append(f"{sheet.title}: dropped")
        elif rows(found[sheet.form]) != rows(true[sheet.form]):
            out.append(f"{sheet.title}: wrong")
    return out


@pytest.mark.parametrize("seed", FEW)
def test_no_layout_makes_a_figure_wrong_or_drops_a_table(seed: int) -> None:
    assert faults(seed) == [], layout(seed)


@pytest.mark.full
def test_nor_does_any_of_many() -> None:
    assert {seed: said for seed in MANY if (said := faults(seed))} == {}
