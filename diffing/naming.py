"""Gives each difference its name: what happened to which line, by how much, and how loudly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Final

from msgspec import structs

from archive.model import Certainty
from diffing.align import How, RowPair, StatementPair
from diffing.alone import alone, is_recognised, unread_pages_of
from diffing.cells import cell_at, cell_of, place_of
from diffing.changes import (
    Cell,
    CellKind,
    Change,
    Line,
    Passage,
    Share,
    Significance,
    What,
    is_nothing,
    lead_measure,
    wan,
)
from diffing.differing import Measures
from diffing.figures import shares
from diffing.gaps import unread_whole
from diffing.names import normalise
from diffing.passages import identity
from diffing.roles import Burden, Table, burden_of, table_of
from diffing.thresholds import Thresholds, lead_alone, weigh
from diffing.transfer import transferred
from diffing.versions import Mode, Version, Where, lowest

__all__ = ["Naming"]

_GRAVITY: Final = {what: n for n, what in enumerate(What)}
_ALL: Final = 100
_ECONOMY: Final = "厉行节约"
_NUMBER: Final = CellKind.NUMBER
_LIST: Final = Significance.LIST
_YEAR: Final = Mode.YEAR
_PROJECT: Final = Table.PROJECT
_LOUDNESS: Final = {how: n for n, how in enumerate(Significance)}

_Places = tuple[Where | None, Where | None]


class Naming:
    """Names the changes of one pair of statements."""

    def __init__(
        self,
        old: Version,
        new: Version,
        mode: Mode,
        thresholds: Thresholds,
        place: int,
        pair: StatementPair,
    ) -> None:
        self.old, self.new, self.mode, self.thresholds, self.pair = old, new, mode, thresholds, pair
        self.place = place
        self.table = table_of(pair.either.form)

    def whole_statement(self) -> Change:
        """A statement only one side has; its rows are counted, its one total is shown."""
        statement = self.pair.either
        totals = [item for item in statement.items if item.total]
        cells: tuple[Cell, ...] = ()
        if len(totals) == 1 and (measure := lead_measure(totals[0])):
            row = RowPair("", How.ONLY_NEW, None, totals[0])
            if self.pair.new is None:
                row = RowPair("", How.ONLY_OLD, totals[0], None)
            if not is_nothing(totals[0].amounts[measure]):
                found = cell_of(self.old, self.new, self.pair, row, measure, self.mode)
                # the other side has no such table as far as it was read: that is no change
                cells = (structs.replace(found, kind=CellKind.UNREAD, difference=None),)
        page = statement.pages[0] if statement.pages else 0
        added = self.pair.new is not None
        without = (self.old if added else self.new).document
        return Change(
            kinds=(What.STATEMENT_ADDED if added else What.STATEMENT_REMOVED,),
            line=Line.of(statement),
            cells=cells,
            old_at=None if added else self.old.where(page, 0),
            new_at=self.new.where(page, 0) if added else None,
            rows=len(statement.items),
            unread=unread_whole(without, statement),
            place=self.place,
            significance=(
                Significance.HEADLINE if self.mode is Mode.REVISION else Significance.REPORT
            ),
            certainty=lowest(*(cell.certainty for cell in cells)),
        )

    def rows(self, differing: Mapping[str, Measures], moved: Collection[str]) -> Iterator[Change]:
        """The changes of all rows, by key: the measures that differ, and which rows moved."""
        for row in self.pair.rows:
            key, old, new = row.key, row.old, row.new
            measures = differing.get(key)
            # asked here without a call, as most rows of most comparisons end here
            if (
                measures is None
                and old is not None
                and new is not None
                and old.name == new.name
                and old.code == new.code
                and old.attributes == new.attributes
                and key not in moved
                and (row.basis is None or row.basis.comparable)
            ):
                continue
            change = self.row(row, measures, key in moved)
            if change is not None:
                yield change

    def row(self, row: RowPair, measures: Sequence[str] | None, moved: bool) -> Change | None:
        """The one change of a row, or None where nothing about it differs."""
        kinds: set[What] = {What.MOVED} if moved else set()
        passages: tuple[Passage, ...] = ()
        old, new = row.old, row.new
        places, lead = (place_of(self.old, old), place_of(self.new, new)), lead_measure(new, old)
        if old is None or new is None:
            if measures is None and self.mode is Mode.YEAR:
                return None
            kinds.add(_one_sided(row, self.pair, self.mode))
            item = new or old
            assert item is not None  # noqa: S101 - a pair has at least one side
            measures = [m for m, amount in item.amounts.items() if not is_nothing(amount)]
            cells = self._cells(row, measures, lead, places)
        else:
            cells = self._cells(row, measures, lead, places) if measures else []
            if cells:
                kinds.add(_gravest(cells))
                if (way := transferred(cells)) is not None:
                    kinds.add(way)
            if old.name != new.name or old.code != new.code or old.attributes != new.attributes:
                otherwise, passages = identity(row, self.table, self.mode)
                kinds |= otherwise
        if row.basis is not None and (kinds or not row.basis.comparable):
            # also of a line that prints the same figures: they count other things
            kinds.add(What.BASIS_CHANGED)
            kinds.discard(What.NOT_COMPARED)
        if not kinds:
            return None
        return self._change(row, kinds, cells, passages, lead, places)

    def _cells(
        self, row: RowPair, measures: Sequence[str], lead: str | None, places: _Places
    ) -> list[Cell]:
        """The cells of a row, each with how much it matters."""
        old, new, pair, mode = self.old, self.new, self.pair, self.mode
        item = row.new or row.old
        assert item is not None  # noqa: S101 - a pair has at least one side
        total, quiet = self._project_total(row), lead_alone(item, self.table, mode)
        cells = []
        for measure in measures:
            cell = cell_at(old, new, pair, row, measure, mode, places)
            if measure == lead or not quiet:
                found = weigh(
                    cell, item, lead, self.table, mode, self.thresholds, total, frugal=self._frugal
                )
                if found is not cell.significance:
                    cell = structs.replace(cell, significance=found)
            cells.append(cell)
        return cells

    @cached_property
    def _frugal(self) -> bool:
        """Whether the later document says that it practises economy, of the table of "三公" alone:
        there a rise of 公务接待费 contradicts it."""
        prose = self.new.document.prose if self.table is Table.SANGONG else ()
        return any(_ECONOMY in normalise(paragraph.text) for paragraph in prose)

    def _share(self, row: RowPair, cell: Cell | None) -> Share | None:
        """The lead cell's share of the total of its side, on both sides."""
        if self.mode is not _YEAR or cell is None or cell.difference is None:
            return None
        if cell.old is None or cell.new is None:
            return None
        item = row.new or row.old
        side = (item.side or "") if item else ""
        whole = self._wholes.get(side)
        if item is None or whole is None or row is whole:
            return None
        if burden_of(item.name) is Burden.OPERATING:
            return None  # 机关运行经费 stands beside the total, not in it
        if (side, cell.measure) not in self._printed:
            self._printed[side, cell.measure] = self._whole(whole, cell.measure)
        found = shares((cell.old_wan, cell.new_wan), self._printed[side, cell.measure])
        # what is more than the whole is no part of it, whatever the table is
        part = found is not None and all(0 <= share <= _ALL for share in found[:2])
        return Share(*found) if found is not None and part else None

    def _whole(self, row: RowPair, measure: str) -> tuple[Decimal | None, Decimal | None]:
        """What both sides print for a total row, in 万元."""
        sides = ((row.old, self.pair.old), (row.new, self.pair.new))
        old, new = (
            wan(item.amounts.get(measure), statement.unit) if item and statement else None
            for item, statement in sides
        )
        return old, new

    @cached_property
    def _printed(self) -> dict[tuple[str, str], tuple[Decimal | None, Decimal | None]]:
        """Side and measure → what both sides print for the total, each worked out once."""
        return {}

    @cached_property
    def _wholes(self) -> dict[str, RowPair]:
        """Side → its one total row, where both sides of the comparison print it."""
        totals: dict[str, list[RowPair]] = {}
        for row in self.pair.rows:
            if row.old and row.new and row.old.total and row.new.total:
                totals.setdefault(row.new.side or "", []).append(row)
        return {side: rows[0] for side, rows in totals.items() if len(rows) == 1}

    def _change(
        self,
        row: RowPair,
        kinds: set[What],
        cells: Sequence[Cell],
        passages: tuple[Passage, ...],
        measure: str | None,
        places: _Places,
    ) -> Change:
        before, after, pair = row.old, row.new, self.pair
        assert pair.old is not None  # noqa: S101 - rows are compared where both have the statement
        assert pair.new is not None  # noqa: S101
        lead = _lead(cells, measure) if cells else 0
        return Change(
            kinds=_ordered(frozenset(kinds)),
            line=Line.of(pair.new, after) if after else Line.of(pair.old, before),
            before=Line.of(pair.old, before) if before and after and passages else None,
            cells=tuple(cells),
            lead=lead,
            passages=passages,
            old_at=places[0],
            new_at=places[1],
            unread=unread_pages_of(row, pair),
            significance=cells[lead].significance if cells else _LIST,
            certainty=_surest(row, pair, cells, passages),
            key=row.key,
            by_order=row.by_order,
            paired_by=str(row.how) if before and after else "",
            basis=row.basis,
            share=self._share(row, cells[lead] if cells else None),
            place=self.place,
        )

    def _project_total(self, row: RowPair) -> Decimal | None:
        """All projects in 万元 on the side where a new or dropped project stands."""
        if self.table is not _PROJECT:
            return None
        return self._projects[0 if row.new is None else 1]

    @cached_property
    def _projects(self) -> tuple[Decimal | None, Decimal | None]:
        """What all projects come to on both sides, in 万元."""
        old, new = (
            next(
                (
                    wan(item.amounts[measure], statement.unit)
                    for item in statement.items
                    if item.total and (measure := lead_measure(item))
                ),
                None,
            )
            if statement
            else None
            for statement in (self.pair.old, self.pair.new)
        )
        return old, new


