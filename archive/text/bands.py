"""The lines below a head → rows of a table, where no printed line parts them.

A row is a band across the whole width: no two rows share a height. So the ink is cut into bands
first, and neighbouring bands are put together where that explains them best: a name goes on below
a line it filled, a code or figure stands once a row and beside the middle of its name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from archive.forms import plain
from archive.text.words import Word, columned

_INK: Final = 0.4
"""Ink reaches this share of the character height above and below its middle."""
_MOST: Final = 12
"""A row has at most so many bands."""
_BASE: Final = 0.2
_UNFILLED: Final = 1.3
_LONE: Final = 0.6
_FRAGMENT: Final = 0.8
_TORN: Final = 0.5
_OFF: Final = 0.4
_MARGIN: Final = 0.15
"""Rows cut in one way must be better than in another by so much."""
_MODES: Final = (0, 1, 2)
"""Cells stand at the top, in the middle or at the bottom of their row."""
_FAR: Final = 2.0
_FULL: Final = 1.7
"""A line is full where less than this many characters would have fitted behind it."""
_LEADING: Final = 1.35
_LOOSER: Final = 5.0
_SAME: Final = 0.08
"""Lines of one cell stand equally far apart everywhere, but for so many character heights."""
_APART: Final = 0.9
"""Rows further apart than so many characters cannot be one."""
_STARTS: Final = re.compile(
    r"^[（(]?[一二三四五六七八九十廿]+[)）]?[、.．]|^[（(][一二三四五六七八九十廿]+[)）]|^\d+[、.．]\D"
    r"|^其中[:：]|^(\d{3}|\d{5}|\d{7})\D|^.{0,8}(合计|总计|小计)$"
)
_TOTAL: Final = re.compile(r"(合计|总计|小计)$")
_BARE: Final = re.compile(r"^(合计|总计)$")
_SUMMED: Final = re.compile(r"(收入|支出|经费)$")
_WHOLE_CODES: Final = frozenset({3, 5, 7})


@dataclass(slots=True, eq=False)
class Entry:
    """The words of one column on one line; of columns `column` to `until` for a merged cell."""

    column: int
    until: int
    words: list[Word]
    y0: float
    y1: float
    x1: float
    size: float
    text: str
    middle: float
    """Its height on the page."""
    place: tuple[int, int]
    """First and last column it stands in."""
    starts: bool
    """Whether its text begins a row: it is numbered, or a total."""


@dataclass(slots=True, frozen=True)
class Shape:
    """What the columns hold, as far as rows depend on it."""

    figures: frozenset[tuple[int, int]]
    """Columns of money and counts: one line a row."""
    codes: frozenset[tuple[int, int]]
    """Columns of codes: one line a row, or a code cut over lines."""
    edges: tuple[tuple[float, float], ...]
    """Left and right edge of what stands in each column, on all pages so far."""
    sided: bool
    """Whether several names stand side by side, so that a row may have no figure."""


def entries(placed: Sequence[tuple[int, int, Word]]) -> list[Entry]:
    """The words of each column (or of columns first to last), line by line."""
    by_column: dict[tuple[int, int], list[Word]] = {}
    for first, last, word in placed:
        by_column.setdefault((first, last), []).append(word)
    out = []
    for (first, last), words in by_column.items():
        for line in columned(words):
            middle = sum(w.middle for w in line) / len(line)
            size = max(w.size for w in line)
            out.append(
                Entry(
                    first,
                    last,
                    line,
                    middle - _INK * size,
                    middle + _INK * size,
                    max(w.x1 for w in line),
                    size,
                    text := plain("".join(w.text for w in line)),
                    middle,
                    (first, last),
                    bool(_STARTS.match(text)),
                )
            )
    return out


def rows(found: Sequence[Entry], shape: Shape, cuts: Sequence[float]) -> list[list[Entry]] | None:
    """Entries row by row from the top; None where they cannot be told apart.

    `cuts` are heights of printed lines across the whole table.
    """
    bands = _bands(found)
    if not bands:
        return []
    table = _Table(found, bands, shape, cuts)
    slabs = _slabs(bands, cuts, table)
    if slabs is not None:
        return slabs if all(_single(row, shape) for row in slabs) else None
    made = _best(bands, table)
    return None if made is None or _nameless(made, shape) else made


def _nameless(made: Sequence[Sequence[Entry]], shape: Shape) -> bool:
    """Whether figures without a name, or in a table of codes a name without code or figures, stand
    so near another row that they may be its own."""
    single = shape.figures | shape.codes
    if not any(e.place not in single for row in made for e in row):
        return False
    coded = not shape.sided and any(e.place in shape.codes for row in made for e in row)
    for index, row in enumerate(made):
        named = any(e.place not in single for e in row)
        if named and not (coded and all(e.place not in single for e in row)):
            continue
        high, low = max(e.y1 for e in row), min(e.y0 for e in row)
        near = _APART * max(e.size for e in row)
        if index and min(e.y0 for e in made[index - 1]) - high < near:
            return True
        if index + 1 < len(made) and low - max(e.y1 for e in made[index + 1]) < near:
            return True
    return False


def _bands(found: Sequence[Entry]) -> list[list[Entry]]:
    bands: list[list[Entry]] = []
    low = 0.0
    for entry in sorted(found, key=lambda e: -e.y1):
        if bands and entry.y1 > low:
            bands[-1].append(entry)
            low = min(low, entry.y0)
        else:
            bands.append([entry])
            low = entry.y0
    return bands


def _slabs(
    bands: Sequence[list[Entry]], cuts: Sequence[float], table: _Table
) -> list[list[Entry]] | None:
    """The rows where printed lines part every one of them, else None.

    They do not where nothing that stands between two lines can be one row.
    """
    if len(cuts) < 3:
        return None
    slabs: dict[int, list[Sequence[Entry]]] = {}
    rising = sorted(cuts)
    for band in bands:
        parts: dict[int, list[Entry]] = {}
        for entry in band:
            parts.setdefault(bisect_left(rising, entry.middle), []).append(entry)
        for index, part in parts.items():
            slabs.setdefault(index, []).append(part)
    if len(slabs) < len(cuts) - 3 and len(slabs) < 3:
        return None
    if len(bands) > 3 * len(slabs):
        return None
    in_order = [slabs[index] for index in sorted(slabs, reverse=True)]
    if any(len(slab) > 1 and table.costs(slab) is None for slab in in_order):
        return None
    return [[entry for part in slab for entry in part] for slab in in_order]


def _single(row: Sequence[Entry], shape: Shape) -> bool:
    seen: dict[tuple[int, int], Entry] = {}
    for entry in sorted(row, key=lambda e: -e.middle):
        other = seen.get(entry.place)
        if other is not None and not _wraps(other, entry, shape):
            return False
        seen[entry.place] = entry
    return True


def _wraps(upper: Entry, lower: Entry, shape: Shape) -> bool:
    """Whether a column may hold both lines in one row."""
    if upper.place in shape.figures:
        return False
    if upper.place in shape.codes and upper.text.isdigit() and lower.text.isdigit():
        return len(upper.text) not in _WHOLE_CODES or len(lower.text) not in _WHOLE_CODES
    return True


def _best(bands: Sequence[list[Entry]], table: _Table) -> list[list[Entry]] | None:
    """Bands put together to rows at the least cost; None where it cannot be, or is a toss-up."""
    costs = [table.runs_to(bands, end) for end in range(1, len(bands) + 1)]
    cuts = [table.cut(bands, at) for at in range(len(bands))]
    ways = sorted((_cheapest(costs, cuts, mode) for mode in _MODES), key=lambda way: way[0])
    cost, mode, cut = ways[0]
    if cost == float("inf"):
        return None
    if any(other != cut and near < cost + _MARGIN for near, _, other in ways[1:]):
        return None
    runs = [bands[start:end] for start, end in cut]
    if _toss_up(runs, table, mode):
        return None
    return [[entry for band in run for entry in band] for run in runs]


Costs: TypeAlias = tuple[float, float, float]
"""What a row costs where cells stand at its top, in its middle, at its bottom."""


def _cheapest(
    costs: Sequence[Sequence[Costs]], cuts: Sequence[float], mode: int
) -> tuple[float, int, list[tuple[int, int]]]:
    """The cheapest way to cut the bands into rows, and what it costs.

    `costs[end - 1][length - 1]` is what a row of so many bands, up to `end`, costs; `cuts[at]`
    what it costs to begin one at a band.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end, runs in enumerate(costs, 1):
        options = [
            (best[end - length][0] + cuts[end - length] + cost[mode], end - length)
            for length, cost in enumerate(runs, 1)
        ]
        best.append(min(options, default=(float("inf"), end - 1)))
    cut = []
    end = len(costs)
    while end:
        start = best[end][1]
        cut.append((start, end))
        end = start
    return best[-1][0], mode, cut[::-1]


