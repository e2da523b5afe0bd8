"""The lines above the first row → the columns, by the words the form has for them.

Where each head cell stood is lost; the words are still there, cell by cell, and a form knows its
words. What is spelled out of them in printed order is a head whose upper cells ("本年收入") are
followed, one row lower, by those that stand under them ("小计", "一般公共预算" …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Final

from archive.forms import Form, forms, plain
from archive.text.columns import CODE_PARTS, Leaf, Role
from archive.text.lined.across import columns_across, printed_names
from archive.text.lined.placing import Equation
from archive.text.lined.source import TextLine

__all__ = ["Spelled", "is_numbering", "leaves", "spell", "structure"]

_YEAR: Final = re.compile(r"20\d\d年?(?:度)?")
_KEY: Final = re.compile(
    r"(?P<code>(?:部门|单位|预算单位)?(?:\(单位\))?(?:部门预算(?:支出)?)?(?:政府预算)?(?:支出)?(?:功能|经济)?(?:分类)?(?:科目)?类?"
    r"(?:编码|代码))"
    r"|(?P<name>(?:部门|单位|预算单位)?(?:\(单位\))?(?:支出)?(?:功能|经济)?(?:分类)?(?:科目|项目|单位|部门)?类?(?:\(单位\))?名称)"
    r"|(?P<line>行次|序号)"
    r"|(?P<item>项目(?:\((?:按)[^()]*\))?)(?!支出|名称|分类)"
)
_OVER: Final = re.compile(
    r"(?:部门|政府)预算支出经济分类科目|资金来源|政府购买服务目录|功能分类科目|本年支出"
    r'|"?三公"?经费预算数(?!-)'
    r"|(?:本年)?(?:一般公共|政府性基金|国有资本经营)预算(?:财政拨款)?(?:基本)?支出|(?:人员|公用)经费(?=经济|科目|公用)"
)
"""Head cells that only stand over others."""
_MOST_COLUMNS: Final = 40
_TOTALS: Final = frozenset({"合计", "总计", "小计"})
_ASIDE: Final = re.compile(r"^其中")


@dataclass
class Word:
    """A head cell that the form knows: its words as compared, and as printed."""

    text: str
    role: Role
    key: str = ""
    printed: str = ""
    children: list[Word] = field(default_factory=list)


@dataclass
class Spelled:
    """A head: its words in printed order, what was not known, how many columns are numbered."""

    words: list[Word]
    unknown: list[str]
    numbered: int = 0
    parts: int = 0
    """Into how many columns codes are parted: 类, 款, 项."""


def is_numbering(text: str, begun: int) -> bool:
    """Whether a line only numbers columns: 1 2 3, 5=6+7, or the broken rest of such a line."""
    flat = text.replace("栏次", " ").strip()
    if not flat and "栏次" in text:
        return True
    if not re.fullmatch(r"[\d=＝+＋\-－()（）\s]+", flat):
        return False
    if re.search(r"[=＝+＋]", flat):
        return True
    numbers = [int(piece) for piece in flat.split() if piece.isdigit() and len(piece) < 3]
    if len(numbers) != len(flat.split()) or not numbers:
        return False
    rising = all(b == a + 1 for a, b in pairwise(numbers))
    if begun:
        return rising and numbers[0] > 0 and (len(numbers) == 1 or numbers[0] > 1)
    return rising and numbers[0] == 1 and ("栏次" in text or len(numbers) > 1)


def spell(lines: Sequence[TextLine], form: Form) -> Spelled:
    """The head cells in the lines above the first row.

    Where tabs part the cells, each is a word or none; else the words follow one another.
    """
    found = Spelled([], [])
    tabbed = any("\t" in line.text for line in lines)
    together = ""
    for line in lines:
        if is_numbering(line.text, found.numbered):
            numbers = [int(n) for n in re.findall(r"(?<![+=\d])\d+(?![\d])", line.text)]
            found.numbered = max([found.numbered, *[n for n in numbers if n < _MOST_COLUMNS]])
        elif tabbed:
            for cell in line.cells:
                _words(cell.replace("栏次", ""), form, found, whole=True)
        else:
            together += line.text.replace("栏次", "")
    _words(together, form, found, whole=False)
    found.unknown = [piece for piece in found.unknown if len(piece) > 1]
    return found


def _words(printed: str, form: Form, found: Spelled, *, whole: bool) -> None:
    """Add the words that a text spells, each with its own print."""
    text, printed = _plain(printed)
    at = 0
    last = -1
    while at < len(text):
        word, size = _longest(text, at, form)
        if size and not (whole and size < len(text)):
            if word is not None:
                word.printed = printed[at : at + size]
                found.words.append(word)
            found.parts += word is None and text[at : at + size] in CODE_PARTS
            at += size
        elif whole:
            found.unknown.append(text)
            return
        else:
            if last == at - 1 and found.unknown and at:
                found.unknown[-1] += text[at]
            else:
                found.unknown.append(text[at])
            last = at
            at += 1


def _plain(printed: str) -> tuple[str, str]:
    """A text as compared, without years, and character by character what is printed for it."""
    text, own = "", ""
    for character in printed:
        flat = plain(character)
        text += flat
        own += character * len(flat)
    for year in reversed(list(_YEAR.finditer(text))):
        text = text[: year.start()] + text[year.end() :]
        own = own[: year.start()] + own[year.end() :]
    return text, own


def _longest(text: str, at: int, form: Form) -> tuple[Word | None, int]:
    """The longest head cell the text goes on with; None for one that only stands over others."""
    best: tuple[Word | None, int] = (None, 0)
    for header in _vocabulary(form.id):
        if text.startswith(header, at):
            best = Word(header, Role.MONEY), len(header)
            break
    for header, name in _attributes(form.id):
        if len(header) > best[1] and text.startswith(header, at):
            role = Role.NAME if name == "name" else Role.ATTRIBUTE
            best = Word(header, role, "" if name == "name" else name), len(header)
            break
    key = _KEY.match(text, at)
    if key and len(key[0]) > best[1]:
        kind = key.lastgroup
        role = {"code": Role.CODE, "line": Role.LINE_NUMBER}.get(kind or "", Role.NAME)
        best = Word(key[0], role), len(key[0])
    over = _OVER.match(text, at)
    if over and not best[1]:
        best = None, len(over[0])
    if not best[1] and text[at] in CODE_PARTS:
        best = None, 1
    if not best[1] and re.match(r"收入|支出", text[at : at + 2]):
        best = Word(text[at : at + 2], Role.NAME, "side"), 2
    return best


@cache
def _vocabulary(form_id: str) -> tuple[str, ...]:
    """What can stand in one head cell over money, longest first."""
    form = forms()[form_id]
    if form.across:
        return tuple(sorted({*printed_names(), *_headers(form)}, key=len, reverse=True))
    pieces = {piece for header in _headers(form) for piece in header.split("-")}
    return tuple(sorted(pieces, key=len, reverse=True))


def _headers(form: Form) -> list[str]:
    return [plain(header) for measure in form.measures for header in measure.headers]


@cache
def _attributes(form_id: str) -> tuple[tuple[str, str], ...]:
    pairs = [(plain(h), name) for name, hs in forms()[form_id].columns.items() for h in hs]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def leaves(spelled: Spelled, form: Form) -> list[Leaf]:
    """The columns from left to right, each with the path of head cells over it."""
    if form.across and not any(w.role is Role.NAME and w.key != "side" for w in spelled.words):
        return columns_across(
            [(word.text, word.printed) for word in spelled.words],
            {plain(h): m.name for m in form.measures for h in m.headers},
        )
    top = _tree(_keys_first(spelled.words, form), form)
    found: list[Leaf] = []
    side = _sides()
    for word in top:
        if word.key == "side":
            continue
        over = (next(side),) if word.role is Role.NAME and form.sided else ()
        for child in word.children or [word]:
            own = (word.printed, child.printed) if child is not word else (word.printed,)
            path = (*over, *own)
            column = len(found)
            found.append(Leaf(column, column, path, word.role, word.key))
    return found


def _keys_first(words: Sequence[Word], form: Form) -> list[Word]:
    """Code and name stand left of the money, even where 项目 spans them in the row above."""
    keys = [word for word in words if word.role is not Role.MONEY]
    if form.sided or len({word.text for word in keys}) < len(keys):
        return list(words)
    keys = [w for w in keys if w.key != "side"]
    if any(word.role is Role.CODE for word in keys):
        keys = [word for word in keys if word.text != "项目"]
    return [*keys, *(word for word in words if word.role is Role.MONEY)]


def _sides() -> Iterator[str]:
    """收入 over the first name column of a two-sided table, 支出 over the others."""
    yield "收入"
    while True:
        yield "支出"


def _tree(words: Sequence[Word], form: Form) -> list[Word]:
    """Words in printed order → those of the upper row, each with the words below it."""
    paths = set(_headers(form))
    top: list[Word] = []
    last: Word | None = None
    for word in words:
        if word.role is not Role.MONEY:
            top.append(word)
            last = None if word.role is Role.NAME and form.sided else last
            continue
        over = _over(word, top, paths, last)
        if over is None:
            top.append(Word(word.text, word.role, word.key, word.printed))
        else:
            over.children.append(word)
            last = over
    known = {path for path in paths if "-" not in path}
    return [w for w in top if w.role is not Role.MONEY or w.children or w.text in known]


def _over(word: Word, top: Sequence[Word], paths: set[str], last: Word | None) -> Word | None:
    """The upper head cell a word stands under."""
    seen: dict[str, Word] = {}
    for upper in top:
        if upper.role is Role.MONEY:
            seen[upper.text] = upper
    taken = {upper.text: [c.text for c in upper.children] for upper in seen.values()}
    fitting = [
        upper
        for upper in seen.values()
        if f"{upper.text}-{word.text}" in paths
        and word.text not in taken[upper.text]
        and upper.text != word.text
    ]
    if last is not None and last in fitting:
        return last
    after = [u for u in fitting if last is None or not _before(u, last, top)]
    if after:
        return after[0]
    if last is not None and word.text in paths and word.text not in taken[last.text]:
        return last
    return None


def _before(one: Word, other: Word, top: Sequence[Word]) -> bool:
    order = [id(word) for word in top]
    return order.index(id(one)) < order.index(id(other))


def structure(money: Sequence[Leaf], form: Form) -> list[Equation]:
    """The sums among the columns of one group that its head itself says: 合计 and 小计."""
    if len(money) < 2 or form.across:
        return []
    found: list[Equation] = []
    upper: list[tuple[int, tuple[str, ...]]] = []
    index = 0
    while index < len(money):
        path = money[index].path
        same = [i for i in range(index, len(money)) if money[i].path[:-1] == path[:-1]]
        same = same if len(path) > 1 else [index]
        run = [i for n, i in enumerate(same) if i == index + n]
        texts = [plain(money[i].path[-1]) for i in run]
        if len(run) > 1 and texts[0] in _TOTALS:
            found.append((run[0], tuple(run[1:])))
            upper.append((run[0], path))
        elif len(run) > 1 and texts[0] == "金额":
            upper.append((run[0], path))
        else:
            upper += [(i, money[i].path) for i in run]
        index += len(run)
    first, path = upper[0]
    rest = tuple(i for i, p in upper[1:] if not _ASIDE.match(plain(p[-1])))
    whole = form.measure("-".join(path)) == "合计" or plain(path[-1]).endswith(("合计", "总计"))
    if rest and whole and (first, rest) not in found:
        found.insert(0, (first, rest))
    return found
