"""pdfminer.six, without its leniency: what cannot be had is said, not left out.

pdfminer reads on where a file is spoilt: a stream cut short, an object that is not where it should
be, a page that has gone. For a search index that is right. Here it would make rows that look taken
away by the publisher, or bring back an older revision of a page. So every such place raises
`Damaged`, and `archive.text.repair` has one try at mending the file.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final

from pdfminer import pdftypes
from pdfminer.pdfdocument import PDFDocument, PDFNoValidXRef
from pdfminer.pdfexceptions import PDFException, PDFObjectNotFound
from pdfminer.pdfpage import LITERAL_PAGE, LITERAL_PAGES, PDFPage
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, resolve1, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import PSKeyword

__all__ = ["Damaged", "StrictDocument", "leaves"]

_DEEPEST: Final = 200
"""No page tree is deeper; deeper ones are there to exhaust the reader."""
_AFTER_STREAM: Final = re.compile(rb"[\x00\t\n\x0c\r ]*endstream")
_OBJECT: Final = re.compile(rb"\d+[ \t\r\n]+\d+[ \t\r\n]+obj\b")
_HEAD: Final = re.compile(rb"[\t\r\n ]*(\d+)[ \t\r\n]+\d+[ \t\r\n]+obj\b")
_CHECKSUM: Final = 4
"""Bytes of the checksum that ends a compressed stream (RFC 1950)."""
_KEYWORDS: Final = frozenset(
    {b"R", b"null", b"stream", b"endstream", b"endobj", b"xref", b"startxref", b"trailer"}
)
"""What may stand in or after an object (ISO 32000-1, 7.3)."""
_CHECKED: Final = frozenset(pdftypes.LITERALS_FLATE_DECODE)


class Damaged(PDFException):
    """A part of the document is spoilt or missing."""


def _whole(data: bytes) -> bytes:
    """The stream where its checksum was merely left off; nothing less is taken for the whole.

    pdfminer goes on with whatever came out of a damaged stream, so that the rows after the damage
    would be missing without a word; and a checksum that is there and wrong means another byte than
    the one written, which may be a digit.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        out = stream.decompress(data[2:])
    except zlib.error as error:
        raise Damaged(f"a compressed stream is spoilt ({error})") from error
    if not stream.eof:
        raise Damaged("a compressed stream breaks off")
    if len(stream.unused_data) >= _CHECKSUM:
        raise Damaged("a compressed stream does not agree with its checksum")
    return out


pdftypes.decompress_corrupted = _whole


class Stream(PDFStream):
    """A stream that knows whether its announced length led to its end."""

    sure = True

    def decode(self) -> None:
        """Undo the filters.

        Raises:
            Damaged: the length is wrong, and no checksum tells whether the data are whole.
        """
        if not self.sure and not any(name in _CHECKED for name, _ in self.get_filters()):
            raise Damaged(f"stream {self.objid} is not as long as it says")
        super().decode()


