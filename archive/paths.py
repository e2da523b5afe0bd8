"""Names in a district's repository: from the register and the forms, never from URL or title."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from archive.model import Identity, Kind, Level

__all__ = [
    "KINDS",
    "component",
    "document_folder",
    "document_name",
    "identity_of",
    "parse_folder",
]

KINDS: Final = {
    (Level.DEPARTMENT, Kind.BUDGET): "部门预算",
    (Level.DEPARTMENT, Kind.FINAL): "部门决算",
    (Level.UNIT, Kind.BUDGET): "单位预算",
    (Level.UNIT, Kind.FINAL): "单位决算",
}
_BY_NAME: Final = {name: key for key, name in KINDS.items()}
_YEAR: Final = re.compile(r"(\d{4})年")

_LENGTH: Final = 80
_BYTES: Final = 240
"""Most file systems end a name at 255 bytes; a number in front and an ending must fit too."""
_REMEMBERED: Final = 1 << 14
"""The same documents are named again and again."""
_UNWANTED: Final = re.compile(r'[/\\:*?"<>|\s]+')
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|git~\d+)(?:\..*)?", re.IGNORECASE)
"""Device names on Windows, and the short name of `.git` there, which git refuses."""


def component(text: str, fallback: str) -> str:
    """`text` as one harmless path component of at most 80 characters; `fallback` if none is left.

    Separators, characters no file system agrees on, control and invisible characters go, as do
    dots at the start and dots and spaces at the end.

    >>> component("../2024年/收支总表. ", "表")
    '_2024年_收支总表'
    """
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(" " if c.isspace() else c for c in plain)
    plain = "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN)
    plain = _UNWANTED.sub(_joint, plain).lstrip(". ")[:_LENGTH]
    while len(plain.encode()) > _BYTES:
        plain = plain[:-1]
    plain = plain.rstrip(". ")
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return plain or fallback


def _joint(match: re.Match[str]) -> str:
    return " " if match.group().isspace() else "_"


def document_name(identity: Identity) -> str:
    """What a reader calls the document beside its agency's name.

    >>> from archive.model import Identity, Kind, Level
    >>> document_name(Identity("310107", "310107.012", Level.DEPARTMENT, 2024, Kind.FINAL))
    '2024年部门决算'
    """
    return f"{identity.year}年{KINDS[identity.level, identity.kind]}"


def document_folder(agency_folder: str, identity: Identity) -> str:
    """The document's folder below the repository's root, separated by "/"."""
    return f"{agency_folder}/{identity.year}年/{KINDS[identity.level, identity.kind]}"


def parse_folder(year: str, kind: str) -> tuple[int, Level, Kind] | None:
    """The year, level and kind two folder names stand for, None if they are no such names."""
    match = _YEAR.fullmatch(year)
    if match is None or kind not in _BY_NAME:
        return None
    return int(match.group(1)), *_BY_NAME[kind]


@lru_cache(maxsize=_REMEMBERED)
def identity_of(document_id: str) -> Identity:
    """The identity a `Document-Id` spells. Raises ValueError for anything else.

    >>> identity_of("310107/310107.012/department/2024/final").year
    2024
    """
    try:
        division, agency, level, year, kind = document_id.split("/")
        return Identity(division, agency, Level(level), int(year), Kind(kind))
    except ValueError:
        raise ValueError(f"not a document id: {document_id!r}") from None
