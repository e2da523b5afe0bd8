"""What one original means for the document it belongs to: a new version, or not, and why."""

from __future__ import annotations

from datetime import date

import msgspec

from archive.events import Entry, State, is_local, is_version
from archive.files import content_equal, partly_unread, same_reading
from archive.ledger import Ledger, Pending, Status
from archive.model import ChangeKind, Document
from archive.readings import recogniser

__all__ = [
    "Verdict",
    "is_withdrawn",
    "judge",
    "judge_change",
    "judge_reading",
    "last_published",
]


class Verdict(msgspec.Struct, frozen=True):
    """Commit it as `kind`, or leave the document as it is with a status and a reason."""

    kind: ChangeKind | None
    status: Status = "committed"
    message: str = ""
    note: str = ""
    """What a reader of the log should know of the kind, in Chinese; "" for the usual."""
    beside: tuple[str, ...] = ()
    """Addresses of the files that keep it from being filed as long as they are linked too."""
    state: State | None = None
    returned: bool = False
    """The document was withdrawn and comes back with other bytes."""


def last_published(entries: list[Entry]) -> Entry | None:
    """The newest version the publisher made, at the address that last showed it.

    Reading better is our doing, not his. `entries` are a document's events, newest first.
    """
    place: Entry | None = None
    for entry in entries:
        if is_version(entry) and entry.kind is not ChangeKind.RE_EXTRACTION:
            if place is None:
                return entry
            return msgspec.structs.replace(
                entry, source_url=place.source_url, source_page=place.source_page
            )
        if entry.kind in (ChangeKind.MIGRATION, ChangeKind.RETURN) and place is None:
            place = entry
    return None


def is_withdrawn(entries: list[Entry]) -> bool:
    """Whether the newest word on the document's place is that it was withdrawn."""
    for entry in entries:
        if entry.kind is ChangeKind.WITHDRAWAL:
            return True
        if entry.kind in (ChangeKind.MIGRATION, ChangeKind.RETURN):
            return False
        if is_version(entry) and entry.kind is not ChangeKind.RE_EXTRACTION:
            return False
    return False


def judge(pending: Pending, entries: list[Entry], ledger: Ledger, correction: bool) -> Verdict:
    """The verdict as far as bytes, addresses and dates go.

    `entries` are the document's events, newest first. A verdict of REVISION or CORRECTION still
    has to be held against the content (`judge_change`).
    """
    newest = last_published(entries)
    seen = pending.observation
    if seen.backfill:
        return _backfill(seen.source.published, pending, entries)
    if newest is None:
        return Verdict(ChangeKind.FIRST)
    if seen.sha256 in newest.originals:
        return _same_bytes(pending, newest, entries, ledger)
    if any(seen.sha256 in entry.originals for entry in entries) and not _moved(
        pending, newest, ledger
    ):
        where = "" if is_local(seen.source.url) else ", shown at another address"
        return Verdict(None, "unchanged", f"an older version{where}")
    run = ledger.run_of_commit(newest.commit)
    if run is not None and pending.run_order < run:
        late = "seen before the version already archived: kept as an original, not committed"
        return Verdict(None, "unfiled", late)
    if _claims_to_be_older(pending, newest):
        return Verdict(ChangeKind.BACKFILL, state=State.EARLIER)
    if not correction and _beside(pending, newest, ledger):
        message = (
            "its page still links the archived file of this document too: this is another file"
            " beside it, not a new version"
        )
        return Verdict(None, "unfiled", message, beside=(newest.source_url,))
    kind = ChangeKind.CORRECTION if correction else ChangeKind.REVISION
    return Verdict(kind, returned=is_withdrawn(entries))


