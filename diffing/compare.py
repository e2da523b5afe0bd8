"""deepdiff over the paired, keyed structure: what differs between two versions, cell by cell.

Rows are keyed before they are compared, never by position; amounts go in as exact text in one
unit, never as floats; what is equal is left out before deepdiff sees it, which keeps the cost
linear. docs/decisions/0006-keyed-deepdiff.md says why.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from deepdiff import DeepDiff

from archive.model import Amount, Mark, Unit
from archive.money import convert
from diffing import conservation
from diffing.align import Alignment, RowPair, StatementPair, align
from diffing.balance import balanced
from diffing.changes import CellKind, Change, What, is_nothing
from diffing.known import known_of
from diffing.likeness import Suggestion, suggested
from diffing.names import normalise, titled
from diffing.naming import Naming, alone, edited
from diffing.prose import changed_prose, changed_tables
from diffing.thresholds import Thresholds
from diffing.versions import Mode, Version, mode_of
from diffing.witness import Witness, witnesses

__all__ = ["Accounting", "Comparison", "Note", "compare"]


class Note(msgspec.Struct, frozen=True):
    """Something a reader must know about the comparison; the words module says it."""

    code: str
    values: dict[str, str] = {}


class Accounting(msgspec.Struct, frozen=True):
    """Where every row went.

    old = paired + dropped + unsure_new + in_removed; new = paired + new_rows + unsure_old +
    in_added.
    """

    old: int
    new: int
    paired: int
    changed: int
    """Paired rows in which an amount differs; other marks for the same amount do not count."""
    dropped: int
    new_rows: int
    unsure_old: int
    """Rows of the new side that may stand where the old document was not read, or of a kind that
    its statement does not have."""
    unsure_new: int
    """Rows of the old side of which the same is true of the new document."""
    in_removed: int
    in_added: int
    empty: int
    """New and dropped rows without any amount; between years they are no change."""


class Comparison(msgspec.Struct, frozen=True):
    """All that differs between two versions, and the proof that nothing else does."""

    mode: Mode
    old: Version
    new: Version
    changes: tuple[Change, ...]
    conservation: tuple[conservation.Conservation, ...]
    notes: tuple[Note, ...]
    accounting: Accounting
    alignment: Alignment
    suggestions: tuple[Suggestion, ...] = ()
    """Unmatched rows that may be one line under another name: for a person to look at."""
    witnesses: tuple[Witness, ...] = ()
    """Between years: the old side's figures as the new side repeats them."""

    @property
    def compared(self) -> bool:
        """True where at least one statement was read on both sides."""
        return any(pair.old and pair.new for pair in self.alignment.statements)


