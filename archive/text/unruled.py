"""Tables printed without vertical ruling lines, or without any: read by alignment.

Below the title of a form, columns are where ink stands one above the other, and the head says what
they are; rows are the lines, names going on over several of them. What is found becomes a grid
like a printed one, and every amount read from it is marked `aligned`. A head that does not spell
the form's columns, or rows that cannot be told apart, are refused: the table is kept raw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.forms import Form, plain
from archive.text.bands import Shape, entries, rows
from archive.text.blank import NO_FIGURE, headed, without_figures
from archive.text.columns import CODE_PARTS, Role
from archive.text.grid import Grid, Ruling, rulings
from archive.text.headcheck import centred, unsure
from archive.text.headtree import HeadReader, Reading, Strip
from archive.text.layout import Layout, lay, layout
from archive.text.page import Char, Page
from archive.text.regions import Parted, Region, parted, regions
from archive.text.sections import (
    MOST_HEAD,
    across,
    is_figure,
    lowest,
    sections,
    spelled,
    stripped,
    with_neighbours,
)
from archive.text.tables import PAGE_NUMBER, first_names
from archive.text.words import Word, WordLine, joined_text, runs_in, word_lines

_LIKE_A_TABLE: Final = 3
_LEAST_AMOUNTS: Final = 2
_AMOUNT: Final = re.compile(r"^-?[(（]?(\d{1,3}(,\d{3})+|\d+\.\d\d)")
"""What begins like an amount as tables print it."""
_ABOVE_CODE: Final = 3
_BEGINNING_LOST: Final = "it goes on from a table that is not read"
_MARGIN: Final = 1.0
"""A reading of the head must be better than another by so much, or both must mean the same."""


@dataclass(frozen=True)
class Refused:
    """A table that alignment does not tell apart."""

    title: str
    page: int
    rows: tuple[tuple[str | None, ...], ...]
    reason: str
    continued: bool
    """Whether it goes on from the page before."""


@dataclass
class Found:
    """The unruled tables of one page and what is left of its characters."""

    grids: list[Grid]
    refused: list[Refused]
    outside: list[Char]


class Unruled:
    """Finds unruled tables page by page; a table may go on over several pages."""

    def __init__(self) -> None:
        self._last: _Last | None = None
        self.parted: Parted | None = None
        """The title that ended the page before."""
        self.lost: str | None = None
        """The title of a table that was refused and may go on from the page before."""

    def page(
        self, page: Page, ruled: Sequence[Grid], outside: list[Char], unfinished: Grid | None
    ) -> Found:
        """The unruled tables among the characters outside all ruled ones.

        `unfinished` is the grid that ended the page before, with nothing printed after it.
        """
        lines = word_lines(outside)
        if lines and PAGE_NUMBER.match(lines[-1].text):
            lines.pop()
        horizontal, _ = rulings(page.segments)
        found = Found([], [], outside)
        used: list[WordLine] = []
        last = self._last if self._last and self._last.grid is unfinished else None
        before, self.parted = self.parted, parted(lines, ruled)
        lost, self.lost = self.lost, None
        for region in regions(lines, ruled, last.title if last else lost, before):
            carried = last if region.continued else None
            if region.continued and not carried:
                region.title = region.title or lost or ""
                reader, read = _Table(page, region, (), horizontal, None), None
                reader.reason = _BEGINNING_LOST
            else:
                reader, read = _read(page, region, horizontal, carried)
            if carried and region.title and (read is None or first_names(read[0]) == carried.names):
                reader, read = _read(page, region, horizontal, None)
                if not _same_table(carried, read):
                    carried = None
            if read is None:
                if reader.like_a_table or reader.headed:
                    found.refused.append(reader.refusal())
                    used += region.lines
                    self.lost = (
                        None if region.after else region.title or (last.title if last else lost)
                    )
                continue
            self.lost = None
            grid, table = read
            if carried:
                grid.xs = list(carried.grid.xs)
            self._last = (
                replace(carried, grid=grid, layout=table)
                if carried
                else _Last(grid, table, reader.forms, region.title, first_names(grid))
            )
            found.grids.append(grid)
            used += region.lines
        if used:
            gone = {id(char) for line in used for char in line.chars}
            found.outside = [char for char in outside if id(char) not in gone]
        return found


@dataclass(frozen=True)
class _Last:
    """The table that was read last, which a later page may carry on."""

    grid: Grid
    layout: Layout
    forms: tuple[Form, ...]
    title: str
    names: list[str]
    """What its first row is called."""


def _same_table(last: _Last, read: tuple[Grid, Layout] | None) -> bool:
    """Whether what stands below a title printed again has the columns of the table before it, and
    begins with another row."""
    if read is None or first_names(read[0]) == last.names:
        return False
    return read[1].texts == last.layout.texts and len(read[0].xs) == len(last.grid.xs)


def _read(
    page: Page, region: Region, horizontal: Sequence[Ruling], carried: _Last | None
) -> tuple[_Table, tuple[Grid, Layout] | None]:
    known = carried.forms if carried else region.forms
    reader = _Table(page, region, known, horizontal, carried.layout if carried else None)
    return reader, reader.read()


class _Table:
    """One region being read."""

    def __init__(
        self,
        page: Page,
        region: Region,
        known: tuple[Form, ...],
        horizontal: Sequence[Ruling],
        carried: Layout | None,
    ) -> None:
        self.page = page
        self.region = region
        self.forms = known
        self.carried = carried
        self.reason = ""
        top, bottom = region.lines[0].y1 + 15, region.lines[-1].y0 - 15
        self.horizontal = [line for line in horizontal if bottom < line[0] < top]
        self.head, self.numbers, self.parts, self.body = sections(region.lines)
        if carried is not None:
            again = carried.head_lines(region.lines)
            self.body = list(region.lines[again:])
            if again == 0:
                self.head, self.numbers, self.parts = [], [], []
            else:
                self.head, self.numbers, self.parts, _ = sections(region.lines[:again])

    def _same_place(self, carried: Layout) -> bool:
        """Whether a repeated head stands where it stood on the page before."""
        known = {(plain(w.text), round(w.x0 / 3)) for w in carried.head_words()}
        words = [(plain(w.text), round(w.x0 / 3)) for line in self.head for w in line.words]
        near = [w for w in words if any((w[0], w[1] + step) in known for step in (-1, 0, 1))]
        return len(near) == len(words)

    @property
    def like_a_table(self) -> bool:
        """Whether the lines are plainly a table, so that refusing it must be reported."""
        figures = [sum(map(is_figure, line.words)) for line in self.body]
        least = 1 if self.carried else _LIKE_A_TABLE
        if sum(map(bool, figures)) >= least or max(figures, default=0) >= _LIKE_A_TABLE:
            return True
        amounts = [w for line in self.body for w in line.words if _AMOUNT.match(w.text)]
        return len(amounts) >= _LEAST_AMOUNTS

    @property
    def headed(self) -> bool:
        """Whether heads of its form stand in it, however few its figures are."""
        return headed(self.region.lines, self.numbers, self.forms)

    @property
    def _blank(self) -> bool:
        return self.headed and without_figures(self.region.lines, self.numbers)

    def refusal(self) -> Refused:
        """The lines as they are printed, and why they are not read."""
        if self._blank:
            self.reason = f"{NO_FIGURE}, and {self.reason}"
        lines = tuple(tuple(word.text for word in line.words) for line in self.region.lines)
        return Refused(
            self.region.title, self.page.number, lines, self.reason, self.region.continued
        )

    def read(self) -> tuple[Grid, Layout] | None:
        """The grid and its columns; None with `reason` set."""
        if any(runs_in(word) for line in self.body for word in line.words):
            self.reason = "a figure runs into the column beside it"
            return None
        if self.carried is not None and (not self.head or self._same_place(self.carried)):
            widened = self.carried.widened(stripped(self._upright()))
            if widened is not None:
                return self._lay(widened, head=False)
            self.reason = "what goes on from the page before does not keep to its columns"
            if not self.head:
                return None
        if not self.head or len(self.head) > MOST_HEAD:
            self.reason = "no head stands over its columns"
            return None
        if self.carried is not None:
            return self._like_before(self.carried)
        found = self._with_head() or self._with_total()
        above = len(self.head) if self._blank else _ABOVE_CODE
        for _ in range(min(above, len(self.head) - 1)):
            if found is not None or self.numbers or self.parts:
                break
            # The first name may begin above the line its code and figures stand on; in a table left
            # blank, nothing but the head tells where names begin.
            self.body.insert(0, self.head.pop())
            found = self._with_head()
        return found

    def _like_before(self, carried: Layout) -> tuple[Grid, Layout] | None:
        """A page with its head repeated, but elsewhere on the page: the same columns or none."""
        found = self._with_head()
        if found is not None and found[1].texts == carried.texts:
            return found
        self.reason = "its head is not that of the page before"
        return None

    def _with_total(self) -> tuple[Grid, Layout] | None:
        """合计 may stand as the name of the first row beside the lowest heads of the figures."""
        line = self.head[-1]
        if self.numbers or len(line.words) < 2 or not across(line.words[0]):
            return None
        total, rest = line.words[:1], line.words[1:]
        self.head[-1] = WordLine(rest, line.y0, line.y1, [])
        self.body.insert(0, WordLine(total, line.y0, line.y1, []))
        found = self._with_head()
        if found is None:
            self.head[-1] = line
            self.body.pop(0)
        return found

    def _with_head(self) -> tuple[Grid, Layout] | None:
        words = [word for line in self.head for word in line.words]
        strips = self._strips(words)
        rules = self._head_rules()
        below = [w for w in self._upright() if plain(w.text) in CODE_PARTS]
        passed: list[tuple[float, tuple[object, ...], Layout]] = []
        for reading in HeadReader(strips, words, rules, self.forms).readings():
            table = layout(reading.cells, strips, self.parts, below, self.numbers)
            meant = table and spelled(table, self.forms)
            if table is None or not meant:
                continue
            meaning = meant[1]
            if unsure(reading.cells, strips):
                meaning = ("a figure stands between two heads",)
            elif not centred(reading.cells) and self._leans_on_groups(reading):
                meaning = ("groups of columns cannot be told apart",)
            passed.append((reading.score + meant[0], meaning, table))
        if not passed:
            self.reason = "its head does not spell the form's columns"
            return None
        passed.sort(key=lambda one: -one[0])
        score, meaning, table = passed[0]
        if any(other != meaning and near > score - _MARGIN for near, other, _ in passed[1:]):
            self.reason = "its head can be read in two ways"
            return None
        if isinstance(meaning[0], str):
            self.reason = meaning[0]
            return None
        return self._lay(table, head=True)

    def _leans_on_groups(self, reading: Reading) -> bool:
        """Whether a column is told from another only by the group it stands in."""
        leaves = [leaf for cell in reading.cells for leaf in cell.leaves()]
        texts = [plain(joined_text(leaf.words)) for leaf in leaves if leaf.role is Role.MONEY]
        return len(set(texts)) < len(texts) and not any(form.sided for form in self.forms)

    def _lay(self, table: Layout, *, head: bool) -> tuple[Grid, Layout] | None:
        placed = self._placed(table)
        if placed is None:
            self.reason = "what stands below its head does not keep to columns"
            return None
        found = entries(placed)
        figures = {c for c in range(len(table.columns)) if not table.is_key(c)}
        codes = {
            c
            for c in range(len(table.columns))
            if table.leaves[table.columns[c].leaf].role in (Role.CODE, Role.LINE_NUMBER)
        }
        shape = Shape(
            frozenset((c, c) for c in figures),
            frozenset((c, c) for c in codes),
            tuple((column.x0, column.x1) for column in table.columns),
            table.sided,
        )
        made = rows(found, shape, self._cuts(table))
        if made is None:
            self.reason = "its rows cannot be told apart"
            return None
        if not made and any(form.across for form in self.forms):
            made = [[]]
        if self._cut_short(table):
            self.reason = "more rows stand below what seems to end it"
            return None
        top = self.region.lines[0].y1 + 2
        grid = lay(self.page.number, table, head, made, top)
        if grid is None:
            self.reason = "a total stands across columns with figures of its row"
            return None
        return grid, table

    def _cut_short(self, table: Layout) -> bool:
        """Whether figures stand in its columns below the line that ended it."""
        for line in self.region.after:
            for before, word, after in with_neighbours(line.words):
                lone = all(
                    near is None or gap > word.size
                    for near, gap in (
                        (before, word.x0 - before.x1 if before else 0.0),
                        (after, after.x0 - word.x1 if after else 0.0),
                    )
                )
                column = table.column_at(word.centre)
                if lone and is_figure(word) and not table.is_key(column):
                    left, right = table.walls[column], table.walls[column + 1]
                    if left <= word.x0 and word.x1 <= right:
                        return True
        return False

    # ── columns ─────────────────────────────────────────────────────────────────────────────

    def _upright(self) -> list[Word]:
        """The words of the body that stand in one column each."""
        return [w for line in self.body for w in line.words if not across(w)]

    def _strips(self, head: Sequence[Word]) -> list[Strip]:
        strips = stripped(self._upright())
        for word in [*self.numbers, *self.parts, *lowest(head)]:
            if not any(s.x0 < word.x1 and word.x0 < s.x1 for s in strips):
                strips.append(Strip(word.x0, word.x1))
        strips.sort(key=lambda s: s.x0)
        below = [w for s in strips for w in s.words if plain(w.text) in CODE_PARTS]
        for word in (*self.parts, *below):
            for strip in strips:
                strip.part |= min(strip.x1, word.x1) > max(strip.x0, word.x0)
        return strips

    def _placed(self, table: Layout) -> list[tuple[int, int, Word]] | None:
        """Each word of the body with the columns it stands in; None where one stands in two."""
        out = []
        for line in self.body:
            for word in line.words:
                first = last = table.column_at(word.centre)
                left, right = table.walls[first], table.walls[last + 1]
                if table.columns[first].leaf in table.spanning:
                    first, until = table.range_of(table.columns[first].leaf)
                    last, left, right = first, table.walls[first], table.walls[until + 1]
                if word.x0 < left - 1 or word.x1 > right + 1:
                    if not across(word):
                        return None
                    first, last = table.across(word)
                out.append((first, last, word))
        return out

    # ── printed lines ───────────────────────────────────────────────────────────────────────

    def _head_rules(self) -> list[Ruling]:
        low = min(line.y0 for line in self.head)
        return [line for line in self.horizontal if line[0] > low]

    def _cuts(self, table: Layout) -> list[float]:
        """Printed lines across the whole table below its head."""
        if not self.body:
            return []
        top = self.body[0].y1
        if self.head:
            top = min(w.y0 for line in self.head for w in line.words)
        width = table.walls[-1] - table.walls[0]
        return sorted(
            (y for y, a, b in self.horizontal if y < top + 15 and b - a >= 0.8 * width),
            reverse=True,
        )
