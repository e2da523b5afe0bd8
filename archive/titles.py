"""What a title or a file name says about a budget or a final account, and nothing it does not say.

Titles are short and formulaic: a year, an agency, 部门 or 单位, 预算 or 决算, and some words about
publishing. They are read by that grammar. Digits are a year only before 年 or 年度, or as a lone
20xx that touches 预算 or 决算; dates, running numbers and the numbers portals give to attachments
never are.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from archive.model import Kind, Level
from archive.register import fold

__all__ = ["Title", "read_title"]


class Title(msgspec.Struct, frozen=True):
    """What was read; a property is None where the title does not say or says two things."""

    agency: str | None = None
    """The text standing where the agency's name belongs, directly before the account's words."""
    others: tuple[str, ...] = ()
    """Texts that may be its name where nothing stands there ("2025年部门预算-普陀区财政局")."""
    levels: frozenset[Level] = frozenset()
    years: frozenset[int] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    part: str | None = None
    """The word that shows a part of an account or another paper (三公, 绩效, 调整, 草案 …)."""
    correction: bool = False
    """Marked as a corrected or supplemented publication (更正, 修订, 更新, 补充 …)."""

    @property
    def level(self) -> Level | None:
        """The one level stated."""
        return next(iter(self.levels)) if len(self.levels) == 1 else None

    @property
    def year(self) -> int | None:
        """The one fiscal year stated."""
        return next(iter(self.years)) if len(self.years) == 1 else None

    @property
    def kind(self) -> Kind | None:
        """The one kind stated."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the title says twice and differently, in words."""
        doubts = []
        if len(self.years) > 1:
            doubts.append(f"states several years ({', '.join(map(str, sorted(self.years)))})")
        if len(self.kinds) > 1:
            doubts.append("speaks of a budget and of a final account")
        if len(self.levels) > 1:
            doubts.append("says both department (部门) and unit (单位, 本级)")
        return tuple(doubts)


_YEAR_DIGITS: Final = r"20[0-9]{2}"
_LEVEL_MARKS: Final = r"\((?:部门|单位|本级|本部|汇总)\)"
_WHO: Final = rf"(?:区级|县级|市级|年初|本级|部门|单位|收支|财政|{_LEVEL_MARKS}|及|和|、|/)*"
_MARK_WORDS: Final = r"(?:更正|修订|修正|更新|补充|勘误|重新公开)(?:后|版|稿|说明|公开|公告|件|表)*"

_EXTENSION: Final = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|html?|zip|rar)$", re.IGNORECASE)
# White space between digits stays a border: closing "20 25" up would print a year of our own.
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)\s+(?=\d)")
_NUMERALS: Final = "〇一二三四五六七八九"
_CHINESE_YEAR: Final = re.compile(
    r"(?<![〇零○一二三四五六七八九])二[〇零○][〇零○一二三四五六七八九]{2}(?=年)"
)
_DATE: Final = re.compile(
    rf"(?<!\d){_YEAR_DIGITS}(?:年[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?|([-./_])[0-9]{{1,2}}(?:\1[0-9]{{1,2}})?(?!\d))"
)
_SEVERAL_YEARS: Final = re.compile(
    rf"(?<!\d)({_YEAR_DIGITS})(?:年度?)?[-—–~至到、,和与及/]({_YEAR_DIGITS})(?=年)"
)
_YEAR: Final = re.compile(rf"(?<!\d)({_YEAR_DIGITS})年(?:度)?")
_LONE_YEAR: Final = re.compile(
    rf"(?<![0-9A-Za-z./_\-])({_YEAR_DIGITS})(?={_WHO}(?:预算|决算))"
    rf"|(?<=[预决]算)({_YEAR_DIGITS})(?![0-9A-Za-z./_\-年])"
)
# 预算 that names a kind of money or an activity, not the document.
_OTHER_BUDGET: Final = re.compile(
    r"预算(?:绩效|单位|主管部门|主管|管理|执行)|(?:一般公共|政府性基金|国有资本经营|财政拨款)预算"
)
_ACCOUNT: Final = re.compile(rf"{_WHO}(?:预决算|预算|决算)")
# A part of an account, published by itself, must not pass for the account.
_PART: Final = re.compile(r"三公|绩效|采购|购买服务|专项|项目支出|转移支付|债务")
_PART_BEFORE: Final = re.compile(rf"(?:{_PART.pattern})(?:经费|资金|支出)*(?:年度)?$")
_JOINED: Final = re.compile(r"[及和与、含][^\W\d]{0,8}$")
_OTHER_PAPER: Final = re.compile(r"调整|批复|草案|执行情况|预算执行")
_MARK_IN_BRACKETS: Final = re.compile(rf"\(已?{_MARK_WORDS}\)")
_MARK_AFTER: Final = re.compile(rf"(?:^|公开|表|说明|信息|的|[-_(]){_MARK_WORDS}(?=$|[-_):的])")
_MARK_BEFORE: Final = re.compile(rf"^(?:关于)?对?{_MARK_WORDS}")
_LEAD: Final = re.compile(
    rf"^(?:附件[0-9一二三四五六七八九十]*(?:-[0-9]+)?[:.、]?|[0-9]{{1,3}}[.、]|关于|对|公开|公布|公示"
    rf"|发布|{_MARK_WORDS}|\({_MARK_WORDS}\)|[:.、])+"
)
_TRAIL: Final = re.compile(rf"(?:关于|公开|公布|公示|发布|的|对|年度|\({_MARK_WORDS}\)|[:.、])+$")
_PIECES: Final = re.compile(r"[-_—–:;,|]+")
_NAME: Final = re.compile(r"[^\W\d_][\w()、·]{1,59}")
_OFFICE: Final = re.compile(
    r"(?:局|委|会|办|室|中心|院|校|学|园|队|所|站|馆|部|处|府|街道|镇|乡|社|本级|本部|\))$"
)


