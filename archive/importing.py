"""What `mingzhang import` and `backfill` do with their files, and what they say of each."""

from __future__ import annotations

import errno
import stat
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

import click
import msgspec

from archive.events import KIND_NAMES
from archive.identity import Hints
from archive.intake import Intake, Outcome
from archive.masking import mask
from archive.model import ChangeKind, Remark, Source
from archive.originals import CorruptOriginal
from archive.register import Register
from archive.wording import called, shown

__all__ = ["Importing"]

_LARGEST: Final = 512 << 20
"""Bytes. What is imported stays for ever, and no publication is nearly as large."""


class _Line(msgspec.Struct, omit_defaults=True):
    """What `import` says of one file."""

    file: str
    status: str
    message: str = ""
    document_id: str = ""
    name: str = ""
    kind: str = ""
    commit: str = ""
    sha256: str = ""
    remarks: tuple[Remark, ...] = ()
    proposal: str = ""

    @property
    def good(self) -> bool:
        return self.status in ("committed", "unchanged")


class Importing:
    """One call of a command: which file became which original, and what became of it."""

    def __init__(self, intake: Intake, register: Register, *, backfill: bool = False) -> None:
        self._intake = intake
        self._register = register
        self._backfill = backfill
        self._lines: list[_Line] = []
        self._waiting: dict[tuple[str, str], list[_Line]] = {}
        self._others: list[_Line] = []

    @property
    def complete(self) -> bool:
        """True when every named file is archived."""
        return all(line.good for line in self._lines)

    def offer(
        self,
        file: Path,
        hints: Hints,
        *,
        url: str | None = None,
        title: str = "",
        published: date | None = None,
    ) -> None:
        """Store one file; one that cannot be read from the disk or is empty is only reported."""
        line = _Line(shown(file), "failed")
        self._lines.append(line)
        try:
            data = _content(file)
        except OSError as error:
            line.message = (error.strerror or str(error)).lower()
            return
        # The name alone: the importer's folders are nobody's business, and who sent him the file
        # must not get into a history that never forgets.
        name = mask(file.name)
        source = Source(
            url=url or f"file:{quote(name)}",
            title=mask(title),
            published=published,
            status=0,
            filename=name,
        )
        try:
            line.sha256 = self._intake.offer(
                data, source, hints, insist=True, backfill=self._backfill
            )
        except CorruptOriginal as error:
            line.message = str(error)
            return
        line.message = "kept; it waits for the next run"
        self._waiting.setdefault((line.sha256, source.url), []).append(line)

    def heard(self, outcome: Outcome) -> None:
        """Note what became of an original, of this call or left over from an earlier one."""
        lines = self._waiting.get((outcome.sha256, outcome.source.url))
        if lines is None:
            lines = [_Line(shown(outcome.source.url), "failed")]
            self._others += lines
        for line in lines:
            if line.status == "committed":
                continue  # these bytes were seen twice, and the first time was the news
            line.status = outcome.status
            line.message = outcome.message
            line.document_id = outcome.document_id
            line.name = called(self._register, outcome.document_id)
            line.kind = outcome.kind or ""
            line.commit = outcome.commit
            line.sha256 = outcome.sha256
            line.remarks = outcome.remarks
            line.proposal = outcome.proposal

    def tell(self, as_json: bool) -> None:
        """Print a line a file: results to stdout, what is not archived to stderr."""
        if as_json:
            encoded = msgspec.json.encode([*self._lines, *self._others])
            click.echo(msgspec.json.format(encoded, indent=1).decode())
        else:
            for line in self._lines:
                _print(line, "")
            for line in self._others:
                _print(line, "left over from an earlier run: ")
        for note in self._intake.notes:
            click.echo(shown(note), err=True)


def _content(file: Path) -> bytes:
    """The bytes of the file. Raises OSError with the reason where it cannot be a publication."""
    status = file.stat()
    # A pipe or a device has no end of its own.
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if status.st_size > _LARGEST:
        raise OSError(errno.EFBIG, f"larger than {_LARGEST >> 20} megabytes")
    data = file.read_bytes()
    if not data:
        raise OSError(errno.ENODATA, "the file is empty (0 bytes)")
    return data


def _print(line: _Line, prefix: str) -> None:
    if line.status == "committed":
        text = f"{line.name} ({KIND_NAMES[ChangeKind(line.kind)]}, {line.commit[:10]})"
    elif line.status == "unchanged":
        text = f"{line.message}: {line.name}"
    elif line.status == "unfiled":
        text = f"kept, but not filed: {line.message}"
        if line.proposal:
            text += f"; to register it, see docs/adding-a-district.md ({line.proposal})"
    elif line.status == "unreadable":
        text = f"kept, but not readable: {line.message}"
    else:
        text = line.message
    click.echo(shown(f"{prefix}{line.file}: {text}"), err=not line.good)
    if line.good:
        for remark in line.remarks:
            click.echo(shown(f"  note: {remark.message}"))
        if line.status == "committed" and line.message:
            click.echo(shown(f"  note: {line.message}"))
