"""Numbers that run over the edge of their cell, told from two that stand close on either side."""

from __future__ import annotations

import re
from typing import Final

from archive.text.page import CUT, NUMERIC, Char

__all__ = ["one_number", "overprinted", "settle"]

_OVER: Final = 0.5
"""A character begins at least so much of another's width behind it, or is printed over it."""
_SOLID: Final = 0.05
"""Digits of one number are set as close as this, as a share of their height; and an edge that cuts
so far into one of them has been run over."""
_NUMBER: Final = re.compile(r"(\d{1,3}([,，]\d{3})+|\d+)([.．]\d+)?")


def one_number(first: Char, second: Char) -> bool:
    """Whether two characters drawn one after the other may be digits of one number."""
    size = second[3] - second[1]
    return (
        NUMERIC.issuperset(first[4] + second[4])
        and abs(second[0] - first[2]) < _SOLID * size
        and abs(second[1] - first[1]) < _SOLID * size
    )


def overprinted(first: Char, second: Char) -> bool:
    """Whether two different characters of numbers stand over one another, from left to right: a
    number too long for its cell, drawn on into the next."""
    if first[4] == second[4] or not NUMERIC.issuperset(first[4] + second[4]):
        return False
    return second[0] - first[0] < _OVER * (first[2] - first[0])


def settle(chars: list[Char], index: int, edge: float, inside: dict[int, list[Char]]) -> None:
    """Decide what stands at an edge between the characters `index - 1` and `index`.

    A number whose digit the edge cuts through, or whose part on one side is no number, is put into
    the cell that holds most of it. What makes no number together are two. Where either may be, or
    one of two runs over the edge, both parts are shown as cut: neither is taken for a figure.
    """
    start, end = index - 1, index
    while start > 0 and one_number(chars[start - 1], chars[start]):
        start -= 1
    while end + 1 < len(chars) and one_number(chars[end], chars[end + 1]):
        end += 1
    left, right = (
        "".join(char[4] for char in part) for part in (chars[start:index], chars[index : end + 1])
    )
    one = bool(_NUMBER.fullmatch(left + right))
    two = bool(_NUMBER.fullmatch(left) and _NUMBER.fullmatch(right))
    over = _runs_over(chars[index - 1], chars[index], edge)
    if not (over or one):
        return
    if (two and not over) or not one:
        _show(chars, index - 1, f"{chars[index - 1][4]}{CUT}", inside)
        _show(chars, index, f"{CUT}{chars[index][4]}", inside)
        return
    _reunite(chars[start : end + 1], inside)


def _runs_over(first: Char, second: Char, edge: float) -> bool:
    """Whether the edge cuts through one of the characters rather than between them."""
    slack = _SOLID * (second[3] - second[1])
    return any(char[0] + slack < edge < char[2] - slack for char in (first, second))


def _show(chars: list[Char], index: int, text: str, inside: dict[int, list[Char]]) -> None:
    old = chars[index]
    chars[index] = (*old[:4], text)
    for cell in inside.values():
        for place, char in enumerate(cell):
            if char is old:
                cell[place] = chars[index]


def _reunite(number: list[Char], inside: dict[int, list[Char]]) -> None:
    own = {id(char) for char in number}
    held = {owner: [c for c in cell if id(c) in own] for owner, cell in inside.items()}
    most = max(held, key=lambda owner: len(held[owner]))
    for owner, part in held.items():
        if part and owner != most:
            inside[owner] = [c for c in inside[owner] if id(c) not in own]
            inside[most] += part
