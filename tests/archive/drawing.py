"""Pages drawn by hand: ruled tables and lines of text as the text stage sees them."""

from __future__ import annotations

from archive.text.page import Page

SIZE = 10.0
ROW = 20.0


class Sheet:
    """One page to draw on, from the top down; coordinates in points."""

    def __init__(self, number: int = 1, width: float = 600, height: float = 800) -> None:
        self.page = Page(number)
        self.page.width, self.page.height = width, height
        self.top = height - 60

    def text(self, text: str, x: float = 60, *, y: float | None = None) -> Sheet:
        """One line of text at x, below what was drawn before (or at y)."""
        if y is None:
            self.top -= ROW
            y = self.top
        for char in text:
            wide = SIZE if ord(char) > 0x2E7F else SIZE / 2
            if char != " ":
                self.page.chars.append((x, y, x + wide, y + SIZE, char))
            x += wide
        return self

    def centred(self, text: str) -> Sheet:
        """A title in the middle of the page."""
        wide = sum(SIZE if ord(c) > 0x2E7F else SIZE / 2 for c in text)
        return self.text(text, (self.page.width - wide) / 2)

    def table(self, rows: list[list[str | None]], widths: list[float], x: float = 60) -> Sheet:
        """A ruled table. None merges a cell with its left neighbour, "^" with the one above.

        "\\n" in a cell breaks the line.
        """
        self.top -= 5
        xs = [x]
        for width in widths:
            xs.append(xs[-1] + width)
        heights = [ROW + SIZE * max((c or "").count("\n") for c in row) for row in rows]
        ys = [self.top]
        for height in heights:
            ys.append(ys[-1] - height)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    self._stroke(xs[c], ys[r], xs[c], ys[r + 1])
                if cell != "^" and not (cell is None and _above(row, c) == "^"):
                    self._stroke(xs[c], ys[r], xs[c + 1], ys[r])
                if cell in (None, "^", ""):
                    continue
                for number, line in enumerate(cell.split("\n")):
                    self.text(line, xs[c] + 2, y=ys[r] - 14 - number * (SIZE + 1))
            self._stroke(xs[-1], ys[r], xs[-1], ys[r + 1])
        self._stroke(xs[0], ys[-1], xs[-1], ys[-1])
        self.top = ys[-1]
        return self

    def _stroke(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.page.segments.append((x0, y0, x1, y1))


def _above(row: list[str | None], column: int) -> str | None:
    while column and row[column] is None:
        column -= 1
    return row[column]
