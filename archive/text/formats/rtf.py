"""Rich Text (rtf), as WPS and Word save it: paragraphs and tables with merged cells.

Page: 1. Row and column: of the table, from 1. What was deleted under tracked changes and what is
hidden is not read; notes, headers and pictures are not either. Nested tables are read as the text
of their cell. (Rich Text Format Specification 1.9.1)
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from archive.media import RTF
from archive.model import Remark
from archive.text.flow import Flow, Sheet, see_flow
from archive.text.formats.marked import Mark, Merge, Span, blocks
from archive.text.limits import Limits
from archive.text.outcome import Unreadable
from archive.text.reader import Seen

__all__ = ["EXTRACTOR", "LIMITS", "MEDIA_TYPES", "see"]

MEDIA_TYPES: Final = (RTF,)
EXTRACTOR: Final = "rtf/3"
LIMITS: Final = Limits(memory=1 << 30, seconds=30, seconds_per_page=0, output=32 << 20)

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
_ELSEWHERE: Final = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "info", "listtable", "listoverridetable", "rsidtbl"),
        *("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
        *("footnote", "annotation", "fldinst", "object", "nonesttables", "themedata", "generator"),
        *("xe", "tc", "txe", "rxe", "bkmkstart", "bkmkend"),
    )
)
"""Destinations whose text is not that of the body."""
_PICTURES: Final = frozenset({"pict", "shp", "shppict", "nonshppict"})
_CODEPAGES: Final = {
    0: "cp1252",
    2: "cp1252",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
}
"""\\fcharset -> encoding."""
_CHARACTERS: Final = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_SYMBOLS: Final = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_DEEPEST: Final = 500
_MOST_CELLS: Final = 200_000
_TWIPS: Final = 20.0
_LARGEST: Final = 64 << 20


def see(data: bytes) -> Seen:
    """Tables and prose of a Rich Text document.

    Raises:
        Unreadable: damaged; too-large; tables-lost where a row has another number of cells than it
            says.
    """
    if len(data) > _LARGEST:
        raise Unreadable("too-large", f"a document of more than {_LARGEST >> 20} megabytes")
    reader = _Reader(data)
    found = list(reader.marks())
    return see_flow(Flow([Sheet(1, list(blocks(found)))], list(reader.remarks())))


@dataclass(frozen=True)
class _State:
    """What holds within a group."""

    elsewhere: bool = False
    fonts: bool = False
    """Is it the table of fonts?"""
    hidden: bool = False
    deleted: bool = False
    skip: int = 1
    """How many characters stand after a Unicode one for readers that know none."""
    font: int = -1


@dataclass
class _Row:
    """The row as it is being described."""

    left: int = 0
    cells: list[Span] = field(default_factory=list)
    merged: bool = False
    below: bool = False


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.state = _State()
        self.stack: list[_State] = []
        self.encodings: dict[int, str] = {}
        self.default = "cp1252"
        self.row = _Row()
        self.in_table = False
        self.held: list[str] = []
        self.bytes = bytearray()
        self.owed = 0
        """Characters still to be skipped after a Unicode one."""
        self.cells = 0
        self.left_out = self.pictures = False
        self.first = False
        """Whether a group has just begun."""

    def remarks(self) -> Iterator[Remark]:
        if self.left_out:
            yield Remark("changes-tracked", "text that was deleted or is hidden was left out")
        if self.pictures:
            yield Remark("image-on-page", "文中有图片，图片中的文字未读取", 1)

    def marks(self) -> Iterator[Mark]:
        """The body, stretch by stretch."""
        at = 0
        while at < len(self.data):
            token = _TOKEN.match(self.data, at)
            if token is None:
                raise Unreadable("damaged", f"no Rich Text at byte {at}")
            at = token.end()
            word, number, code, symbol, brace, text = token.groups()
            if brace:
                self._brace(brace)
            elif word:
                if word == b"bin" and number:
                    at += max(0, int(number))
                yield from self._word(word.decode(), int(number) if number else None)
            elif code:
                self._byte(bytes((int(code, 16),)))
            elif symbol:
                self._symbol(symbol.decode("latin-1"))
            elif text:
                self._byte(text)
            self.first = self.first and bool(brace or symbol == b"*")
        if self.stack:
            raise Unreadable("truncated", "its groups do not end")
        self._flush()
        if self.held:
            yield self._mark(cell=False)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.owed = 0
        if brace == b"{":
            if len(self.stack) >= _DEEPEST:
                raise Unreadable("damaged", "nested without end")
            self.stack.append(self.state)
            self.first = True
        elif self.stack:
            self.state = self.stack.pop()

    def _symbol(self, symbol: str) -> None:
        if symbol == "*" and self.first:
            self.state = replace(self.state, elsewhere=True)
        elif symbol in _SYMBOLS:
            self._text(_SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> Iterator[Mark]:
        self._flush()
        on = number != 0
        if word == "u" and number is not None:
            self._text(chr(number % 0x10000))
            self.owed = self.state.skip
        elif word in _CHARACTERS:
            self._text(_CHARACTERS[word])
        elif word in _ELSEWHERE or word in _PICTURES:
            self.pictures |= word in _PICTURES
            self.state = replace(self.state, elsewhere=True, fonts=word == "fonttbl")
        elif word in ("v", "deleted"):
            name = "hidden" if word == "v" else "deleted"
            self.state = replace(self.state, **{name: on})
        elif word == "plain":
            self.state = replace(self.state, hidden=False, deleted=False, font=-1)
        elif word == "uc":
            self.state = replace(self.state, skip=number or 0)
        elif word == "f" and number is not None:
            self.state = replace(self.state, font=number)
        elif word == "fcharset" and self.state.fonts:
            self.encodings[self.state.font] = _CODEPAGES.get(number or 0, self.default)
        elif word == "ansicpg":
            self.default = _encoding(number)
        elif not self.state.elsewhere:
            yield from self._layout(word, number or 0)

    def _layout(self, word: str, number: int) -> Iterator[Mark]:
        """Paragraphs, cells and rows."""
        if word in ("par", "sect", "page", "nestcell", "nestrow"):
            yield self._mark(cell=False)
        elif word == "cell":
            yield self._mark(cell=True)
        elif word == "row":
            yield Mark("", cell=True, in_table=True, row=tuple(self.row.cells))
        elif word == "pard":
            self.in_table = False
        elif word == "intbl":
            self.in_table = True
        elif word == "trowd":
            self.row = _Row()
        elif word == "trleft":
            self.row.left = number
        elif word == "clmrg":
            self.row.merged = True
        elif word == "clvmrg":
            self.row.below = True
        elif word == "cellx":
            self._cell(number)

    def _cell(self, edge: int) -> None:
        self.cells += 1
        if self.cells > _MOST_CELLS:
            raise Unreadable("too-large", f"more than {_MOST_CELLS} cells")
        row = self.row
        left = row.cells[-1].right if row.cells else row.left / _TWIPS
        row.cells.append(Span(left, edge / _TWIPS, Merge(row.merged, row.below)))
        row.merged = row.below = False

    def _mark(self, *, cell: bool) -> Mark:
        text, self.held = "".join(self.held), []
        return Mark(text, cell=cell, in_table=self.in_table, row=None)

    # ── text ────────────────────────────────────────────────────────────────────────────────

    def _byte(self, data: bytes) -> None:
        """Characters in the encoding of their font; two bytes of one may come one by one."""
        if self.owed:
            taken = min(self.owed, len(data))
            self.owed -= taken
            data = data[taken:]
        self.bytes += data

    def _flush(self) -> None:
        if not self.bytes:
            return
        encoding = self.encodings.get(self.state.font, self.default)
        text, self.bytes = self.bytes.decode(encoding, "replace"), bytearray()
        self._text(text)

    def _text(self, text: str) -> None:
        self._flush()
        if self.state.elsewhere:
            return
        if self.state.hidden or self.state.deleted:
            self.left_out = True
            return
        self.held.append(text)


def _encoding(number: int | None) -> str:
    name = "gb18030" if number == 936 else f"cp{number}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
