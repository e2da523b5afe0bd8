"""Characters → words and the lines they stand on, for tables that only alignment holds together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from archive.text.crossing import overprinted
from archive.text.page import CUT, Char

_GAP: Final = 0.2
"""A gap wider than this share of the character height parts two words. Narrow on purpose: two
columns run together cannot be told apart again, two halves of one cell can be put together."""
_SENTENCE: Final = 0.6
_SAME_LINE: Final = 0.5
_SET_WIDE: Final = 1.2
_PAIR_WIDE: Final = 6.0
_DOUBLED: Final = 0.25
"""A character drawn again within this share of its width is imitated bold, not a second one."""
_RUN_IN: Final = re.compile(
    r"(?:\d,\d{3}|\d\.\d\d)(?=\d{3}(?:\d\d){0,2}(?!\d))"
    r"|(?:\d,\d{3}|\d\.\d\d|^-?0|^[-—])(?=[\u4e00-\u9fff（(])(?![万亿元人个年])"
)
"""An amount and, without a space, the name or the code of the column beside it."""
_SLIT: Final = 0.04
"""A gap wider than this share of the height, and than any other of the word, parts the two."""


@dataclass(slots=True, eq=False)
class Word:
    """Characters standing together on a line."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    chars: list[Char] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.y0 + self.y1) / 2

    @property
    def centre(self) -> float:
        """Where it stands from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def size(self) -> float:
        """The height of its characters."""
        return self.y1 - self.y0


@dataclass(slots=True, eq=False)
class WordLine:
    """The words of one line, left to right."""

    words: list[Word]
    y0: float
    y1: float
    chars: list[Char]
    """Everything on the line, characters drawn twice included."""

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return " ".join(word.text for word in self.words)

    def stretches(self) -> list[str]:
        """Its texts parted only where the gap is wider than any between words of a sentence."""
        out: list[str] = []
        last: Word | None = None
        for word in self.words:
            if last is not None and word.x0 - last.x1 < _SENTENCE * word.size:
                out[-1] += word.text
            else:
                out.append(word.text)
            last = word
        return out

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.y0 + self.y1) / 2


def word_lines(chars: Iterable[Char]) -> list[WordLine]:
    """Lines from top to bottom, each with its words."""
    ordered = sorted((c for c in chars if not c[4].isspace()), key=_height_first)
    out: list[WordLine] = []
    current: list[Char] = []
    middle = reach = 0.0
    for char in ordered:
        centre = char[1] + char[3]
        if current and abs(centre - middle) > 2 * _SAME_LINE * reach:
            out.append(_line(current))
            current = []
        if not current:
            middle, reach = centre, max(char[3] - char[1], 1.0)
        current.append(char)
    if current:
        out.append(_line(current))
    return out


def _height_first(char: Char) -> float:
    return -(char[1] + char[3])


def _line(chars: list[Char]) -> WordLine:
    chars.sort()
    words: list[Word] = []
    for char in chars:
        x0, y0, x1, y1, text = char
        last = words[-1] if words else None
        if last is None or x0 - last.x1 > _GAP * (y1 - y0):
            words.append(Word(x0, y0, x1, y1, text, [char]))
            continue
        before = last.chars[-1]
        if text == before[4] and x0 - before[0] < _DOUBLED * (x1 - x0):
            continue
        last.text += f"{CUT}{text}" if x0 < before[2] and overprinted(before, char) else text
        last.chars.append(char)
        last.x1, last.y0, last.y1 = max(last.x1, x1), min(last.y0, y0), max(last.y1, y1)
    words = [piece for word in words for piece in _parted(word)]
    return WordLine(_put_together(words), min(c[1] for c in chars), max(c[3] for c in chars), chars)


def runs_in(word: Word) -> bool:
    """Whether an amount runs into what stands beside it: what belongs to which is not sure."""
    return _RUN_IN.search(word.text) is not None


def _parted(word: Word) -> list[Word]:
    """An amount and the text of the next column, where a gap between the two can be seen."""
    match = _RUN_IN.search(word.text)
    if match is None or len(word.chars) != len(word.text):
        return [word]
    gaps = [right[0] - left[2] for left, right in pairwise(word.chars)]
    here = gaps.pop(match.end() - 1)
    if here <= _SLIT * word.size + max(0.0, *gaps):
        return [word]
    halves = (word.chars[: match.end()], word.chars[match.end() :])
    return [_word(halves[0]), *_parted(_word(halves[1]))]


def _word(chars: list[Char]) -> Word:
    return Word(
        chars[0][0],
        min(c[1] for c in chars),
        max(c[2] for c in chars),
        max(c[3] for c in chars),
        "".join(c[4] for c in chars),
        chars,
    )


_YEAR: Final = re.compile(r"20\d\d")
_PARTS: Final = frozenset("类款项")
_PAIRS: Final = frozenset({"项目", "收入", "支出", "合计", "总计", "小计", "金额", "行次", "栏次"})


def _put_together(words: Sequence[Word]) -> list[Word]:
    """Words set wide apart that are one: 2024 年预算, 项   目, 因 公 出 国."""
    out: list[Word] = []
    run = 0
    for index, word in enumerate(words):
        last = out[-1] if out else None
        following = words[index + 1] if index + 1 < len(words) else None
        if last is not None and _belongs(last, word, run, following):
            run += 1
            out[-1] = Word(
                last.x0,
                min(last.y0, word.y0),
                word.x1,
                max(last.y1, word.y1),
                last.text + word.text,
                last.chars + word.chars,
            )
        else:
            run = 0
            out.append(word)
    return out


def _belongs(last: Word, word: Word, run: int, following: Word | None) -> bool:
    gap = (word.x0 - last.x1) / max(word.size, 1.0)
    if len(word.text) == 1 and last.text + word.text in _PAIRS:
        return gap < _PAIR_WIDE
    if word.text.startswith("年") and _YEAR.fullmatch(last.text):
        return gap < _SENTENCE
    if gap > _SET_WIDE or not _lone(word) or not (_lone(last) or run):
        return False
    return run > 0 or (
        following is not None
        and _lone(following)
        and following.x0 - word.x1 < _SET_WIDE * word.size
    )


def _lone(word: Word) -> bool:
    return len(word.text) == 1 and "\u4e00" <= word.text <= "\u9fff" and word.text not in _PARTS


def columned(words: Iterable[Word]) -> list[list[Word]]:
    """The words of one column, line by line from the top, each line left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: -w.middle):
        if lines and abs(lines[-1][0].middle - word.middle) <= _SAME_LINE * max(word.size, 1.0):
            lines[-1].append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda w: w.x0)
    return lines


def joined_text(words: Iterable[Word]) -> str:
    """The words of one cell put together: its lines from the top, each from the left."""
    return "".join(word.text for line in columned(words) for word in line)


def hull(words: Sequence[Word]) -> tuple[float, float]:
    """Left and right edge of words."""
    return min(word.x0 for word in words), max(word.x1 for word in words)
