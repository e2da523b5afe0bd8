"""What the printed figures of a statement must satisfy, and whether they do.

One equation of a form (archive/forms/*.toml) becomes one `Instance` for every set of cells it
speaks of. Two readers of it: the optical reader, which trusts a recognised figure only where
sums confirm it, and the checks, which make findings of what does not add up.

**Blanks.** A blank or a dash is no number. In a sum of which at least one addend and the total
are printed it counts as nothing, because the forms leave out what is not there, and it is listed
in `Instance.blanks`. Where a total or every addend is blank nothing is decided. A quantity that
one form prints and the other leaves blank is not decided either.

**Tolerances.** Printed figures are rounded. Every non-zero figure of a sum may be half a unit of
its last place off: 0.005·(n+1) for n addends of two decimals and their total. A printed 0.00
adds nothing. A quantity printed twice may differ by one unit of the coarser last place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from archive.model import Amount, LineItem, Locator, Mark, Statement, Unit
from archive.money import convert, difference, total

__all__ = [
    "Cell",
    "Instance",
    "Outcome",
    "Reason",
    "Sheet",
    "Term",
    "Tolerance",
    "nothing",
    "settle",
]

_EXPONENTS: Final = 64
_HALF: Final = Decimal("0.5")
_ZERO: Final = Decimal(0)


class Outcome(StrEnum):
    """What became of an equation."""

    HOLDS = "holds"
    ROUNDING = "rounding"
    """It differs by no more than rounding in print explains."""
    FAILS = "fails"
    NOT_APPLICABLE = "not-applicable"
    UNDECIDABLE = "undecidable"


class Reason(StrEnum):
    """Why an equation was not asked or not decided."""

    ABSENT = "absent"
    """The statement does not print such cells."""
    EMPTY = "empty"
    """Its cells are blank."""
    TOTAL_BLANK = "total-blank"
    PARTS_BLANK = "parts-blank"
    ONE_BLANK = "one-blank"
    """One of two places is blank."""
    UNREADABLE = "unreadable"
    SEVERAL = "several"
    """More than one line or statement could be meant."""
    UNIT = "unit-unknown"
    COLUMN = "column-unknown"
    """The table has a money column that the form does not know."""
    CODE = "code-doubtful"
    """A row's code does not say where it belongs."""
    STRUCTURE = "structure-doubtful"
    """The rows do not say which is part of which."""
    UNREAD = "page-unread"
    """Something on the statement's pages could not be read or placed."""
    SCOPE = "scope-differs"
    """The totals differ: the two forms do not cover the same money."""


class Tolerance(StrEnum):
    """By which rule a difference is rounding."""

    SUM = "sum"
    TWICE = "twice"


class Cell(msgspec.Struct, frozen=True):
    """One cell an equation relates."""

    form: str
    statement: int
    """Index in `Document.statements`."""
    item: int
    """Index in `Statement.items`."""
    measure: str
    name: str
    code: str
    side: str
    amount: Amount
    unit: Unit | None
    step: Decimal
    """One unit of the last place it is printed to, in `unit`."""

    @property
    def key(self) -> tuple[int, int, str]:
        """What makes it this cell and no other of the document."""
        return self.statement, self.item, self.measure

    @property
    def at(self) -> Locator | None:
        """Where it is printed."""
        return self.amount.at


class Term(msgspec.Struct, frozen=True):
    """A cell with its sign in a sum."""

    cell: Cell
    sign: int = 1


