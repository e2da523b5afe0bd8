"""Sections of a text → statements, by the same forms as any other table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Final

from archive.forms import Layout, plain, title_of
from archive.model import RawTable, Remark, Statement
from archive.text import columns
from archive.text.columns import TOTAL, Group, Leaf, Role
from archive.text.grid import Cell, Grid
from archive.text.lined.filling import fill
from archive.text.lined.frame import framed
from archive.text.lined.head import is_numbering, leaves, spell, structure
from archive.text.lined.placing import Line as Sum
from archive.text.lined.placing import settle
from archive.text.lined.rows import Row, keyed_rows, tabbed_rows
from archive.text.lined.sections import Section
from archive.text.lined.sided import sided_rows, tabbed_sides
from archive.text.lined.source import Token, tokens
from archive.text.lines import Line
from archive.text.statements import statement
from archive.text.tables import Table

__all__ = ["Lined", "read_sections"]

_WORDS: Final = re.compile(r"收入|支出|拨款|财政|预算|资金|安排|经费|其中[:：]?")
_OUTLINE: Final = re.compile(
    r"^(?:[一二三四五六七八九十廿]+[、.．]|[（(][一二三四五六七八九十]+[)）])"
)
_DEPTHS: Final = {3: 1, 5: 2, 7: 3}
_OPEN: Final = "? "
_WIDTH: Final = 1.0
_MOST_SURPLUS: Final = 0.2


@dataclass
class Lined:
    """What the tables of a text amount to."""

    statements: list[Statement] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)
    laid: list[Table] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class _Part:
    """One side of a table: its rows, and where each figure may stand."""

    group: Group
    rows: list[Row]
    sums: list[Sum] = field(default_factory=list)


@dataclass
class _Draft:
    section: Section
    leaves: list[Leaf]
    parts: list[_Part]


def read_sections(sections: Sequence[Section]) -> Lined:
    """Statements of all sections in order; what no form reads is kept as lines."""
    found = Lined()
    drafts = {
        number: _draft(section)
        for number, section in enumerate(sections)
        if _printed(section) and section.form.layout is Layout.TABLE
    }
    told = [draft for draft in drafts.values() if isinstance(draft, _Draft)]
    for draft in told:
        _settle(draft, [other for other in told if other is not draft])
    named = {section.form.id for section in sections if section.rows or section.head}
    for number, section in enumerate(sections):
        draft_or_reason = drafts.get(number)
        if not _printed(section):
            _untabled(section, named, found)
        elif isinstance(draft_or_reason, _Draft):
            _state(draft_or_reason, found)
        elif draft_or_reason is None:
            _frame(section, found)
        else:
            found.tables.append(_raw(section, draft_or_reason))
            found.laid.append(_table(section, []))
    return found


def _printed(section: Section) -> bool:
    """Whether anything follows the title."""
    return bool(section.head or section.rows or section.notes)


def _frame(section: Section, found: Lined) -> None:
    """A form printed in blocks."""
    form = framed(section)
    found.laid.append(form.table)
    found.tables += form.tables
    found.remarks += form.remarks
    if form.statement is not None:
        found.statements.append(form.statement)


def _untabled(section: Section, named: set[str], found: Lined) -> None:
    """A title with nothing below it: a table that is an image, or an entry of the contents."""
    if section.form.id not in named and section.form.layout is Layout.TABLE:
        said = f"“{section.name}”: no table follows its title; it may be an image"
        found.remarks.append(Remark("table-missing", said, section.title.page))


def _raw(section: Section, reason: str) -> RawTable:
    printed = [*section.head, *section.rows]
    pages = dict.fromkeys(line.page for line in (section.title, *printed))
    rows = tuple(
        tuple(line.cells) if "\t" in line.text else (line.text.strip(),) for line in printed
    )
    return RawTable(section.name, tuple(pages), rows, reason)


# ── reading one section ───────────────────────────────────────────────────────────────────────


def _draft(section: Section) -> _Draft | str:
    """The columns and rows of a section, or why it is kept as lines."""
    form = section.form
    spelled = spell(section.head, form)
    found = leaves(spelled, form)
    columns.assign(found, form)
    if not any(leaf.role is Role.MONEY for leaf in found):
        return f"titled like {form.title}, but its head does not spell its columns"
    groups = columns.groups(found, form)
    if spelled.unknown and spelled.numbered not in (0, len(found), _money(found)):
        return f"column heads that {form.title} does not have: {', '.join(spelled.unknown)}"
    parts = _parts(section, found, groups, spelled.parts)
    rows = [row for part in parts for row in part.rows]
    surplus = sum(len(row.figures) > len(p.group.money) for p in parts for row in p.rows)
    if surplus > _MOST_SURPLUS * max(1, len(rows)):
        return f"titled like {form.title}, but its rows have more figures than its head columns"
    return _Draft(section, found, parts)


def _money(found: Iterable[Leaf]) -> int:
    return sum(leaf.role is Role.MONEY for leaf in found)


def _parts(
    section: Section, found: list[Leaf], groups: list[Group], code_parts: int
) -> list[_Part]:
    named = any(leaf.role is Role.NAME for leaf in found)
    if section.form.across and not named:
        return [_Part(Group(money=list(found)), _across(section, len(found)))]
    if len(groups) > 1:
        sides = tabbed_sides if section.tabbed else sided_rows
        return [_Part(g, rows) for g, rows in zip(groups, sides(section.rows, groups), strict=True)]
    group = groups[0]
    coded = any(leaf.role is Role.CODE for leaf in group.keys)
    if section.tabbed:
        return [_Part(group, tabbed_rows(section.rows, found, code_parts))]
    return [_Part(group, keyed_rows(section.rows, len(group.money), coded=coded))]


def _across(section: Section, columns: int) -> list[Row]:
    """The rows of figures; where none is left of them, one that is blank."""
    rows = []
    for line in section.rows:
        cells = [Token(text, line, n) for n, text in enumerate(line.cells, 1)]
        figures = [cell for cell in cells if cell.text]
        row = Row(line, figures=figures if section.tabbed else tokens(line))
        if section.tabbed and len(cells) == columns:
            row.cells = [cell if cell.text else None for cell in cells]
        rows.append(row)
    if not rows and _only_heads(section):
        rows.append(Row(section.head[-1], cells=[None] * columns))
    return rows


def _only_heads(section: Section) -> bool:
    """Whether no figure stands among the lines of a head but the numbers of its columns."""
    begun = 0
    for line in section.head:
        if is_numbering(line.text, begun):
            begun += 1
        elif any(piece.is_figure for piece in tokens(line)):
            return False
    return True


# ── columns of figures ────────────────────────────────────────────────────────────────────────


def _settle(draft: _Draft, others: Sequence[_Draft]) -> None:
    stated = _stated(others)
    for part in draft.parts:
        form = draft.section.form
        kin = [
            {_kin(leaf.path[-1]), _kin(form.measure(leaf.header) or "")}
            for leaf in part.group.money
        ]
        witness = partial(_witness, stated, kin)
        children = _children(part.rows)
        whole = sum(row.cells is not None for row in part.rows)
        torn = draft.section.tabbed and 2 * whole > len(part.rows)
        part.sums = [
            _sum(row, children.get(index, ()), torn=torn) for index, row in enumerate(part.rows)
        ]

        equations = structure(part.group.money, form)
        totals = [i for i, row in enumerate(part.rows) if TOTAL.search(row.text) and not row.code]
        settle(part.sums, len(part.group.money), equations, totals, witness)


def _witness(
    stated: Mapping[str, set[Decimal]], kin: Sequence[set[str]], column: int, value: Decimal
) -> bool:
    """Whether another table states the value of what the column is about."""
    return any(value in stated[name] for name in kin[column] if name in stated)


def _sum(row: Row, children: Sequence[int], *, torn: bool) -> Sum:
    if row.cells is None:
        return Sum(row.values, children, torn=torn)
    return Sum(row.values, children, [tuple(i for i, cell in enumerate(row.cells) if cell)])


def _kin(text: str) -> str:
    """What a column and a line item have in common: 一般公共预算收入, 其中：一般公共预算拨款."""
    flat = _OUTLINE.sub("", plain(text))
    return _WORDS.sub("", flat) or flat


def _stated(drafts: Iterable[_Draft]) -> defaultdict[str, set[Decimal]]:
    """What other tables of the document state beyond doubt, by what they state it of."""
    found: defaultdict[str, set[Decimal]] = defaultdict(set)
    for draft in drafts:
        for part in draft.parts:
            for row in part.rows:
                full = len(row.figures) == len(part.group.money)
                if TOTAL.search(row.text) and full:
                    for leaf, value in zip(part.group.money, row.values, strict=True):
                        found[_kin(leaf.path[-1])].add(value)
                        found[_kin(draft.section.form.measure(leaf.header) or "")].add(value)
                elif not row.code and row.figures:
                    found[_kin(row.text)].add(row.values[0])
    return found


def _children(rows: Sequence[Row]) -> dict[int, list[int]]:
    """The rows each row is the sum of, by their codes; the first total is the sum of the rest."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    above: list[tuple[int, int]] = []
    total = next((i for i, row in enumerate(rows) if not row.code and TOTAL.search(row.text)), None)
    for index, row in enumerate(rows):
        if not row.code:
            if index != total and total is not None and not TOTAL.search(row.text) and row.text:
                found[total].append(index)
            continue
        depth = _depth(row.code)
        while above and above[-1][0] >= depth:
            above.pop()
        if above:
            found[above[-1][1]].append(index)
        elif total is not None:
            found[total].append(index)
        above.append((depth, index))
    return dict(found)


