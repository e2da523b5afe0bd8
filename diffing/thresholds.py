"""How much a change matters: the thresholds of the trade, each of them a setting."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import msgspec

from archive.model import LineItem
from diffing.changes import Cell, CellKind, Significance, is_nothing
from diffing.keys import PROJECT_TABLES
from diffing.names import bare
from diffing.roles import Burden, Measure, Table, burden_of, is_class, measure_of
from diffing.versions import Mode

__all__ = ["DigestSettings", "Thresholds", "lead_alone", "weigh"]


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[digest.thresholds]` of mingzhang.toml. Amounts in 万元, rates in percent.

    The defaults are what editors of Chinese budget reporting work with; they decide where a
    change is shown, never whether: every change stays in the full list.
    """

    total_percent: Decimal = Decimal(5)
    total_amount: Decimal = Decimal(10)
    """A total or a 类 is reported from both on."""
    total_headline_percent: Decimal = Decimal(20)
    total_headline_amount: Decimal = Decimal(50)
    total_headline_any: Decimal = Decimal(500)
    """A headline from percent and amount together, or from this amount alone."""
    sangong_percent: Decimal = Decimal(10)
    sangong_amount: Decimal = Decimal(1)
    """The total of "三公" is a headline when it rises by either."""
    costs_percent: Decimal = Decimal(15)
    """人员经费, 公用经费 and 机关运行经费 are reported from here on, up or down."""
    project_amount: Decimal = Decimal(10)
    project_share: Decimal = Decimal(5)
    """A new or dropped project is reported from this amount, or this share of 项目支出, on."""
    detail_percent: Decimal = Decimal(30)
    detail_amount: Decimal = Decimal(5)
    """A project, a 款 or a 项 is reported from both on."""
    execution_low_percent: Decimal = Decimal(80)
    execution_high_percent: Decimal = Decimal(120)
    """A line executed below or above this share of its original budget is reported."""
    execution_headline_percent: Decimal = Decimal(200)
    """Above this share of the original budget a total or a 类 is a headline."""
    unbudgeted_amount: Decimal = Decimal(10)
    """An outcome without any original budget is reported above this amount."""
    carried_percent: Decimal = Decimal(20)
    """Money left at the end of a year (年末结转和结余) is reported above this share of what was
    spent."""
    negligible_amount: Decimal = Decimal("0.005")
    """Between years a smaller difference is one of print (尾差), and only listed."""


class DigestSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[digest]` of mingzhang.toml."""

    folder: str = "digests"
    """Where digests are written, relative to mingzhang.toml."""
    lang: str = "zh"
    """zh or en; names of lines stay as printed."""
    crops: bool = True
    """Pictures of the quoted rows beside the HTML, cut from the originals."""
    thresholds: Thresholds = Thresholds()


_EXTERNAL_HELP: Final = re.compile("委托业务费|劳务费|咨询费|租赁费")
"""Economic lines by which work is given to others: watched like projects."""


def weigh(
    cell: Cell,
    item: LineItem,
    lead: str | None,
    table: Table,
    mode: Mode,
    thresholds: Thresholds,
    project_total: Decimal | None = None,
    *,
    frugal: bool = False,
) -> Significance:
    """Where one changed cell is shown.

    In a revision any changed number is a headline whatever its size: what was published has been
    replaced. From year to year the thresholds decide; `lead` is the measure that stands for the
    row, `project_total` the sum of all projects in 万元 on the side where a new or dropped project
    stands, `frugal` whether the later document says that it practises economy (厉行节约).
    Performance forms quote money that the other tables have: they are only listed.
    """
    if mode is _REVISION and _replaced(cell):
        return Significance.HEADLINE
    if cell.kind is not _NUMBER or cell.difference is None or table is _PERFORMANCE:
        return _LIST
    if mode is not _REVISION and abs(cell.difference) < thresholds.negligible_amount:
        return _LIST
    leading = cell.measure == lead
    if table is _SANGONG:
        return _of_sangong(cell, item, thresholds, leading=leading, frugal=frugal)
    if item.total:
        if measure_of(cell.measure) in _COSTS:
            return _costs(cell, thresholds)
        return _total(cell, thresholds)
    if not leading:
        return _LIST
    if table in PROJECT_TABLES:
        return _detail(cell, thresholds, project_total if table is Table.PROJECT else None)
    if is_class(item, table):
        loud = _total(cell, thresholds)
        # 301, 302 … repeat what the totals of 人员经费 and 公用经费 say
        quiet = table is Table.BASIC and loud is Significance.HEADLINE
        return Significance.REPORT if quiet else loud
    if table is Table.BASIC and not _EXTERNAL_HELP.search(bare(item.name)):
        return _LIST
    return _detail(cell, thresholds, None)


def lead_alone(item: LineItem, table: Table, mode: Mode) -> bool:
    """True where `weigh` lists every cell of a row but the one that stands for it."""
    return mode is not _REVISION and not item.total and table is not _SANGONG


# looked up once: asking an Enum for a member costs more than what is asked of most cells
_REVISION: Final = Mode.REVISION
_NUMBER: Final = CellKind.NUMBER
_LIST: Final = Significance.LIST
_PERFORMANCE: Final = Table.PERFORMANCE
_SANGONG: Final = Table.SANGONG
_COSTS: Final = frozenset({Measure.STAFF, Measure.RUNNING})


def _replaced(cell: Cell) -> bool:
    """True where something else is printed for a number, whether its unit is known or not."""
    if cell.kind is CellKind.UNIT_UNKNOWN:
        return cell.reads_otherwise
    return cell.kind in (CellKind.NUMBER, CellKind.UNREADABLE)


def _of_sangong(
    cell: Cell, item: LineItem, t: Thresholds, *, leading: bool, frugal: bool
) -> Significance:
    burden = burden_of(item.name)
    if burden is Burden.OPERATING:
        return _costs(cell, t)
    if not leading:
        return Significance.LIST
    assert cell.difference is not None  # noqa: S101 - the caller asked
    if burden is Burden.TOTAL and cell.difference > 0:
        large = cell.difference >= t.sangong_amount
        return (
            Significance.HEADLINE
            if large or _steep(cell, t.sangong_percent)
            else Significance.REPORT
        )
    if burden is Burden.PURCHASE and not is_nothing(cell.new):
        return Significance.HEADLINE
    if burden is Burden.ABROAD and is_nothing(cell.old):
        return Significance.HEADLINE
    if burden is Burden.RECEPTION and frugal and cell.difference > 0:
        return Significance.HEADLINE
    return Significance.REPORT


def _total(cell: Cell, t: Thresholds) -> Significance:
    assert cell.difference is not None  # noqa: S101 - the caller asked
    size = abs(cell.difference)
    very_steep = _steep(cell, t.total_headline_percent)
    if size >= t.total_headline_any or (very_steep and size >= t.total_headline_amount):
        return Significance.HEADLINE
    reported = _steep(cell, t.total_percent) and size >= t.total_amount
    return Significance.REPORT if reported else Significance.LIST


def _costs(cell: Cell, t: Thresholds) -> Significance:
    return Significance.REPORT if _steep(cell, t.costs_percent) else Significance.LIST


def _detail(cell: Cell, t: Thresholds, project_total: Decimal | None) -> Significance:
    assert cell.difference is not None  # noqa: S101 - the caller asked
    size = abs(cell.difference)
    if is_nothing(cell.old) or is_nothing(cell.new):
        large = size >= t.project_amount
        if project_total:
            large = large or size * 100 >= project_total * t.project_share
        return Significance.REPORT if large else _LIST
    reported = size >= t.detail_amount and _steep(cell, t.detail_percent)
    return Significance.REPORT if reported else _LIST


def _steep(cell: Cell, percent: Decimal) -> bool:
    """Whether the change is at least so many percent, by the exact amounts: the printed rate is
    rounded. Where no rate exists any change is steep."""
    old = cell.old_wan
    if old is None or old <= 0 or cell.difference is None:
        return True
    return abs(cell.difference) * 100 >= percent * old
