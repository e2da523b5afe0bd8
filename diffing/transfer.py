"""Money that moved between 基本支出 and 项目支出 of one line while the line's total stayed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from diffing.changes import Cell, CellKind, What

__all__ = ["transferred"]

_BASIC: Final = "基本支出"
_PROJECT: Final = "项目支出"
_TOTAL: Final = "合计"


def transferred(cells: Iterable[Cell]) -> What | None:
    """Which way money moved, by the cells of a row that differ; None where it did not just move.

    Only where one gained exactly what the other lost and the total is not among what differs: any
    other movement has another explanation.
    """
    by_measure = {cell.measure: cell for cell in cells}
    if len(by_measure) == 1 or _TOTAL in by_measure:
        return None
    basic, project = by_measure.get(_BASIC), by_measure.get(_PROJECT)
    if basic is None or project is None:
        return None
    if CellKind.NUMBER is not basic.kind or CellKind.NUMBER is not project.kind:
        return None
    if not basic.difference or project.difference != -basic.difference:
        return None
    return What.MOVED_TO_BASIC if basic.difference > 0 else What.MOVED_TO_PROJECT