def _depth(code: str) -> int:
    """类 1, 款 2, 项 3; a code that is damaged is a 项 (only those are so long)."""
    return _DEPTHS.get(len(code), 3) if code.isdigit() else 3


# ── statements ────────────────────────────────────────────────────────────────────────────────


def _state(draft: _Draft, found: Lined) -> None:
    section = draft.section
    rows, unparted = _cells(draft)
    table = _table(section, rows)
    head = columns.Head(0, draft.leaves, frozenset())
    result, said = statement(table, head, section.form, title_of(section.name).year)
    found.laid.append(table)
    found.statements.append(result)
    opened = [remark for remark in said if f"“{_OPEN.strip()}" in remark.message]
    found.remarks += [remark for remark in said if remark not in opened]
    page = section.title.page
    if opened:
        unsure = {c.row for row in rows for c in row if c.text.startswith(_OPEN)}
        where = ", ".join(map(str, sorted(unsure)))
        message = f"{section.form.title}: columns of figures left open, in lines {where}"
        found.remarks.append(Remark("column-open", message, page))
    if section.form.across and not section.rows and any(part.rows for part in draft.parts):
        message = f"{section.form.title}: no figure stands below its head; its items are blank"
        found.remarks.append(Remark("row-blank", message, page))
    if told := sum(_by_sums(part) for part in draft.parts):
        message = f"{section.form.title}: in {told} rows the sums tell the columns of the figures"
        found.remarks.append(Remark("column-by-sums", message, page))
    if unparted:
        message = (
            f"{section.form.title}: cells that cannot be told apart: {'; '.join(unparted[:3])}"
        )
        found.remarks.append(Remark("cells-joined", message, page))


