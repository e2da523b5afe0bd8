"""Clean publications stay silent, and one wrong cell in them is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import msgspec
import pytest

from archive.model import Document
from diffing.checks import Outcome, Severity, check
from tests.portal import documents
from tests.reading import read_once


@cache
def published(name: str) -> Document:
    return read_once(documents.pdf(name))


@pytest.mark.parametrize("name", documents.NAMES)
def test_a_clean_publication_has_no_findings(name: str) -> None:
    siblings = [published(n) for n in documents.NAMES if n != name and "replaced" not in n]
    report = check(published(name), siblings)
    assert report.errors == ()
    assert [group.first.sentence for group in report.groups] == []
    assert report.count(Outcome.HOLDS) > 500
    assert report.count(Outcome.UNDECIDABLE) < 10


def test_tails_of_rounding_are_counted_and_not_reported() -> None:
    report = check(published("kechuang-2024-final"))
    assert report.count(Outcome.ROUNDING) >= 15
    assert report.groups == ()


def test_last_years_budget_is_found_among_the_documents_given() -> None:
    report = check(published("kejing-2025-budget"), [published("kejing-2024-budget")])
    assert report.counts["D01"].get(Outcome.HOLDS, 0) >= 1


def off_by_one(document: Document, step: int) -> Iterator[tuple[tuple[str, str], Document]]:
    """The document with 1.00 more in one cell, for every `step`th cell that prints money."""
    count = 0
    for n, statement in enumerate(document.statements):
        if "performance" in statement.form:
            continue
        for k, item in enumerate(statement.items):
            for measure, amount in item.amounts.items():
                count += bool(amount.value)
                if not amount.value or count % step:
                    continue
                value = amount.value + Decimal("1.00")
                wrong = msgspec.structs.replace(amount, value=value, text=str(value))
                amounts = {**item.amounts, measure: wrong}
                items = list(statement.items)
                items[k] = msgspec.structs.replace(item, amounts=amounts)
                statements = list(document.statements)
                statements[n] = msgspec.structs.replace(statement, items=tuple(items))
                yield (
                    (item.name, measure),
                    msgspec.structs.replace(document, statements=tuple(statements)),
                )


def trial(name: str, step: int) -> None:
    for (item, measure), wrong in off_by_one(published(name), step):
        groups = [g for g in check(wrong).groups if g.first.severity is Severity.MATERIAL]
        assert groups, f"1.00 more in {item} {measure} is not found"
        for suspect in (group.suspect for group in groups if group.suspect is not None):
            assert suspect.name.endswith(item)
            assert suspect.measure == measure


@pytest.mark.parametrize("name", ["kechuang-2024-budget", "kechuang-2024-final"])
def test_one_wrong_cell_is_found_and_no_other_is_accused(name: str) -> None:
    trial(name, step=17)


@pytest.mark.full
@pytest.mark.parametrize("name", ["kechuang-2024-budget", "kechuang-2024-final"])
def test_every_wrong_cell_is_found_and_no_other_is_accused(name: str) -> None:
    trial(name, step=1)
