"""docs/rules.md, written from the rules themselves: `make rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from archive.model import Kind, Statement
from diffing.checks.limits import LEFT, TOLERANCES
from diffing.checks.model import Rule, Severity
from diffing.checks.rules import RULES

__all__ = ["REASONS", "example", "explained", "markdown"]

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
_HEAD: Final = """# 核对规则 · Rules of `mingzhang check`

由规则本身生成（`make rules`），请勿手改。Written from the rules themselves; do not edit.

每条规则自带两个例子：一个必须报出，一个必须不报；测试逐条运行。
Each rule carries an example that must fire and one that must not; the tests run every one.

**六种结果，全部计数**：成立、尾差、不符、不适用、无法判断（说明原因）、规则出错。没有印出的数从不当作零；求和时空白的组成项按没有计，
并列出。 Six outcomes, all counted. Nothing missing becomes zero.

**容差**：

| 名称 | 规则 |
|---|---|
{tolerances}
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
            f"   报出：{example(rule.fires.prose, rule.fires.statements)}",
            f"   不报：{example(rule.silent.prose, rule.silent.statements)}",
        )
    )


def _forms(rule: Rule) -> str:
    if not rule.forms:
        return "文字说明"
    return "各报表" if "*" in rule.forms else "、".join(f"`{form}`" for form in rule.forms)


def example(prose: tuple[str, ...], statements: tuple[Statement, ...]) -> str:
    """An example on one line: its sentences without their headings, or its rows."""
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


def _tolerances() -> str:
    return "".join(f"| {name} | {one.allowed} |\n" for name, one in TOLERANCES.items())


def markdown() -> str:
    """docs/rules.md as it must be."""
    parts = [
        _HEAD.replace("{tolerances}", _tolerances()),
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
            f"- 报出：{example(rule.fires.prose, rule.fires.statements)}\n"
            f"- 不报：{example(rule.silent.prose, rule.silent.statements)}\n"
        )
    parts.append("\n## 未判断的原因\n\n| 代码 | 意思 |\n|---|---|\n")
    parts += [f"| `{code}` | {text} |\n" for code, text in REASONS.items()]
    parts.append(
        "\n## 不核对的内容\n\n由印出的内容不能确定的，不设规则：\n\n| 内容 | 原因 |\n|---|---|\n"
    )
    parts += [f"| {what} | {why} |\n" for what, why, *_ in LEFT]
    return "".join(parts)


if __name__ == "__main__":
    PATH.write_text(markdown(), "utf-8")
