"""Chooses what of one comparison is told in its agency's block, and says each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import msgspec
from msgspec import structs

from archive.model import Classification, LineItem
from diffing.align import RowPair, StatementPair, parents
from diffing.changes import Cell, Change, Significance, What, lead_measure
from diffing.compare import Comparison, compare
from diffing.names import bare, titled
from diffing.naming import cell_of
from diffing.roles import Measure, Table, is_class, measure_of, table_of
from diffing.versions import Mode, Version

__all__ = ["Block", "Projects", "Row", "select", "totals_of"]


class Row(msgspec.Struct, frozen=True):
    """One line to show: with its figures, whether they differ or not."""

    table: Table
    statement: str
    name: str
    cell: Cell
    code: str = ""
    old_name: str = ""
    """The name on the old side where it differs."""
    total: bool = False
    fresh: bool = False
    """True where the old side does not have the row."""
    gone: bool = False
    whole: bool = False
    """True for a total of everything, not of one measure or side line."""
    under: str = ""
    """The line it is a part of: 一般行政管理事务 alone says nothing."""
    also: tuple[str, ...] = ()
    """Titles of other statements that print the same figures for the same line."""

    @property
    def size(self) -> Decimal:
        """How much changed, in 万元, without its sign; 0 where it cannot be computed."""
        return abs(self.cell.difference or Decimal(0))


class Projects(msgspec.Struct, frozen=True):
    """The lines of 项目支出表, told apart."""

    listed: bool
    """False where a side has no such table: then nothing is new or gone."""
    new: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    changed: tuple[Row, ...] = ()
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


class _Reader:
    """The rows of one comparison, as rows to show."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.changes = {
            (change.line.form, change.line.statement, change.key): change
            for change in comparison.changes
            if change.key
        }
        self.parents: dict[int, list[int | None]] = {}
        self.pairs: dict[Table, list[StatementPair]] = {}
        for pair in comparison.alignment.statements:
            if pair.old is not None and pair.new is not None:
                self.pairs.setdefault(table_of(pair.new.form), []).append(pair)

    def rows(self, table: Table) -> Iterator[tuple[LineItem, Callable[..., Row]]]:
        """Each row of the first statement of this kind, and how to show one measure of it."""
        for pair in self.pairs.get(table, ())[:1]:
            for row in pair.rows:
                item = row.new or row.old
                if item is not None and item.amounts:
                    yield item, partial(self.shown, pair, row, item)

    def shown(
        self,
        pair: StatementPair,
        row: RowPair,
        item: LineItem,
        measure: str | None = None,
        name: str = "",
    ) -> Row:
        """One measure of a row, the leading one unless said otherwise."""
        chosen = measure or lead_measure(item) or ""
        change = self.change(pair, row)
        differing = [c for c in (change.cells if change else ()) if c.measure == chosen]
        cell = next(
            iter(differing),
            cell_of(self.comparison.old, self.comparison.new, pair, row, chosen),
        )
        renamed = row.old and row.new and bare(row.old.name) != bare(row.new.name)
        return Row(
            table=table_of(pair.either.form),
            statement=titled(pair.either),
            name=name or item.name,
            cell=cell,
            code=item.code,
            old_name=row.old.name if renamed and row.old and not name else "",
            total=item.total,
            whole=item.total and chosen == lead_measure(item),
            fresh=row.old is None,
            gone=row.new is None,
            under=self.under(pair, row),
        )

    def under(self, pair: StatementPair, row: RowPair) -> str:
        """The nearest line above that has another name."""
        statement, place = (pair.new, row.new_index) if row.new else (pair.old, row.old_index)
        if statement is None:
            return ""
        if (known := self.parents.get(id(statement))) is None:
            known = self.parents[id(statement)] = parents(statement.items)
        name, above = bare(statement.items[place].name), known[place]
        while above is not None and bare(statement.items[above].name) == name:
            above = known[above]
        return "" if above is None else statement.items[above].name

    def change(self, pair: StatementPair, row: RowPair) -> Change | None:
        # a dropped row is named by the old statement's title
        titles = (titled(s) for s in (pair.new, pair.old) if s)
        keys = ((pair.either.form, title, row.key) for title in titles)
        return next((self.changes[key] for key in keys if key in self.changes), None)


def select(comparison: Comparison) -> Block:
    """Choose what is told of two years of one agency; every figure is told once."""
    reader = _Reader(comparison)
    totals = tuple(_totals(reader))
    sangong = tuple(show() for _, show in reader.rows(Table.SANGONG))
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
    return tuple(_totals(_Reader(compare(version, version, Mode.REVISION))))


