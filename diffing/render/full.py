"""The full list of changes, and the before and after of a revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.clock import day_of
from archive.events import is_local
from archive.model import Certainty
from diffing import figures
from diffing.changes import Change, Passage, What
from diffing.compare import Comparison
from diffing.names import bare_title
from diffing.render.asides import of_pairing
from diffing.render.block import proposed, unsure
from diffing.render.method import found_once, gaps, points, remainders
from diffing.render.page import Cell, Column, Fold, Heading, Node, Paragraph, Points, Table
from diffing.render.sources import Sources
from diffing.words import Wording

__all__ = ["WHOLE", "by_statement", "full_list", "notes_of", "revision"]

WHOLE: Final = frozenset({What.STATEMENT_ADDED, What.STATEMENT_REMOVED})
"""Changes of whole statements."""

_KNOWN_FIELDS = frozenset({"prose", "name", "code", "title", "note", "columns", "table"})


def full_list(comparison: Comparison, words: Wording, sources: Sources) -> Iterator[Node]:
    """Every change of two years, statement by statement, folded; then whole statements."""
    whole = [change for change in comparison.changes if change.kind in WHOLE]
    for changes in by_statement(c for c in comparison.changes if c.kind not in WHOLE):
        yield Fold(
            words("all-of", title=changes[-1].line.statement, count=len(changes)),
            (_years(changes, comparison, words, sources),),
        )
    if whole:
        yield Fold(
            words("statements-of", title=words("statements"), count=len(whole)),
            (_years(whole, comparison, words, sources),),
        )


def by_statement(changes: Iterable[Change]) -> list[list[Change]]:
    """The changes of each statement; a dropped row stands under last year's title of its own."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        key = (change.line.form, bare_title(change.line.statement))
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def revision(
    comparison: Comparison, words: Wording, sources: Sources, *, heading: bool
) -> Iterator[Node]:
    """Before and after of every line, then of every passage, of a published document."""
    if heading:
        yield Heading(3, words("revision-title", document=words.document(comparison.new)))
    if standing := "".join(_replacement(comparison, words)):
        yield Paragraph(standing, small=True)
    versions = words("column-before"), words("column-after")
    if missing := gaps(comparison, words, versions):
        yield points(missing, small=False)
    if not comparison.changes:
        yield Paragraph(words("revision-none"))
        return
    whole = [change for change in comparison.changes if change.kind in WHOLE]
    if whole:
        yield Heading(4 if heading else 2, words("statements"))
        said = (Paragraph(found_once(c, words, versions), sources.of_change(c)) for c in whole)
        yield Points(tuple(said))
    changes = [change for change in comparison.changes if change.kind not in WHOLE]
    lines = [change for change in changes if change.cells or change.key]
    if lines:
        yield Heading(4 if heading else 2, words("revision-figures"))
        yield _before_and_after(lines, words, sources)
    if rest := remainders(comparison, words):
        yield points(rest, small=False)
    texts = [change for change in changes if not (change.cells or change.key)]
    if texts:
        yield Heading(4 if heading else 2, words("revision-texts"))
        yield _passages(texts, words, sources)


def _years(
    changes: Sequence[Change], comparison: Comparison, words: Wording, sources: Sources
) -> Table:
    amounts = [
        value
        for change in changes
        for cell in change.cells
        for value in (cell.old_wan, cell.new_wan, cell.difference)
    ]
    decimals = figures.places(amounts)
    rows = []
    for change in changes:
        for cell in change.cells:
            rows.append(
                (
                    _line(change, words),
                    Cell(cell.measure),
                    Cell(words.old_figure(cell, decimals)),
                    Cell(words.new_figure(cell, decimals)),
                    Cell(words.difference(cell, decimals)),
                    Cell(words.rate(cell)),
                    Cell("", cites=sources.of_cell(cell, pictured=False)),
                )
            )
        if not change.cells:
            cites = sources.of_change(change, pictured=False)
            blank = Cell("")
            rows.append(
                (_line(change, words), blank, blank, blank, blank, blank, Cell("", cites=cites))
            )
    return Table(
        columns=(
            Column(words("column-line")),
            Column(words("column-measure")),
            Column(words.column(comparison.old), figures=True),
            Column(words.column(comparison.new), figures=True),
            Column(words("column-difference"), figures=True),
            Column(words("column-rate"), figures=True),
            Column(words("column-source")),
        ),
        rows=tuple(rows),
        caption=words("unit"),
    )


