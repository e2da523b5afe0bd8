"""Lines outside tables → paragraphs with soft line breaks healed, headings known, page kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from archive.model import Paragraph
from archive.text.lines import Line, tight

_PART: Final = re.compile(r"^第[一二三四五六七八九十]+部分")
_FIRST: Final = re.compile(r"^[一二三四五六七八九十]+、")
_SECOND: Final = re.compile(r"^[（(][一二三四五六七八九十]+[)）]")
_THIRD: Final = re.compile(r"^(\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[)）])")
_CONTENTS: Final = re.compile(r"[.…·]{4,}\s*\d*$|…{2,}")
_SENTENCE_END: Final = ("。", "！", "？", "；", "：", ":")
_HEADING_LENGTH: Final = 40
_RUN: Final = re.compile(r"[\d.,]{2,}(?![\d.,、．])")
_CLAUSE: Final = re.compile(r"[，。；]")
_DIGIT: Final = 0.55
"""Width of a digit in character heights."""
_EDGE_LINES: Final = 3
"""So many lines that end together show a page's own right edge."""
_NARROWER: Final = 6
"""A page's text body is at most so many characters narrower than that of its neighbours."""
_INDENT: Final = 1.2
"""A line that starts this many characters to the right of the text body begins a paragraph."""
_SHORT: Final = 2.5
"""A line that ends this many characters before the right edge ends its paragraph."""


class Prose:
    """Collects the lines of page after page into paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self._parts: list[str] = []
        self._page = 0
        self._full = False
        """Whether the line before ran to the right edge, so that the next may carry it on."""
        self._last_page = 0
        self._right: dict[int, float] = {}
        """Right edge of the text body by page width: a page with one line does not show it."""

    def page(self, number: int, width: float, lines: Sequence[Line]) -> None:
        """Take the prose lines of one page, top to bottom."""
        lines = [line for line in lines if line.text.strip()]
        if not lines:
            return
        size = median(line.y1 - line.y0 for line in lines)
        left = _left_edge(lines, size)
        right = max(self._right.get(round(width), width * 0.8), *(line.x1 for line in lines))
        self._right[round(width)] = right
        right = _own_edge(lines, right, size)
        if number > self._last_page + 1 or (self._parts and _ends(self._parts[-1])):
            self._close()
        self._last_page = number
        previous: Line | None = None
        for line in lines:
            indented = line.x0 > left + _INDENT * size
            gap = previous is not None and previous.y0 - line.y1 > 1.6 * size
            text = tight(line.text)
            self._full = self._full or self._unbroken(text, right, previous, size)
            if not self._carries_on(text, indented=indented, gap=gap) and not (
                self._parts and previous and _wrapped_title(self._parts[0], previous, line, text)
            ):
                self._close()
                self._page = number
            self._parts.append(line.text)
            self._full = right - line.x1 < _SHORT * size and not _CONTENTS.search(text)
            previous = line

    def finish(self) -> tuple[Paragraph, ...]:
        """Close the last paragraph and give all."""
        self._close()
        return tuple(self.paragraphs)

    def _unbroken(self, text: str, right: float, previous: Line | None, size: float) -> bool:
        """Whether the line before is short because a number did not fit into its rest."""
        run = _RUN.match(text)
        if run is None or previous is None or _ends(previous.text):
            return False
        if not _CLAUSE.search(previous.text):
            return False
        return right - previous.x1 < (_DIGIT * len(run[0]) + 1.5) * size

    def _carries_on(self, text: str, *, indented: bool, gap: bool) -> bool:
        if not self._parts or not self._full or indented or gap:
            return False
        return not (_ends(self._parts[-1]) and _heading(text, whole=False))

    def _close(self) -> None:
        if self._parts:
            text = tight(" ".join(self._parts))
            self.paragraphs.append(Paragraph(self._page, text, _heading(text, whole=True)))
        self._parts = []
        self._full = False


def _ends(line: str) -> bool:
    return tight(line).endswith(_SENTENCE_END)


def _wrapped_title(first: str, previous: Line, line: Line, text: str) -> bool:
    """Whether a centred line carries on the centred “第二部分 …” above it."""
    if not _PART.match(tight(first)) or _heading(text, whole=False):
        return False
    size = line.y1 - line.y0
    centred = abs((previous.x0 + previous.x1) - (line.x0 + line.x1)) < 3 * size
    return centred and previous.y0 - line.y1 < 1.5 * size


def _own_edge(lines: Sequence[Line], right: float, size: float) -> float:
    """The right edge of this page's text: a page may be set a little narrower than others."""
    body = [line.x1 for line in lines if not _heading(tight(line.text), whole=False)]
    own = max(body, default=0)
    near = sum(1 for edge in body if own - edge < 1.5 * size)
    return own if near >= _EDGE_LINES and right - own < _NARROWER * size else right


def _left_edge(lines: Sequence[Line], size: float) -> float:
    """Where most lines start; paragraphs' first lines are indented from it."""
    starts = sorted(line.x0 for line in lines)
    longest, count = starts[0], 0
    for start in starts:
        near = sum(1 for other in starts if abs(other - start) < 0.5 * size)
        if near > count:
            longest, count = start, near
    return min(longest, starts[len(starts) // 4])


def _heading(text: str, *, whole: bool) -> int:
    """Heading level by the printed numbering; 0 for body text."""
    if _PART.match(text):
        return 1
    if whole and (len(text) > _HEADING_LENGTH or "。" in text or _CONTENTS.search(text)):
        return 0
    for level, pattern in ((2, _FIRST), (3, _SECOND), (4, _THIRD)):
        if pattern.match(text):
            if whole and level == 4 and text.endswith(_SENTENCE_END):
                return 0
            return level
    return 0
