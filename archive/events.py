"""An event is one commit: what it says to a reader, and its facts in git trailers.

Facts are only ever read back from trailers, never from a subject. What comes from outside becomes
one line before it goes into a message, so that no URL can forge a trailer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

import msgspec

from archive.model import ChangeKind, Document, Identity, Source
from archive.paths import document_name, identity_of

__all__ = [
    "KIND_NAMES",
    "LOG_FORMAT",
    "Entry",
    "Event",
    "entry",
    "is_local",
    "message",
    "parse_log",
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
        ("Document-Id", event.identity.document_id),
        ("Source-Url", _address(source.url)),
        ("Source-Page", _address(source.page_url)),
        *(("Original-Sha256", sha256) for sha256 in event.originals),
        ("Published", source.published.isoformat() if source.published else ""),
        ("Observed", source.observed.isoformat(timespec="seconds") if source.observed else ""),
        ("Http-Status", str(source.status or "")),
        ("Extractor", _one_line(extractor)),
        ("Run-Id", _one_line(event.run)),
    ]
    return [(key, value) for key, value in trailers if value]


LOG_FORMAT: Final = "%H%x00%s%x00%(trailers:only=true,unfold=true,separator=%x1e)"
"""For `git log -z`: commit, subject and trailers, each ended by NUL; trailers apart by 0x1E."""


def parse_log(output: bytes) -> list[Entry]:
    """The entries in the output of `git log -z` with LOG_FORMAT, in its order.

    Commits without a Document-Id (the first one of a district, a person's own) are no events.
    Raises ValueError naming the commit whose trailers cannot be read.
    """
    fields = output.decode("utf-8", "surrogateescape").split("\0")
    entries = []
    for commit, first_line, trailers in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        facts: dict[str, list[str]] = {}
        for line in filter(None, trailers.split("\x1e")):
            key, _, value = line.partition(":")
            facts.setdefault(key, []).append(value.strip())
        if "Document-Id" not in facts:
            continue
        try:
            entries.append(_entry(commit, first_line, facts))
        except (KeyError, ValueError) as error:
            raise ValueError(f"commit {commit}: its trailers cannot be read: {error}") from error
    return entries


def _entry(commit: str, first_line: str, facts: dict[str, list[str]]) -> Entry:
    one = {key: values[-1] for key, values in facts.items()}
    published, observed, status = (one.get(k) for k in ("Published", "Observed", "Http-Status"))
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
    )


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SPACES: Final = re.compile(r"\s+")


def _one_line(text: str) -> str:
    visible = _characters(text, lambda c: " " if c.isspace() else "")
    return _SPACES.sub(" ", visible).strip()


def _address(url: str) -> str:
    """The URL, still the same one, with every character that is not to be seen encoded."""
    return _characters(url, lambda c: quote(c, safe="", errors="replace"))


def _characters(text: str, unseen: Callable[[str], str]) -> str:
    return "".join(
        unseen(c) if c.isspace() or unicodedata.category(c) in _UNSEEN else c for c in text
    )
