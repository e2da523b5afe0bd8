"""One PDF read from end to end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archive import forms
from archive.forms import Form, Layout
from archive.masking import mask_document
from archive.model import Document, Facts, Paragraph, RawTable, Remark, Statement
from archive.text import blocks, columns, edges
from archive.text.captions import titled, unit_in, without_unit
from archive.text.claims import with_claims
from archive.text.classified import classified
from archive.text.doubting import doubted, part_missing
from archive.text.facts import facts
from archive.text.flaws import figures_outside, flaws
from archive.text.frames import ROWS_OUTSIDE, opened, rows_first
from archive.text.grid import Grid, grids, mark_scanned, mark_shown
from archive.text.lines import Line, lines
from archive.text.optical import identity, installed
from archive.text.optical.confirmation import with_confirmations
from archive.text.optical.precision import without_lost_points
from archive.text.page import Page
from archive.text.parting import parted
from archive.text.peeling import peeled
from archive.text.prose import Prose
from archive.text.raw import raw
from archive.text.regions import TITLED
from archive.text.repair import reading
from archive.text.splitting import split
from archive.text.statements import statement
from archive.text.tables import Assembler, Table, spread
from archive.text.unruled import Refused, Unruled
from archive.text.wings import widened

EXTRACTOR: Final = "pdf-text/5"
"""Reader and version. It changes whenever the same bytes could give another Document."""

_TITLE_ABOVE: Final = 80
"""A title stands at most this far (points) above its ruled table."""


def read(data: bytes, *, optically: bool = False) -> Document:
    """Read a PDF's tables and prose, private data masked.

    With `optically`, what it shows as pictures is read too; that needs `mingzhang[ocr]`.

    Raises:
        Unreadable: the bytes cannot be read; the reason and page are named.
    """
    seen = see_pdf(data, optically=optically)
    document = Document(
        original=hashlib.sha256(data).hexdigest(),
        media_type="application/pdf",
        extractor=extractor(recognised=any(r.code == "page-recognised" for r in seen.remarks)),
        pages=seen.pages,
        facts=seen.facts,
        statements=tuple(seen.statements),
        tables=tuple(seen.tables),
        prose=seen.prose,
        remarks=tuple(seen.remarks),
    )
    document = with_claims(mask_document(document))
    return with_confirmations(without_lost_points(document)) if optically else document


def _see_pictures(ink: Iterable[Page], data: bytes) -> Seen:
    from archive.text.optical.reading import recognised

    return see(recognised(ink, data))


def extractor(*, recognised: bool) -> str:
    """Identity of what read a document: with the recogniser where it was needed.

    A document without pictures is read alike with and without `mingzhang[ocr]`, and says so.
    """
    return f"{EXTRACTOR} {identity()}" if recognised and installed() else EXTRACTOR


def see_pdf(data: bytes, *, optically: bool = False) -> Seen:
    """What is in a PDF, before masking. Raises Unreadable."""
    seen, mended = reading(data, _see_pictures if optically else lambda ink, _: see(ink))
    seen.remarks = [*mended, *seen.remarks]
    return seen


@dataclass
class Seen:
    """What pages of ink amount to, before masking."""

    pages: int
    facts: Facts
    statements: list[Statement]
    tables: list[RawTable]
    prose: tuple[Paragraph, ...]
    remarks: list[Remark]
    readers: tuple[str, ...] = ()
    """The readers of an archive's members."""


def see(ink: Iterable[Page]) -> Seen:
    """Make statements, tables, prose and facts of pages in order."""
    assembler, prose = Assembler(), Prose()
    unruled = Unruled()
    refused: list[RawTable] = []
    remarks: list[Remark] = []
    count = 0
    for page in ink:
        count = page.number
        found, outside = grids(page, assembler.unfinished)
        goes_on = unruled.parted or unruled.lost or _unruled(assembler.unfinished)
        found, outside = opened(page, found, outside, goes_on=bool(goes_on))
        if assembler.rowless and rows_first(outside, found):
            assembler.doubt(ROWS_OUTSIDE)
        found, captions = peeled(found)
        for index, grid in enumerate(found):
            split(grid, assembler.unfinished if index == 0 else None)
        text = lines(outside)
        if unruled.parted or unruled.lost or _may_be_unruled(found, text, assembler):
            more = unruled.page(page, found, outside, _unruled(assembler.unfinished))
            found = sorted([*found, *more.grids], key=lambda grid: -grid.box.y1)
            text = lines(more.outside)
            refused += _refused(more.refused, assembler)
        edges.mark(page, found)
        if page.scanned or page.layered:
            mark_scanned(page, found)
        if page.turned or page.leans:
            mark_shown(page, found)
        remarks += flaws(page)
        rest = assembler.page(found, _with(captions, text))
        if unruled.lost:
            assembler.close()
        remarks += figures_outside((line.text for line in rest), page.number)
        prose.page(page.number, page.width, rest)
    paragraphs = prose.finish()
    known, disagreements = facts(paragraphs, assembler.tables)
    remarks += disagreements
    statements, tables = statements_in(assembler.tables, known, remarks, refused)
    return Seen(count, known, statements, tables, paragraphs, remarks)


