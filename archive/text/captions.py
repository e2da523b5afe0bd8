"""What is printed around a table to caption it: its unit, its number, who reports, when."""

from __future__ import annotations

import re
from typing import Final

from archive.model import Unit
from archive.text.lines import tight

__all__ = ["ENTITY", "TABLE_NUMBER", "UNIT", "is_caption", "unit_in"]

UNIT: Final = re.compile(
    r"(?:金额|计量|货币|数额)?单\s*位\s*[:：]\s*(人民币)?\s*(万元|元|亿元|千元|百万元)"
)
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


def is_caption(text: str) -> bool:
    """Whether a line names the unit, the agency that reports or the date, and nothing else."""
    flat = tight(text)
    return unit_in(text) is not None or bool(ENTITY.match(flat) or _DATE.match(flat))