def _same_bytes(pending: Pending, newest: Entry, entries: list[Entry], ledger: Ledger) -> Verdict:
    """The newest version again: back after a withdrawal, at another address, or nothing new."""
    source = pending.observation.source
    again = Verdict(None, "unchanged", _again(pending, newest))
    if is_local(source.url):
        return again
    portal = ledger.portal_of(newest.source_page)
    at_home = bool(source.page_url) and source.portal == portal
    if is_withdrawn(entries) and (at_home or source.page_url == newest.source_page):
        return Verdict(ChangeKind.RETURN, state=State.UNCHANGED)
    known = any(
        source.url == entry.source_url or (source.page_url and source.page_url == entry.source_page)
        for entry in entries
    )
    if known or source.page_url == newest.source_page:
        return again
    if at_home and newest.source_page in ledger.missing():
        return Verdict(ChangeKind.MIGRATION)
    return Verdict(ChangeKind.MIRROR)


def _backfill(published: date | None, pending: Pending, entries: list[Entry]) -> Verdict:
    """Where a version entered later stands among those there are, by the dates claimed.

    A version that a crawl has seen stays the current one: it is what is published now.
    """
    sha256 = pending.observation.sha256 or ""
    if any(sha256 in entry.originals for entry in entries):
        return Verdict(None, "unchanged", "already archived")
    if published is None:
        message = "no date of publication is claimed for it; state one to file it as a backfill"
        return Verdict(None, "unfiled", message)
    newest = last_published(entries)
    if newest is None:
        return Verdict(ChangeKind.BACKFILL, state=State.CURRENT)
    after = (published, sha256) > (newest.published or date.min, newest.originals[0])
    current = newest.kind is ChangeKind.BACKFILL and after
    return Verdict(ChangeKind.BACKFILL, state=State.CURRENT if current else State.EARLIER)


def judge_change(verdict: Verdict, old: Document, new: Document) -> Verdict:
    """A revision or correction held against what the old and the new file say.

    Both must have been read by the same extractor. A file of which no table could be read never
    replaces a version with tables: it would make every line look deleted.
    """
    if old.statements and not new.statements:
        message = (
            f"no statement could be read in it; the archived version, which has"
            f" {len(old.statements)}, is left standing"
        )
        return Verdict(None, "unreadable", message)
    if content_equal(old, new):
        return Verdict(ChangeKind.BYTES_ONLY)
    if same_reading(old, new):
        return msgspec.structs.replace(verdict, note="读出的内容相同，但有未能读取之处")
    return verdict


def judge_reading(verdict: Verdict, old: Document, new: Document, here: str) -> Verdict:
    """The verdict held against what this installation (`here`) can read at all.

    Where the archived version was read with a recogniser of page images, a new one that shows
    pictures waits for an installation that has one: read without it, its tables would look deleted.
    """
    richer = recogniser(old.extractor) and not recogniser(here)
    if verdict.kind is None or not richer or not partly_unread(new):
        return verdict
    message = (
        "it shows pictures, which the archived version was read with and this installation cannot"
        " read: install mingzhang[ocr], then run again"
    )
    return Verdict(None, "unreadable", message)


def _again(pending: Pending, newest: Entry) -> str:
    url = pending.observation.source.url
    if url == newest.source_url or is_local(url):
        return "already archived"
    return "already archived, also shown at this address"


def _moved(pending: Pending, newest: Entry, ledger: Ledger) -> bool:
    """True if this address or page showed the newest version before: then it was put back."""
    source = pending.observation.source
    if is_local(source.url):
        return False  # the name of an operator's file says nothing about the publisher
    places = {place for sha256 in newest.originals for place in ledger.places(sha256)}
    return any(
        source.url == url or (source.page_url and source.page_url == page) for url, page in places
    )


def _claims_to_be_older(pending: Pending, newest: Entry) -> bool:
    """An operator's file with a claimed date before that of the newest version."""
    seen = pending.observation
    claimed = seen.source.published
    return bool(seen.insisted and claimed and newest.published and claimed < newest.published)


def _beside(pending: Pending, newest: Entry, ledger: Ledger) -> bool:
    """True if the page of the newest version still linked it when this file was last seen there."""
    source = pending.observation.source
    if not source.page_url or source.page_url != newest.source_page:
        return False
    if source.url == newest.source_url:
        return False
    other = ledger.last_seen(newest.source_url)
    return (
        other is not None
        and other.sha256 in newest.originals
        and ledger.looked(newest.source_url) >= ledger.looked(source.url)
    )
