"""The head of a table without rulings → its cells: which words head which columns.

The words over the columns are cut into cells in the ways the page allows (a head stands over the
middle of what it heads; a cut line between two words parts them), and the way is taken in which
the columns spell what the form knows. The figures below decide nothing but where a column is.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from archive.forms import Form, plain
from archive.text.columns import CODE_PARTS, Role
from archive.text.grid import Ruling
from archive.text.headwords import may_go_across, role_of
from archive.text.words import Word, columned, hull, joined_text

_KEPT: Final = 8
"""So many readings of one stretch of the head are kept."""
_TOUCH: Final = 0.5
_KNOWN: Final = 2.0
_MERGED: Final = -0.1
_LONE_GROUP: Final = -0.3
_STRANGE: Final = -1.5
_LONGEST: Final = 20
_NOT_CENTRED: Final = -0.4
_LOOSE: Final = -1.0
_TORN: Final = 1.0
_PADDED: Final = 1.3
"""Two cells in one column stand further apart than so many character heights."""
_LINES_APART: Final = 2.0
"""Lines of one cell stand closer than this many character heights."""
_ASIDE: Final = -1.5
"""A group's head stands no further than so many characters off the middle of its columns."""
_LEADS: Final = 0.8
_DEEPEST: Final = 3
"""So many levels above a column tell its measure."""
_WIDEST: Final = 4
"""A group's head has at most so many lines."""


