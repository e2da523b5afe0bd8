"""Figures without their blank cells → their columns, where the sums leave only one possibility.

A row of three figures under six columns says only their order. What decides are the sums that hold
in the table: a total is the sum of its columns, a parent the sum of its children. Where several
placements satisfy them all, the figures stay open: nothing is put in a column by guess.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from typing import Final

__all__ = ["Equation", "Line", "settle"]

Placement = tuple[int, ...]
"""The column of each figure, rising."""
Equation = tuple[int, tuple[int, ...]]
"""A column and those it is the sum of."""

_ZERO: Final = Decimal(0)
_MOST: Final = 5_000
"""More placements of a row, or of a family together, are not tried."""
_ROUNDING: Final = Decimal("0.005")


@dataclass
class Line:
    """One row: its figures in printed order and the rows it is the sum of."""

    figures: Sequence[Decimal]
    children: Sequence[int] = ()
    candidates: list[Placement] = field(default_factory=list)
    torn: bool = False
    """Whether cells are lost: then a column without a figure is not known to be blank."""

    @property
    def sure(self) -> bool:
        """Whether one placement is left."""
        return len(self.candidates) == 1


Witness = Callable[[int, Decimal], bool]
"""Whether another place of the document states this value for this column."""


def settle(
    lines: Sequence[Line],
    columns: int,
    equations: Sequence[Equation],
    totals: Sequence[int],
    witness: Witness,
) -> None:
    """Leave each row the placements that all sums allow; `totals` are the rows of sums.

    A row whose own sums do not close keeps every placement: the publisher may have erred.
    """
    for line in lines:
        if line.candidates:
            continue
        count = len(line.figures)
        every = list(combinations(range(columns), count)) if _few(columns, count) else []
        fitting = [one for one in every if line.torn or _closes(line, one, equations)]
        line.candidates = fitting or every
    _sums(lines, columns)
    for index in totals:
        _witnessed(lines[index], equations, witness)
    _sums(lines, columns)


def _few(columns: int, count: int) -> bool:
    ways = 1
    for step in range(min(count, columns - count)):
        ways = ways * (columns - step) // (step + 1)
    return count <= columns and ways <= _MOST


def _near(one: Decimal, other: Decimal, addends: int) -> bool:
    """Equal but for the rounding of each addend (0.005 a figure)."""
    return abs(one - other) <= _ROUNDING * (addends + 1)


def _closes(line: Line, placement: Placement, equations: Sequence[Equation]) -> bool:
    value = dict(zip(placement, line.figures, strict=True))
    return all(
        _near(value.get(whole, _ZERO), sum((value.get(p, _ZERO) for p in parts), _ZERO), len(parts))
        for whole, parts in equations
    )


def _sums(lines: Sequence[Line], columns: int) -> None:
    """Let every family of rows rule out placements until none is ruled out any more."""
    families = [index for index, line in enumerate(lines) if line.children]
    changed = True
    while changed:
        changed = False
        for index in families:
            members = [lines[index], *(lines[child] for child in lines[index].children)]
            changed |= _empty_columns(members) or _family(members, columns)


def _empty_columns(members: Sequence[Line]) -> bool:
    """Where the total prints nothing, no child does; where it prints 0, no child but a 0 does."""
    total, *children = members
    if not total.candidates or total.torn:
        return False
    filled = {column for one in total.candidates for column in one}
    above_zero = {
        column
        for one in total.candidates
        for column, value in zip(one, total.figures, strict=True)
        if value
    }
    if any(figure < 0 for line in members for figure in line.figures):
        above_zero = filled
    changed = False
    for child in children:
        kept = [
            one
            for one in child.candidates
            if filled.issuperset(one)
            and all(not v or c in above_zero for c, v in zip(one, child.figures, strict=True))
        ]
        if kept and len(kept) < len(child.candidates):
            child.candidates, changed = kept, True
    return changed


def _family(members: Sequence[Line], columns: int) -> bool:
    ways = 1
    for member in members:
        ways *= max(1, len(member.candidates))
        if not member.candidates or ways > _MOST:
            return False
    if ways == 1:
        return False
    allowed: list[set[Placement]] = [set() for _ in members]
    for together in product(*(member.candidates for member in members)):
        if _adds_up(members, together, columns):
            for seen, one in zip(allowed, together, strict=True):
                seen.add(one)
    if not all(allowed):
        return False
    changed = False
    for member, seen in zip(members, allowed, strict=True):
        changed |= len(seen) < len(member.candidates)
        member.candidates = [one for one in member.candidates if one in seen]
    return changed


def _adds_up(members: Sequence[Line], together: Sequence[Placement], columns: int) -> bool:
    sums = [_ZERO] * columns
    total = [_ZERO] * columns
    for number, (member, one) in enumerate(zip(members, together, strict=True)):
        for column, value in zip(one, member.figures, strict=True):
            if number:
                sums[column] += value
            else:
                total[column] = value
    asked = together[0] if members[0].torn else range(columns)
    return all(_near(total[c], sums[c], len(members)) for c in asked)


def _witnessed(line: Line, equations: Sequence[Equation], witness: Witness) -> None:
    """Of a total row, the one placement in which another place of the document states each part."""
    if line.sure or not line.candidates:
        return
    wholes = {whole for whole, _ in equations}
    stated = [
        one
        for one in line.candidates
        if all(
            column in wholes or not value or witness(column, value)
            for column, value in zip(one, line.figures, strict=True)
        )
    ]
    if len(stated) == 1:
        line.candidates = stated
