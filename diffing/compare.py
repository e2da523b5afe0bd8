"""What differs between two versions, cell by cell, and where every row went.

Rows are paired (align.py), then compared by deepdiff (differing.py), then what differs is named
(naming.py). docs/decisions/0006-keyed-deepdiff.md says why in this order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from diffing import conservation
from diffing.align import Alignment, RowPair, align
from diffing.alone import alone
from diffing.balance import balanced
from diffing.changes import CellKind, Change, What
from diffing.differing import Measures, different_cells
from diffing.known import Known, known_of
from diffing.likeness import Suggestion, suggested
from diffing.names import normalise, titled
from diffing.naming import Naming
from diffing.passages import edited, statement_texts
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
    known = known_of(old, new, mode)
    alignment = align(old.document, new.document, known)
    found = different_cells(alignment.statements, mode)
    conserved = conservation.check(alignment.statements)
    changes: list[Change] = []
    for number, (pair, differing) in enumerate(zip(alignment.statements, found, strict=True)):
        naming = Naming(old, new, mode, thresholds, number, pair)
        if pair.old is None or pair.new is None:
            changes.append(naming.whole_statement())
            continue
        moved: frozenset[str] = frozenset()
        if mode is Mode.REVISION:
            changes.extend(statement_texts(old, new, pair, number))
            moved = _moved(pair.rows)
        changes.extend(naming.rows(differing, moved))
    if mode is Mode.REVISION:
        edits = (
            *changed_prose(old.document, new.document),
            *changed_tables(old.document, new.document),
        )
        changes = list(balanced(changes, conserved))
        changes.extend(edited(edit, old, new) for edit in edits)
    suggestions, left = suggested(alignment.statements)
    notes = [*_turned(known), *_notes(old, new, mode, alignment, changes)]
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


def _turned(known: Known) -> Iterable[Note]:
    """What became of the agency itself between the years."""
    for one in (turned.revision for turned in known.own):
        before, after = ("、".join(names) for names in (one.before, one.after))
        said = {"year": str(one.year), "before": before, "after": after, "source": one.source}
        yield Note("agencies-turned", said)


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
    unreadable = CellKind.UNREADABLE
    unread = sum(c.kind is unreadable for change in changes for c in change.cells)
    if unread:
        yield Note("cells-unreadable", {"count": str(unread)})
    if mode is Mode.YEAR:
        left = len(old.document.tables) + len(new.document.tables)
        if left:
            yield Note("tables-not-compared", {"count": str(left)})


def _account(
    alignment: Alignment,
    changes: Iterable[Change],
    found: Sequence[dict[str, Measures]],
    mode: Mode,
) -> Accounting:
    counts: dict[str, int] = defaultdict(int)
    replaced = What.CHANGED
    counts["changed"] = sum(replaced in change.kinds for change in changes)
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
