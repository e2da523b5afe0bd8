"""The figures of a scanned row, cut out piece by piece.

Nothing tells what a picture shows, so nothing of it is shown but ink that has the shape of the
figure which was read there: as many tall, narrow pieces as it has digits, and as many low ones as
it has points, commas and signs, in their order. No name, seal or signature looks so; of a cell with
other ink nothing is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import Final, NamedTuple

from PIL import Image

__all__ = ["figure"]

_FIGURE: Final = re.compile(r"(?=(?:\D*\d){3})-?\d[\d,]*\.\d+")
"""Three digits and a point at least: two strokes side by side may be the halves of a character."""
_MOST: Final = 250_000
"""Dots of a cell; a larger one holds no figure alone."""
_CONTRAST: Final = 60
"""Grey levels between paper and ink, at least."""
_DARK: Final = (0.35, 0.28, 0.45)
"""Shares of the contrast from which on a dot is ink: a thin stroke must not fall apart."""
_THIN: Final = 2.0
"""Points that a ruling line may be thick; askew ones seem thicker."""
_TALL: Final = 0.6
"""Of the tallest piece's height: what is as high is a digit."""
_ALIKE: Final = (0.8, 1.25)
"""Of the height of the middle one: digits of one figure are as tall as one another."""
_NARROW: Final = 0.82
"""Of its height: no digit is wider, and hardly a Chinese character narrower."""
_LOW: Final = 0.45
_SLIM: Final = 0.32
_LEVEL: Final = 0.12
"""Of a digit's height, by which one may stand lower or higher than the others."""
_SIGN: Final = 0.85
_SPECK: Final = 0.006
"""Of the square of a digit's height: less ink is dust."""
_SIZES: Final = (3.5, 16.0)
"""Points that a digit may be high."""


class _Piece(NamedTuple):
    """Ink that hangs together, in dots; right and bottom are the first beyond it."""

    left: int
    top: int
    right: int
    bottom: int
    ink: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def figure(cell: Image.Image, text: str, scale: float) -> Image.Image | None:
    """The inside of a cell with its figure on white and nothing else; None where its ink is not
    that figure's. `cell` is grey, with `scale` dots a point."""
    if not _FIGURE.fullmatch(text) or cell.width * cell.height > _MOST:
        return None
    kept: list[_Piece] = []
    for limit in _limits(cell):
        found = [piece for piece in _pieces(cell, limit) if not _ruling(piece, cell, scale)]
        if kept := _spelled(found, text, scale):
            break
    if not kept or any(_cut_off(piece, cell) for piece in kept):
        return None
    clean = Image.new("L", cell.size, 255)
    for piece in kept:
        box = (
            max(piece.left - 1, 0),
            max(piece.top - 1, 0),
            min(piece.right + 1, cell.width),
            min(piece.bottom + 1, cell.height),
        )
        clean.paste(cell.crop(box), box)
    return clean


def _limits(cell: Image.Image) -> Iterator[int]:
    """Grey levels between paper and ink, the likeliest first; none where the two are not apart."""
    levels = sorted(cell.tobytes())
    if not levels:
        return
    paper, ink = levels[len(levels) // 2], levels[len(levels) // 200]
    if paper - ink >= _CONTRAST:
        yield from (paper - round((paper - ink) * share) for share in _DARK)


def _spelled(found: list[_Piece], text: str, scale: float) -> list[_Piece]:
    """The pieces that spell the figure from left to right; none where they do not."""
    tallest = max((piece.height for piece in found), default=0)
    tall = [piece for piece in found if piece.height >= _TALL * tallest]
    if not tall:
        return []
    size = median(piece.height for piece in tall)
    if not _SIZES[0] <= size / scale <= _SIZES[1]:
        return []
    pieces = sorted(piece for piece in found if piece.ink >= _SPECK * size * size)
    marks = list(text)
    if len(pieces) != len(marks):
        return []
    foot = round(median(piece.bottom for piece in tall))
    fits = all(
        _is(piece, character, size, foot) for piece, character in zip(pieces, marks, strict=True)
    )
    return pieces if fits else []


def _is(piece: _Piece, character: str, size: float, foot: int) -> bool:
    """Does the ink look like this character of a figure?"""
    if character.isdigit():
        low, high = _ALIKE
        level = abs(foot - piece.bottom) <= _LEVEL * size
        return level and low * size <= piece.height <= high * size and piece.width <= _NARROW * size
    if character == "-":
        return piece.height <= _LOW * size and piece.width <= _SIGN * size
    at_foot = abs(foot - piece.bottom) <= _LOW * size / 2 and foot - piece.top <= _LOW * size
    return piece.height <= _LOW * size and piece.width <= _SLIM * size and at_foot


def _ruling(piece: _Piece, cell: Image.Image, scale: float) -> bool:
    """A line of the table at the edge of its cell."""
    thin = min(piece.width, piece.height) <= _THIN * scale
    return (
        thin
        and _cut_off(piece, cell)
        and max(piece.width, piece.height) >= 4 * min(piece.width, piece.height)
    )


def _cut_off(piece: _Piece, cell: Image.Image) -> bool:
    """Does it go on beyond the edge?"""
    inside = piece.left > 0 and piece.top > 0
    return not (inside and piece.right < cell.width and piece.bottom < cell.height)


def _pieces(cell: Image.Image, limit: int) -> Iterator[_Piece]:
    """Ink that hangs together, corners included."""
    width = cell.width
    dots = cell.point([1 if level < limit else 0 for level in range(256)]).tobytes()
    parents: list[int] = []
    runs: list[tuple[int, int, int, int]] = []
    above: list[tuple[int, int, int]] = []
    for row in range(cell.height):
        here = []
        line = dots[row * width : (row + 1) * width]
        for match in re.finditer(b"\x01+", line):
            start, end = match.span()
            number = len(parents)
            parents.append(number)
            for left, right, other in above:
                if left <= end and start <= right:
                    _join(parents, number, other)
            here.append((start, end, number))
            runs.append((number, row, start, end))
        above = here
    whole: dict[int, list[tuple[int, int, int]]] = {}
    for number, row, start, end in runs:
        whole.setdefault(_root(parents, number), []).append((row, start, end))
    for parts in whole.values():
        yield _Piece(
            left=min(start for _, start, _ in parts),
            top=min(row for row, _, _ in parts),
            right=max(end for _, _, end in parts),
            bottom=max(row for row, _, _ in parts) + 1,
            ink=sum(end - start for _, start, end in parts),
        )


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _join(parents: list[int], one: int, other: int) -> None:
    parents[_root(parents, one)] = _root(parents, other)
