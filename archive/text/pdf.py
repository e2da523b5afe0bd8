"""PDF bytes → pages of ink, or a named reason why not."""

from __future__ import annotations

import logging
import re
import struct
from collections.abc import Iterator
from typing import Final

from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import dict_value, list_value, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import LIT

from archive.model import Remark
from archive.text.device import InkDevice
from archive.text.fonts import Fonts
from archive.text.outcome import Unreadable
from archive.text.page import Page
from archive.text.stream import QuickInterpreter
from archive.text.strict import StrictDocument, leaves

__all__ = ["count_pages", "displaced", "pages"]

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

_DAMAGE: Final = (
    PDFException,
    PSException,
    AssertionError,
    AttributeError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    OSError,
    struct.error,
)
"""What pdfminer raises on malformed files: its parsers trust the types they find."""
_LINKS: Final = (LIT("Link"), LIT("Popup"))
_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_HEAD: Final = 1024
"""A PDF begins within so many bytes (ISO 32000-1, annex H.3)."""


def pages(data: bytes, *, mended: bool = False) -> Iterator[Page]:
    """The pages of a PDF, in order; of one that was mended, a page without content is lost.

    Raises:
        Unreadable: empty, not a PDF, encrypted, truncated or damaged; names the page where the
            reading stopped.
    """
    if not data:
        raise Unreadable("empty", "the file is empty")
    if b"%PDF-" not in data[:_HEAD]:
        raise Unreadable("not-a-pdf", "the file does not begin like a PDF")
    number = 0
    try:
        document = StrictDocument(data)
        fonts = Fonts()
        device = InkDevice(fonts)
        interpreter = QuickInterpreter(fonts, device)
        shown: dict[tuple[int, ...], int] = {}
        for leaf in leaves(document, blank=not mended):
            number += 1
            device.page.number = number
            interpreter.process_page(leaf)
            parts = tuple(resolve1(part).objid for part in leaf.contents)
            if shown.setdefault(parts, number) != number and device.page.chars:
                said = f"it shows the content of page {shown[parts]} again"
                device.page.remarks.append(Remark("content-repeated", said, number))
            device.page.remarks += _beside(document, leaf, number)
            yield device.page
    except PDFPasswordIncorrect as error:
        raise Unreadable("encrypted", "the file asks for a password") from error
    except PDFEncryptionError as error:
        raise Unreadable("cipher-unknown", f"the file is encrypted ({error})"[:200]) from error
    except _DAMAGE as error:
        raise Unreadable(_cut(data), _sentence(error), number or None) from error


def _beside(document: StrictDocument, leaf: PDFPage, number: int) -> Iterator[Remark]:
    """What a viewer shows on the page, or hides, that is not in its content."""
    if not leaf.contents:
        yield Remark("page-blank", "nothing stands on it", number)
    notes = [dict_value(note) for note in list_value(leaf.annots)] if leaf.annots else []
    if any("AP" in note and resolve1(note.get("Subtype")) not in _LINKS for note in notes):
        said = "stamps, form fields or notes lie on it; their text was not read"
        yield Remark("annotation-unread", said, number)
    layers = dict_value(dict_value(document.catalog.get("OCProperties")).get("D"))
    if number == 1 and list_value(layers.get("OFF")):
        yield Remark("layers-off", "layers that are switched off were read as if they were shown")


def _sentence(error: Exception) -> str:
    """What is wrong, in the words of what found it."""
    said = str(error) if isinstance(error, PDFException) else f"{type(error).__name__}: {error}"
    return f"the file is damaged ({said or type(error).__name__})"[:200]


def count_pages(data: bytes) -> int:
    """How many pages the file claims to have, or seems to. Only a bound for limits."""
    try:
        return StrictDocument(data).announced
    except _DAMAGE:
        return len(_PAGE.findall(data))


def displaced(data: bytes) -> int | None:
    """An object in whose place another one begins: one of the two has the wrong number."""
    try:
        return StrictDocument(data).displaced()
    except _DAMAGE:
        return None  # there is no cross-reference to contradict


def _cut(data: bytes) -> str:
    return "damaged" if b"%%EOF" in data[-2048:] else "truncated"
