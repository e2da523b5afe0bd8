"""Zip containers opened with care: how many members, how large, how much larger than packed."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from archive.text.outcome import Unreadable

__all__ = ["FAULTS", "member", "opened"]

_MOST_MEMBERS: Final = 2_000
_LARGEST: Final = 128 << 20
"""Bytes of all members together."""
_LARGEST_MEMBER: Final = 64 << 20
_RATIO: Final = 300
"""Real workbooks unpack to 30 times their size; a bomb to a thousand times."""
_SMALL: Final = 1 << 20
"""So much may unpack from anything."""
FAULTS: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
)
"""What zipfile raises on malformed archives."""


def opened(data: bytes, *, xml: bool = False) -> zipfile.ZipFile:
    """The archive, if its members stay within bounds by what its directory says.

    File names that are not marked as UTF-8 are read as GBK. With `xml` no part may declare a
    document type: Office Open XML forbids it (ECMA-376-2, 8.1.4), and entities are how XML expands.

    Raises:
        Unreadable: damaged, too-large, encrypted, hostile.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data), metadata_encoding="gbk")
        entries = archive.infolist()
    except UnicodeDecodeError:
        return _opened_by_bytes(data)
    except FAULTS as error:
        raise Unreadable("damaged", f"the archive is damaged ({error})"[:200]) from error
    if len(entries) > _MOST_MEMBERS:
        raise Unreadable("too-large", f"it holds {len(entries)} files")
    total = sum(entry.file_size for entry in entries)
    if total > _LARGEST or any(entry.file_size > _LARGEST_MEMBER for entry in entries):
        raise Unreadable("too-large", f"it unpacks to {total >> 20} megabytes")
    if total > _SMALL and total > _RATIO * len(data):
        raise Unreadable("too-large", f"it unpacks to {total // len(data)} times its size")
    if xml:
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels", ".vml")) and _declares(archive, entry):
                raise Unreadable("hostile", "a part of it declares a document type or entities")
    return archive


def _declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    part = member(archive, entry).replace(b"\0", b"")  # in UTF-16 too
    return b"<!DOCTYPE" in part or b"<!ENTITY" in part


def _opened_by_bytes(data: bytes) -> zipfile.ZipFile:
    """Names in neither encoding: read byte by byte, so that the members can still be had."""
    try:
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding="latin-1")
    except FAULTS as error:
        raise Unreadable("damaged", f"the archive is damaged ({error})"[:200]) from error


def member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of one member, never more than its directory entry says.

    Raises:
        Unreadable: damaged; encrypted; too-large where it unpacks to more than it says.
    """
    if entry.flag_bits & 0x1:
        raise Unreadable("encrypted", "it asks for a password")
    if entry.file_size > _LARGEST_MEMBER:
        raise Unreadable("too-large", f"it unpacks to {entry.file_size >> 20} megabytes")
    try:
        with archive.open(entry) as file:
            data = file.read(entry.file_size + 1)
    except FAULTS as error:
        raise Unreadable("damaged", f"it cannot be unpacked ({error})"[:200]) from error
    if len(data) > entry.file_size:
        raise Unreadable("too-large", "it unpacks to more than it says")
    return data
