"""One PDF read from end to end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archive import forms
from archive.forms import Form
from archive.masking import mask_document
from archive.model import Document, Facts, Paragraph, RawTable, Remark, Statement
from archive.text import columns
from archive.text.device import Page
from archive.text.facts import facts
from archive.text.grid import grids
from archive.text.lines import joined, lines
from archive.text.pdf import pages
from archive.text.prose import Prose
from archive.text.statements import statement
from archive.text.tables import Assembler, Table, spread, unit_in

EXTRACTOR: Final = "pdf-text/1"
"""Reader and version. It changes whenever the same bytes could give another Document."""

_FEW_CHARS: Final = 40
_LARGE_IMAGE: Final = 0.08
"""An image over this share of the page may hold a table."""
_UNDEFINED_SHARE: Final = 0.01


def read(data: bytes) -> Document:
    """Read a PDF's tables and prose, private data masked.

    Raises:
        Unreadable: the bytes cannot be read; the reason and page are named.
    """
    seen = see(pages(data))
    document = Document(
        original=hashlib.sha256(data).hexdigest(),
        media_type="application/pdf",
        extractor=EXTRACTOR,
        pages=seen.pages,
        facts=seen.facts,
        statements=tuple(seen.statements),
        tables=tuple(seen.tables),
        prose=seen.prose,
        remarks=tuple(seen.remarks),
    )
    return mask_document(document)


@dataclass
class Seen:
    """What pages of ink amount to, before masking."""

    pages: int
    facts: Facts
    statements: list[Statement]
    tables: list[RawTable]
    prose: tuple[Paragraph, ...]
    remarks: list[Remark]


def see(ink: Iterable[Page]) -> Seen:
    """Make statements, tables, prose and facts of pages in order."""
    assembler, prose = Assembler(), Prose()
    remarks: list[Remark] = []
    count = 0
    for page in ink:
        count = page.number
        found, outside = grids(page)
        remarks += _page_remarks(page)
        prose.page(page.number, page.width, assembler.page(found, lines(outside)))
    paragraphs = prose.finish()
    known, disagreements = facts(paragraphs, assembler.tables)
    remarks += disagreements
    statements, tables = _statements(assembler.tables, known, remarks)
    return Seen(count, known, statements, tables, paragraphs, remarks)


def _page_remarks(page: Page) -> list[Remark]:
    out = []
    area = page.width * page.height or 1
    pictured = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.images) / area
    if pictured >= _LARGE_IMAGE:
        what = "page-image" if len(page.chars) < _FEW_CHARS else "image-on-page"
        out.append(Remark(what, "页面上有图片，图片中的文字未读取", page.number))
    if page.undefined > _UNDEFINED_SHARE * max(len(page.chars), 1):
        message = f"{page.undefined} of {len(page.chars)} characters have no meaning in their font"
        out.append(Remark("characters-undefined", message, page.number))
    if page.hidden:
        message = f"{page.hidden} characters are drawn invisibly (a recognition layer)"
        out.append(Remark("text-hidden", message, page.number))
    return out


def _statements(
    tables: list[Table], known: Facts, remarks: list[Remark]
) -> tuple[list[Statement], list[RawTable]]:
    statements: list[Statement] = []
    raw: list[RawTable] = []
    for table in tables:
        spread(table)
        if not table.rows:
            continue
        head = columns.analyse(table.rows)
        _take_spanning(table, head)
        form, reason = _form(table, head, known)
        if form is None:
            raw.append(_raw(table, reason))
            continue
        year = forms.title_of(table.title).year
        result, said = statement(table, head, form, year)
        statements.append(result)
        remarks += said
    return statements, raw


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
    if not _bears_out(head, form):
        return None, f"titled like {form.title}, but its head is another"
    return form, ""


def _bears_out(head: columns.Head, form: Form) -> bool:
    columns.assign(head.leaves, form)
    grouped = columns.groups(head.leaves, form)
    if any(form.measure(leaf.header) for group in grouped for leaf in group.money):
        return True
    return form.across and len(head.leaves) >= 4


def _raw(table: Table, reason: str) -> RawTable:
    rows = []
    for row in table.rows:
        own = {id(cell) for cell in columns.own(row)}
        cells: list[str | None] = []
        for cell in row:
            cells.append(joined(line.text for line in cell.lines) if id(cell) in own else None)
            own.discard(id(cell))
        rows.append(tuple(cells))
    return RawTable(table.title, table.pages, tuple(rows), reason)


__all__ = ["EXTRACTOR", "read"]
