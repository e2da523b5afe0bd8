"""The generated publications set anew: the same cells in a random layout, drawn by hand.

Independent of `tests.portal.documents.render`: other geometry, other rulings, other places for
titles, units and page numbers. A seed gives one layout.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tests.archive.twins import parts
from tests.portal.documents.render import _font
from tests.portal.documents.sheets import Sheet

RULINGS: Final = ("boxes", "lines", "thin shapes", "dashed", "double")
_LONG, _SHORT = 842.0, 595.0


@dataclass(frozen=True)
class Layout:
    """How a document is set."""

    rulings: str
    size: float
    pad: float
    leading: float
    captions: str
    """Where title and unit stand: above the table, in its frame, or in cells of their own there."""
    repeat: bool
    """Whether heads stand on every page."""
    by_character: bool
    upright: str
    """Where text stands in a high cell: top, middle or bottom."""
    folio: str
    watermark: bool
    turned: bool
    new_page: bool
    left_out: str = ""
    """Which rulings of the rows are left out: those between them, those between columns, all."""
    shown: float = 1.0
    """How much of a page's breadth is shown: a browser writes nothing that lies beyond it."""


def layout(seed: int) -> Layout:
    """The layout of a seed."""
    random = Random(seed)
    return Layout(
        rulings=random.choice(RULINGS),
        size=random.choice((5.0, 5.5, 6.0)),
        pad=random.choice((1.5, 2.0, 3.0)),
        leading=random.choice((1.2, 1.4)),
        captions=random.choice(("above", "above", "in frame", "in cells")),
        repeat=random.random() < 0.6,
        by_character=random.random() < 0.3,
        upright=random.choice(("top", "middle", "bottom")),
        folio=random.choice(("", "{0}", "- {0} -", "第 {0} 页，共 99 页")),
        watermark=random.random() < 0.2,
        turned=random.random() < 0.2,
        new_page=random.random() < 0.5,
    )


def sparing(seed: int) -> Layout:
    """The same with rulings of the rows left out."""
    random = Random(f"sparing {seed}")
    return replace(layout(seed), left_out=random.choice(("rows", "columns", "sides", "all")))


def cut(seed: int) -> Layout:
    """A layout wider than what is shown of its page."""
    random = Random(f"cut {seed}")
    left_out = random.choice(("", "rows", "columns", "sides", "all"))
    shown = random.uniform(0.75, 0.96)
    return replace(layout(seed), left_out=left_out, shown=shown, turned=False, watermark=False)


def sheets(name: str) -> list[Sheet]:
    """The tables of a publication whose truth is known."""
    return [part for part in parts(name) if isinstance(part, Sheet)]


def pdf(name: str, how: Layout) -> bytes:
    """A publication's tables in this layout."""
    return _Writer(how).write(name)


@dataclass(frozen=True)
class _Cell:
    row: int
    column: int
    across: int
    down: int
    lines: list[str]
    align: str
    ruled: str = "lrtb"
    """The sides on which a ruling is drawn: left, right, top, bottom."""


