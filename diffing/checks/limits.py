"""What checks allow for, and what they leave alone: told with the rules wherever those are."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["LEFT", "TOLERANCES", "Left", "Tolerance"]

_ID: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d\d(?!\d)")


class Tolerance(NamedTuple):
    """What a class of tolerance lets pass."""

    allowed: str
    name_en: str
    allowed_en: str


class Left(NamedTuple):
    """Something that is not checked, and why: it cannot be told surely from what is printed."""

    what: str
    why: str
    what_en: str
    why_en: str

    def touches(self, rule_id: str) -> bool:
        """Whether it speaks of that rule, of which it marks a limit."""
        return rule_id in _ID.findall(self.what + self.why)


TOLERANCES: Final = {
    "求和尾差": Tolerance(
        "n 个印出的数相加，允许相差 0.005×(n+1)（按印出的最后一位缩放）；印出的 0.00 不计",
        "rounding of sums",
        "where n printed figures are added, 0.005×(n+1) (by the last digit printed); a printed 0.00"
        " does not count",
    ),
    "重复列示": Tolerance(
        "同一数量印出两次，允许相差较粗一方最后一位的一个单位",
        "printed twice",
        "where one quantity is printed twice, one unit of the last digit of the coarser print",
    ),
    "百分比区间": Tolerance(
        "由各数可能的范围算出百分比的范围；末位舍去（不进位）也算尾差",
        "range of a percentage",
        "all that the figures can have been before they were rounded; a last digit that was cut off"
        " counts as rounding",
    ),
    "文字": Tolerance("没有容差", "exact words", "no difference"),
}
"""By the name that rules give them."""

LEFT: Final = (
    Left(
        "缺少应公开的报表，作为不符",
        "没有认出的表不等于没有印出的表；只在其余报表齐全、各页都能读出、全文没有提到时作为提示"
        "（S01）",
        "A statement that must be published is missing, as a contradiction",
        "a table that was not recognised may have been printed; S01 notes it only where all the "
        "others are there, every page could be read and no text speaks of it",
    ),
    Left(
        "表中没有单位（元、万元）",
        "没有读到不等于没有印出；该表金额一律不换算，并注明“单位不明”；单位写错而数字相同的，由 "
        "S07 指出",
        "A table has no unit (元, 万元)",
        "not read does not mean not printed; no amount of the table is converted, and the unit "
        "is called unknown; a wrong unit over the same digits is found by S07",
    ),
    Left(
        "目录与正文的标题一致、附表编号连续、标题重复（S06）",
        "目录多由模板生成，用语与正文标题各不相同，断号常是删去了不涉及的表；跨页的标题会印两次，"
        "页眉也会被读成标题",
        "Contents agree with headings, annexes are numbered through, a heading is repeated (S06)",
        "contents come from templates and word headings in their own way, numbers are left out "
        "with tables that do not apply; headings are printed again on the next page, and running "
        "heads are read as headings",
    ),
    Left(
        "重复的行、没有名称的行（S11）",
        "同名同额的行可以是两个单位、两个项目；名称为空也可能是合并单元格；照印出的列示，求和由 "
        "I01 核对",
        "Rows that are repeated or have no name (S11)",
        "rows of one name and amount may be two units or two projects; a name may be empty "
        "because cells are merged; they are shown as printed, and I01 checks the sums",
    ),
    Left(
        "绩效表没有填的栏（S12）",
        "空栏可以是不适用，也可能是跨页、合并单元格；只核对写明“≥”而未达到、又没有原因的指标"
        "（X17）",
        "Columns of performance forms that are not filled in (S12)",
        "empty may mean not applicable, a break of the page or merged cells; checked is only a "
        "target with “≥” that was missed without a reason (X17)",
    ),
    Left(
        "绩效表张数与文中所说个数（S13）",
        "一个项目可以分几张表，几个单位可以各填一张，文中可以只说重点项目或一级项目；同名项目的金"
        "额由 X12 核对",
        "The number of performance forms is the number the text speaks of (S13)",
        "one project may have several forms, several units may fill in one each, the text may "
        "count main projects only; amounts of projects of one name are checked by X12",
    ),
    Left(
        "自评各项得分之和等于总分",
        "同一格可以含几项指标的得分，漏读一行就会误报；只核对得分不高于分值",
        "The points of a self-assessment add up to its total",
        "one cell may hold the points of several indicators, and one line not read would be a "
        "false alarm; checked is only that no indicator scores more than it weighs",
    ),
    Left(
        "自评执行数之和等于项目支出决算（X16）",
        "自评可以只含本级资金或重点项目，也可以含上级转移支付和往年结转",
        "What self-assessments spent is the final account's project expenditure (X16)",
        "they may cover the agency's own money or main projects only, or hold transfers from "
        "above and money carried over",
    ),
    Left(
        "整体绩效目标表与部门收支总表不一致",
        "部门的表可以只含本级；只有单位的文件才据以指出",
        "The whole performance form differs from a department's summary table",
        "a department's form may cover the department alone; only a unit's document is held "
        "against it",
    ),
    Left(
        "整体绩效目标表所列项目之和",
        "可以只列重点项目；只核对同名项目的金额",
        "The projects of the whole performance form add up",
        "it may list main projects only; checked are the amounts of projects of one name",
    ),
    Left(
        "测算依据中的算式（a×b＝c）",
        "人数、次数、单位写法不一，不能可靠地读成算式",
        "Arithmetic in the basis of an estimate (a×b＝c)",
        "people, times and units are written in too many ways to be read surely",
    ),
    Left(
        "功能科目与经济科目成对相等（养老、医疗、公积金，X08）",
        "编外人员的缴费、公务员医疗补助可以列入其他款（如 30199、30307），两者可合理地不同；真实"
        "文件中有此一例，其余各对都相等，写错时由 I01、X05 指出",
        "Functional and economic items come in equal pairs (pensions, health insurance, housing "
        "fund, X08)",
        "contributions for staff outside the establishment and medical subsidies may stand under "
        "other items (30199, 30307), so the two may rightly differ; one real document does, and "
        "in all others they agree; I01 and X05 find what is misprinted",
    ),
    Left(
        "“三公”经费与基本支出中的对应款相等",
        "项目支出也可列支“三公”，只核对基本支出不大于“三公”经费（X09）；教学科研人员出国不计入“三"
        "公”，30212 不核对",
        "The three public expenses equal their items in basic expenditure",
        "project money may pay for them too; checked is only that basic expenditure holds no "
        "more than their table (X09); travel of teaching and research staff does not count, so "
        "30212 is not checked",
    ),
    Left(
        "机关运行经费等于公用经费，事业单位列示机关运行经费（X10）",
        "是否参照公务员法管理，文件中没有印出；有的区把部分项目支出计入，有的只计行政单位",
        "Operating expenses of organs equal running costs; an institution shows none (X10)",
        "whether an institution is run by the Civil Servant Law is not printed; some districts "
        "count project money in, some only administrative units",
    ),
    Left(
        "部门等于所属单位之和（D08）",
        "由 `mingzhang diff 部门 --as units` 逐行列示；内部往来可以合理地冲减，不作为不符",
        "A department is the sum of its units (D08)",
        "`mingzhang diff DEPARTMENT --as units` lists it row by row; transfers within may "
        "rightly be struck out",
    ),
    Left(
        "“三公”经费的全年预算数与年初预算数一致",
        "全年预算数经过调整；只在表注写明为年初预算数时核对（D06），文中所引上年数由 D01、D03 核对",
        "The full-year plan of the three public expenses is the original plan",
        "the full-year plan has been adjusted; checked only where a note calls it the original "
        "one (D06); what the text quotes of last year is checked by D01 and D03",
    ),
    Left(
        "采购、资产、车辆的上年数",
        "口径与时点各年不同",
        "Last year's figures of procurement, assets and vehicles",
        "what is counted, and when, differs from year to year",
    ),
    Left(
        "应公开的日期（D10）",
        "由 `mingzhang coverage` 按各区日历列示",
        "The day by which to publish (D10)",
        "`mingzhang coverage` shows it by each district's calendar",
    ),
    Left(
        "指标上年值与上年自评的实际完成值",
        "指标名称与计量逐年改写，没有可靠的对应",
        "Last year's value of an indicator is last year's self-assessment",
        "names and measures of indicators are reworded each year, and nothing pairs them surely",
    ),
)
"""Their Chinese stands in docs/rules.md."""
