"""A sheet: one printed table with its ruling, and beside it the rows a reader must get out."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

Span = tuple[int, int, int, int]
"""First column, first row, last column, last row; rows count from the top of the header."""


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line item as it must be read: figures as printed, "" for an empty cell."""

    name: str
    code: str = ""
    side: str = ""
    values: dict[str, str] = {}
    attributes: dict[str, str] = {}


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One printed table and its truth."""

    form: str
    title: str
    number: str
    """What stands above the title: 表1, 公开01表."""
    caption: tuple[str, str]
    """Left and right of the line above the table: who, and the unit."""
    header: tuple[tuple[str, ...], ...]
    body: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...] = ()
    widths: tuple[float, ...]
    """Relative."""
    align: str
    """One letter a column: L, C or R."""
    rows: tuple[Row, ...]
    """The truth."""
    notes: tuple[str, ...] = ()
    unit: Literal["万元", "元", ""] = "万元"
    landscape: bool = False
    repeat_header: bool = True
    row_height: float = 17
    font_size: float = 8.5


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A printed form that is no statement: performance goals, with a clerk's name and phone."""

    title: str
    number: str
    caption: tuple[str, str]
    body: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...] = ()
    widths: tuple[float, ...]
    notes: tuple[str, ...] = ()


class Printer:
    """How a publisher prints figures: with commas or without, zeros as 0.00 or as empty cells."""

    def __init__(self, *, blank_zeros: bool, commas: bool) -> None:
        self._blank_zeros, self._commas = blank_zeros, commas

    def __call__(self, amount: Decimal | None) -> str:
        """The cell's text; None is always an empty cell."""
        if amount is None or (self._blank_zeros and not amount):
            return ""
        return f"{amount:,f}" if self._commas else f"{amount:f}"
