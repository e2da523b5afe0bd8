"""Whether a reading of a head is to be trusted: what alignment alone leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from archive.text.columns import Role
from archive.text.headtree import HeadCell, Strip
from archive.text.words import columned, hull

_SLACK: Final = 0.15
"""A head stands in the middle of its column within this share of its height."""
_SWEEPS: Final = 3
_FARTHEST: Final = 1000.0


def right_set(strips: Iterable[Strip]) -> bool:
    """Whether figures of different lengths end at the same place in their columns, and none begin
    at the same place: then a figure beside its head stands to the right of it."""
    right = left = 0
    for strip in strips:
        words = [word for word in strip.words if strip.figures and len(word.text) > 1]
        if not words:
            continue
        shortest, longest = (f(w.x1 - w.x0 for w in words) for f in (min, max))
        near = 0.15 * words[0].size
        if longest - shortest > 2 * near:
            right += max(w.x1 for w in words) - min(w.x1 for w in words) < near
            left += max(w.x0 for w in words) - min(w.x0 for w in words) < near
    return right > 0 and left == 0


def unsure(cells: Iterable[HeadCell], strips: Sequence[Strip]) -> bool:
    """Whether a figure beside its head, before a column that is blank, might be that column's.

    It is not where figures are plainly set to the right, nor where the heads, each in the middle
    of its column, leave no other place for the line between the two.
    """
    leaves = [leaf for cell in cells for leaf in cell.leaves()]
    if right_set(strips):
        return False
    filled = [[s for s in strips[leaf.first : leaf.last + 1] if not s.blank] for leaf in leaves]
    walls = _walls(leaves, filled)
    for index, (leaf, following) in enumerate(pairwise(leaves)):
        if leaf.role is not Role.MONEY or following.role is not Role.MONEY or filled[index + 1]:
            continue
        beside = [strip for strip in filled[index] if strip.x0 > hull(leaf.words)[1]]
        if beside and (walls is None or walls[index + 1][0] <= beside[0].x0):
            return True
    return False


def _walls(
    leaves: Sequence[HeadCell], filled: Sequence[Sequence[Strip]]
) -> list[tuple[float, float]] | None:
    """Between which places each line between two columns stands, from left to right.

    It stands beside the ink of both columns, and as far right of the middle of a head as the line
    before stands left of it. None where heads do not stand in the middle.
    """
    inks = []
    for leaf, strips in zip(leaves, filled, strict=True):
        x0, x1 = hull(leaf.words)
        own = [s for s in strips if s.x0 < x1 and s.x1 > x0]
        inks.append((min([x0, *(s.x0 for s in own)]), max([x1, *(s.x1 for s in own)])))
    low = [inks[0][0] - _FARTHEST, *(x1 for _, x1 in inks)]
    high = [*(x0 for x0, _ in inks), inks[-1][1] + _FARTHEST]
    middles = [sum(hull(leaf.words)) for leaf in leaves]
    slack = _SLACK * leaves[0].words[0].size
    for _ in range(_SWEEPS):
        for k, twice in enumerate(middles):
            low[k + 1] = max(low[k + 1], twice - high[k] - slack)
            high[k + 1] = min(high[k + 1], twice - low[k] + slack)
        for k, twice in reversed(list(enumerate(middles))):
            low[k] = max(low[k], twice - high[k + 1] - slack)
            high[k] = min(high[k], twice - low[k + 1] + slack)
    if any(a > b for a, b in zip(low, high, strict=True)):
        return None
    return list(zip(low, high, strict=True))


def centred(cells: Iterable[HeadCell]) -> bool:
    """Whether the lines of heads stand in the middle, as far as heads of several lines show it."""
    middle = left = 0
    todo = list(cells)
    while todo:
        cell = todo.pop()
        todo += cell.below
        for upper, lower in pairwise(columned(cell.words)):
            (a0, a1), (b0, b1) = hull(upper), hull(lower)
            near = 0.3 * upper[0].size
            if abs((a1 - a0) - (b1 - b0)) > 2 * near:
                middle += abs(a0 + a1 - b0 - b1) / 2 < near
                left += abs(a0 - b0) < near
    return left <= middle
