"""What was printed in other words: titles, columns, notes, prose, and a row's own identity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from archive.model import Certainty, Classification, LineItem, Statement
from diffing.align import How, RowPair, StatementPair
from diffing.changes import Change, Line, Passage, Significance, What
from diffing.gaps import recognised_pages
from diffing.keys import PROJECT_TABLES
from diffing.names import normalise
from diffing.prose import Edit, numbers
from diffing.roles import Table, same_line
from diffing.versions import Mode, Version

__all__ = ["edited", "identity", "statement_texts"]

_BOOKED_UNDER: Final = frozenset({"function", "category"})
"""Attributes of a project row that say under what it is booked."""


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


def statement_texts(
    old: Version, new: Version, pair: StatementPair, place: int
) -> Iterable[Change]:
    """Title, measures and notes of a statement that stand otherwise in a revision."""
    before, after = pair.old, pair.new
    if before is None or after is None:
        return
    texts = (
        ("title", before.title, after.title),
        ("columns", _measures(before), _measures(after)),
        ("note", "\n".join(before.notes), "\n".join(after.notes)),
    )
    passages = tuple(Passage(field, a, b) for field, a, b in texts if normalise(a) != normalise(b))
    if passages:
        yield Change(
            kinds=(What.TEXT_CHANGED,),
            line=Line.of(after),
            before=Line.of(before),
            passages=passages,
            old_at=old.where(before.pages[0] if before.pages else 0, 0),
            new_at=new.where(after.pages[0] if after.pages else 0, 0),
            place=place,
        )


def identity(row: RowPair, table: Table, mode: Mode) -> tuple[set[What], tuple[Passage, ...]]:
    """What differs in the printed identity of a paired row, and what that is called."""
    old, new = row.old, row.new
    kinds: set[What] = set()
    if old is None or new is None:
        return kinds, ()
    passages: list[Passage] = []
    revision = mode is Mode.REVISION
    if normalise(old.code) != normalise(new.code) and (revision or (old.code and new.code)):
        kinds.add(What.RECLASSIFIED if _booked(new, table) else What.RECODED)
        passages.append(Passage("code", old.code, new.code))
    if not same_line(old.name, new.name, table):
        kinds.add(What.RENAMED)
        passages.append(Passage("name", old.name, new.name))
    elif revision and normalise(old.name) != normalise(new.name):
        kinds.add(What.TEXT_CHANGED)
        passages.append(Passage("name", old.name, new.name))
    if revision or row.how is How.ATTRIBUTES:
        for field in sorted({*old.attributes, *new.attributes}):
            a, b = old.attributes.get(field, ""), new.attributes.get(field, "")
            if normalise(a) != normalise(b):
                reclassified = field in _BOOKED_UNDER and _booked(new, table)
                kinds.add(What.RECLASSIFIED if reclassified else What.TEXT_CHANGED)
                passages.append(Passage(field, a, b))
    return kinds, tuple(passages)


def _booked(item: LineItem, table: Table) -> bool:
    """True for a project or purchase: its code is the subject it is booked under."""
    return table in PROJECT_TABLES and item.classification is not Classification.UNIT


def _measures(statement: Statement) -> str:
    return "、".join(dict.fromkeys(column.measure for column in statement.columns))
