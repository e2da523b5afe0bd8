"""Rows of indicators in lines of text: their classes, name and values.

Every column holds text, so a row is told only by how it ends: with a score, or with what its value
rests on, which is one of a few words. Between its classes, which are known, and that end there must
be just as many pieces as columns; or a name over several lines, and all values on the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from archive.forms import plain
from archive.text import headings
from archive.text.lined.heads import Head
from archive.text.lined.pieces import span, spelled
from archive.text.lined.source import Token
from archive.text.placing import is_no_name

__all__ = ["Told", "indicator_rows"]

Told = tuple[Sequence[Token], ...]
"""The pieces in each column of one row."""

_CLASSES: Final = ("成本", "产出", "效益", "满意度")
"""一级指标 (财预〔2020〕10号)."""
_KINDS: Final = {
    "数量": "产出",
    "质量": "产出",
    "时效": "产出",
    "经济成本": "成本",
    "社会成本": "成本",
    "生态环境成本": "成本",
    "经济效益": "效益",
    "社会效益": "效益",
    "生态效益": "效益",
    "可持续影响": "效益",
    "服务对象满意度": "满意度",
}
"""二级指标 -> the class it belongs to."""
_BASES: Final = frozenset(
    {"历史数据", "行业标准", "计划数据", "计划依据", "历史标准", "计划标准", "国家标准"}
)
"""What the value of an indicator rests on."""
_FIGURE: Final = re.compile(r"[≥≤><=]?\d[\d.,]*%?")
_UNIT: Final = re.compile(r"[\u4e00-\u9fff]{1,2}(?:/[\u4e00-\u9fff]{1,2})?")


def indicator_rows(pieces: Sequence[Token], head: Head) -> tuple[list[Told], list[Token]]:
    """The rows that are told, and the pieces of what is not."""
    keys = [leaf.key for leaf in head.leaves]
    if keys[-1] not in ("score", "basis") or "level2" not in keys or "name" not in keys:
        return [], list(pieces)
    reader = _Reader(keys)
    told: list[Told] = []
    open_: list[Token] = []
    for segment, end in _segments(pieces, scored=keys[-1] == "score"):
        row = reader.row(segment, end) if end else None
        if row is None:
            reader.forget()
            open_ += segment
        else:
            told.append(row)
    return told, open_


def _segments(pieces: Sequence[Token], *, scored: bool) -> Iterator[tuple[Sequence[Token], int]]:
    """Stretches up to the end of a row, and how many pieces that end takes; 0 for the last one."""
    first = at = 0
    while at < len(pieces):
        last = at + 1 == len(pieces) or pieces[at + 1].place == 1
        if scored:
            count = 1 if last and pieces[at].is_figure and pieces[at].place > 1 else 0
        else:
            count = span(pieces, at, lambda text: plain(text) in _BASES)
        at += max(count, 1)
        if count:
            yield pieces[first:at], count
            first = at
    if first < at:
        yield pieces[first:at], 0


class _Reader:
    """Carries classes on from row to row, as merged cells do, while all rows are told."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self.carried: dict[str, Sequence[Token]] = {}

    def forget(self) -> None:
        """A row was not told: what it was of may have changed."""
        goal = self.carried.get("goal")
        self.carried = {} if goal is None else {"goal": goal}

    def row(self, segment: Sequence[Token], end: int) -> Told | None:
        at = 0
        for key, known in (("goal", headings.is_goal), ("level1", _is_class), ("level2", _is_kind)):
            count = span(segment, at, known) if key in self.keys else 0
            if count:
                self.carried[key] = segment[at : at + count]
                if key == "level1":
                    self.carried.pop("level2", None)
                at += count
        values = len(self.keys) - self.keys.index("name") - 1
        parted = _parted(segment[at:], end, values)
        if parted is None or not self._agrees():
            return None
        before = [self.carried.get(key, ()) for key in self.keys[: self.keys.index("name")]]
        return (*before, *parted)

    def _agrees(self) -> bool:
        """Whether the classes are known, and the lower is one of the upper."""
        wanted = [key for key in self.keys if key in ("goal", "level1", "level2")]
        if any(key not in self.carried for key in wanted):
            return False
        kind = plain(spelled(self.carried["level2"])).removesuffix("指标")
        upper = plain(spelled(self.carried.get("level1", ())))
        return "level1" not in self.keys or _KINDS[kind] == upper.removesuffix("指标")


def _is_class(text: str) -> bool:
    flat = plain(text)
    return flat.endswith("指标") and flat.removesuffix("指标") in _CLASSES


def _is_kind(text: str) -> bool:
    flat = plain(text)
    return flat.removesuffix("指标") in _KINDS and (flat.endswith("指标") or flat[-1] in "益本度")


def _parted(pieces: Sequence[Token], end: int, values: int) -> list[Sequence[Token]] | None:
    """Name and values; None where their number does not tell them apart."""
    if len(pieces) <= end:
        return None
    cells = [*_cells(pieces[: len(pieces) - end]), pieces[len(pieces) - end :]]
    lines: dict[int, list[Sequence[Token]]] = {}
    for cell in cells:
        lines.setdefault(cell[0].line.number, []).append(cell)
    *names, last = lines.values()
    if names:
        if len(last) != values or any(len(line) != 1 for line in names):
            return None
        name = [piece for line in names for piece in line[0]]
        told: list[Sequence[Token]] = [name, *last]
    elif len(last) == values + 1:
        told = last
    else:
        return None
    alone = [piece for piece in told[0] if is_no_name(piece.text)]
    return None if alone or len(plain(spelled(told[0]))) < 2 else told


def _cells(pieces: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The pieces of each cell: a number and the unit that stands apart from it are one."""
    at = 0
    while at < len(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        united = (
            after is not None
            and after.line == pieces[at].line
            and _FIGURE.fullmatch(plain(pieces[at].text))
            and _UNIT.fullmatch(after.text)
        )
        yield pieces[at : at + 1 + bool(united)]
        at += 1 + bool(united)
