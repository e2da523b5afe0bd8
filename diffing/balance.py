"""What one replaced figure did to the sum it is part of: closed it, or broke it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import structs

from diffing.changes import Balance, CellKind, Change, What
from diffing.conservation import Conservation

__all__ = ["balanced"]


def balanced(changes: Sequence[Change], sums: Iterable[Conservation]) -> tuple[Change, ...]:
    """The changes of a revision, each that alone closed or broke a sum marked with it.

    Alone: no other line of the statement changed a number of that column and side, so nothing else
    can have done it. A change that closed a sum is a correction of what was published.
    """
    turned = {
        (one.place, one.side or "", one.measure): (
            Balance.RESTORED if one.new_closes else Balance.LOST
        )
        for one in sums
        if one.old_closes is not one.new_closes
    }
    if not turned:
        return tuple(changes)
    found = list(changes)
    for number, balance in _alone(changes, turned):
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
    changes: Sequence[Change], turned: dict[tuple[int, str, str], Balance]
) -> list[tuple[int, Balance]]:
    columns: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for number, change in enumerate(changes):
        for cell in change.cells:
            if cell.kind is CellKind.NUMBER and cell.difference:
                columns[change.place, change.line.side or "", cell.measure].append(number)
    said: dict[int, set[Balance]] = defaultdict(set)
    for column, balance in turned.items():
        if len(columns[column]) == 1:
            said[columns[column][0]].add(balance)
    # a row that closed one column and broke another did neither
    return [(number, one.pop()) for number, one in said.items() if len(one) == 1]
