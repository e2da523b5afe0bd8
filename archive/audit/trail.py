"""Do the trailers of every commit and the rows of the ledger bear each other out?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from archive.audit.report import Report
from archive.events import Entry
from archive.index import Commit, Index
from archive.ledger import Done, Ledger, Made, Observation
from archive.model import ChangeKind

__all__ = ["Rows", "check_ledger", "check_trailers", "read_rows"]


class Rows(msgspec.Struct):
    """What the ledger says that an audit asks for."""

    commits: dict[str, tuple[str, str, str]] = {}
    """Commit -> document id, kind, sha256 ("" where the row names none)."""
    seen: set[tuple[str, str]] = set()
    """Bytes (sha256) and the address that showed them."""
    originals: dict[str, str] = {}
    """Bytes and the first address that showed them."""


def read_rows(ledger: Ledger) -> Rows:
    """Read the ledger once. Raises ChainDamaged naming the line that is no row."""
    rows = Rows()
    for row in ledger.rows():
        match row:
            case Observation(sha256=str() as sha256):
                rows.seen.add((sha256, row.source.url))
                rows.originals.setdefault(sha256, row.source.url)
            case Done(status="committed"):
                rows.commits[row.commit] = (row.document_id, str(row.kind), row.sha256)
            case Made(commit=str() as commit) if commit:
                rows.commits[commit] = (row.document_id, str(row.kind), "")
    return rows


def check_trailers(index: Index, name: str, report: Report) -> list[Commit]:
    """Every commit's trailers can be read; returns the events."""
    for commit, reason in index.unreadable():
        report.fault("trailers", f"{name} {commit}", reason.partition(": ")[2] or reason)
    events, others = [], 0
    for one in index.commits():
        if one.entry is not None:
            events.append(one)
        elif one.number > 1:
            others += 1
            message = "a commit without a Document-Id: the archive did not make it"
            report.fault("trailers", f"{name} {one.commit}", message)
    report.checked.append(f"{name}: the trailers of {len(events)} events read")
    return events


def check_ledger(
    events: Iterable[Commit], rows: Rows, division: str, report: Report
) -> Iterator[tuple[str, str]]:
    """Trailers against the ledger, both ways; yields originals spoken of and by whom."""
    there = set()
    for one in events:
        entry = one.entry
        if entry is None:
            continue
        there.add(one.commit)
        where = f"{division} {one.commit}"
        for message in _disagreements(entry, rows):
            report.fault("ledger", where, message)
        yield from ((sha256, f"commit {one.commit}") for sha256 in entry.originals)
    for commit, (document_id, kind, _) in rows.commits.items():
        if document_id.partition("/")[0] == division and commit not in there:
            message = (
                f"the ledger says that this commit was made ({kind} of {document_id}), but the"
                " history does not hold it: it was rewritten or cut off"
            )
            report.fault("ledger", f"{division} {commit}", message)
    report.checked.append(f"{division}: trailers and ledger held against each other both ways")


def _disagreements(entry: Entry, rows: Rows) -> Iterator[str]:
    said = rows.commits.get(entry.commit)
    if said is None:
        yield f"the ledger does not know this commit ({entry.subject})"
        return
    document_id, kind, sha256 = said
    if (document_id, kind) != (entry.document_id, str(entry.kind)):
        yield f"the ledger calls it {kind} of {document_id}, its trailers do not"
    if sha256 and sha256 not in entry.originals:
        yield f"the ledger says its original is {sha256}, its trailers do not"
    if entry.kind in _OUR_LOOK or not entry.source_url:
        return
    for one in entry.originals:
        if (one, entry.source_url) not in rows.seen:
            yield f"the ledger holds no observation of {one} at {entry.source_url}"


_OUR_LOOK = frozenset({ChangeKind.RE_EXTRACTION, ChangeKind.RETURN, ChangeKind.WITHDRAWAL})
"""Their source is that of another event, or an address that shows nothing any more."""
