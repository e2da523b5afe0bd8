"""Web pages (HTML): tables with rowspan and colspan, and the text around them.

Page: 1. Row and column: of the table, from 1. UTF-8, GBK, GB18030 or what the page declares;
scripts are not run, nothing is loaded. A table that holds other tables only lays out the page.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

from archive.media import HTML, decoded
from archive.model import Remark
from archive.text.flow import Flow, Rows, Sheet, lay, see_flow
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (HTML,)
EXTRACTOR: Final = "html/4"
LIMITS: Final = Limits(memory=1 << 30, seconds=20, seconds_per_page=0, output=32 << 20)

_LARGEST: Final = 32 << 20
_MOST_CELLS: Final = 200_000
_MOST_SPAN: Final = 500
_DEEPEST: Final = 200
_NOT_SHOWN: Final = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "select"}
)
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "fieldset",
    ]
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_WHITE: Final = re.compile(r"[ \t\r\n\f\xa0\u3000]+")


def see(data: bytes) -> Seen:
    """Tables and prose of a web page.

    Raises:
        Unreadable: too-large, damaged, encoding-unknown.
    """
    from lxml import etree, html

    if len(data) > _LARGEST:
        raise Unreadable("too-large", f"a page of more than {_LARGEST >> 20} megabytes")
    text = _decoded(data)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("damaged", f"the page cannot be parsed ({error})"[:200]) from error
    reader = _Reader()
    sheet = Sheet(1, list(reader.blocks(root)))
    return see_flow(Flow([sheet], reader.remarks))


def _decoded(data: bytes) -> str:
    """By content, or as the page declares where its content does not tell.

    Raises:
        Unreadable: encoding-unknown.
    """
    if (text := decoded(data)) is not None:
        return text
    match = _CHARSET.search(data[:4096])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else "gb18030"
        return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
    except (LookupError, UnicodeDecodeError) as error:
        raise Unreadable("encoding-unknown", "its bytes are in no encoding it could be") from error


class _Reader:
    def __init__(self) -> None:
        self.remarks: list[Remark] = []
        self._cells = 0
        self._line: list[str] = []

    def blocks(self, root: Any) -> Iterator[str | Rows]:
        """Lines of text and tables, in the order of the page."""
        yield from self._walk(root, 0)
        yield from self._flushed()

    def _walk(self, element: Any, depth: int) -> Iterator[str | Rows]:
        if depth > _DEEPEST:
            raise Unreadable("damaged", "nested without end")
        if not isinstance(element.tag, str) or _skipped(element):
            return
        if element.tag == "img" and "image-on-page" not in {r.code for r in self.remarks}:
            self.remarks.append(Remark("image-on-page", "it shows pictures; they were not read", 1))
        if element.tag == "table" and element.find(".//table") is None:
            yield from self._flushed()
            yield from self._table(element)
            return
        block = element.tag in _BLOCKS
        if block:
            yield from self._flushed()
        self._line.append(element.text or "")
        for child in element:
            yield from self._walk(child, depth + 1)
            self._line.append(child.tail or "")
        if block:
            yield from self._flushed()

    def _flushed(self) -> Iterator[str]:
        text = _WHITE.sub(" ", "".join(self._line)).strip()
        self._line = []
        if text:
            yield text

    def _table(self, table: Any) -> Iterator[str | Rows]:
        for caption in table.iter("caption"):
            if text := _cell_text(caption):
                yield text
        printed: list[list[tuple[str, int, int]]] = []
        for row in table.iter("tr"):
            if _skipped(row):
                continue
            cells: list[tuple[str, int, int]] = []
            for cell in row.iterchildren("td", "th"):
                across, down = _span(cell, "colspan"), _span(cell, "rowspan")
                self._cells += across * down
                if self._cells > _MOST_CELLS:
                    raise Unreadable("too-large", f"more than {_MOST_CELLS} cells")
                cells.append((_cell_text(cell), across, down))
            printed.append(cells)
        if any(printed):
            yield lay(1, printed)


def _skipped(element: Any) -> bool:
    if element.tag in _NOT_SHOWN or element.get("hidden") is not None:
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(1, int(text)), _MOST_SPAN) if text.isdigit() and len(text) < 6 else 1


def _cell_text(cell: Any) -> str:
    """The text of a cell, a line where the page breaks one."""
    pieces: list[str] = []

    def walk(element: Any) -> None:
        if not isinstance(element.tag, str) or _skipped(element):
            return
        if element.tag in _BLOCKS:
            pieces.append("\n")
        pieces.append(_WHITE.sub(" ", element.text or ""))
        for child in element:
            walk(child)
            pieces.append(_WHITE.sub(" ", child.tail or ""))
        if element.tag in _BLOCKS:
            pieces.append("\n")

    walk(cell)
    return re.sub(r" *\n[ \n]*", "\n", "".join(pieces)).strip()