@cache
def _ordered(kinds: frozenset[What]) -> tuple[What, ...]:
    """What happened, the gravest first."""
    return tuple(sorted(kinds, key=_GRAVITY.__getitem__))


def _lead(cells: Sequence[Cell], measure: str | None) -> int:
    """Which cell stands for the row: of the loudest the one of the row's measure, or the first."""
    best, loudest = 0, len(_LOUDNESS)
    for number, cell in enumerate(cells):
        rank = _LOUDNESS[cell.significance]
        if rank < loudest or (rank == loudest and cell.measure == measure):
            best, loudest = number, rank
    return best


def _surest(
    row: RowPair, pair: StatementPair, cells: Iterable[Cell], passages: Sequence[Passage]
) -> Certainty:
    """The lowest certainty of what a change says; sums confirm figures, no words."""
    found = [cell.certainty for cell in cells]
    if passages and is_recognised(row, pair):
        found.append(Certainty.RECOGNISED)
    return lowest(*found)


def _one_sided(row: RowPair, pair: StatementPair, mode: Mode) -> What:
    match alone(row, pair, mode):
        case CellKind.UNREAD:
            return What.UNREAD
        case CellKind.UNMATCHED:
            return What.UNMATCHED
        case CellKind.OTHER_LAYOUT:
            return What.NOT_COMPARED
        case CellKind.OTHER_BASIS:
            return What.BASIS_CHANGED
    return What.NEW if row.old is None else What.DROPPED


def _gravest(cells: Iterable[Cell]) -> What:
    """What happened to the figures of a row that both sides have."""
    marked = False
    for cell in cells:
        kind = cell.kind
        # without a unit the figures may still differ as printed
        if kind is _NUMBER or (kind is CellKind.UNIT_UNKNOWN and cell.reads_otherwise):
            return What.CHANGED
        marked = marked or kind is CellKind.MARK or kind is CellKind.UNREADABLE
    return What.MARK_CHANGED if marked else What.NOT_COMPARED
