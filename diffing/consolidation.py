"""A department and its units: what the department prints against the sum of what they print.

A department's document consolidates those of its units. The two are never compared as if alike:
a unit is a part. Here every line of the department stands beside the sum of its units' lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from archive.model import Level, LineItem, Mark, Statement, Unit
from archive.money import convert, difference
from archive.money import total as sum_of
from diffing.changes import Line
from diffing.gaps import recognised_in, unread_beside
from diffing.keys import keyed, layouts, of_another_layout
from diffing.pairing import pair_rows
from diffing.printed import Figure, figure_of, value_of
from diffing.roles import Table, table_of
from diffing.versions import IncomparableError, Version, same

__all__ = ["Consolidated", "Consolidation", "Part", "Sum", "divided"]

_HALF: Final = Decimal("0.5")
_NOT_SUMMED: Final = frozenset({Table.OTHER, Table.PERFORMANCE, Table.UNITS, Table.PROJECT})
"""Tables whose rows are units or projects themselves, or no money."""


class Sum(StrEnum):
    """What became of a line of the department."""

    HOLDS = "holds"
    """It is the sum of its units, but for the rounding of what is printed."""
    REMAINDER = "remainder"
    """It is not, and every unit was read: the difference is shown."""
    PARTLY = "partly"
    """Not every unit's document is there, or was read whole from text: a difference is open."""


class Part(msgspec.Struct, frozen=True):
    """One unit's figure for a line; None where it does not print the line."""

    unit: Version
    figure: Figure | None


class Consolidated(msgspec.Struct, frozen=True, kw_only=True):
    """One line and measure of the department beside the same line of its units, in 万元."""

    line: Line
    measure: str
    whole: Figure | None
    """None where only units print the line."""
    parts: tuple[Part, ...]
    total: Decimal | None
    """Sum of the units; None where one of them is not readable."""
    remainder: Decimal | None
    """The department less its units; None where either is unknown."""
    allowed: Decimal
    """What rounding of the printed figures can explain."""
    outcome: Sum


class Consolidation(msgspec.Struct, frozen=True):
    """A department's tables beside those of its units."""

    department: Version
    units: tuple[Version, ...]
    lines: tuple[Consolidated, ...]
    missing: tuple[str, ...] = ()
    """Names of the units the register knows whose documents are not here."""
    complete: bool = False
    """True where every unit the register knows is here: only then a remainder is one."""


def divided(
    department: Version, units: Sequence[Version], missing: Sequence[str] | None = None
) -> Consolidation:
    """Hold a department's lines against the sums of its units' lines.

    `missing` names the units whose documents are not at hand; None where nobody knows which units
    there are, and then no difference is called a remainder.

    Raises IncomparableError unless all are of one year and kind, the first a department's and the
    others its units'.
    """
    _belong(department, units)
    complete = missing is not None and not missing
    lines = tuple(_lines(department, tuple(units), complete=complete))
    return Consolidation(department, tuple(units), lines, tuple(missing or ()), complete)


def _belong(department: Version, units: Sequence[Version]) -> None:
    if not units:
        raise IncomparableError(f"{department.name}: no document of a unit to hold it against")
    if department.level is Level.UNIT:
        raise IncomparableError(f"{department.name} is of a unit; name the department first")
    seen: dict[str, Version] = {}
    for unit in units:
        if unit.level is Level.DEPARTMENT:
            raise IncomparableError(
                f"{unit.name} is of a department; after the first only its units can stand"
            )
        why = "a department consolidates its units of one year and kind"
        same("year", department.year, unit.year, department, unit, why)
        same("kind", department.kind, unit.kind, department, unit, why)
        if department.identity and unit.identity:
            owner = department.identity.agency
            if not unit.identity.agency.startswith(f"{owner}."):
                raise IncomparableError(
                    f"{unit.name} is no unit of {department.name}: the register files it "
                    "under another department, or under none"
                )
        if unit.name in seen:
            raise IncomparableError(f"{unit.name} is named twice")
        seen[unit.name] = unit


