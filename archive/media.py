"""What bytes are, by their content: a name and a header only claim."""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import zipfile
from typing import Final

__all__ = ["NAMES", "decoded", "media_type", "mismatch"]

PDF: Final = "application/pdf"
HTML: Final = "text/html"
TEXT: Final = "text/plain"
ZIP: Final = "application/zip"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOC: Final = "application/msword"
XLS: Final = "application/vnd.ms-excel"
OLE: Final = "application/x-ole-storage"
RTF: Final = "application/rtf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
UNKNOWN: Final = "application/octet-stream"

NAMES: Final = {
    PDF: "PDF",
    HTML: "HTML",
    TEXT: "plain text",
    ZIP: "a zip archive",
    DOCX: "Word (docx)",
    XLSX: "Excel (xlsx)",
    DOC: "Word 97–2003 or WPS (doc, wps)",
    XLS: "Excel 97–2003 or WPS (xls, et)",
    OLE: "an OLE file",
    RTF: "Rich Text",
    "application/vnd.rar": "a RAR archive",
    "application/x-7z-compressed": "a 7z archive",
    "application/ofd": "OFD",
    "application/x-ceb": "CEB",
    "application/gzip": "gzip",
    "application/xml": "XML",
    PNG: "a PNG image",
    JPEG: "a JPEG image",
    "image/gif": "a GIF image",
    "image/tiff": "a TIFF image",
    UNKNOWN: "of no known kind",
}
"""Media type -> what a person calls it."""

_MAGIC: Final = (
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Founder CEB", "application/x-ceb"),
    (b"{\\rtf", RTF),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: Final = (
    ("EncryptedPackage", OLE),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
)
"""Names of streams in the directory of an OLE file ([MS-CFB] 2.6.1: UTF-16, null-terminated)."""
_ZIP_PARTS: Final = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", XLSX),
    ("OFD.xml", "application/ofd"),
)
_ZIP_MARKS: Final = ((b"word/", DOCX), (b"xl/", XLSX), (b"OFD.xml", "application/ofd"))
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|script|title|table|div|p)\b", re.IGNORECASE
)
_PDF_WINDOW: Final = 1024
"""Readers accept a PDF header anywhere in the first 1024 bytes (ISO 32000-1, annex H.3)."""
_SAMPLE: Final = 1 << 16
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_LETTERS: Final = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\x20-\x7e\s]")
_MOST_LETTERS: Final = 0.8
_ENDINGS: Final = {
    "pdf": {PDF},
    "doc": {DOC},
    "wps": {DOC},
    "xls": {XLS},
    "et": {XLS},
    "docx": {DOCX},
    "xlsx": {XLSX},
    "txt": {TEXT},
    "htm": {HTML},
    "html": {HTML},
    "zip": {ZIP},
    "rar": {"application/vnd.rar"},
    "7z": {"application/x-7z-compressed"},
    "ofd": {"application/ofd"},
    "ceb": {"application/x-ceb"},
    "rtf": {RTF},
}


def media_type(data: bytes) -> str:
    """What the bytes are by their content, whatever a header or file name claims.

    Bytes of no known kind (and none at all) are "application/octet-stream".

    >>> media_type(b"%PDF-1.7 ...")
    'application/pdf'
    >>> media_type("收支总表\\n单位：万元".encode("gb18030"))
    'text/plain'
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data.startswith(_OLE):
        return _of_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_zip(data)
    head = data[:_PDF_WINDOW]
    if b"%PDF-" in head:
        return PDF
    return _of_text(data)


def _of_ole(data: bytes) -> str:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return OLE


def _of_zip(data: bytes) -> str:
    """By the parts that Office Open XML and OFD must have; a damaged zip by what is seen of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
        seen = data[:_SAMPLE] + data[-_SAMPLE:]
        return next((kind for part, kind in _ZIP_MARKS if part in seen), ZIP)
    for part, kind in _ZIP_PARTS:
        if part in names and (kind == "application/ofd" or "[Content_Types].xml" in names):
            return kind
    return ZIP


def _of_text(data: bytes) -> str:
    text = decoded(data[:_SAMPLE], part=len(data) > _SAMPLE)
    if text is None:
        return UNKNOWN
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        if _HTML.search(start[:_PDF_WINDOW].encode("utf-8", "replace")):
            return HTML
        if start.startswith("<?xml"):
            return "application/xml"
    return TEXT if start else UNKNOWN


def decoded(data: bytes, *, part: bool = False) -> str | None:
    """The text that bytes are, or None where they are no text: UTF-8, UTF-16 or GB18030.

    A byte order mark decides; without one UTF-8 if the bytes are valid UTF-8 (text in another
    encoding hardly ever is), then GB18030 (of which GBK and GB2312 are subsets), where what comes
    out is Chinese. With `part` the bytes may end in the middle of a character.
    """
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
                       (codecs.BOM_UTF16_BE, "utf-16-be")):  # fmt: skip
        if data.startswith(mark):
            return _strict(data[len(mark) :], name, part=part)
    if b"\0" in data[:_PDF_WINDOW]:
        names: tuple[str, ...] = ("utf-16-le", "utf-16-be")
    else:
        names = ("utf-8", "gb18030")
    for name in names:
        text = _strict(data, name, part=part)
        if text is not None and _is_writing(text, sure=name == "utf-8"):
            return text
    return None


def _strict(data: bytes, name: str, *, part: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        return decoder.decode(data, final=not part)
    except UnicodeDecodeError:
        return None


def _is_writing(text: str, *, sure: bool) -> bool:
    sample = text[:4096]
    if not sample or _CONTROL.search(sample):
        return False
    return sure or len(_LETTERS.findall(sample)) >= _MOST_LETTERS * len(sample)


def mismatch(name: str, found: str) -> str | None:
    """What a file name's ending promises that the content does not keep; None where it does.

    >>> mismatch("公开.pdf", "text/html")
    'its name says .pdf, its content is HTML'
    """
    ending = posixpath.splitext(name.lower())[1].lstrip(".")
    if found in _ENDINGS.get(ending, {found}):
        return None
    return f"its name says .{ending}, its content is {NAMES.get(found, found)}"
