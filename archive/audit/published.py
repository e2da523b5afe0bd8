"""Checkpoints: signed tags that say what the history was, and the feed they are published in.

A checkpoint proves something only as far as a copy of it lies where whoever rewrites the history
cannot reach: docs/audit.md says what it proves and what not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from archive.audit.report import Report
from archive.plumbing import CHECKPOINTS, Git, RepositoryError

if TYPE_CHECKING:
    from archive.index import Index
    from archive.repository import Archive

__all__ = ["Checkpoint", "Published", "check_checkpoints", "checkpoints", "feed"]

_FEED: Final = "https://jsonfeed.org/version/1.1"
_FORMAT: Final = "%(refname)%00%(objectname)%00%(*objectname)%00%(contents:body)%01"
_SIGNATURE: Final = "-----BEGIN "
"""git writes it right behind the message, where it keeps git from seeing trailers."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What a district's history was at a moment."""

    division: str
    at: datetime
    head: str
    """The commit the branch stood at."""
    commits: int
    events: int
    documents: int
    ledger_rows: int
    ledger_head: str
    tag: str = ""
    """The tag's name, such as "checkpoint/20260301T080000Z"."""
    object: str = ""
    """The hash of the tag itself, signature included."""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands in the tag's message."""
        return [
            ("Division", self.division),
            ("At", self.at.isoformat(timespec="seconds")),
            ("Head", self.head),
            ("Commits", str(self.commits)),
            ("Events", str(self.events)),
            ("Documents", str(self.documents)),
            ("Ledger-Rows", str(self.ledger_rows)),
            ("Ledger-Head", self.ledger_head),
        ]


class Published(msgspec.Struct, frozen=True):
    """Checkpoints as they were published, from a copy of the feed."""

    checkpoints: tuple[Checkpoint, ...]

    @classmethod
    def load(cls, path: Path) -> Published:
        """Read a copy of the feed. Raises ValueError for anything else, OSError."""
        try:
            read = msgspec.json.decode(path.read_bytes())
            items = [item["_mingzhang"] for item in read["items"]]
            return cls(tuple(msgspec.convert(items, list[Checkpoint], strict=False)))
        except (msgspec.MsgspecError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: no feed of checkpoints: {error}") from error


class _History(Protocol):
    division: str

    @property
    def commands(self) -> Git: ...

    def index(self) -> Index: ...


def checkpoints(commands: Git) -> list[Checkpoint]:
    """The checkpoints a repository has tags of, oldest first.

    Raises RepositoryError naming a tag whose message cannot be read.
    """
    output = commands.for_each_ref(f"--format={_FORMAT}", CHECKPOINTS, stdout_as_string=False)
    found = []
    for record in output.decode("utf-8", "surrogateescape").split("\x01"):
        if not record.strip():
            continue
        name, tag, commit, body = record.strip("\n").split("\0")
        facts = dict(
            line.partition(": ")[::2] for line in body.partition(_SIGNATURE)[0].splitlines()
        )
        fields: dict[str, Any] = {key.lower().replace("-", "_"): v for key, v in facts.items()}
        fields |= {"tag": name.removeprefix("refs/tags/"), "object": tag}
        try:
            one = msgspec.convert(fields, Checkpoint, strict=False)
        except msgspec.ValidationError as error:
            raise RepositoryError(f"{commands.folder}: tag {name}: {error}") from error
        if one.head != commit:
            raise RepositoryError(
                f"{commands.folder}: tag {name} stands at {commit}, its message says {one.head}"
            )
        found.append(one)
    return sorted(found, key=lambda one: (one.at, one.tag))


def feed(found: Sequence[Checkpoint]) -> bytes:
    """Checkpoints as a JSON Feed (jsonfeed.org), newest first: to publish and to keep."""
    items = [
        {
            "id": f"{one.division}/{one.tag}",
            "title": f"检查点 {one.division} {one.at.isoformat(timespec='seconds')}",
            "content_text": "\n".join(f"{key}: {value}" for key, value in one.facts),
            "date_published": one.at.isoformat(timespec="seconds"),
            "_mingzhang": msgspec.to_builtins(one),
        }
        for one in sorted(found, key=lambda one: (one.at, one.division), reverse=True)
    ]
    whole = {"version": _FEED, "title": "明账检查点 Mingzhang checkpoints", "items": items}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def check_checkpoints(
    history: _History,
    archive: Archive | None,
    report: Report,
    published: Published | None,
    signers: Path | None,
) -> None:
    """Every checkpoint must lie in the history, with the counts and the ledger it speaks of."""
    name = history.division
    try:
        tags = checkpoints(history.commands)
    except RepositoryError as error:
        report.fault("checkpoints", name, str(error))
        return
    numbers = {one.commit: one.number for one in history.index().commits()}
    heads = {h: n for n, h in enumerate(archive.ledger.hashes(), 1)} if archive else None
    for one in tags:
        for message in (*_against_history(one, history, numbers), *_against_ledger(one, heads)):
            report.fault("checkpoints", f"{name} {one.tag}", message)
        if signers is not None and (words := _bad_signature(history.commands, one, signers)):
            report.fault("checkpoints", f"{name} {one.tag}", words)
    by_name = {one.tag: one for one in tags}
    copies = [one for one in (published.checkpoints if published else ()) if one.division == name]
    for copy in copies:
        where = f"{name} {copy.tag}"
        if copy.tag not in by_name:
            report.fault("checkpoints", where, "it was published, and its tag is gone")
        elif by_name[copy.tag] != copy:
            report.fault("checkpoints", where, "its tag is not the one that was published")
        for message in _against_history(copy, history, numbers):
            report.fault("checkpoints", where, f"as published: {message}")
    report.checked.append(f"{name}: {len(tags)} checkpoints held against the history")
    if published is not None:
        report.checked.append(f"{name}: {len(copies)} published checkpoints held against it too")
    if tags and signers is None:
        report.unchecked.append(f"{name}: signatures of checkpoints: no allowed_signers are set")
    if not tags:
        report.unchecked.append(
            f"{name}: there is no checkpoint: a history rewritten as a whole would not show"
        )


def _against_history(one: Checkpoint, history: _History, numbers: dict[str, int]) -> list[str]:
    number = numbers.get(one.head)
    if number is None:
        return [f"its commit {one.head} is not in the history: the history was rewritten"]
    found = []
    if number != one.commits:
        found.append(f"it counted {one.commits} commits, the history has {number} up to there")
    counts = history.index().counts(number)
    for word in ("events", "documents"):
        if counts[word] != getattr(one, word):
            found.append(f"it counted {getattr(one, word)} {word}, there are {counts[word]}")
    return found


def _against_ledger(one: Checkpoint, heads: dict[str, int] | None) -> list[str]:
    if heads is None or not one.ledger_rows or heads.get(one.ledger_head) == one.ledger_rows:
        return []
    return [
        f"row {one.ledger_rows} of the ledger is not the one it names: rows were changed or cut off"
    ]


def _bad_signature(commands: Git, one: Checkpoint, signers: Path) -> str:
    status, _, error = commands.execute(
        [
            commands.GIT_PYTHON_GIT_EXECUTABLE,
            *commands.options,
            "-c",
            f"gpg.ssh.allowedSignersFile={signers}",
            "verify-tag",
            one.tag,
        ],
        with_extended_output=True,
        with_exceptions=False,
    )
    return f"its signature does not hold: {error.strip()}" if status else ""
