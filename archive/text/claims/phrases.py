"""The words before a figure → what it speaks of, of which year, and compared with what."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from archive.model import Basis, Direction, Reference

__all__ = [
    "Change",
    "Phrase",
    "Words",
    "change",
    "direction",
    "execution",
    "numbering",
    "piece",
    "share",
]

_UP: Final = "增加|增长|上升|提高|提升|增多|调增|净增|递增|增幅|涨幅|(?<![至最不较])多"
_DOWN: Final = (
    "减少|下降|降低|压减|压缩|缩减|下调|下滑|回落|调减|核减|净减|递减|降幅|(?<![至最不较])少"
)
_CHANGE: Final = re.compile(
    r"(?:同比|各|均|分别|净)*"
    rf"(?P<word>(?:{_UP}|{_DOWN}|持平|一致)(?:[（(/](?:{_UP}|{_DOWN})[）)]?)*)"
    r"(?:了|额|幅度|幅|率|支出|经费|预算|资金|金额|费用)?(?:约|为)?$"
)
_DIRECTIONS: Final = (
    (re.compile(rf"^(?:{_UP}|大于|高于|多于)"), Direction.UP),
    (re.compile(rf"^(?:{_DOWN}|小于|低于|少于)"), Direction.DOWN),
    (re.compile(r"^(?:基本)?持平|^(?:无|没有|未|一致|相同|等于)"), Direction.SAME),
)
_SHARE: Final = re.compile(
    r"占(?P<whole>[^，,；;。：:占]*?)的?(?:比重|比例|比率|比)?(?:为|达|约)?$"
)
_PLANNED: Final = re.compile(r"(?:年初|全年|调整)预算数?")
_EXECUTION: Final = re.compile(
    r"(?:完成(?P<of>[^，,；;。]{0,14}?)的?|[为是占](?P<plan>(?:年初|全年|调整)?预算数?)的"
    r"|(?:执行|完成)率(?:为|达|约)?)$"
)
_BASES: Final = {
    "年初预算": Basis.ORIGINAL,
    "全年预算": Basis.FULL_YEAR,
    "调整预算": Basis.FULL_YEAR,
    "预算执行": Basis.EXECUTION,
    "执行": Basis.EXECUTION,
    "预算": Basis.BUDGET,
    "决算": Basis.FINAL,
}
_BASIS: Final = r"年初预算|全年预算|调整预算|预算执行|执行|预算|决算"
_PLAN: Final = re.compile(_BASIS)
_TAIL: Final = re.compile(
    rf"(?:当年)?(?P<basis>{_BASIS})(?P<form>数|金额|安排|总额)?(?P<verb>分?别?各?均?为|是)?$"
)
_CARRIED_OUT: Final = re.compile(r"完成(?P<basis>年初预算|全年预算|调整预算|预算)数?$")
_VERB: Final = re.compile(
    r"(?:人民币|(?:增加|增长|提高|减少|下降|降低|调整)(?:到|至|为)|均为|各为|分别为|合计为|共计|共有|达到|为|是|约|共|达|[:：])$"
)
_YEAR: Final = re.compile(r"(20\d\d)年(?:度)?的?(?!\d{1,2}月)")
_LAST: Final = re.compile(r"(?:上一?年度?|去年)的?(?=(?:年初)?(?:预算|决算|执行))")
_THEN: Final = re.compile(r"(?:上一?年度?|去年|前一年度?)(?:同期|全年)?数?")
"""A subject of its own: the year before's figure of what was spoken of."""
_AS_OF: Final = re.compile(r"截[至止]\s*(20\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?")
_THIS: Final = re.compile(r"本年度?|当年度?")
_AGAINST: Final = re.compile(
    r"(?:相比|对比|与|同|比|较)(?P<ref>(?P<year>20\d\d)年度?|(?P<last>上一?年度?|去年|前一年度?)|上一度)"
    r"(?:[（(][^（）()]*[）)])?(?:当年)?(?:部门|单位)?"
    rf"(?P<basis>{_BASIS})?(?:数|金额)?(?:相比)?"
)
_OWN_YEAR: Final = re.compile(
    r"(?:(?P<cur>支出决算|决算|执行)数?)?(?:与|同|比|较)(?P<basis>年初预算|全年预算|调整预算|预算)数?"
)
_BUDGET: Final = re.compile(r"(年初预算|全年预算|调整预算|预算)数?")
_NUMBERING: Final = re.compile(
    r"(?P<cn>[（(][一二三四五六七八九十]+[）)])|(?P<cnd>[一二三四五六七八九十]+、)"
    r"|(?P<d>\d{1,2}(?:[.．](?!\d)|[.．](?=20\d\d年)|、))|(?P<pd>[（(]\d{1,2}[）)])|(?P<c>[①-⑳])"
)
_LEAD: Final = re.compile(
    r"^(?:其中[:：,，]?|[一二三四五六七八九]?是|具体包括|包括|分别为|以及|累计|共有|共计|共|[由从](?!中小|小微|市|区|县)|[和及并、，,\s]|项目名称)+"
)
_QUOTED: Final = re.compile(r'^["“”](.+)["“”]((?:科目)?)$')
_OWNER: Final = re.compile(
    r"^(?:[（(](?:部门|汇总|单位|本级|本部|部门[/／]单位|单位[/／]部门|部门[（(]单位[）)])[）)])?"
    r"(?:(?:本级|本部(?!门))(?!项目|支出|安排|财政|资金))?(?:部门[（(]单位[）)])?(?:所属各预算单位)?"
    r"(?:[我本]?(?:部门|单位))?"
)
"""Who it is a figure of; but 本级项目 are a part of 项目, beside those of other levels."""
_NOTE: Final = re.compile(r"[（(](?:以合同签订为准|不含[^（）()]*|含[^（）()]*)[）)]$")
_BREAKS: Final = "，,；;：:。"
_SURE: Final = 5
"""An agency's name of this many characters is known wherever a phrase starts with it."""
_GENERIC: Final = frozenset(
    {"", "项目", "支出", "其", "全年", "预算", "决算", "同比", "累计", "涉及"}
)


