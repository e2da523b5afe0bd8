"""Why a row that only one side has is neither new nor gone, where that cannot be told."""

from __future__ import annotations

from diffing.align import RowPair, StatementPair
from diffing.changes import CellKind
from diffing.versions import Mode

__all__ = ["alone", "is_recognised", "unread_pages_of"]


def alone(row: RowPair, pair: StatementPair, mode: Mode) -> CellKind | None:
    """Why a row that only one side has is neither new nor gone; None where it is new or gone.

    Two versions of one document have one layout: there a row of another kind is new.
    """
    if row.old is not None and row.new is not None:
        return None
    if unread_pages_of(row, pair):
        return CellKind.UNREAD
    if _unmatched(row, pair):
        return CellKind.UNMATCHED
    if row.basis is not None and not row.basis.comparable:
        return CellKind.OTHER_BASIS
    return CellKind.OTHER_LAYOUT if mode is Mode.YEAR and row.other_layout else None


def unread_pages_of(row: RowPair, pair: StatementPair) -> tuple[int, ...]:
    """Pages of the side without the row on which it may stand all the same."""
    if row.old is not None and row.new is not None:
        return ()
    return pair.old_unread if row.old is None else pair.new_unread


def is_recognised(row: RowPair, pair: StatementPair) -> bool:
    """Whether the name and code of a row were recognised from a picture on either side."""
    if not (pair.old_recognised or pair.new_recognised):
        return False
    sides = ((row.old, pair.old_recognised), (row.new, pair.new_recognised))
    return any(item is not None and item.page in pages for item, pages in sides)


def _unmatched(row: RowPair, pair: StatementPair) -> bool:
    """Whether a row that only one side has may have a pair under a misread name or code."""
    other = pair.old_recognised if row.old is None else pair.new_recognised
    return bool(other) or is_recognised(row, pair)
