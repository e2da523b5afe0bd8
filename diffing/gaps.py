"""What of a document was not read: what may stand there is not called missing.

A table that became a picture, or one kept as cells because it follows no form, is still
published. Only where a document was read is a line that is not found "不再列示". What was
recognised from a picture may be misread in its names and codes and not only in its figures: a line
of it that is not found again, or is not found in it, is neither new nor gone.
"""

from __future__ import annotations

from typing import Final

from archive.forms import identify
from archive.model import Certainty, Document, RawTable, Statement
from diffing.names import bare_title
from diffing.roles import Table, table_of
from diffing.sums import adds_up

__all__ = [
    "recognised_in",
    "recognised_pages",
    "tables_left",
    "unread_beside",
    "unread_pages",
    "unread_whole",
]

_UNSEEN: Final = frozenset(
    {
        "page-image",
        "image-on-page",
        "characters-undefined",
        "content-odd",
        "figures-outside",
        "sheet-hidden",
        "table-missing",
        "text-sideways",
    }
)
"""Codes of remarks that say something printed on the page did not become text."""

_SEEN: Final = frozenset({"page-recognised", "text-layered"})
"""Codes of remarks that say that a page's text was recognised from a picture."""
_IMAGED: Final = frozenset({Certainty.RECOGNISED, Certainty.CONFIRMED})


def recognised_pages(document: Document) -> tuple[int, ...]:
    """Pages of which some text was recognised from a picture."""
    return tuple(sorted({r.page for r in document.remarks if r.code in _SEEN and r.page}))


def recognised_in(document: Document, statement: Statement) -> tuple[int, ...]:
    """Pages on which rows of a statement were, or may have been, recognised from a picture.

    They are the pages of its recognised figures, confirmed ones too: sums confirm no name and no
    code. Recognised pages beside them count as well, unless its rows add up to its total.
    """
    text = Certainty.TEXT
    own = {
        amount.at.page if amount.at else item.page
        for item in statement.items
        for amount in item.amounts.values()
        if amount.certainty is not text and amount.certainty in _IMAGED
    }
    seen = recognised_pages(document)
    if seen and statement.pages and not adds_up(statement):
        near = range(min(statement.pages), max(statement.pages) + 2)
        own.update(page for page in seen if page in near)
    return tuple(sorted(own))


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

    They are the pages of a table of its title that is kept as cells, or else all pages not read,
    and those recognised from a picture that hold no statement: a title may be misread.
    """
    kept = {page for t in document.tables if _alike(t, statement) for page in t.pages}
    if kept:
        return tuple(sorted(kept))
    placed = {page for s in document.statements for page in s.pages}
    seen = (page for page in recognised_pages(document) if page not in placed)
    return tuple(sorted({*unread_pages(document), *seen}))


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
