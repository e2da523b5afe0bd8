"""Damaged classification codes → the right ones, by parent, name and register."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from archive.forms import plain
from archive.model import Classification, Document, LineItem, Locator, Repair, Statement
from archive.register.classification import ClassificationRegister, classification_register
from archive.register.codes import fits, level, parent
from archive.register.wording import alike, wording

__all__ = ["with_codes"]

_BEFORE_NAME: Final = re.compile(r"^(?P<code>\d[\d,，. ]{3,8}\d)\s*(?P<name>[^\d\s,，.、].*)$")
_SCHEMES: Final = (Classification.FUNCTIONAL, Classification.ECONOMIC)
_EDITS: Final = 2
"""A code differs from what is printed by at most so many digits, lost, added or changed."""
_DEPTH: Final = {Classification.FUNCTIONAL: 3, Classification.ECONOMIC: 2}


def with_codes(document: Document) -> tuple[tuple[Statement, ...], list[Repair]]:
    """The statements with every damaged code that can be told put right, and what was done.

    A code is told where its parent stands above it, exactly one code below that parent bears the
    printed name, and the printed digits are those of this code but for two. A name that is damaged
    too counts where the same row of another table of the document bears a sound one.
    """
    register = classification_register()
    suspects = [
        (n, i)
        for n, statement in enumerate(document.statements)
        for i, item in enumerate(statement.items)
        if _printed(item) is not None
    ]
    if not suspects:
        return document.statements, []
    items = [list(statement.items) for statement in document.statements]
    repairs: list[Repair] = []
    for again in (False, True):
        for n, i in suspects:
            statement = document.statements[n]
            printed = _printed(items[n][i])
            if printed is None:
                continue
            code, witnesses = _told(items[n], i, printed, register)
            if code is None and again:
                code, witnesses = _elsewhere(items, n, i, printed)
            if code is None:
                continue
            repairs.append(_repair(items[n][i], printed[0], code, witnesses, statement.form))
            items[n][i] = _restored(items[n][i], printed, code)
    statements = tuple(
        replace(statement, items=tuple(own))
        for statement, own in zip(document.statements, items, strict=True)
    )
    return statements, sorted(repairs, key=lambda r: (r.page, r.at.row if r.at else 0))


def _printed(item: LineItem) -> tuple[str, str] | None:
    """The damaged code of a row and its name; None where the code is sound or there is none."""
    if item.classification not in _SCHEMES or item.total:
        return None
    if item.code:
        sound = fits(item.code, item.classification) or not 4 <= len(item.code) <= 8
        return None if sound else (item.code, item.name)
    match = _BEFORE_NAME.match(item.name)
    if match is None or fits(match["code"], item.classification):
        return None
    return match["code"], match["name"]


def _told(
    items: Sequence[LineItem],
    index: int,
    printed: tuple[str, str],
    register: ClassificationRegister,
) -> tuple[str | None, tuple[str, ...]]:
    item = items[index]
    above = _above(items, index)
    if above is None:
        return None, ()
    digits = re.sub(r"\D", "", printed[0])
    exact: set[str] = set()
    for number in range(100):
        code = f"{above}{number:02d}"
        names = register.names(code, item.classification)
        if not names or _distance(digits, code) > _EDITS:
            continue
        if any(wording(name.text) == wording(printed[1]) for name in names):
            exact.add(code)
    if len(exact) != 1:
        return None, ()
    code = exact.pop()
    return code, (
        f"its parent {above}",
        f"its name {printed[1]}, which is that of {code} in the register",
        f"the digits printed, {digits}",
    )


def _above(items: Sequence[LineItem], index: int) -> str | None:
    """The parent: the nearest sound code above, of the level that stands over the lowest."""
    item = items[index]
    lowest = _DEPTH[item.classification]
    for other in reversed(items[:index]):
        if other.classification is not item.classification or other.side != item.side:
            continue
        if fits(other.code, other.classification):
            depth = level(other.code)
            return (
                other.code
                if depth == lowest - 1
                else parent(other.code)
                if depth == lowest
                else None
            )
    return None


def _elsewhere(
    items: Sequence[Sequence[LineItem]], n: int, index: int, printed: tuple[str, str]
) -> tuple[str | None, tuple[str, ...]]:
    """The code of the same row in another statement: same parent, like name, a figure in common."""
    item = items[n][index]
    above = _above(items[n], index)
    digits = re.sub(r"\D", "", printed[0])
    values = {a.value for a in item.amounts.values() if a.value}
    found = {
        other.code
        for number, own in enumerate(items)
        if number != n
        for other in own
        if parent(other.code) == above
        and other.classification is item.classification
        and alike(wording(printed[1]), other.name)
        and _distance(digits, other.code) <= _EDITS
        and values & {a.value for a in other.amounts.values() if a.value}
    }
    if above is None or len(found) != 1:
        return None, ()
    code = found.pop()
    return code, (
        f"its parent {above}",
        f"the row {code} of another table of this document, with the same figure",
        f"the digits printed, {digits}",
    )


def _distance(one: str, other: str) -> int:
    """How many digits must be changed, added or taken away to make one of the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def _restored(item: LineItem, printed: tuple[str, str], code: str) -> LineItem:
    said = f"code-restored: printed “{printed[0]}”, read as {code}"
    name = plain(printed[1]) and printed[1]
    return replace(item, code=code, name=name, level=level(code), remarks=(*item.remarks, said))


def _repair(
    item: LineItem, printed: str, code: str, witnesses: tuple[str, ...], form: str
) -> Repair:
    return Repair(printed, code, witnesses, item.page, Locator(item.page, item.row, 1), form)
