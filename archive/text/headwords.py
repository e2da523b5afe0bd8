"""What a head says: which words head codes, names and the measures of a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.forms import Form, plain
from archive.text import columns
from archive.text.columns import Leaf, Role

_ACROSS: Final = re.compile(
    r"(20\d\d年?)?(合计|小计|因公出国\(境\)(费用?|经费)?|公务接待(费用?|经费)?"
    r"|(公务用车)?(购置|运行(维护)?|购置(费)?[及和]运行(维护)?)(费用?|经费)?"
    r"|(财政拨款|一般公共预算)?\"三公\"经费(合计|预算数|决算数)?|机关运行经费(预算数|决算数)?"
    r"|(年初|全年)?预算数|决算数)"
)
"""Heads of the tables that print 因公出国, 公务用车 and 公务接待 side by side."""
_CARS: Final = re.compile(r"小计|购置|运行")
_MEASURE: Final = re.compile(r"(预算数|决算数)$")
_NOT_CARS: Final = re.compile(r"合计|因公|公务接待|机关")
_KEY: Final = re.compile(
    r"[部门单位政府性基金预算支出收入功能经济性质分类科目项款编码代名称一般公共按和的()/、]+|行次|序号|栏次"
)
"""Heads of codes and names are made of these characters, without 数, 额 or 计."""


def may_go_across(text: str) -> bool:
    """Whether a text may head columns of a table that prints its items side by side."""
    return bool(_ACROSS.fullmatch(text))


def role_of(path: Sequence[str], forms: Sequence[Form]) -> tuple[Role, bool]:
    """What a column headed so holds by any of the forms, and whether one of them names it."""
    leaf = Leaf(0, 0, tuple(path))
    for form in forms:
        columns.assign([leaf], form)
        if leaf.role is not Role.MONEY:
            own = {plain(text) for texts in form.columns.values() for text in texts}
            last = plain(path[-1])
            return leaf.role, last in own or bool(_KEY.fullmatch(last))
        if _known_money(path, form):
            return Role.MONEY, True
    return Role.MONEY, False


def _known_money(path: Sequence[str], form: Form) -> bool:
    """Whether a form has a measure under this path or the lower end of it."""
    if form.across and all(_ACROSS.fullmatch(plain(part)) for part in path):
        measured = form.default_measure or any(_MEASURE.search(part) for part in path)
        return bool(measured) and _goes_across([plain(part) for part in path])
    return columns.measured(path, form)


def _goes_across(path: Sequence[str]) -> bool:
    """Whether heads one below the other name one item of 三公经费: 小计 stands below 公务用车."""
    cars = [level for level, part in enumerate(path) if part.startswith("公务用车")]
    within = path[cars[0] + 1 :] if cars else path
    if cars:
        return not any(_NOT_CARS.match(part) for part in within)
    return not any(_CARS.match(part) for part in within)
