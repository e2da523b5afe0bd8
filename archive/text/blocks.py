"""A form printed in blocks → a statement: labels with values, small tables, indicators.

Performance forms hold several small tables in one frame, each with a head of its own, and labels
beside them. Only money becomes an amount; every other cell is an attribute, as printed, with its
place. docs/decisions/0007-performance-forms.md says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.forms import Form, Shape, identify, plain
from archive.model import LineItem, RawTable, Remark, Statement
from archive.text import headings
from archive.text.captions import unit_in
from archive.text.gathering import Draft, Gathering, names_unit
from archive.text.grid import Cell
from archive.text.headings import Opening, bare, distinct, text_of
from archive.text.placing import by_leaf, locator, place, placed, says_nothing, shifted
from archive.text.raw import raw
from archive.text.tables import Table

_YEAR_ROW: Final = re.compile(r"\(?(20\d\d)年度?\)?")
_NOTE: Final = re.compile(r"(注|备注|说明)[:：]")
_GOAL_LINE: Final = re.compile(r"((?:长期|中长期|年度|总体)(?:绩效)?目标\d*)[:：](.+)", re.DOTALL)
_ABOVE: Final = re.compile(
    r"(填报日期|申报日期|部门名称|单位名称)[:：]\s*(.*?)(?=填报日期|申报日期|单位[:：]|$)"
)
ABOVE: Final = "表头"
"""Block of the labels printed above the frame."""
CONTENT: Final = "content"
"""Attribute that holds the value beside a label."""


@dataclass(frozen=True)
class Reading:
    """What a form in blocks came to."""

    statement: Statement
    rest: RawTable | None
    """Rows the form does not know, kept as they are printed."""
    remarks: tuple[Remark, ...]


def read(table: Table, form: Form) -> Reading | None:
    """Read a table by a form printed in blocks; None where its rows are not that form's.

    What cannot be placed, and what plainly stands beside its column, is left in `rest` and said in
    the remarks; nothing is moved to where it might belong.
    """
    reader = _Reader(table, form)
    reader.run()
    if not reader.placed or reader.placed < len(reader.unplaced):
        return None
    statement = reader.gathered.statement()
    rest = None
    if reader.unplaced:
        rest = raw(table.title, reader.unplaced, f"rows that {form.title} does not know")
    return Reading(statement, rest, tuple(reader.gathered.remarks))


class _Reader:
    def __init__(self, table: Table, form: Form) -> None:
        self.table = table
        self.form = form
        self.gathered = Gathering(table, form)
        self.placed = 0
        self.unplaced: list[Sequence[Cell]] = []
        self._opening: Opening | None = None
        self._section = ""
        """The label printed last over the whole width."""
        self._goal = ""
        self._groups: dict[int, str] = {}
        """In a block of pairs, by column: the label that heads it."""
        self._contents: dict[tuple[int, int], Draft] = {}
        """Of the last row of labels or goals: the items by the grid columns of their texts."""
        self._seen: set[int] = set()

    def run(self) -> None:
        self._from_above()
        rows = self.table.rows
        index = 0
        while index < len(rows):
            taken = self._take(index)
            for row in rows[index : index + taken]:
                self._seen.update(map(id, row))
            index += taken

    def _take(self, index: int) -> int:
        """Read the row (a head may be several); returns how many rows that were."""
        rows = self.table.rows
        row = rows[index]
        if all(not cell.text or id(cell) in self._seen for cell in row):
            return 1
        if row[0] is row[-1]:
            self._settle(self._whole(row[0]), row)
            return 1
        opening = headings.opened_by(self.form, rows, index, (self._section, self._goal))
        if opening is not None:
            self._open(opening)
            self.placed += 1
            return opening.rows
        turns_page = index > 0 and rows[index - 1][0].page != row[0].page
        done = self._pairs(row) or self._fields(row) or self._below(row) or self._data(row)
        self._settle(done or (turns_page and self._carried_on(row)), row)
        return 1

    def _settle(self, done: bool, row: Sequence[Cell]) -> None:
        if done:
            self.placed += 1
            return
        self.unplaced.append(row)
        first = next(cell for cell in distinct(row) if cell.text and id(cell) not in self._seen)
        message = f"row {first.row} fits no label and no column; kept as cells"
        self.gathered.say("row-unplaced", message, first.page)

    def _from_above(self) -> None:
        page = self.table.pages[0]
        for line in self.table.above:
            for label, value in _ABOVE.findall(line):
                if value and headings.is_label(self.form, label):
                    item = LineItem(label, attributes={"block": ABOVE, CONTENT: value}, page=page)
                    self.gathered.drafts.append(Draft(item, united=True))

    def _whole(self, cell: Cell) -> bool:
        """A cell over the whole width: the form's title, the year, a note, the head of a block."""
        text = text_of(cell)
        year = _YEAR_ROW.fullmatch(plain(text))
        goal = _GOAL_LINE.fullmatch(text)
        if year:
            self.gathered.year = int(year[1])
        elif goal:
            self._goal, self._opening = bare(goal[1]), None
            self._field(goal[1], goal[2], cell, cell)
        elif headings.labelled(self.form, text):
            self._section, self._opening = text, None
        elif _NOTE.match(text):
            self.gathered.notes.append(text)
        else:
            return self.form in identify(text) or unit_in(text) is not None
        return True

    # ── labels and their values ─────────────────────────────────────────────────────────────

    def _fields(self, row: Sequence[Cell]) -> bool:
        cells = [cell for cell in distinct(row) if id(cell) not in self._seen]
        label = next((cell for cell in cells if cell.text), None)
        if label is None or not self._begins_labels(label, row):
            return False
        self._opening, self._contents = None, {}
        values: list[Cell] = []
        whole = True
        for cell in cells[cells.index(label) + 1 :]:
            if cell.text and headings.is_label(self.form, text_of(cell)):
                whole &= self._labelled(label, values, row)
                label, values = cell, []
            else:
                values.append(cell)
        return self._labelled(label, values, row) and whole

    def _begins_labels(self, cell: Cell, row: Sequence[Cell]) -> bool:
        """Whether a row's first cell is a label: a known one, or a goal beside the open block."""
        text = text_of(cell)
        if headings.is_label(self.form, text):
            return True
        if not headings.is_goal(text):
            return False
        return self._opening is None or place(cell, row)[0] < self._opening.leaves[0].first

    def _labelled(self, label: Cell, values: Sequence[Cell], row: Sequence[Cell]) -> bool:
        """One label and what stands to its right; False where more than one value does."""
        filled = [cell for cell in values if cell.text]
        value = filled[0] if filled else (values[0] if values else None)
        text = text_of(label)
        if headings.is_goal(text):
            self._goal = bare(text)
        name = headings.measure(self.form, text)
        if name is not None and value is not None:
            self.gathered.column(name, text)
            amounts = {name: self.gathered.amount(value)}
            self.gathered.add(text, label, {}, amounts, united=names_unit(text))
        else:
            draft = self._field(text, text_of(value) if value else "", label, value)
            if value is not None:
                self._contents[place(value, row)] = draft
        return len(filled) < 2

    def _field(self, name: str, content: str, label: Cell, value: Cell | None) -> Draft:
        places = {} if value is None else {CONTENT: locator(value)}
        return self.gathered.add(name, label, {CONTENT: content}, {}, places=places)

    def _carried_on(self, row: Sequence[Cell]) -> bool:
        """The rest of texts that a page break cut: below them, beside a blank label."""
        filled = [(cell, place(cell, row)) for cell in distinct(row) if cell.text]
        if not all(where in self._contents for _, where in filled):
            return False
        for cell, where in filled:
            self._contents[where].carry_on(text_of(cell))
        return True

    def _below(self, row: Sequence[Cell]) -> bool:
        """The texts below the heads of a block whose columns are labels."""
        opening = self._opening
        if opening is None or opening.block.shape is not Shape.BELOW:
            return False
        found = by_leaf(self.form, opening, row)
        if found is None or any(len(cells) > 1 for cells in found.values()):
            return False
        self._opening, self._contents = None, {}
        for leaf in opening.leaves:
            cell = row[leaf.first]
            attributes = {"block": opening.block.name, CONTENT: text_of(cell)}
            places = {CONTENT: locator(cell)}
            draft = self.gathered.add(leaf.header, cell, attributes, {}, places=places)
            self._contents[place(cell, row)] = draft
        return True

    def _pairs(self, row: Sequence[Cell]) -> bool:
        """Label and figure in turn: 项目资金总额 | 410.00 | 年度资金申请总额 | 410.00."""
        block = headings.opens_pairs(self.form, row)
        if block is None:
            return False
        beside = next(cell for cell in distinct(row) if cell.text)
        if id(beside) not in self._seen:
            self._groups, self._opening = {}, None
        cells = [c for c in distinct(row) if id(c) not in self._seen and c is not beside]
        if len(cells) % 2:
            return False
        self.gathered.column(headings.PAIRED, headings.PAIRED)
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            name = text_of(label)
            group = self._groups.setdefault(place(label, row)[0], name)
            attributes = {"block": block.name, "group": group if group != name else ""}
            amounts = {headings.PAIRED: self.gathered.amount(value)}
            self.gathered.add(name, label, attributes, amounts, united=names_unit(beside.text))
        return True

    # ── small tables ────────────────────────────────────────────────────────────────────────

    def _open(self, opening: Opening) -> None:
        self._opening, self._contents = opening, {}
        if opening.label is not None and headings.is_goal(opening.label.text):
            self._goal = bare(text_of(opening.label))
        for leaf in opening.leaves:
            if not leaf.known:
                self.gathered.say("column-unknown", f"unknown column “{leaf.header}”", opening.page)

    def _data(self, row: Sequence[Cell]) -> bool:
        opening = self._opening
        if opening is None or opening.block.shape is not Shape.ROWS:
            return False
        found = placed(self.form, opening, row)
        if found is None or says_nothing(found):
            return False
        amounts = {key: self.gathered.amount(cell) for key, cell in found.figures.items()}
        if shifted(found, amounts):
            return False
        side = opening.block.sides.get(bare(found.group))
        for leaf in opening.leaves:
            if leaf.money:
                self.gathered.column(leaf.key, leaf.header, side)
        attributes = {"block": opening.block.name, **self._beside(opening)}
        attributes |= {"group": found.group} | found.texts
        self.gathered.add(
            found.name,
            next(cell for cell in distinct(row) if cell.text and id(cell) not in self._seen),
            attributes,
            amounts,
            places=found.places,
            side=side,
            united=self._united(opening),
            classification=opening.block.classification,
        )
        return True

    def _beside(self, opening: Opening) -> dict[str, str]:
        """The goal the rows belong to, and the block's label where it says more than its name."""
        out: dict[str, str] = {}
        keys = {leaf.key for leaf in opening.leaves}
        if "level1" in keys and "goal" not in keys:
            out["goal"] = self._goal
        if opening.label is not None and not self._says_no_more(opening):
            out["label"] = text_of(opening.label)
        return out

    def _says_no_more(self, opening: Opening) -> bool:
        """Whether the label beside a block only names the block or the goal."""
        label = plain(opening.label.text) if opening.label else ""
        return label in (*map(plain, opening.block.labels), self._goal)

    def _united(self, opening: Opening) -> bool:
        printed = [self._section, *(leaf.header for leaf in opening.leaves)]
        if opening.label is not None:
            printed.append(opening.label.text)
        return any(map(names_unit, printed))
