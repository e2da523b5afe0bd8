"""A row of a small table → what stands in each of its columns, or that it fits none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.forms import Form, plain
from archive.model import Amount, Locator, Mark
from archive.text import headings
from archive.text.columns import TOTAL
from archive.text.grid import Cell
from archive.text.headings import Opening, distinct, text_of

_CLASSES: Final = (
    "数量|质量|时效|可持续影响|(?:服务对象)?满意度"
    "|(?:经济|社会|生态环境)?成本|(?:经济|社会|生态)?效益"
)
_NO_NAME: Final = re.compile(
    r"[≥≤><=]+.*\d.*|\d[\d.,]*余?(?:%|[\u4e00-\u9fff]{1,2})?"
    rf"|(?:{_CLASSES})指标?|[一二三]级指标|指标?|标"
)
"""What is a value, or a class of indicators, and never the name of one."""
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True)
class Placed:
    """One row by the columns of its block."""

    name: str
    group: str
    """What is printed left of the name in its column (收入构成)."""
    texts: dict[str, str]
    """Attribute -> text as printed; blanks left out."""
    places: dict[str, Locator]
    """Attribute -> its cell, blank or not."""
    figures: dict[str, Cell]
    """Measure -> the cell of its money."""


def place(cell: Cell, row: Sequence[Cell]) -> tuple[int, int]:
    """The first and last grid column of a cell in a row."""
    columns = [column for column, other in enumerate(row) if other is cell]
    return columns[0], columns[-1]


def locator(cell: Cell) -> Locator:
    """Where a cell is printed."""
    return cell.place


def by_leaf(form: Form, opening: Opening, row: Sequence[Cell]) -> dict[int, list[Cell]] | None:
    """The row's filled cells by the number of the column they stand in.

    None where a cell stands over several columns, where a cell of the head reaches down into the
    row, or where beside the block anything but its label is printed: such a row is none of the
    block's, or stands beside its columns.
    """
    found: dict[int, list[Cell]] = {}
    start = opening.leaves[0].first
    for cell in distinct(row):
        if not cell.text or cell is opening.label:
            continue
        if id(cell) in opening.head:
            return None
        first, last = place(cell, row)
        if last < start:
            text = text_of(cell)
            if not (headings.labelled(form, text) or headings.is_goal(text)):
                return None
            continue
        number = next((n for n, leaf in enumerate(opening.leaves) if leaf.last >= first), None)
        if number is None or opening.leaves[number].first > first:
            return None
        spanned = [leaf for leaf in opening.leaves[number:] if leaf.first <= last]
        total = TOTAL.search(plain(cell.text)) and not any(leaf.money for leaf in spanned)
        if len(spanned) > 1 and not total:
            return None
        found.setdefault(number, []).append(cell)
    return found


def placed(form: Form, opening: Opening, row: Sequence[Cell]) -> Placed | None:
    """The row as the columns of its block name it; None where it fits them not."""
    found = by_leaf(form, opening, row)
    if found is None:
        return None
    name = group = ""
    texts: dict[str, str] = {}
    places: dict[str, Locator] = {}
    for number, leaf in enumerate(opening.leaves):
        cells = found.get(number, [])
        if not leaf.key and cells:
            return None
        if leaf.money or not leaf.key:
            continue
        places[leaf.key] = locator(cells[-1] if cells else row[leaf.first])
        if leaf.key == "name":
            name = text_of(cells[-1]) if cells else ""
            group = " ".join(text_of(cell) for cell in cells[:-1])
        elif cells:
            texts[leaf.key] = " ".join(text_of(cell) for cell in cells)
    if not name:
        total = next((key for key, text in texts.items() if TOTAL.search(plain(text))), None)
        name = texts.pop(total) if total else ""
    figures = {leaf.key: row[leaf.first] for leaf in opening.leaves if leaf.money}
    return Placed(name, group, texts, places, figures)


def is_no_name(text: str) -> bool:
    """Whether a text is a value or a class of indicators, and never the name of one."""
    return bool(_NO_NAME.fullmatch(plain(text)))


def says_nothing(row: Placed) -> bool:
    """Whether a row holds but the classes of an indicator, without its name or any value."""
    values = row.texts.keys() - {"goal", "level1", "level2"}
    return not (row.name or values or any(cell.text for cell in row.figures.values()))


def shifted(row: Placed, amounts: Mapping[str, Amount]) -> bool:
    """Whether a row plainly stands beside its columns: a value for a name, a name for money.

    Such rows are printed in real forms (a level left out, all else moved left); where the figures
    belong is for the reader to judge, not for us.
    """
    if amounts:
        unreadable = (a for a in amounts.values() if a.mark is Mark.UNREADABLE)
        return not row.name and any(not _DIGIT.search(amount.text) for amount in unreadable)
    if "level2" not in row.places:
        return False
    unfinished = "actual" in row.places and "actual" not in row.texts
    return is_no_name(row.name) or (
        unfinished and bool(row.name) and row.texts.get("target") == row.name
    )
