"""The table of line items: every column once, with its type and its meaning.

Whatever writes or describes the table takes it from here: Parquet to be asked by SQL, and every
format of `mingzhang export`. One row is one figure: one money column of one line item of one
document, as the archive has it now.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

__all__ = ["COLUMNS", "DIGITS", "SCALE", "Column", "Origin", "Type"]

DIGITS: Final = 38
"""Significant digits of a decimal, the most that Parquet and DuckDB hold exactly."""
SCALE: Final = 8
"""Decimal places of a decimal. A figure that needs more is left empty, and said; its text stays."""


class Type(StrEnum):
    """What a column holds. There is no floating point: money is exact."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    """A time of our clock, in UTC, to the second."""


class Origin(StrEnum):
    """Who says what a column holds."""

    PRINTED = "printed"
    """The document, as printed."""
    READ = "read"
    """The text stage, from the document."""
    CLAIMED = "claimed"
    """The publisher, of the document."""
    REGISTER = "register"
    TRAIL = "trail"
    """The commit: what was seen where, and when."""
    DERIVED = "derived"
    """The program, from other columns or documents."""


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column."""

    name: str
    type: Type
    meaning: str
    partition: bool = False
    """True where its value is the name of a folder, not part of the file."""
    chinese: str = ""
    """The meaning in Chinese."""
    unit: str = ""
    """元, %, 日 …; where every row has a unit of its own, the name of the column that states it."""
    origin: Origin = Origin.DERIVED
    fiscal: str = ""
    """Its ColumnType in the budget taxonomy of the Fiscal Data Package (1.0-rc.1)."""


def _column(
    name: str,
    type_: Type,
    origin: Origin,
    meaning: str,
    chinese: str,
    *,
    unit: str = "",
    fiscal: str = "",
    partition: bool = False,
) -> Column:
    return Column(name, type_, meaning, partition, chinese, unit, origin, fiscal)


_T, _I, _D, _B = Type.TEXT, Type.INTEGER, Type.DECIMAL, Type.BOOLEAN
_O = Origin

