"""Word (docx): paragraphs and tables in order; merged cells, nested tables, text that was inserted.

Page: 1, for where a page ends is not in the file. Row and column: of the table, from 1.
What was deleted under tracked changes is not read; headers, footers and notes are not either.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from archive.media import DOCX
from archive.model import Remark
from archive.text.flow import Flow, Rows, Sheet, lay, see_flow
from archive.text.formats.drawings import Drawings
from archive.text.formats.packed import opened
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see", "see_optically"]

MEDIA_TYPES: Final = (DOCX,)
EXTRACTOR: Final = "docx/4"
LIMITS: Final = Limits(memory=1 << 30, seconds=30, seconds_per_page=0, output=32 << 20)

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_NOT_SHOWN: Final = (f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText")
_MOST_CELLS: Final = 200_000
_MOST_SPAN: Final = 200


def see(data: bytes) -> Seen:
    """Tables and prose of a Word document.

    Raises:
        Unreadable: damaged, too-large, encrypted, hostile.
    """
    return _seen(data, optically=False)


def see_optically(data: bytes) -> Seen:
    """The same, with what its pictures show. Raises Unreadable as `see`."""
    return _seen(data, optically=True)


def _seen(data: bytes, *, optically: bool) -> Seen:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml import etree

    opened(data, xml=True).close()
    try:
        book = Document(io.BytesIO(data))
        body, parts = book.element.body, book.part.rels
    except (OpcError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError) as error:
        raise Unreadable("damaged", f"the file is damaged ({error})"[:200]) from error
    return see_flow(_Reader(Drawings(parts, optically=optically)).flow(body))


class _Reader:
    def __init__(self, drawings: Drawings) -> None:
        self._cells = 0
        self._drawings = drawings

    def flow(self, body: Any) -> Flow:
        sheet = Sheet(1, list(self._blocks(body)))
        remarks = []
        if any(True for _ in body.iter(f"{_W}del", f"{_W}ins", f"{_W}moveFrom")):
            said = "it has tracked changes: read as if they were accepted"
            remarks.append(Remark("changes-tracked", said))
        remarks += self._drawings.remarks()
        return Flow([sheet], remarks)

    def _blocks(self, parent: Any) -> Iterator[str | Rows]:
        for child in parent:
            if child.tag == f"{_W}p":
                yield _text(child)
                yield from self._boxes(child)
                yield from self._drawings.blocks(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif child.tag == f"{_W}sdt":
                content = child.find(f"{_W}sdtContent")
                yield from self._blocks(content if content is not None else ())
            elif child.tag in (f"{_W}ins", f"{_W}customXml", f"{_W}moveTo"):
                yield from self._blocks(child)

    def _boxes(self, paragraph: Any) -> Iterator[str | Rows]:
        """Text boxes stand beside the text; each is shown once, its fallback is not."""
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not any(parent.tag in _NOT_SHOWN for parent in box.iterancestors()):
                yield from self._blocks(box)

    def _table(self, table: Any) -> Iterator[str | Rows]:
        """The table, then those that stand in its cells."""
        printed: list[list[tuple[str, int, int]]] = []
        nested: list[Any] = []
        open_: dict[int, tuple[int, int]] = {}
        """By column: where the cell stands that goes on downwards."""
        for row in _rows(table):
            cells: list[tuple[str, int, int]] = []
            at = _before(row)
            cells += [("", 1, 1)] * at
            for cell in row.iter(f"{_W}tc"):
                if cell.getparent() is not row and not _is_own(cell, row):
                    continue
                span, merge = _span(cell), _merge(cell)
                self._cells += span
                if self._cells > _MOST_CELLS:
                    raise Unreadable("too-large", f"more than {_MOST_CELLS} cells")
                if merge == "continue" and at in open_:
                    r, c = open_[at]
                    text, across, down = printed[r][c]
                    printed[r][c] = (text, across, down + 1)
                else:
                    open_.pop(at, None)
                    if merge == "restart":
                        open_[at] = (len(printed), len(cells))
                    inner = [t for t in cell.iter(f"{_W}tbl") if _is_own(t, cell, f"{_W}tc")]
                    nested += inner
                    cells.append((_cell_text(cell), span, 1))
                at += span
            printed.append(cells)
        if printed and any(printed):
            yield lay(1, printed)
        for inner in nested:
            yield from self._table(inner)
        for paragraph in table.iter(f"{_W}p"):
            if _is_own(paragraph, table, f"{_W}tbl"):
                yield from self._drawings.blocks(paragraph)


def _rows(table: Any) -> Iterator[Any]:
    for row in table.iter(f"{_W}tr"):
        if _is_own(row, table, f"{_W}tbl") and not _removed(row):
            yield row


def _is_own(element: Any, owner: Any, kind: str = f"{_W}tr") -> bool:
    """Whether the nearest ancestor of a kind is this one: nested tables have their own."""
    for parent in element.iterancestors():
        if parent.tag == kind:
            return parent is owner
    return False


def _removed(row: Any) -> bool:
    properties = row.find(f"{_W}trPr")
    return properties is not None and properties.find(f"{_W}del") is not None


def _before(row: Any) -> int:
    """How many columns a row leaves out before its first cell."""
    value = row.find(f"{_W}trPr/{_W}gridBefore")
    return _number(value) if value is not None else 0


def _span(cell: Any) -> int:
    value = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, _number(value)) if value is not None else 1


def _number(element: Any) -> int:
    text = element.get(f"{_W}val", "1")
    return min(int(text), _MOST_SPAN) if text.isdigit() else 1


def _merge(cell: Any) -> str:
    value = cell.find(f"{_W}tcPr/{_W}vMerge")
    return "" if value is None else value.get(f"{_W}val", "continue")


def _cell_text(cell: Any) -> str:
    own = (p for p in cell.iter(f"{_W}p") if _is_own(p, cell, f"{_W}tc"))
    return "\n".join(filter(None, (_text(p) for p in own)))


def _text(paragraph: Any) -> str:
    return "".join(_pieces(paragraph)).strip()


def _pieces(element: Any) -> Iterable[str]:
    for child in element:
        if child.tag in _NOT_SHOWN or child.tag in (f"{_W}txbxContent", f"{_W}pPr", f"{_W}tbl"):
            continue
        if child.tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _pieces(child)
