"""Documents whose article is gone or back, as far as nothing was committed of it yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from archive.events import Entry
from archive.ledger import Ledger, Missing
from archive.model import ChangeKind, Source
from archive.verdict import is_withdrawn, last_published

if TYPE_CHECKING:
    from archive.repository import Archive

__all__ = ["Due", "absences_due"]


class Due(msgspec.Struct, frozen=True):
    """A document and the article it was published under."""

    document_id: str
    page: str
    missing: Missing | None
    """How the article is missing; None for one that is there again."""
    withdrawn_at: int = 0
    """Where in the ledger its withdrawal stands, for an article that is there again."""

    @property
    def division(self) -> str:
        """The division the document belongs to."""
        return self.document_id.partition("/")[0]

    @property
    def since(self) -> datetime | None:
        """When the article was first found absent."""
        return self.missing.since if self.missing else None

    def verdict(self, entries: list[Entry], ledger: Ledger) -> tuple[ChangeKind | None, Source]:
        """What is to be committed of it, and where and when that was seen; None for nothing.

        `entries` are the document's events, newest first.
        """
        newest = last_published(entries)
        nothing = None, Source(url="")
        if newest is None:
            return nothing
        if self.missing is None:
            look = ledger.last_look(newest.originals[0], self.page)
            back = look is not None and look[0] > self.withdrawn_at and is_withdrawn(entries)
            return (ChangeKind.RETURN, look[1].source) if back and look else nothing
        if newest.source_page != self.page or is_withdrawn(entries):
            return nothing
        moved = _seen_elsewhere(newest, self.missing, ledger, self.missing.portal)
        if moved is not None:
            return ChangeKind.MIGRATION, moved
        source = Source(
            url=newest.source_url,
            page_url=self.page,
            published=newest.published,
            observed=self.missing.last,
            status=self.missing.status,
        )
        return ChangeKind.WITHDRAWAL, source

    def elsewhere(self, entries: list[Entry], ledger: Ledger) -> bool:
        """Whether the same bytes were seen under another article since this one is missing."""
        newest = last_published(entries)
        if newest is None or self.missing is None:
            return False
        return _seen_elsewhere(newest, self.missing, ledger, None) is not None


def absences_due(archive: Archive) -> list[Due]:
    """Every document with something to commit, ordered by document id.

    Asks the repositories before anything is locked, so that what was settled long ago costs no
    writing session.
    """
    found = [one for one in _candidates(archive.ledger) if _is_due(one, archive)]
    return sorted(found, key=lambda one: (one.document_id, one.page))


def _candidates(ledger: Ledger) -> Iterator[Due]:
    missing, fates = ledger.missing(), ledger.fates()
    for page, one in missing.items():
        for document_id in ledger.filed_under(page) if one.confirmed else ():
            fate = fates.get(document_id)
            if fate is None or fate.kind is not ChangeKind.WITHDRAWAL or fate.page != page:
                yield Due(document_id, page, one)
    for document_id, fate in fates.items():
        if fate.kind is ChangeKind.WITHDRAWAL and fate.page not in missing:
            yield Due(document_id, fate.page, None, fate.position)


def _is_due(one: Due, archive: Archive) -> bool:
    entries = archive.repository(one.division).history(one.document_id)
    return one.verdict(entries, archive.ledger)[0] is not None


def _seen_elsewhere(
    newest: Entry, missing: Missing, ledger: Ledger, portal: str | None
) -> Source | None:
    """The last look that found the same bytes under another article since this one is missing.

    With a portal only its own articles count.
    """
    looks = []
    for page in {page for _, page in ledger.places(newest.originals[0])} - {"", missing.url}:
        look = ledger.last_look(newest.originals[0], page)
        own = portal in (None, ledger.portal_of(page))
        if look is not None and look[0] > missing.position and own:
            looks.append(look)
    return max(looks, key=lambda look: look[0])[1].source if looks else None
