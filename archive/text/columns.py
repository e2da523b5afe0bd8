"""The head of a table → what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from archive import money
from archive.forms import Form, plain
from archive.model import Classification, Mark
from archive.text.grid import Cell
from archive.text.lines import tight

_OWNERS: Final = frozenset({"单位", "部门", "预算单位", "部门(单位)"})
"""Heads of a column of names where no other column has them."""
CODE_PARTS: Final = frozenset({"类", "款", "项", "目"})
_CODE: Final = re.compile(r"(编码|代码)$")
_LINE_NUMBER: Final = frozenset({"行次", "序号", "栏次"})
_NAME: Final = re.compile(
    r"^(项目|名称|科目名称|.*(分类|经济|功能)科目名称|.*科目(类)?名称|(部门|单位|部门\(单位\)|预算单位)名称"
    r"|项目名称|支出项目|收入项目|项目\(.*\)|支出功能分类科目|功能分类|经济分类)$"
)
SIDE: Final = re.compile(r"^(?:本年|财政拨款)?(收入|支出)(\(按.+\))?$")
"""A side of a two-sided table, and what it is broken down by where that is printed beside it."""
_BASIS: Final = re.compile(r"^项目(\(按.+\))$")
_NUMBERING: Final = re.compile(r"^\d{1,2}$")
_FORMULA: Final = re.compile(r"^\d{1,2}=[\d+\-()]+$")
_DATA_CODE: Final = re.compile(r"^\d{3,9}$")
_ENUMERATED: Final = re.compile(
    r"^[(（]?[一二三四五六七八九十廿]+[)）]?[、.．]|^[(（][一二三四五六七八九十]+[)）]|^\d+[、.．]\D"
)
NOTHING: Final = frozenset({"无", "本表无数据", "此表无数据", "无数据", "空表"})
"""What is printed into an empty table to say so."""
TOTAL: Final = re.compile(r"(合计|总计|小计)$")
_WORD: Final = re.compile("[\u4e00-\u9fff]{2}")
_MAX_HEAD: Final = 8


class Role(Enum):
    """What a column holds."""

    CODE = "code"
    NAME = "name"
    LINE_NUMBER = "line number"
    ATTRIBUTE = "attribute"
    MONEY = "money"


@dataclass
class Leaf:
    """One column of the table (grid columns that share all their head cells count once)."""

    first: int
    last: int
    path: tuple[str, ...]
    role: Role = Role.MONEY
    key: str = ""
    """Attribute name, code part, or canonical measure."""
    header: str = ""
    """Printed header path below the levels common to all money columns of its group."""
    number: str = ""
    """What the row that numbers the columns prints: 6, or a formula such as 5=6+7."""


@dataclass
class Group:
    """Key columns and the money columns to their right: one side of a two-sided table."""

    keys: list[Leaf] = field(default_factory=list)
    money: list[Leaf] = field(default_factory=list)
    side: str | None = None
    classification: Classification | None = None


@dataclass
class Head:
    """The analysed head of a table."""

    depth: int
    leaves: list[Leaf]
    texts: frozenset[str]
    """Every text printed in the head, to recognise it when a page repeats it."""
    spanning: list[str] = field(default_factory=list)
    """Head cells over the whole width: a title or unit printed inside the frame."""
    below: list[Cell] = field(default_factory=list)
    """Head cells printed in the first row of data, beside 合计."""


def analyse(rows: Sequence[Sequence[Cell]]) -> Head:
    """How many rows are head, and the path of head cells over each column."""
    depth = _depth(rows)
    width = len(rows[0])
    whole = {id(row[0]): row[0] for row in rows[:depth] if row[0] is row[-1] and width > 1}
    spanning = [tight(cell.text.replace("\n", " ")) for cell in whole.values() if cell.text]
    below = _heads_beside_total(rows, depth)
    leaves: list[Leaf] = []
    previous: list[Cell] = []
    for column in range(width):
        cells = _above(rows, depth, column, below)
        if leaves and cells and _same(cells, previous):
            leaves[-1].last = column
        else:
            leaves.append(Leaf(column, column, _path(cells, whole), number=_number(cells)))
        previous = cells
    texts = frozenset(plain(cell.text) for row in rows[:depth] for cell in row if cell.text)
    return Head(depth, leaves, texts, spanning, below)


def _depth(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows are head. Strokes that miss one another by a little leave an empty row in the
    middle of a head: an empty row begins the data only where no more head follows it."""
    for index, row in enumerate(rows[:_MAX_HEAD]):
        if not is_data(row):
            if _heads_beside_total(rows, index) or _left_blank(rows, index):
                return index
            continue
        following = rows[index + 1 : index + 3]
        empty = not any(cell.text for cell in own(row))
        if not (empty and any(not is_data(later) for later in following)):
            return index
    return min(len(rows), _MAX_HEAD)


