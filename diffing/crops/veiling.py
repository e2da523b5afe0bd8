"""Which characters of a picture are painted over: what masking takes out of the same text.

Two sieves, one behind the other. The first masks the lines and cells as they stand on the page, by
the rules of `archive.masking`. The second holds what is left against the document as it is
archived, masked: a name, a telephone or a number of an account that is not in there was masked for
a reason that cannot be seen on this piece of paper (a label on another page, a column's head), and
is painted over too. In doubt something is painted over; a figure of a statement never is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple, TypeAlias

from archive.masking import mask, mask_cells
from archive.masking.persons import names_in

__all__ = ["Glyph", "Known", "in_order", "lines", "squeezed", "veiled"]

_GAP: Final = 0.75
"""Characters farther apart than this, in heights of one, stand in two cells or words."""
_FIGURE: Final = re.compile(
    r"[-−+(（]?(?:\d{1,3}(?:[,，]\d{3})+|\d{1,6}|\d+(?=\.\d))(?:\.\d{1,10})?[%％)）]?"
)
"""A figure as statements print it: no telephone and no account has this shape."""
_DIGITS: Final = re.compile(r"\d[\d\- ()（）]{5,}")
_HAN: Final = "\u4e00-\u9fff"
_NAME: Final = re.compile(rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,7}}[·•・][{_HAN}]{{1,8}}")
_PARTS: Final = re.compile(r"[、,，/／;；:：()（）\s]+")
_BELOW: Final = 3
"""Lines of one cell that are put together to find a text that was broken over them."""


class Glyph(NamedTuple):
    """One character on the page, in points of the upright page; `text` "" where its font says
    nothing of what it is."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str


Token: TypeAlias = tuple[Glyph, ...]


class Known:
    """All texts of an archived document: what of a page is public already."""

    def __init__(self, texts: Iterable[str]) -> None:
        plain = {squeezed(text) for text in texts}
        self.whole = frozenset(plain)
        self._all = "\n".join(sorted(plain))

    def holds(self, text: str) -> bool:
        """Whether the text stands in the document; a short word or a number must stand by itself,
        for a name may be a piece of a longer word."""
        if text in self.whole:
            return True
        if _NAME.fullmatch(text):
            return _stands(rf"(?<![{_HAN}]){re.escape(text)}(?![{_HAN}])", self._all)
        if _DIGITS.fullmatch(text):
            return _stands(rf"(?<![\d.,]){re.escape(text)}(?![\d.,])", self._all)
        return text in self._all

    def allows(self, text: str, *, strict: bool) -> bool:
        """Whether a piece of the page may be shown; strictly, only what the document holds."""
        if not text or not any(c.isalnum() for c in text):
            return True
        if _FIGURE.fullmatch(text) or self.holds(text):
            return True
        parts = [part for part in _PARTS.split(text) if part]
        if len(parts) > 1:
            return all(self.allows(part, strict=strict) for part in parts)
        return not (strict or _private(text))


def lines(glyphs: Iterable[Glyph]) -> list[list[Token]]:
    """The characters in lines from the top, each line in words: pieces parted by white space."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: -(g.y0 + g.y1)):
        middle = (glyph.y0 + glyph.y1) / 2
        if rows and rows[-1][0].y0 <= middle <= rows[-1][0].y1:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [list(_words(sorted(row))) for row in rows]


def in_order(glyphs: Iterable[Glyph]) -> str:
    """What the characters say, line by line, as `squeezed`."""
    return squeezed("".join(_text(token) for line in lines(glyphs) for token in line))


def veiled(glyphs: Sequence[Glyph], known: Known, *, strict: bool) -> list[Glyph]:
    """The characters to paint over, of those of a page.

    `strict` for a page of which something was masked when it was read: then whatever the document
    does not hold may be what was masked, and is painted over.
    """
    found = lines(glyphs)
    hidden = {glyph for glyph in glyphs if not glyph.text}
    hidden.update(_masked(found))
    rest = [[piece for token in line for piece in _pieces(token, hidden)] for line in found]
    for number, line in enumerate(rest):
        for token in line:
            if known.allows(squeezed(_text(token)), strict=strict):
                continue
            if not _broken(token, rest, number, known):
                hidden.update(token)
    return sorted(hidden)


def _masked(found: Sequence[Sequence[Token]]) -> Iterator[Glyph]:
    """What the rules of masking take out of the page's own lines and rows of cells."""
    before = [" ".join(map(_text, line)) for line in found]
    after = mask("\n".join(before)).split("\n")
    for line, old, new in zip(found, before, after, strict=True):
        if old != new:
            spaced = [glyph for token in line for glyph in (*token, None)][:-1]
            yield from _lost(old, new, spaced)
        cells = [_text(token) for token in line]
        for token, cell in zip(line, mask_cells([cells])[0], strict=True):
            if cell != _text(token):
                yield from _lost(_text(token), cell or "", token)


def _lost(old: str, new: str, glyphs: Sequence[Glyph | None]) -> Iterator[Glyph]:
    """The characters of `old`, one a glyph, that are not in `new` any more."""
    for tag, start, end, _, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            yield from (glyph for glyph in glyphs[start:end] if glyph is not None)


def _pieces(token: Token, hidden: set[Glyph]) -> Iterator[Token]:
    """What is left of a word, without what is painted over already."""
    piece: list[Glyph] = []
    for glyph in token:
        if glyph not in hidden:
            piece.append(glyph)
        elif piece:
            yield tuple(piece)
            piece = []
    if piece:
        yield tuple(piece)


def _broken(token: Token, found: Sequence[Sequence[Token]], number: int, known: Known) -> bool:
    """Whether it is a part of a text of the document that its cell breaks over several lines."""
    column = [token]
    for step in (-1, 1):
        last = token
        for line in found[number + step :: step][:_BELOW]:
            near = next((t for t in line if _stacked(last, t)), None)
            if near is None:
                break
            last = near
            column.insert(0 if step < 0 else len(column), near)
    place = column.index(token)
    for start in range(place + 1):
        for end in range(place + 1, len(column) + 1):
            if end - start > 1:
                text = squeezed("".join(map(_text, column[start:end])))
                if not _NAME.fullmatch(text) and known.holds(text):
                    return True
    return False


def _stacked(one: Token, other: Token) -> bool:
    """Whether the two stand one right under the other."""
    (a0, a1), (b0, b1) = ((min(g.x0 for g in t), max(g.x1 for g in t)) for t in (one, other))
    across = min(a1, b1) - max(a0, b0)
    if across < min(a1 - a0, b1 - b0) / 2:
        return False
    height = max(one[0].y1 - one[0].y0, other[0].y1 - other[0].y0)
    between = max(one[0].y0, other[0].y0) - min(one[0].y1, other[0].y1)
    return between < height


def _words(row: Sequence[Glyph]) -> Iterator[Token]:
    word: list[Glyph] = []
    for glyph in row:
        if word and glyph.x0 - word[-1].x1 > _GAP * (word[-1].y1 - word[-1].y0):
            yield tuple(word)
            word = []
        word.append(glyph)
    if word:
        yield tuple(word)


def _private(text: str) -> bool:
    """Whether it has the shape of something masking takes out: a name, a long number, a
    mailbox."""
    return bool(names_in(text) or _DIGITS.search(text) or "@" in text)


def _text(token: Token) -> str:
    return "".join(glyph.text or "\ufffd" for glyph in token)


def squeezed(text: str) -> str:
    """A text as it is compared: compatibility forms folded, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _stands(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None
