"""Grids → tables: joined over pages, each with the title, unit and notes printed around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from archive import forms, money
from archive.forms import plain
from archive.model import Mark, Unit
from archive.text import columns
from archive.text.captions import TABLE_NUMBER, is_caption, unit_in, without_unit
from archive.text.grid import Cell, Grid
from archive.text.lines import Line, tight

_NOTE: Final = re.compile(r"^(注|备注|说明)\s*[:：]")
_EMPTY_SENTENCE: Final = re.compile(r"(无|没有|不涉及).*(表|支出|收入|预算|经费|数据|资金)")
_FORMULA_NOTE: Final = re.compile(r"^\d+\s*栏(各行)?\s*[=＝]|^\d+\s*[.、]\s*本")
_CONTINUED: Final = re.compile(r"\(?续表?\d*\)?$|\(?第\d+页[,.]?(/?共\d+页)?\)?$")
PAGE_NUMBER: Final = re.compile(
    r"^[-—–－~·\s]*(第\s*)?\d{1,4}(\s*页)?(\s*/\s*\d{1,4})?[-—–－~·\s]*$"
    r"|^第\s*\d{1,4}\s*页\s*[,，、/（(]?\s*[总共]\s*\d{1,4}\s*页[)）]?$"
    r"|^[总共]\s*\d{1,4}\s*页\s*[,，、/]?\s*第\s*\d{1,4}\s*页$"
    r"|^Page\s*\d{1,4}(\s*(of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(r"([（(][^（()）]*[)）])+$")
_EDGE: Final = 4.0
"""Continued tables keep their edges and column lines within this many points."""
_HEAD_ROWS: Final = 8
_SHIFTED: Final = 14.0
_TITLE_REACH: Final = 6
"""So many lines above a table are looked at for its title."""


class Table:
    """One table as printed, over all its pages."""

    __slots__ = (
        "above",
        "doubted",
        "notes",
        "parts",
        "printed",
        "rows",
        "title",
        "title_line",
        "unit",
        "xs",
    )

    def __init__(self, grid: Grid) -> None:
        self.parts = [grid]
        self.xs: list[float] = list(grid.xs)
        self.rows: list[list[Cell]] = []
        """Rows over the common columns of all pages; a merged cell stands in all its places."""
        self.title = ""
        self.title_line: Line | None = None
        self.unit: Unit | str | None = None
        """The unit; the printed word where it is one we do not convert; None without a label."""
        self.above: list[str] = []
        self.printed: frozenset[str] = frozenset()
        """The lines above it that are its own, normalised: title, unit, agency."""
        self.notes: list[str] = []
        self.doubted = ""

    @property
    def doubt(self) -> str:
        """Why it is kept raw whatever its head says."""
        return self.doubted or next((part.doubt for part in self.parts if part.doubt), "")

    @property
    def aligned(self) -> frozenset[int]:
        """Pages on which its columns were placed by alignment, for want of ruling lines."""
        return frozenset(part.page for part in self.parts if part.aligned)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it stands on, in order; a page that shows only its empty frame is not one."""
        first = self.parts[0].page
        return tuple(
            dict.fromkeys(
                part.page
                for part in self.parts
                if part.page == first or any(cell.text for row in part.rows for cell in row)
            )
        )


class Assembler:
    """Takes pages in order and builds tables; what is not about a table is left as prose."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self._open: Table | None = None
        """The table that ended the previous page, while nothing was printed after it."""
        self._tail: list[Line] = []
        """The last lines of the previous page, where no table followed them: a title may be
        parted from its table by the page break."""

    @property
    def unfinished(self) -> Grid | None:
        """The grid that ended the page before with nothing printed after it."""
        return self._open.parts[-1] if self._open else None

    @property
    def rowless(self) -> bool:
        """Whether the grid that ended the page before has heads and no row."""
        return self._open is not None and not any(
            columns.is_data(row) for part in self._open.parts for row in part.rows
        )

    def doubt(self, reason: str) -> None:
        """The table that ended the page before goes on, but what follows cannot be read."""
        if self._open is not None:
            self._open.doubted = reason

    def close(self) -> None:
        """A table that is not read ended the page: nothing goes on from one before it."""
        self._open = None

    def page(self, found: Sequence[Grid], outside: Sequence[Line]) -> list[Line]:
        """Take one page's grids (top to bottom) and lines; give back its lines of prose."""
        body = [line for line in outside if not PAGE_NUMBER.match(line.text)]
        prose: list[Line] = []
        previous: Table | None = None
        for index, grid in enumerate(found):
            gap = [line for line in body if _middle(line) > grid.box.y1]
            body = [line for line in body if _middle(line) <= grid.box.y1]
            inside = [line for line in body if _middle(line) >= grid.box.y0]
            body = [line for line in body if _middle(line) < grid.box.y0]
            prose += inside
            if previous is not None:
                gap = _take_notes(previous, gap)
            if index == 0 and self._open and _continues(self._open, grid):
                rest = _without_head(self._open, grid, gap)
                if not _significant(rest):
                    _extend(self._open, grid)
                    previous = self._open
                    prose += rest
                    continue
            table = Table(grid)
            self.tables.append(table)
            prose += _take_head(table, gap, self._tail if index == 0 else [])
            previous = table
        if previous is not None:
            body = _take_notes(previous, body)
        if found or body:
            self._open = previous if not body else None
        self._tail = body[-_TITLE_REACH:]
        return prose + body