def compare(
    old: Version,
    new: Version,
    mode: Mode | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> Comparison:
    """Compare two versions of one document, or two years of one agency's documents.

    Raises IncomparableError where they account for different things (budget and final account,
    department and unit, two agencies): those are never compared as if alike.
    """
    mode = mode_of(old, new, mode)
    alignment = align(old.document, new.document, known_of(old, new, mode))
    found = _different_cells(alignment, mode)
    conserved = conservation.check(alignment.statements)
    changes: list[Change] = []
    for number, (pair, differing) in enumerate(zip(alignment.statements, found, strict=True)):
        naming = Naming(old, new, mode, thresholds, number, pair)
        if pair.old is None or pair.new is None:
            changes.append(naming.whole_statement())
            continue
        changes.extend(naming.statement_texts())
        moved = _moved(pair.rows) if mode is Mode.REVISION else frozenset()
        changes.extend(naming.rows(differing, moved))
    if mode is Mode.REVISION:
        edits = (
            *changed_prose(old.document, new.document),
            *changed_tables(old.document, new.document),
        )
        changes = list(balanced(changes, conserved))
        changes.extend(edited(edit, old, new) for edit in edits)
    suggestions, left = suggested(alignment.statements)
    notes = list(_notes(old, new, mode, alignment, changes))
    if left:
        notes.append(Note("suggestions-left", {"count": str(left)}))
    return Comparison(
        mode=mode,
        old=old,
        new=new,
        changes=tuple(changes),
        conservation=conserved,
        notes=tuple(notes),
        accounting=_account(alignment, changes, found, mode),
        alignment=alignment,
        suggestions=suggestions,
        witnesses=(tuple(witnesses(old, new, alignment.statements)) if mode is Mode.YEAR else ()),
    )


def _comparable(amount: Amount | None, unit: Unit | None, to: Unit, mode: Mode) -> str:
    """A cell as text that is equal exactly when the cell says the same: 859.3 and 859.30, and
    1 万元 and 10000 元, are one; a blank, a dash and a zero are three. Empty for no cell."""
    if amount is None or (mode is Mode.YEAR and is_nothing(amount)):
        return ""
    if amount.mark is not Mark.PRINTED or amount.value is None:
        said = normalise(amount.text) if amount.mark is Mark.UNREADABLE else ""
        return f"{amount.mark}:{said}"
    if unit is None:
        return f"?:{amount.value.normalize() if amount.value else 0}"
    return f":{convert(amount.value, unit, to).normalize() if amount.value else 0}"


def _differing(pair: StatementPair, row: RowPair, mode: Mode) -> list[tuple[str, str, str]]:
    """Measure and both texts of each cell of a paired row that differs."""
    assert row.old is not None  # noqa: S101 - the row has two sides, and so has its statement
    assert row.new is not None  # noqa: S101
    assert pair.old is not None  # noqa: S101
    assert pair.new is not None  # noqa: S101
    old, new = pair.old.unit, pair.new.unit
    one_unit = old is new
    # in one unit nothing needs to be converted to be compared
    to = old if one_unit and old is not None else Unit.YUAN
    before, after = row.old.amounts, row.new.amounts
    found = []
    for measure in before if before.keys() == after.keys() else {**after, **before}:
        a, b = before.get(measure), after.get(measure)
        if one_unit and a is not None and b is not None and _alike(a, b):
            continue
        text, other = _comparable(a, old, to, mode), _comparable(b, new, to, mode)
        if text != other:
            found.append((measure, text, other))
    return found


def _different_cells(alignment: Alignment, mode: Mode) -> list[dict[str, list[str]]]:
    """For each pair of statements: row key -> measures that differ; a row only one side has has
    none listed. Rows without any amount on their only side are left out between years.

    DeepDiff is given rows, each as one text of all its cells that are not the same: a row it finds
    costs it as much as a cell would. Which cells they are is known by the same texts.
    """
    return [
        _different_rows(pair, mode) if pair.old and pair.new else {}
        for pair in alignment.statements
    ]


def _different_rows(pair: StatementPair, mode: Mode) -> dict[str, list[str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    measures: dict[str, list[str]] = {}
    one_unit = pair.old is not None and pair.new is not None and pair.old.unit is pair.new.unit
    for row in pair.rows:
        if row.old is None or row.new is None:
            item, side = (row.old, before) if row.old else (row.new, after)
            if mode is Mode.REVISION or (item and not all(map(is_nothing, item.amounts.values()))):
                side[row.key], measures[row.key] = _ROW, []
            continue
        old, new = row.old.amounts, row.new.amounts
        # most rows are printed alike to the last cell, and that is quickly seen
        if one_unit and (old == new or _all_the_same(old, new)):
            continue
        cells = _differing(pair, row, mode)
        if not cells:
            continue
        key = row.key
        measures[key] = [measure for measure, _, _ in cells]
        before[key] = _SEPARATOR.join([text for _, text, _ in cells])
        after[key] = _SEPARATOR.join([text for _, _, text in cells])
    if not measures:
        return {}
    # 0: compare to the last level even where everything differs, or all of it comes back as one
    tree = DeepDiff(
        before, after, view="tree", threshold_to_diff_deeper=0, ignore_private_variables=False
    )
    keys = (level.path(output_format="list")[0] for levels in tree.values() for level in levels)
    return {key: measures[key] for key in keys}


_ROW: Final = "row"
"""Stands for a row that only one side has."""
_SEPARATOR: Final = "\x1f"
"""Between the cells of a row; no cell's text contains it, they are normalised."""


def _all_the_same(old: dict[str, Amount], new: dict[str, Amount]) -> bool:
    """True where all cells have one mark and value on both sides, and can be read at all."""
    if len(old) != len(new):
        return False
    for measure, one in old.items():
        other = new.get(measure)
        if other is None or not _alike(one, other):
            return False
    return True


def _alike(one: Amount, other: Amount) -> bool:
    return one.mark is other.mark and one.value == other.value and one.mark is not Mark.UNREADABLE


def _moved(rows: Sequence[RowPair]) -> frozenset[str]:
    """Keys of the fewest rows that, put elsewhere, explain the new order.

    Which of two swapped rows moved is a matter of taste; the choice depends on the two orders
    alone, not on which of them is called old, so that it is the same in reverse.
    """
    both = [row for row in rows if row.old is not None and row.new is not None]
    # rows come in the new order: where the old indices rise too, nothing moved
    indices = [row.old_index for row in both]
    if indices == sorted(indices):
        return frozenset()
    first = sorted(both, key=lambda r: r.old_index)
    second = sorted(both, key=lambda r: r.new_index)
    if [_undirected(row) for row in second] < [_undirected(row) for row in first]:
        first, second = second, first
    place = {row.key: n for n, row in enumerate(second)}
    order = [place[row.key] for row in first]
    return frozenset(second[n].key for n in set(order).difference(_longest_rising(order)))


def _longest_rising(order: Sequence[int]) -> list[int]:
    """The longest rising subsequence of distinct numbers, in n·log n."""
    tails: list[int] = []
    lengths: list[int] = []
    for place in order:
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        lengths.append(length)
    rising: list[int] = []
    wanted = len(tails) - 1
    for place, length in zip(reversed(order), reversed(lengths), strict=True):
        if length == wanted and (not rising or place < rising[-1]):
            rising.append(place)
            wanted -= 1
    return rising


def _undirected(row: RowPair) -> list[str]:
    """What the row says, with neither side first."""
    return sorted(
        repr((i.side, i.code, i.name, sorted(i.attributes.items()), list(i.amounts.values())))
        for i in (row.old, row.new)
        if i
    )


def _notes(
    old: Version, new: Version, mode: Mode, alignment: Alignment, changes: Iterable[Change]
) -> Iterable[Note]:
    names = [version.document.facts.agency for version in (old, new)]
    if all(names) and normalise(names[0] or "") != normalise(names[1] or ""):
        yield Note("agency-differs", {"old": names[0] or "", "new": names[1] or ""})
    if old.document.extractor != new.document.extractor:
        yield Note(
            "extractor-differs", {"old": old.document.extractor, "new": new.document.extractor}
        )
    for pair in alignment.statements:
        if pair.old and pair.new and pair.old.unit is not pair.new.unit:
            units = {"old": pair.old.unit or "", "new": pair.new.unit or ""}
            yield Note("unit-differs", {"statement": titled(pair.new), **units})
        for c in pair.collisions:
            sides = (", ".join(f"{p}:{r}" for p, r in rows) for rows in (c.old_rows, c.new_rows))
            yield Note(
                "shared-key",
                {
                    "statement": c.statement,
                    "code": c.code,
                    "name": c.name,
                    "rows": " → ".join(side or "—" for side in sides),
                },
            )
    unread = sum(c.kind is CellKind.UNREADABLE for change in changes for c in change.cells)
    if unread:
        yield Note("cells-unreadable", {"count": str(unread)})
    if mode is Mode.YEAR:
        left = len(old.document.tables) + len(new.document.tables)
        if left:
            yield Note("tables-not-compared", {"count": str(left)})


def _account(
    alignment: Alignment,
    changes: Iterable[Change],
    found: Sequence[dict[str, list[str]]],
    mode: Mode,
) -> Accounting:
    counts: dict[str, int] = defaultdict(int)
    counts["changed"] = sum(What.CHANGED in change.kinds for change in changes)
    for number, pair in enumerate(alignment.statements):
        counts["old"] += len(pair.old.items) if pair.old else 0
        counts["new"] += len(pair.new.items) if pair.new else 0
        if pair.old is None:
            counts["in_added"] += len(pair.either.items)
        elif pair.new is None:
            counts["in_removed"] += len(pair.either.items)
        for row in pair.rows:
            if row.old and row.new:
                counts["paired"] += 1
            elif alone(row, pair, mode) is not None:
                counts["unsure_old" if row.new else "unsure_new"] += 1
            else:
                counts["new_rows" if row.new else "dropped"] += 1
                counts["empty"] += mode is Mode.YEAR and row.key not in found[number]
    return Accounting(**{field: counts[field] for field in Accounting.__struct_fields__})
