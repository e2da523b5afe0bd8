"""The formulas a table prints about its own columns, taken at their word: "1栏＝（2＋3＋6）栏" in a
note, or "5=6+7" in the row that numbers the columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from archive.forms import Form, plain
from archive.forms.equations import Instance, Sheet, Term, settle
from archive.model import Column

__all__ = ["printed"]

_FORMULA: Final = re.compile(
    r"(?<!\d)(\d{1,2})栏(?:各行)?=\(?(\d{1,2}(?:[+-]\d{1,2})+)\)?栏(?:各行)?"
)
_NUMBERED: Final = re.compile(r"(\d{1,2})=\(?(\d{1,2}(?:[+-]\d{1,2})+)\)?")
_TERM: Final = re.compile(r"([+-]?)(\d{1,2})")


def printed(form: Form, sheet: Sheet) -> Iterator[Instance]:
    """Each formula in the statement's notes, for every line item.

    The numbers count the money columns from the left. They are taken only where the highest one
    named is the last column: otherwise the table counts its columns in another way.
    """
    yield from _numbered(form, sheet)
    found = [match for note in sheet.statement.notes for match in _FORMULA.finditer(plain(note))]
    formulas = [(int(match[1]), _terms(match[2]), match[0]) for match in found]
    last = max((max(n, *(m for _, m in terms)) for n, terms, _ in formulas), default=0)
    for row in _rows(form, sheet):
        if len(row) != last:
            continue
        for number, terms, text in formulas:
            left = row[number - 1]
            right = [t for sign, m in terms for t in _signed(row[m - 1], sign)]
            if left and right:
                yield settle(f"{form.id}/printed", text, left, right)


def _numbered(form: Form, sheet: Sheet) -> Iterator[Instance]:
    """Each formula of the row that numbers the columns, for every line item.

    Only where every column it names bears its number, and bears it alone.
    """
    columns = sheet.statement.columns
    numbers = [column.number.partition("=")[0] for column in columns]
    if form.across:
        return
    for column in columns:
        match = _NUMBERED.fullmatch(column.number)
        if match is None:
            continue
        measures = _of_one_side(columns, numbers, column.side)
        number, terms = int(match[1]), _terms(match[2])
        if not {number, *(m for _, m in terms)} <= set(measures):
            continue
        for n, item in enumerate(sheet.items):
            if item.side != column.side:
                continue
            left = sheet.terms([n], measures[number])
            right = [t for sign, m in terms for t in sheet.terms([n], measures[m], sign)]
            if left and right:
                yield settle(f"{form.id}/printed", match[0], left, right)


def _of_one_side(
    columns: Sequence[Column], numbers: Sequence[str], side: str | None
) -> dict[int, str]:
    """Number → measure, of the columns beside this one whose number stands once in the table."""
    return {
        int(number): column.measure
        for number, column in zip(numbers, columns, strict=True)
        if number.isdecimal() and numbers.count(number) == 1 and column.side == side
    }


def _terms(text: str) -> list[tuple[int, int]]:
    return [(-1 if match[1] == "-" else 1, int(match[2])) for match in _TERM.finditer(text)]


def _signed(terms: Sequence[Term], sign: int) -> list[Term]:
    return [Term(term.cell, sign * term.sign) for term in terms]


def _rows(form: Form, sheet: Sheet) -> Iterator[list[tuple[Term, ...]]]:
    """The cells of each printed row from left to right.

    A form that prints its line items as columns has one row: all of them in the first measure,
    then all in the second.
    """
    measures = [column.measure for column in sheet.statement.columns]
    if form.across:
        yield [
            sheet.terms([n], m)
            for m in measures
            for n, i in enumerate(sheet.items)
            if m in i.amounts
        ]
        return
    if form.sided:
        return
    for n in range(len(sheet.items)):
        yield [sheet.terms([n], measure) for measure in measures]
