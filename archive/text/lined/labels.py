"""Lines of a performance form → rows of its frame: labels with values, small tables of figures.

Nothing but the words tells where a cell ends: a label, a head, the name of a row that the form
knows. What stands between two of them is a value; a table is read where every figure of it has
one place. All else stays as the lines it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.forms import Form, Shape, plain
from archive.text import headings
from archive.text.grid import Cell
from archive.text.lined.heads import Head, head_at
from archive.text.lined.indicators import Told, indicator_rows
from archive.text.lined.pieces import blank, cell_of, span, spelled
from archive.text.lined.source import TextLine, Token, tokens
from archive.text.lined.values import Named, figure_rows, goal_rows

__all__ = ["Frame", "frame_of"]


@dataclass
class Frame:
    """Rows as rulings would have shown them, and the lines that are none."""

    rows: list[list[Cell]] = field(default_factory=list)
    open: list[TextLine] = field(default_factory=list)
    above: list[str] = field(default_factory=list)


@dataclass
class _Field:
    """A label and what follows it."""

    label: Sequence[Token]
    value: list[Token] = field(default_factory=list)


def frame_of(lines: Sequence[TextLine], form: Form) -> Frame:
    """The rows that the words of the form tell apart."""
    reader = _Reader(lines, form)
    reader.run()
    width = max((len(row) for row in reader.frame.rows), default=1)
    for row in reader.frame.rows:
        over = row[0] is row[-1]
        row += [row[0] if over else blank(row[0]) for _ in range(width - len(row))]
    return reader.frame


class _Reader:
    def __init__(self, lines: Sequence[TextLine], form: Form) -> None:
        self.form = form
        self.pieces = [piece for line in lines for piece in tokens(line)]
        self.frame = Frame()
        self._goals = True
        """Whether a goal is a label here; in some forms it stands in a column."""
        columns = {header for block in form.blocks for header in block.head}
        self._money = {
            plain(header)
            for measure in form.measures
            for header in measure.headers
            if columns.isdisjoint(measure.headers)
        }
        self._fields = {plain(label) for label in (*form.fields, *form.subject)} | self._money

    def run(self) -> None:
        at = 0
        while at < len(self.pieces):
            if head := head_at(self.pieces, at, self.form):
                at = self._block(at, head)
            elif count := self._section(at):
                self._whole(self.pieces[at : at + count])
                at += count
            elif self._label(at):
                at = self._labels(at)
            else:
                self._open([self.pieces[at]])
                at += 1

    # ── what begins here ────────────────────────────────────────────────────────────────────

    def _begins_line(self, at: int) -> bool:
        return self.pieces[at].place == 1

    def _section(self, at: int) -> int:
        """A label that stands over a block, alone on its lines."""
        if not self._begins_line(at):
            return 0
        count = span(self.pieces, at, lambda text: headings.labelled(self.form, text))
        text = spelled(self.pieces[at : at + count])
        if not count or plain(text) in self._fields or headings.is_goal(text):
            return 0
        return count if self._ends_line(at + count) else 0

    def _ends_line(self, at: int) -> bool:
        return at >= len(self.pieces) or self._begins_line(at)

    def _label(self, at: int) -> int:
        count = span(self.pieces, at, lambda text: plain(text).rstrip(":") in self._fields)
        if not count and self._goals and self._begins_line(at):
            count = span(self.pieces, at, headings.is_goal)
        return count

    def _breaks(self, at: int) -> bool:
        """Whether what went before ends here."""
        return bool(
            self._label(at)
            or (
                self._begins_line(at) and (self._section(at) or head_at(self.pieces, at, self.form))
            )
        )

    # ── labels and their values ─────────────────────────────────────────────────────────────

    def _labels(self, at: int) -> int:
        """The labels of one line with their values; returns where they end."""
        first = at
        found: list[_Field] = []
        while at < len(self.pieces) and (count := self._label(at)):
            if found and self._begins_line(at):
                break
            one = _Field(self.pieces[at : at + count])
            at += count
            while at < len(self.pieces) and not self._breaks(at):
                one.value.append(self.pieces[at])
                at += 1
            found.append(one)
        self._goals = True
        if self._told(found, last=at >= len(self.pieces)):
            for one in found:
                if self._goal_line(one):
                    self._whole([*one.label, *one.value])
                    continue
                row = [cell_of(one.label)]
                row.append(cell_of(one.value) if one.value else blank(row[0]))
                self.frame.rows.append(row)
        else:
            self._open(self.pieces[first:at])
        return at

    def _told(self, found: Sequence[_Field], *, last: bool) -> bool:
        """Whether every value is surely that of its label.

        A value that goes on below a line of two labels may be either's; of two labels of money
        with one figure between them nothing says whose it is; below the last label of a form
        something else may begin.
        """
        *before, end = found
        below = {piece.line for piece in end.value} - {end.label[-1].line}
        if below and (before or (last and len(below) > 1)):
            return not before and not last
        money = [one for one in found if self._is_money(one)]
        for one in found:
            if one in money and len(one.value) > 1:
                return False
            if not self._sound(one.value, alone=one in money):
                return False
        return len(money) < 2 or len({bool(one.value) for one in money}) == 1

    def _sound(self, value: Sequence[Token], *, alone: bool) -> bool:
        """Whether no page number got between the lines; a figure is borne out by its like."""
        doubtful = [piece for piece in value if piece.may_number_page]
        if not doubtful or (len(value) == 1 and not alone):
            return True
        return alone and all(self._stands_again(piece) for piece in doubtful)

    def _stands_again(self, figure: Token) -> bool:
        return any(other.text == figure.text and not other.may_number_page for other in self.pieces)

    def _goal_line(self, one: _Field) -> bool:
        """Whether goal and text stand in one cell: 年度目标1：…."""
        label = spelled(one.label)
        return bool(one.value) and headings.is_goal(label) and plain(label).endswith(":")

    def _is_money(self, one: _Field) -> bool:
        return plain(spelled(one.label)) in self._money

    # ── small tables ────────────────────────────────────────────────────────────────────────

    def _block(self, at: int, head: Head) -> int:
        """The rows below a head, if its columns tell them apart; returns where they end."""
        self._goals = all(leaf.key != "goal" for leaf in head.leaves)
        goals = head.texts_only
        end = at + head.pieces
        while end < len(self.pieces) and ((goals and self._goal(end)) or not self._breaks(end)):
            end += 1
        below = self.pieces[at + head.pieces : end]
        rows: list[Named] | None = None
        if head.block.shape is Shape.ROWS and self._borne_out(below):
            rows = goal_rows(below) if goals else figure_rows(below, head)
        told: list[Told] = []
        open_: Sequence[Token] = below
        if rows is None and head.block.shape is Shape.ROWS:
            told, open_ = indicator_rows(below, head)
        if told:
            self.frame.rows += head.rows()
            self.frame.rows += [head.indicator(row) for row in told]
            self._open(open_)
        elif rows is None:
            self._open(self.pieces[at:end])
        else:
            self.frame.rows += head.rows()
            self.frame.rows += [head.row(*row) for row in rows]
        return end

    def _borne_out(self, pieces: Sequence[Token]) -> bool:
        doubtful = (piece for piece in pieces if piece.may_number_page)
        return all(self._stands_again(piece) for piece in doubtful)

    def _goal(self, at: int) -> bool:
        return self._begins_line(at) and bool(span(self.pieces, at, headings.is_goal))

    def _whole(self, pieces: Sequence[Token]) -> None:
        cell = cell_of(pieces)
        self.frame.rows.append([cell, cell])

    def _open(self, pieces: Iterable[Token]) -> None:
        for piece in pieces:
            if piece.line not in self.frame.open[-1:]:
                self.frame.open.append(piece.line)
