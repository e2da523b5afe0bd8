"""docs/rules.md, written from the rules themselves: `make rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from archive.model import Kind, Statement
from diffing.checks.model import Rule, Severity
from diffing.checks.rules import RULES

__all__ = ["REASONS", "explained", "markdown"]

PATH: Final = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
_KINDS: Final = {Kind.BUDGET: "预算", Kind.FINAL: "决算"}
_SEVERITIES: Final = {Severity.MATERIAL: "重大", Severity.MINOR: "一般", Severity.INFO: "提示"}
REASONS: Final = {
    "absent": "本文件没有这类内容",
    "agency-unknown": "读不出本单位名称",
    "base-unsaid": "没有可比的基数",
    "base-zero": "上年数为零，无法计算幅度",
    "change-unsaid": "没有写明增减额",
    "code-doubtful": "科目编码不能说明该行归属",
    "column-unknown": "表中有不认识的金额栏",
    "damaged": "文件公开前由机器从纸上识读，此处数字或文字已受损",
    "direction-unsaid": "没有写明方向",
    "empty": "单元格为空",
    "kind": "不适用于这类文件",
    "kind-unknown": "读不出是预算还是决算",
    "name-unknown": "名称与本单位差别较大，可能是另一单位",
    "no-document": "没有可对照的文件",
    "no-figure": "没有数字",
    "not-empty": "不是空表",
    "one-blank": "两处之一为空",
    "page-unread": "有页面没有完整读出",
    "part-unsaid": "没有写明所指的部分",
    "parts-blank": "各组成项均为空",
    "parts-unsaid": "组成项没有列全",
    "plan-unsaid": "没有写明预算数",
    "plan-zero": "预算数为零，无法计算完成率",
    "recognised": "数字由图像识别得到，未经确认",
    "row-unknown": "找不到对应的行",
    "scope-differs": "两表合计不同，口径不同",
    "several": "可能所指不止一处",
    "structure-doubtful": "各行的从属关系不明",
    "tables-elsewhere": "缺少的报表较多，可能另行公开",
    "total-blank": "合计为空",
    "unbound": "文字没有指向确定的单元格",
    "unit-unknown": "单位不明",
    "unreadable": "印有不能识读的内容",
    "whole-unsaid": "没有写明总体",
    "whole-zero": "总体为零",
    "year-unknown": "读不出文件年度",
    "year-unsaid": "没有写明年度",
    "year-unusual": "年度不常见，但不足以断定",
    "zero": "金额为零",
}
"""Why a check was not asked or not decided, by its code."""
_NOT_MADE: Final = (
    (
        "缺少应公开的报表，作为不符",
        "没有认出的表不等于没有印出的表；只在其余报表齐全、各页都能读出、全文没有提到时作为提示（S01）",
    ),
    (
        "表中没有单位（元、万元）",
        "没有读到不等于没有印出；该表金额一律不换算，并注明“单位不明”；"
        "单位写错而数字相同的，由 S07 指出",
    ),
    (
        "目录与正文的标题一致、附表编号连续、标题重复（S06）",
        "目录多由模板生成，用语与正文标题各不相同，断号常是删去了不涉及的表；"
        "跨页的标题会印两次，页眉也会被读成标题",
    ),
    (
        "重复的行、没有名称的行（S11）",
        "同名同额的行可以是两个单位、两个项目；名称为空也可能是合并单元格；"
        "照印出的列示，求和由 I01 核对",
    ),
    (
        "绩效表没有填的栏（S12）",
        "空栏可以是不适用，也可能是跨页、合并单元格；只核对写明“≥”而未达到、又没有原因的指标（X17）",
    ),
    (
        "绩效表张数与文中所说个数（S13）",
        "一个项目可以分几张表，几个单位可以各填一张，文中可以只说重点项目或一级项目；"
        "同名项目的金额由 X12 核对",
    ),
    (
        "自评各项得分之和等于总分",
        "同一格可以含几项指标的得分，漏读一行就会误报；只核对得分不高于分值",
    ),
    (
        "自评执行数之和等于项目支出决算（X16）",
        "自评可以只含本级资金或重点项目，也可以含上级转移支付和往年结转",
    ),
    ("整体绩效目标表与部门收支总表不一致", "部门的表可以只含本级；只有单位的文件才据以指出"),
    ("整体绩效目标表所列项目之和", "可以只列重点项目；只核对同名项目的金额"),
    ("测算依据中的算式（a×b＝c）", "人数、次数、单位写法不一，不能可靠地读成算式"),
    (
        "功能科目与经济科目成对相等（养老、医疗、公积金，X08）",
        "编外人员的缴费、公务员医疗补助可以列入其他款（如 30199、30307），两者可合理地不同；"
        "真实文件中有此一例，其余各对都相等，写错时由 I01、X05 指出",
    ),
    (
        "“三公”经费与基本支出中的对应款相等",
        "项目支出也可列支“三公”，只核对基本支出不大于“三公”经费（X09）；"
        "教学科研人员出国不计入“三公”，30212 不核对",
    ),
    (
        "机关运行经费等于公用经费，事业单位列示机关运行经费（X10）",
        "是否参照公务员法管理，文件中没有印出；有的区把部分项目支出计入，有的只计行政单位",
    ),
    (
        "部门等于所属单位之和（D08）",
        "由 `mingzhang diff 部门 --as units` 逐行列示；内部往来可以合理地冲减，不作为不符",
    ),
    (
        "“三公”经费的全年预算数与年初预算数一致",
        "全年预算数经过调整；只在表注写明为年初预算数时核对（D06），文中所引上年数由 D01、D03 核对",
    ),
    ("采购、资产、车辆的上年数", "口径与时点各年不同"),
    ("应公开的日期（D10）", "由 `mingzhang coverage` 按各区日历列示"),
    ("指标上年值与上年自评的实际完成值", "指标名称与计量逐年改写，没有可靠的对应"),
)
"""What is not checked, and why: none of it can be told surely from what is printed."""
_HEAD: Final = """# 核对规则 · Rules of `mingzhang check`

