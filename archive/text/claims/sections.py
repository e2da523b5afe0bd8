"""Headings → the section of the explanation: which statement it explains."""

from __future__ import annotations

import re
from typing import Final

from archive.forms import plain

__all__ = ["section"]

_SECTIONS: Final = (
    ("definitions", r"名词解释|主要职[能责]|功能分类科目"),
    ("sangong", r'"三公"'),
    ("operating", r"机关运行经费"),
    ("procurement", r"政府采购"),
    ("services", r"购买服务"),
    ("assets", r"国有资产"),
    ("performance", r"绩效"),
    ("soe", r"国有资本经营"),
    ("fund", r"政府性基金"),
    ("basic", r"一般公共预算(财政拨款)?基本支出"),
    ("general", r"一般公共预算"),
    ("fiscal", r"财政拨款收(入支出|支)"),
    ("projects", r"^项目支出"),
    ("total", r"收(入支出|支)"),
    ("income", r"收入"),
    ("expenditure", r"支出"),
    ("guide", r"预算编制说明"),
    ("other", r"情况说明|其他|附件|概况|项目|机构|构成"),
)
_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _SECTIONS)


def section(heading: str) -> str | None:
    """The section a heading opens, or None if it opens none that is known.

    The headings follow 财预〔2016〕143号 and the cities' models; the first that fits counts, for
    the more special words come first ("一般公共预算基本支出" before "一般公共预算").
    """
    text = plain(heading)
    return next((name for name, pattern in _PATTERNS if pattern.search(text)), None)
