"""PDF bytes → pages of ink, or a named reason why not."""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Iterator

from pdfminer import pdftypes
from pdfminer.pdfdocument import (
    PDFDocument,
    PDFEncryptionError,
    PDFNoValidXRef,
    PDFPasswordIncorrect,
    PDFTextExtractionNotAllowed,
)
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psexceptions import PSException

from archive.text.device import InkDevice, Page
from archive.text.outcome import Unreadable
from archive.text.stream import QuickInterpreter

logging.getLogger("pdfminer").setLevel(logging.ERROR)


class Damaged(PDFException):
    """A part of the document is spoilt or missing."""


def _whole(data: bytes) -> bytes:
    """The stream where only its checksum is wrong; nothing less is taken for the whole.

    pdfminer goes on with whatever came out of a damaged stream, so that the rows after the damage
    would be missing without a word.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = stream.decompress(data[2:])
    except zlib.error as error:
        raise Damaged(f"a compressed stream is spoilt ({error})") from error
    if not stream.eof:
        raise Damaged("a compressed stream breaks off")
    return out


pdftypes.decompress_corrupted = _whole

_DAMAGE = (
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
)
"""What pdfminer raises on malformed files: its parsers trust the types they find."""


def pages(data: bytes) -> Iterator[Page]:
    """The pages of a PDF, in order.

    Raises:
        Unreadable: empty, not a PDF, encrypted, truncated or damaged; names the page where the
            reading stopped.
    """
    if not data:
        raise Unreadable("empty", "the file is empty")
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("not-a-pdf", "the file does not begin like a PDF")
    number = 0
    try:
        parser = PDFParser(io.BytesIO(data))
        document = PDFDocument(parser)
        resources = PDFResourceManager()
        device = InkDevice(resources)
        interpreter = QuickInterpreter(resources, device)
        for page in PDFPage.create_pages(document):
            number += 1
            device.page.number = number
            interpreter.process_page(page)
            yield device.page
        _all_there(document, number)
    except (PDFPasswordIncorrect, PDFEncryptionError, PDFTextExtractionNotAllowed) as error:
        raise Unreadable("encrypted", "the file is encrypted and asks for a password") from error
    except (PDFNoValidXRef, PDFSyntaxError) as error:
        raise Unreadable(
            _cut(data), f"the file is damaged: {error or 'no cross-reference'}"
        ) from error
    except _DAMAGE as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        raise Unreadable(_cut(data), f"the file is damaged ({detail})", number or None) from error


def _all_there(document: PDFDocument, found: int) -> None:
    """A page lost in a damaged page tree would read as rows the publisher took away."""
    claimed = _claimed_pages(document)
    if found == 0 or found < claimed:
        raise Damaged(f"{claimed} pages are announced, {found} are there")


def count_pages(data: bytes) -> int:
    """How many pages the file claims to have; 0 where it does not say. Only a bound for limits."""
    try:
        return _claimed_pages(PDFDocument(PDFParser(io.BytesIO(data))))
    except _DAMAGE:
        return 0


def _claimed_pages(document: PDFDocument) -> int:
    claimed = resolve1(dict_value(document.catalog["Pages"]).get("Count"))
    return claimed if isinstance(claimed, int) and claimed > 0 else 0


def _cut(data: bytes) -> str:
    return "damaged" if b"%%EOF" in data[-2048:] else "truncated"
