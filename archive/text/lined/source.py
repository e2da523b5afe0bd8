"""Text → its lines, and what stands on one: names, figures, cells parted by tabs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from archive import money
from archive.model import Mark

__all__ = ["TextLine", "Token", "figure", "figures_at_end", "lines_of", "tokens", "width"]

_FIGURE: Final = re.compile(r"-?\(?\d{1,3}(?:,\d{3})+(?:\.\d+)?\)?|\(?-?\d+(?:\.\d+)?\)?|\.\d+")
_SPACED: Final = re.compile(r"(?<![\d.,])(-?\d{1,3}(?: \d{3})+\.\d+)(?![\d.])")
"""A space as thousands separator; only before decimals, or two figures would run together."""
_LONE: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff](?:[ \u3000]|$))")
_FIRST_LONE: Final = re.compile(
    r"^(\s*[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff]{1,3}(?:[ \u3000]|$))"
)
_FOLIO: Final = re.compile(r"\d{1,4}")
_WHITE: Final = re.compile(r"[ \u3000\xa0]+")


class TextLine(NamedTuple):
    """A line that is not blank: its page (parted by form feeds) and its number on it, from 1."""

    page: int
    number: int
    text: str

    @property
    def cells(self) -> list[str]:
        """What stands between the tabs."""
        return [cell.strip() for cell in self.text.split("\t")]


class Token(NamedTuple):
    """A piece of a line without white space, and which of the line's pieces it is, from 1."""

    text: str
    line: TextLine
    place: int

    @property
    def is_figure(self) -> bool:
        """Whether it could be an amount."""
        return figure(self.text)

    @property
    def may_number_page(self) -> bool:
        """Whether it stands alone on its line, as the number of a page does."""
        return bool(_FOLIO.fullmatch(self.text)) and self.line.text.strip() == self.text


def lines_of(text: str) -> list[TextLine]:
    """The lines of a text that are not blank; a form feed begins a page."""
    found = []
    for page, part in enumerate(text.split("\f"), 1):
        for number, line in enumerate(part.splitlines(), 1):
            if line.strip():
                found.append(TextLine(page, number, line.rstrip(" \r\u3000")))
    return found


def figure(text: str) -> bool:
    """Whether a piece of text is an amount or a dash; a code that begins with 0 is none.

    >>> figure("1,159.18"), figure("016"), figure("—")
    (True, False, True)
    """
    flat = unicodedata.normalize("NFKC", text)
    if money.parse(flat)[0] is Mark.DASH:
        return flat not in ("一", "/")
    if re.match(r"0\d", flat):
        return False
    return bool(_FIGURE.fullmatch(flat)) and money.parse(flat)[1] is not None


def tokens(line: TextLine, *, spaced: bool = False) -> list[Token]:
    """The pieces of a line. Chinese letters set apart one by one (合 计) are one piece.

    With `spaced`, "16 010.35" is one figure.
    """
    text = line.text.replace("\t", " ")
    previous = ""
    while previous != text:
        previous, text = text, _LONE.sub("", text)
    text = re.sub(
        r"^(\s*[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff]{1,3}(?:[ \u3000]|$))", r"\1", text
    )
    if spaced:
        text = _SPACED.sub(lambda found: found[1].replace(" ", "\u2009"), text)
    pieces = [piece for piece in _WHITE.split(text) if piece]
    return [Token(piece.replace("\u2009", " "), line, n) for n, piece in enumerate(pieces, 1)]


@lru_cache(maxsize=4096)
def width(text: str) -> float:
    """How wide a text is set, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def figures_at_end(pieces: Sequence[Token]) -> int:
    """How many pieces at the end of a line are amounts."""
    count = 0
    for piece in reversed(pieces):
        if not piece.is_figure:
            break
        count += 1
    return count
