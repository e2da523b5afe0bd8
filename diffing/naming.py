"""Gives each difference its name: what happened to which line, by how much, and how loudly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final

from msgspec import structs

from archive.model import Amount, Certainty, Classification, LineItem, Mark, Statement, Unit
from diffing.align import How, RowPair, StatementPair
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
    percent_of,
    wan,
)
from diffing.figures import shares
from diffing.gaps import recognised_pages, unread_whole
from diffing.keys import PROJECT_TABLES
from diffing.names import normalise
from diffing.prose import Edit, numbers
from diffing.roles import Burden, Table, burden_of, same_line, table_of
from diffing.thresholds import Thresholds, weigh
from diffing.transfer import transferred
from diffing.versions import Mode, Version, Where, lowest

__all__ = ["Naming", "alone", "cell_of", "edited", "is_recognised"]

_GRAVITY: Final = {what: n for n, what in enumerate(What)}
_ALL: Final = 100
_BOOKED_UNDER: Final = frozenset({"function", "category"})
"""Attributes of a project row that say under what it is booked."""
_LOUDNESS: Final = {how: n for n, how in enumerate(Significance)}


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
                found = self._cell(row, measure)
                # the other side has no such table as far as it was read: that is no change
                cells = (
                    structs.replace(found, kind=CellKind.UNREAD, difference=None, percent=None),
                )
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

    def statement_texts(self) -> Iterable[Change]:
        """Title, measures and notes that were changed in a revision."""
        old, new = self.pair.old, self.pair.new
        if self.mode is not Mode.REVISION or old is None or new is None:
            return
        texts = (
            ("title", old.title, new.title),
            ("columns", _measures(old), _measures(new)),
            ("note", "\n".join(old.notes), "\n".join(new.notes)),
        )
        passages = tuple(
            Passage(field, a, b) for field, a, b in texts if normalise(a) != normalise(b)
        )
        if passages:
            yield Change(
                kinds=(What.TEXT_CHANGED,),
                line=Line.of(new),
                before=Line.of(old),
                passages=passages,
                old_at=self.old.where(old.pages[0] if old.pages else 0, 0),
                new_at=self.new.where(new.pages[0] if new.pages else 0, 0),
                place=self.place,
            )

    def rows(self, differing: Mapping[str, list[str]], moved: Collection[str]) -> Iterator[Change]:
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
            ):
                continue
            change = self.row(row, measures, key in moved)
            if change is not None:
                yield change

    def row(self, row: RowPair, measures: list[str] | None, moved: bool) -> Change | None:
        """The one change of a row, or None where nothing about it differs."""
        kinds: set[What] = {What.MOVED} if moved else set()
        if row.old is None or row.new is None:
            if measures is None and self.mode is Mode.YEAR:
                return None
            kinds.add(_one_sided(row, self.pair, self.mode))
            item = row.new or row.old
            assert item is not None  # noqa: S101 - a pair has at least one side
            measures = [m for m, amount in item.amounts.items() if not is_nothing(amount)]
        cells = tuple(self._cell(row, m) for m in self._ordered(row, measures or []))
        if cells and row.old is not None and row.new is not None:
            kinds.add(_gravest(cells))
            if (moved_between := transferred(cells)) is not None:
                kinds.add(moved_between)
        passages = () if self._alike(row) else self._identity(row, kinds)
        if not kinds:
            return None
        if row.basis is not None:
            kinds.add(What.BASIS_CHANGED)
            kinds.discard(What.NOT_COMPARED)
        return self._change(row, kinds, cells, passages)

    def _alike(self, row: RowPair) -> bool:
        """True where both sides print the very same identity."""
        a, b = row.old, row.new
        if a is None or b is None:
            return False
        return a.name == b.name and a.code == b.code and a.attributes == b.attributes

    def _ordered(self, row: RowPair, measures: Sequence[str]) -> list[str]:
        if len(measures) <= 1:
            return list(measures)
        order = [m for item in (row.new, row.old) if item for m in item.amounts if m in measures]
        return list(dict.fromkeys(order))

    def _identity(self, row: RowPair, kinds: set[What]) -> tuple[Passage, ...]:
        """What differs in the printed identity of a paired row; adds to `kinds`."""
        old, new = row.old, row.new
        if old is None or new is None:
            return ()
        passages: list[Passage] = []
        revision = self.mode is Mode.REVISION
        if normalise(old.code) != normalise(new.code) and (revision or (old.code and new.code)):
            kinds.add(What.RECLASSIFIED if self._booked(new) else What.RECODED)
            passages.append(Passage("code", old.code, new.code))
        if not same_line(old.name, new.name, self.table):
            kinds.add(What.RENAMED)
            passages.append(Passage("name", old.name, new.name))
        elif revision and normalise(old.name) != normalise(new.name):
            kinds.add(What.TEXT_CHANGED)
            passages.append(Passage("name", old.name, new.name))
        if revision or row.how is How.ATTRIBUTES:
            for field in sorted({*old.attributes, *new.attributes}):
                a, b = old.attributes.get(field, ""), new.attributes.get(field, "")
                if normalise(a) != normalise(b):
                    reclassified = field in _BOOKED_UNDER and self._booked(new)
                    kinds.add(What.RECLASSIFIED if reclassified else What.TEXT_CHANGED)
                    passages.append(Passage(field, a, b))
        return tuple(passages)

    def _booked(self, item: LineItem) -> bool:
        """True for a project or purchase: its code is the subject it is booked under."""
        return self.table in PROJECT_TABLES and item.classification is not Classification.UNIT

    def _share(self, row: RowPair, cell: Cell | None) -> Share | None:
        """The lead cell's share of the total of its side, on both sides."""
        if self.mode is not Mode.YEAR or cell is None or cell.difference is None:
            return None
        if cell.old is None or cell.new is None:
            return None
        item = row.new or row.old
        whole = self._wholes.get(item.side or "") if item else None
        if item is None or whole is None or row is whole:
            return None
        if burden_of(item.name) is Burden.OPERATING:
            return None  # 机关运行经费 stands beside the total, not in it
        found = shares((cell.old_wan, cell.new_wan), self._whole(whole, cell.measure))
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
    def _wholes(self) -> dict[str, RowPair]:
        """Side → its one total row, where both sides of the comparison print it."""
        totals: dict[str, list[RowPair]] = {}
        for row in self.pair.rows:
            if row.old and row.new and row.old.total and row.new.total:
                totals.setdefault(row.new.side or "", []).append(row)
        return {side: rows[0] for side, rows in totals.items() if len(rows) == 1}

    def _change(
        self, row: RowPair, kinds: set[What], cells: tuple[Cell, ...], passages: tuple[Passage, ...]
    ) -> Change:
        item = row.new or row.old
        assert item is not None  # noqa: S101 - a pair has at least one side
        total, measure = self._project_total(row), lead_measure(row.new, row.old)
        cells = tuple(self._weighed(cell, item, measure, total) for cell in cells)
        loudest = min(
            (cell.significance for cell in cells),
            key=_LOUDNESS.__getitem__,
            default=Significance.LIST,
        )
        loud = [n for n, cell in enumerate(cells) if cell.significance is loudest]
        lead = next((n for n in loud if cells[n].measure == measure), loud[0] if loud else 0)
        old, new = self.pair.old, self.pair.new
        assert old is not None  # noqa: S101 - rows are compared where both sides have the statement
        assert new is not None  # noqa: S101
        return Change(
            kinds=tuple(sorted(kinds, key=_GRAVITY.__getitem__)),
            line=Line.of(new, row.new) if row.new else Line.of(old, row.old),
            before=Line.of(old, row.old) if row.old and row.new and passages else None,
            cells=cells,
            lead=lead,
            passages=passages,
            old_at=self.old.where(row.old.page, row.old.row) if row.old else None,
            new_at=self.new.where(row.new.page, row.new.row) if row.new else None,
            significance=loudest,
            certainty=_surest(row, self.pair, cells, passages),
            unread=_unread(row, self.pair),
            key=row.key,
            by_order=row.by_order,
            paired_by=str(row.how) if row.old and row.new else "",
            basis=row.basis,
            share=self._share(row, cells[lead] if cells else None),
            place=self.place,
        )

    def _weighed(self, cell: Cell, item: LineItem, lead: str | None, total: Decimal | None) -> Cell:
        found = weigh(cell, item, lead, self.table, self.mode, self.thresholds, total)
        return cell if found is cell.significance else structs.replace(cell, significance=found)

    def _cell(self, row: RowPair, measure: str) -> Cell:
        return cell_of(self.old, self.new, self.pair, row, measure, self.mode)

    def _project_total(self, row: RowPair) -> Decimal | None:
        """All projects in 万元 on the side where a new or dropped project stands."""
        if self.table is not Table.PROJECT:
            return None
        statement = self.pair.old if row.new is None else self.pair.new
        for item in statement.items if statement else ():
            measure = lead_measure(item)
            if item.total and measure:
                return wan(item.amounts[measure], statement.unit if statement else None)
        return None


