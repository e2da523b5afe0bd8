"""The ids of a document page's places: every figure, row and page has one, and keeps it.

`p3r9c4` is page 3, row 9, column 4 as the original prints them; `p3r9` the row, `p3` the page.
Where two tables of a page share a number, the later ones get "-2", "-3" behind it.
"""

from __future__ import annotations

from archive.model import Amount, Box, Document

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
        self._boxed: dict[tuple[int, int, int, Box | None], str] = {}
        self._titled: dict[tuple[str, int, int, int], str] = {}
        items = [
            (number, position, item)
            for number, statement in enumerate(document.statements)
            for position, item in enumerate(statement.items)
        ]
        for number, position, item in items:
            own = place(item.page, item.row) if item.page and item.row else ""
            id_ = self._free(own or f"s{number + 1}i{position + 1}")
            self._rows[number, position] = id_
            title = document.statements[number].title
            self._titled.setdefault((title, item.page, item.row, 0), id_)
        for number, position, item in items:
            for order, (measure, amount) in enumerate(item.amounts.items(), 1):
                wanted = _cell(amount) or f"s{number + 1}i{position + 1}m{order}"
                id_ = self._free(wanted)
                self._cells[number, position, measure] = id_
                if amount.at is not None:
                    at = amount.at
                    title = document.statements[number].title
                    self._boxed.setdefault((at.page, at.row, at.column, at.box), id_)
                    self._titled.setdefault((title, at.page, at.row, at.column), id_)

    def row(self, statement: int, item: int) -> str:
        """The id of a line item; both numbers count from 0."""
        return self._rows[statement, item]

    def cell(self, statement: int, item: int, measure: str) -> str:
        """The id of one figure of a line item."""
        return self._cells[statement, item, measure]

    def at(
        self, page: int, row: int = 0, column: int = 0, box: Box | None = None, title: str = ""
    ) -> str:
        """The id of a place, or of the nearest place around it that has one; "" for none.

        Of tables that share a page's numbers, `box` or the title of the statement tells which.
        """
        found = self._boxed.get((page, row, column, box)) if box else None
        if found is None and title:
            found = self._titled.get((title, page, row, column))
            found = found or self._titled.get((title, page, row, 0))
        tries = (place(page, row, column), place(page, row), place(page))
        return found or next((one for one in tries if one in self._taken), "")

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
