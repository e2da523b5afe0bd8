"""The classification code of a row, out of one cell or out of several (类 | 款 | 项)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.forms import plain
from archive.text import columns
from archive.text.grid import Cell
from archive.text.lines import joined

__all__ = ["code_in"]


_PARTS: Final = {"类": 3, "款": 2, "项": 2}
"""财政部《政府收支分类科目》: 类 has three digits, 款 and 项 have two each."""
_DEPTHS: Final = {"类": 1, "款": 2, "项": 3}
_WHOLE: Final = frozenset({3, 5, 7})


def code_in(codes: Sequence[tuple[str, Cell]], said: list[str]) -> tuple[str, int, str]:
    """The code in cells of code columns, how deep it is, and the text there that is no code.

    Depth is 1 for 类, 2 for 款, 3 for 项, and 0 where the columns do not say. A lost zero is put
    back ("6" in a column of 项 is 06); anything else that cannot be a code is kept as printed.
    Either is added to `said`.
    """
    printed: list[tuple[str, str]] = []
    stray: list[str] = []
    for column, cell in codes:
        text = plain("".join(line.text for line in cell.lines))
        if not text or text in columns.CODE_PARTS:
            continue
        if text.isdigit():
            printed.append((column, text))
        else:
            stray.append(joined(line.text for line in cell.lines))
    code, depth = _code(printed, said)
    return code, depth, "".join(stray)


def _code(printed: list[tuple[str, str]], said: list[str]) -> tuple[str, int]:
    if not printed:
        return "", 0
    column, last = printed[-1]
    rest = "".join(text for _, text in printed[:-1])
    if len(last) in _WHOLE and (not rest or last.startswith(printed[-2][1])):
        return last, 0  # whole in one column, or every column saying again those before it
    if column not in _PARTS:
        return rest + last, 0
    depth = _DEPTHS[column]
    if depth > len(printed):
        said.append("code printed in part only; kept as printed")
    return "".join(_part(name, text, said) for name, text in printed), depth


def _part(column: str, text: str, said: list[str]) -> str:
    digits = _PARTS.get(column, len(text))
    if len(text) == digits:
        return text
    if digits == 2 and len(text) == 1:
        said.append(f"code printed {column} “{text}”, read as 0{text}")
        return f"0{text}"
    said.append(f"code printed {column} “{text}”, which is no {column}; kept as printed")
    return text
