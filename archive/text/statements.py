"""A table and its form → a statement: line items with exact amounts, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from archive import money
from archive.forms import Form, plain
from archive.model import (
    Amount,
    Certainty,
    Classification,
    Column,
    LineItem,
    Mark,
    Remark,
    Statement,
    Unit,
)
from archive.text import columns
from archive.text.codes import code_in
from archive.text.columns import Group, Leaf, Role
from archive.text.crosswise import crosswise
from archive.text.figures import figure_text, refused, unsure
from archive.text.grid import Cell
from archive.text.lines import joined, tight
from archive.text.merged import SHARED, Merged
from archive.text.overrun import rejoined
from archive.text.tables import Table

_LEADING_CODE: Final = re.compile(r"^(\d{3}|\d{5}|\d{7})\s*(?=[^\d\s.、．])")
_ENUMERATION: Final = re.compile(
    r"^(?:([一二三四五六七八九十廿]+)[、.．]|[（(]([一二三四五六七八九十]+)[)）]|(\d+)[、.．])"
)
_FOOTNOTE: Final = re.compile(r"^(注|备注|说明)[:：]")
_NUMBERED: Final = re.compile(r"^\d[.、．]\D")


def statement(
    table: Table, head: columns.Head, form: Form, year: int | None
) -> tuple[Statement, list[Remark]]:
    """Read a table by its form.

    Returns the statement and what must be said about the reading: unknown columns, cells that are
    not amounts, rows that stand twice, a missing unit. Nothing is dropped: a row that holds any
    text or figure becomes a line item or a note.
    """
    reader = _Reader(table, head, form)
    items = reader.read()
    unit = table.unit if isinstance(table.unit, Unit) else None
    if unit is None:
        said = f"the unit printed is {table.unit}" if table.unit else "no unit is printed"
        reader.say("unit-missing", f"{form.title}: {said}; its amounts are not converted")
    result = Statement(
        form=form.id,
        title=table.title,
        unit=unit,
        pages=table.pages,
        columns=tuple(reader.columns),
        items=tuple(items),
        notes=(*table.notes, *reader.notes),
        year=year,
    )
    return result, reader.remarks


class _Reader:
    def __init__(self, table: Table, head: columns.Head, form: Form) -> None:
        self.table = table
        self.head = head
        self.form = form
        self.columns: list[Column] = []
        self.notes: list[str] = []
        self.remarks: list[Remark] = []
        self.aligned = table.aligned
        self._measures: dict[tuple[str | None, int], str] = {}
        self._formulas = any("=" in leaf.number for leaf in head.leaves)
        heads = (sum(bool(c.text) for c in columns.own(row)) for row in table.rows[: head.depth])
        self._fewest_heads = min((many for many in heads if many), default=1)

    def say(self, code: str, message: str, page: int | None = None) -> None:
        self.remarks.append(Remark(code, message, page or self.table.pages[0]))

    def read(self) -> list[LineItem]:
        columns.assign(self.head.leaves, self.form)
        rows = list(rejoined(self._data_rows(), self.head.leaves))
        self._lead_attributes(rows)
        groups = columns.groups(self.head.leaves, self.form)
        named = any(leaf.role is Role.NAME for group in groups for leaf in group.keys)
        if self.form.across and not named:
            return self._across(rows)
        self._name_measures(groups, rows)
        self.merged = Merged(rows)
        by_group: list[list[LineItem]] = [[] for _ in groups]
        for number, row in enumerate(rows):
            self._row(number, row, groups, by_group)
        items = [item for group in by_group for item in _blocks(group)]
        if self.form.classification is Classification.PROJECT:
            items = _owners(items)
        return self._numbered(items)

    # ── rows ────────────────────────────────────────────────────────────────────────────────

    def _data_rows(self) -> Iterable[Sequence[Cell]]:
        """Rows below the head, without heads repeated on later pages."""
        in_head = False
        page = self.table.parts[0].page
        for index, row in enumerate(self.table.rows):
            if index < self.head.depth:
                continue
            if not any(cell.text for cell in row):
                yield row
                continue
            in_head = (row[0].page != page or in_head) and self._repeats_head(row)
            page = row[0].page
            if in_head or self._is_note(row):
                continue
            yield row

    def _repeats_head(self, row: Sequence[Cell]) -> bool:
        texts = [plain(cell.text) for cell in _distinct(row) if cell.text]
        if not texts or columns.numbers_columns(texts):
            return bool(texts)
        if len(texts) < self._fewest_heads:
            return False  # the rest of a name may be a word that stands in the head: 支出
        known = all(any(head.startswith(text) for head in self.head.texts) for text in texts)
        return known and not columns.is_data(row)  # a head printed again may be cut short

    def _is_note(self, row: Sequence[Cell]) -> bool:
        filled = [cell for cell in _distinct(row) if cell.text]
        if len(filled) != 1:
            return False
        text = joined(line.text for line in filled[0].lines)
        further = self.notes and _NUMBERED.match(text)
        if plain(text) in columns.NOTHING or _FOOTNOTE.match(text) or further:
            self.notes.append(text)
            return True
        return False

    def _row(
        self,
        number: int,
        row: Sequence[Cell],
        groups: Sequence[Group],
        by_group: list[list[LineItem]],
    ) -> None:
        index = 0
        while index < len(groups):
            group = groups[index]
            reach = self._reach(row, groups, index)
            item = self._item(number, row, group, groups[reach])
            if item is not None:
                by_group[index].append(item)
            index = reach + 1

    def _reach(self, row: Sequence[Cell], groups: Sequence[Group], index: int) -> int:
        """The group whose figures a row's name cell reaches: a total's name may span two groups."""
        keys = groups[index].keys
        if not keys:
            return index
        right = row[keys[-1].last].right
        reach = index
        for later in range(index + 1, len(groups)):
            if groups[later].keys and row[groups[later].keys[-1].first] is row[keys[-1].last]:
                reach = later
        return reach if right > keys[-1].last + 1 else index

    def _item(
        self, number: int, row: Sequence[Cell], group: Group, figures: Group
    ) -> LineItem | None:
        if self.merged.again(number, [*group.keys, *figures.money]):
            return None
        code, depth, name, attributes, said = self._key(row, group)
        amounts = {}
        for leaf in figures.money:
            cell = row[leaf.first]
            if any(row[key.first] is cell for key in group.keys):
                continue  # the name spans this column: there is no cell of money here
            if any(cell is head for head in self.head.below):
                continue
            shared = self.merged.shared(cell, group)
            if not shared and self.merged.elsewhere(cell, number, group):
                continue  # the figure is printed once, and is that of another of its rows
            measure = self._measures[figures.side, leaf.first]
            amounts[measure] = self._amount(cell, SHARED if shared else "")
        printed = any(amount.mark is not Mark.BLANK for amount in amounts.values())
        if not (code or name or printed or any(attributes.values())):
            return None
        if not (name or code):
            name, attributes = _total_elsewhere(attributes)
        total = bool(columns.TOTAL.search(plain(name))) and not code
        first = row[group.keys[0].first] if group.keys else row[0]
        return LineItem(
            name=name,
            code=code,
            side=group.side,
            level=depth if code and depth else _level(code, name, total),
            classification=group.classification or self.form.classification,
            total=total,
            attributes={key: value for key, value in attributes.items() if value},
            amounts=amounts,
            page=first.page,
            row=min(cell.row for cell in row[group.keys[0].first : figures.money[-1].last + 1])
            if group.keys and figures.money
            else first.row,
            remarks=tuple(said),
        )

    def _key(
        self, row: Sequence[Cell], group: Group
    ) -> tuple[str, int, str, dict[str, str], list[str]]:
        names: list[Cell] = []
        codes: list[tuple[str, Cell]] = []
        attributes: dict[str, str] = {}
        for leaf in group.keys:
            cell = row[leaf.first]
            if leaf.role is Role.CODE:
                if all(cell is not other for _, other in codes):
                    codes.append((leaf.key, cell))
            elif leaf.role is Role.NAME:
                names.append(cell)
            elif leaf.role is Role.ATTRIBUTE:
                attributes[leaf.key] = joined(line.text for line in cell.lines)
        said: list[str] = []
        codes = [(part, cell) for part, cell in codes if all(cell is not n for n in names)]
        code, depth, stray = code_in(codes, said)
        name = joined(line.text for cell in names for line in cell.lines)
        if stray:
            name = f"{stray}{name}" if name else stray
        if not codes:
            match = _LEADING_CODE.match(name)
            if match:
                code, name = match[1], name[match.end() :].strip()
        return code, depth, name, attributes, said

    # ── money ───────────────────────────────────────────────────────────────────────────────

    def _lead_attributes(self, rows: Sequence[Sequence[Cell]]) -> None:
        """A column of words before the names says something of each row, whatever its head.

        Taken for money it would be a table of its own, with rows that have no name.
        """
        for leaf in self.head.leaves:
            known = columns.measured(leaf.path, self.form)
            if leaf.role is Role.MONEY and (known or self._holds_figures(leaf, rows)):
                return
            if leaf.role is Role.MONEY and any(row[leaf.first].text for row in rows):
                self._keep_as_attribute(leaf, "-".join(leaf.path))

    def _keep_as_attribute(self, leaf: Leaf, header: str) -> None:
        self.say("column-unknown", f"{self.form.title}: column “{header}” has no figures")
        leaf.role, leaf.key = Role.ATTRIBUTE, header or f"column {leaf.first + 1}"

    def _name_measures(self, groups: Sequence[Group], rows: Sequence[Sequence[Cell]]) -> None:
        for group in groups:
            taken: set[str] = set()
            kept: list[Leaf] = []
            for leaf in group.money:
                header = leaf.header or "-".join(leaf.path)
                known = self.form.measure(header)
                if known is None and not self._holds_figures(leaf, rows):
                    if not any(row[leaf.first].text for row in rows):
                        continue
                    self._keep_as_attribute(leaf, header)
                    group.keys.append(leaf)
                    continue
                measure = known or header or f"column {leaf.first + 1}"
                if known is None:
                    self.say("column-unknown", f"{self.form.title}: unknown column “{header}”")
                if measure in taken:
                    measure = "-".join(leaf.path)
                    self.say("column-double", f"{self.form.title}: column “{header}” stands twice")
                while measure in taken:
                    measure += "′"
                taken.add(measure)
                kept.append(leaf)
                self._measures[group.side, leaf.first] = measure
                number = leaf.number if self._formulas else ""
                self.columns.append(Column(measure, _printed(header), group.side, number))
            group.money = kept

    @staticmethod
    def _holds_figures(leaf: Leaf, rows: Sequence[Sequence[Cell]]) -> bool:
        return any(money.parse(row[leaf.first].text)[1] is not None for row in rows)

    def _amount(self, cell: Cell, doubt: str = "") -> Amount:
        text, said = figure_text(cell)
        mark, value = money.parse(text)
        certainty = cell.certainty(aligned=cell.page in self.aligned)
        doubt = doubt or unsure(cell, certainty)
        if doubt and (value is not None or cell.cut):
            mark, value, said = Mark.UNREADABLE, None, doubt
        if mark is Mark.UNREADABLE:
            certainty = Certainty.UNREADABLE
            detail = said or refused(text)
            self.say("cell-unreadable", f"{self.form.title}: “{tight(text)}”: {detail}", cell.page)
        shown = text if said and not cell.doubtful else tight(text)
        return Amount(shown, value, mark, certainty, cell.place)

    def _across(self, rows: Sequence[Sequence[Cell]]) -> list[LineItem]:
        """Line items printed as columns over one row of figures."""
        items = crosswise(self.form, self.head.leaves, rows, self._amount, self.say)
        measures = dict.fromkeys(measure for item in items for measure in item.amounts)
        self.columns += [Column(measure, measure) for measure in measures]
        return items

    # ── order and repetition ────────────────────────────────────────────────────────────────

    def _numbered(self, items: list[LineItem]) -> list[LineItem]:
        seen: Counter[tuple[object, ...]] = Counter()
        out = []
        for item in items:
            key = (item.side, item.code, plain(item.name), tuple(sorted(item.attributes.items())))
            seen[key] += 1
            if seen[key] == 1:
                out.append(item)
                continue
            label = f"{item.code} {item.name}".strip() or "a row without a name"
            self.say("row-repeated", f"{self.form.title}: “{label}” stands again", item.page)
            out.append(replace(item, occurrence=seen[key]))
        return out


def _distinct(row: Sequence[Cell]) -> list[Cell]:
    return list({id(cell): cell for cell in row}.values())


def _total_elsewhere(attributes: dict[str, str]) -> tuple[str, dict[str, str]]:
    """合计 printed in an attribute column is the name of its row."""
    for key, value in attributes.items():
        if columns.TOTAL.search(plain(value)):
            return value, {k: v for k, v in attributes.items() if k != key}
    return "", attributes


def _outline(name: str) -> int:
    """Depth of a printed enumeration: 一、 is 1, （一） is 2, 1. is 3; 0 without one."""
    match = _ENUMERATION.match(name)
    if match is None:
        return 0
    return 1 if match[1] else 2 if match[2] else 3


def _level(code: str, name: str, total: bool) -> int:
    if total:
        return 0
    if code:
        return {3: 1, 5: 2, 7: 3}.get(len(code), 0)
    return _outline(name)


def _blocks(items: Sequence[LineItem]) -> list[LineItem]:
    """Tell repeated enumerations apart: “一、…” again below 年初结转 belongs to that line."""
    out: list[LineItem] = []
    seen: set[str] = set()
    above: list[tuple[int, str]] = []
    for item in items:
        depth = _outline(item.name)
        above = [(d, name) for d, name in above if d < depth]
        if depth and item.name in seen and above:
            out.append(replace(item, attributes={**item.attributes, "block": above[-1][1]}))
        else:
            out.append(item)
        seen.add(item.name)
        above.append((depth, item.name))
    return out


def _owners(items: list[LineItem]) -> list[LineItem]:
    """In a project table, tell projects from the sums of the departments and units that own them:
    where projects have a category (项目分类), a row without one is its owner's sum."""
    if not any(item.attributes.get("category") for item in items):
        return items
    return [
        item
        if item.total or item.code or item.attributes.get("category")
        else replace(item, classification=Classification.UNIT)
        for item in items
    ]


def _printed(header: str) -> str:
    """The header as a reader would call it: a total is 合计 whatever it is a total of.

    >>> _printed("本年收入合计")
    '合计'
    """
    return re.sub(r"^本年(收入|支出)合计$", "合计", header)
