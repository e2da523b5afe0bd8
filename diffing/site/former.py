"""Last year's figures beside this year's: every change of two years, at the row it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from archive.model import Amount, Mark, Unit
from diffing.changes import Cell, Change
from diffing.names import titled
from diffing.render.full import notes_of
from diffing.render.method import found_once

if TYPE_CHECKING:
    from diffing.align import RowPair, StatementPair
    from diffing.compare import Comparison
    from diffing.site.anchors import Anchors
    from diffing.site.words import Words

__all__ = ["Former", "Gone", "Yearly", "yearly"]

_Lead = Callable[[str], str]
"""Id of a place on last year's page → its address."""


class Former(msgspec.Struct, frozen=True):
    """What last year's document has for a row that differs."""

    figures: dict[str, str]
    """Measure → as printed then; only where it differs."""
    notes: str
    """What must be known of the pair: new, renamed, counted otherwise, not surely read …"""
    href: str
    """Its row on last year's page; "" where that year has none."""


class Gone(msgspec.Struct, frozen=True):
    """A row, or a whole statement, that only last year's document has."""

    code: str
    name: str
    figures: str
    notes: str
    href: str


class Yearly(msgspec.Struct, frozen=True):
    """Every change against last year's document, by where it is shown."""

    year: int
    href: str
    """Last year's page."""
    rows: dict[tuple[int, int], Former]
    """(statement, line item), both counted from 0, as this year's document has them."""
    gone: dict[int, list[Gone]]
    """Statement of this year → rows of last year's that it does not have."""
    added: dict[int, str]
    """Statement that only this year has → what is said of it."""
    removed: list[Gone]
    """Statements that only last year has."""


def yearly(comparison: Comparison, before: Anchors, lead: _Lead, words: Words) -> Yearly:
    """Places every change of a comparison of two years; `before` has the ids of last year's page.

    Every row and statement that differs is in exactly one of its parts.
    """
    old, new = comparison.old.document.statements, comparison.new.document.statements
    numbers = {id(one): n for side in (old, new) for n, one in enumerate(side)}
    names = words.digest.side(comparison.old), words.digest.side(comparison.new)
    found = Yearly(comparison.old.year or 0, lead(""), {}, {}, {}, [])
    rows = {
        (place, row.key): row
        for place, pair in enumerate(comparison.alignment.statements)
        for row in pair.rows
    }
    for change in comparison.changes:
        pair = comparison.alignment.statements[change.place]
        if not change.key:
            said = found_once(change, words.digest, names)
            _whole(found, pair, said, numbers, lead)
            continue
        notes = " · ".join(notes_of(change, words.digest))
        row = rows[change.place, change.key]
        href = ""
        if row.old is not None:
            href = lead(before.row(numbers[id(pair.old)], row.old_index))
        number = numbers[id(pair.new)]
        if row.new is None:
            found.gone.setdefault(number, []).append(_gone(change, notes, href, words))
        else:
            found.rows[number, row.new_index] = _former(change, row, notes, href, words)
    return found


def _whole(
    found: Yearly,
    pair: StatementPair,
    said: str,
    numbers: dict[int, int],
    lead: _Lead,
) -> None:
    """A statement that one of the two documents has."""
    if pair.new is not None:
        found.added[numbers[id(pair.new)]] = said
    else:
        href = lead(f"s{numbers[id(pair.old)] + 1}")
        found.removed.append(Gone("", titled(pair.either), "", said, href))


def _former(change: Change, row: RowPair, notes: str, href: str, words: Words) -> Former:
    there = row.new.amounts if row.new else {}
    figures = {cell.measure: text for cell in change.cells if (text := _printed(cell, words))}
    # a column that only last year's statement has
    beside = [f"{measure} {text}" for measure, text in figures.items() if measure not in there]
    shown = {measure: text for measure, text in figures.items() if measure in there}
    return Former(shown, " · ".join([notes, *beside] if notes else beside), href)


def _gone(change: Change, notes: str, href: str, words: Words) -> Gone:
    figures = [f"{c.measure} {text}" for c in change.cells if (text := _printed(c, words))]
    return Gone(change.line.code, change.line.name, "；".join(figures), notes, href)


def _printed(cell: Cell, words: Words) -> str:
    """Last year's figure as printed, with its unit where this year's has another."""
    return " ".join(_parts(cell.old, cell.old_unit, cell.new_unit, words))


def _parts(
    amount: Amount | None, unit: Unit | None, other: Unit | None, words: Words
) -> Iterator[str]:
    if amount is None:
        return
    if amount.mark is Mark.BLANK:
        yield words("blank")
        return
    yield amount.text
    if amount.mark is Mark.PRINTED and unit is not other:
        yield str(unit) if unit else words("unit-unknown")
