"""Money that moved between 基本支出 and 项目支出 of one line while the line's total stayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diffing.changes import Cell, CellKind, What

__all__ = ["transferred"]

_BASIC: Final = "基本支出"
_PROJECT: Final = "项目支出"
_TOTAL: Final = "合计"


def transferred(cells: Sequence[Cell]) -> What | None:
    """Which way money moved, by the cells of a row that differ; None where it did not just move.

    Only where one gained exactly what the other lost and the total is not among what differs: any
    other movement has another explanation.
    """
    basic = project = None
    for cell in cells:
        measure = cell.measure
        if measure == _TOTAL:
            return None
        if measure == _BASIC:
            basic = cell
        elif measure == _PROJECT:
            project = cell
    if basic is None or project is None:
        return None
    if CellKind.NUMBER is not basic.kind or CellKind.NUMBER is not project.kind:
        return None
    if not basic.difference or project.difference != -basic.difference:
        return None
    return What.MOVED_TO_BASIC if basic.difference > 0 else What.MOVED_TO_PROJECT
