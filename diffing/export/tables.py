"""The tables of changes and findings, in the words of archive/export/tables.py."""

from __future__ import annotations

from typing import Final

from archive.export.columns import Column, Origin, Type
from archive.export.tables import COVERAGE, DOCUMENTS, LINE_ITEMS, Table, borrowed, column

__all__ = ["CHANGES", "FINDINGS", "TABLES"]

_T, _I, _D, _B = Type.TEXT, Type.INTEGER, Type.DECIMAL, Type.BOOLEAN
_O = Origin


def _side(prefix: str, says: str, chinese: str) -> tuple[Column, ...]:
    return (
        column(f"{prefix}_text", _T, _O.PRINTED, f"{says} as printed.", f"{chinese}数字，照原文。"),
        column(f"{prefix}_mark", _T, _O.READ, f"{says}: printed, blank, dash or unreadable; "
               "empty where there is no such cell.", f"{chinese}单元格的情形；没有该格则为空。"),
        column(f"{prefix}_unit", _T, _O.PRINTED, f"Unit of {says.lower()}.", f"{chinese}单位。"),
        column(f"{prefix}_value", _D, _O.READ, f"{says} in its own unit.",
               f"{chinese}数值，按原单位。", unit=f"{prefix}_unit"),
        column(f"{prefix}_yuan", _D, _O.DERIVED, f"{says} in 元.", f"{chinese}数值，以元计。",
               unit="元"),
        column(f"{prefix}_certainty", _T, _O.READ, f"How surely {says.lower()} was read.",
               f"{chinese}数字的可靠程度。"),
        column(f"{prefix}_page", _I, _O.READ, f"Page of {says.lower()}.", f"{chinese}所在页。"),
        column(f"{prefix}_row", _I, _O.READ, f"Row of {says.lower()}.", f"{chinese}所在行。"),
        column(f"{prefix}_column", _I, _O.READ, f"Column of {says.lower()}.",
               f"{chinese}所在列。"),
    )  # fmt: skip


CHANGES: Final = Table(
    name="changes",
    title="Changes",
    chinese="变化",
    says="One row a figure or passage that differs between two versions of a document, or between "
    "it and the document of the year before.",
    says_chinese="一行一处不同：同一文件的两个版本之间，或与上一年度文件之间。",
    columns=(
        column("document", _T, _O.DERIVED, "The later document.", "后一份文件的编号。"),
        *borrowed("division", "agency", "agency_name", "level", "year", "kind"),
        column("comparison", _T, _O.DERIVED, "revision (two versions of one document) or year "
               "(with the year before).", "revision 同一文件两个版本，year 与上一年度相比。"),
        column("revision", _T, _O.TRAIL, "Commit that brought the later file in, of two versions; "
               "both may have been read anew since. Compared with the year before, as `version`.",
               "带来后一版本的提交，其后两边可能重新识读；与上一年度相比时同 version。"),
        *borrowed("version", "original", "extractor"),
        column("old_document", _T, _O.DERIVED, "The earlier document.", "前一份文件的编号。"),
        column("old_version", _T, _O.TRAIL, "Commit of the earlier side.", "前一版本的提交。"),
        column("old_original", _T, _O.TRAIL, "sha256 of the earlier file.",
               "前一原件的 sha256。"),
        column("old_extractor", _T, _O.READ, "What read the earlier file.", "前一文件的读取程序。"),
        column("change", _I, _O.DERIVED, "Number of the change in the comparison, from 1: what "
               "happened to one row, statement or passage.", "变化在该次比较中的序号。"),
        column("part", _I, _O.DERIVED, "Number of the figure or passage in the change; 0 where "
               "none differs.", "该变化中的第几个数字或文字；0 为没有。"),
        column("what", _T, _O.DERIVED, "What happened, the gravest first, apart by spaces: "
               "changed, new, dropped, unread, unmatched …", "变化的类别，以空格分隔。"),
        column("significance", _T, _O.DERIVED, "headline, report or list.", "重要程度。"),
        column("certainty", _T, _O.READ, "The less sure of both sides.", "两边中较低的可靠程度。"),
        *borrowed("form", "title", "side", "code", "name", "depth", "total"),
        column("measure", _T, _O.READ, "Canonical name of the money column.", "金额栏的规范名称。"),
        column("cell", _T, _O.DERIVED, "number, or why the two do not compare as numbers: mark, "
               "unreadable, unit-unknown, no-column, unread, unmatched, other-layout, other-basis.",
               "number 数字不同；其他值说明为何不能按数字相比。"),
        *_side("old", "The earlier figure", "前一"),
        *_side("new", "The later figure", "后一"),
        column("difference", _D, _O.DERIVED, "Later minus earlier in 元, exact; empty where the "
               "two do not compare.", "后减前，以元计；不能相比则为空。", unit="元"),
        column("percent", _D, _O.DERIVED, "Of the earlier figure, half up to two decimals; empty "
               "where that is nothing or one is negative.", "增减幅度，四舍五入至两位小数。",
               unit="%"),
        column("field", _T, _O.DERIVED, "What kind of text differs: prose, name, code, title …",
               "文字变化的类别。"),
        column("old_passage", _T, _O.PRINTED, "The text as it stood.", "原文字。"),
        column("new_passage", _T, _O.PRINTED, "The text as it stands.", "现文字。"),
        column("unread_pages", _T, _O.READ, "Pages on which the other side may stand unread.",
               "另一边可能未读出的页。"),
    ),
    key=("document", "revision", "version", "old_version", "change", "part"),
    references=(("document", "documents"),),
    sought=("significance", "agency"),
)  # fmt: skip

