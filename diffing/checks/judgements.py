"""What people said of findings: kept as data, shown with them from then on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["FILENAME", "Judgement", "JudgementsError", "Verdict", "add", "load"]

FILENAME: Final = "judgements.toml"
"""Stands beside mingzhang.toml: the operator's own file, to be kept under version control."""
_HEAD: Final = (
    "# What was made of findings of `mingzhang check`; `mingzhang judge` writes one block each.\n"
    "# The last block of a key holds. Edit reasons freely; a finding's key never changes.\n"
)


class Verdict(StrEnum):
    """What a person made of a finding."""

    CONFIRMED = "confirmed"
    """The publication is wrong, as the finding says."""
    EXPLAINED = "explained"
    """The figures differ, and the reason is known and harmless."""
    WRONG = "wrong"
    """The finding is wrong: it no longer counts, and what was published of it is corrected."""


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One verdict on one finding."""

    key: str
    verdict: Verdict
    reason: str
    day: date
    document: str = ""
    """What the finding was in, for people who read the file."""


class JudgementsError(Exception):
    """The file cannot be read; the message says where."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    judgement: list[Judgement] = []


def load(path: Path) -> Mapping[str, Judgement]:
    """Key → the last verdict on it; empty where there is no file.

    Raises:
        JudgementsError: the file is not what `mingzhang judge` writes.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    try:
        found = msgspec.toml.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JudgementsError(f"{path}: {error}") from error
    return {one.key: one for one in found.judgement}


def add(path: Path, judgement: Judgement) -> None:
    """Append a verdict; what was said before stays in the file.

    Raises JudgementsError where the file cannot be read, OSError where it cannot be written.
    """
    load(path)
    block = "\n".join(
        (
            "\n[[judgement]]",
            f"key = {json.dumps(judgement.key)}",
            f"verdict = {json.dumps(judgement.verdict)}",
            f"day = {judgement.day.isoformat()}",
            f"document = {json.dumps(judgement.document, ensure_ascii=False)}",
            f"reason = {json.dumps(judgement.reason, ensure_ascii=False)}",
            "",
        )
    )
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        file.write((_HEAD if new else "") + block)