@dataclass(eq=False, slots=True)
class Strip:
    """A stretch of the page's width that holds ink of one column (or of a part of one)."""

    x0: float
    x1: float
    words: list[Word] = field(default_factory=list)
    """What stands in it below the head."""
    figures: bool = False
    """Whether that is only numbers, codes and dashes."""
    part: bool = False
    """Whether 类, 款 or 项 stands over it: it holds codes."""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it but heads."""
        return not self.words


@dataclass(frozen=True, eq=False, slots=True)
class HeadCell:
    """A cell of the head over strips `first` to `last`; without `below` it heads one column."""

    words: tuple[Word, ...]
    first: int
    last: int
    role: Role | None
    below: tuple[HeadCell, ...] = ()

    def leaves(self) -> Iterator[HeadCell]:
        """The cells that head one column each."""
        if not self.below:
            yield self
        for cell in self.below:
            yield from cell.leaves()

    @property
    def depth(self) -> int:
        """How many levels it has, itself included."""
        return 1 + max((cell.depth for cell in self.below), default=0)


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """One way to cut the head: its topmost cells, and how well it spells the form."""

    score: float
    cells: tuple[HeadCell, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    word: Word
    first: int
    last: int


class HeadReader:
    """Cuts the words of one head into cells over the strips."""

    def __init__(
        self,
        strips: Sequence[Strip],
        words: Iterable[Word],
        rules: Sequence[Ruling],
        forms: Sequence[Form],
    ) -> None:
        self.strips = strips
        self.tokens = sorted((self._place(word) for word in words), key=lambda t: -t.word.middle)
        self.rules = rules
        """Printed horizontal lines in the head."""
        self.forms = forms
        self.bottom = min((t.word.y0 for t in self.tokens), default=0.0)
        self._has_parts = any(
            sum(1 for word in line if plain(word.text) in CODE_PARTS) > 1
            for line in columned(t.word for t in self.tokens)
        )
        self._known: dict[tuple[int, int, float, tuple[str, ...]], list[Reading]] = {}
        self._roles: dict[tuple[str, ...], tuple[Role, bool]] = {}

    def readings(self) -> list[Reading]:
        """The likely ways to cut the head, the likeliest first."""
        if not self.tokens or not self.strips:
            return []
        top = max(t.word.y1 for t in self.tokens)
        return self._row(0, len(self.strips) - 1, top, ())

    def _place(self, word: Word) -> _Token:
        over = [
            index
            for index, strip in enumerate(self.strips)
            if min(strip.x1, word.x1) - max(strip.x0, word.x0) > _TOUCH
        ]
        if not over:
            over = [
                min(
                    range(len(self.strips)),
                    key=lambda i: max(
                        self.strips[i].x0 - word.centre, word.centre - self.strips[i].x1
                    ),
                )
            ]
        return _Token(word, over[0], over[-1])

    # ── cutting ─────────────────────────────────────────────────────────────────────────────

    def _row(self, first: int, last: int, top: float, path: tuple[str, ...]) -> list[Reading]:
        """Ways to cut strips `first` to `last`, below `top`, into cells side by side."""
        if first > last:
            return [Reading(0.0, ())]
        key = (first, last, top, path)
        found = self._known.get(key)
        if found is not None:
            return found
        out: list[Reading] = []
        for end in range(first, last + 1):
            heads = self._cell(first, end, top, path)
            if not heads:
                continue
            for rest in self._row(end + 1, last, top, path):
                out += [Reading(h.score + rest.score, h.cells + rest.cells) for h in heads]
        best = heapq.nlargest(_KEPT, out, key=lambda reading: reading.score)
        self._known[key] = best
        return best

    def _cell(self, first: int, last: int, top: float, path: tuple[str, ...]) -> list[Reading]:
        """Ways to read strips `first` to `last` as one column or one group."""
        tokens = [
            t for t in self.tokens if t.word.middle < top and t.first <= last and t.last >= first
        ]
        if any(t.first < first or t.last > last for t in tokens):
            return []
        if not tokens:
            blank = all(strip.blank for strip in self.strips[first : last + 1])
            return [Reading(0.0, ())] if blank and path and first == last else []
        words = [t.word for t in tokens]
        out = []
        leaf = self._leaf(first, last, top, path, words)
        if leaf is not None:
            out.append(leaf)
        out += self._groups(first, last, top, path, words)
        return out

    def _groups(
        self, first: int, last: int, top: float, path: tuple[str, ...], words: list[Word]
    ) -> Iterator[Reading]:
        lines = columned(words)
        head: list[Word] = []
        for upper, lower in pairwise(lines[: _WIDEST + 1]):
            if head and not _stacked(head, upper):
                return
            head = head + upper
            if first == last and upper[0].middle - lower[0].middle < _PADDED * lower[0].size:
                continue
            cut = (min(w.y0 for w in upper) + max(w.y1 for w in lower)) / 2
            cut = min(cut, min(w.middle for w in upper) - 0.01)
            text = plain(joined_text(head))
            score = self._off_centre(first, last, head)
            if score < _ASIDE or self._crosses(head, first, last) or _torn(head):
                continue
            for below in self._row(first, last, cut, (*path, text)[-_DEEPEST:]):
                cells = below.cells
                if not cells:
                    continue
                lone = _LONE_GROUP if len(cells) == 1 else 0.0
                lone += 0.0 if self._may_head(text) else _STRANGE
                ruled = self._ruled(head, cells)
                cell = HeadCell(tuple(head), first, last, None, cells)
                yield Reading(below.score + score + lone + ruled, (cell,))

    def _leaf(
        self, first: int, last: int, top: float, path: tuple[str, ...], words: list[Word]
    ) -> Reading | None:
        if self._crosses(words, first, last) or _torn(words):
            return None
        text = plain(joined_text(words))
        role, known = self._role((*path, text))
        if not known or (text in CODE_PARTS and not self._has_parts):
            return None
        filled = [strip for strip in self.strips[first : last + 1] if not strip.blank]
        x0, x1 = hull(words)
        if not _suits(role, filled, x0, x1):
            return None
        score = _KNOWN + _MERGED * (last - first) + self._off_centre(first, last, words)
        lines = columned(words)
        for upper, lower in pairwise(lines):
            if upper[0].middle - lower[0].middle > _LINES_APART * lower[0].size:
                score += _LOOSE
        middle = (max(w.y1 for w in words) + min(w.y0 for w in words)) / 2
        off = abs(middle - (top + self.bottom) / 2) / words[0].size
        score += max(-1.0, _NOT_CENTRED * off)
        return Reading(score, (HeadCell(tuple(words), first, last, role),))

    def _may_head(self, text: str) -> bool:
        """Whether a text may head several columns."""
        if any(form.across for form in self.forms) and not may_go_across(text):
            return False
        return len(text) <= _LONGEST

    # ── what speaks for and against ─────────────────────────────────────────────────────────

    def _role(self, path: tuple[str, ...]) -> tuple[Role, bool]:
        """What a column under this path holds, and whether the form knows it."""
        found = self._roles.get(path)
        if found is None:
            found = self._roles[path] = role_of(path, self.forms)
        return found

    def _off_centre(self, first: int, last: int, words: Sequence[Word]) -> float:
        """A head stands over the middle of its columns, whose walls lie between their ink."""
        strips, size = self.strips, words[0].size
        left = strips[first - 1].x1 if first else strips[first].x0 - 2 * size
        right = strips[last + 1].x0 if last + 1 < len(strips) else strips[last].x1 + 2 * size
        x0, x1 = hull(words)
        centre = (x0 + x1) / 2
        low = (left + min(strips[last].x1, right)) / 2
        high = (max(strips[first].x0, left) + right) / 2
        off = max(low - centre, centre - high, 0.0)
        return -(off + 0.1 * abs(centre - (low + high) / 2)) / max(size, 1.0)

    def _crosses(self, words: Sequence[Word], first: int, last: int) -> bool:
        """Whether a printed line parts the words of what would be one cell."""
        high, low = max(w.middle for w in words), min(w.middle for w in words)
        x0, x1 = hull(words)
        centre = (x0 + x1) / 2
        return any(low < y < high and a < centre < b for y, a, b in self.rules)

    def _ruled(self, head: Sequence[Word], cells: Sequence[HeadCell]) -> float:
        """A printed line between a group's head and what it heads speaks for the group."""
        if not self.rules:
            return 0.0
        low = min(w.middle for w in head)
        score = 0.0
        for cell in cells:
            high = max(w.middle for w in cell.words)
            x0, x1 = hull(cell.words)
            centre = (x0 + x1) / 2
            if any(high < y < low and a < centre < b for y, a, b in self.rules):
                score += 0.3
        return score / len(cells)