class StrictParser(PDFParser):
    """pdfminer's parser; its streams are `Stream`s."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        super().__init__(io.BytesIO(data))

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        """As pdfminer, and look whether a stream ends where it says.

        Raises:
            Damaged: an object does not end; pdfminer would go on and take the next one for it.
        """
        if token.name not in _KEYWORDS:
            raise Damaged(f"an object is spoilt ({token.name!r} stands in it)"[:100])
        super().do_keyword(pos, token)
        if token is not self.KEYWORD_STREAM or not self.curstack:
            return
        plain = self.curstack[-1][1]
        if not isinstance(plain, PDFStream):
            return
        stream = Stream(plain.attrs, plain.rawdata or b"", plain.decipher)
        stream.sure = self._ends_after(pos, len(stream.rawdata or b""))
        self.curstack[-1] = (self.curstack[-1][0], stream)

    def _ends_after(self, pos: int, length: int) -> bool:
        start = pos + len(b"stream")
        for eol in (b"\r\n", b"\n", b"\r"):
            if self.data.startswith(eol, start):
                start += len(eol)
                break
        return _AFTER_STREAM.match(self.data, start + length) is not None


class StrictDocument(PDFDocument):
    """pdfminer's document that neither guesses where objects are nor takes older ones instead.

    Raises:
        Damaged: the cross-reference does not lead to the objects.
        PDFException: as pdfminer.
    """

    def __init__(self, data: bytes) -> None:
        self._tables: set[int] = set()
        self._data = data
        super().__init__(StrictParser(data), fallback=False)

    def find_xref(self, parser: PDFParser) -> int:
        """Where the cross-reference begins, of the last revision and no earlier one."""
        try:
            start = super().find_xref(parser)
        except PDFNoValidXRef as error:
            raise Damaged(f"no cross-reference ({error})") from error
        end = self._data.rindex(b"startxref")
        if _OBJECT.search(self._data, end):
            raise Damaged("something follows the end of the file: an update that breaks off")
        return start

    def read_xref_from(self, parser: PDFParser, start: int, xrefs: list[Any]) -> None:
        """Read a cross-reference and those before it."""
        if start in self._tables:
            raise Damaged("the cross-references lead round in a circle")
        self._tables.add(start)
        try:
            super().read_xref_from(parser, start, xrefs)
        except PDFNoValidXRef as error:
            raise Damaged(f"the cross-reference is spoilt ({error})") from error

    def getobj(self, objid: int) -> object:
        """An object of the file.

        Raises:
            Damaged: the file announces it and has it not.
            PDFObjectNotFound: the file does not announce it; such a reference means null.
        """
        if objid in self._cached_objs:
            return self._cached_objs[objid][0]
        for xref in self.xrefs:
            try:
                holder, place, generation = xref.get_pos(objid)
            except KeyError:
                continue
            break
        else:
            raise PDFObjectNotFound(objid)
        found: object
        try:
            if holder is not None:
                found = self._getobj_objstm(stream_value(self.getobj(holder)), place, objid)
            else:
                found = self._getobj_parse(place, objid)
                if self.decipher:
                    found = pdftypes.decipher_all(self.decipher, objid, generation, found)
        except (PSEOF, PDFSyntaxError, PDFObjectNotFound) as error:
            raise Damaged(f"object {objid} is not where it should be") from error
        if isinstance(found, PDFStream):
            found.set_objid(objid, generation)
        self._cached_objs[objid] = (found, generation)
        return found

    def displaced(self) -> int | None:
        """An object in whose place another one begins, if the cross-reference names such."""
        for xref in self.xrefs:
            for objid in xref.get_objids():
                holder, place, _ = xref.get_pos(objid)
                head = _HEAD.match(self._data, place) if holder is None else None
                if head and int(head[1]) != objid:
                    return objid
        return None

    def _getobj_objstm(self, stream: PDFStream, index: int, objid: int) -> object:
        found = super()._getobj_objstm(stream, index, objid)
        numbers = self._parsed_objs[stream.objid][0] if stream.objid in self._parsed_objs else []
        if 2 * index < len(numbers) and numbers[2 * index] != objid:
            raise PDFSyntaxError(f"another object stands in the place of {objid}")
        return found

    @property
    def announced(self) -> int:
        """How many pages the file says it has; 0 where it does not say."""
        count = resolve1(dict_value(self.catalog.get("Pages")).get("Count"))
        return count if isinstance(count, int) and count > 0 else 0


def leaves(document: StrictDocument, *, blank: bool = True) -> Iterator[PDFPage]:
    """The pages in order; one may have no content if `blank`.

    Raises:
        Damaged: the page tree has holes, loops, or fewer pages than it announces.
    """
    found = 0
    root = document.catalog.get("Pages")
    for objid, attributes in _walk(root, {}, set(), 0):
        found += 1
        page = PDFPage(document, objid, attributes, None)
        parts = [resolve1(part) for part in page.contents]
        if not all(isinstance(part, PDFStream) for part in parts) or not (parts or blank):
            raise Damaged("its content is missing")
        yield page
    if found == 0 or found < document.announced:
        raise Damaged(f"{document.announced} pages are announced, {found} are there")


def _walk(
    node: object, inherited: dict[str, Any], seen: set[int], depth: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    if not isinstance(node, PDFObjRef) or depth > _DEEPEST:
        raise Damaged("the page tree is spoilt")
    if node.objid in seen:
        raise Damaged("the page tree leads round in a circle")
    seen.add(node.objid)
    here = resolve1(node)
    if not isinstance(here, dict):
        raise Damaged("a page is missing")
    passed_on = {key: inherited[key] for key in PDFPage.INHERITABLE_ATTRS if key in inherited}
    attributes = passed_on | here
    kind = resolve1(attributes.get("Type"))
    if kind is LITERAL_PAGE:
        yield node.objid, attributes
    elif kind is LITERAL_PAGES:
        kids = resolve1(attributes.get("Kids"))
        if not isinstance(kids, list):
            raise Damaged("the page tree is spoilt")
        for kid in kids:
            yield from _walk(kid, attributes, seen, depth + 1)
    else:
        raise Damaged("something in the page tree is no page")