FINDINGS: Final = Table(
    name="findings",
    title="Findings",
    chinese="核对发现",
    says="One row a contradiction that `mingzhang check` finds in a document; what a person called "
    "wrong is left out.",
    says_chinese="一行一处不符；经人工认定为误报的不列。",
    columns=(
        column("document", _T, _O.DERIVED, "The document it is in.", "所在文件的编号。"),
        *borrowed("division", "agency", "agency_name", "level", "year", "kind"),
        *borrowed("version", "original", "extractor"),
        column("number", _I, _O.DERIVED, "Number in the document, from 1; material ones first.",
               "在该文件中的序号，重大者在前。"),
        column("key", _T, _O.DERIVED, "Key of the finding, as `check` and `judge` use it.",
               "发现的编号。"),
        column("cause", _I, _O.DERIVED, "Findings with one number have one root cause.",
               "同一原因的发现此数相同。"),
        column("rule", _T, _O.DERIVED, "Rule, as in docs/rules.md.", "规则编号（见 rules.md）。"),
        column("severity", _T, _O.DERIVED, "material or minor.", "material 重大，minor 一般。"),
        column("sureness", _T, _O.DERIVED, "sure, or likely where a reading is not sure.",
               "sure 确定，likely 读数不完全可靠。"),
        column("sentence", _T, _O.DERIVED, "What does not agree, in Chinese.", "说明（中文）。"),
        column("sentence_en", _T, _O.DERIVED, "What does not agree, in English.", "说明（英文）。"),
        column("stated", _T, _O.PRINTED, "What is stated.", "文中所述。"),
        column("expected", _T, _O.DERIVED, "What would agree.", "应为。"),
        column("difference", _D, _O.DERIVED, "The difference; empty where there is none in "
               "numbers.", "差额；不是数字则为空。", unit="unit"),
        column("tolerance", _D, _O.DERIVED, "What may be rounding.", "允许的尾差。", unit="unit"),
        column("unit", _T, _O.PRINTED, "Unit of the difference.", "差额的单位。"),
        column("title", _T, _O.PRINTED, "Title of the statement; empty for prose.",
               "报表标题；文字说明则为空。"),
        column("name", _T, _O.PRINTED, "The line item, or what the prose speaks of.",
               "所在行或文中所指。"),
        column("measure", _T, _O.READ, "Canonical name of the money column.", "金额栏的规范名称。"),
        column("text", _T, _O.PRINTED, "The figure or words as printed.", "数字或文字，照原文。"),
        column("quotation", _T, _O.PRINTED, "The sentence, for prose, from the name on.",
               "原句，自所指名称起。"),
        column("page", _I, _O.READ, "Page it is printed on, from 1.", "所在页。"),
        column("row", _I, _O.READ, "Ruled row of the page's table, from 1.", "所在行。"),
        column("column", _I, _O.READ, "Column of the page's table, from 1.", "所在列。"),
        column("certainty", _T, _O.READ, "The least sure of all places.",
               "所涉各处中最低的可靠程度。"),
        column("places", _T, _O.READ, "All places it is about, as JSON.", "所涉各处（JSON）。"),
        column("verdict", _T, _O.DERIVED, "What a person made of it: confirmed or explained; empty "
               "where nobody looked.", "人工核实结论；未核实则为空。"),
        column("verdict_reason", _T, _O.DERIVED, "Why.", "理由。"),
        column("verdict_day", Type.DATE, _O.DERIVED, "When.", "日期。"),
    ),
    key=("document", "number"),
    references=(("document", "documents"),),
    sought=("rule", "severity"),
)  # fmt: skip

TABLES: Final = (DOCUMENTS, LINE_ITEMS, CHANGES, FINDINGS, COVERAGE)
"""Every table of an export, those that are referred to first."""
