"""An event is one commit: what it says to a reader, and its facts in git trailers.

Facts are only ever read back from trailers, never from a subject. What comes from outside becomes
one line before it goes into a message, so that no URL can forge a trailer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote

import msgspec

from archive.model import ChangeKind, Document, Identity, Source
from archive.paths import document_name, identity_of

__all__ = [
    "KIND_NAMES",
    "Entry",
    "Event",
    "State",
    "entry",
    "is_local",
    "is_version",
    "message",
    "parse_entry",
    "subject",
]

KIND_NAMES: Final = {
    ChangeKind.FIRST: "收录",
    ChangeKind.REVISION: "修订",
    ChangeKind.CORRECTION: "更正",
    ChangeKind.BYTES_ONLY: "仅字节变化",
    ChangeKind.RE_EXTRACTION: "重新读取",
    ChangeKind.WITHDRAWAL: "撤回",
    ChangeKind.RETURN: "重新发布",
    ChangeKind.BACKFILL: "补录",
    ChangeKind.MIGRATION: "迁移",
    ChangeKind.MIRROR: "另见",
}
"""The word for each kind in subjects and tables."""


_VERSIONS: Final = frozenset(
    {
        ChangeKind.FIRST,
        ChangeKind.REVISION,
        ChangeKind.CORRECTION,
        ChangeKind.BYTES_ONLY,
        ChangeKind.RE_EXTRACTION,
        ChangeKind.BACKFILL,
    }
)


class State(StrEnum):
    """Which of its forms an event has (the `Change-State` trailer)."""

    CONFIRMED = "confirmed"
    """A withdrawal: two looks at least a day apart found the article absent."""
    UNCHANGED = "unchanged"
    """A return with the same bytes."""
    CHANGED = "changed"
    """A return with other bytes, which the next commit of the document holds."""
    CURRENT = "current"
    """A backfill that is the newest version known of the document."""
    EARLIER = "earlier"
    """A version older than the one that is current, or a new reading of such a version."""


class Event(msgspec.Struct, frozen=True):
    """What is to be committed."""

    kind: ChangeKind
    identity: Identity
    document: Document | None
    originals: tuple[str, ...]
    source: Source
    run: str
    subject: str
    agency_name: str = ""
    """The agency's registered name, which names its folder; its id where the register has none."""
    state: State | None = None
    supersedes: tuple[str, ...] = ()
    """sha256 of the originals of the version this one takes the place of."""
    announced: str = ""
    """The title by which the publisher announced a correction."""
    absent_since: datetime | None = None
    """When the article was first found absent."""
    moved_from: str = ""
    """The article that showed the same bytes before they moved."""


class Entry(msgspec.Struct, frozen=True):
    """What a commit says, from its trailers."""

    commit: str
    kind: ChangeKind
    document_id: str
    originals: tuple[str, ...]
    source_url: str
    published: date | None
    observed: datetime | None
    extractor: str
    run: str
    subject: str
    source_page: str = ""
    status: int | None = None
    """HTTP status; None where the file did not come over HTTP."""
    state: State | None = None
    supersedes: tuple[str, ...] = ()
    announced: str = ""
    absent_since: datetime | None = None
    moved_from: str = ""


def subject(kind: ChangeKind, agency_name: str, identity: Identity, note: str = "") -> str:
    """The first line of a commit, for a Chinese reader.

    >>> from archive.model import Kind, Level
    >>> what = Identity("310107", "310107.012", Level.DEPARTMENT, 2024, Kind.FINAL)
    >>> subject(ChangeKind.FIRST, "上海市普陀区财政局", what)
    '收录 上海市普陀区财政局 2024年部门决算'
    """
    text = f"{KIND_NAMES[kind]} {_one_line(agency_name)} {document_name(identity)}"
    return f"{text}（{_one_line(note)}）" if note else text


def is_local(url: str) -> bool:
    """Whether it names a file an operator brought, and no place where it was published.

    >>> is_local("file:a.pdf"), is_local("https://www.example.gov.cn/a.pdf")
    (True, False)
    """
    return url.startswith("file:")


def is_version(entry: Entry) -> bool:
    """Whether the commit put the document there that is current from then on."""
    return entry.kind in _VERSIONS and entry.state is not State.EARLIER


