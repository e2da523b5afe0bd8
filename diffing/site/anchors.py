"""The ids of a document page's places: every figure, row and page has one, and keeps it.

`p3r9c4` is page 3, row 9, column 4 as the original prints them; `p3r9` the row, `p3` the page.
Where two tables of a page share a number, the later ones get "-2", "-3" behind it.
"""

from __future__ import annotations

from archive.model import Amount, Document

__all__ = ["Anchors", "place"]


def place(page: int, row: int = 0, column: int = 0) -> str:
    """The id of a place, as far as it is known.

    >>> place(3, 9, 4), place(3, 9), place(3)
    ('p3r9c4', 'p3r9', 'p3')
    """
    return f"p{page}" + (f"r{row}" if row else "") + (f"c{column}" if row and column else "")


class Anchors:
    """Gives every line item and every figure of a document its id, in the order they stand."""

    def __init__(self, document: Document) -> None:
        self._taken: set[str] = {place(page) for page in range(1, document.pages + 1)}
        self._rows: dict[tuple[int, int], str] = {}
        self._cells: dict[tuple[int, int, str], str] = {}
        items = [
            (number, position, item)
            for number, statement in enumerate(document.statements)
            for position, item in enumerate(statement.items)
        ]
        for number, position, item in items:
            own = place(item.page, item.row) if item.page and item.row else ""
            self._rows[number, position] = self._free(own or f"s{number + 1}i{position + 1}")
        for number, position, item in items:
            for order, (measure, amount) in enumerate(item.amounts.items(), 1):
                wanted = _cell(amount) or f"s{number + 1}i{position + 1}m{order}"
                self._cells[number, position, measure] = self._free(wanted)

    def row(self, statement: int, item: int) -> str:
        """The id of a line item; both numbers count from 0."""
        return self._rows[statement, item]

    def cell(self, statement: int, item: int, measure: str) -> str:
        """The id of one figure of a line item."""
        return self._cells[statement, item, measure]

    def nearest(self, page: int, row: int = 0, column: int = 0) -> str:
        """The id of a place, or of the nearest place around it that has one; "" for none."""
        tries = (place(page, row, column), place(page, row), place(page))
        return next((one for one in tries if one in self._taken), "")

    def _free(self, wanted: str) -> str:
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._taken.add(found)
        return found


def _cell(amount: Amount) -> str:
    at = amount.at
    if at is None or not (at.page and at.row and at.column):
        return ""
    return place(at.page, at.row, at.column)