def _stacked(above: Sequence[Word], line: Sequence[Word]) -> bool:
    """Whether a line goes on below lines of the same cell."""
    (a0, a1), (b0, b1) = hull(above), hull(line)
    gap = min(w.middle for w in above) - max(w.middle for w in line)
    return min(a1, b1) > max(a0, b0) and gap <= _LINES_APART * line[0].size


def _torn(words: Sequence[Word]) -> bool:
    """Whether words of one line stand too far from one another to be one cell."""
    return any(
        right.x0 - left.x1 > _TORN * left.size
        for line in columned(words)
        for left, right in pairwise(line)
    )


def _suits(role: Role, filled: Sequence[Strip], x0: float, x1: float) -> bool:
    """Whether what stands below a head can be what it says.

    Names stand to the left in their column and figures to the right: a name wholly right of its
    head, or a figure wholly left of it, belongs to a neighbour.
    """
    figures = [strip for strip in filled if strip.figures]
    texts = [strip for strip in filled if not strip.figures]
    if role is Role.CODE:
        return not texts
    if role is Role.MONEY:
        return not texts and len(filled) <= 1 and all(strip.x1 > x0 for strip in filled)
    if role is Role.LINE_NUMBER:
        return len(filled) <= 1 and not texts
    if texts and min(strip.x0 for strip in texts) > x1:
        return False
    if role is Role.NAME:
        return not figures or (len(figures) == len(texts) == 1 and _leads(figures[0], texts[0]))
    return len(filled) <= 1


def _leads(codes: Strip, names: Strip) -> bool:
    """Whether codes are printed before the names, in one cell with them: 206 科学技术支出."""
    if codes.part or codes.x0 > names.x0:
        return False
    beside = [
        name.x0 - code.x1 <= _LEADS * code.size
        for code in codes.words
        for name in names.words
        if abs(code.middle - name.middle) < 0.3 * code.size
    ]
    return bool(beside) and all(beside)
