"""What one replaced figure did to the sum it is part of: closed it, or broke it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import structs

from archive.model import Statement
from diffing.align import StatementPair
from diffing.changes import Balance, CellKind, Change, What
from diffing.sums import sums

__all__ = ["balanced"]


def balanced(changes: Sequence[Change], pairs: Sequence[StatementPair]) -> tuple[Change, ...]:
    """The changes of a revision, each that alone closed or broke a sum marked with it.

    Alone: no other line of the statement changed a number of that column and side, so nothing else
    can have done it. A change that closed a sum is a correction of what was published.
    """
    found = list(changes)
    moved: dict[int, list[tuple[int, Change]]] = {}
    for number, change in enumerate(changes):
        if change.cells:
            moved.setdefault(change.place, []).append((number, change))
    for place, pair in enumerate(pairs):
        if pair.old is None or pair.new is None or place not in moved:
            continue
        for number, balance in _alone(pair.old, pair.new, moved[place]):
            kinds = set(found[number].kinds)
            if balance is Balance.RESTORED:
                kinds.add(What.CORRECTED)
            found[number] = structs.replace(
                found[number],
                kinds=tuple(sorted(kinds, key=list(What).index)),
                balance=balance,
            )
    return tuple(found)


def _alone(
    old: Statement, new: Statement, moved: Iterable[tuple[int, Change]]
) -> list[tuple[int, Balance]]:
    before, after = sums(old), sums(new)
    columns: dict[tuple[str, str], list[int]] = {}
    for number, change in moved:
        for cell in change.cells:
            if cell.kind is CellKind.NUMBER and cell.difference:
                columns.setdefault((change.line.side or "", cell.measure), []).append(number)
    said: dict[int, set[Balance]] = {}
    for key, numbers in columns.items():
        if len(numbers) != 1 or key not in before or key not in after:
            continue
        if before[key].closes is not after[key].closes:
            one = Balance.RESTORED if after[key].closes else Balance.LOST
            said.setdefault(numbers[0], set()).add(one)
    # a row that closed one column and broke another did neither
    return [(number, one.pop()) for number, one in said.items() if len(one) == 1]