def _left_blank(rows: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a row names a line item and leaves its figures blank: below a head without gaps, a
    row with a gap is none, unless a word in it heads a column or more of the head follows."""
    if index == 0:
        return False
    cells = own(rows[index])
    texts = [plain(cell.text) for cell in cells]
    begins_here = all(cell.row == cells[0].row for cell in rows[index])
    if not begins_here or not texts[0] or all(texts) or any(map(_heads, texts)):
        return False
    whole = all(cell.text for cell in own(rows[index - 1]))
    return whole and not any(
        not is_data(row) and all(cell.text for cell in own(row)) for row in rows[index + 1 :][:2]
    )


def _heads(text: str) -> bool:
    """Whether a text is the head of a column wherever it stands."""
    return bool(
        _NAME.match(text)
        or _CODE.search(text)
        or SIDE.match(text)
        or text in _LINE_NUMBER
        or text in _OWNERS
        or text.endswith(("预算数", "决算数", "金额", "小计", "其中", "支出", "收入", "资金"))
    )


def own(row: Sequence[Cell]) -> list[Cell]:
    """The cells that begin in this row, each once."""
    here = max(cell.row for cell in row)
    return list({id(cell): cell for cell in row if cell.row == here}.values())


def _above(
    rows: Sequence[Sequence[Cell]], depth: int, column: int, below: Sequence[Cell]
) -> list[Cell]:
    """The head cells over one column; the first row of data may still hold 类, 款, 项."""
    cells: list[Cell] = []
    for row in rows[:depth]:
        cell = row[column]
        if not cells or cells[-1] is not cell:
            cells.append(cell)
    if depth < len(rows):
        cell = rows[depth][column]
        if plain(cell.text) in CODE_PARTS or any(cell is head for head in below):
            cells.append(cell)
    return cells


def _heads_beside_total(rows: Sequence[Sequence[Cell]], index: int) -> list[Cell]:
    """The column heads in a row that begins with 合计 below 科目编码 and 科目名称: its own name
    stands in the row of 小计, 基本支出 and 项目支出, which are heads of the rows below."""
    if not 0 < index < len(rows):
        return []
    first, *others = own(rows[index])
    if first is not rows[index][0] or not TOTAL.search(plain(first.text)):
        return []
    above = plain(rows[index - 1][0].text)
    if not (_NAME.match(above) or _CODE.search(above)):
        return []
    return [cell for cell in others if cell.text and _words(plain(cell.text))]


def _words(text: str) -> bool:
    return bool(_WORD.search(text)) and money.parse(text)[0] is Mark.UNREADABLE


def _same(one: list[Cell], other: list[Cell]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _path(cells: list[Cell], whole: Mapping[int, Cell]) -> tuple[str, ...]:
    """Texts over one column from the top, without numbering and whole-width cells."""
    path: list[str] = []
    for cell in cells:
        text = tight(cell.text.replace("\n", " "))
        flat = plain(text)
        if (
            not text
            or id(cell) in whole
            or (path and path[-1] == text)
            or _NUMBERING.match(flat)
            or _FORMULA.match(flat)
            or (flat == "栏次" and path)
        ):
            continue
        path.append(text)
    return tuple(path)


def _number(cells: Sequence[Cell]) -> str:
    texts = (plain(cell.text) for cell in cells)
    return next((t for t in texts if _NUMBERING.match(t) or _FORMULA.match(t)), "")


def is_data(row: Sequence[Cell]) -> bool:
    """Whether a row carries figures, codes or line item names rather than column heads."""
    cells = own(row)
    texts = [plain(cell.text) for cell in cells]
    filled = [text for text in texts if text]
    if not filled:
        return True
    if NOTHING.issuperset(filled):
        return True
    if numbers_columns(filled):
        return False
    if any(text in CODE_PARTS or text == "栏次" for text in filled):
        return any(_figure(text) for text in filled)
    if any(_figure(text) or _DATA_CODE.match(text) for text in filled):
        return True
    if any(money.parse(text)[0] is Mark.DASH for text in filled):
        return True
    first = filled[0]
    if _ENUMERATED.match(first):
        return True
    return bool(TOTAL.search(first)) and len(filled) == 1 and len(cells) > 1


def _figure(text: str) -> bool:
    mark, _ = money.parse(text)
    return mark is Mark.PRINTED


def numbers_columns(texts: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … or 5=6+7, maybe after 栏次.

    A row of equal or falling small figures is data: only a count that rises by one from 1 numbers
    columns.
    """
    numbers = []
    for text in texts:
        if _NUMBERING.match(text):
            numbers.append(int(text))
        elif _FORMULA.match(text):
            numbers.append(int(text.split("=")[0]))
        elif text not in _LINE_NUMBER | CODE_PARTS and money.parse(text)[0] is not Mark.DASH:
            return False
    if "栏次" in texts:
        return bool(numbers)
    return len(numbers) >= 2 and numbers == list(range(1, len(numbers) + 1))


def assign(leaves: Sequence[Leaf], form: Form | None) -> None:
    """Give every column its role; with a form, attributes and measures by the form's headers."""
    attributes = {}
    if form is not None:
        attributes = {
            plain(header): name for name, headers in form.columns.items() for header in headers
        }
    for leaf in leaves:
        last = plain(leaf.path[-1]) if leaf.path else ""
        if last in attributes:
            name = attributes[last]
            leaf.role = Role.NAME if name == "name" else Role.ATTRIBUTE
            leaf.key = "" if name == "name" else name
        elif last in CODE_PARTS:
            leaf.role, leaf.key = Role.CODE, last
        elif _CODE.search(last):
            leaf.role = Role.CODE
        elif last in _LINE_NUMBER:
            leaf.role = Role.LINE_NUMBER
        elif _NAME.match(last):
            leaf.role = Role.NAME
        else:
            leaf.role = Role.MONEY
    if not any(leaf.role is Role.NAME for leaf in leaves):
        for leaf in leaves:
            if leaf.path and plain(leaf.path[-1]) in _OWNERS:
                leaf.role = Role.NAME


def measured(path: Sequence[str], form: Form) -> bool:
    """Whether a form has a measure under this path of heads or the lower end of it."""
    return any(form.measure("-".join(path[level:])) for level in range(len(path)))


def groups(leaves: Sequence[Leaf], form: Form) -> list[Group]:
    """Columns in groups: every key column after a money column opens a new one."""
    out: list[Group] = []
    for leaf in leaves:
        if leaf.role is Role.MONEY:
            if not out:
                out.append(Group())
            out[-1].money.append(leaf)
        else:
            if not out or out[-1].money:
                out.append(Group())
            out[-1].keys.append(leaf)
    for group in out:
        _label(group)
        group.classification = _classification(group)
        if form.sided:
            group.side = _side(group)
    return out


def _label(group: Group) -> None:
    """Name each money column by its path below what all of them share; a blank one has none."""
    paths = [leaf.path for leaf in group.money if leaf.path]
    shared = 0
    if len(paths) > 1:
        while all(len(path) > shared + 1 for path in paths) and (
            len({path[shared] for path in paths}) == 1
        ):
            shared += 1
    for leaf in group.money:
        below = leaf.path[shared:] if len(paths) > 1 else leaf.path[-1:]
        leaf.header = "-".join(below)


def _classification(group: Group) -> Classification | None:
    printed = plain("".join("".join(leaf.path) for leaf in group.keys))
    if "经济" in printed:
        return Classification.ECONOMIC
    if "功能" in printed:
        return Classification.FUNCTIONAL
    if "单位名称" in printed or "(单位)名称" in printed or "单位编码" in printed:
        return Classification.UNIT
    return None


def _side(group: Group) -> str | None:
    side = basis = None
    for leaf in group.keys:
        for text in leaf.path:
            match = SIDE.match(plain(text))
            if match:
                side, basis = match[1], match[2] or basis
            match = _BASIS.match(plain(text))
            basis = match[1] if match else basis
    return f"{side}{basis or ''}" if side else None