def _middle(line: Line) -> float:
    return (line.y0 + line.y1) / 2


def _significant(gap: list[Line]) -> bool:
    """Whether the lines above a table could be a title of its own rather than a page header."""
    return any(
        forms.identify(line.text) or unit_in(line.text) or line.text.rstrip("）)").endswith("表")
        for line in gap
    )


def _without_head(table: Table, grid: Grid, gap: list[Line]) -> list[Line]:
    """The lines above a grid without the table's title, unit and agency, if they are printed again.

    Spreadsheets repeat them on every page. Where the same first row stands below them too, it is
    another table of the same form: that of a unit, say. Forms in blocks are printed once a project.
    """
    if any(form.layout is forms.Layout.BLOCKS for form in forms.identify(table.title)):
        return gap
    if not table.printed or first_names(table.parts[0]) == first_names(grid):
        return gap
    again = [line for line in gap if _bare(line) in table.printed]
    if table.title_line is None or _bare(table.title_line) not in map(_bare, again):
        return gap
    return [line for line in gap if _bare(line) not in table.printed]


def _bare(line: Line) -> str:
    """A line above a table without what tells only the page."""
    return _CONTINUED.sub("", plain(line.text))


def first_names(grid: Grid) -> list[str]:
    """What the first row of data is called, to tell a table that goes on from one like it."""
    depth = columns.analyse(grid.rows).depth
    texts = [plain(cell.text) for row in grid.rows[depth : depth + 1] for cell in columns.own(row)]
    return [text for text in texts if text and money.parse(text)[0] is Mark.UNREADABLE]


def _take_notes(table: Table, gap: list[Line]) -> list[Line]:
    """Move the lines that comment on the table above them into its notes."""
    rest = list(gap)
    while rest:
        text = tight(rest[0].text)
        follows = bool(table.notes) and not _starts_anew(text)
        if not is_comment(text) and not (follows and not table.notes[-1].endswith("。")):
            break
        if follows and not _NOTE.match(text) and not _FORMULA_NOTE.match(text):
            table.notes[-1] += text
        else:
            table.notes.append(text)
        rest.pop(0)
    return rest


def is_comment(text: str) -> bool:
    """Whether a line comments on a table: a note, a column formula, a sentence on its emptiness."""
    return bool(
        _NOTE.match(text)
        or _FORMULA_NOTE.match(text)
        or (len(text) < 60 and _EMPTY_SENTENCE.search(text) and not forms.identify(text))
    )


def _starts_anew(text: str) -> bool:
    return bool(
        TABLE_NUMBER.match(text)
        or forms.identify(text)
        or unit_in(text)
        or re.match(r"^(第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)", text)
    )


def _take_head(table: Table, gap: list[Line], borrowed: list[Line]) -> list[Line]:
    """Find the table's title and unit among the lines above it; the rest is prose."""
    used: set[int] = set()
    reach = list(enumerate(gap))[-_TITLE_REACH:]
    candidates = []
    for index, line in reversed(reach):
        text = tight(line.text)
        unit = unit_in(line.text)
        if unit is not None and table.unit is None:
            table.unit = unit
        if is_caption(line.text):
            used.add(index)
            table.above.insert(0, text)
            rest = without_unit(line.text)
            if forms.identify(rest):
                candidates.append((index, line, tight(rest)))
        elif TABLE_NUMBER.match(text):
            used.add(index)
            table.above.insert(0, text)
        else:
            candidates.append((index, line, text))
    chosen = _title_among(candidates)
    if chosen is not None:
        if not any(form.heading for form in forms.identify(chosen[2])):
            used |= chosen[0]
        table.title_line, table.title = chosen[1], chosen[2]
    elif borrowed:
        _borrow(table, borrowed)
    if table.unit is None:
        used |= _take_broken_unit(table, reach)
    table.printed = frozenset(_bare(gap[index]) for index in used)
    return [line for index, line in enumerate(gap) if index not in used]