def cell_of(
    old: Version,
    new: Version,
    pair: StatementPair,
    row: RowPair,
    measure: str,
    mode: Mode = Mode.YEAR,
) -> Cell:
    """One measure of a row on both sides with what follows from it, changed or not."""
    a = row.old.amounts.get(measure) if row.old else None
    b = row.new.amounts.get(measure) if row.new else None
    unit_a, unit_b = (s.unit if s else None for s in (pair.old, pair.new))
    kind, difference, percent = _difference(a, b, unit_a, unit_b)
    if (a is None or b is None) and not (is_nothing(a) and is_nothing(b)):
        if row.old is not None and row.new is not None:
            kind, difference, percent = CellKind.NO_COLUMN, None, None
        elif (why := alone(row, pair, mode)) is not None:
            kind, difference, percent = why, None, None
    if kind is CellKind.NUMBER and row.basis is not None and not row.basis.comparable:
        kind, difference, percent = CellKind.OTHER_BASIS, None, None
    return Cell(
        measure=measure,
        kind=kind,
        old=a,
        new=b,
        old_unit=unit_a,
        new_unit=unit_b,
        old_at=_at(old, row.old, a),
        new_at=_at(new, row.new, b),
        difference=difference,
        percent=percent,
        certainty=lowest(*[amount.certainty for amount in (a, b) if amount]),
    )


