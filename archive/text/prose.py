"""Lines outside tables → paragraphs with soft line breaks healed, headings known, page kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from archive.model import Paragraph
from archive.text.lines import Line, tight

_PART: Final = re.compile(r"^第[一二三四五六七八九十]+部分")
_FIRST: Final = re.compile(r"^[一二三四五六七八九十]+、")
_SECOND: Final = re.compile(r"^[（(][一二三四五六七八九十]+[)）]")
_THIRD: Final = re.compile(r"^(\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[)）])")
_CONTENTS: Final = re.compile(r"[.…·]{4,}\s*\d*$|…{2,}")
_ENTRY: Final = re.compile(rf"^\d{{1,2}}[.．]|{_CONTENTS.pattern}")
_SENTENCE_END: Final = ("。", "！", "？", "；", "：", ":")
_HEADING_LENGTH: Final = 40
_RUN: Final = re.compile(r"[\d.,]{2,}(?![\d.,、．])")
_CLAUSE: Final = re.compile(r"[，。；]")
_BROKEN_OFF: Final = re.compile(r"[\u4e00-\u9fff\d，、]$")
_NOT_TITLE: Final = re.compile(r"[:：]|^[\d〇一二三四五六七八九十]+年\d*[一二三四五六七八九十]*月")
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
_NEAR: Final = 4
"""A sentence broken off by hand ends at most so many characters before the right edge."""
_GAP: Final = 1.6
"""Paragraphs stand apart where the gap between lines is so many times their height, or their
distance so many times that of the lines before."""
_COVER_TYPE: Final = 18
"""Titles on a cover are set at least so large (points)."""
_TITLE_TYPE: Final = 1.25
"""The title of a section without a number is set so many times as large as the body."""


@dataclass(slots=True)
class _Block:
    """A paragraph being collected."""

    page: int
    parts: list[str] = field(default_factory=list)
    size: float = 0.0
    """Height of its first line."""
    centred: bool = False
    pitch: float = 0.0
    """The distance of its last two lines; 0 where they are not on one page."""


class Prose:
    """Collects the lines of page after page into paragraphs."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._block = _Block(0)
        self._sizes: Counter[float] = Counter()
        """How many characters stand in lines of which height."""
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
        block = self._block
        if number > self._last_page + 1 or (block.parts and _ends(block.parts[-1])):
            self._close()
        self._last_page = number
        self._block.pitch = 0.0
        previous: Line | None = None
        for line in lines:
            text = tight(line.text)
            near, far = _distance(previous, line) if previous else (0.0, 0.0)
            broken = previous is not None and _broken_off(previous, text, right, size)
            indented = line.x0 > left + _INDENT * size and not broken
            gap = previous is not None and previous.y0 - line.y1 > _GAP * size
            gap = gap or 0 < _GAP * self._block.pitch < near
            self._full = self._full or broken or self._unbroken(text, right, previous, size)
            if not self._carries_on(text, indented=indented, gap=gap) and not (
                previous and self._goes_on_as_title(previous, line, text)
            ):
                self._close()
                centred = abs(line.x0 + line.x1 - width) < 0.1 * width
                self._block = _Block(number, [], line.y1 - line.y0, centred)
                far = 0.0
            self._block.parts.append(line.text)
            self._block.pitch = far
            self._sizes[round(line.y1 - line.y0, 1)] += len(text)
            self._full = right - line.x1 < _SHORT * size and not _CONTENTS.search(text)
            previous = line

    def finish(self) -> tuple[Paragraph, ...]:
        """Close the last paragraph and give all."""
        self._close()
        paragraphs = self._headed()
        for index, paragraph in enumerate(paragraphs):
            if tight(paragraph.text) == "目录":
                _plain_contents(paragraphs, index + 1)
                break
        return tuple(paragraphs)

    def _headed(self) -> list[Paragraph]:
        """The paragraphs with their headings: numbered ones, and titles in larger type."""
        body = _usual(self._sizes)
        out: list[Paragraph] = []
        for block in self._blocks:
            text = tight(" ".join(block.parts))
            level = _heading(text, whole=True)
            large = block.centred and block.size >= _TITLE_TYPE * body
            if large and not numbered(text) and block.page > self._blocks[0].page:
                level = 1 if _short(text) and not _ends(text) else 0
            if out and level and out[-1].heading == 4:
                out[-1] = Paragraph(out[-1].page, out[-1].text)  # an item of a list heads nothing
            out.append(Paragraph(block.page, text, level))
        if out and out[-1].heading == 4:
            out[-1] = Paragraph(out[-1].page, out[-1].text)
        return out

    def _unbroken(self, text: str, right: float, previous: Line | None, size: float) -> bool:
        """Whether the line before is short because a number did not fit into its rest."""
        run = _RUN.match(text)
        if run is None or previous is None or _ends(previous.text):
            return False
        if not _CLAUSE.search(previous.text):
            return False
        return right - previous.x1 < (_DIGIT * len(run[0]) + 1.5) * size

    def _carries_on(self, text: str, *, indented: bool, gap: bool) -> bool:
        parts = self._block.parts
        if not parts or not self._full or indented or gap:
            return False
        level = numbered(text)
        if 0 < level < 3 and 0 < _heading(tight(" ".join(parts)), whole=True) < 3:
            return False
        return not (_ends(parts[-1]) and level)

    def _goes_on_as_title(self, previous: Line, line: Line, text: str) -> bool:
        """Whether a centred line carries on the centred “第二部分 …” above it, or the title of the
        whole on the cover."""
        block = self._block
        if not block.parts or numbered(text):
            return False
        size = line.y1 - line.y0
        centred = abs((previous.x0 + previous.x1) - (line.x0 + line.x1)) < 3 * size
        if not centred or previous.y0 - line.y1 >= 1.5 * size:
            return False
        if _PART.match(tight(block.parts[0])):
            return True
        alike = abs(size - (previous.y1 - previous.y0)) < 0.1 * size
        cover = not self._blocks and block.centred and size >= _COVER_TYPE
        return cover and alike and not _NOT_TITLE.search(text + tight(previous.text))

    def _close(self) -> None:
        if self._block.parts:
            self._blocks.append(self._block)
        self._block = _Block(0)
        self._full = False