class Change(NamedTuple):
    """A direction word before a figure."""

    start: int
    word: str
    direction: Direction | None


class Phrase(NamedTuple):
    """What the words before a figure say."""

    subject: str
    year: int | None
    basis: Basis | None


def direction(word: str) -> Direction | None:
    """The direction a word names; None for a word and its opposite ("下降（增长）")."""
    if "（" in word or "(" in word or "/" in word:
        return None
    return next((to for pattern, to in _DIRECTIONS if pattern.match(word)), None)


def change(left: str) -> Change | None:
    """The direction word that ends `left`, if one does."""
    match = _CHANGE.search(left)
    if match is None:
        return None
    return Change(match.start(), match["word"], direction(match["word"]))


def share(left: str) -> tuple[int, str] | None:
    """Where "占…的" begins at the end of `left`, and what the share is of."""
    match = _SHARE.search(left)
    if match is None or _PLANNED.fullmatch(match["whole"]):
        return None
    return match.start(), match["whole"]


def execution(left: str) -> tuple[int, str] | None:
    """Where "完成…的" begins at the end of `left`, and what was to be carried out."""
    match = _EXECUTION.search(left)
    return (match.start(), match["of"] or match["plan"] or "") if match else None


def numbering(text: str) -> tuple[str, int]:
    """The style of a paragraph's list number ("" for none) and where the text after it begins."""
    match = _NUMBERING.match(text)
    return (match.lastgroup or "", match.end()) if match else ("", 0)


def piece(head: str) -> str:
    """The words that name the subject: back to the last comma or colon outside brackets.

    A clause that ends in 的 belongs to the next: "由中小企业成交的，采购金额" is one subject.

    >>> piece("与2023年度相比，收入支出总计")
    '收入支出总计'
    """
    depth, joins = 0, "的"
    for at in range(len(head) - 1, -1, -1):
        char = head[at]
        if char in "）)":
            depth += 1
        elif char in "（(":
            depth = max(depth - 1, 0)
        elif char in _BREAKS and depth == 0:
            if not (at and char in "，," and head[at - 1] in joins):
                return head[at + 1 :]
            joins = "的中"
    return head


