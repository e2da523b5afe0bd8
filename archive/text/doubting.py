"""What speaks against a statement that was read by alignment only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from archive.forms import plain
from archive.model import LineItem, Mark, RawTable, Remark, Statement
from archive.text.tables import Table

__all__ = ["doubted", "part_missing"]

_FEW_LINES: Final = 12
_LEAST_PARTS: Final = 2
_SANGONG: Final = re.compile(r"^(\"三公\"经费.*|三公经费.*|合计)$")
_PART: Final = re.compile(r"因公出国|公务接待费|公务用车购置(及|和)运行(维护)?费(-?小计)?$")
_NUMERAL: Final = re.compile(r"^[一二三四五六七八九十廿]+$")
"""The beginning of a number that its column was too narrow for: 十 above 一、城乡社区支出."""
_DOUBTFUL: Final = frozenset({"cell-unreadable", "column-unknown", "column-double"})


def doubted(table: Table, items: Sequence[LineItem], said: Sequence[Remark]) -> str:
    """Why a statement read by alignment is not to be presented; "" where nothing speaks against it.

    What a ruled table may show — an unknown column, a cell that is no amount, figures without a
    name — may here as well be a column or row put together wrongly. So may a name that stands alone
    among rows with codes: it is the rest of another.
    """
    if not table.aligned:
        return ""
    for remark in said:
        if remark.code in _DOUBTFUL:
            return f"its columns are placed by alignment only, and {remark.message}"
    broken = [item.name for item in items if _NUMERAL.match(plain(item.name))]
    if broken:
        return f"its rows are placed by alignment only, and “{broken[0]}” stands alone"
    alone = [item for item in items if not item.code and not item.total and _is_bare(item)]
    if alone and 2 * sum(bool(item.code) for item in items) > len(items):
        return f"its rows are placed by alignment only, and “{alone[0].name}” stands alone"
    return _unbalanced(items) if len(items) < _FEW_LINES else ""


def part_missing(table: Table, result: Statement, unread: Iterable[RawTable]) -> str:
    """Why a statement that alignment put together, or one without rows, may lack a part of its
    table: the same title stands over rows beside it that are not read. "" where none does."""
    if not table.aligned and result.items:
        return ""
    first, last = result.pages[0], result.pages[-1]
    for other in unread:
        beside = other.pages[0] - 1 <= last and first <= other.pages[-1] + 1
        if beside and plain(other.title) == plain(result.title):
            return f"a part of it, on page {other.pages[0]}, is not read"
    return ""


def _unbalanced(items: Sequence[LineItem]) -> str:
    """三公经费: a figure under the head of a group would be another line's; its sum would not.

    What is blank or cannot be read adds nothing here: the sum then fails, and the table is refused.
    """
    for measure in dict.fromkeys(m for item in items for m in item.amounts):
        lines = [(plain(i.name), i.amounts[measure].value) for i in items if measure in i.amounts]
        totals = [value for name, value in lines if _SANGONG.search(name)]
        parts = [value for name, value in lines if _PART.search(name)]
        if not totals or len(parts) < _LEAST_PARTS:
            continue
        told, added = ([v for v in values if v is not None] for values in (totals, parts))
        if sum(added) not in (told or [Decimal(0)]):
            return "its columns are placed by alignment only, and 三公经费 are not their sum"
    return ""


def _is_bare(item: LineItem) -> bool:
    return all(amount.mark is Mark.BLANK for amount in item.amounts.values())
