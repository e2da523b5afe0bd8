"""Making a checkpoint: a signed tag on the newest commit, with counts and the ledger's head."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from archive.audit.published import Checkpoint, checkpoints, feed
from archive.plumbing import Git, RepositoryError, Signature
from archive.repository import Archive, Repository

__all__ = ["FEED", "Key", "make", "write_feed"]

FEED: Final = "checkpoints.json"


class Key(NamedTuple):
    """The operator's key: a file for ssh, an id for openpgp."""

    name: str
    format: str = "ssh"


def make(
    archive: Archive, repository: Repository, key: Key, signature: Signature, at: datetime
) -> Checkpoint | None:
    """Sign what the history and the ledger are now; None where nothing came since the last one.

    Raises RepositoryError when git cannot sign (its words say why), LockTaken while a run writes.
    """
    with repository.locked():
        head = repository.tip()
        known = checkpoints(repository.commands)
        if not head or (known and known[-1].head == head):
            return None
        counts = repository.index().counts()
        rows, ledger_head = archive.ledger.head()
        one = Checkpoint(
            division=repository.division,
            at=at,
            head=head,
            commits=counts["commits"],
            events=counts["events"],
            documents=counts["documents"],
            ledger_rows=rows,
            ledger_head=ledger_head,
            tag=f"checkpoint/{at:%Y%m%dT%H%M%SZ}",
        )
        _tag(repository.commands, one, key, signature)
    return checkpoints(repository.commands)[-1]


def _tag(commands: Git, one: Checkpoint, key: Key, signature: Signature) -> None:
    message = "\n".join(
        (
            f"检查点 {one.division} {one.at.isoformat(timespec='seconds')}",
            "",
            *(f"{name}: {value}" for name, value in one.facts),
            "",
        )
    )
    name = key.name if key.format != "ssh" else str(Path(key.name).expanduser())
    who = signature.line(one.at).decode().rsplit(" ", 2)[0]
    person, _, address = who.partition(" <")
    with commands.custom_environment(
        GIT_COMMITTER_NAME=person,
        GIT_COMMITTER_EMAIL=address.rstrip(">"),
        GIT_COMMITTER_DATE=f"{int(one.at.timestamp())} +0000",
    ):
        status, _, error = commands.execute(
            [
                commands.GIT_PYTHON_GIT_EXECUTABLE,
                *commands.options,
                "-c",
                f"gpg.format={key.format}",
                "tag",
                "--sign",
                f"--local-user={name}",
                f"--message={message}",
                "--cleanup=verbatim",
                one.tag,
                one.head,
            ],
            with_extended_output=True,
            with_exceptions=False,
        )
    # git has been seen to end well with a key it could not load, leaving a tag without a signature
    signed = commands.for_each_ref("--format=%(contents:signature)", f"refs/tags/{one.tag}")
    if status or not signed.strip():
        if not status:
            commands.tag("-d", one.tag)
        raise RepositoryError(f"{commands.folder}: the checkpoint was not signed: {error.strip()}")


def write_feed(archive: Archive, path: Path | None = None) -> Path:
    """Write every district's checkpoints as a JSON Feed, whole or not at all; returns the file."""
    target = path or archive.root / FEED
    found = [one for r in archive.repositories() for one in checkpoints(r.commands)]
    side = target.with_suffix(".tmp")
    with side.open("wb") as file:
        file.write(feed(found))
        file.flush()
        os.fsync(file.fileno())
    side.replace(target)
    return target
