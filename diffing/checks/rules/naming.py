"""Codes beside names in the tables; names of 项 in the glossary; names of projects in the prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

import msgspec

from archive.forms.equations import Sheet
from archive.forms.lines import bare
from archive.model import Kind, LineItem
from archive.register import codes
from archive.register.wording import wording
from diffing.checks.case import Case, figure_of
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_PATH: Final = re.compile(
    r"(?P<lei>[^（()）：:。；;\d.、]{1,30})[（(]类[）)](?P<kuan>[^（()）]{1,30}(?:[（(][^类款项]{1,12}?[）)][^（()）]{0,30})?)[（(]款[）)]"
    r"(?P<xiang>[^（()）]{1,30}(?:[（(][^类款项]{1,12}?[）)][^（()）]{0,30})?)[（(]项[）)][：:。]"
)
_GLOSSARY: Final = re.compile("名词解释")
_LIKE: Final = 0.5
_XIANG: Final = 7
_PROJECT: Final = re.compile(r"(?:专项)?项目$")
_CODE_REMARKS: Final = re.compile("code-name:|which is no ")


def _codes(case: Case) -> Iterator[Check]:
    for n, statement in enumerate(case.document.statements):
        for item in statement.items:
            if not codes.level(item.code):
                continue
            remark = next((r for r in item.remarks if _CODE_REMARKS.search(r)), None)
            if remark is None:
                yield Check(Outcome.HOLDS)
                continue
            place = Place(
                page=item.page or None,
                row=item.row or None,
                statement=statement.title,
                name=f"{item.code} {item.name}",
                text=f"{item.code} {item.name}",
            )
            ties: frozenset[tuple[object, ...]] = frozenset({("codes", n), ("code", item.code)})
            yield Check(
                Outcome.FAILS,
                found=Found(
                    here=(place,),
                    there=(),
                    stated=f"{item.code} {item.name}",
                    expected=_known(remark),
                    ties=ties,
                ),
            )


def _known(remark: str) -> str:
    """What the reading says of the code, put in Chinese."""
    match = re.search(r"is known as ([^;]+)", remark)
    return f"该编码的名称为“{match[1]}”" if match else "没有这样的编码"


def _glossary(case: Case) -> Iterator[Check]:
    table = case.sheet("general_function")
    if table is None:
        yield Check(Outcome.NOT_APPLICABLE, "absent")
        return
    named: list[tuple[int, re.Match[str]]] = []
    inside = False
    for paragraph in case.document.prose:
        inside = bool(_GLOSSARY.search(paragraph.text)) if paragraph.heading == 1 else inside
        if inside:
            named += [(paragraph.page, match) for match in _PATH.finditer(paragraph.text)]
    rows = [i for i in table.items if len(i.code) == _XIANG]
    said = {wording(match["xiang"]) for _, match in named}
    for page, match in named:
        yield _defined(case, table, rows, said, page, match)


def _defined(
    case: Case,
    table: Sheet,
    rows: list[LineItem],
    said: set[str],
    page: int,
    match: re.Match[str],
) -> Check:
    kuan, xiang = wording(match["kuan"]), wording(match["xiang"])
    parents = [i.code for i in table.items if wording(i.name) == kuan and len(i.code) == _XIANG - 2]
    below = [i for i in rows if i.code[:-2] in parents]
    if any(wording(i.name) == xiang for i in below):
        return Check(Outcome.HOLDS)
    left = [i for i in below if wording(i.name) not in said]
    alike = [i for i in left if _likeness(i.name, match["xiang"]) >= _LIKE]
    if len(left) != 1 or not alike:
        return Check(Outcome.NOT_APPLICABLE, "row-unknown")
    item = left[0]
    if case.own_name(item.code, match["xiang"]):
        return Check(Outcome.NOT_APPLICABLE, "code-doubtful")
    place = Place(page=page, name="名词解释", text=match["xiang"], quotation=match[0])
    row = table.items.index(item)
    cell = table.cell(row, next(iter(item.amounts)))
    return Check(
        Outcome.FAILS,
        found=Found(
            here=(place,),
            there=(case.place(cell),) if cell is not None else (),
            stated=match["xiang"],
            expected=f"{item.code} {item.name}",
        ),
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _projects(case: Case) -> Iterator[Check]:
    table = case.sheet("project")
    if table is None:
        yield Check(Outcome.NOT_APPLICABLE, "absent")
        return
    bound = {b.name for c in case.claims for b in c.bound if b.form == table.statement.form}
    for index, claim, figure in case.values:
        if not _PROJECT.search(claim.subject):
            continue
        if claim.bound:
            yield Check(Outcome.HOLDS)
            continue
        name = _PROJECT.sub("", bare(claim.subject))
        cells = [
            cell
            for n, item in enumerate(table.items)
            if not item.total
            and item.name not in bound
            and (cell := table.cell(n, "合计")) is not None
            and (printed := figure_of(cell)) is not None
            and printed.value == figure.value
            and _likeness(_PROJECT.sub("", bare(item.name)), name) >= _LIKE
        ]
        if len(cells) != 1:
            yield Check(Outcome.UNDECIDABLE, "row-unknown")
            continue
        yield Check(
            Outcome.FAILS,
            found=Found(
                here=(case.said(claim),),
                there=(case.place(cells[0]),),
                stated=claim.subject,
                expected=cells[0].name,
                ties=frozenset({("claim", index)}),
            ),
        )


def _economic(remarks: tuple[str, ...]) -> Example:
    item = msgspec.structs.replace(line("咨询费", "30202", 合计="2.00"), remarks=remarks)
    return Example(statements=(sheet("budget.basic_economic", item),), kind=Kind.BUDGET)


def _explained(xiang: str) -> Example:
    return Example(
        prose=(
            "# 第五部分 名词解释",
            f"住房保障支出(类)住房改革支出(款){xiang}(项)：反映向职工发放的租金补贴。",
        ),
        statements=(
            sheet(
                "final.general_function",
                line("住房保障支出", "221", 合计="5.97"),
                line("住房改革支出", "22102", 合计="5.97"),
                line("提租补贴", "2210202", 合计="5.97"),
            ),
        ),
    )


def _project(name: str) -> Example:
    return Example(
        prose=("## 十、项目支出安排情况", f"1.{name}项目60万元，主要用于举办活动。"),
        statements=(
            sheet(
                "budget.project",
                line("合计", 合计="60.00"),
                line("企业和人才活动经费", 合计="60.00"),
            ),
        ),
        kind=Kind.BUDGET,
    )


RULES: Final = (
    Rule(
        id="S05",
        title="科目编码与名称相符",
        title_en="A code and its name belong together",
        formula="表中编码的名称＝《政府收支分类科目》中该编码的名称",
        tolerance="文字",
        severity=Severity.MINOR,
        source="《政府收支分类科目》",
        says="{here}印作“{stated}”，{expected}",
        says_en="{here} prints “{stated}”, which is not the name of that code",
        run=_codes,
        fires=_economic(
            ("code-name: 30202 is known as 印刷费; the name printed is that of 30203",)
        ),
        silent=_economic(()),
        forms=("*",),
    ),
    Rule(
        id="N16",
        title="名词解释中的项与表中一致",
        title_en="The glossary names lines as the table does",
        formula="名词解释的类款项＝一般公共预算支出表中同款的项",
        tolerance="文字",
        severity=Severity.MINOR,
        source="《政府收支分类科目》",
        says="名词解释写作“{stated}（项）”，{there}为“{expected}”",
        says_en="the glossary explains “{stated}”, {there} prints “{expected}”",
        run=_glossary,
        fires=_explained("房租补贴"),
        silent=_explained("提租补贴"),
    ),
    Rule(
        id="N17",
        title="文字所述项目名称与项目支出表一致",
        title_en="A project is named in the text as in the table",
        formula="文字中的项目名称＝项目支出表中同一金额的项目名称",
        tolerance="文字",
        severity=Severity.MINOR,
        source="文字说明自身",
        says="文字写作“{stated}”，{there}同一金额的项目为“{expected}”",
        says_en="the text calls a project “{stated}”, {there} prints “{expected}”",
        run=_projects,
        fires=_project("企业人才活动经费"),
        silent=_project("企业和人才活动经费"),
        kinds=(Kind.BUDGET,),
    ),
)
