"""The lines of a table without rulings: which are head, numbering of columns, totals, or data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from archive.forms import Form, plain
from archive.text import columns
from archive.text.columns import CODE_PARTS, NOTHING, SIDE
from archive.text.headtree import Strip
from archive.text.headwords import role_of
from archive.text.layout import Layout, head_rows
from archive.text.words import Word, WordLine, columned

MOST_HEAD: Final = 24
_NUMERIC: Final = re.compile(r"^[-(]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\)?%?$|^[-—/]+$|^\d+[,.]$")
_FIGURE: Final = re.compile(r"^[-(]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+|\d{3,})\)?$")
_YEAR: Final = re.compile(r"^20\d\d$")
_COUNT: Final = re.compile(r"^\d{1,2}$")
_FORMULA: Final = re.compile(r"^[\d+=\-()]*[+=][\d+=\-()]*$")
_ENUMERATED: Final = re.compile(
    r"^[(]?[一二三四五六七八九十廿]+[)]?[、.]|^[(][一二三四五六七八九十廿]+[)]|^\d+[、.]\D"
)
_TOTAL: Final = re.compile(r"^.{0,8}(合计|总计|小计)$")
_DISORDERED: Final = -0.5


def sections(
    lines: Sequence[WordLine],
) -> tuple[list[WordLine], list[Word], list[Word], list[WordLine]]:
    """Lines of the head, words that number its columns, 类 款 项 in it, and lines of the body."""
    run, first = _numbering(lines) or (0, 0)
    if not first:
        first = next((i for i, line in enumerate(lines) if _is_data(line)), len(lines))
        first = _lone_total(lines, first)
        run = first
        while run and _only_parts(lines[run - 1]):
            run -= 1
    counted = [word for line in lines[run:first] for word in line.words]
    parts = [word for word in counted if plain(word.text) in CODE_PARTS]
    numbers = [word for word in counted if plain(word.text) not in CODE_PARTS]
    return list(lines[:run]), numbers, parts, list(lines[first:])


def _numbering(lines: Sequence[WordLine]) -> tuple[int, int] | None:
    """Where the lines that number the columns begin and end: the head is above, the body below."""
    for first, line in enumerate(lines[:MOST_HEAD]):
        if not _may_number(line):
            continue
        counted: list[Word] = []
        best = 0
        for end in range(first, len(lines)):
            if not _may_number(lines[end]):
                break
            counted += lines[end].words
            if _counts(counted) > 1:
                best = end + 1
        if best or any(plain(word.text) == "栏次" for word in line.words):
            return first, best or first + 1
    return None


def _is_data(line: WordLine) -> bool:
    """Whether a line cannot be head: a figure or code stands in it, or a numbered name."""
    texts = [plain(word.text) for word in line.words]
    if NOTHING.issuperset(texts):
        return True
    if any(_FORMULA.match(text) and "=" in text for text in texts):
        return False
    if any(text in CODE_PARTS for text in texts):
        return any(_FIGURE.match(text) or _TOTAL.match(text) for text in texts)
    if any(_FIGURE.match(text) and not _YEAR.match(text) for text in texts):
        return True
    return enumerated(texts[0])


def _lone_total(lines: Sequence[WordLine], first: int) -> int:
    """A line with nothing but 合计 is a row where no more head stands below it."""
    index = first
    while index and all(across(word) for word in lines[index - 1].words):
        index -= 1
    if index == first or (index and not _may_number(lines[index - 1]) and first - index > 1):
        return first
    return index


def _may_number(line: WordLine) -> bool:
    texts = [plain(word.text) for word in line.words]
    if len(texts) == 1 and texts[0] in CODE_PARTS:
        return False
    return all(
        _COUNT.match(text) or _FORMULA.match(text) or text in CODE_PARTS or text in ("栏次", "行次")
        for text in texts
    )


def _only_parts(line: WordLine) -> bool:
    return len(line.words) > 1 and all(plain(word.text) in CODE_PARTS for word in line.words)


def _counts(words: Sequence[Word]) -> int:
    """How many columns words number, 1, 2, 3 … from left to right; 0 where they do not.

    A formula (5=6+7+8) counts by its first number, whatever lines it takes.
    """
    texts = [(plain(w.text), w) for w in sorted(words, key=lambda w: w.centre)]
    formulas = [w for text, w in texts if "=" in text and text[0].isdigit()]
    numbers = []
    for text, word in texts:
        if "=" in text and text[0].isdigit():
            numbers.append(int(text.split("=")[0]))
        elif _COUNT.match(text) and not any(w.x0 < word.x1 and word.x0 < w.x1 for w in formulas):
            numbers.append(int(text))
    return len(numbers) if numbers == list(range(1, len(numbers) + 1)) else 0


def enumerated(text: str) -> bool:
    """Whether a name is numbered as line items are: 一、 （一） 1."""
    return bool(_ENUMERATED.match(text))


def is_figure(word: Word) -> bool:
    """Whether a word is an amount or a code."""
    return bool(_FIGURE.match(plain(word.text)))


def across(word: Word) -> bool:
    """Whether a word may stand in the middle of several columns: 合计."""
    text = plain(word.text)
    return bool(_TOTAL.match(text)) or text == "栏次" or text in NOTHING


def lowest(words: Sequence[Word]) -> list[Word]:
    """Words of the head below which no other stands."""
    out: list[Word] = []
    for line in reversed(columned(words)):
        below = list(out)
        out += [w for w in line if not any(min(w.x1, b.x1) > max(w.x0, b.x0) + 0.5 for b in below)]
    return out


def stripped(words: Sequence[Word]) -> list[Strip]:
    """Stretches of words of one sort standing above one another."""
    strips: list[Strip] = []
    for word in sorted(words, key=lambda w: w.x0):
        if strips and word.x0 < strips[-1].x1 + 0.5:
            strips[-1].x1 = max(strips[-1].x1, word.x1)
            strips[-1].words.append(word)
        else:
            strips.append(Strip(word.x0, word.x1, [word]))
    for strip in strips:
        texts = [plain(word.text) for word in strip.words]
        strip.figures = all(_NUMERIC.match(text) or text in CODE_PARTS for text in texts)
    return strips


def _across_key(path: Sequence[str]) -> tuple[str, ...]:
    """What a column of a table that prints its items side by side says, groups of all it aside."""
    parts = [plain(part) for part in path]
    own = [p for p in parts if not p.endswith(("预算数", "决算数", "经费"))] or parts[-1:]
    measure = next((p for p in parts if p.endswith(("预算数", "决算数"))), "")
    return (*own[-2:], measure)


def with_neighbours(words: Sequence[Word]) -> Iterator[tuple[Word | None, Word, Word | None]]:
    """Each word of a line with the one before and the one after it."""
    yield from zip([None, *words[:-1]], words, [*words[1:], None], strict=True)


def spelled(table: Layout, known: Sequence[Form]) -> tuple[float, tuple[object, ...]] | None:
    """What each column of money is by the form, read as a ruled table would be; None in doubt.

    With it, a score: columns in the form's order are likelier than others.
    """
    head = columns.analyse(head_rows(table))
    sides = any(SIDE.match(plain(word.text)) for word in table.head_words())
    for form in known:
        columns.assign(head.leaves, form)
        groups = columns.groups(head.leaves, form)
        named = [group.side for group in groups if group.keys]
        if form.sided and len(set(named)) < len(named):
            return None
        across = form.across and len(head.leaves) >= 4
        out: list[object] = []
        score = 0.0
        for group in groups:
            if form.sided and sides and group.keys and group.side is None:
                return None
            if across:
                names: list[object] = [_across_key(leaf.path) for leaf in group.money]
                sure = all(role_of(leaf.path, (form,))[1] for leaf in group.money)
            else:
                names = [form.measure(leaf.header) for leaf in group.money]
                sure = all(names)
                score += _DISORDERED * _inversions(names, form)
            if not sure or len(set(names)) < len(names):
                break
            under = [table.leaves[table.columns[leaf.first].leaf] for leaf in group.money]
            out += [(id(cell.words[-1]), name) for cell, name in zip(under, names, strict=True)]
        else:
            if out:
                return score, tuple(out)
    return None


def _inversions(names: Sequence[object], form: Form) -> int:
    """How often a column stands before one that the form has before it."""
    order = {measure.name: place for place, measure in enumerate(form.measures)}
    places = [order[name] for name in names if isinstance(name, str) and name in order]
    return sum(1 for left, right in pairwise(places) if right < left)
