"""The samples themselves, and what the text stage reads in them: every row, every cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive import forms, money
from archive.model import Document, LineItem, Mark
from archive.model import Statement as Read
from tests.portal import documents
from tests.portal.documents import NAMES, Row, Statement
from tests.reading import read_once


@pytest.fixture(scope="module")
def readings() -> dict[str, Document]:
    return {}


@pytest.fixture(params=[name for name in NAMES if name not in documents.derived()])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def document(name: str, readings: dict[str, Document]) -> Document:
    if name not in readings:
        readings[name] = read_once(documents.pdf(name))
    return readings[name]


def by_form(document: Document) -> dict[str, Read]:
    return {statement.form: statement for statement in document.statements}


def differences(expected: Statement, found: Read) -> list[str]:
    """What is missing, wrong or too much, one line each, named so that a person finds it."""
    form = forms.forms()[expected.form]
    problems = []
    for side in dict.fromkeys(
        [row.side for row in expected.rows] + [i.side or "" for i in found.items]
    ):
        # In order; where lines run in parallel columns, a total row may come before or after them.
        rows = sorted((r for r in expected.rows if r.side == side), key=lambda r: not r.code)
        items = [item for item in found.items if (item.side or "") == side]
        items.sort(key=lambda item: not item.code)
        names = [(row.code, forms.plain(row.name)) for row in rows]
        read_as = [(item.code, forms.plain(item.name)) for item in items]
        if names != read_as:
            problems.append(f"{side} rows {names} read as {read_as}")
            continue
        for row, item in zip(rows, items, strict=True):
            problems += _cells(row, item, form)
    return problems


def _cells(row: Row, item: LineItem, form: forms.Form) -> list[str]:
    problems = []
    amounts = dict(item.amounts)
    for header, printed in row.values.items():
        measure = form.measure(header) or form.measure(header.rpartition("-")[2])
        amount = amounts.pop(measure or "", None)
        got = "no cell" if amount is None else amount.text
        if got != printed:
            problems.append(
                f"{row.side} {row.code} {row.name} {header}: {printed!r} read as {got!r}"
            )
        elif amount is not None and amount.mark is not money.parse(printed)[0]:
            problems.append(f"{row.code} {row.name} {header}: {printed!r} marked {amount.mark}")
    extra = [f"{row.name}: cell too much: {m} {a.text!r}" for m, a in amounts.items() if a.text]
    attributes = [
        f"{row.name}: {key} {value!r} read as {item.attributes.get(key)!r}"
        for key, value in row.attributes.items()
        if item.attributes.get(key) != value
    ]
    return problems + extra + attributes


def test_a_document_is_the_same_bytes_every_time(name: str) -> None:
    documents._made.cache_clear()
    first = documents.pdf(name)
    documents._made.cache_clear()
    assert documents.pdf(name) == first
    assert first.startswith(b"%PDF-")


def test_every_printed_table_is_found_on_its_pages(name: str, document: Document) -> None:
    found = by_form(document)
    for statement in documents.truth(name).statements:
        assert statement.form in found, f"{statement.title} is missing"
        assert found[statement.form].pages == statement.pages
        assert found[statement.form].unit == statement.unit


def test_every_cell_is_read_as_printed(name: str, document: Document) -> None:
    found = by_form(document)
    problems = [
        f"{statement.title}: {problem}"
        for statement in documents.truth(name).statements
        for problem in differences(statement, found[statement.form])
    ]
    assert problems == []


def test_tables_run_over_pages_with_and_without_a_repeated_header() -> None:
    def pages(name: str, form: str) -> int:
        return len(next(s for s in documents.truth(name).statements if s.form == form).pages)

    assert pages("qiye-2024-budget", "budget.basic_economic") == 2  # repeated
    assert pages("kechuang-2024-final", "final.expenditure") == 2  # not repeated
    assert pages("archives-2025-budget", "budget.basic_economic") == 2  # not repeated


def test_a_blank_cell_is_not_a_zero(readings: dict[str, Document]) -> None:
    blank = read_once(documents.pdf("kechuang-2024-budget"))
    zero = read_once(documents.pdf("qiye-2024-budget"))

    def education(document: Document) -> tuple[Mark, Decimal | None]:
        items = by_form(document)["budget.total"].items
        amount = next(i for i in items if i.name == "三、教育支出").amounts["预算数"]
        return amount.mark, amount.value

    assert education(blank) == (Mark.BLANK, None)
    assert education(zero) == (Mark.PRINTED, Decimal("0.00"))


def test_the_document_says_what_it_is(name: str, document: Document) -> None:
    said = documents.truth(name)
    assert (document.facts.year, document.facts.kind) == (said.year, said.kind)
    assert document.facts.agency == said.agency
    assert document.pages == said.pages


def test_private_data_is_masked_and_the_hotline_stays(name: str, document: Document) -> None:
    from msgspec import json

    everything = json.encode(document).decode()
    for private in documents.truth(name).private:
        assert private not in everything
    for public in documents.truth(name).public:
        assert public in everything
