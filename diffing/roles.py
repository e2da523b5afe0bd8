"""What a table, a row and a column are to a reader, whatever the district calls them."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from archive.model import Classification, LineItem
from diffing.names import bare, fund, normalise

__all__ = [
    "Burden",
    "Measure",
    "Table",
    "burden_of",
    "is_class",
    "measure_of",
    "same_line",
    "table_of",
]


_REMEMBERED: Final = 1 << 14
"""Documents print the same names again and again."""


class Table(StrEnum):
    """The standard tables by what they say: the last part of the form id, equal for both kinds."""

    TOTAL = "total"
    EXPENDITURE = "expenditure"
    GENERAL = "general_function"
    FISCAL = "fiscal"
    INCOME = "income"
    BASIC = "basic_economic"
    UNITS = "general_unit"
    SANGONG = "sangong"
    PROJECT = "project"
    FUND = "fund"
    STATE_CAPITAL = "soe"
    PROCUREMENT = "procurement"
    SERVICES = "services"
    PERFORMANCE = "performance"
    """绩效目标表 and 绩效自评表: one a project or unit, quoting money the other tables have."""
    OTHER = "other"


@lru_cache(maxsize=_REMEMBERED)
def table_of(form: str) -> Table:
    """What a statement of this form is about.

    >>> table_of("budget.general_function"), table_of("final.performance_project")
    (<Table.GENERAL: 'general_function'>, <Table.PERFORMANCE: 'performance'>)
    """
    part = form.rpartition(".")[2]
    if part.startswith("performance_"):
        return Table.PERFORMANCE
    return Table(part) if part in Table._value2member_map_ else Table.OTHER


class Burden(StrEnum):
    """The lines of the "三公" table."""

    TOTAL = "total"
    ABROAD = "abroad"
    VEHICLES = "vehicles"
    PURCHASE = "vehicle-purchase"
    RUNNING = "vehicle-running"
    RECEPTION = "reception"
    OPERATING = "operating"
    """机关运行经费, which stands in the same table but is no part of "三公"."""
    OTHER = "other"


_BURDENS: Final = (
    (Burden.OPERATING, re.compile("机关运行")),
    (Burden.ABROAD, re.compile("出国")),
    (Burden.RECEPTION, re.compile("接待")),
    (Burden.VEHICLES, re.compile("购置(及|和|费及|费和)运行|小计")),
    (Burden.PURCHASE, re.compile("购置")),
    (Burden.RUNNING, re.compile("运行")),
    (Burden.TOTAL, re.compile("合计|总计|三公")),
)


@lru_cache(maxsize=_REMEMBERED)
def burden_of(name: str) -> Burden:
    """Which line of the "三公" table this is.

    >>> burden_of("2、公务用车购置及运行维护费")
    <Burden.VEHICLES: 'vehicles'>
    >>> burden_of("公务用车购置及运行费-购置费")
    <Burden.PURCHASE: 'vehicle-purchase'>
    """
    plain = bare(name).rpartition("-")[2]
    return next((burden for burden, pattern in _BURDENS if pattern.search(plain)), Burden.OTHER)


def same_line(old: str, new: str, table: Table) -> bool:
    """True where two names are wordings of one standard line, not a line that was renamed.

    >>> same_line("一般公共预算资金", "一般公共预算财政拨款收入", Table.TOTAL)
    True
    """
    if bare(old) == bare(new):
        return True
    if table is Table.SANGONG and (burden := burden_of(old)) is not Burden.OTHER:
        return burden is burden_of(new)
    if (budget := fund(old)) is not None:
        return budget == fund(new)
    return {bare(old), bare(new)} <= _TOTALS


_TOTALS: Final = frozenset({"合计", "总计", "总合计"})


class Measure(StrEnum):
    """The columns with rules of their own."""

    STAFF = "staff"
    RUNNING = "running"
    BASIC = "basic"
    PROJECT = "project"
    OTHER = "other"


@lru_cache(maxsize=_REMEMBERED)
def measure_of(name: str) -> Measure:
    """What a money column counts.

    >>> measure_of("基本支出-公用经费")
    <Measure.RUNNING: 'running'>
    """
    plain = normalise(name)
    for word, measure in (
        ("人员", Measure.STAFF),
        ("公用", Measure.RUNNING),
        ("项目支出", Measure.PROJECT),
        ("基本支出", Measure.BASIC),
    ):
        if word in plain:
            return measure
    return Measure.OTHER


_CLASS_DIGITS: Final = 3


_WITH_CLASSES: Final = frozenset(
    {
        Table.TOTAL,
        Table.EXPENDITURE,
        Table.GENERAL,
        Table.FISCAL,
        Table.INCOME,
        Table.BASIC,
        Table.FUND,
        Table.STATE_CAPITAL,
    }
)


def is_class(item: LineItem, table: Table) -> bool:
    """True for a 类: a three-digit code, or an uncoded line at the top of its side of a table."""
    if table not in _WITH_CLASSES or item.total:
        return False
    if item.classification in (Classification.PROJECT, Classification.UNIT):
        return False
    return len(item.code) == _CLASS_DIGITS if item.code else item.level <= 1
