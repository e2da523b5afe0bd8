"""Nothing gets lost: the changes of the details must add up to the change of the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from archive.model import Amount, LineItem, Statement, Unit
from archive.money import convert
from diffing.align import StatementPair, parents
from diffing.names import titled
from diffing.roles import Burden, Table, burden_of, table_of

__all__ = ["Conservation", "Outcome", "check"]

_HALF: Final = Decimal("0.5")


class Outcome(StrEnum):
    """What the check came to."""

    HOLDS = "holds"
    REMAINDER = "remainder"
    UNCHECKED = "unchecked"
    """Neither document adds up by the rows as read, so their parts are not understood."""


class Conservation(msgspec.Struct, frozen=True):
    """One total against its details, for one measure; amounts in 万元, exact."""

    statement: str
    side: str | None
    measure: str
    total: Decimal
    """Change of the total row."""
    details: Decimal
    """Sum of the changes of the rows that have no rows below them."""
    allowed: Decimal
    """What rounding of the printed figures can explain."""
    outcome: Outcome

    @property
    def remainder(self) -> Decimal:
        """The part of the total's change that no detail accounts for."""
        return self.total - self.details


class _Sum(msgspec.Struct, frozen=True):
    total: Decimal
    details: Decimal
    allowed: Decimal

    @property
    def closes(self) -> bool:
        return abs(self.total - self.details) <= self.allowed


def check(pairs: Iterable[StatementPair]) -> tuple[Conservation, ...]:
    """Check every statement that has one total row and details on both sides.

    A sum of n printed figures may differ from its printed total by half a unit of the last
    printed place for each of them and for the total, 0.005·(n+1) for two decimals, in either
    document. What exceeds that is a remainder and is shown to the reader.
    """
    found: list[Conservation] = []
    for pair in pairs:
        if pair.old is None or pair.new is None:
            continue
        old, new = _sums(pair.old), _sums(pair.new)
        for key in old:
            if key not in new:
                continue
            (side, measure), a, b = key, old[key], new[key]
            total, details = b.total - a.total, b.details - a.details
            allowed = a.allowed + b.allowed
            if not (a.closes or b.closes):
                outcome = Outcome.UNCHECKED
            elif abs(total - details) <= allowed:
                outcome = Outcome.HOLDS
            else:
                outcome = Outcome.REMAINDER
            found.append(
                Conservation(
                    titled(pair.new), side or None, measure, total, details, allowed, outcome
                )
            )
    return tuple(found)


def _sums(statement: Statement) -> dict[tuple[str, str], _Sum]:
    """(side, measure) -> total and sum of details, where a side has exactly one total row."""
    unit = statement.unit
    if unit is None or table_of(statement.form) is Table.OTHER:
        return {}
    sums: dict[tuple[str, str], _Sum] = {}
    for side in dict.fromkeys(item.side or "" for item in statement.items):
        items = [i for i in statement.items if (i.side or "") == side]
        total, leaves = _parts(items, table_of(statement.form))
        if total is None or not leaves:
            continue
        for measure, amount in total.amounts.items():
            parts = [leaf.amounts[measure] for leaf in leaves if measure in leaf.amounts]
            if amount.value is None or any(_unread(part) for part in parts):
                continue
            printed = [part.value for part in parts if part.value is not None]
            allowed = _HALF * _step([amount.value, *printed]) * (len(printed) + 1)
            sums[side, measure] = _Sum(
                convert(amount.value, unit, Unit.WAN),
                convert(sum(printed, Decimal(0)), unit, Unit.WAN),
                convert(allowed, unit, Unit.WAN),
            )
    return sums


def _parts(items: Sequence[LineItem], table: Table) -> tuple[LineItem | None, list[LineItem]]:
    """The one total row and the rows that have no rows below them."""
    if table is Table.SANGONG:
        # 机关运行经费 stands beside the total; the vehicles' own sum has no level to tell it by
        burdens = [burden_of(i.name) for i in items]
        beside = {Burden.OPERATING}
        if {Burden.PURCHASE, Burden.RUNNING} <= set(burdens):
            beside.add(Burden.VEHICLES)
        items = [i for i, burden in zip(items, burdens, strict=True) if burden not in beside]
    totals = [i for i in items if i.total]
    above = set(parents(items))
    leaves = [item for n, item in enumerate(items) if not item.total and n not in above]
    return (totals[0] if len(totals) == 1 else None), leaves


def _unread(amount: Amount) -> bool:
    return amount.mark == "unreadable"


def _step(values: Sequence[Decimal]) -> Decimal:
    """One unit of the last place printed anywhere in the column."""
    return Decimal(1).scaleb(min(int(value.as_tuple().exponent) for value in values))