class Instance(msgspec.Struct, frozen=True):
    """One equation over the cells of one document: left side (the total) = right side."""

    equation: str
    """Form and equation, "final.expenditure/row-total"."""
    title: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    outcome: Outcome
    reason: Reason | None = None
    unit: Unit | None = None
    """The unit of the sums, the difference and the tolerance."""
    left_sum: Decimal | None = None
    right_sum: Decimal | None = None
    tolerance: Decimal = _ZERO
    kind: Tolerance = Tolerance.SUM

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All its cells, the total first."""
        return tuple(term.cell for term in (*self.left, *self.right))

    @property
    def difference(self) -> Decimal | None:
        """Left minus right; None where nothing was computed."""
        if self.left_sum is None or self.right_sum is None:
            return None
        return difference(self.left_sum, self.right_sum)

    @property
    def blanks(self) -> tuple[Cell, ...]:
        """The cells without a number, taken as nothing."""
        return tuple(cell for cell in self.cells if cell.amount.value is None)

    def implied(self, key: tuple[int, int, str]) -> Decimal | None:
        """The value, in its own unit, that the cell must have for the sums to be equal.

        None where the cell is not in the equation, stands in it twice, or units are unknown.
        """
        found = [(t, 1) for t in self.left if t.cell.key == key]
        found += [(t, -1) for t in self.right if t.cell.key == key]
        if len(found) != 1 or self.unit is None:
            return None
        term, side = found[0]
        # on the side of the cell asked for, what is there counts against it
        others = total(
            _signed(t, self.unit, -side * term.sign * side_of)
            for side_of, terms in ((1, self.left), (-1, self.right))
            for t in terms
            if t.cell.key != key
        )
        if term.cell.unit is None:
            return None
        return convert(others, self.unit, term.cell.unit)


class Sheet:
    """A statement as the equations see it: cells by item and measure, each with its last place."""

    def __init__(self, statement: Statement, number: int = 0) -> None:
        self.statement, self.number = statement, number
        self.items = statement.items
        self._usual = _usual_step(statement)
        self._cells: dict[tuple[int, str], Cell | None] = {}
        """Most cells stand in several equations."""

    def cell(self, item: int, measure: str) -> Cell | None:
        """The cell of that line item and measure; None where the row does not print it."""
        key = item, measure
        if key not in self._cells:
            self._cells[key] = self._cell(item, measure)
        return self._cells[key]

    def _cell(self, item: int, measure: str) -> Cell | None:
        line: LineItem = self.items[item]
        amount = line.amounts.get(measure)
        if amount is None:
            return None
        own = self._usual if amount.value is None else min(_step(amount.value), self._usual)
        return Cell(
            self.statement.form,
            self.number,
            item,
            measure,
            line.name,
            line.code,
            line.side or "",
            amount,
            self.statement.unit,
            own,
        )

    def terms(self, items: Sequence[int], measure: str, sign: int = 1) -> tuple[Term, ...]:
        """The cells of these line items in one measure."""
        cells = (self.cell(item, measure) for item in items)
        return tuple(Term(cell, sign) for cell in cells if cell is not None)


def settle(
    equation: str,
    title: str,
    left: Sequence[Term],
    right: Sequence[Term],
    kind: Tolerance = Tolerance.SUM,
    doubt: Reason | None = None,
) -> Instance:
    """Compare the two sides by the rules above.

    `doubt` says why a difference would prove nothing; the equation may still hold.
    """
    cells = [term.cell for term in (*left, *right)]
    made = Instance(equation, title, tuple(left), tuple(right), Outcome.UNDECIDABLE, kind=kind)
    unit = cells[0].unit if cells else None
    if len({cell.unit for cell in cells}) > 1 and any(cell.unit is None for cell in cells):
        return msgspec.structs.replace(made, reason=Reason.UNIT)
    if any(cell.amount.mark is Mark.UNREADABLE for cell in cells):
        return msgspec.structs.replace(made, reason=Reason.UNREADABLE, unit=unit)
    if (idle := _idle(left, right, kind)) is not None:
        outcome, reason = idle
        return msgspec.structs.replace(made, outcome=outcome, reason=reason, unit=unit)
    sums = [total(_signed(term, unit) for term in side) for side in (left, right)]
    tolerance = _tolerance(cells, unit, kind)
    off = difference(*sums).copy_abs()
    outcome = Outcome.UNDECIDABLE if doubt is not None else Outcome.FAILS
    if off <= tolerance:
        outcome = Outcome.ROUNDING if off else Outcome.HOLDS
    return msgspec.structs.replace(
        made,
        outcome=outcome,
        reason=doubt if outcome is Outcome.UNDECIDABLE else None,
        unit=unit,
        left_sum=sums[0],
        right_sum=sums[1],
        tolerance=tolerance,
    )


def nothing(equation: str, title: str, reason: Reason, outcome: Outcome) -> Instance:
    """An equation that no cells answer."""
    return Instance(equation, title, (), (), outcome, reason)


def _idle(
    left: Sequence[Term], right: Sequence[Term], kind: Tolerance
) -> tuple[Outcome, Reason] | None:
    """Why there is nothing to compare, if so."""
    printed = [[t for t in side if t.cell.amount.value is not None] for side in (left, right)]
    money = [any(t.cell.amount.value for t in side) for side in printed]
    if printed[0] and printed[1]:
        return None
    if not money[0] and not money[1]:
        return Outcome.NOT_APPLICABLE, Reason.EMPTY
    if kind is Tolerance.TWICE:
        return Outcome.UNDECIDABLE, Reason.ONE_BLANK
    return Outcome.UNDECIDABLE, Reason.TOTAL_BLANK if money[1] else Reason.PARTS_BLANK


def _tolerance(cells: Sequence[Cell], unit: Unit | None, kind: Tolerance) -> Decimal:
    steps = [_as(cell.step, cell.unit, unit) for cell in cells if cell.amount.value]
    if kind is Tolerance.TWICE:
        return max(steps, default=_ZERO)
    return _HALF * sum(steps, _ZERO)


def _signed(term: Term, unit: Unit | None, side: int = 1) -> Decimal:
    """What a term adds to its side, exactly; a product would round."""
    if term.cell.amount.value is None:
        return _ZERO
    value = _as(term.cell.amount.value, term.cell.unit, unit)
    return value if side * term.sign > 0 else value.copy_negate()


def _as(value: Decimal, unit: Unit | None, to: Unit | None) -> Decimal:
    return value if unit is None or to is None else convert(value, unit, to)


def _step(value: Decimal) -> Decimal:
    return _unit_of(int(value.as_tuple().exponent))


@lru_cache(maxsize=_EXPONENTS)
def _unit_of(exponent: int) -> Decimal:
    return Decimal(1).scaleb(min(exponent, 0))


def _usual_step(statement: Statement) -> Decimal:
    """The last place most figures of the statement are printed to.

    A publisher that drops trailing zeros prints 60 for 60.00; a figure printed finer than the
    others keeps its own.
    """
    steps = Counter(
        _step(amount.value)
        for item in statement.items
        for amount in item.amounts.values()
        if amount.value
    )
    finer = {step: count for step, count in steps.items() if step < 1}
    known = finer or dict(steps)
    return max(known, key=lambda step: (known[step], step), default=Decimal(1))