def _lines(
    department: Version, units: tuple[Version, ...], *, complete: bool
) -> Iterator[Consolidated]:
    for statement in _statements(department):
        sides = [_Side(department, statement, unit) for unit in units]
        read = complete and _surely_read(department, statement)
        read = read and all(side.read for side in sides)
        for index, item in enumerate(statement.items):
            for measure in item.amounts:
                whole = figure_of(department, statement, item, measure)
                parts = tuple(side.part(index, measure) for side in sides)
                found = _consolidated(statement, item, measure, whole, parts, read=read)
                if found is not None:
                    yield found
        for side in sides:
            for item, alike in side.alone:
                for measure in item.amounts:
                    figure = figure_of(side.unit, side.statement, item, measure)
                    parts = (Part(side.unit, figure),)
                    sure = read and alike
                    found = _consolidated(statement, item, measure, None, parts, read=sure)
                    if found is not None:
                        yield found


class _Side:
    """One unit's rows by the index of the department's row they are paired with."""

    def __init__(self, department: Version, whole: Statement, unit: Version) -> None:
        self.unit = unit
        kind = table_of(whole.form)
        self.statement = next((s for s in _statements(unit) if table_of(s.form) is kind), None)
        self.rows: dict[int, LineItem] = {}
        self.alone: list[tuple[LineItem, bool]] = []
        """Rows the department does not print, and whether it prints others of their kind."""
        self.read = False
        if self.statement is None:
            return
        self.read = _surely_read(unit, self.statement)
        kinds, keys = layouts(keyed(whole)), keyed(self.statement)
        for row in pair_rows(whole, self.statement)[0]:
            if row.new is not None and row.old is not None:
                self.rows[row.old_index] = row.new
            elif row.new is not None:
                alike = not of_another_layout(keys[row.new_index], kinds)
                self.alone.append((row.new, alike))

    def part(self, index: int, measure: str) -> Part:
        item = self.rows.get(index)
        return Part(self.unit, figure_of(self.unit, self.statement, item, measure))


def _surely_read(version: Version, statement: Statement) -> bool:
    """Whether no row of a statement may be overlooked or misread."""
    document = version.document
    return not (unread_beside(document, statement) or recognised_in(document, statement))


def _statements(version: Version) -> Iterator[Statement]:
    seen: set[Table] = set()
    for statement in version.document.statements:
        kind = table_of(statement.form)
        if kind not in _NOT_SUMMED and kind not in seen:
            seen.add(kind)
            yield statement


def _consolidated(
    statement: Statement,
    item: LineItem,
    measure: str,
    whole: Figure | None,
    parts: tuple[Part, ...],
    *,
    read: bool,
) -> Consolidated | None:
    figures = [part.figure for part in parts if part.figure is not None]
    if not any(f.amount.value for f in (whole, *figures) if f is not None):
        return None
    values = [value_of(figure) for figure in figures]
    known = [value for value in values if value is not None]
    total = sum_of(known) if len(known) == len(values) else None
    own = value_of(whole)
    remainder = None if total is None or own is None else difference(own, total)
    allowed = _allowed([f for f in (whole, *figures) if f is not None])
    if remainder is not None and abs(remainder) <= allowed:
        outcome = Sum.HOLDS
    else:
        outcome = Sum.REMAINDER if read and remainder is not None else Sum.PARTLY
    return Consolidated(
        line=Line.of(statement, item),
        measure=measure,
        whole=whole,
        parts=parts,
        total=total,
        remainder=remainder,
        allowed=allowed,
        outcome=outcome,
    )


def _allowed(figures: Iterable[Figure]) -> Decimal:
    """Half a unit of the last printed place of every figure, the department's included."""
    allowed = Decimal(0)
    for figure in figures:
        value = figure.amount.value
        if figure.amount.mark is Mark.PRINTED and value is not None and figure.unit is not None:
            step = Decimal(1).scaleb(int(value.as_tuple().exponent))
            allowed += _HALF * convert(step, figure.unit, Unit.WAN)
    return allowed
