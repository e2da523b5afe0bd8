"""What stands at the head of the column a figure is printed in, as printed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from diffing.gaps import recognised_pages

if TYPE_CHECKING:
    from archive.model import Box, Document, Statement
    from diffing.versions import Where

__all__ = ["Head", "Heads"]


class Head(NamedTuple):
    """The head of a column."""

    text: str
    """Its levels from above, joined with "-"."""
    recognised: bool
    """Whether it stands on a page whose text was recognised from a picture."""


class Heads:
    """The heads of a document's columns, by the places of its figures.

    Nothing is said where the document's reading does not tell one head: of a row without a column,
    of a column without a head, of line items that stand side by side, or where two tables of a page
    share a place with other heads.
    """

    def __init__(self, document: Document) -> None:
        self._seen = frozenset(recognised_pages(document))
        self._heads: dict[tuple[int, int, int], dict[Box | None, set[str]]] = defaultdict(dict)
        for statement in document.statements:
            if _crosswise(statement):
                continue
            printed = cache(partial(_printed, statement))
            for item in statement.items:
                for measure, amount in item.amounts.items():
                    at = amount.at
                    if at is not None and at.column:
                        found = self._heads[at.page, at.row, at.column].setdefault(at.box, set())
                        found |= printed(item.side, measure)

    def of(self, at: Where) -> Head | None:
        """The head over a place; None where none is known for sure."""
        boxes = self._heads.get((at.page, at.row, at.column), {})
        found = {head for box, heads in boxes.items() if at.box in (None, box) for head in heads}
        text = next(iter(found)) if len(found) == 1 else ""
        return Head(text, at.page in self._seen) if text else None


def _crosswise(statement: Statement) -> bool:
    """Whether its line items stand side by side over one row of figures: what heads a figure then
    is the item itself, and the measure of all of them may be printed nowhere. A table in two or
    three blocks beside each other is none: each block has a column of its own for the measure."""
    places: dict[tuple[int, int, str | None, str], set[int]] = defaultdict(set)
    for item in statement.items:
        for measure, amount in item.amounts.items():
            at = amount.at
            if at is not None and at.column:
                places[at.page, at.row, item.side, measure].add(at.column)
    return any(
        len(found) > max(1, sum(one.measure == measure for one in statement.columns))
        for (_, _, _, measure), found in places.items()
    )


def _printed(statement: Statement, side: str | None, measure: str) -> frozenset[str]:
    """The heads of the columns that hold a measure of a side; "" for one without."""
    columns = [one for one in statement.columns if one.measure == measure]
    own = [one for one in columns if one.side in (None, side)]
    return frozenset(one.header for one in own) or frozenset({""})