def message(event: Event) -> bytes:
    """The whole commit message of an event; a fact that is not known has no trailer."""
    trailers = (f"{key}: {value}" for key, value in _trailers(event))
    return ("\n".join((_one_line(event.subject), "", *trailers)) + "\n").encode()


def entry(event: Event, commit: str) -> Entry:
    """What will be read back from the commit of this event."""
    facts: dict[str, list[str]] = {}
    for key, value in _trailers(event):
        facts.setdefault(key, []).append(value)
    return _entry(commit, _one_line(event.subject), facts)


def _trailers(event: Event) -> list[tuple[str, str]]:
    source = event.source
    extractor = event.document.extractor if event.document else ""
    trailers = [
        ("Change-Kind", str(event.kind)),
        ("Change-State", str(event.state or "")),
        ("Document-Id", event.identity.document_id),
        ("Source-Url", _address(source.url)),
        ("Source-Page", _address(source.page_url)),
        *(("Original-Sha256", sha256) for sha256 in event.originals),
        *(("Supersedes", sha256) for sha256 in event.supersedes),
        ("Announced", _one_line(event.announced)),
        ("Moved-From", _address(event.moved_from)),
        ("Absent-Since", _moment(event.absent_since)),
        ("Published", source.published.isoformat() if source.published else ""),
        ("Observed", _moment(source.observed)),
        ("Http-Status", str(source.status or "")),
        ("Extractor", _one_line(extractor)),
        ("Run-Id", _one_line(event.run)),
    ]
    return [(key, value) for key, value in trailers if value]


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def parse_entry(commit: str, first_line: str, trailers: str) -> Entry | None:
    """What a commit says, from its subject and its trailers as git gives them, apart by 0x1E.

    None for a commit without a Document-Id (the first one of a district, a person's own).
    Raises ValueError naming the commit whose trailers cannot be read.
    """
    facts: dict[str, list[str]] = {}
    for line in filter(None, trailers.split("\x1e")):
        key, _, value = line.partition(":")
        facts.setdefault(key, []).append(value.strip())
    if "Document-Id" not in facts:
        return None
    try:
        return _entry(commit, first_line, facts)
    except (KeyError, ValueError) as error:
        raise ValueError(f"commit {commit}: its trailers cannot be read: {error}") from error


def _entry(commit: str, first_line: str, facts: dict[str, list[str]]) -> Entry:
    one = {key: values[-1] for key, values in facts.items()}
    published, observed, status = (one.get(k) for k in ("Published", "Observed", "Http-Status"))
    state, absent = one.get("Change-State"), one.get("Absent-Since")
    return Entry(
        commit=commit,
        kind=ChangeKind(one["Change-Kind"]),
        document_id=identity_of(one["Document-Id"]).document_id,
        originals=tuple(facts.get("Original-Sha256", ())),
        source_url=one.get("Source-Url", ""),
        source_page=one.get("Source-Page", ""),
        published=date.fromisoformat(published) if published else None,
        observed=datetime.fromisoformat(observed) if observed else None,
        status=int(status) if status else None,
        extractor=one.get("Extractor", ""),
        run=one.get("Run-Id", ""),
        subject=first_line,
        state=State(state) if state else None,
        supersedes=tuple(facts.get("Supersedes", ())),
        announced=one.get("Announced", ""),
        absent_since=datetime.fromisoformat(absent) if absent else None,
        moved_from=one.get("Moved-From", ""),
    )


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SPACES: Final = re.compile(r"\s+")


def _one_line(text: str) -> str:
    # Of characters that are printable none is unseen, and no space but the plain one.
    visible = text
    if not text.isprintable():
        visible = _characters(text, lambda c: " " if c.isspace() else "")
    return _SPACES.sub(" ", visible).strip()


def _address(url: str) -> str:
    """The URL, still the same one, with every character that is not to be seen encoded."""
    if url.isprintable() and " " not in url:
        return url
    return _characters(url, lambda c: quote(c, safe="", errors="replace"))


def _characters(text: str, unseen: Callable[[str], str]) -> str:
    return "".join(
        unseen(c) if c.isspace() or unicodedata.category(c) in _UNSEEN else c for c in text
    )
