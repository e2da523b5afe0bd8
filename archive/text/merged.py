"""Cells of money that reach over several rows: whose figure it is.

The figure is printed once. Where the rows are one line item, divided by another column only, it is
that item's; where each has a name of its own, it is the sum of them all, and which part is whose is
not said: then it is nobody's, so that no sum counts it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.text.columns import Group, Leaf, Role
from archive.text.grid import Cell

__all__ = ["SHARED", "Merged"]

SHARED: Final = "it stands in one cell over several rows"

_NAMING: Final = frozenset({Role.NAME, Role.CODE})

Row = Sequence[Cell]


class Merged:
    """The cells that reach over several rows of a table's data."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        seen: dict[int, list[int]] = {}
        for number, row in enumerate(rows):
            for key in {id(cell): cell for cell in row if cell.text}:
                seen.setdefault(key, []).append(number)
        self._places = {key: numbers for key, numbers in seen.items() if len(numbers) > 1}

    def again(self, number: int, leaves: Sequence[Leaf]) -> bool:
        """Whether a row shows nothing in these columns but what begins in the row above it."""
        if not self._places or not number:
            return False
        row, above = self._rows[number], self._rows[number - 1]
        filled = [leaf.first for leaf in leaves if row[leaf.first].text]
        return bool(filled) and all(row[place] is above[place] for place in filled)

    def shared(self, cell: Cell, group: Group) -> bool:
        """Whether a cell of money stands beside several line items of a group."""
        numbers = self._places.get(id(cell), [])
        return len({name for n in numbers if (name := self._name(n, group))}) > 1

    def elsewhere(self, cell: Cell, number: int, group: Group) -> bool:
        """Whether a cell of money, seen from one of its rows, is the figure of another one."""
        numbers = self._places.get(id(cell))
        if not numbers:
            return False
        own = next((n for n in numbers if self._name(n, group)), numbers[0])
        return number != own

    def _name(self, number: int, group: Group) -> tuple[int, ...]:
        """The cells that name a row's line item."""
        row = self._rows[number]
        cells = (row[leaf.first] for leaf in group.keys if leaf.role in _NAMING)
        return tuple(id(cell) for cell in cells if cell.text)
