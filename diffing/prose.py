"""Sentences that were changed between two versions, and tables kept only as cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

import msgspec

from archive.model import Document, Paragraph, RawTable
from diffing.changes import Passage
from diffing.names import bare_title, normalise

__all__ = ["Edit", "changed_prose", "changed_tables", "numbers"]

_SENTENCE: Final = re.compile(r"[^。；！？]+[。；！？]?")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_LARGEST: Final = 25_000_000
"""Comparing is quadratic at worst: beyond this product of lengths a block is shown whole."""


class Edit(msgspec.Struct, frozen=True):
    """One passage and the pages it stands on; 0 where it does not stand."""

    passage: Passage
    old_page: int
    new_page: int


class _Text(msgspec.Struct, frozen=True):
    plain: str
    shown: str
    page: int
    heading: str


def changed_prose(old: Document, new: Document) -> list[Edit]:
    """Paragraphs, and within changed paragraphs sentences, that differ beyond typesetting."""
    edits: list[Edit] = []
    for olds, news in _blocks(_paragraphs(old.prose), _paragraphs(new.prose)):
        for before, after in _blocks(_sentences(olds), _sentences(news)):
            edits.append(_edit("prose", before, after))
    return edits


def changed_tables(old: Document, new: Document) -> list[Edit]:
    """Rows of tables that match no form, paired by title and then by order."""
    edits: list[Edit] = []
    olds, news = list(old.tables), list(new.tables)
    for before, after in _paired(olds, news):
        for a, b in _blocks(_rows(before), _rows(after)):
            edits.append(_edit("table", a, b))
    return edits


def numbers(text: str) -> list[str]:
    """The figures in a passage, so that a changed figure is told from a changed word."""
    return _NUMBER.findall(normalise(text).replace(",", ""))


def _paragraphs(prose: Sequence[Paragraph]) -> list[_Text]:
    texts, heading = [], ""
    for paragraph in prose:
        if paragraph.heading:
            heading = paragraph.text
        texts.append(_Text(normalise(paragraph.text), paragraph.text, paragraph.page, heading))
    return [text for text in texts if text.plain]


def _sentences(paragraphs: Sequence[_Text]) -> list[_Text]:
    return [
        _Text(normalise(sentence), sentence.strip(), p.page, p.heading)
        for p in paragraphs
        for sentence in _SENTENCE.findall(p.shown)
        if normalise(sentence)
    ]


def _rows(table: RawTable | None) -> list[_Text]:
    if table is None:
        return []
    page = table.pages[0] if table.pages else 0
    shown = [" | ".join(cell or "" for cell in row) for row in table.rows]
    return [_Text(normalise(row), row, page, table.title) for row in shown if normalise(row)]


def _paired(
    olds: list[RawTable], news: list[RawTable]
) -> Iterator[tuple[RawTable | None, RawTable | None]]:
    waiting: dict[str, list[RawTable]] = {}
    for table in olds:
        waiting.setdefault(bare_title(table.title), []).append(table)
    for table in news:
        same = waiting.get(bare_title(table.title))
        yield (same.pop(0) if same else None), table
    for rest in waiting.values():
        for table in rest:
            yield table, None


def _blocks(
    old: Sequence[_Text], new: Sequence[_Text]
) -> Iterator[tuple[Sequence[_Text], Sequence[_Text]]]:
    """Runs that differ. difflib is not symmetric, so the two always go in in the same order and
    the reverse comparison finds the same runs."""
    a, b = [t.plain for t in old], [t.plain for t in new]
    if a == b:
        return
    if len(a) * len(b) > _LARGEST:
        yield old, new
        return
    swapped = b < a
    matcher = SequenceMatcher(None, b if swapped else a, a if swapped else b, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        yield (old[j1:j2], new[i1:i2]) if swapped else (old[i1:i2], new[j1:j2])


def _edit(field: str, before: Sequence[_Text], after: Sequence[_Text]) -> Edit:
    either = (*after, *before)
    return Edit(
        Passage(
            field=field,
            old="\n".join(t.shown for t in before),
            new="\n".join(t.shown for t in after),
            heading=either[0].heading,
        ),
        old_page=before[0].page if before else 0,
        new_page=after[0].page if after else 0,
    )