class Words:
    """Reads phrases of one document: its agency's name and its year are known."""

    def __init__(self, agency: str | None, year: int | None, basis: Basis | None) -> None:
        self.year = year
        self.basis = basis
        """What a figure of this kind of document is, nothing else said."""
        self._agency = _agency(agency) if agency else None
        self.phrase = lru_cache(maxsize=512)(self._phrase)

    def _phrase(self, piece: str) -> Phrase:
        """Take a piece of text before a figure apart; an empty subject says nothing of its own."""
        text = piece.strip()
        text = text.rpartition("情况说明")[2] or text
        text = _LEAD.sub("", text[numbering(text)[1] :])
        text = _AS_OF.sub("", text).lstrip("，, ")
        text = _OWN_YEAR.sub(_outcome, _AGAINST.sub("", text)).removesuffix("较年初")
        year = self._year_of(text)
        text = _LAST.sub("", _YEAR.sub("", text)).strip("，, ")
        text, basis = self._basis(text)
        text = _LEAD.sub("", self._owned(text))
        text = _NOTE.sub("", _VERB.sub("", _NOTE.sub("", text)))
        text = self._plain(text)
        if _THEN.fullmatch(text) and self.year is not None:
            return Phrase("", self.year - 1, basis)
        return Phrase("" if text in _GENERIC else text, year, basis)

    def _year_of(self, text: str) -> int | None:
        years = _YEAR.findall(text)
        if years:
            return int(years[-1])
        if self.year is None:
            return None
        if _THIS.match(text):
            return self.year
        return self.year - 1 if _LAST.search(text) else None

    def _basis(self, text: str) -> tuple[str, Basis | None]:
        carried_out = _CARRIED_OUT.search(
            text
        )  # "完成预算3.00万元的83.33%" is no subject of its own
        if carried_out:
            return text[: carried_out.start()], _BASES[carried_out["basis"]]
        match = _TAIL.search(text)
        if match is None:
            text = _NOTE.sub("", _VERB.sub("", text))
            match = _TAIL.search(text)
        if match is None:
            return text, None
        basis = _BASES[match["basis"]]
        if basis is Basis.BUDGET and not match["form"] and not match["verb"]:
            return text, basis
        return text[: match.start()], basis

    def _owned(self, text: str) -> str:
        if self._agency is not None:
            text = self._agency.sub("", text, count=1)
        return _OWNER.sub("", text) or text

    @staticmethod
    def _plain(text: str) -> str:
        text = text.strip("，,、:： ")
        quoted = _QUOTED.match(text)
        if quoted and "“" not in quoted[1][1:]:
            return quoted[1]
        return text

    def base(self, head: str) -> tuple[int | None, Basis | None] | None:
        """Year and basis of a figure that something is compared with; None where it is no such.

        "比2023年度900万元增长11%", "较年初预算1万元减少0.5万元": 900 and 1 are not this year's.
        """
        text = piece(head).rstrip("的为 ")
        last = next((m for m in reversed(list(_AGAINST.finditer(text)))), None)
        if last is not None and last.end() == len(text) and not text.endswith("相比"):
            year = int(last["year"]) if last["year"] else self.year and self.year - 1
            return year, _BASES[last["basis"]] if last["basis"] else None
        planned = _OWN_YEAR.search(text)
        if planned is not None and planned.end() == len(text):
            return None, _BASES[planned["basis"]]
        return None

    def against(self, left: str) -> Reference | None:
        """What the last comparison in `left` compares with."""
        found = list(_AGAINST.finditer(left))
        if not found:
            return None
        last = found[-1]
        year = int(last["year"]) if last["year"] else None
        if last["last"] and self.year is not None:
            year = self.year - 1
        basis = _BASES[last["basis"]] if last["basis"] else self.basis
        return Reference(last[0], year, basis)

    def stated_year(self, head: str) -> tuple[int | None, bool]:
        """The last year stated before a figure, comparisons aside, and whether it is a date.

        "截至2024年12月31日" dates a state; it is not the year of an account.
        """
        as_of = _AS_OF.search(head)
        if as_of:
            return int(as_of[1]), True
        years = _YEAR.findall(_AGAINST.sub("", head))
        return (int(years[-1]) if years else None), False

    def budget_after(self, text: str, at: int) -> Reference | None:
        """The budget named right after 大于, 小于 or 等于."""
        match = _BUDGET.match(text, at)
        return Reference(match[0], self.year, _BASES[match[1]]) if match else None

    def planned(self, left: str) -> Reference | None:
        """The same year's budget, where an outcome is compared with it (决算数与预算数 …)."""
        match = _OWN_YEAR.search(left)
        return Reference(match[0], self.year, _BASES[match["basis"]]) if match else None

    def execution_of(self, words: str) -> Reference | None:
        """What a percentage of execution is a percentage of; 预算 leaves open which."""
        match = _PLAN.search(words)
        return Reference(words, self.year, _BASES[match[0]]) if match else None


def _outcome(match: re.Match[str]) -> str:
    return match["cur"] or ""


def _agency(name: str) -> re.Pattern[str]:
    """The name at the start of a phrase, also without the province, city or district before it.

    A short rest of it (财政局) must be followed by what only follows a name: "办公室经费" is not
    an office and its expenses.
    """
    tails = [name[at:] for at in range(max(len(name) - 2, 1))]
    long = "|".join(re.escape(tail) for tail in tails if len(tail) >= _SURE or tail == name)
    short = "|".join(re.escape(tail) for tail in tails if len(tail) < _SURE)
    alternatives = f"(?:{long})" + (f"|(?:{short})(?=共有|20|年|部门|单位|[（(])" if short else "")
    return re.compile(rf"^(?:.{{0,12}}?[省市区县])?(?:{alternatives})")
