"""What stands in a cell of figures: its text as one number, and whether all of it can be seen."""

from __future__ import annotations

from typing import Final

from archive import money
from archive.model import Certainty, Mark
from archive.text.edges import CUT_OFF
from archive.text.grid import NOWHERE, Cell

__all__ = ["figure_text", "refused", "unsure"]

_EDGE: Final = 0.15
"""What is set into a cell keeps this share of its height free on one side at least."""
_WRAPPED_SHARE: Final = 0.6
"""A number wraps only where its first line fills at least this share of the cell."""


def figure_text(cell: Cell) -> tuple[str, str]:
    """The text of a money cell; wrapped digits are joined only where the wrap is plain to see.

    Two numbers standing one above the other in a cell are never run together.
    """
    if len(cell.lines) < 2:
        return cell.text, ""
    width = cell.box.x1 - cell.box.x0
    first = cell.lines[0]
    whole = "".join(line.text for line in cell.lines)
    full = first.x1 - first.x0 >= _WRAPPED_SHARE * width
    if full and money.parse(whole)[0] is Mark.PRINTED:
        return whole, ""
    return " / ".join(line.text for line in cell.lines), "several lines that are not one number"


def refused(text: str) -> str:
    """Why a text that is no amount is none."""
    return "it has more digits than any amount" if money.overlong(text) else "not an amount"


def unsure(cell: Cell, certainty: Certainty) -> str:
    """Why the figure in a cell is not to be taken for one; "" where nothing speaks against it."""
    if cell.doubtful:
        return "recognised too unsurely"
    if cell.cut:
        return CUT_OFF
    if certainty is Certainty.TEXT and _fills(cell):
        return "it fills its cell and may be cut off"
    return ""


def _fills(cell: Cell) -> bool:
    """Whether a figure takes its cell from edge to edge: a spreadsheet that prints a number typed
    as text into too narrow a column leaves out the digits that do not fit."""
    if cell.box == NOWHERE or len(cell.lines) != 1:
        return False
    (line,) = cell.lines
    room = _EDGE * (line.y1 - line.y0)
    return line.x0 - cell.box.x0 < room and cell.box.x1 - line.x1 < room
