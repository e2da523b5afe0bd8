"""How a figure is cited: whose document, of which day, on which page, in which version.

The Chinese form follows GB/T 7714 for online documents: 责任者. 题名[EB/OL]. (公布日期)[收录日期].
网址. What that standard has no place for, page, table and row of a figure, the version in the
archive and the sha256 of the original, follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archive.clock import day_of
from archive.events import is_local
from archive.model import Locator, Statement

if TYPE_CHECKING:
    from diffing.versions import Version, Where
    from diffing.words import Wording

__all__ = ["citation", "statement_at"]

_COMMIT: Final = 7


def citation(version: Version, at: Where | None, words: Wording) -> str:
    """One line to copy: the document, or one place in it.

    Title and agency are as in the digest (masked like all of it); a date that is not known is left
    out, and so is the address of a file that was brought by hand.
    """
    entry = version.entry
    title = version.document.facts.title or words.document(version)
    days = ""
    if version.published:
        days += words("citing-published", date=version.published.isoformat())
    if entry and entry.observed:
        key = "citing-observed" if version.published else "citing-observed-only"
        days += words(key, date=day_of(entry.observed).isoformat())
    parts = [words("citing-title", agency=version.agency, title=title), days]
    if entry and not is_local(entry.source_url):
        parts.append(entry.source_url)
    if at is not None:
        parts.append(_place(version, at, words))
    if version.commit:
        parts.append(words("citing-version", commit=version.commit[:_COMMIT]))
    parts.append(words("citing-original", sha=version.document.original))
    return words("citing-joint").join(part for part in parts if part) + words("citing-end")


def _place(version: Version, at: Where, words: Wording) -> str:
    """Page, table and row of a figure."""
    statement = statement_at(version, at)
    if statement is None:
        return words("citing-row" if at.row else "citing-page", page=at.page, row=at.row)
    return words("citing-cell", page=at.page, row=at.row, statement=statement.title)


def statement_at(version: Version, at: Where) -> Statement | None:
    """The one statement that has the row of a place; None where none or several do."""
    found = [
        statement
        for statement in version.document.statements
        if at.row
        and at.page in statement.pages
        and any(
            _same(amount.at, at) for item in statement.items for amount in item.amounts.values()
        )
    ]
    return found[0] if len(found) == 1 else None


def _same(locator: Locator | None, at: Where) -> bool:
    return (
        locator is not None
        and (locator.page, locator.row) == (at.page, at.row)
        and at.column in (0, locator.column)
        and at.box in (None, locator.box)
    )
