"""The readers, one a format: bytes → `Document`.

A format is a module of this folder that says which media types it reads (`MEDIA_TYPES`), who it is
(`EXTRACTOR`, changed whenever the same bytes could give another Document), what a document may cost
it (`LIMITS`), and has `see(data)`, which gives tables and prose before masking. What may hold
pictures has `see_optically(data)` as well. Another format is another file and its line in
`_MODULES`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import import_module
from typing import Final, Protocol, cast

from archive.masking import mask_document
from archive.media import HTML, NAMES, TEXT, media_type
from archive.model import Document
from archive.text.claims import with_claims
from archive.text.damage import without_damage
from archive.text.limits import TEXT as TEXT_LIMITS
from archive.text.limits import Limits
from archive.text.optical import identity
from archive.text.optical.confirmation import with_confirmations
from archive.text.optical.precision import without_lost_points
from archive.text.outcome import Unreadable
from archive.text.reader import EXTRACTOR as PDF_EXTRACTOR
from archive.text.reader import Seen
from archive.text.reader import read as read_pdf

__all__ = ["EXTRACTOR", "document_of", "extractors", "limits_of", "read", "reader_of", "see"]

_MODULES: Final = ("plain", "docx", "xlsx", "xls", "html", "zip", "doc", "rtf", "picture")
_LOOSE: Final = frozenset({HTML, TEXT})
"""Anything can be a web page or a text: an error page, a notice. It needs a table to be read."""
_UNREAD: Final = "unread-format"


_MOST_PICTURES: Final = 30
"""So many pictures of a document that has no pages may be read within its time."""


class Format(Protocol):
    """What a module of this folder has."""

    MEDIA_TYPES: tuple[str, ...]
    EXTRACTOR: str
    LIMITS: Limits

    def see(self, data: bytes) -> Seen:
        """Statements, tables and prose. Raises Unreadable."""


def _sees_pictures(found: Format) -> Callable[[bytes], Seen] | None:
    """How a format reads what is shown as pictures, if it does."""
    return cast("Callable[[bytes], Seen] | None", getattr(found, "see_optically", None))


def _formats() -> dict[str, Format]:
    modules = [cast(Format, import_module(f"{__name__}.{name}")) for name in _MODULES]
    return {kind: module for module in modules for kind in module.MEDIA_TYPES}


def extractors() -> tuple[str, ...]:
    """The identities of all readers, that of PDF first."""
    return tuple(dict.fromkeys([PDF_EXTRACTOR, *(m.EXTRACTOR for m in _formats().values())]))


def reader_of(kind: str) -> str:
    """The identity of the reader of a media type, without the programs it asks."""
    return _formats()[kind].EXTRACTOR.partition(" ")[0]


def limits_of(data: bytes, limits: Limits, *, optically: bool = False) -> Limits:
    """The limits under which these bytes are read: of their format, or tighter ones.

    With `optically`, `limits` are those of the optical reader, and its time is that of as many
    pictures as are read.
    """
    found = _formats().get(media_type(data))
    if found is None:
        return limits
    own = found.LIMITS
    if optically and _sees_pictures(found):
        seconds = limits.seconds + own.seconds + _MOST_PICTURES * limits.seconds_per_page
        return Limits(limits.memory, seconds, 0, min(limits.output, own.output), own.files)
    if limits == TEXT_LIMITS:
        return own
    return Limits(
        memory=min(limits.memory, own.memory),
        seconds=min(limits.seconds, own.seconds),
        seconds_per_page=own.seconds_per_page,
        output=min(limits.output, own.output),
        files=own.files,
    )


def read(data: bytes, *, optically: bool = False) -> Document:
    """Read a document of whatever format its content is in, private data masked.

    With `optically`, what it shows as pictures is read too; that needs `mingzhang[ocr]`.

    Raises:
        Unreadable: the bytes cannot be read; "unread-format" where no reader knows the format.
    """
    kind = media_type(data)
    if kind == "application/pdf" or not data:
        return without_damage(read_pdf(data, optically=optically))
    document = document_of(data, kind, see(data, kind, optically=optically))
    if optically:
        document = with_confirmations(without_lost_points(document))
    return without_damage(document)


def see(data: bytes, kind: str, *, optically: bool = False) -> Seen:
    """What is in bytes of this media type, before masking; with `optically` in pictures too.

    Raises:
        Unreadable: as `read`.
    """
    found = _formats().get(kind)
    if found is None:
        raise Unreadable(_UNREAD, f"the file is {NAMES.get(kind, kind)}, which is not read")
    seen = ((optically and _sees_pictures(found)) or found.see)(data)
    if kind in _LOOSE and not (seen.statements or seen.tables):
        raise Unreadable("no-statement", f"{NAMES[kind]} in which no table was found")
    return seen


def document_of(data: bytes, kind: str, seen: Seen) -> Document:
    """The document of what was seen, private data masked."""
    document = Document(
        original=hashlib.sha256(data).hexdigest(),
        media_type=kind,
        extractor=_extractor(kind, seen),
        pages=seen.pages,
        facts=seen.facts,
        statements=tuple(seen.statements),
        tables=tuple(seen.tables),
        prose=seen.prose,
        remarks=tuple(seen.remarks),
    )
    return with_claims(mask_document(document))


def _extractor(kind: str, seen: Seen) -> str:
    """Who read it: of an archive also the readers of its members, and what recognised pictures."""
    own, _, tools = _formats()[kind].EXTRACTOR.partition(" ")
    readers = "+".join((own, *seen.readers))
    recognised = any(remark.code == "page-recognised" for remark in seen.remarks)
    return " ".join(filter(None, (readers, tools, identity() if recognised else "")))


EXTRACTOR: Final = f"{'+'.join(extractors())} {identity()}".rstrip()
"""All readers together, and what recognises page images here: under another one, what could not be
read is tried again."""
