"""The same cells, ruled in random layouts, read the same."""

from __future__ import annotations

from functools import cache

import pytest

from archive.model import Document, LineItem, Mark, Statement
from archive.text import read
from tests.archive.layouts import Layout, cut, layout, pdf, sheets, sparing
from tests.portal import documents

NAMES = ("rencai-2024-budget", "rencai-2024-final", "archives-2025-budget")
FEW = range(6)
SOME = range(3)
MANY = range(1000, 1015)


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


def untruths(seed: int, how: Layout) -> list[str]:
    """What a layout makes of the figures that is neither so printed nor refused with a word."""
    name = NAMES[seed % len(NAMES)]
    document = read(pdf(name, how))
    true = {statement.form: figures(statement) for statement in model(name).statements}
    found = {statement.form: figures(statement) for statement in document.statements}
    said = [*(table.title for table in document.tables), *(r.message for r in document.remarks)]
    out = []
    for form, told_ in found.items():
        wrong = [(row, text) for row, text in told_.items() if true[form].get(row) != text]
        out += [f"{form}: {row} is {text}" for row, text in wrong if text is not None]
    if how.shown == 1:
        for sheet in sheets(name):
            lost = true[sheet.form].items() - found.get(sheet.form, {}).items()
            if sheet.form in found and any(
                text for row, text in lost if row not in found[sheet.form]
            ):
                out.append(f"{sheet.title}: a row is dropped")
            elif sheet.form not in found and not any(sheet.title in text for text in said):
                out.append(f"{sheet.title}: dropped without a word")
    return out


def figures(statement: Statement) -> dict[tuple[object, ...], str | None]:
    """Every figure by its row and column; None where what is printed is not taken for one."""
    return {
        (item.side, item.code, item.name, item.occurrence, measure): None
        if amount.mark is Mark.UNREADABLE
        else amount.text
        for item in statement.items
        for measure, amount in item.amounts.items()
    }


@pytest.mark.parametrize("seed", FEW)
def test_no_layout_makes_a_figure_wrong_or_drops_a_table(seed: int) -> None:
    assert faults(seed) == [], layout(seed)


@pytest.mark.parametrize("seed", SOME)
def test_rulings_that_are_left_out_make_no_figure_wrong(seed: int) -> None:
    assert untruths(seed, sparing(seed)) == [], sparing(seed)


@pytest.mark.parametrize("seed", SOME)
def test_the_edge_of_a_page_makes_no_figure_wrong(seed: int) -> None:
    assert untruths(seed, cut(seed)) == [], cut(seed)


@pytest.mark.full
def test_nor_does_any_of_many() -> None:
    assert {seed: said for seed in MANY if (said := faults(seed))} == {}
    for how in (sparing, cut):
        assert {seed: said for seed in MANY if (said := untruths(seed, how(seed)))} == {}