def _at(version: Version, item: LineItem | None, amount: Amount | None) -> Where | None:
    if item is None:
        return None
    if amount is not None and amount.at is not None:
        return version.where(amount.at.page, amount.at.row)
    return version.where(item.page, item.row)


def _difference(
    a: Amount | None, b: Amount | None, unit_a: Unit | None, unit_b: Unit | None
) -> tuple[CellKind, Decimal | None, Decimal | None]:
    if (a and a.mark is Mark.UNREADABLE) or (b and b.mark is Mark.UNREADABLE):
        return CellKind.UNREADABLE, None, None
    none_a, none_b = is_nothing(a), is_nothing(b)
    if none_a and none_b:
        return CellKind.MARK, None, None
    old, new = wan(a, unit_a), wan(b, unit_b)
    if (old is None and not none_a) or (new is None and not none_b):
        return CellKind.UNIT_UNKNOWN, None, None
    difference = (new or Decimal(0)) - (old or Decimal(0))
    return CellKind.NUMBER, difference, percent_of(difference, old)


def _unread(row: RowPair, pair: StatementPair) -> tuple[int, ...]:
    """Pages of the side without the row on which it may stand all the same."""
    if row.old is not None and row.new is not None:
        return ()
    return pair.old_unread if row.old is None else pair.new_unread


def is_recognised(row: RowPair, pair: StatementPair) -> bool:
    """Whether the name and code of a row were recognised from a picture on either side."""
    sides = ((row.old, pair.old_recognised), (row.new, pair.new_recognised))
    return any(item is not None and item.page in pages for item, pages in sides)


def _surest(
    row: RowPair, pair: StatementPair, cells: Iterable[Cell], passages: Sequence[Passage]
) -> Certainty:
    """The lowest certainty of what a change says; sums confirm figures, no words."""
    found = [cell.certainty for cell in cells]
    if passages and is_recognised(row, pair):
        found.append(Certainty.RECOGNISED)
    return lowest(*found)


def _unmatched(row: RowPair, pair: StatementPair) -> bool:
    """Whether a row that only one side has may have a pair under a misread name or code."""
    other = pair.old_recognised if row.old is None else pair.new_recognised
    return bool(other) or is_recognised(row, pair)


def alone(row: RowPair, pair: StatementPair, mode: Mode) -> CellKind | None:
    """Why a row that only one side has is neither new nor gone; None where it is new or gone.

    Two versions of one document have one layout: there a row of another kind is new.
    """
    if row.old is not None and row.new is not None:
        return None
    if _unread(row, pair):
        return CellKind.UNREAD
    if _unmatched(row, pair):
        return CellKind.UNMATCHED
    if row.basis is not None and not row.basis.comparable:
        return CellKind.OTHER_BASIS
    return CellKind.OTHER_LAYOUT if mode is Mode.YEAR and row.other_layout else None


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
    kinds = {cell.kind for cell in cells}
    # without a unit the figures may still differ as printed
    unknown = (cell for cell in cells if cell.kind is CellKind.UNIT_UNKNOWN)
    if CellKind.NUMBER in kinds or any(cell.reads_otherwise for cell in unknown):
        return What.CHANGED
    if kinds & {CellKind.MARK, CellKind.UNREADABLE}:
        return What.MARK_CHANGED
    return What.NOT_COMPARED


def _measures(statement: Statement) -> str:
    return "、".join(dict.fromkeys(column.measure for column in statement.columns))


def edited(edit: Edit, old: Version, new: Version) -> Change:
    """The change of a passage of prose; a changed figure in it is louder than a changed word."""
    passage = edit.passage
    figures = numbers(passage.old) != numbers(passage.new)
    seen = edit.old_page in recognised_pages(old.document)
    seen = seen or edit.new_page in recognised_pages(new.document)
    return Change(
        kinds=(What.TEXT_CHANGED,),
        line=Line(statement=passage.heading),
        passages=(passage,),
        old_at=old.where(edit.old_page, 0) if edit.old_page else None,
        new_at=new.where(edit.new_page, 0) if edit.new_page else None,
        significance=Significance.REPORT if figures else Significance.LIST,
        certainty=Certainty.RECOGNISED if seen else Certainty.TEXT,
    )