def _ends(line: str) -> bool:
    return tight(line).endswith(_SENTENCE_END)


def _short(text: str) -> bool:
    return len(text) <= _HEADING_LENGTH and "。" not in text and not _CONTENTS.search(text)


def _usual(sizes: Counter[float]) -> float:
    """The height of the line in which the middle character of the document stands."""
    seen, half = 0, sum(sizes.values()) / 2
    for size in sorted(sizes):
        seen += sizes[size]
        if seen >= half:
            return size
    return 0.0


def _plain_contents(paragraphs: list[Paragraph], start: int) -> None:
    """The entries of a table of contents head nothing; it ends where one of them comes again."""
    entries: set[str] = set()
    for index in range(start, len(paragraphs)):
        paragraph = paragraphs[index]
        part = _PART.match(paragraph.text)
        entry = part[0] if part else paragraph.text
        if entry in entries or not (numbered(entry) or _ENTRY.search(entry)):
            return
        entries.add(entry)
        paragraphs[index] = Paragraph(paragraph.page, paragraph.text)


def _distance(previous: Line, line: Line) -> tuple[float, float]:
    """The least and the most that a line may lie below another: figures of another size shift
    its edges."""
    low, high = sorted((previous.y0 - line.y0, previous.y1 - line.y1))
    return low, high


def _broken_off(previous: Line, text: str, right: float, size: float) -> bool:
    """Whether the line before breaks off in the middle of a sentence, near the right edge: the
    next carries it on even if somebody has indented it by hand."""
    before = tight(previous.text)
    if right - previous.x1 > _NEAR * size or not _BROKEN_OFF.search(before):
        return False
    return bool(_CLAUSE.search(before)) and not numbered(text)


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


def numbered(text: str) -> int:
    """Level by the printed numbering a line begins with; 0 without one."""
    for level, pattern in ((1, _PART), (2, _FIRST), (3, _SECOND), (4, _THIRD)):
        if pattern.match(text):
            return level
    return 0


def heading(text: str) -> int:
    """Heading level of a whole paragraph by its numbering; 0 for body text."""
    return _heading(text, whole=True)


def _heading(text: str, *, whole: bool) -> int:
    """Heading level by the printed numbering; 0 for body text."""
    level = numbered(text)
    if level == 1 or not whole:
        return level
    if not _short(text) or (_ends(text) and (level == 4 or _CLAUSE.search(text))):
        return 0
    return level