class _Writer:
    def __init__(self, how: Layout) -> None:
        self.how = how
        self.out = io.BytesIO()
        size = (_SHORT, _LONG) if how.turned else (_LONG, _SHORT)
        self.canvas = Canvas(self.out, pagesize=size, invariant=1)
        self.font = _font()
        self.number = 0
        self.y = 0.0
        self.edge = how.shown * _LONG

    def write(self, name: str) -> bytes:
        self._begin()
        title = documents_title(name)
        self._text(_LONG / 2, title, "C", self.how.size + 4)
        for index, sheet in enumerate(sheets(name)):
            if self.how.new_page or index == 0:
                self._end()
                self._begin()
            self._sheet(sheet)
        self._end()
        self.canvas.save()
        return self.out.getvalue()

    # ── pages ───────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        self.number += 1
        self.y = _SHORT - 40
        if self.how.shown < 1:
            path = self.canvas.beginPath()
            path.rect(0, 0, self.edge, _SHORT)
            self.canvas.clipPath(path, stroke=0, fill=0)
        if self.how.turned:
            self.canvas.setPageRotation(90)
            self.canvas.translate(_SHORT, 0)
            self.canvas.rotate(90)
        if self.how.watermark:
            self.canvas.saveState()
            self.canvas.translate(_LONG / 2, _SHORT / 2)
            self.canvas.rotate(35)
            self.canvas.setFont(self.font, 70)
            self.canvas.setFillGray(0.85)
            self.canvas.drawCentredString(0, 0, "部门公开")
            self.canvas.restoreState()

    def _end(self) -> None:
        if self.how.folio:
            self.y = 25
            self._text(_LONG / 2, self.how.folio.format(self.number), "C")
        self.canvas.showPage()

    def _text(self, x: float, text: str, align: str, size: float = 0.0) -> None:
        size = size or self.how.size
        wide = pdfmetrics.stringWidth(text, self.font, size)
        x -= {"L": 0.0, "C": wide / 2, "R": wide}[align]
        self.canvas.setFont(self.font, size)
        for piece in text if self.how.by_character or self.how.shown < 1 else (text,):
            if self.how.shown == 1 or x < self.edge:
                self.canvas.drawString(x, self.y, piece)
            x += pdfmetrics.stringWidth(piece, self.font, size)

    # ── tables ──────────────────────────────────────────────────────────────────────────────

    def _sheet(self, sheet: Sheet) -> None:
        xs = self._edges(sheet)
        cells = self._cells(sheet, xs)
        heights = self._heights(cells, len(sheet.header) + len(sheet.body))
        head = list(range(len(sheet.header)))
        captions = 5 * self._line
        if self.y - captions - sum(heights[: len(head) + 1]) < 45:
            self._end()
            self._begin()
        if self.how.captions == "above":
            self._above(sheet, xs)
        rows, row = head, len(head)
        while True:
            if self.how.captions != "above" and (row == len(head) or self.how.repeat):
                self._in_frame(sheet, xs)
            room = self.y - 45 - sum(heights[r] for r in rows)
            while row < len(heights) and heights[row] <= room:
                room -= heights[row]
                rows, row = [*rows, row], row + 1
            self._band(rows, cells, heights, xs, len(head))
            if row == len(heights):
                break
            self._end()
            self._begin()
            rows = head if self.how.repeat else []
        for note in sheet.notes:
            self.y -= self._line
            self._text(xs[0], note, "L")
        self.y -= 2 * self._line

    @property
    def _line(self) -> float:
        return self.how.size * self.how.leading

    def _edges(self, sheet: Sheet) -> list[float]:
        """Columns as the sheet has them, but none narrower than its longest figure or code."""
        grid = (*sheet.header, *sheet.body)
        least = [
            max([3 * self.how.size, *(self._wide(row[c]) for row in grid if _is_short(row[c]))])
            for c in range(len(sheet.widths))
        ]
        room = _LONG - 80 - sum(least)
        share = [room * width / sum(sheet.widths) for width in sheet.widths]
        xs = [40.0]
        for wide, more in zip(least, share, strict=True):
            xs.append(xs[-1] + wide + max(more, 0.0))
        return xs

    def _wide(self, text: str) -> float:
        return float(pdfmetrics.stringWidth(text, self.font, self.how.size)) + 2 * self.how.pad + 1

    def _cells(self, sheet: Sheet, xs: list[float]) -> list[_Cell]:
        merged = {(y0, x0): (x1 - x0 + 1, y1 - y0 + 1) for x0, y0, x1, y1 in sheet.spans}
        covered = {
            (y, x)
            for x0, y0, x1, y1 in sheet.spans
            for y in range(y0, y1 + 1)
            for x in range(x0, x1 + 1)
        } - set(merged)
        out = []
        for r, row in enumerate((*sheet.header, *sheet.body)):
            for c, text in enumerate(row):
                if (r, c) in covered:
                    continue
                across, down = merged.get((r, c), (1, 1))
                room = xs[c + across] - xs[c] - 2 * self.how.pad
                centred = r < len(sheet.header) or across > 1
                align = "C" if centred else sheet.align[c]
                out.append(_Cell(r, c, across, down, self._wrapped(text, room), align))
        return out

    def _wrapped(self, text: str, room: float) -> list[str]:
        lines = [""]
        for char in text.replace("<br/>", ""):
            if pdfmetrics.stringWidth(lines[-1] + char, self.font, self.how.size) > room:
                lines.append("")
            lines[-1] += char
        return [line for line in lines if line]

    def _heights(self, cells: list[_Cell], rows: int) -> list[float]:
        heights = [self._line + 2 * self.how.pad] * rows
        for cell in sorted(cells, key=lambda c: c.down):
            own = range(cell.row, cell.row + cell.down)
            lacking = len(cell.lines) * self._line + 2 * self.how.pad - sum(heights[r] for r in own)
            heights[own[-1]] += max(lacking, 0.0)
        return heights

    def _band(
        self,
        rows: list[int],
        cells: list[_Cell],
        heights: list[float],
        xs: list[float],
        heads: int,
    ) -> None:
        tops, y = {}, self.y
        for row in rows:
            tops[row] = y
            y -= heights[row]
        ends = max(rows[0], heads), rows[-1]
        for cell in cells:
            if cell.row in tops:
                drawn = cell
                if cell.row >= heads:
                    drawn = replace(cell, ruled=self._ruled(cell, len(xs) - 1, ends))
                high = sum(heights[r] for r in range(cell.row, cell.row + cell.down))
                self._cell(
                    xs[cell.column], xs[cell.column + cell.across], tops[cell.row], high, drawn
                )
        self.y = y

    def _ruled(self, cell: _Cell, last: int, ends: tuple[int, int]) -> str:
        sides = {"rows": "lr", "columns": "tb", "sides": "lrtb", "all": ""}
        ruled = set(sides.get(self.how.left_out, "lrtb"))
        if self.how.left_out == "sides":
            ruled -= {"l"} if cell.column == 0 else set()
            ruled -= {"r"} if cell.column + cell.across == last else set()
        if self.how.left_out == "rows":
            ruled |= {side for side, row in zip("tb", ends, strict=True) if row == cell.row}
        return "".join(sorted(ruled))

    def _cell(self, left: float, right: float, top: float, high: float, cell: _Cell) -> None:
        self._rule(left, right, top, top - high, cell.ruled)
        used = len(cell.lines) * self._line
        slack = high - used - 2 * self.how.pad
        down = {"top": 0.0, "middle": slack / 2, "bottom": slack}[self.how.upright]
        x = {"L": left + self.how.pad, "C": (left + right) / 2, "R": right - self.how.pad}
        for number, line in enumerate(cell.lines):
            self.y = top - self.how.pad - down - number * self._line - self.how.size
            self._text(x[cell.align], line, cell.align)

    def _rule(self, left: float, right: float, top: float, low: float, ruled: str) -> None:
        rulings = self.how.rulings
        self.canvas.setLineWidth(0.5)
        self.canvas.setDash([2, 1] if rulings == "dashed" else [])
        if left > self.edge:
            return
        if rulings == "boxes" and len(ruled) == 4:
            self.canvas.rect(left, low, right - left, top - low)
            return
        for side, y in (("b", low), ("t", top)):
            if side in ruled:
                self._stroke(left, y, right, y)
        for side, x in (("l", left), ("r", right)):
            if side in ruled:
                self._stroke(x, low, x, top)

    def _stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.how.rulings == "thin shapes":
            self.canvas.rect(x0, y0, max(x1 - x0, 0.5), max(y1 - y0, 0.5), stroke=0, fill=1)
        elif self.how.rulings == "double":
            for by in (-0.6, 0.6):
                dx, dy = (0.0, by) if y0 == y1 else (by, 0.0)
                self.canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        else:
            self.canvas.line(x0, y0, x1, y1)

    # ── captions ────────────────────────────────────────────────────────────────────────────

    def _above(self, sheet: Sheet, xs: list[float]) -> None:
        self.y -= 1.6 * self.how.size
        self._text(xs[0], sheet.number, "L")
        self.y -= 1.6 * self.how.size
        self._text((xs[0] + xs[-1]) / 2, sheet.title, "C", 1.3 * self.how.size)
        self.y -= self._line
        self._text(xs[0], sheet.caption[0], "L")
        self._text(xs[-1], sheet.caption[1], "R")
        self.y -= 0.6 * self.how.size

    def _in_frame(self, sheet: Sheet, xs: list[float]) -> None:
        who, unit = sheet.caption
        high = self._line + 2 * self.how.pad
        self._boxed(xs[0], xs[-1], [sheet.title], "C")
        self.y -= high
        if self.how.captions == "in cells":
            middle = xs[-1] - max(self._wide(unit), 60.0)
            self._boxed(xs[0], middle, [who], "L")
            self._boxed(middle, xs[-1], [unit], "R")
        else:
            self._boxed(xs[0], xs[-1], [f"{who}    {unit}"], "R")
        self.y -= high

    def _boxed(self, left: float, right: float, lines: list[str], align: str) -> None:
        top = self.y
        self._cell(left, right, top, self._line + 2 * self.how.pad, _Cell(0, 0, 1, 1, lines, align))
        self.y = top


def documents_title(name: str) -> str:
    """What the cover of a publication says."""
    return next(part.text for part in parts(name) if not isinstance(part, Sheet))  # type: ignore[union-attr]


def _is_short(text: str) -> bool:
    """A figure, a code or a mark: what a publisher does not let wrap."""
    return bool(text) and all(char in "0123456789.,-—%" for char in text)
