"""Printed names made comparable: what is typesetting goes, what is meaning stays."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from archive.model import Statement

_RADICALS: Final = str.maketrans(
    {"⻔": "门", "⻋": "车", "⻅": "见", "⻓": "长", "⻚": "页", "⻛": "风"}
)
"""CJK radical forms that PDF fonts print for whole characters and NFKC leaves alone."""
INNER: Final = str.maketrans("“”", "‘’")
"""Quotation marks inside quotation marks (GB/T 15834)."""
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟「」『』〝〞", '"') | dict.fromkeys("‘’‚‛", "'"))
_REMEMBERED: Final = 1 << 17
"""A document prints the same names in table after table, and next year again."""
_NUMERAL: Final = "[一二三四五六七八九十廿卅百]+"
_LEADING: Final = re.compile(
    rf"(?:\({_NUMERAL}\)[、.]?|{_NUMERAL}[、.]|\(\d{{1,2}}\)[、.]?|\d{{1,2}}、|\d{{1,2}}\.(?!\d))"
)
_AMONG: Final = "其中:"
_YEAR: Final = re.compile(r"20\d\d年度?")
_TABLE_NUMBER: Final = re.compile(
    r"^表[\d一二三四五六七八九十-]+[:.、]?|\(表[\d一二三四五六七八九十-]+\)$"
)


@lru_cache(maxsize=_REMEMBERED)
def normalise(text: str) -> str:
    """The text without typesetting: one width, one kind of quote and bracket, no white space.

    Control and format characters (line breaks, right-to-left marks, zero-width joiners) go too,
    so that keys can be joined with a control character and never collide.

    >>> normalise(" 因公出国（境）费 \\n")
    '因公出国(境)费'
    """
    plain = unicodedata.normalize("NFKC", text.translate(_RADICALS)).translate(_QUOTES)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in _UNSEEN)


_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"})


@lru_cache(maxsize=_REMEMBERED)
def bare(text: str) -> str:
    """The normalised name without its leading enumeration and 其中：, unless nothing would remain.

    A list renumbers itself when a line is inserted, and then the number says nothing about the
    line; the caller ignores it only where the bare name is still unique.

    >>> bare("三、科学技术支出") == bare("四、科学技术支出") == "科学技术支出"
    True
    """
    name = normalise(text)
    while True:
        rest = name.removeprefix(_AMONG)
        if match := _LEADING.match(rest):
            rest = rest[match.end() :]
        if not rest or rest == name:
            return name
        name = rest


_PROJECT_WORDS: Final = re.compile("专项|项目|经费|资金|支出|工作|年度|费")


@lru_cache(maxsize=_REMEMBERED)
def core(text: str) -> str:
    """What is left of a project's name without the words that come and go from year to year.

    Equal cores are a hint to look, never a proof: one publication has 人才服务专项经费 and
    人才工作经费, which are two projects.

    >>> core("区创新发展和人才服务基地专项经费") == core("区创新发展和人才服务基地专项")
    True
    """
    return _PROJECT_WORDS.sub("", _YEAR.sub("", bare(text)))


def bare_title(text: str) -> str:
    """A statement's title without year and table number: equal from year to year.

    >>> bare_title("2024年部门支出预算总表") == bare_title("2023 年部门支出预算总表（表三）")
    True
    """
    return _TABLE_NUMBER.sub("", _YEAR.sub("", normalise(text)))


def titled(statement: Statement) -> str:
    """The statement's title with what it is about, where a document prints a form many times."""
    return f"{statement.title}（{statement.subject}）" if statement.subject else statement.title


_FUND: Final = re.compile(
    r"(一般公共预算|政府性基金|国有资本经营)(?:预算)?(?:财政)?(?:拨款)?(?:收入|资金)?"
)


def fund(text: str) -> str | None:
    """The budget an income line names, however it is put; None for any other line.

    Districts, and one district in two years, print 一般公共预算, 一般公共预算资金 and
    一般公共预算财政拨款收入 for one and the same line (财预〔2016〕143号 names the four budgets).

    >>> fund("1.一般公共预算资金") == fund("1. 一般公共预算") == "一般公共预算"
    True
    """
    found = _FUND.fullmatch(bare(text))
    return found[1] if found else None
