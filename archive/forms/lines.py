"""The lines of a statement as a form names them, and how deep they stand by their numbering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from archive.forms import Form, plain
from archive.model import LineItem

__all__ = ["among", "bare", "carried", "depth", "find"]

_NUMERAL: Final = "[一二三四五六七八九十廿卅]+"
_NUMBERING: Final = re.compile(rf"{_NUMERAL}、|\({_NUMERAL}\)|\(\d{{1,2}}\)|\d{{1,2}}[、.]")
_DEPTHS: Final = (
    (re.compile(rf"{_NUMERAL}、"), 1),
    (re.compile(rf"\({_NUMERAL}\)"), 2),
    (re.compile(r"\d{1,2}[、.]"), 3),
    (re.compile(r"\(\d{1,2}\)"), 4),
)
_AMONG: Final = "其中:"
_CARRIED: Final = re.compile("结转|结余|弥补")
_TOTAL: Final = frozenset({"合计", "总计", "合计数", "总计数"})


def bare(name: str) -> str:
    """The name as compared, without its numbering and 其中：.

    >>> bare("（十七）住房保障支出") == bare("十九、 住房保障支出") == "住房保障支出"
    True
    """
    text = plain(name).removeprefix(_AMONG)
    match = _NUMBERING.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def depth(item: LineItem) -> int:
    """How deep the line stands by its code or its numbering; 0 where neither says.

    >>> depth(LineItem("（廿一）其他支出"))
    2
    """
    if item.level or item.total:
        return item.level
    text = plain(item.name)
    return next((level for pattern, level in _DEPTHS if pattern.match(text)), 0)


def among(item: LineItem) -> bool:
    """Is it printed as one part of something (其中：…), beside which others may be left out?"""
    return "其中" in plain(item.name)


def carried(item: LineItem) -> bool:
    """Does it carry money over from or into another year (结转, 结余, 弥补收支差额)?"""
    return bool(_CARRIED.search(plain(item.name)))


def find(
    form: Form, items: Sequence[LineItem], row: str, side: str = "", block: str = ""
) -> tuple[int, ...]:
    """Which line items of the side bear one of the names the form gives to this line.

    "合计" is the total row of a form that names no such line itself. Lines in a block (年初结转 by
    fund) are not meant unless the block is named.
    """
    known = tuple(plain(name) for name in form.lines.get(row, (row,)))
    on_side = [n for n, i in enumerate(items) if (i.side or "").startswith(side)]
    if block:
        inside = (n for n in on_side if items[n].attributes.get("block") == block)
        return tuple(n for n in inside if bare(items[n].name) in known)
    named = tuple(n for n in on_side if _named(items[n], known))
    if named or row in form.lines or row not in _TOTAL:
        return _first_side(items, named)
    return _first_side(items, tuple(n for n in on_side if items[n].total))


def _first_side(items: Sequence[LineItem], rows: tuple[int, ...]) -> tuple[int, ...]:
    """A three-sided statement prints its expenditure twice, divided in two ways: once is enough."""
    return tuple(n for n in rows if items[n].side == items[rows[0]].side)


def _named(item: LineItem, known: Iterable[str]) -> bool:
    return bare(item.name) in known and "block" not in item.attributes
