"""What of a document was not read: what may stand there is not called missing.

A table that became a picture, or one kept as cells because it follows no form, is still
published. Only where a document was read is a line that is not found "不再列示".
"""

from __future__ import annotations

from typing import Final

from archive.forms import identify
from archive.model import Document, RawTable, Statement
from diffing.names import bare_title
from diffing.roles import Table, table_of
from diffing.sums import adds_up

__all__ = ["tables_left", "unread_beside", "unread_pages", "unread_whole"]

_UNSEEN: Final = frozenset(
    {
        "page-image",
        "image-on-page",
        "characters-undefined",
        "content-odd",
        "sheet-hidden",
        "table-missing",
        "text-sideways",
    }
)
"""Codes of remarks that say something printed on the page did not become text."""


def unread_pages(document: Document) -> tuple[int, ...]:
    """Pages on which something printed did not become text, such as a picture of a table."""
    return tuple(sorted({r.page for r in document.remarks if r.code in _UNSEEN and r.page}))


def tables_left(document: Document) -> tuple[RawTable, ...]:
    """Tables kept as cells that may hold statements; left-over rows of performance forms do not."""
    return tuple(
        table
        for table in document.tables
        if not any(table_of(form.id) is Table.PERFORMANCE for form in identify(table.title))
    )


def unread_whole(document: Document, statement: Statement) -> tuple[int, ...]:
    """Pages where a statement may stand that was not found in a document.

    They are the pages of a table of its title that is kept as cells, or else all pages not read.
    """
    kept = {page for t in document.tables if _alike(t, statement) for page in t.pages}
    return tuple(sorted(kept)) or unread_pages(document)


def unread_beside(document: Document, statement: Statement) -> tuple[int, ...]:
    """Pages where rows of a statement may stand that were not found in it.

    They are its own pages and the next one, where they were not wholly read or hold a table kept
    as cells that may be its continuation. None where its rows add up to its total: then no row
    was overlooked.
    """
    if not statement.pages:
        return ()
    near = range(min(statement.pages), max(statement.pages) + 2)
    doubtful = {page for page in unread_pages(document) if page in near}
    for table in document.tables:
        if not table.title or _alike(table, statement):
            doubtful.update(page for page in table.pages if page in near)
    return tuple(sorted(doubtful)) if doubtful and not adds_up(statement) else ()


def _alike(table: RawTable, statement: Statement) -> bool:
    if not table.title:
        return False
    same_title = bare_title(table.title) == bare_title(statement.title)
    return same_title or any(form.id == statement.form for form in identify(table.title))
