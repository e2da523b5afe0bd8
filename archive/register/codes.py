"""The shape of classification codes, and the tree that the codes of one statement form.

A functional code has 3 digits for the 类, 5 for the 款, 7 for the 项 and begins with 2; an economic
one has 3 or 5 digits and begins with 3 (部门预算支出经济分类) or 5 (政府预算支出经济分类). Nothing
here knows any name: archive/register/classification.py does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

import msgspec

from archive.model import Classification, LineItem, Statement

__all__ = ["Gap", "ancestors", "children", "fits", "gaps", "level", "parent"]

_SHAPES: Final = {
    Classification.FUNCTIONAL: re.compile(r"2[0-9]{2}(?:[0-9]{2}){0,2}"),
    Classification.ECONOMIC: re.compile(r"[35][0-9]{2}(?:[0-9]{2})?"),
}
_LEVELS: Final = {3: 1, 5: 2, 7: 3}


class Gap(msgspec.Struct, frozen=True):
    """A row whose code hangs in the air: its parents are not printed beside it."""

    item: LineItem
    missing: tuple[str, ...]
    """The absent parents, the 类 before the 款."""


def level(code: str) -> int:
    """1 for a 类, 2 for a 款, 3 for a 项; 0 for what has not the length of a code.

    >>> level("2080505")
    3
    """
    return _LEVELS.get(len(code), 0) if code.isascii() and code.isdigit() else 0


def parent(code: str) -> str | None:
    """The code one level up; None for a 类 and for what is no code.

    >>> parent("2080505")
    '20805'
    """
    return code[:-2] if level(code) > 1 else None


def ancestors(code: str) -> tuple[str, ...]:
    """All codes above this one, the 类 first.

    >>> ancestors("2080505")
    ('208', '20805')
    """
    return tuple(code[:length] for length in _LEVELS if level(code) and length < len(code))


def fits(code: str, scheme: Classification) -> bool:
    """Could this be a code of the scheme, by its first digit and its length alone?

    >>> fits("71102", Classification.FUNCTIONAL)
    False
    """
    shape = _SHAPES.get(scheme)
    return shape is not None and shape.fullmatch(code) is not None


def gaps(statement: Statement) -> tuple[Gap, ...]:
    """Rows whose 类 or 款 is not printed in the same statement, on the same side.

    Only levels that the statement prints at all are expected: a table that lists nothing but 项 has
    no gaps.
    """
    coded = [item for item in statement.items if _classified(item)]
    printed = {(item.classification, item.side, item.code) for item in coded}
    levels = {(item.classification, item.side, level(item.code)) for item in coded}
    found = []
    for item in coded:
        branch = item.classification, item.side
        missing = tuple(
            code
            for code in ancestors(item.code)
            if (*branch, level(code)) in levels and (*branch, code) not in printed
        )
        if missing:
            found.append(Gap(item, missing))
    return tuple(found)


def children(statement: Statement) -> dict[tuple[str | None, str], tuple[LineItem, ...]]:
    """(side, code) → the rows directly below it, in printed order; "" stands above every 类.

    A row hangs on the nearest parent that is printed, so that every coded row is somebody's child
    exactly once. Rows without a code (totals, text) are nobody's.
    """
    coded = [item for item in statement.items if _classified(item)]
    printed = {(item.classification, item.side, item.code) for item in coded}
    below: defaultdict[tuple[str | None, str], list[LineItem]] = defaultdict(list)
    for item in coded:
        above = (
            code
            for code in reversed(ancestors(item.code))
            if (item.classification, item.side, code) in printed
        )
        below[item.side, next(above, "")].append(item)
    return {key: tuple(items) for key, items in below.items()}


def _classified(item: LineItem) -> bool:
    return item.classification in _SHAPES and level(item.code) > 0
