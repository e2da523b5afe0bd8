"""Names for what differs: one change a row, a statement or a passage, with its figures."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final

import msgspec

from archive.model import Amount, Certainty, Classification, LineItem, Mark, Statement, Unit
from archive.money import convert
from diffing.basis import Basis
from diffing.names import titled
from diffing.versions import Where

__all__ = [
    "Balance",
    "Cell",
    "CellKind",
    "Change",
    "Line",
    "Passage",
    "Share",
    "Significance",
    "What",
    "half_up",
    "is_nothing",
    "lead_measure",
    "percent_of",
    "rounded",
    "wan",
]


class What(StrEnum):
    """What happened to a row, a statement or a passage."""

    NEW = "new"
    DROPPED = "dropped"
    UNREAD = "unread"
    """Found on one side only, while the other document was not read whole where it may stand."""
    UNMATCHED = "unmatched"
    """Found on one side only, while it or the other side was recognised from a picture: its name
    or code may be misread."""
    CHANGED = "changed"
    CORRECTED = "corrected"
    """In a revision: the sum that the old figure left open now closes by this change alone."""
    MOVED_TO_BASIC = "moved-to-basic"
    """What was 项目支出 is 基本支出, by the same amount and with the total unchanged."""
    MOVED_TO_PROJECT = "moved-to-project"
    BASIS_CHANGED = "basis-changed"
    """口径变化: the classification was revised between the years, and the line's code with it."""
    STATEMENT_ADDED = "statement-added"
    STATEMENT_REMOVED = "statement-removed"
    RECLASSIFIED = "reclassified"
    """A project is booked under another subject or category."""
    RECODED = "recoded"
    RENAMED = "renamed"
    MARK_CHANGED = "mark-changed"
    """A cell says the same amount in another way (blank, dash, 0.00), or is no amount."""
    NOT_COMPARED = "not-compared"
    """Printed in columns, units or a division of rows that the other side does not have."""
    MOVED = "moved"
    """The row stands at another place among the same rows of its statement."""
    TEXT_CHANGED = "text-changed"


class CellKind(StrEnum):
    """What kind of difference a cell shows."""

    NUMBER = "number"
    MARK = "mark"
    UNREADABLE = "unreadable"
    """At least one side is printed but is not an amount."""
    UNIT_UNKNOWN = "unit-unknown"
    """A side does not say whether it is 元 or 万元; the figures stand as printed."""
    NO_COLUMN = "no-column"
    """Both sides have the row, one of them no such column: there is nothing to compare with."""
    UNREAD = "unread"
    """The other side was not read whole where the row may stand."""
    UNMATCHED = "unmatched"
    """It, or the other side's statement, was recognised from a picture: it may be a pair."""
    OTHER_LAYOUT = "other-layout"
    """The other side's statement has no rows of this kind: it is divided in another way."""
    OTHER_BASIS = "other-basis"
    """The classification was revised between the years: the line counts another thing now."""


class Significance(StrEnum):
    """Where a change is shown: at the top, in its agency's block, or in the full list."""

    HEADLINE = "headline"
    REPORT = "report"
    LIST = "list"


class Balance(StrEnum):
    """What one replaced figure did to the sum it is part of."""

    RESTORED = "restored"
    """The details did not add up to the total, and now they do."""
    LOST = "lost"
    """They did, and now they do not."""


class Share(msgspec.Struct, frozen=True, gc=False):
    """A line's share of its statement's total on both sides, in percent to two decimals."""

    old: Decimal
    new: Decimal
    moved: Decimal
    """In 个百分点, of the exact shares."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The printed identity of a row, or of a whole statement where code and name are empty."""

    statement: str
    form: str = ""
    side: str | None = None
    code: str = ""
    name: str = ""
    classification: Classification = Classification.CATEGORY
    level: int = 0
    total: bool = False
    attributes: dict[str, str] = {}

    @classmethod
    def of(cls, statement: Statement, item: LineItem | None = None) -> Line:
        """The line of a row, or of the statement itself."""
        if item is None:
            return cls(titled(statement), statement.form)
        return cls(
            statement=titled(statement),
            form=statement.form,
            side=item.side,
            code=item.code,
            name=item.name,
            classification=item.classification,
            level=item.level,
            total=item.total,
            attributes=item.attributes,
        )


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One measure of a row on both sides. None stands for a row or column that is not there."""

    measure: str
    kind: CellKind
    old: Amount | None
    new: Amount | None
    old_unit: Unit | None
    new_unit: Unit | None
    old_at: Where | None = None
    new_at: Where | None = None
    difference: Decimal | None = None
    """New minus old in 万元, exact; None where the two do not compare."""
    certainty: Certainty = Certainty.TEXT
    """The lower of both sides."""
    significance: Significance = Significance.LIST

    @property
    def old_wan(self) -> Decimal | None:
        """The old amount in 万元; None where nothing numeric is printed."""
        return wan(self.old, self.old_unit)

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of the old amount, half up to two decimals; None where there
        is no difference to speak of, or the old amount is nothing, or one of them is negative."""
        return None if self.difference is None else percent_of(self.difference, self.old_wan)

    @property
    def reads_otherwise(self) -> bool:
        """True where another number is printed, whatever the units."""
        old, new = (x.value if x else None for x in (self.old, self.new))
        return old != new

    @property
    def new_wan(self) -> Decimal | None:
        """The new amount in 万元; None where nothing numeric is printed."""
        return wan(self.new, self.new_unit)