def _totals(reader: _Reader) -> Iterator[Row]:
    """The printed totals of income and expenditure, then what expenditure divides into."""
    for item, show in reader.rows(Table.TOTAL):
        if item.total:
            side = item.side or ""
            yield show(name=item.name if side[:2] in item.name else f"{side}{item.name}")
    for item, show in reader.rows(Table.EXPENDITURE):
        if not item.total:
            continue
        if Table.TOTAL not in reader.pairs:
            yield show()
        for measure in item.amounts:
            if measure_of(measure) is not Measure.OTHER:
                yield show(measure, measure)
    yield from _staff_and_running(reader)


def _staff_and_running(reader: _Reader) -> Iterator[Row]:
    """人员经费 and 公用经费: final accounts print them as total rows, budgets as columns."""
    for item, show in reader.rows(Table.BASIC):
        if item.total and measure_of(item.name) is not Measure.OTHER:
            yield show()
        for measure in item.amounts if item.total else ():
            if measure_of(measure) in (Measure.STAFF, Measure.RUNNING):
                yield show(measure, measure)


def _classes(reader: _Reader) -> Iterator[Row]:
    """类 by function: from a table with codes, or else from the side of expenditure."""
    for table in (Table.EXPENDITURE, Table.GENERAL):
        found = [show() for item, show in reader.rows(table) if is_class(item, table)]
        if found:
            yield from found
            return
    for item, show in reader.rows(Table.TOTAL):
        if is_class(item, Table.TOTAL) and (item.side or "").startswith("支出"):
            yield show()


def _projects(reader: _Reader) -> Projects:
    if Table.PROJECT not in reader.pairs:
        return Projects(listed=False)
    new, gone, changed, quiet = [], [], [], 0
    for item, show in reader.rows(Table.PROJECT):
        if item.total or item.classification is Classification.UNIT:
            continue
        row = show()
        if row.fresh:
            new.append(row)
        elif row.gone:
            gone.append(row)
        elif row.old_name or row.cell.significance is not Significance.LIST:
            changed.append(row)
        else:
            quiet += 1
    return Projects(True, _largest(new), _largest(gone), _largest(changed), quiet)


def _largest(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: -row.size))


def _lines(reader: _Reader, told: Sequence[Row]) -> Iterator[Row]:
    """Lines at or above the thresholds that were not told yet, from the most telling table."""
    once = _Once(told)
    amounts = {(row.cell.old_wan, row.cell.new_wan) for row in told if row.total}
    for table in _PREFERRED:
        for pair in reader.pairs.get(table, ()):
            repeated = _repeated_below(pair)
            for row in pair.rows:
                change = reader.change(pair, row)
                item = row.new or row.old
                if change is None or change.cell is None or item is None or row.key in repeated:
                    continue
                if change.significance is Significance.LIST or (item.total and table in _ECHOES):
                    continue
                shown = reader.shown(pair, row, item, change.cell.measure)
                repeats = item.total or table in _SUMMARIES
                if repeats and (shown.cell.old_wan, shown.cell.new_wan) in amounts:
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
    return bare(row.name), row.cell.old_wan, row.cell.new_wan


def _repeated_below(pair: StatementPair) -> set[str]:
    """Keys of rows that say no more than one row below them: the 款 of a single 项."""
    found: set[str] = set()
    for side, index in (("old", "old_index"), ("new", "new_index")):
        statement = getattr(pair, side)
        rows = {getattr(row, index): row for row in pair.rows if getattr(row, index) >= 0}
        for place, above in enumerate(parents(statement.items)):
            if above is not None and _said(rows[place]) == _said(rows[above]):
                found.add(rows[above].key)
    return found


def _said(row: RowPair) -> tuple[Decimal | None, ...]:
    values = []
    for item in (row.old, row.new):
        measure = lead_measure(item) if item else None
        values.append(item.amounts[measure].value if item and measure else None)
    return tuple(values)


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
        amounts = (row.cell.old_wan, row.cell.new_wan)
        if _loud(row) and amounts not in seen:
            seen.add(amounts)
            yield row
    yield from filter(_loud, sangong)
    yield from _largest(filter(_loud, classes))
    yield from _largest(filter(_loud, (*projects.new, *projects.gone, *projects.changed)))
    yield from _largest(row for row in lines if _loud(row) and row.table not in _SUMMARIES)


def _loud(row: Row) -> bool:
    return row.cell.significance is Significance.HEADLINE
