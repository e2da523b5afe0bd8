"""Lists of economic items in the prose (主要包括：…) against the economic table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from archive.forms.equations import Cell, Sheet
from archive.model import Mark, Paragraph
from archive.register import codes
from archive.register.wording import wording
from diffing.checks.case import Case, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_LIST: Final = re.compile(
    r"(?P<head>人员经费|日常公用经费|公用经费)[\d,.，]*\s*(?:万元|元)[，,、]?"
    r"(?:主要|具体)?(?:包括|用于)[：:]?(?P<items>[^。；;]+)"
)
_BETWEEN: Final = re.compile(r"[、，,]")
_STAFF: Final = frozenset({"301", "303"})
_MANY: Final = 3
_LITTLE: Final = Decimal(10)
"""万元."""
_ECONOMIC_ITEM: Final = 2


def _run(case: Case) -> Iterator[Check]:
    table = case.sheet("basic_economic")
    for paragraph in case.document.prose:
        for match in _LIST.finditer(paragraph.text):
            if table is None:
                yield Check(Outcome.NOT_APPLICABLE, "absent")
            else:
                yield _listed(case, paragraph, match, table)


def _listed(case: Case, paragraph: Paragraph, match: re.Match[str], table: Sheet) -> Check:
    staff = match["head"] == "人员经费"
    rows = [
        n
        for n, item in enumerate(table.items)
        if codes.level(item.code) == _ECONOMIC_ITEM and (item.code[:3] in _STAFF) is staff
    ]
    known = {wording(table.items[n].name): n for n in rows}
    names = [name.strip() for name in _BETWEEN.split(match["items"]) if name.strip()]
    found = [(name, known[key]) for name in names if (key := wording(name)) in known]
    if len(found) < len(names) / 2:
        return Check(Outcome.UNDECIDABLE, "row-unknown")
    empty = [(name, n) for name, n in found if _nothing(table, n)]
    if empty and case.imaged(table.statement):
        return Check(Outcome.UNDECIDABLE, "recognised")
    if any(_unreadable(table, n) for _, n in found):
        return Check(Outcome.UNDECIDABLE, "unreadable")
    if any(_printed(table, n) for _, n in empty) and not _prints_zeros(table, rows):
        return Check(Outcome.UNDECIDABLE, "zero")
    if not empty:
        return Check(Outcome.HOLDS)
    named = {n for _, n in found}
    left = [table.items[n].name for n in rows if n not in named and not _nothing(table, n)]
    said = "、".join(name for name, _ in empty)
    beside = f"；表中有金额而文字未列：{'、'.join(left)}" if left else ""
    places = [case.place(cell) for _, n in empty for cell in _cells(table, n)[:1]]
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(Place(page=paragraph.page, name=match["head"], text=said, quotation=match[0]),),
            there=tuple(places),
            stated=said,
            expected=f"表中对应金额为空或为零{beside}",
            ties=frozenset({("list", paragraph.page, match["head"])}),
        ),
    )


def _cells(table: Sheet, row: int) -> list[Cell]:
    return [cell for m in table.items[row].amounts if (cell := table.cell(row, m)) is not None]


def _nothing(table: Sheet, row: int) -> bool:
    return not any(amount.value for amount in table.items[row].amounts.values())


def _prints_zeros(table: Sheet, rows: list[int]) -> bool:
    """Does it print every row, nothing as 0.00? Else 0.00 may be a little that was rounded.

    So it may where all of them together are little.
    """
    zeros = sum(_printed(table, n) and _nothing(table, n) for n in rows)
    figures = [figure_of(cell) for n in rows for cell in _cells(table, n)[:1]]
    total = sum((figure.value for figure in figures if figure is not None), Decimal(0))
    every = all(_printed(table, n) for n in rows)
    return every and zeros >= _MANY and total >= _LITTLE


def _printed(table: Sheet, row: int) -> bool:
    return any(a.value is not None for a in table.items[row].amounts.values())


def _unreadable(table: Sheet, row: int) -> bool:
    return any(a.mark is Mark.UNREADABLE for a in table.items[row].amounts.values())


_TABLE: Final = sheet(
    "final.basic_economic",
    line("工资福利支出", "301", 决算数="9.00"),
    line("基本工资", "30101", 决算数="9.00"),
    line("奖金", "30103", 决算数=""),
    line("人员经费合计", 决算数="9.00"),
)


def _example(items: str) -> Example:
    return Example(
        prose=(
            "## 六、一般公共预算财政拨款基本支出决算情况说明",
            f"其中：人员经费9.00万元，主要包括：{items}；公用经费0.00万元。",
        ),
        statements=(_TABLE,),
    )


RULES: Final = (
    Rule(
        id="N11",
        title="文字所列经济科目在表中有金额",
        title_en="Economic items listed in the text have money in the table",
        formula="文字列举的款＝经济分类表中有金额的款",
        tolerance="文字",
        severity=Severity.MINOR,
        source="财预〔2016〕143号：基本支出公开到经济分类款级",
        says="文字“{name}”列举了“{stated}”，{expected}",
        says_en="the text lists “{stated}” under “{name}”; the table has nothing there",
        run=_run,
        fires=_example("基本工资、奖金"),
        silent=_example("基本工资"),
    ),
)
