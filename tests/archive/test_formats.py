"""One publication in every format: each reads like its PDF twin, line item by line item."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from archive.media import media_type
from archive.model import Amount, Certainty, Document, LineItem, Statement
from archive.text import read
from tests.archive import twins
from tests.portal import documents
from tests.reading import read_once

NAMES = ("rencai-2024-budget", "rencai-2024-final", "archives-2025-budget")
MADE: dict[str, Callable[[str], bytes]] = {
    "docx": twins.docx,
    "xlsx": twins.xlsx,
    "xls": twins.xls,
    "html": twins.html,
    "html-gbk": lambda name: twins.html(name, "gb18030"),
}


@cache
def pdf(name: str) -> Document:
    return read_once(documents.pdf(name))


@cache
def made_as(made: str, name: str) -> bytes:
    return MADE[made](name)


@cache
def twin_of(made: str, name: str) -> Document:
    return read(made_as(made, name))


def told(item: LineItem) -> tuple[object, ...]:
    """All that a line item says, but for where it stands."""
    amounts = {measure: said(amount) for measure, amount in item.amounts.items()}
    names = (item.side, item.code, item.name, item.level, item.classification, item.total)
    return (*names, item.occurrence, item.attributes, amounts)


def said(amount: Amount) -> tuple[object, ...]:
    return amount.text, amount.value, amount.mark, amount.certainty


def shape(statement: Statement) -> tuple[object, ...]:
    return statement.form, statement.title, statement.unit, statement.year


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("made", MADE)
def test_every_line_item_is_that_of_the_pdf(made: str, name: str) -> None:
    twin, model = twin_of(made, name), pdf(name)

    assert [shape(s) for s in twin.statements] == [shape(s) for s in model.statements]
    for own, other in zip(twin.statements, model.statements, strict=True):
        assert [told(i) for i in own.items] == [told(i) for i in other.items], own.title
    assert len(twin.statements) > 5
    facts = (twin.facts.agency, twin.facts.year, twin.facts.kind, twin.facts.level)
    assert facts == (
        model.facts.agency,
        model.facts.year,
        model.facts.kind,
        model.facts.level,
    )


@pytest.mark.parametrize("made", MADE)
def test_every_amount_says_where_it_stands(made: str) -> None:
    twin = twin_of(made, "rencai-2024-budget")
    amounts = [a for s in twin.statements for i in s.items for a in i.amounts.values()]

    assert all(a.at is not None and a.at.row >= 1 and a.at.box is None for a in amounts)
    assert {a.certainty for a in amounts} == {Certainty.TEXT}


def test_a_sheet_is_a_page_and_its_rows_are_counted_as_the_workbook_counts_them() -> None:
    twin = twin_of("xlsx", "rencai-2024-budget")
    first = twin.statements[0]

    assert first.pages == (2,)
    assert first.items[0].row == 6


def test_private_persons_are_masked_in_every_format() -> None:
    private = documents.truth("rencai-2024-budget").private
    for made in MADE:
        twin = repr(twin_of(made, "rencai-2024-budget"))
        assert not [word for word in private if word in twin]


def test_the_type_is_told_by_content() -> None:
    kinds = {made: media_type(made_as(made, "rencai-2024-budget")) for made in MADE}

    assert kinds["docx"].endswith("wordprocessingml.document")
    assert kinds["xlsx"].endswith("spreadsheetml.sheet")
    assert kinds["xls"] == "application/vnd.ms-excel"
    assert kinds["html"] == kinds["html-gbk"] == "text/html"
