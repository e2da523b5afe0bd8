"""One try at mending a file that cannot be opened as it is: a re-save through pikepdf (qpdf).

What is lost is not mended. qpdf is made to save whatever can be saved: it puts an empty stream for
one it finds no end of, nothing for an object that is missing, leaves out pages and sets their
number to what is left. So its file is taken only where

* it complained of nothing but where objects stand and how long streams are;
* the file ends as a whole file does, so that no part of it and no later revision is cut off;
* no object that is referred to is missing, and every page has content;
* no object has a number that the cross-reference gives to another;
* there are as many pages as the original announces;
* every stream whose length was wrong carries a checksum, so that its data are known to be whole;
* and the strict reader reads it.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

from archive.model import Remark
from archive.text.outcome import Unreadable
from archive.text.page import Page
from archive.text.pdf import displaced, pages

if TYPE_CHECKING:
    import pikepdf

__all__ = ["reading"]

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # its complaints are judged here

Seen = TypeVar("Seen")

_MENDABLE: Final = frozenset({"damaged", "truncated", "cipher-unknown"})
_HARMLESS: Final = re.compile(
    r"(file is damaged|can't find (startxref|PDF header)|xref not found|expected end(stream|obj)"
    r"|Attempting to reconstruct cross-reference table|extraneous whitespace seen before xref"
    r"|attempting to recover stream length|recovered stream length: \d+"
    r"|stream dictionary lacks /Length key|/Length key in stream dictionary is not an integer"
    r"|accepting invalid xref table entry|loop detected following xref tables"
    r"|loop detected resolving object \d+ \d+|expected (n n|\d+ \d+) obj"
    r"|expected trailer dictionary|/Type key should be /Pages? but is not; overriding)$",
)
"""Warnings of qpdf that speak of where things are, not of what they are."""
_PREFIX: Final = re.compile(r"stream <[^>]*>[,:]?\s*")
_RECOVERED: Final = re.compile(r"\(object (\d+) (\d+), [^)]*\): attempting to recover stream")
_COUNT: Final = re.compile(rb"/Count\s+(\d+)(?!\s+\d+\s+R)(?!\d)")
_NULL: Final = re.compile(rb"\d+\s+\d+\s+obj\s+null\s+endobj")
_OBJECT: Final = re.compile(rb"(?<!\d)\d+[ \t\r\n]+\d+[ \t\r\n]+obj\b")
_XREF_STREAM: Final = re.compile(rb"/Type\s*/XRef\b")


class _Lost(Exception):  # noqa: N818 - a finding, not a fault of the program
    """Something is missing, or may be."""


def reading(
    data: bytes, see: Callable[[Iterable[Page], bytes], Seen]
) -> tuple[Seen, tuple[Remark, ...]]:
    """What `see` makes of the pages and their bytes, and a remark where the file was mended first.

    Raises:
        Unreadable: as `archive.text.pdf.pages`. A file that cannot be mended without loss keeps
            the outcome it had.
    """
    try:
        return see(pages(data), data), ()
    except Unreadable as error:
        if error.code not in _MENDABLE:
            raise
        first = error
    try:
        mended, complaints = _mended(data, first.code)
        seen = see(pages(mended, mended=True), mended)
    except (_Lost, Unreadable) as error:
        if isinstance(error, Unreadable) and error.code == "encrypted":
            raise
        if isinstance(error, Unreadable) and error.message == first.message:
            raise first from error
        said = f"{first.message}; it cannot be mended: {error}"
        raise Unreadable(first.code, said, first.page) from error
    wrong = "; ".join([first.message, *complaints[:3]])
    return seen, (Remark("repaired", f"repaired before it was read: {wrong}"),)


def _mended(data: bytes, code: str) -> tuple[bytes, list[str]]:
    """The file saved anew, and what qpdf found wrong with it.

    Raises:
        _Lost: it is not known to be whole.
        Unreadable: it asks for a password.
    """
    import pikepdf  # only a damaged file needs it

    if code != "cipher-unknown":
        data = _to_the_end(data)
    if (number := displaced(data)) is not None:
        raise _Lost(f"another object stands in the place of {number}")
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False) as pdf:
            announced = _announced(data, pdf)
            _nothing_missing(data, pdf)
            # what the streams hold is kept as it is, wrong checksums too
            keep = pikepdf.StreamDecodeLevel.none
            pdf.save(out, compress_streams=False, stream_decode_level=keep)
            complaints = [_PREFIX.sub("", warning) for warning in pdf.get_warnings()]
            _only_places(pdf, complaints)
            if len(pdf.pages) < announced:
                raise _Lost(f"{announced} pages are announced, {len(pdf.pages)} are there")
    except pikepdf.PasswordError as error:
        raise Unreadable("encrypted", "the file asks for a password") from error
    except (
        pikepdf.PdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:  # pikepdf, too, trusts the types it finds
        raise _Lost(_PREFIX.sub("", str(error))[:200]) from error
    return out.getvalue(), complaints


def _to_the_end(data: bytes) -> bytes:
    """The file, such that qpdf opens its last revision and no earlier one.

    Raises:
        _Lost: no trailer or cross-reference stream follows the last object.
    """
    last = 0
    for found in _OBJECT.finditer(data):
        last = found.start()
    end = max(last, data.rfind(b"endobj"))
    trailer = data.find(b"trailer", end)
    stream = _XREF_STREAM.search(data, last)
    if not (trailer > 0 and b">>" in data[trailer:]) and not (
        stream and data.find(b"endobj", last) > 0
    ):
        raise _Lost("its end is missing")
    if data.rfind(b"startxref") > last:
        return data
    return data + b"\nstartxref\n0\n%%EOF\n"  # or it would be the one of the revision before


def _announced(data: bytes, pdf: pikepdf.Pdf) -> int:
    """How many pages the original says it has; qpdf itself corrects that number.

    Raises:
        _Lost: it does not say.
    """
    entry = pdf.get_xref_table().get(pdf.Root.Pages.objgen)
    text = b""
    if entry is not None and entry.type == 1 and entry.offset:
        start = max(data.find(b"%PDF-"), 0) + entry.offset
        text = data[start : data.find(b"endobj", start)]
    elif entry is not None and entry.type == 2:
        text = _in_stream(pdf, entry)
    found = _COUNT.search(text)
    if found is None:
        raise _Lost("how many pages there should be cannot be told")
    return int(found[1])


def _in_stream(pdf: pikepdf.Pdf, entry: pikepdf.XrefEntry) -> bytes:
    """One object of an object stream (ISO 32000-1, 7.5.7) as text."""
    index = entry.obj_stream_index or 0
    stream = pdf.get_object(entry.obj_stream_number or 0, 0)
    held = stream.read_bytes()
    first = int(stream.First)
    offsets = [int(word) for word in held[:first].split()][1::2]
    stops = [*offsets[1:], len(held) - first]
    return held[first + offsets[index] : first + stops[index]]


def _nothing_missing(data: bytes, pdf: pikepdf.Pdf) -> None:
    """A reference to an object that is not there would be saved as no entry at all."""
    missing = sum(1 for item in pdf.objects if item is None)
    if missing > len(_NULL.findall(data)):
        raise _Lost(f"objects that are referred to are missing: {missing}")


def _only_places(pdf: pikepdf.Pdf, complaints: Iterable[str]) -> None:
    for complaint in complaints:
        if not _HARMLESS.search(complaint):
            raise _Lost(complaint[:200])
        found = _RECOVERED.search(complaint)
        if found and not _checked(pdf.get_object(int(found[1]), int(found[2]))):
            raise _Lost(f"stream {found[1]} is not as long as it says")


def _checked(stream: pikepdf.Object) -> bool:
    """Whether a stream's data carry a checksum, or are pixels, which are not read."""
    return "/FlateDecode" in str(stream.get("/Filter", "")) or stream.get("/Subtype") == "/Image"