def _before_and_after(changes: Sequence[Change], words: Wording, sources: Sources) -> Table:
    decimals = figures.places(cell.difference for change in changes for cell in change.cells)
    rows = []
    for change in changes:
        place = _line(change, words, with_statement=True)
        if not change.cells:
            cites = sources.of_row(change.old_at, change.new_at)
            rows.append((place, Cell(""), Cell(""), Cell(""), Cell(""), Cell("", cites=cites)))
        for cell in change.cells:
            rows.append(
                (
                    place,
                    Cell(cell.measure),
                    Cell(words.old_printed(cell)),
                    Cell(words.new_printed(cell)),
                    Cell(words.difference(cell, decimals)),
                    Cell("", cites=sources.of_row(cell.old_at, cell.new_at)),
                )
            )
    return Table(
        columns=(
            Column(words("column-line")),
            Column(words("column-measure")),
            Column(words("column-before"), figures=True),
            Column(words("column-after"), figures=True),
            Column(words("column-difference"), figures=True),
            Column(words("column-source")),
        ),
        rows=tuple(rows),
        caption=words("unit-before-after"),
    )


def _replacement(comparison: Comparison, words: Wording) -> Iterator[str]:
    """How the one file came into the place of the other: addresses, dates claimed, days seen."""
    old, new = comparison.old, comparison.new
    if old.entry is None or new.entry is None:
        return
    urls = old.entry.source_url, new.entry.source_url
    if all(urls) and not any(map(is_local, urls)):
        yield words("replaced-same-url" if urls[0] == urls[1] else "replaced-other-url")
    claimed = [v.published.isoformat() if v.published else "" for v in (old, new)]
    if all(claimed):
        same = claimed[0] == claimed[1]
        key = "replaced-same-date" if same else "replaced-other-date"
        yield words(key, old=claimed[0], new=claimed[1])
    seen = [day_of(e.observed).isoformat() if e.observed else "" for e in (old.entry, new.entry)]
    if all(seen):
        yield words("replaced-seen", old=seen[0], new=seen[1])


def _passages(changes: Sequence[Change], words: Wording, sources: Sources) -> Table:
    rows = []
    for change in changes:
        cites = sources.of_row(change.old_at, change.new_at)
        for passage in change.passages:
            field = _field(passage, words)
            rows.append(
                (
                    Cell(unsure(field, change.certainty, words), _where(change, passage)),
                    Cell(passage.old or words("text-nothing")),
                    Cell(passage.new or words("text-nothing")),
                    Cell("", cites=cites),
                )
            )
    return Table(
        columns=(
            Column(words("column-place")),
            Column(words("column-before")),
            Column(words("column-after")),
            Column(words("column-source")),
        ),
        rows=tuple(rows),
    )


def _where(change: Change, passage: Passage) -> str:
    line = change.line
    return passage.heading or " ".join(
        part for part in (line.statement, line.code, line.name) if part
    )


def _field(passage: Passage, words: Wording) -> str:
    if passage.field in _KNOWN_FIELDS:
        return words(f"field-{passage.field}")
    return words.attribute(passage.field)


def _line(change: Change, words: Wording, *, with_statement: bool = False) -> Cell:
    line = change.line
    notes = [line.code] if line.code else []
    if line.side and line.side[:2] not in line.name:
        notes.append(line.side)
    if with_statement:
        notes.insert(0, line.statement)
    return Cell(line.name or line.statement, " · ".join([*notes, *notes_of(change, words)]))


def notes_of(change: Change, words: Wording) -> Iterator[str]:
    """What a reader must know of a changed row beside its figures: a changed figure is plain from
    the row itself, everything else is said."""
    yield from (words(f"what-{kind}") for kind in change.kinds if kind is not What.CHANGED)
    yield from of_pairing(change, words)
    for passage in change.passages:
        if passage.field == "name":
            yield words("renamed-from", name=passage.old)
        else:
            old, new = (text or words("text-nothing") for text in (passage.old, passage.new))
            yield words("passage", field=_field(passage, words), old=old, new=new)
    if change.by_order:
        yield words("by-order")
    if change.certainty is not Certainty.TEXT:
        yield words(f"certainty-{change.certainty}")
    for cell in change.cells:
        for said in proposed((cell.old, cell.new), words):
            alone = len(change.cells) == 1
            yield said if alone else words("point", subject=cell.measure, said=said)
