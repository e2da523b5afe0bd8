"""What one original means for the document it belongs to: a new version, or not, and why."""

from __future__ import annotations

import msgspec

from archive.events import Entry, is_local
from archive.files import content_equal, same_reading
from archive.ledger import Ledger, Pending, Status
from archive.model import ChangeKind, Document

__all__ = ["Verdict", "judge", "judge_change", "last_published"]


class Verdict(msgspec.Struct, frozen=True):
    """Commit it as `kind`, or leave the document as it is with a status and a reason."""

    kind: ChangeKind | None
    status: Status = "committed"
    message: str = ""
    note: str = ""
    """What a reader of the log should know of the kind, in Chinese; "" for the usual."""
    beside: tuple[str, ...] = ()
    """Addresses of the files that keep it from being filed as long as they are linked too."""


def last_published(entries: list[Entry]) -> Entry | None:
    """The newest event that was the publisher's doing; reading better is ours."""
    return next((e for e in entries if e.kind is not ChangeKind.RE_EXTRACTION), None)


def judge(pending: Pending, entries: list[Entry], ledger: Ledger, correction: bool) -> Verdict:
    """The verdict as far as bytes, addresses and dates go.

    `entries` are the document's events, newest first. A verdict of REVISION or CORRECTION still
    has to be held against the content (`judge_change`).
    """
    newest = last_published(entries)
    if newest is None:
        return Verdict(ChangeKind.FIRST)
    seen = pending.observation
    if seen.sha256 in newest.originals:
        return Verdict(None, "unchanged", _again(pending, newest))
    if any(seen.sha256 in entry.originals for entry in entries) and not _moved(
        pending, newest, ledger
    ):
        where = "" if is_local(seen.source.url) else ", shown at another address"
        return Verdict(None, "unchanged", f"an older version{where}")
    late = _late(pending, newest, ledger)
    if late:
        return Verdict(None, "unfiled", late)
    if not correction and _beside(pending, newest, ledger):
        message = (
            "its page still links the archived file of this document too: this is another file"
            " beside it, not a new version"
        )
        return Verdict(None, "unfiled", message, beside=(newest.source_url,))
    return Verdict(ChangeKind.CORRECTION if correction else ChangeKind.REVISION)


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


def _late(pending: Pending, newest: Entry, ledger: Ledger) -> str:
    """Why an original comes too late to be the newest version; "" if it does not."""
    run = ledger.run_of_commit(newest.commit)
    if run is not None and pending.run_order < run:
        return "seen before the version already archived: kept as an original, not committed"
    seen = pending.observation
    claimed = seen.source.published
    if seen.insisted and claimed and newest.published and claimed < newest.published:
        return (
            f"published {claimed}, before the version already archived ({newest.published}):"
            " kept as an original, not committed"
        )
    return ""


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
