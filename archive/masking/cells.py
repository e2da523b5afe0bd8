"""Masking in a grid of cells: a label's value stands to its right, in a list below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from archive import money
from archive.masking.persons import (
    is_contact_label,
    is_hotline_label,
    is_label,
    is_loose_name,
    is_person_label,
    is_phone_label,
    names_in,
    squeeze,
)
from archive.masking.text import (
    ACCOUNT,
    CLERK,
    ID_NUMBER,
    LANDLINE,
    MAILBOX,
    NAME,
    TELEPHONE,
    UNMISTAKABLE,
    Seen,
    mask_lines,
    settled,
)
from archive.model import Mark

__all__ = ["Grid", "mask_grid", "mask_text", "person_value", "phone_value"]

Grid = list[list[str | None]]

_MARKED: Final = re.compile("|".join((NAME, TELEPHONE, ID_NUMBER, ACCOUNT, MAILBOX)))
_CLERK_LABEL: Final = re.compile(rf".{{0,8}}{CLERK}:")
_ID_LABEL: Final = re.compile(r".{0,8}(?:身份证|证件)(?:件|号|号码)*:?")
_ID_VALUE: Final = re.compile(r"\d{15}(?:\d{2}[\dXx])?")
_ACCOUNT_LABEL: Final = re.compile(r".{0,8}(?:[账帐][号户]|卡号)(?:号码)?:?")
_ACCOUNT_VALUE: Final = re.compile(r"\d(?:[ -]?\d){7,29}")
_MAIL_LABEL: Final = re.compile(r".{0,6}(?:邮箱|电子邮件|e-?mail):?", re.IGNORECASE)
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_CODE_LABEL: Final = re.compile(r"编码|代码|编号|文号|索引号|科目")
_NOBODY: Final = frozenset({"无", "同上", "见附件", "待定", "暂无", "略"})
_LONGEST_HEADER: Final = 12


def mask_text(text: str, seen: Seen | None = None) -> str:
    """One text, line by line, until nothing changes."""
    lines = settled(lambda lines: _collected(lines, seen), text.split("\n"))
    return "\n".join(lines)


def _collected(lines: list[str], seen: Seen | None) -> list[str]:
    fresh = Seen()
    if seen is not None:
        fresh = Seen(hotline=seen.hotline, form=seen.form)
    masked = mask_lines(lines, fresh)
    if seen is not None:
        seen.names |= fresh.names
    return masked


def mask_grid(rows: Sequence[Sequence[str | None]], names: set[str]) -> Grid:
    """The grid with private data masked; names found behind labels are added to `names`."""
    grid: Grid = [list(row) for row in rows]
    while (after := _Pass(grid, names).run()) != grid:
        grid = after
    return grid


def person_value(text: str, names: set[str]) -> str:
    """The value of a label that announces a person."""
    found = names_in(text)
    if found:
        names.update(found)
        return NAME
    plain = squeeze(text)
    if plain in _NOBODY or _MARKED.search(text) or is_label(text):
        return text
    if re.search(r"\d", plain):
        return _name_with_phone(text, names)
    parts = [part for part in re.split(r"[、,;/]", plain) if part]
    if parts and all(is_loose_name(part) or _is_foreign(part) for part in parts):
        return NAME
    return text


def _name_with_phone(text: str, names: set[str]) -> str:
    match = re.fullmatch(
        r"(?P<name>[^\d(+]+?)[\s:,，、(（]*(?P<phone>[\d\-—() （）+]{5,})", text.strip()
    )
    if match and phone_value(match["phone"]) == TELEPHONE and (found := names_in(match["name"])):
        names.update(found)
        return f"{NAME} {TELEPHONE}"
    return text


def _is_foreign(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z .'\-]{1,30}", text))


def phone_value(text: str, *, unmistakable: bool = False) -> str:
    """The value of a label that announces a telephone; anything but a telephone number stays.

    With `unmistakable` only mobiles and numbers with an area code count: eight digits beside 手机
    may be what the telephones cost.
    """
    plain = re.sub(r"\([^()\d]*\)|[\s\-—–]", "", squeeze(text))
    parts = [part for part in re.split(r"[、,;/或]", plain) if part]
    known = (UNMISTAKABLE,) if unmistakable else (UNMISTAKABLE, LANDLINE)
    if parts and all(any(shape.fullmatch(part) for shape in known) for part in parts):
        return TELEPHONE
    return text


class _Pass:
    """One look over the grid."""

    def __init__(self, grid: Grid, names: set[str]) -> None:
        self.grid = grid
        self.names = names
        self.out: Grid = [list(row) for row in grid]
        self._figures: dict[int, list[int]] = {}
        self._heads: dict[int, int] = {}

    def run(self) -> Grid:
        for r, row in enumerate(self.grid):
            personal = any(cell and is_person_label(cell) for cell in row)
            for c, cell in enumerate(row):
                if cell:
                    self._label(r, c, cell, personal=personal)
        for r, row in enumerate(self.grid):
            for c, cell in enumerate(row):
                if cell and self.out[r][c] == cell:
                    self.out[r][c] = self._plain(r, c, cell)
        return self.out

    def _label(self, r: int, c: int, cell: str, *, personal: bool) -> None:
        plain = squeeze(cell)
        if is_person_label(cell):
            self._person(r, c)
        elif _CLERK_LABEL.fullmatch(plain):
            self._valued(r, c, self._clerk)
        elif is_contact_label(cell) or (
            personal and (is_phone_label(cell) or is_hotline_label(cell))
        ):
            self._valued(r, c, phone_value)
        elif is_phone_label(cell):
            self._valued(r, c, lambda v: phone_value(v, unmistakable=True))
        elif _ID_LABEL.fullmatch(plain):
            self._valued(r, c, lambda v: ID_NUMBER if _ID_VALUE.fullmatch(squeeze(v)) else v)
        elif _ACCOUNT_LABEL.fullmatch(plain):
            self._valued(r, c, lambda v: ACCOUNT if _ACCOUNT_VALUE.fullmatch(v.strip()) else v)
        elif personal and _MAIL_LABEL.fullmatch(plain):
            self._valued(r, c, lambda v: MAILBOX if "@" in v else v)

    def _person(self, r: int, c: int) -> None:
        below = self._below(r, c) if self._is_header(r) else []
        if any(names_in(self.grid[row][c] or "") for row in below):
            for row in below:
                self._put(row, c, lambda value: person_value(value, self.names))
            return
        place = self._right(r, c)
        if place is None:
            return
        self._put(r, place, lambda value: person_value(value, self.names))
        if NAME in (self.out[r][place] or ""):
            self._phone_after(r, place)

    def _clerk(self, value: str) -> str:
        """Beside 审核： may stand 通过 as well: only what has the shape of a name is one."""
        found = names_in(value)
        self.names.update(found)
        return NAME if found else value

    def _phone_after(self, r: int, c: int) -> None:
        """A bare telephone number in the cell after the name, without a label of its own."""
        place = self._right(r, c)
        if place is not None:
            unmistakable = self._among_figures(r, place)
            self._put(r, place, lambda v: phone_value(v, unmistakable=unmistakable))

    def _valued(self, r: int, c: int, masked: Callable[[str], str]) -> None:
        place = self._right(r, c)
        if place is not None:
            self._put(r, place, masked)
        if self._is_header(r):
            for row in self._below(r, c):
                self._put(row, c, masked)

    def _put(self, r: int, c: int, masked: Callable[[str], str]) -> None:
        cell = self.grid[r][c]
        if cell:
            self.out[r][c] = masked(cell)

    def _right(self, r: int, c: int) -> int | None:
        """The next cell with content to the right, unless it is a label itself."""
        for place in range(c + 1, len(self.grid[r])):
            cell = self.grid[r][place]
            if cell and cell.strip():
                return None if is_label(cell) else place
        return None

    def _below(self, r: int, c: int) -> list[int]:
        return [row for row in range(r + 1, len(self.grid)) if c < len(self.grid[row])]

    def _is_header(self, r: int) -> bool:
        """Whether the row heads a list: short words throughout, no empty field, no figure."""
        return all(
            cell.strip() and len(squeeze(cell)) <= _LONGEST_HEADER and not re.search(r"\d", cell)
            for cell in self.grid[r]
            if cell is not None
        )

    def _plain(self, r: int, c: int, cell: str) -> str:
        """A cell no label speaks for: the rules for running text, minus what may be a figure."""
        plain = squeeze(cell)
        figure = money.parse(cell)[0] is Mark.PRINTED
        if figure and _MOBILE.fullmatch(plain) and (self._among_figures(r, c) or self._coded(r, c)):
            return cell
        seen = Seen(hotline=self._hotline(r, c), form=True)
        masked = mask_text(cell, seen)
        self.names |= seen.names
        return masked

    def _among_figures(self, r: int, c: int) -> bool:
        """Whether the column holds other figures: eleven digits are then an amount in 元."""
        if c not in self._figures:
            self._figures[c] = [row for row in range(len(self.grid)) if self._is_figure(row, c)][:2]
        return any(row != r for row in self._figures[c])

    def _is_figure(self, r: int, c: int) -> bool:
        cell = self.grid[r][c] if c < len(self.grid[r]) else None
        return (
            bool(cell)
            and money.parse(cell or "")[0] is Mark.PRINTED
            and not _MOBILE.fullmatch(squeeze(cell or ""))
        )

    def _coded(self, r: int, c: int) -> bool:
        return any(_CODE_LABEL.search(label) for label in self._labels(r, c))

    def _hotline(self, r: int, c: int) -> bool:
        """Whether a public line is announced to the left or above, in a row without a person."""
        return any(is_hotline_label(label) for label in self._labels(r, c))

    def _labels(self, r: int, c: int) -> list[str]:
        """The nearest content to the left, and the head of the column."""
        left = next((cell for cell in reversed(self.grid[r][:c]) if cell and cell.strip()), None)
        head = self._head(c)
        above = self.grid[head][c] if head < r else None
        return [label for label in (left, above) if label]

    def _head(self, c: int) -> int:
        """The first row with content in the column; the grid's end where there is none."""
        if c not in self._heads:
            filled = (
                n for n, row in enumerate(self.grid) if c < len(row) and (row[c] or "").strip()
            )
            self._heads[c] = next(filled, len(self.grid))
        return self._heads[c]
