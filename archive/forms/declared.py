"""What a form declares of its figures: which cells must add up, and which another form repeats."""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["Each", "Equation", "Place", "Rate", "Relation", "Tie"]


class Relation(StrEnum):
    """Where the cells of an equation stand to each other."""

    ROW = "row"
    """Measures of one line item: 合计 = 基本支出 + 项目支出."""
    LINES = "lines"
    """Line items by name, in one measure: 用车小计 = 购置 + 运行."""
    CODES = "codes"
    """A line item by name = line items by code: 人员经费合计 = 301 + 303."""
    TREE = "tree"
    """Every printed parent = its printed children, by code; the total = what stands on top."""
    LIST = "list"
    """The total = all lowest line items."""
    OUTLINE = "outline"
    """Every total of a side = the total before it + the lines between; a line = its parts."""
    BLOCK = "block"
    """A line of a form in blocks = lines of one block: 资金合计 = its sources."""
    BALANCE = "balance"
    """The last total of the income side = the last total of every expenditure side."""


class Each(StrEnum):
    """How a tie runs over many line items."""

    ONCE = "once"
    CLASS = "class"
    """Every 类 by its name, where the total agrees."""
    CODE = "code"
    """Every coded line item and every measure both print, where the totals agree."""


class Equation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One equation inside a form."""

    id: str
    relation: Relation
    title: str
    """The formula in words, for a reader."""
    total: str = ""
    parts: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    """Subtracted."""
    when: tuple[str, ...] = ()
    """Measures the row must print for the equation to be asked."""
    unless: tuple[str, ...] = ()
    """Measures that make another equation the right one."""
    block: str = ""
    """The block whose lines are added up; without `parts` all of them but totals and 其中."""
    beside: bool = False
    """The total is a label outside every block."""


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A percentage printed beside the two figures it comes from: 执行率 = 执行数 ÷ 预算数."""

    attribute: str
    part: str
    whole: str
    title: str


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cell of a form, by the names a form gives to its lines."""

    row: str = ""
    """Name of the line in the form's `lines`; "合计" is the one total row of a side."""
    measure: str = ""
    """"" is the one measure the line prints."""
    form: str = ""
    side: str = ""
    block: str = ""
    """Of a form in blocks: the one the line stands in."""


class Tie(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A quantity that two forms print."""

    id: str
    title: str
    here: tuple[Place, ...]
    """Alternatives in this form: the first that agrees is meant."""
    there: tuple[Place, ...]
    """Cells of the other form, added up."""
    each: Each = Each.ONCE
    also: tuple[Place, ...] = ()
    """Cells some districts print here instead: where one agrees, a difference proves nothing."""
