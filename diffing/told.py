"""Which findings digests have told: data beside them, so that what is withdrawn is corrected."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout

from archive.replacing import replace
from diffing.checks.model import Severity, Sureness
from diffing.concern import Concern

__all__ = ["FILENAME", "Told", "ToldError", "Withdrawal", "load", "save", "writing"]

FILENAME: Final = "told.json"
"""Stands in the folder of the digests."""
_LOCK: Final = ".told.lock"
_PATIENCE: Final = 60.0
"""Seconds to wait for another digest: it holds the record for the moment of one writing."""


class Withdrawal(StrEnum):
    """Why a finding that was told no longer stands."""

    WRONG = "wrong"
    """Judged wrong by the operator."""
    EXPLAINED = "explained"
    """Judged explained by the operator."""
    NOT_FOUND = "not-found"
    """The same original, read or checked anew, no longer bears it out."""


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding that a digest has told."""

    key: str
    """The finding's id for good: of the same words in the same original it never changes. The same
    in digest.json, as `key` of a finding told and of its correction."""
    document: str
    """Document id."""
    name: str
    """Agency, year and kind, for readers."""
    original: str
    """sha256 of the file it was found in: a finding is about what that file prints."""
    rule: str
    sentence: str
    sentence_en: str
    stated: str
    expected: str
    digest: str
    """Name of the first digest that told it."""
    day: date
    state: str = ""
    """What it was last checked against; the same state needs no new check."""
    withdrawal: Withdrawal | None = None
    reason: str = ""
    """The operator's words, where he judged it."""
    corrected: str = ""
    """Name of the first digest of a run that said so; "" while none has."""
    severity: Severity | None = None
    """None in older records: then it is what the rule says."""
    sureness: Sureness | None = None
    pages: tuple[int, ...] = ()
    """Pages of the original on which its places are printed."""
    lines: tuple[Concern, ...] = ()
    """The line items it is about; none in older records."""


class ToldError(Exception):
    """The record cannot be read, or another digest keeps it; the message says where."""


def load(folder: Path) -> dict[str, Told]:
    """Key → what was told; empty where no digest has told anything.

    Raises:
        ToldError: the file is not what `save` writes. Nothing may be told over it: what it holds
            would never be corrected.
    """
    path = folder / FILENAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Told])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ToldError(f"{path}: {error}; restore it from a backup") from error
    return {one.key: one for one in found}


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[dict[str, Told]]:
    """The record as it is now, no other digest's while this one holds it; kept if it is changed.

    Raises:
        ToldError: it cannot be read, or another digest has held it for a minute.
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        path = folder / FILENAME
        raise ToldError(f"{path}: another digest is writing it; wait for it to end") from None
    try:
        told = load(folder)
        before = dict(told)
        yield told
        if told != before:
            save(folder, told)
    finally:
        lock.release()


def save(folder: Path, told: Mapping[str, Told] | Iterable[Told]) -> None:
    """Replace the record in one step: a crash leaves the old one or the new one, never half.

    Raises OSError where it cannot be written.
    """
    records = told.values() if isinstance(told, Mapping) else told
    ordered = sorted(records, key=lambda one: (one.document, one.key))
    text = msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n"
    replace(folder / FILENAME, text, durable=True)
