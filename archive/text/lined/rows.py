"""Lines of a table → its rows: key cells and figures, wrapped cells put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from archive import money
from archive.forms import plain
from archive.text.columns import CODE_PARTS, TOTAL, Leaf, Role
from archive.text.lined.source import TextLine, Token, figures_at_end, tokens

__all__ = ["Fragment", "Row", "keyed_rows", "tabbed_rows"]

_CODE: Final = re.compile(r"\d{3}(?:\d{2}){0,2}|\d{6}|[\d]{1,2}[,， ]\d{5}")
_HALF: Final = re.compile(r"\d{4}")
_REST: Final = re.compile(r"\d{1,3}")
_NEARLY_ALL: Final = 0.8
_OUTLINE: Final = re.compile(
    r"^(?:[一二三四五六七八九十廿]+、|[（(][一二三四五六七八九十廿]+[)）]|其中[:：]|\d+、)"
)


@dataclass
class Fragment:
    """A piece of a name: what stands on one line of one cell, or what is left of a wrapped one."""

    text: str
    line: TextLine
    alone: bool
    """Whether nothing else stands before it on its line."""
    indent: float = 0.0


@dataclass
class Row:
    """One printed row."""

    line: TextLine
    code: str = ""
    fragments: list[Fragment] = field(default_factory=list)
    figures: list[Token] = field(default_factory=list)
    texts: list[str] | None = None
    """What stands in the columns of text, where each has its cell."""
    cells: list[Token | None] | None = None
    """Figures by column, where the columns are known: tabs, or as many figures as columns."""

    @property
    def text(self) -> str:
        """All fragments together."""
        return "".join(fragment.text for fragment in self.fragments)

    @property
    def values(self) -> list[Decimal]:
        """The figures' values; a dash counts as nothing."""
        return [money.parse(token.text)[1] or Decimal(0) for token in self.figures]


def keyed_rows(lines: Iterable[TextLine], columns: int, *, coded: bool) -> list[Row]:
    """Rows of a table with one column of names: a row ends with its figures, and begins with a
    code, a total or an outline number where the one before has none."""
    lines = list(lines)
    spaced = _spaces_group(lines)
    rows: list[Row] = []
    open_: Row | None = None
    for line in lines:
        pieces = tokens(line, spaced=spaced)
        count = figures_at_end(pieces)
        if count == len(pieces) and _is_code_line(pieces, open_, columns, coded=coded):
            count = 0
        count = min(count, columns)
        if count and columns > 1 and count == 1 and not _decimal(pieces[-1]) and not open_:
            count = 0
        names, figures = pieces[: len(pieces) - count], pieces[len(pieces) - count :]
        if open_ is None or _begins(names, open_, coded=coded):
            open_ = Row(line)
            rows.append(open_)
        _take(open_, names, line, coded=coded)
        open_.figures += figures
        if figures:
            open_ = None
    return rows


def _spaces_group(lines: Sequence[TextLine]) -> bool:
    """Whether thousands are parted by spaces: then nowhere by commas."""
    text = "\n".join(line.text for line in lines)
    return not re.search(r"\d,\d{3}", text) and bool(
        re.search(r"(?<![\d.])\d{1,3} 0\d\d\.\d", text)
    )


def _decimal(token: Token) -> bool:
    return "." in token.text


def _is_code_line(pieces: Sequence[Token], open_: Row | None, columns: int, *, coded: bool) -> bool:
    """Whether a line of digits is a code, or a part of one, rather than figures."""
    if not coded or len(pieces) != 1 or _decimal(pieces[0]):
        return False
    text = pieces[0].text
    if open_ is None:
        return bool(_CODE.fullmatch(text) or _HALF.fullmatch(text)) and (
            columns > 1 or len(text) in (3, 5, 7)
        )
    return bool(not open_.fragments and _HALF.fullmatch(open_.code) and _REST.fullmatch(text))


def _begins(names: Sequence[Token], open_: Row, *, coded: bool) -> bool:
    if not names:
        return False
    first = names[0].text
    if _HALF.fullmatch(open_.code) and not open_.fragments:
        return False
    if coded and _CODE.fullmatch(first) and open_.fragments:
        return True
    whole = bool(open_.fragments) and (coded is False or bool(open_.code) or _total(open_.text))
    return whole and bool(_OUTLINE.match(first) or (_total(first) and open_.text != ""))


def _total(text: str) -> bool:
    return bool(TOTAL.search(plain(text)))


def _take(row: Row, names: Sequence[Token], line: TextLine, *, coded: bool) -> None:
    names = list(names)
    if coded and names and not row.fragments and names[0].text.isdigit():
        if not row.code and _could_be_code(names):
            row.code = names.pop(0).text
        elif _HALF.fullmatch(row.code) and _REST.fullmatch(names[0].text):
            row.code += names.pop(0).text
    indent = len(line.text) - len(line.text.lstrip(" \u3000"))
    for number, name in enumerate(names):
        first = number == 0 and name.place == 1
        row.fragments.append(Fragment(name.text, line, first, indent / 2 if first else 0.0))