def _paired(part: _Part) -> Iterable[tuple[Row, Sum]]:
    return zip(part.rows, part.sums, strict=True)


def _by_sums(part: _Part) -> int:
    full = len(part.group.money)
    return sum(
        row.cells is None and 0 < len(row.figures) < full and line.sure
        for row, line in _paired(part)
    )


def _table(section: Section, rows: list[list[Cell]]) -> Table:
    """A table as other readers hand it on; its columns are known, its head is none of its rows."""
    width = len(rows[0]) if rows else 1
    parts = []
    for page in dict.fromkeys([section.title.page, *(row[0].page for row in rows)]):
        grid = Grid(page, [x * _WIDTH for x in range(width + 1)], [0.0, 1.0])
        grid.aligned = True
        grid.rows = [row for row in rows if row[0].page == page]
        parts.append(grid)
    table = Table(parts[0])
    table.parts = parts
    table.rows = rows
    table.title = section.name
    table.unit = section.unit
    table.above = list(section.above)
    table.notes = list(section.notes)
    return table


def _cells(draft: _Draft) -> tuple[list[list[Cell]], list[str]]:
    """One row of cells for every row of every side, and the names that were not parted."""
    found: list[list[Cell]] = []
    unparted: list[str] = []
    width = len(draft.leaves)
    for part in draft.parts:
        texts = [leaf for leaf in part.group.keys if leaf.role in (Role.NAME, Role.ATTRIBUTE)]
        filled = _filled(part.rows, texts)
        for (row, line), own in zip(_paired(part), filled, strict=True):
            cells = [_cell(row, "", column) for column in range(1, width + 1)]
            coded = False
            for leaf in part.group.keys:
                if leaf.role is Role.CODE and row.code:
                    cells[leaf.first], coded = _cell(row, row.code, 1), True
            names = own or [row.text if leaf.role is Role.NAME else "" for leaf in texts]
            if own is None:
                unparted.append(row.text)
            if row.code and not coded:
                names = [f"{row.code} {names[0]}", *names[1:]]
            for leaf, text in zip(texts, names, strict=True):
                cells[leaf.first] = _cell(row, text, leaf.first + 1)
            for leaf, token, text in _placed(row, line, part.group.money):
                cells[leaf.first] = _cell(
                    row, text, token.place if token else leaf.first + 1, token
                )
            found.append(cells)
    return found, unparted


