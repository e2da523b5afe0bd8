"""Where tables without rulings may stand: below a form's title, or at the top, going on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from archive.forms import Form, identify, plain
from archive.forms import Layout as FormLayout
from archive.text.captions import TABLE_NUMBER, titled, unit_in, without_unit
from archive.text.grid import Grid
from archive.text.tables import is_comment
from archive.text.words import WordLine

__all__ = ["TITLED", "Region", "regions"]

_PROSE: Final = re.compile(
    r"。|；|，.{6,}|^第[一二三四五六七八九十]+部分|^[一二三四五六七八九十]+、.{6,}说明$"
)
_LABEL: Final = re.compile(r"^[^\d]{0,6}(部门|单位)(/单位)?(名称)?[:：]")
TITLED: Final = re.compile(r"表[ 一二三四五六七八九十]*([（(][^（）()]*[)）])* *$")
_LEADER: Final = re.compile(r"[….·]{3,}")


@dataclass
class Region:
    """Lines that may be one table: below a form's title, or going on from the page before."""

    title: str
    forms: tuple[Form, ...]
    lines: list[WordLine]
    after: list[WordLine]
    """Lines below what ends it, up to the next title."""
    continued: bool = False


@dataclass(frozen=True)
class Parted:
    """A title that ends a page: its table stands on the next one."""

    title: str
    forms: tuple[Form, ...]


def regions(
    lines: Sequence[WordLine],
    ruled: Sequence[Grid],
    carried: str | None,
    parted: Parted | None = None,
) -> Iterable[Region]:
    """The stretches of a page that may be tables; `carried` is the title of one that may go on,
    `parted` one that ended the page before."""
    titles = _titles(lines, ruled)
    first = next((index for index, line in enumerate(lines) if not _is_label(line)), 0)
    again = bool(titles) and titles[0][0] == first and titles[0][1] == carried
    if not titles or titles[0][0] > 0:
        if carried is not None:
            titles.insert(0, (-1, "", ()))
        elif parted is not None:
            titles.insert(0, (-1, parted.title, parted.forms))
    for (index, title, known), (following, _, _) in pairwise([*titles, (len(lines), "", ())]):
        begin = index + 1
        while title and begin < following and begin < index + 4 and _is_label(lines[begin]):
            begin += 1
        end = begin
        while (
            end < following and not _ends_table(lines[end]) and not _below(lines, begin, end, ruled)
        ):
            end += 1
        if begin < end:
            yield Region(
                title,
                known,
                list(lines[begin:end]),
                list(lines[end:following]),
                not title or (index == first and again),
            )


def parted(lines: Sequence[WordLine], ruled: Sequence[Grid]) -> Parted | None:
    """The title that ends a page, with nothing below it but unit and agency."""
    titles = _titles(lines, ruled)
    if not titles or not all(_is_label(line) for line in lines[titles[-1][0] + 1 :]):
        return None
    low = lines[titles[-1][0]].y0
    if any(grid.box.y0 < low for grid in ruled):
        return None
    return Parted(*titles[-1][1:])


def _titles(
    lines: Sequence[WordLine], ruled: Sequence[Grid]
) -> list[tuple[int, str, tuple[Form, ...]]]:
    """The lines that name a form printed as one table, without the titles of ruled tables."""
    out = []
    for index, line in enumerate(lines):
        text = without_unit(line.text)
        if not TITLED.search(text) or _LEADER.search(text):
            continue
        above = lines[index - 1].text if index else ""
        known = tuple(form for form in titled(text, above) if form.layout is FormLayout.TABLE)
        if known and not any(grid.box.y1 < line.y0 < grid.box.y1 + 80 for grid in ruled):
            out.append((index, text if identify(text) else above + text, known))
    return out


def _is_label(line: WordLine) -> bool:
    text = plain(line.text)
    return bool(unit_in(line.text) is not None or _LABEL.match(text) or TABLE_NUMBER.match(text))


def _ends_table(line: WordLine) -> bool:
    text = plain(line.text)
    if TABLE_NUMBER.match(text) or is_comment(text) or identify(text):
        return True
    return any(_PROSE.search(text) for text in line.stretches())


def _below(lines: Sequence[WordLine], begin: int, end: int, ruled: Sequence[Grid]) -> bool:
    """Whether a ruled table stands between the first line of a region and this one."""
    return any(lines[end].y0 < grid.box.y1 < lines[begin].y0 for grid in ruled)
