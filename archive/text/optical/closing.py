"""Tables whose outer border a scan cut off: the rulings that run out of them say where it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from archive.text.grid import Grid, Ruling, rulings
from archive.text.page import Segment

__all__ = ["borders"]

_OUT: Final = 8.0
"""Points by which a ruling must run out of a table: a column is wider than a pen stroke."""
_MOST: Final = 0.6
"""Share of a table's rulings that must run out together."""
_ENOUGH: Final = 3


def borders(tables: Iterable[Grid], strokes: Sequence[Segment]) -> list[Segment]:
    """The borders that are missing: where most rulings of a table run out on one side."""
    horizontal, vertical = rulings(strokes)
    found: list[Segment] = []
    for table in tables:
        box = table.box
        across = [
            r for r in horizontal if box.y0 - 1 <= r[0] <= box.y1 + 1 and _meets(r, box.x0, box.x1)
        ]
        up = [r for r in vertical if box.x0 - 1 <= r[0] <= box.x1 + 1 and _meets(r, box.y0, box.y1)]
        for x in _ends(across, box.x0, box.x1):
            found.append((x, box.y0, x, box.y1))
        for y in _ends(up, box.y0, box.y1):
            found.append((box.x0, y, box.x1, y))
    return found


def _meets(ruling: Ruling, low: float, high: float) -> bool:
    return ruling[1] < high and ruling[2] > low


def _ends(lines: Sequence[Ruling], low: float, high: float) -> Iterable[float]:
    """Where lines that run out below `low` or above `high` come to their ends."""
    for ends in (
        [start for _, start, _ in lines if start < low - _OUT],
        [end for _, _, end in lines if end > high + _OUT],
    ):
        if len(ends) >= max(_ENOUGH, _MOST * len(lines)):
            yield median(ends)