由规则本身生成（`make rules`），请勿手改。Written from the rules themselves; do not edit.

每条规则自带两个例子：一个必须报出，一个必须不报；测试逐条运行。
Each rule carries an example that must fire and one that must not; the tests run every one.

**六种结果，全部计数**：成立、尾差、不符、不适用、无法判断（说明原因）、规则出错。没有印出的数从不当作零；求和时空白的组成项按没有计，
并列出。 Six outcomes, all counted. Nothing missing becomes zero.

**容差**：

| 名称 | 规则 |
|---|---|
| 求和尾差 | n 个印出的数相加，允许相差 0.005×(n+1)（按印出的最后一位缩放）；印出的 0.00 不计 |
| 重复列示 | 同一数量印出两次，允许相差较粗一方最后一位的一个单位 |
| 百分比区间 | 由各数可能的范围算出百分比的范围；末位舍去（不进位）也算尾差 |
| 文字 | 没有容差 |

**把握**：数字取自文字层为“确定”；靠对齐读出，或由图像识别并经勾稽确认的，降一级并注明；由图像识别而未经确认的，不据以指出不符。

"""


def explained(rule: Rule) -> str:
    """All that is known of a rule, for a terminal."""
    kinds = "、".join(_KINDS[kind] for kind in rule.kinds)
    forms = _forms(rule)
    return "\n".join(
        (
            f"{rule.id} {rule.title}",
            f"   {rule.title_en}",
            f"   适用：{kinds}；{forms}",
            f"   规则：{rule.formula}",
            f"   容差：{rule.tolerance}",
            f"   程度：{_SEVERITIES[rule.severity]}",
            f"   依据：{rule.source}",
            f"   报出：{_example(rule.fires.prose, rule.fires.statements)}",
            f"   不报：{_example(rule.silent.prose, rule.silent.statements)}",
        )
    )


def _forms(rule: Rule) -> str:
    if not rule.forms:
        return "文字说明"
    return "各报表" if "*" in rule.forms else "、".join(f"`{form}`" for form in rule.forms)


def _example(prose: tuple[str, ...], statements: tuple[Statement, ...]) -> str:
    said = [text for text in prose if not text.startswith("#")] or list(prose)
    if said:
        return " ".join(text.lstrip("# ") for text in said)
    rows = []
    for statement in statements:
        for item in statement.items:
            cells = "，".join(f"{m} {a.text or '空'}" for m, a in item.amounts.items())
            rows.append(f"{item.name}（{cells}）")
        rows += list(statement.notes)
        rows += [statement.title] if statement.year else []
    return "；".join(rows)


def markdown() -> str:
    """docs/rules.md as it must be."""
    parts = [
        _HEAD,
        f"共 {len(RULES)} 条。\n\n| 规则 | 名称 | 程度 | 容差 | 适用 |\n|---|---|---|---|---|\n",
    ]
    parts += [
        f"| [{r.id}](#{r.id.lower()}) | {r.title} | {_SEVERITIES[r.severity]} | {r.tolerance} "
        f"| {'、'.join(_KINDS[k] for k in r.kinds)} |\n"
        for r in RULES
    ]
    for rule in RULES:
        forms = _forms(rule)
        parts.append(
            f"\n## {rule.id}\n\n**{rule.title}** · {rule.title_en}\n\n"
            f"- 规则：{rule.formula}\n- 报表：{forms}\n- 容差：{rule.tolerance}\n"
            f"- 程度：{_SEVERITIES[rule.severity]}\n- 依据：{rule.source}\n"
            f"- 报出：{_example(rule.fires.prose, rule.fires.statements)}\n"
            f"- 不报：{_example(rule.silent.prose, rule.silent.statements)}\n"
        )
    parts.append("\n## 未判断的原因\n\n| 代码 | 意思 |\n|---|---|\n")
    parts += [f"| `{code}` | {text} |\n" for code, text in REASONS.items()]
    parts.append(
        "\n## 不核对的内容\n\n由印出的内容不能确定的，不设规则：\n\n| 内容 | 原因 |\n|---|---|\n"
    )
    parts += [f"| {what} | {why} |\n" for what, why in _NOT_MADE]
    return "".join(parts)


if __name__ == "__main__":
    PATH.write_text(markdown(), "utf-8")