_LONGEST: Final = 500
"""Characters. The longest title seen has 60; a text beyond all measure is none."""


def read_title(text: str) -> Title:
    """Read one title or file name; a longer text than any title says nothing.

    >>> read_title("上海市普陀区财政局2024年度部门决算").year
    2024
    >>> read_title("P020250214393221078327.pdf").year is None
    True
    """
    if len(text) > _LONGEST:
        return Title()
    plain = _plain(text)
    spoken = _OTHER_BUDGET.sub(";", plain)
    account = _ACCOUNT.search(spoken)
    head, tail = (spoken[: account.start()], spoken[account.end() :]) if account else ("", spoken)
    agency, others = _agency(head, tail)
    return Title(
        agency=agency,
        others=others,
        levels=_levels(spoken, agency),
        years=_years(plain),
        kinds=_kinds(spoken),
        part=_part(plain, head, tail),
        correction=bool(
            _MARK_IN_BRACKETS.search(plain) or _MARK_AFTER.search(tail) or _MARK_BEFORE.match(plain)
        ),
    )


def _plain(text: str) -> str:
    bordered = _BETWEEN_DIGITS.sub("_", _EXTENSION.sub("", text.strip()))
    return _DATE.sub(";", _CHINESE_YEAR.sub(_in_digits, fold(bordered)))


def _in_digits(match: re.Match[str]) -> str:
    plain = match[0].replace("零", "〇").replace("○", "〇")
    return "".join(str(_NUMERALS.index(numeral)) for numeral in plain)


def _years(plain: str) -> frozenset[int]:
    found = _YEAR.findall(plain)
    found += [year for match in _SEVERAL_YEARS.findall(plain) for year in match]
    found += [first or second for first, second in _LONE_YEAR.findall(plain)]
    return frozenset(int(year) for year in found)


def _kinds(spoken: str) -> frozenset[Kind]:
    kinds = set()
    if "预算" in spoken or "预决算" in spoken:
        kinds.add(Kind.BUDGET)
    if "决算" in spoken:
        kinds.add(Kind.FINAL)
    return frozenset(kinds)


def _levels(spoken: str, agency: str | None) -> frozenset[Level]:
    words = "".join(_ACCOUNT.findall(spoken)) + (agency or "")[-4:]
    levels = set()
    if "部门" in words or "汇总" in words:
        levels.add(Level.DEPARTMENT)
    if "单位" in words or "本级" in words or "本部" in words:
        levels.add(Level.UNIT)
    return frozenset(levels)


def _part(plain: str, head: str, tail: str) -> str | None:
    other = _OTHER_PAPER.search(plain)
    before = _PART_BEFORE.search(head)
    if found := other or before:
        return found[0]
    for part in _PART.finditer(tail):
        if not _JOINED.search(tail[: part.start()]):
            return part[0]
    return None


def _agency(head: str, tail: str) -> tuple[str | None, tuple[str, ...]]:
    before = [name for piece in _PIECES.split(head) if (name := _name(piece))]
    if before:
        return before[-1], ()
    return None, tuple(
        name for piece in re.split(rf"{_PIECES.pattern}|[()]", tail) if (name := _name(piece))
    )


def _name(piece: str) -> str | None:
    """The agency's name a piece of a title may be; None where it cannot be one."""
    rest = _YEAR.sub("", piece)
    rest = re.sub(rf"(?<!\d){_YEAR_DIGITS}$", "", rest)
    rest = _TRAIL.sub("", _LEAD.sub("", rest))
    return rest if _NAME.fullmatch(rest) and _OFFICE.search(rest) else None
