"""Whether a statement adds up by the rows as read: its one total against its lowest rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from archive.model import Amount, Classification, LineItem, Mark, Statement, Unit
from archive.money import convert
from archive.money import total as sum_of
from diffing.keys import parents
from diffing.roles import Burden, Table, burden_of, table_of

__all__ = ["Sum", "adds_up", "sums"]

_HALF: Final = Decimal("0.5")
_NOT_SUMMED: Final = frozenset({Table.OTHER, Table.PERFORMANCE})


class Sum(msgspec.Struct, frozen=True):
    """One printed total and the sum of its lowest rows, in 万元, exact."""

    total: Decimal
    details: Decimal
    allowed: Decimal
    """What rounding of the printed figures can explain."""

    @property
    def closes(self) -> bool:
        """True where the two agree but for rounding in print."""
        return abs(self.total - self.details) <= self.allowed


def sums(statement: Statement) -> dict[tuple[str, str], Sum]:
    """(side, measure) -> total and sum of details, where a side has exactly one total row.

    A sum of n printed figures may differ from its printed total by half a unit of the last
    printed place for each of them and for the total: 0.005·(n+1) for two decimals.
    """
    unit, table = statement.unit, table_of(statement.form)
    if unit is None or table in _NOT_SUMMED:
        return {}
    found: dict[tuple[str, str], Sum] = {}
    if not any(item.total for item in statement.items):
        return {}
    for side in dict.fromkeys(item.side or "" for item in statement.items):
        items = [i for i in statement.items if (i.side or "") == side]
        total, leaves = _parts(items, table)
        if total is None or not leaves:
            continue
        for measure, amount in total.amounts.items():
            parts = [leaf.amounts[measure] for leaf in leaves if measure in leaf.amounts]
            if (one := _sum(amount, parts, unit)) is not None:
                found[side, measure] = one
    return found


def adds_up(statement: Statement) -> bool:
    """True where every total agrees with its rows: then no row of it was overlooked.

    False also where there is no total to hold the rows against.
    """
    found = sums(statement).values()
    return bool(found) and all(one.closes for one in found)


def _sum(total: Amount, parts: Iterable[Amount], unit: Unit) -> Sum | None:
    printed: list[Decimal] = []
    for part in parts:
        if part.mark is Mark.UNREADABLE:
            return None
        if part.value is not None:
            printed.append(part.value)
    if total.value is None:
        return None
    details = sum_of(printed)
    # a sum has the last place of its finest part; no part is coarser than a whole unit
    step = Decimal(1).scaleb(int(sum_of((total.value, details)).as_tuple().exponent))
    allowed = _HALF * step * (len(printed) + 1)
    return Sum(
        convert(total.value, unit, Unit.WAN),
        convert(details, unit, Unit.WAN),
        convert(allowed, unit, Unit.WAN),
    )


def _parts(items: Sequence[LineItem], table: Table) -> tuple[LineItem | None, list[LineItem]]:
    """The one total row and the rows that have no rows below them."""
    if table is Table.SANGONG:
        # 机关运行经费 stands beside the total; the vehicles' own sum has no level to tell it by
        burdens = [burden_of(i.name) for i in items]
        beside = {Burden.OPERATING}
        if {Burden.PURCHASE, Burden.RUNNING} <= set(burdens):
            beside.add(Burden.VEHICLES)
        items = [i for i, burden in zip(items, burdens, strict=True) if burden not in beside]
    if table is Table.PROJECT:
        # the sums of the units that own the projects repeat what the projects say
        items = [i for i in items if i.classification is not Classification.UNIT]
    totals = [i for i in items if i.total]
    if len(totals) != 1:
        return None, []
    above = set(parents(items))
    return totals[0], [i for n, i in enumerate(items) if not i.total and n not in above]