def _take_broken_unit(table: Table, reach: Sequence[tuple[int, Line]]) -> set[int]:
    """A label may be broken over two lines: “部门：某局 单” above “位：万元”."""
    for (upper, begun), (lower, rest) in pairwise(reach):
        text = tight(begun.text) + tight(rest.text)
        if (unit := unit_in(text)) is not None:
            table.unit = unit
            table.above.insert(0, text)
            return {upper, lower}
    return set()


def _title_among(
    candidates: list[tuple[int, Line, str]],
) -> tuple[set[int], Line, str] | None:
    """The lowest line (or two lines together) that names a form, else the lowest like one."""
    for index, line, text in candidates:
        if forms.identify(text):
            return {index}, line, text
    for (index, line, text), (upper, _, start) in pairwise(candidates):
        if upper == index - 1 and forms.identify(start + text):
            return {upper, index}, line, start + text
    for index, line, text in candidates:
        bare = _ASIDE.sub("", text)
        if bare.endswith("表") and len(text) <= 50 and "。" not in text:
            return {index}, line, text
    return None


def _borrow(table: Table, tail: list[Line]) -> None:
    for line in reversed(tail):
        text = tight(without_unit(line.text))
        if table.unit is None:
            table.unit = unit_in(line.text)
        if forms.identify(text):
            table.title_line, table.title = line, text
            return


def _continues(table: Table, grid: Grid) -> bool:
    """Whether a grid at the top of a page carries on the table that ended the page before.

    Same edges and column lines; a row that merges cells may show fewer of them. A table of as many
    columns may also stand a little to the side.
    """
    if _other_head(table, grid):
        return False
    known, seen = table.xs, grid.xs
    if len(known) == len(seen):
        return all(abs(a - b) <= _SHIFTED for a, b in zip(known, seen, strict=True))
    if abs(known[0] - seen[0]) > _EDGE or abs(known[-1] - seen[-1]) > _EDGE:
        return False
    fewer, more = sorted((known, seen), key=len)
    return all(min(abs(x - y) for y in more) <= _EDGE for x in fewer)


def _other_head(table: Table, grid: Grid) -> bool:
    """Whether a grid begins with column heads the table does not have: it is another table, or
    further columns of this one. A head that the page broke off goes on, of course."""
    if columns.is_data(grid.rows[0]):
        return False
    if not any(map(columns.is_data, (row for part in table.parts for row in part.rows))):
        return False
    head = table.parts[0].rows[:_HEAD_ROWS]
    known = {plain(cell.text) for row in head for cell in row}
    named = {plain(cell.text) for cell in grid.rows[0]} - known
    if len(head[0]) == len(grid.rows[0]):
        # Printed again, a head may be cut short: “政府性基金预算财政拨款收”.
        above = ({plain(row[c].text) for row in head} for c in range(len(head[0])))
        for cell, texts in zip(grid.rows[0], above, strict=True):
            if any(text.startswith(plain(cell.text)) for text in texts):
                named.discard(plain(cell.text))
    return any(form.measure(text) for form in forms.identify(table.title) for text in named)


def _extend(table: Table, grid: Grid) -> None:
    if len(table.xs) == len(grid.xs):
        grid.xs = list(table.xs)
    else:
        table.xs = max(table.xs, grid.xs, key=len)
    table.parts.append(grid)


def spread(table: Table) -> None:
    """Lay the rows of all parts over the table's common columns, into `table.rows`."""
    table.rows = []
    for part in table.parts:
        if len(part.xs) == len(table.xs):
            table.rows += part.rows
            continue
        where = []
        for left, right in pairwise(table.xs):
            middle = (left + right) / 2
            where.append(max(i for i, x in enumerate(part.xs[:-1]) if x <= middle or i == 0))
        table.rows += [[row[i] for i in where] for row in part.rows]
