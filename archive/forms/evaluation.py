"""The one evaluator: a statement or a document in, every equation with its outcome out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from archive.forms import forms
from archive.forms.equations import Instance, Outcome, Reason, Sheet
from archive.forms.inside import inside
from archive.forms.ties import ties
from archive.model import Document, Statement

__all__ = ["across", "evaluate", "within"]

_OVERLOOKED: Final = frozenset(
    {
        "page-image",
        "image-on-page",
        "characters-undefined",
        "content-odd",
        "figures-outside",
        "text-sideways",
        "row-unplaced",
        "row-unexpected",
        "column-double",
    }
)
"""Codes of remarks after which a row or figure of the page may be missing."""
_MANY: Final = 3
"""Fewer failures than this are the publisher's, however few cells agree."""


def within(statement: Statement, number: int = 0) -> tuple[Instance, ...]:
    """The equations inside one statement; none where its form declares none.

    `number` is the statement's index in its document; the cells carry it.
    """
    return _within(Sheet(statement, number))


def across(document: Document) -> tuple[Instance, ...]:
    """What several statements of one document print alike."""
    return _across([Sheet(s, n) for n, s in enumerate(document.statements)])


def evaluate(document: Document, sheets: Sequence[Sheet] = ()) -> tuple[Instance, ...]:
    """Every equation of the document: inside each statement, then between statements.

    `sheets` are its statements as equations see them, where the caller has them already.

    Where something on a statement's pages could not be read or placed, a difference proves
    nothing: it is left undecided.
    """
    sheets = sheets or [Sheet(s, n) for n, s in enumerate(document.statements)]
    inner = [made for sheet in sheets for made in _within(sheet)]
    overlooked = {r.page for r in document.remarks if r.code in _OVERLOOKED and r.page}
    doubtful = {n for n, s in enumerate(document.statements) if not overlooked.isdisjoint(s.pages)}
    made = (*inner, *_across(sheets))
    misread = _misread(made)
    return tuple(_doubted(one, doubtful, misread) for one in made)


def _within(sheet: Sheet) -> tuple[Instance, ...]:
    form = forms().get(sheet.statement.form)
    return inside(form, sheet) if form is not None else ()


def _across(sheets: Sequence[Sheet]) -> tuple[Instance, ...]:
    return ties([sheet for sheet in sheets if sheet.statement.form in forms()])


def _misread(made: Iterable[Instance]) -> set[tuple[int, str]]:
    """Statements and equations that fail more often than they hold: the table is misunderstood."""
    fails: Counter[tuple[int, str]] = Counter()
    agrees: Counter[tuple[int, str]] = Counter()
    for one in made:
        for n in {cell.statement for cell in one.cells}:
            if one.outcome is Outcome.FAILS:
                fails[n, one.equation] += 1
            elif one.outcome in (Outcome.HOLDS, Outcome.ROUNDING):
                agrees[n, one.equation] += 1
    return {key for key, count in fails.items() if count >= _MANY and count > agrees[key]}


def _doubted(made: Instance, statements: set[int], misread: set[tuple[int, str]]) -> Instance:
    if made.outcome is not Outcome.FAILS:
        return made
    mine = {cell.statement for cell in made.cells}
    reason = None if statements.isdisjoint(mine) else Reason.UNREAD
    if any((n, made.equation) in misread for n in mine):
        reason = Reason.STRUCTURE
    if reason is None:
        return made
    return msgspec.structs.replace(made, outcome=Outcome.UNDECIDABLE, reason=reason)