def _toss_up(runs: Sequence[Sequence[list[Entry]]], table: _Table, mode: int) -> bool:
    """Whether two neighbouring rows might as well be cut elsewhere, or be one, or one be two."""
    for run in runs:
        whole = table.together(run, len(run), mode)
        if any(table.together(run, at, mode) < whole + _MARGIN for at in range(1, len(run))):
            return True
    for upper, lower in pairwise(runs):
        if table.parted(upper[-1], lower[0]):
            continue
        if table.seems_to_go_on(upper, lower):
            return True
        both = [*upper, *lower]
        kept = table.together(both, len(upper), mode)
        for at in range(len(both)):
            if at != len(upper) and table.together(both, at, mode) < kept + _MARGIN:
                return True
    return False


def _far_apart(upper: Sequence[Entry], lower: Sequence[Entry]) -> bool:
    """Whether more paper lies between two bands than within a row."""
    gap = min(e.y0 for e in upper) - max(e.y1 for e in lower)
    return gap > _APART * max(e.size for e in upper)


class _Table:
    """What is known of the whole table when one of its rows is looked at."""

    def __init__(
        self,
        found: Sequence[Entry],
        bands: Sequence[list[Entry]],
        shape: Shape,
        cuts: Sequence[float],
    ) -> None:
        self.shape = shape
        self.cuts = sorted(cuts)
        self.single = shape.figures | shape.codes
        starts: dict[tuple[int, int], list[bool]] = {}
        for entry in found:
            starts.setdefault(entry.place, []).append(entry.starts)
        self.numbered = {place for place, seen in starts.items() if 2 * sum(seen) > len(seen)}
        """Columns whose names are numbered: 一、 二、 三、"""
        with_figures = sum(1 for band in bands if any(e.place in self.single for e in band))
        gaps = _gaps(found)
        self.leading = min([_FAR, *gaps])
        near = sum(gap <= self.leading + _SAME for gap in gaps)
        self.two_leadings = self.leading > _LEADING and 1 < near < len(gaps) - 1
        """Whether lines are set wide, and some of them plainly wider."""
        coded = any(entry.place in shape.codes for entry in found)
        self.dense = not shape.sided and (coded or 2 * with_figures >= len(bands))
        """Whether nearly every row has a code or a figure."""

    def parted(self, upper: Sequence[Entry], lower: Sequence[Entry]) -> bool:
        """Whether a printed line stands between two bands."""
        high, low = min(e.middle for e in upper), max(e.middle for e in lower)
        return bisect_right(self.cuts, low) < bisect_left(self.cuts, high)

    def runs_to(self, bands: Sequence[Sequence[Entry]], end: int) -> list[Costs]:
        """What rows of one, two, three … bands up to `end` cost."""
        out: list[Costs] = []
        for start in range(end - 1, max(-1, end - 1 - _MOST), -1):
            if end - start > 1 and self.parted(bands[start], bands[start + 1]):
                break
            costs = self.costs(bands[start:end])
            if costs is None:
                break  # what cannot be one row cannot be part of one
            out.append(costs)
        return out

    def together(self, bands: Sequence[Sequence[Entry]], at: int, mode: int) -> float:
        """What bands cost as two rows, cut at one place."""
        total = 0.0
        for part in (bands[:at], bands[at:]):
            if part:
                costs = self.costs(part)
                total += float("inf") if costs is None else costs[mode]
            if part and 0 < at < len(bands):
                total += self.cut(bands, at) / 2
        return total

    def cut(self, bands: Sequence[Sequence[Entry]], at: int) -> float:
        """What it costs to begin a row at a band: a name seems to go on there."""
        if at == 0:
            return 0.0
        for upper in bands[at - 1]:
            for lower in bands[at]:
                if upper.place != lower.place or lower.starts or upper.place in self.single:
                    continue
                apart = (upper.middle - lower.middle) / max(upper.size, 1.0)
                if apart <= min(self.leading + _SAME, _LEADING) and self._full(upper, lower):
                    return _TORN
        return 0.0

    def seems_to_go_on(
        self, upper: Sequence[Sequence[Entry]], lower: Sequence[Sequence[Entry]]
    ) -> bool:
        """Whether a row's name may go on in the next: its line is full, and lines that plainly
        stand further apart elsewhere are as near here as any, however wide they are set."""
        if not self.two_leadings or self.costs([*upper, *lower]) is None:
            return False
        return any(
            a.place == b.place
            and a.place not in self.single
            and not b.starts
            and (a.middle - b.middle) / max(a.size, 1.0) <= self.leading + _SAME
            and self._full(a, b)
            for a in upper[-1]
            for b in lower[0]
        )

    def costs(self, bands: Sequence[Sequence[Entry]]) -> Costs | None:
        """What it takes to believe that bands are one row; None where they cannot be."""
        by_place: dict[tuple[int, int], list[Entry]] = {}
        for band in bands:
            for entry in band:
                by_place.setdefault(entry.place, []).append(entry)
        if any(_far_apart(upper, lower) for upper, lower in pairwise(bands)):
            return None
        if any(a < b for a, b in by_place) and any(
            a < c <= b for a, b in by_place for c, _ in by_place
        ):
            return None  # a total stands where the row has a code or name of its own
        cost = _BASE
        tops, bottoms = [], []
        size = max(entry.size for lines in by_place.values() for entry in lines)
        for place, lines in by_place.items():
            if len(lines) > 1:
                lines.sort(key=_from_top)
            for upper, lower in pairwise(lines):
                wrapped = self._wrap(upper, lower, size)
                if wrapped is None:
                    return None
                cost += wrapped
            if place in self.numbered and not lines[0].starts:
                cost += _FRAGMENT
            tops.append(lines[0].middle)
            bottoms.append(lines[-1].middle)
        if self.dense and not any(place in self.single for place in by_place):
            cost += _LONE
        if all(place in self.single for place in by_place):
            cost += _LONE
        middles = [(top + bottom) / 2 for top, bottom in zip(tops, bottoms, strict=True)]
        high, middle, low = (
            cost + _OFF * (max(levels) - min(levels)) / size for levels in (tops, middles, bottoms)
        )
        return high, middle, low

    def _wrap(self, upper: Entry, lower: Entry, size: float) -> float | None:
        """What it takes to believe that a line goes on below another."""
        if not _wraps(upper, lower, self.shape) or _TOTAL.search(upper.text):
            return None
        if lower.starts and not (_BARE.match(lower.text) and _SUMMED.search(upper.text)):
            return None
        apart = (upper.middle - lower.middle) / size
        if apart > _FAR:
            return None
        cost = 2 * max(0.0, apart - _LEADING) + _LOOSER * max(0.0, apart - self.leading - _SAME)
        if not self._full(upper, lower):
            cost += _UNFILLED
        return cost

    def _full(self, entry: Entry, following: Entry) -> bool:
        """Whether a line fills its column, be it set left or in the middle: what goes on below it
        had no room. No line ends in an opening bracket."""
        left, right = self.shape.edges[entry.column][0], self.shape.edges[entry.until][1]
        spare = (_FULL + following.text.startswith("(")) * entry.size
        x0 = min(word.x0 for word in entry.words)
        return entry.x1 + spare >= right or entry.x1 - x0 + spare >= right - left


def _gaps(found: Sequence[Entry]) -> list[float]:
    """How far lines of one column stand apart, in character heights."""
    by_place: dict[tuple[int, int], list[Entry]] = {}
    for entry in found:
        by_place.setdefault(entry.place, []).append(entry)
    out = []
    for lines in by_place.values():
        lines.sort(key=_from_top)
        for upper, lower in pairwise(lines):
            out.append((upper.middle - lower.middle) / max(upper.size, 1.0))
    return out


def _from_top(entry: Entry) -> float:
    return -entry.middle
