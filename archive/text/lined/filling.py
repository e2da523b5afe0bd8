"""Text fragments of a row → its columns of text: name, category, function, item, quantity, method.

A wrapped cell fills its column: every line of it but the last is as wide as the column. The widths
that part most rows without doubt are taken; a row they do not part is left whole, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, pairwise
from typing import Final

from archive.model import Classification
from archive.register.classification import classification_register
from archive.register.wording import wording
from archive.text.columns import TOTAL, Leaf, Role
from archive.text.lined.rows import Fragment, Row
from archive.text.lined.source import width

__all__ = ["fill"]

_NUMBER: Final = re.compile(r"\d+(\.\d+)?")

_PROCURED: Final = re.compile(r"(货物|工程|服务)(类)?")
"""政府采购法 第二条: what is procured is goods, works or services."""

Split = tuple[int, ...]
"""How many fragments each column takes."""

_LOOSE: Final = (0.0, 0.5, 1.0, 2.0)
"""By how many characters a full line may miss the width of its column."""
_ROUNDS: Final = 2
_MOST: Final = 300
"""So many widths are tried."""
_NEVER: Final = 9.0


def fill(rows: Sequence[Row], leaves: Sequence[Leaf]) -> list[list[str] | None]:
    """For every row the texts of its text columns; None where they cannot be told apart."""
    if len(leaves) == 1:
        return [[row.text] for row in rows]
    functions = [i for i, leaf in enumerate(leaves) if leaf.key == "function"]
    rest = [leaf for leaf in leaves if leaf.key != "function"]
    taken = [_function(row) if functions else 0 for row in rows]
    parts = [row.fragments[n:] for row, n in zip(rows, taken, strict=True)]
    splits = _splits(parts, rest)
    names = next((i for i, leaf in enumerate(rest) if leaf.role is Role.NAME), 0)
    found: list[list[str] | None] = []
    for row, count, own, split in zip(rows, taken, parts, splits, strict=True):
        if TOTAL.search(row.text) and not row.code:
            texts: list[str] | None = ["" if i != names else row.text for i in range(len(rest))]
        elif split is None:
            texts = None
        else:
            texts = list(_joined(own, split))
        if texts is not None and functions:
            texts.insert(functions[0], "".join(f.text for f in row.fragments[:count]))
        found.append(texts)
    return found


def _function(row: Row) -> int:
    """How many of the first fragments spell the name the register has for the row's code."""
    names = classification_register().names(row.code, Classification.FUNCTIONAL)
    known = {wording(name.text) for name in names}
    best = 0
    for count in range(1, len(row.fragments) + 1):
        if wording("".join(f.text for f in row.fragments[:count])) in known:
            best = count
            if count < len(row.fragments) and row.fragments[count].text != "支出":
                break
    return best


def _joined(fragments: Sequence[Fragment], split: Split) -> Iterator[str]:
    at = 0
    for count in split:
        yield "".join(fragment.text for fragment in fragments[at : at + count])
        at += count


def _splits(parts: Sequence[Sequence[Fragment]], leaves: Sequence[Leaf]) -> list[Split | None]:
    """The split of every row under the widths that leave the fewest rows in doubt."""
    widths = sorted({_measure(f) for own in parts for f in own})
    every = [[s for s in _possible(own, len(leaves)) if _sensible(own, s, leaves)] for own in parts]
    if not widths:
        return [_only(splits) for splits in every]
    best_found, best = _under_all(parts, every, [widths[-1]] * len(leaves))
    chosen = [widths[-1]] * len(leaves)
    for tried in _implied(parts, every):
        found, score = _under_all(parts, every, tried)
        if score > best:
            best_found, best, chosen = found, score, tried
    for column in [*range(len(leaves))] * _ROUNDS:
        for wide in widths:
            tried = [*chosen[:column], wide, *chosen[column + 1 :]]
            found, score = _under_all(parts, every, tried)
            if score > best:
                best_found, best, chosen = found, score, tried
    return best_found


def _implied(
    parts: Sequence[Sequence[Fragment]], every: Sequence[Sequence[Split]]
) -> list[list[float]]:
    """The widths that some split of some row would need."""
    needed: dict[tuple[float, ...], None] = {}
    for own, splits in zip(parts, every, strict=True):
        for split in splits:
            if 0 not in split:
                cells = iter(own)
                needed[tuple(max(_measure(next(cells)) for _ in range(n)) for n in split)] = None
    return [list(widths) for widths in list(needed)[:_MOST]]


def _sensible(own: Sequence[Fragment], split: Split, leaves: Sequence[Leaf]) -> bool:
    """A quantity is a number, and nothing else in these tables is one."""
    for leaf, text in zip(leaves, _joined(own, split), strict=True):
        if text and (leaf.key == "quantity") != bool(_NUMBER.fullmatch(text)):
            return False
        if text and leaf.path[-1:] == ("品目类别",) and not _PROCURED.fullmatch(text):
            return False
    return True


def _under_all(
    parts: Sequence[Sequence[Fragment]], every: Sequence[Sequence[Split]], widths: Sequence[float]
) -> tuple[list[Split | None], tuple[float, ...]]:
    """The rows under these widths, and how good they are: many sure, close, narrow, few empty."""
    found: list[Split | None] = []
    misses = empty = 0.0
    for own, splits in zip(parts, every, strict=True):
        fitting, loose = _under(own, splits, widths)
        found.append(_only(fitting))
        misses += loose + len(fitting)
        empty += fitting[0].count(0) if fitting else 0
    sure = sum(split is not None for split in found)
    return found, (sure, -2 * misses - sum(widths), -empty)


def _only(splits: Sequence[Split]) -> Split | None:
    return splits[0] if len(splits) == 1 else None


def _measure(fragment: Fragment) -> float:
    return width(fragment.text) + fragment.indent


def _possible(own: Sequence[Fragment], columns: int) -> Iterator[Split]:
    """Splits in which pieces that stand side by side on one line are cells of their own."""
    for cuts in combinations_with_replacement(range(len(own) + 1), columns - 1):
        edges = (0, *cuts, len(own))
        if all(own[i].alone or i in edges for i in range(1, len(own))):
            yield tuple(b - a for a, b in pairwise(edges))


def _under(
    own: Sequence[Fragment], splits: Sequence[Split], widths: Sequence[float]
) -> tuple[list[Split], float]:
    """The splits with the fewest empty cells that the widths allow, and how closely they do."""
    for loose in _LOOSE:
        fitting = [split for split in splits if _fits(own, split, widths, loose)]
        if fitting:
            fewest = min(split.count(0) for split in fitting)
            return [split for split in fitting if split.count(0) == fewest], loose
    return [], _NEVER


def _fits(own: Sequence[Fragment], split: Split, widths: Sequence[float], loose: float) -> bool:
    at = 0
    for count, wide in zip(split, widths, strict=True):
        cell = [_measure(fragment) for fragment in own[at : at + count]]
        at += count
        if any(not wide - loose <= w <= wide for w in cell[:-1]) or any(w > wide for w in cell):
            return False
    return True