class Passage(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A text as it stood and as it stands; empty on the side where it is not."""

    field: str
    """"prose", "name", "code", "title", "note", "columns", "table", or a row's attribute."""
    old: str
    new: str
    heading: str = ""
    """The nearest heading above a passage of prose."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Everything that happened to one row, one statement or one passage.

    A row is in one change only, whatever happened to it: `kinds` says all of it, the gravest
    first.
    """

    kinds: tuple[What, ...]
    line: Line
    """As the new side prints it, or the old side where there is no new."""
    before: Line | None = None
    """As the old side printed it, where name, code or attributes differ."""
    cells: tuple[Cell, ...] = ()
    lead: int = 0
    """Index of the cell that stands for the row (usually 合计)."""
    passages: tuple[Passage, ...] = ()
    old_at: Where | None = None
    new_at: Where | None = None
    rows: int = 0
    """For a whole statement: how many rows it has."""
    unread: tuple[int, ...] = ()
    """Pages of the side without the row or statement on which it may stand unread."""
    significance: Significance = Significance.LIST
    """The loudest of its cells."""
    certainty: Certainty = Certainty.TEXT
    key: str = ""
    """The key of the row's pair; empty for statements and passages."""
    by_order: bool = False
    """True where several rows share its name and code: which is which was told by their order."""
    paired_by: str = ""
    """What two rows were taken for one line by (`How`); empty where there is no pair of rows."""
    basis: Basis | None = None
    """The revision of the classification that touches the line."""
    balance: Balance | None = None
    """In a revision: what this change alone did to the sum it is part of."""
    share: Share | None = None
    """Between years: the lead cell's share of the total, where both sides print one."""
    place: int = -1
    """Index of the pair of statements in the alignment; -1 for passages of prose."""

    @property
    def kind(self) -> What:
        """The gravest of `kinds`."""
        return self.kinds[0]

    @property
    def cell(self) -> Cell | None:
        """The cell that stands for the row, if figures differ at all."""
        return self.cells[self.lead] if self.cells else None


_REMEMBERED: Final = 1 << 12
"""The rows of a statement have the same columns, again and again."""
_LEADING_MEASURES: Final = ("决算数", "合计", "总计", "预算数", "金额", "小计")


def lead_measure(item: LineItem | None, other: LineItem | None = None) -> str | None:
    """The measure that stands for the row: its outcome or total, else its first column.

    Of a row on both sides, an outcome or total that both print where there is one; another column
    they share never stands for the row.
    """
    first = item or other
    return _leading(tuple(first.amounts) if first else (), tuple(other.amounts) if other else ())


@lru_cache(maxsize=_REMEMBERED)
def _leading(first: tuple[str, ...], second: tuple[str, ...]) -> str | None:
    for measures in ([m for m in first if m in second], first):
        for measure in _LEADING_MEASURES:
            if measure in measures:
                return measure
    return next(iter(first), None)


def wan(amount: Amount | None, unit: Unit | None) -> Decimal | None:
    """The amount in 万元, exactly; None where it is no number or its unit is unknown."""
    if amount is None or amount.value is None or unit is None:
        return None
    return convert(amount.value, unit, Unit.WAN)


def is_nothing(amount: Amount | None) -> bool:
    """True for what is no money at all: no such cell, a blank, a dash, a printed zero."""
    if amount is None:
        return True
    value = amount.value
    if value is not None:
        return not value
    return amount.mark is Mark.BLANK or amount.mark is Mark.DASH


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounded half away from zero (四舍五入), exactly.

    >>> half_up(Fraction(-1, 8), 2)
    Decimal('-0.13')
    """
    return rounded(value.numerator, value.denominator, places)


def rounded(numerator: int, denominator: int, places: int) -> Decimal:
    """As `half_up`, of a ratio that need not be reduced; the denominator is positive.

    >>> rounded(-2, 16, 2)
    Decimal('-0.13')
    """
    whole = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    return Decimal(-whole if numerator < 0 else whole).scaleb(-places)


def percent_of(difference: Decimal, old: Decimal | None) -> Decimal | None:
    """The difference in percent of the old amount, to two decimals.

    None where there is nothing to compare with: 上年为 0, 无法计算增幅. Where an amount is
    negative, before or after, a rate has no meaning either.

    >>> percent_of(Decimal("353.85"), Decimal("471.19"))
    Decimal('75.10')
    """
    if old is None or old <= 0 or old + difference < 0:
        return None
    # whole numbers, not fractions: this is asked of every cell, and reducing costs most of it
    above, below = difference.as_integer_ratio()
    whole, part = old.as_integer_ratio()
    return rounded(above * part * 100, below * whole, 2)
