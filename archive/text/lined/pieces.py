"""Pieces of lines → the cells they are printed in, and the words they spell together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from archive.text.grid import Cell
from archive.text.lined.source import TextLine, Token
from archive.text.lines import Line

__all__ = ["blank", "cell_of", "span", "spelled"]

_PIECES: Final = 7
"""A label or head is printed in so many pieces at most."""
_LONGEST: Final = 40
"""No label or head has more characters."""


def cell_of(pieces: Sequence[Token]) -> Cell:
    """A cell that holds these pieces, those of one line together."""
    first = pieces[0]
    cell = Cell(first.line.page, first.line.number, first.place)
    printed: dict[TextLine, list[str]] = {}
    for piece in pieces:
        printed.setdefault(piece.line, []).append(piece.text)
    cell.lines = [Line(0, 0, 0, 0, " ".join(texts)) for texts in printed.values()]
    cell.text = "\n".join(line.text for line in cell.lines)
    return cell


def blank(beside: Cell) -> Cell:
    """A cell without text, in the row of another."""
    return Cell(beside.page, beside.row, beside.column)


def spelled(pieces: Sequence[Token]) -> str:
    """What pieces spell together."""
    return "".join(piece.text for piece in pieces)


def span(pieces: Sequence[Token], at: int, known: Callable[[str], object]) -> int:
    """How many pieces from `at` on spell, together, the longest text that is known; 0 for none."""
    best, text = 0, ""
    for count, piece in enumerate(pieces[at : at + _PIECES], 1):
        text += piece.text
        if len(text) > _LONGEST:
            break
        if known(text):
            best = count
    return best
