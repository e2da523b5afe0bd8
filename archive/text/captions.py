"""What is printed around a table to caption it: its unit, its number, who reports, when."""

from __future__ import annotations

import re
from typing import Final

from archive.forms import Form, identify
from archive.model import Unit
from archive.text.lines import tight

__all__ = ["ENTITY", "TABLE_NUMBER", "UNIT", "is_caption", "titled", "unit_in", "without_unit"]

UNIT: Final = re.compile(
    r"(?:金额|计量|货币|数额)?单\s*位\s*[:：]\s*(人民币)?\s*(万元|元|亿元|千元|百万元)"
)
_LABEL: Final = re.compile(rf"[（(]?\s*{UNIT.pattern}\s*[)）]?")
"""The label of a unit, in brackets or not."""
_UNITS: Final = {"元": Unit.YUAN, "万元": Unit.WAN}
ENTITY: Final = re.compile(
    r"^(编制|填报|预算|公开|编报|申报|填制|主管)?(部门|单位)([(（/](单位|部门)[)）]?)?(名称)?[:：]"
)
_DATE: Final = re.compile(r"^(填报|申报|编制)日期[:：]")
TABLE_NUMBER: Final = re.compile(
    r"^(公开|部门预算|单位预算|部门决算|单位决算|附)?\s*\d*\s*表\s*(\d*(-\d+)?|[一二三四五六七八九十]+)$"
    r"|^附[表件]\s*[\d一二三四五六七八九十]*$"
)


def unit_in(text: str) -> Unit | str | None:
    """The unit a label names: a Unit, the word itself where we do not know it, None without one."""
    match = UNIT.search(text)
    if match is None:
        return None
    return _UNITS.get(match[2], match[2])


def without_unit(text: str) -> str:
    """A line without the label of its unit, which may stand beside a title.

    >>> without_unit("2024年度收入决算表 （单位：万元）")
    '2024年度收入决算表'
    """
    return _LABEL.sub("", text).strip()


def titled(text: str, above: str = "") -> tuple[Form, ...]:
    """The forms whose title a line is or, with the line above it, ends; beside it may stand its
    unit."""
    bare = without_unit(text)
    return identify(bare) or (identify(without_unit(above) + bare) if above else ())


def is_caption(text: str) -> bool:
    """Whether a line names the unit, the agency that reports or the date, and nothing else."""
    flat = tight(text)
    return unit_in(text) is not None or bool(ENTITY.match(flat) or _DATE.match(flat))
