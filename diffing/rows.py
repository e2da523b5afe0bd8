"""The rows of one comparison as rows to show: each with its figures, whether they differ or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import msgspec

from archive.model import LineItem
from diffing.align import RowPair, StatementPair, parents
from diffing.alone import alone, is_recognised
from diffing.cells import cell_of
from diffing.changes import Cell, Change, lead_measure
from diffing.compare import Comparison
from diffing.likeness import Suggestion, by_key
from diffing.names import bare, titled
from diffing.roles import Table, same_line, table_of

__all__ = ["Row", "Rows"]


class Row(msgspec.Struct, frozen=True):
    """One line to show: with its figures, whether they differ or not."""

    table: Table
    statement: str
    name: str
    cell: Cell
    side: str = ""
    """收入 or 支出, where the statement has sides."""
    code: str = ""
    old_name: str = ""
    """The name on the old side where it differs."""
    total: bool = False
    fresh: bool = False
    """True where the old side does not have the row."""
    gone: bool = False
    unsure: bool = False
    """True where the side without the row was not read whole or is divided in another way: then
    it is neither new nor gone."""
    recognised: bool = False
    """True where its name and code were recognised from a picture on either side."""
    by_order: bool = False
    """True where several rows share its name and code, and it was paired by their order."""
    perhaps: Suggestion | None = None
    """A line on the other side only that may be the same under another name."""
    whole: bool = False
    """True for a total of everything, not of one measure or side line."""
    under: str = ""
    """The line it is a part of: 一般行政管理事务 alone says nothing."""
    also: tuple[str, ...] = ()
    """Titles of other statements that print the same figures for the same line."""

    @property
    def figures(self) -> tuple[Decimal | None, Decimal | None]:
        """Both amounts in 万元."""
        return self.cell.old_wan, self.cell.new_wan

    @property
    def size(self) -> Decimal:
        """How much changed, in 万元, without its sign; 0 where it cannot be computed."""
        return abs(self.cell.difference or Decimal(0))


class Rows:
    """Gives the rows of a comparison, table by table."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.changes = {
            (change.place, change.key): change for change in comparison.changes if change.key
        }
        self.perhaps = by_key(comparison.suggestions)
        self.parents: dict[int, list[int | None]] = {}
        self.places: dict[int, int] = {}
        self.pairs: dict[Table, list[StatementPair]] = {}
        for place, pair in enumerate(comparison.alignment.statements):
            if pair.old is not None and pair.new is not None:
                self.places[id(pair)] = place
                self.pairs.setdefault(table_of(pair.new.form), []).append(pair)

    def of(
        self, table: Table, *, every: bool = False
    ) -> Iterator[tuple[LineItem, Callable[..., Row]]]:
        """Each row of the first statement of this kind (or of every one), and how to show one
        measure of it."""
        for pair in self.pairs.get(table, ())[: None if every else 1]:
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
        leading = lead_measure(row.new, row.old) or ""
        chosen, mode = measure or leading, self.comparison.mode
        change = self.change(pair, row)
        differing = [c for c in (change.cells if change else ()) if c.measure == chosen]
        cell = next(
            iter(differing),
            cell_of(self.comparison.old, self.comparison.new, pair, row, chosen, mode),
        )
        table = table_of(pair.either.form)
        renamed = row.old and row.new and not same_line(row.old.name, row.new.name, table)
        return Row(
            table=table,
            statement=titled(pair.either),
            name=name or item.name,
            cell=cell,
            side=(item.side or "")[:2],
            code=item.code,
            old_name=row.old.name if renamed and row.old and not name else "",
            total=item.total,
            whole=item.total and chosen == leading,
            fresh=row.old is None,
            gone=row.new is None,
            unsure=alone(row, pair, mode) is not None,
            recognised=is_recognised(row, pair),
            by_order=bool(change and change.by_order),
            under=self.under(pair, row),
            perhaps=self.perhaps.get((self.places[id(pair)], row.key)),
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
        """What happened to the row, if anything did."""
        return self.changes.get((self.places[id(pair)], row.key))