def _with(captions: list[Line], text: list[Line]) -> list[Line]:
    """The lines of a page from top to bottom, with those taken out of frames."""
    return sorted([*text, *captions], key=lambda line: -line.y1) if captions else text


def _may_be_unruled(found: list[Grid], text: list[Line], assembler: Assembler) -> bool:
    """Whether a table may stand among the lines outside all ruled tables."""
    if not found and _unruled(assembler.unfinished):
        return True
    return any(
        TITLED.search(without_unit(line.text))
        and titled(line.text, above)
        and not any(grid.box.y1 < line.y0 < grid.box.y1 + _TITLE_ABOVE for grid in found)
        for above, line in zip(["", *(line.text for line in text)], text, strict=False)
    )


def _refused(found: Iterable[Refused], assembler: Assembler) -> Iterable[RawTable]:
    """Tables that alignment does not tell apart, as raw tables; what they carry on is in doubt."""
    for table in found:
        if table.continued:
            assembler.doubt(table.reason)
        yield RawTable(table.title, (table.page,), table.rows, table.reason)


def _unruled(grid: Grid | None) -> Grid | None:
    return grid if grid is not None and grid.aligned else None


def statements_in(
    tables: list[Table], known: Facts, remarks: list[Remark], refused: Iterable[RawTable] = ()
) -> tuple[list[Statement], list[RawTable]]:
    """The statements that forms read, and what no form does; `remarks` takes what is to be said.

    `refused` are tables that could not be laid out; of what they may be a part, nothing is shown.
    """
    read: list[tuple[Table | None, Statement, list[Remark]]] = []
    kept: list[RawTable] = []
    laid = parted(tables)
    for table in laid:
        spread(table)
    for table in widened(table for table in laid if table.rows):
        head = columns.analyse(table.rows)
        _take_spanning(table, head)
        form, reason = _form(table, head, known)
        if form is None or table.doubt:
            kept.append(raw(table.title, table.rows, table.doubt or reason))
            continue
        if form.layout is Layout.BLOCKS:
            read += _in_blocks(table, form, kept)
            continue
        year = forms.title_of(table.title).year
        result, said = statement(table, head, form, year)
        doubt = doubted(table, result.items, said)
        if doubt:
            kept.append(raw(table.title, table.rows, doubt))
            continue
        read.append((table, classified(result, year or known.year), said))
    kept += refused
    statements: list[Statement] = []
    for source, result, said in read:
        reason = part_missing(source, result, kept) if source else ""
        if source and reason:
            kept.append(raw(source.title, source.rows, reason))
            continue
        statements.append(result)
        remarks += said
    return statements, kept


def _in_blocks(
    table: Table, form: Form, kept: list[RawTable]
) -> Iterable[tuple[None, Statement, list[Remark]]]:
    reading = blocks.read(table, form)
    if reading is None:
        reason = f"titled like {form.title}, but its rows are of another form"
        kept.append(raw(table.title, table.rows, reason))
        return
    yield None, reading.statement, list(reading.remarks)
    if reading.rest is not None:
        kept.append(reading.rest)


def _take_spanning(table: Table, head: columns.Head) -> None:
    """A title or unit printed inside the frame, over the whole width."""
    for text in head.spanning:
        if not table.title and forms.identify(text):
            table.title = text
        if table.unit is None:
            table.unit = unit_in(text)


def _form(table: Table, head: columns.Head, known: Facts) -> tuple[Form | None, str]:
    """The form a table follows: its title names it and its head must bear it out."""
    if not table.title:
        return None, "no title above the table"
    candidates = forms.identify(table.title)
    if not candidates:
        return None, "no form has this title"
    if len(candidates) > 1:
        candidates = tuple(form for form in candidates if form.kind is known.kind)
    if len(candidates) != 1:
        return None, "several forms have this title"
    form = candidates[0]
    if form.layout is Layout.TABLE and not _bears_out(head, form):
        return None, f"titled like {form.title}, but its head is another"
    if form.layout is Layout.TABLE and not form.across and not _names_rows(head):
        return None, f"titled like {form.title}, but no column names its rows"
    if form.sided and not columns.groups(head.leaves, form)[-1].money:
        return None, f"titled like {form.title}, but its last columns are missing"
    if form.sided and table.aligned and _one_sided(head, form):
        return None, f"titled like {form.title}, but one of its sides is missing"
    return form, ""


def _bears_out(head: columns.Head, form: Form) -> bool:
    columns.assign(head.leaves, form)
    grouped = columns.groups(head.leaves, form)
    if any(form.measure(leaf.header) for group in grouped for leaf in group.money):
        return True
    return form.across and len(head.leaves) >= 4


def _one_sided(head: columns.Head, form: Form) -> bool:
    """Whether only income, or only expenditure, stands in a table that is placed by alignment: the
    other side may lie beyond the edge of the page."""
    return len({group.side for group in columns.groups(head.leaves, form)}) == 1


def _names_rows(head: columns.Head) -> bool:
    return any(leaf.role is not columns.Role.MONEY for leaf in head.leaves)


__all__ = ["EXTRACTOR", "Seen", "extractor", "read", "see", "see_pdf", "statements_in"]
