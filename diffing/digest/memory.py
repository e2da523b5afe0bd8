"""Versions that were just held against each other: a document's page, its month and its run ask
for the same, one after the other."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from diffing.compare import Comparison, compare
from diffing.execution import Execution, executed
from diffing.thresholds import Thresholds
from diffing.versions import Mode, Version, mode_of

__all__ = ["compared", "execution"]

_REMEMBERED: Final = 4
"""Pairs of documents, held in memory whole."""


class _Pair:
    """Two versions, the same for all that read them from the same commits."""

    def __init__(self, one: Version, other: Version, thresholds: Thresholds) -> None:
        self.one, self.other, self.thresholds = one, other, thresholds
        sides = [
            (side.commit, side.agency_name, side.projects, side.register and side.register.version)
            for side in (one, other)
        ]
        self._key = (*sides, thresholds)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and self._key == other._key


def compared(old: Version, new: Version, mode: Mode | None, thresholds: Thresholds) -> Comparison:
    """As `diffing.compare.compare`. Raises IncomparableError."""
    if old.commit and new.commit:
        return _compared(_Pair(old, new, thresholds), mode_of(old, new, mode))
    return compare(old, new, mode, thresholds)


def execution(budget: Version, final: Version, thresholds: Thresholds) -> Execution:
    """As `diffing.execution.executed`. Raises IncomparableError."""
    if budget.commit and final.commit:
        return _executed(_Pair(budget, final, thresholds))
    return executed(budget, final, thresholds)


@lru_cache(maxsize=_REMEMBERED)
def _compared(pair: _Pair, mode: Mode) -> Comparison:
    return compare(pair.one, pair.other, mode, pair.thresholds)


@lru_cache(maxsize=_REMEMBERED)
def _executed(pair: _Pair) -> Execution:
    return executed(pair.one, pair.other, pair.thresholds)
