"""How two writings of one agency's name are seen to be the same: by rule, never by likeness.

A name is folded (compatibility forms, CJK radicals, brackets, quotes, white space), its division
prefix is shortened to 区, and the marks that say who reports (本级, 本部, 汇总, 部门, 单位) are
read as a level. Whatever differs after that is another name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import msgspec

from archive.model import Level

__all__ = ["Division", "Written", "fold", "written"]


class Division(msgspec.Struct, frozen=True):
    """A county-level division by its GB/T 2260 code."""

    code: str
    name: str
    province: str
    city: str
    shared: bool = False
    """True when another place in the country bears the same name, so that the name alone does not
    identify the division (普陀区 is in Shanghai and in Zhoushan)."""


class Written(msgspec.Struct, frozen=True):
    """A name as it is looked up: the key, and the level its own marks state."""

    key: str
    level: Level | None


# PDF text often carries code points of the "CJK Radicals Supplement" in place of the character.
# NFKC leaves that block alone (it only folds the Kangxi radicals), so the pairs stand here:
# Unicode's EquivalentUnifiedIdeograph.txt, the radicals that are characters of their own.
_RADICALS: Final = str.maketrans(
    "⺁⺄⺈⺊⺌⺎⺏⺐⺒⺓⺔⺕⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺲⺶⺹⺺⺻⺼⺽⺾⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙刀卜小兀尣尢巳幺彑彐心扌攵旡日月歺母民氵氺灬爫丬牛犭王疋目示礻竹糹纟罒羊耂肀聿肉臼艹虎衤覀西见角讠贝车辶邑钅長镸长门阝雨青韦页风飞食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
_INVISIBLE: Final = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]+")
_QUOTES: Final = str.maketrans("", "", "\"'“”‘’「」『』《》〈〉＂＇")
_BRACKETS: Final = str.maketrans("[]【】〔〕{}", "()()()()")
_OWN: Final = re.compile(r"\(?(?:机关)?(?:本级|本部)\)?$")
_LEVELS: Final = {
    "(汇总)": Level.DEPARTMENT,
    "(部门)": Level.DEPARTMENT,
    "(单位)": Level.UNIT,
}
# Bodies whose names put their own title before the division: the short forms in use.
_LEADS: Final = {
    "中国共产党": "",
    "中共": "",
    "中国人民政治协商会议": "政协",
    "政协": "政协",
    "中国共产主义青年团": "共青团",
    "共青团": "共青团",
    "": "",
}


def fold(text: str) -> str:
    """`text` without what varies in print: width, CJK radicals, white space, quotes, bracket shape.

    >>> fold("东⻄湖区（ 本级 ）")
    '东西湖区(本级)'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_RADICALS)
    return _INVISIBLE.sub("", plain).translate(_QUOTES).translate(_BRACKETS)


def written(name: str, division: Division) -> Written:
    """The lookup key of a name within a division, and the level the name itself states.

    上海市普陀区财政局, 普陀区财政局 and 区财政局 are one key; （本级） and （本部） mean the
    unit of the department itself; （汇总） means the department with its units.
    """
    plain = fold(name)
    level: Level | None = None
    for mark, stated in _LEVELS.items():
        if plain.endswith(mark):
            plain, level = plain.removesuffix(mark), stated
    if own := _OWN.search(plain):
        plain, level = plain[: own.start()], Level.UNIT
    return Written(_shortened(plain, division), level)


def _shortened(plain: str, division: Division) -> str:
    match = _prefix(division).match(plain)
    if match is None:
        return plain
    place = division.name[-1]
    rest = plain[match.end() :]
    # 区委员会办公室 and 区委办公室 are the same office of the district committee.
    if rest.startswith("委员会"):
        rest = "委" + rest.removeprefix("委员会")
    return _LEADS[match["lead"]] + place + rest


@cache
def _prefix(division: Division) -> re.Pattern[str]:
    leads = "|".join(sorted((re.escape(lead) for lead in _LEADS if lead), key=len, reverse=True))
    place = re.escape(division.name[-1])
    full = "".join(
        f"(?:{re.escape(part)})?" for part in dict.fromkeys((division.province, division.city))
    )
    # Without the district's own name only 区… or 区委… directly after a lead is a prefix.
    return re.compile(rf"(?P<lead>{leads}|)(?:{full}{re.escape(division.name)}|{place}(?=\w))")
