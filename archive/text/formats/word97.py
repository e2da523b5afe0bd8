"""The body of a Word 97–2003 file ([MS-DOC]): characters, where paragraphs and cells end, and rows.

Only what tables and text need: the pieces characters lie in (2.4.1), the properties of paragraphs
that end cells and rows (2.4.3, 2.6.2), and which characters were deleted or are hidden (2.6.1).
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from archive.model import Remark
from archive.text.formats.marked import Mark, Merge, Span
from archive.text.outcome import Unreadable

__all__ = ["marks"]

_FLAGS, _LENGTH, _CHARACTERS, _PARAGRAPHS, _CLX = 0x0A, 0x4C, 0xFA, 0x102, 0x1A2
"""Where the header says what (2.5.1)."""
_VERSION: Final = 0x02
_WORD_97: Final = 0xC1
_SECOND_TABLE: Final = 1 << 9
_ENCRYPTED: Final = 1 << 8
_COMPRESSED: Final = 1 << 30
_PAGE: Final = 512
_IN_TABLE, _ROW_END, _ROW, _DELETED, _HIDDEN = 0x2416, 0x2417, 0xD608, 0x0800, 0x083C
"""sprmPFInTable, sprmPFTtp, sprmTDefTable, sprmCFRMarkDel, sprmCFVanish."""
_ELSEWHERE: Final = 0x6646
"""sprmPHugePapx: the properties lie in the data stream."""
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_ENDS: Final = "\r\x07"
_PICTURES: Final = "\x01\x08"
"""Stand where a picture or a drawing is shown."""
_FIELD: Final = "\x13\x14\x15"
_LONGEST: Final = 5_000_000
_MOST_CELLS: Final = 200_000
_TWIPS: Final = 20.0
"""Twentieths of a point."""


class _Piece(NamedTuple):
    first: int
    last: int
    place: int
    width: int
    """Bytes a character."""


class _Run(NamedTuple):
    """Bytes `first` to `last` of the file, and the properties said of them."""

    first: int
    last: int
    said: dict[int, bytes]


def marks(data: bytes) -> tuple[list[Mark], list[Remark]]:
    """The body, stretch by stretch, and what is to be said of it.

    Raises:
        Unreadable: damaged where it is no such file; encrypted; too-large; unread-format where
            Word 6 or 95 wrote it.
    """
    from xlrd.compdoc import CompDoc, CompDocError

    try:
        files = CompDoc(data, logfile=io.StringIO())
        word = files.get_named_stream("WordDocument") or b""
        (flags,) = struct.unpack_from("<H", word, _FLAGS)
        if struct.unpack_from("<H", word, _VERSION)[0] < _WORD_97:
            raise Unreadable("unread-format", "the file is of Word 6 or 95, which is not read")
        if flags & _ENCRYPTED:
            raise Unreadable("encrypted", "the file asks for a password")
        table = files.get_named_stream("1Table" if flags & _SECOND_TABLE else "0Table") or b""
        return _body(word, table, files.get_named_stream("Data") or b"")
    except (CompDocError, struct.error, ValueError, IndexError, KeyError, AssertionError) as error:
        raise Unreadable("damaged", f"no Word 97–2003 file ({error})"[:200]) from error


def _body(word: bytes, table: bytes, more: bytes) -> tuple[list[Mark], list[Remark]]:
    (length,) = struct.unpack_from("<I", word, _LENGTH)
    if length > _LONGEST:
        raise Unreadable("too-large", f"a document of {length} characters")
    paragraphs = _Properties(word, _runs(word, table, more, _PARAGRAPHS))
    characters = _Properties(word, _runs(word, table, more, _CHARACTERS))
    found: list[Mark] = []
    held: list[str] = []
    left_out = pictures = False
    codes: list[bool] = []
    """Of every field that is open: whether its code, which is not shown, is still going on."""
    cells = 0
    for place, character in _characters(word, table, length):
        if character in _FIELD:
            _enter(codes, character)
        elif character in _ENDS:
            said = paragraphs.at(place)
            row = _row(said[_ROW]) if _on(said, _ROW_END) and _ROW in said else None
            cells += len(row or ())
            if cells > _MOST_CELLS:
                raise Unreadable("too-large", f"more than {_MOST_CELLS} cells")
            found.append(Mark("".join(held), character == "\x07", _on(said, _IN_TABLE), row))
            held = []
        elif characters.hides(place):
            left_out = True
        elif not any(codes):
            pictures |= character in _PICTURES
            held.append(_shown(character))
    return found, list(_remarks(left_out=left_out, pictures=pictures))


def _remarks(*, left_out: bool, pictures: bool) -> Iterator[Remark]:
    if left_out:
        yield Remark("changes-tracked", "text that was deleted or is hidden was left out")
    if pictures:
        yield Remark("image-on-page", "文中有图片，图片中的文字未读取", 1)


def _enter(codes: list[bool], character: str) -> None:
    """A field begins, its result begins, or it ends."""
    if character == "\x13":
        codes.append(True)
    elif codes and character == "\x14":
        codes[-1] = False
    elif codes:
        codes.pop()


def _shown(character: str) -> str:
    if character in "\x0b\x0c\x0e":
        return "\n"
    if character == "\x1e":
        return "-"
    return (
        " "
        if character in "\t\xa0"
        else ""
        if character < " " or character == "\x1f"
        else character
    )


def _characters(word: bytes, table: bytes, length: int) -> Iterator[tuple[int, str]]:
    """Where every character lies in the file, and which it is."""
    for first, last, place, width in _pieces(table, *struct.unpack_from("<II", word, _CLX)):
        end = place + width * (min(last, length) - first)
        if end > len(word):
            raise ValueError("a piece lies outside the file")
        text = word[place:end].decode("cp1252" if width == 1 else "utf-16-le", "replace")
        yield from ((place + width * n, character) for n, character in enumerate(text))
        if last >= length:
            return


def _pieces(table: bytes, start: int, size: int) -> Iterator[_Piece]:
    """The piece table (2.9.38), which comes after formatting that is not asked for."""
    clx, at = table[start : start + size], 0
    while clx[at] == 1:
        at += 3 + int(struct.unpack_from("<H", clx, at + 1)[0])
    (size,) = struct.unpack_from("<I", clx, at + 1)
    body = clx[at + 5 : at + 5 + size]
    count = (len(body) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", body)
    for number, (first, last) in enumerate(pairwise(starts)):
        (place,) = struct.unpack_from("<I", body, 4 * (count + 1) + 8 * number + 2)
        if last < first or last > _LONGEST:
            raise ValueError("no piece table")
        if place & _COMPRESSED:
            yield _Piece(first, last, (place & ~_COMPRESSED) // 2, 1)
        else:
            yield _Piece(first, last, place, 2)


# ── properties ────────────────────────────────────────────────────────────────────────────────


class _Properties:
    """What is said of the bytes of a file."""

    def __init__(self, word: bytes, runs: Iterator[_Run]) -> None:
        self._runs = sorted((run for run in runs if run.said), key=lambda run: run.first)
        self._firsts = [run.first for run in self._runs]

    def at(self, place: int) -> dict[int, bytes]:
        index = bisect_right(self._firsts, place) - 1
        run = self._runs[index] if index >= 0 else None
        return run.said if run is not None and place < run.last else {}

    def hides(self, place: int) -> bool:
        """Whether a character was deleted under tracked changes, or is hidden."""
        said = self.at(place)
        return bool(said) and (_on(said, _DELETED) or _on(said, _HIDDEN))


def _on(said: dict[int, bytes], code: int) -> bool:
    return said.get(code, b"\0")[:1] == b"\x01"


def _runs(word: bytes, table: bytes, more: bytes, where: int) -> Iterator[_Run]:
    """The runs of all pages of properties (2.9.243): of paragraphs 13 bytes each, or of
    characters one."""
    start, size = struct.unpack_from("<II", word, where)
    count = max(0, (size - 4) // 8)
    pages = struct.unpack_from(f"<{count}I", table, start + 4 * (count + 1))
    step = 13 if where == _PARAGRAPHS else 1
    for number in pages:
        page = word[number * _PAGE : (number + 1) * _PAGE]
        runs = page[_PAGE - 1]
        edges = struct.unpack_from(f"<{runs + 1}I", page)
        for n, (first, last) in enumerate(pairwise(edges)):
            at = 2 * page[4 * (runs + 1) + step * n]
            said = _paragraph(page, at) if step > 1 else page[at + 1 : at + 1 + page[at]]
            yield _Run(first, last, dict(_properties(said if at else b"", more)))


def _paragraph(page: bytes, at: int) -> bytes:
    """Its properties, after the number of its style."""
    if page[at]:
        return page[at + 3 : at + 2 * page[at]]
    return page[at + 4 : at + 2 + 2 * page[at + 1]]


def _properties(said: bytes, more: bytes) -> Iterator[tuple[int, bytes]]:
    """Each property's code and operand (2.2.5.1)."""
    at = 0
    while at + 2 < len(said):
        (code,) = struct.unpack_from("<H", said, at)
        at += 2
        if code == _ROW:
            size = 1 + int(struct.unpack_from("<H", said, at)[0])
        else:
            size = _SIZES.get(code >> 13, 1 + said[at])
        operand = said[at : at + size]
        at += size
        if code == _ELSEWHERE:
            (place,) = struct.unpack("<I", operand)
            (length,) = struct.unpack_from("<H", more, place)
            yield from _properties(more[place + 2 : place + 2 + length], b"\0\0\0\0")
        else:
            yield code, operand


def _row(operand: bytes) -> tuple[Span, ...]:
    """The cells of a row (2.9.329): edges in twips, then what is said of each cell."""
    count = operand[2]
    edges = struct.unpack_from(f"<{count + 1}h", operand, 3)
    at = 3 + 2 * (count + 1)
    cells = []
    for n, (left, right) in enumerate(pairwise(edges)):
        place = at + 20 * n
        flags = struct.unpack_from("<H", operand, place)[0] if place + 2 <= len(operand) else 0
        # fFirstMerged 1, fMerged 2; vertMerge 0x20, vertRestart 0x40 (2.9.328)
        above = bool(flags & 0x20) and not flags & 0x40
        cells.append(Span(left / _TWIPS, right / _TWIPS, Merge(bool(flags & 2), above)))
    return tuple(cells)
