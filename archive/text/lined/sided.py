"""Rows of a table of two or three sides (收入 | 支出): which name stands on which side.

Text gives the names and figures of all sides in one sequence. A name is told by what begins it (an
outline number that goes on counting on its side, a 类 code), by what it says (收入, 支出), and by
the names that 类 have in the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from archive.forms import plain
from archive.model import Classification
from archive.register.classification import classification_register
from archive.register.wording import wording
from archive.text.columns import TOTAL, Group, Role
from archive.text.lined.rows import Fragment, Row
from archive.text.lined.source import TextLine, Token, tokens

__all__ = ["sided_rows", "tabbed_sides"]

_OUTLINE: Final = re.compile(
    r"^(?:(?P<first>[一二三四五六七八九十廿]+)[、.．]|[（(](?P<second>[一二三四五六七八九十廿]+)[)）])"
)
_OF_WHICH: Final = re.compile(r"^其中[:：]")
_CODE: Final = re.compile(r"^\d{3}$")
_RESULT: Final = re.compile(
    r"^(本年(收入|支出)|(收入|支出)?[合总]计|(上年|年初|年末|年终)[\u4e00-\u9fff]{0,6}结[转余]|结转下年)"
)
"""How the lines begin that close a side."""
_INCOME: Final = re.compile(r"收入|拨款|上年结转|年初|弥补|使用非财政|财政专户|用事业基金|动用")
_SPENT: Final = re.compile(r"支出|年末|年终|结转下年|结余分配|预备费|提取")
_NATURE: Final = re.compile(
    r"基本支出|项目支出|工资福利|商品和服务|对个人和家庭|上缴上级|对附属|事业单位经营支出|资本性|人员经费|公用经费"
)
_DIGITS: Final = {c: n for n, c in enumerate("一二三四五六七八九", 1)}
_ALWAYS_WHOLE: Final = re.compile(
    r"(合计|总计|结转下年|上年结转|结转结余|年末结转和结余|年初结转和结余)$"
)


@dataclass
class _Side:
    """What is known of one side while its names come."""

    next: int = 1
    inner: int = 1
    rows: list[Row] = field(default_factory=list)


def sided_rows(lines: Iterable[TextLine], groups: Sequence[Group]) -> list[list[Row]]:
    """The rows of every side, in order."""
    sides = [_Side() for _ in groups]
    numbered = [any(leaf.role is Role.LINE_NUMBER for leaf in group.keys) for group in groups]
    for visual in _visual(lines):
        taken = -1
        for segment in visual:
            side = _choose(segment, groups, sides, taken)
            row = segment
            if numbered[side] and len(row.figures) > 0 and row.figures[0].text.isdigit():
                row.figures.pop(0)
            _count(row, sides[side])
            sides[side].rows.append(row)
            taken = side
    return [side.rows for side in sides]


def _visual(lines: Iterable[TextLine]) -> Iterable[list[Row]]:
    """Segments (a name and its figures), those begun on one line together."""
    open_: Row | None = None
    visual: list[Row] = []
    for line in lines:
        fresh: list[Row] = []
        for piece in tokens(line):
            if piece.is_figure and not _begins_code(piece, line):
                if open_ is None:
                    open_ = Row(line)
                    fresh.append(open_)
                open_.figures.append(piece)
                continue
            if open_ is None or open_.figures or _new_name(piece.text, open_):
                open_ = Row(line)
                fresh.append(open_)
            if _CODE.match(piece.text) and not open_.fragments and not open_.code:
                open_.code = piece.text
            else:
                open_.fragments.append(Fragment(piece.text, line, piece.place == 1))
        if fresh:
            if visual:
                yield visual
            visual = fresh
    if visual:
        yield visual


def _begins_code(piece: Token, line: TextLine) -> bool:
    """A 类 code begins a name: three digits, and no figure was due."""
    if not re.fullmatch(r"2\d\d", piece.text):
        return False
    after = [p for p in tokens(line) if p.place > piece.place]
    return bool(after) and not after[0].is_figure


def _new_name(text: str, open_: Row) -> bool:
    """Whether a piece of text begins another name rather than carrying on the open one."""
    if any(begins.match(text) for begins in (_OUTLINE, _OF_WHICH, _CODE, _RESULT)):
        return True
    if not open_.fragments:
        return False
    if _OF_WHICH.match(open_.text) and open_.fragments[-1].line.text.strip() == open_.text:
        return False
    together = wording(_bare(open_.text + text))
    if any(together in names for names in _classes().values()) and not _classed(text):
        return False
    return _whole(open_)


def _classed(text: str) -> bool:
    return any(wording(text) in names for names in _classes().values())


def _whole(row: Row) -> bool:
    """Whether a name is complete as it stands."""
    text = _bare(row.text)
    if _ALWAYS_WHOLE.search(text):
        return True
    known = _classes()
    if row.code:
        return wording(text) in known.get(row.code, set())
    return any(wording(text) in names for names in known.values()) or bool(
        _OUTLINE.match(row.text) and _NATURE.search(text) and text.endswith("支出")
    )


def _bare(text: str) -> str:
    return re.sub(r"^其中[:：]", "", _OUTLINE.sub("", text))


def _classes() -> dict[str, set[str]]:
    """The names of the functional 类, by code."""
    register = classification_register()
    if not _CLASSES:
        for number in range(201, 236):
            names = register.names(str(number), Classification.FUNCTIONAL)
            if names:
                _CLASSES[str(number)] = {wording(name.text) for name in names}
    return _CLASSES


_CLASSES: dict[str, set[str]] = {}


def _choose(row: Row, groups: Sequence[Group], sides: Sequence[_Side], taken: int) -> int:
    """The side a name stands on: right of the last one taken from the same line."""
    open_ = range(taken + 1, len(groups)) if taken + 1 < len(groups) else range(len(groups))
    return max(open_, key=lambda side: (_fits(row, groups[side], sides[side]), -side))


def _fits(row: Row, group: Group, side: _Side) -> float:
    text, score = _bare(plain(row.text)), 0.0
    spending = (group.side or "").startswith("支出")
    if _INCOME.search(text) and not _SPENT.search(text):
        score += -3 if spending else 3
    if _SPENT.search(text) and not re.search(r"^收入", text):
        score += 3 if spending else -3
    if spending and "经济" in (group.side or ""):
        score += 2 if _NATURE.search(text) and not row.code else -1
    elif spending and ("功能" in (group.side or "") or "经济" not in (group.side or "")):
        score += 1 if row.code or any(wording(text) in n for n in _classes().values()) else 0
        score -= 1 if _NATURE.search(text) and "功能" in (group.side or "") else 0
    match = _OUTLINE.match(row.text)
    if match and match["first"]:
        score += 2 if _number(match["first"]) == side.next else -1
    elif match:
        score += 2 if _number(match["second"]) == side.inner else -1
    elif not row.code and side.rows and side.rows[-1].text == row.text:
        score -= 4
    return score


def _count(row: Row, side: _Side) -> None:
    match = _OUTLINE.match(row.text)
    if match and match["first"]:
        side.next, side.inner = _number(match["first"]) + 1, 1
    elif match:
        side.inner = _number(match["second"]) + 1


def _number(text: str) -> int:
    """A Chinese numeral up to 99: 十二 is 12, 廿一 is 21."""
    text = text.replace("廿", "二十")
    if "十" not in text:
        return _DIGITS.get(text, 0)
    tens, _, ones = text.partition("十")
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)


def tabbed_sides(lines: Iterable[TextLine], groups: Sequence[Group]) -> list[list[Row]]:
    """Rows whose cells are parted by tabs, as many as the table has columns: each on its side."""
    width = sum(len(group.keys) + len(group.money) for group in groups)
    found: list[list[Row]] = [[] for _ in groups]
    for line in lines:
        cells = [Token(text, line, n) for n, text in enumerate(line.cells, 1)]
        cells += [Token("", line, n) for n in range(len(cells) + 1, width + 1)]
        if any(cell.text for cell in cells[width:]):
            cells = cells[:width]
        at = 0
        for number, group in enumerate(groups):
            row = Row(line)
            for leaf, cell in zip(group.keys, cells[at:], strict=False):
                if leaf.role is Role.CODE:
                    row.code = cell.text.replace(" ", "")
                elif leaf.role is Role.NAME and cell.text:
                    row.fragments.append(Fragment(cell.text, line, alone=True))
            at += len(group.keys)
            money = cells[at : at + len(group.money)]
            at += len(group.money)
            row.cells = [cell if cell.text else None for cell in money]
            row.figures = [cell for cell in money if cell.text]
            if row.code and TOTAL.search(plain(row.code)):
                row.fragments, row.code = [Fragment(row.code, line, alone=True)], ""
            found[number].append(row)
    return _reached(found)


def _reached(found: list[list[Row]]) -> list[list[Row]]:
    """A total whose name spans the next side has its figure there."""
    for left, right in pairwise(found):
        for one, other in zip(left, right, strict=True):
            spans = one.fragments and not one.figures and TOTAL.search(plain(one.text))
            if spans and other.figures and not (other.fragments or other.code):
                one.cells, one.figures = other.cells, other.figures
                other.cells, other.figures = [None] * len(other.cells or []), []
    return [[row for row in side if row.code or row.fragments or row.figures] for side in found]
