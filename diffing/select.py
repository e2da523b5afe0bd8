"""Chooses what of one comparison is told in its agency's block, and says each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from msgspec import structs

from archive.model import Classification
from diffing.align import RowPair, StatementPair, parents
from diffing.changes import Change, Significance, What, lead_measure, wan
from diffing.compare import Comparison, compare
from diffing.names import bare
from diffing.roles import Measure, Table, is_class, measure_of
from diffing.rows import Row, Rows
from diffing.versions import Mode, Version

__all__ = ["Block", "Projects", "select", "totals_of"]


class Projects(msgspec.Struct, frozen=True):
    """The lines of 项目支出表, told apart."""

    listed: bool
    """False where a side has no such table: then nothing is new or gone."""
    new: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    changed: tuple[Row, ...] = ()
    unsure: tuple[Row, ...] = ()
    """Projects found on one side only, where the other side was not read whole or does not list
    its projects one by one."""
    quiet: int = 0
    """Projects that changed less than the thresholds, or not at all."""


class Block(msgspec.Struct, frozen=True):
    """What is told of one comparison, in reading order."""

    comparison: Comparison
    totals: tuple[Row, ...]
    sangong: tuple[Row, ...]
    classes: tuple[Row, ...]
    projects: Projects
    lines: tuple[Row, ...]
    """Other lines at or above the thresholds."""
    statements: tuple[Change, ...]
    """Statements only one side has."""
    headlines: tuple[Row, ...]


_PREFERRED: Final = (
    Table.EXPENDITURE,
    Table.GENERAL,
    Table.FUND,
    Table.STATE_CAPITAL,
    Table.BASIC,
    Table.PROJECT,
    Table.PROCUREMENT,
    Table.SERVICES,
    Table.UNITS,
    Table.FISCAL,
    Table.TOTAL,
    Table.INCOME,
    Table.OTHER,
)
"""Where the same figure stands in several tables, the first of these is quoted; "三公" is told
whole and needs no second telling."""

_SUMMARIES: Final = frozenset({Table.TOTAL, Table.FISCAL, Table.INCOME})
"""Their lines repeat, on the side of income, what the totals have already said."""

_ECHOES: Final = _SUMMARIES | {Table.EXPENDITURE, Table.GENERAL, Table.BASIC, Table.SANGONG}
"""Their total rows are told among the totals."""

_Fact = tuple[str, Decimal | None, Decimal | None]


def select(comparison: Comparison) -> Block:
    """Choose what is told of two years of one agency; every figure is told once."""
    reader = Rows(comparison)
    totals = tuple(_totals(reader))
    sangong = tuple(show() for _, show in reader.of(Table.SANGONG))
    classes = tuple(_classes(reader))
    projects = _projects(reader)
    told = [*totals, *classes, *projects.new, *projects.gone, *projects.changed]
    lines = tuple(_lines(reader, told))
    return Block(
        comparison=comparison,
        totals=totals,
        sangong=sangong,
        classes=classes,
        projects=projects,
        lines=lines,
        statements=tuple(
            change
            for change in comparison.changes
            if change.kind in (What.STATEMENT_ADDED, What.STATEMENT_REMOVED)
        ),
        headlines=tuple(_headlines(totals, sangong, classes, projects, lines)),
    )


def totals_of(version: Version) -> tuple[Row, ...]:
    """The printed totals of one document, for where there is nothing to compare it with."""
    return tuple(_totals(Rows(compare(version, version, Mode.REVISION))))


def _totals(reader: Rows) -> Iterator[Row]:
    """The printed totals of income and expenditure, then what expenditure divides into."""
    sides = list(_sides(reader))
    yield from sides
    for item, show in reader.of(Table.EXPENDITURE):
        if not item.total:
            continue
        if not any(row.side == "支出" for row in sides):
            yield show()
        for measure in item.amounts:
            if measure_of(measure) is not Measure.OTHER:
                yield show(measure, measure)
    yield from _staff_and_running(reader)


def _sides(reader: Rows) -> Iterator[Row]:
    """The totals of either side; that of the year alone only where it is not the grand total."""
    found: list[Row] = []
    for item, show in reader.of(Table.TOTAL):
        if item.total:
            side = item.side or ""
            found.append(show(name=item.name if side[:2] in item.name else f"{side}{item.name}"))
    found = [row for row in found if not row.unsure]
    grand = {(row.side, *row.figures) for row in found if "总计" in row.name}
    told: set[tuple[object, ...]] = set()
    for row in found:
        # 支出 may be divided in two ways on two sides, with one and the same total
        fact = (row.name, *row.figures)
        if fact in told or ("总计" not in row.name and (row.side, *row.figures) in grand):
            continue
        told.add(fact)
        yield row


def _staff_and_running(reader: Rows) -> Iterator[Row]:
    """人员经费 and 公用经费: final accounts print them as total rows, budgets as columns."""
    for item, show in reader.of(Table.BASIC):
        if item.total and measure_of(item.name) is not Measure.OTHER:
            yield show()
        for measure in item.amounts if item.total else ():
            if measure_of(measure) in (Measure.STAFF, Measure.RUNNING):
                yield show(measure, measure)


def _classes(reader: Rows) -> Iterator[Row]:
    """类 by function: from a table with codes, or else from the side of expenditure."""
    for table in (Table.EXPENDITURE, Table.GENERAL):
        found = [show() for item, show in reader.of(table) if is_class(item, table)]
        if found:
            yield from found
            return
    for item, show in reader.of(Table.TOTAL):
        if is_class(item, Table.TOTAL) and (item.side or "").startswith("支出"):
            yield show()


def _projects(reader: Rows) -> Projects:
    if Table.PROJECT not in reader.pairs:
        return Projects(listed=False)
    new, gone, changed, unsure, quiet = [], [], [], [], 0
    for item, show in reader.of(Table.PROJECT, every=True):
        if item.total or item.classification is Classification.UNIT:
            continue
        row = show()
        if row.unsure:
            unsure.append(row)
        elif row.fresh:
            new.append(row)
        elif row.gone:
            gone.append(row)
        elif row.old_name or row.cell.significance is not Significance.LIST:
            changed.append(row)
        else:
            quiet += 1
    return Projects(True, _largest(new), _largest(gone), _largest(changed), _largest(unsure), quiet)


def _largest(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: -row.size))


def _lines(reader: Rows, told: Sequence[Row]) -> Iterator[Row]:
    """Lines at or above the thresholds that were not told yet, from the most telling table."""
    once = _Once(told)
    amounts = {row.figures for row in told if row.total}
    told_above = {(row.code, row.figures) for row in told if row.code}
    for table in _PREFERRED:
        for pair in reader.pairs.get(table, ()):
            repeated = _repeated(pair, told_above)
            for row in pair.rows:
                change = reader.change(pair, row)
                item = row.new or row.old
                if change is None or change.cell is None or item is None or row.key in repeated:
                    continue
                if change.significance is Significance.LIST or (item.total and table in _ECHOES):
                    continue
                shown = reader.shown(pair, row, item, change.cell.measure)
                owner = item.classification is Classification.UNIT
                repeats = item.total or owner or table in _SUMMARIES
                if repeats and shown.figures in amounts:
                    continue
                once.tell(shown)
    yield from once.rows()


class _Once:
    """Tells each fact once: the same line with the same figures, in however many tables."""

    def __init__(self, told: Sequence[Row]) -> None:
        self.facts: dict[_Fact, list[tuple[str, int | None]]] = defaultdict(list)
        """Name and figures -> codes under which they were told, and where in `found`."""
        self.found: list[tuple[Row, list[str]]] = []
        for row in told:
            self.facts[_fact(row)].append((row.code, None))

    def tell(self, row: Row) -> None:
        told = self.facts[_fact(row)]
        for code, place in told:
            # a summary prints no codes; two different codes are two lines of one name
            if not code or not row.code or code == row.code:
                if place is not None:
                    self.found[place][1].append(row.statement)
                return
        told.append((row.code, len(self.found)))
        self.found.append((row, []))

    def rows(self) -> Iterator[Row]:
        for row, also in self.found:
            yield structs.replace(row, also=tuple(dict.fromkeys(also)))


def _fact(row: Row) -> _Fact:
    return bare(row.name), *row.figures


def _repeated(
    pair: StatementPair, told: set[tuple[str, tuple[Decimal | None, Decimal | None]]]
) -> set[str]:
    """Keys of rows that say no more than one row below them (the 款 of a single 项), or no more
    than the row above them that was told, where rows below say the rest."""
    found: set[str] = set()
    for statement, index in ((pair.old, "old_index"), (pair.new, "new_index")):
        if statement is None:
            continue
        rows = {getattr(row, index): row for row in pair.rows if getattr(row, index) >= 0}
        above = parents(statement.items)
        for place, up in enumerate(above):
            if up is None or _figures(rows[place], pair) != (said := _figures(rows[up], pair)):
                continue
            found.add(rows[up].key)
            if place in above and (statement.items[up].code, said) in told:
                found.add(rows[place].key)
    return found


def _figures(row: RowPair, pair: StatementPair) -> tuple[Decimal | None, Decimal | None]:
    """Both sides of the measure that stands for the row, in 万元."""
    measure = lead_measure(row.new, row.old)
    old, new = (
        wan(item.amounts.get(measure), statement.unit) if item and statement and measure else None
        for item, statement in ((row.old, pair.old), (row.new, pair.new))
    )
    return old, new


def _headlines(
    totals: Sequence[Row],
    sangong: Sequence[Row],
    classes: Sequence[Row],
    projects: Projects,
    lines: Sequence[Row],
) -> Iterator[Row]:
    """What passed the highest thresholds, totals first; income and expenditure as one total."""
    seen: set[tuple[Decimal | None, Decimal | None]] = set()
    expenditure_first = totals[::-1]
    for row in sorted(expenditure_first, key=lambda r: not r.whole):
        if _loud(row) and row.figures not in seen:
            seen.add(row.figures)
            yield row
    yield from filter(_loud, sangong)
    yield from _largest(filter(_loud, classes))
    yield from _largest(filter(_loud, (*projects.new, *projects.gone, *projects.changed)))
    yield from _largest(row for row in lines if _loud(row) and row.table not in _SUMMARIES)


def _loud(row: Row) -> bool:
    return row.cell.significance is Significance.HEADLINE