def _filled(rows: Sequence[Row], leaves: Sequence[Leaf]) -> list[list[str] | None]:
    """The texts of every row by column of text; None where they cannot be told apart."""
    if all(row.texts is not None for row in rows) or not leaves:
        return [row.texts or [] for row in rows]
    told = fill([row for row in rows if row.texts is None], leaves)
    rest = iter(told)
    return [row.texts if row.texts is not None else next(rest) for row in rows]


def _cell(row: Row, text: str, column: int, token: Token | None = None) -> Cell:
    line = token.line if token else row.line
    cell = Cell(line.page, line.number, column)
    cell.text = text
    cell.lines = [Line(0, 0, 0, 0, text)] if text else []
    return cell


def _placed(row: Row, line: Sum, money: Sequence[Leaf]) -> Iterable[tuple[Leaf, Token | None, str]]:
    """Every figure in its column; those that could stand in several stand in all, as unreadable."""
    if row.cells is not None:
        for leaf, token in zip(money, row.cells, strict=True):
            if token is not None:
                yield leaf, token, token.text
        return
    open_: defaultdict[int, list[str]] = defaultdict(list)
    candidates = line.candidates or [tuple(range(len(money)))] * bool(row.figures)
    if line.torn:
        lost = set(range(len(money))) - {c for one in candidates for c in one}
        open_ |= {column: [] for column in lost}
    surplus = len(row.figures) > len(money)
    for number, token in enumerate(row.figures):
        where = {one[number] for one in candidates} if not surplus else set(range(len(money)))
        if len(where) == 1:
            yield money[where.pop()], token, token.text
            continue
        for column in where:
            open_[column].append(token.text)
    for column, texts in sorted(open_.items()):
        yield money[column], None, _OPEN + " / ".join(texts)