COLUMNS: Final = (
    _column("year", _I, _O.READ, "Fiscal year (预算年度) of the document.",
            "文件的预算年度。", fiscal="date:fiscal-year", partition=True),
    _column("division", _T, _O.REGISTER, "Division code of the district, GB/T 2260.",
            "行政区划代码（GB/T 2260）。", fiscal="geo:source:code", partition=True),
    _column("document", _T, _O.DERIVED, "Document id: division/agency/level/year/kind.",
            "文件编号：区划/部门/层级/年度/类别。"),
    _column("agency", _T, _O.REGISTER, "Agency id in the register; never changes.",
            "名录中的部门编号，永不改变。", fiscal="administrative-classification:generic:code"),
    _column("agency_name", _T, _O.REGISTER, "Newest registered name of the agency.",
            "部门在名录中的最新名称。", fiscal="administrative-classification:generic:label"),
    _column("agency_kind", _T, _O.REGISTER,
            "Kind of agency in the register; empty where it says none.",
            "名录中的机构类别；名录未载则为空。"),
    _column("level", _T, _O.READ, "Who reports: department (部门) or unit (单位).",
            "公开主体：department 部门，unit 单位。"),
    _column("kind", _T, _O.READ, "budget (预算) or final (决算).", "budget 预算，final 决算。"),
    _column("version", _T, _O.TRAIL, "Commit the figures were read from.",
            "数据所在的版本（git 提交）。"),
    _column("original", _T, _O.TRAIL, "sha256 of the published file.", "公开原件的 sha256。"),
    _column("extractor", _T, _O.READ, "What read it: reader and version.", "读取程序及其版本。"),
    _column("published", Type.DATE, _O.CLAIMED,
            "Date the publisher claims; empty where it claims none.",
            "发布机关标注的公开日期；未标注则为空。", fiscal="date:generic"),
    _column("source", _T, _O.TRAIL, "Address the file came from.", "文件的网址。"),
    _column("statement", _I, _O.DERIVED, "Number of the statement in the document, from 1.",
            "报表在文件中的序号，从 1 起。"),
    _column("form", _T, _O.READ, "Form id, such as budget.expenditure.",
            "报表种类，如 budget.expenditure（见术语表）。"),
    _column("title", _T, _O.PRINTED, "Title of the statement as printed.", "报表标题，照原文。"),
    _column("subject", _T, _O.PRINTED, "What a repeated form is about: a project, a unit.",
            "重复出现的报表所指的项目或单位。"),
    _column("item", _I, _O.DERIVED, "Number of the line item in the statement, from 1.",
            "行在报表中的序号，从 1 起。"),
    _column("side", _T, _O.PRINTED, "收入 or 支出 as printed, where the statement has sides.",
            "收入或支出（报表分栏时），照原文。", fiscal="direction"),
    _column("code", _T, _O.PRINTED, "Code as printed.", "科目编码，照原文。"),
    _column("name", _T, _O.PRINTED, "Name as printed.", "名称，照原文。"),
    _column("name_plain", _T, _O.DERIVED, "Name without spaces, quotes and widths, to group by.",
            "去掉空格、引号与全半角差别的名称，供归类。"),
    _column("depth", _I, _O.READ, "1 类, 2 款, 3 项 or outline level; 0 for totals.",
            "1 类，2 款，3 项，或缩进层次；合计为 0。"),
    _column("classification", _T, _O.READ, "functional, economic, unit, project or category.",
            "分类：functional 功能，economic 经济，unit 单位，project 项目，category 类别。"),
    _column("functional_code", _T, _O.DERIVED, "`code` where the row is classified by function.",
            "按功能分类的行的科目编码。", fiscal="functional-classification:generic:code"),
    _column("economic_code", _T, _O.DERIVED,
            "`code` where the row is classified by economic type.",
            "按经济分类的行的科目编码。", fiscal="economic-classification:generic:code"),
    _column("total", _B, _O.READ, "True for 合计, 小计, 总计.", "是否合计、小计、总计行。"),
    _column("occurrence", _I, _O.DERIVED, "Above 1 where code and name stand there more than once.",
            "同一编码和名称重复出现时的序次。"),
    _column("attributes", _T, _O.PRINTED, "Other printed cells of the row, as JSON.",
            "该行其他文字单元格（JSON）。"),
    _column("measure", _T, _O.READ, "Canonical name of the money column: 合计, 基本支出 …",
            "金额栏的规范名称：合计、基本支出……", fiscal="value-kind:code"),
    _column("phase", _T, _O.DERIVED,
            "approved (预算), adjusted (全年预算) or executed (决算); empty where the name of the "
            "money column does not say.",
            "approved 预算，adjusted 全年预算，executed 决算；栏名不能说明则为空。",
            fiscal="phase:id"),
    _column("text", _T, _O.PRINTED, "The figure as printed.", "数字，照原文。"),
    _column("mark", _T, _O.READ, "printed, blank, dash or unreadable: a blank is not a zero.",
            "printed 有数，blank 空白，dash 横线，unreadable 不能识读。空白不是零。"),
    _column("certainty", _T, _O.READ, "text, aligned, confirmed, recognised or unreadable.",
            "可靠程度：text 文字层，aligned 按对齐，confirmed 识别并经勾稽，recognised 识别，"
            "unreadable 不能识读。"),
    _column("unit", _T, _O.PRINTED, "元 or 万元; empty where none is stated.",
            "元或万元；未注明则为空。"),
    _column("value", _D, _O.READ, "The figure in its own unit; empty where it is no number.",
            "以报表单位计的数值；不是数字则为空。", unit="unit"),
    _column("yuan", _D, _O.DERIVED, "The figure in 元; empty without a number or a unit.",
            "以元计的数值；没有数字或单位则为空。", unit="元", fiscal="value"),
    _column("page", _I, _O.READ, "Page it is printed on, from 1.", "所在页，从 1 起。"),
    _column("row", _I, _O.READ, "Ruled row of the page's table, from 1.",
            "页内表格的行，从 1 起。"),
    _column("column", _I, _O.READ, "Column of the page's table, from 1; 0 where not known.",
            "页内表格的列，从 1 起；不知道则为 0。"),
)  # fmt: skip