def _could_be_code(names: Sequence[Token]) -> bool:
    text = names[0].text
    return bool(_CODE.fullmatch(text) or _HALF.fullmatch(text))


# ── cells parted by tabs ──────────────────────────────────────────────────────────────────────


def tabbed_rows(lines: Sequence[TextLine], leaves: Sequence[Leaf], parts: int) -> list[Row]:
    """Rows of a table whose cells are parted by tabs, with one column of names.

    Where nearly every row has as many cells as the head has columns (a code may take `parts` of
    them), each cell is that of its column.
    """
    if placed := _by_place(lines, leaves, parts):
        return placed
    return _by_order(lines, leaves)


def _by_place(lines: Sequence[TextLine], leaves: Sequence[Leaf], parts: int) -> list[Row] | None:
    coded = any(leaf.role is Role.CODE for leaf in leaves)
    for taken in dict.fromkeys((1, max(parts, 1))):
        width = len(leaves) + (taken - 1 if coded else 0)
        rows = [_placed_row(line, leaves, taken, width) for line in lines]
        if sum(row is not None for row in rows) >= _NEARLY_ALL * len(rows):
            orders = iter(
                _by_order([x for x, r in zip(lines, rows, strict=True) if r is None], leaves)
            )
            return [row if row is not None else next(orders) for row in rows]
    return None


def _placed_row(line: TextLine, leaves: Sequence[Leaf], taken: int, width: int) -> Row | None:
    """The row, if every cell can be what its column holds."""
    cells = [Token(text, line, n) for n, text in enumerate(line.cells, 1)]
    if not width <= len(cells) <= width + 1 or any(cell.text for cell in cells[width:]):
        return None
    row, at = Row(line, texts=[], cells=[]), 0
    stray = ""
    for leaf in leaves:
        own = cells[at : at + (taken if leaf.role is Role.CODE else 1)]
        at += len(own)
        text = "".join(cell.text for cell in own)
        if leaf.role is Role.CODE:
            if sum(bool(cell.text) for cell in own) > 1 and not text.isdigit():
                return None
            if text and not _code_cell(text) and not text.isdigit():
                stray, text = text, ""
            row.code = re.sub(r"(?<=\d) (?=\d$)", "", text)
        elif leaf.role is Role.MONEY and row.cells is not None:
            if text and not own[0].is_figure:
                return None
            row.cells.append(own[0] if text else None)
        elif leaf.role in (Role.NAME, Role.ATTRIBUTE) and row.texts is not None:
            row.texts.append(text or (stray if leaf.role is Role.NAME else ""))
    row.figures = [cell for cell in row.cells or [] if cell is not None]
    row.fragments = [Fragment(text, line, alone=True) for text in row.texts or [] if text]
    return row if row.figures or row.fragments or row.code else None


def _by_order(lines: Iterable[TextLine], leaves: Sequence[Leaf]) -> list[Row]:
    """Cells right of the name are the columns of money where there are as many of them; a row that
    has lost cells, or has one too many, keeps only the order of its figures.
    """
    keys = [leaf for leaf in leaves if leaf.role is not Role.MONEY]
    columns = len(leaves) - len(keys)
    coded = any(leaf.role is Role.CODE for leaf in keys)
    attributes = sum(1 for leaf in keys if leaf.role in (Role.NAME, Role.ATTRIBUTE))
    rows: list[Row] = []
    rests: list[list[Token]] = []
    for line in lines:
        cells = [Token(text, line, n) for n, text in enumerate(line.cells, 1)]
        row = Row(line)
        rest = list(cells)
        while rest and coded and (not rest[0].text or _code_cell(rest[0].text)) and not row.code:
            row.code = re.sub(r"(?<=\d) (?=\d$)", "", rest.pop(0).text)
        taken = 0
        while rest and taken < attributes and (not rest[0].text or not rest[0].is_figure):
            cell = rest.pop(0)
            if cell.text and plain(cell.text) not in CODE_PARTS:
                row.fragments.append(Fragment(cell.text, line, alone=True))
                taken += 1
            elif not row.fragments and not cell.text:
                continue
        row.figures = [cell for cell in rest if cell.text]
        if any(row.figures) or row.fragments or row.code:
            rows.append(row)
            rests.append(rest)
    surplus = min((len(rest) - columns for rest in rests if len(rest) >= columns), default=0)
    blank = all(not c.text for rest in rests for c in rest[len(rest) - surplus :]) and surplus > 0
    for row, rest in zip(rows, rests, strict=True):
        row.cells = _by_cell(rest[:-surplus] if blank else rest, columns)
    return rows


def _code_cell(text: str) -> bool:
    return bool(re.fullmatch(r"\d[\d,，. ]{1,9}", text)) and not re.search(r"\.\d\d$", text)


def _by_cell(cells: Sequence[Token], columns: int) -> list[Token | None] | None:
    """The cells of money by column; None where their number does not tell."""
    surplus = len(cells) - columns
    if surplus < 0 or any(cell.text for cell in cells[:surplus]):
        return None
    return [cell if cell.text else None for cell in cells[surplus:]]
