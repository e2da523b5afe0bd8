"""The tables of an export, declared once: what a row is, its columns, its key, what it refers to.

Every format and docs/data.md take them from here. Changes and findings are declared where they are
made (diffing/export/), in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from archive.export.columns import COLUMNS, Column, Origin, Type

__all__ = ["COVERAGE", "DOCUMENTS", "LINE_ITEMS", "Record", "Table", "borrowed", "column"]

Record = tuple[str, Mapping[str, Any]]
"""The name of a table and one row of it, column → value; None where a column has none."""


class Table(msgspec.Struct, frozen=True):
    """One table."""

    name: str
    title: str
    chinese: str
    """Its title in Chinese."""
    says: str
    """What one row is."""
    says_chinese: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns whose values name a row."""
    references: tuple[tuple[str, str], ...] = ()
    """Column → the table whose key it holds, or is empty."""
    sought: tuple[str, ...] = ()
    """Columns by which rows are looked up."""

    def row(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in the order of the columns; None where one is not there."""
        return tuple(values.get(one.name) for one in self.columns)


def column(
    name: str,
    type_: Type,
    origin: Origin,
    meaning: str,
    chinese: str,
    *,
    unit: str = "",
) -> Column:
    """A column with all that is said of one."""
    return Column(name, type_, meaning, False, chinese, unit, origin)


_KNOWN: Final = {one.name: msgspec.structs.replace(one, partition=False) for one in COLUMNS}


def borrowed(*names: str) -> tuple[Column, ...]:
    """Columns that mean here what they mean in the table of line items."""
    return tuple(msgspec.structs.replace(_KNOWN[name], fiscal="") for name in names)


_T, _I, _B, _DAY, _AT = Type.TEXT, Type.INTEGER, Type.BOOLEAN, Type.DATE, Type.MOMENT
_O = Origin

DOCUMENTS: Final = Table(
    name="documents",
    title="Documents",
    chinese="文件",
    says="One row a document, as the archive has it now.",
    says_chinese="一行一份文件，按存档的最新版本。",
    columns=(
        *borrowed("document", "division"),
        column("division_name", _T, _O.REGISTER, "Name of the district.", "区划名称。"),
        *borrowed("agency", "agency_name", "agency_kind", "level", "year", "kind"),
        *borrowed("version", "original", "extractor", "published", "source"),
        column("article", _T, _O.TRAIL, "Address of the article that links to it.",
               "链接该文件的网页。"),
        column("observed", _AT, _O.TRAIL, "When this version was seen; by our clock.",
               "见到该版本的时间。"),
        column("withdrawn", _B, _O.TRAIL,
               "True where its article was found gone in two crawls a day apart.",
               "网页是否已撤下（相隔一日以上两次采集均不见）。"),
        column("versions", _I, _O.TRAIL, "Contents the publisher has shown so far.",
               "发布机关公布过的版本数。"),
        column("media_type", _T, _O.READ, "Media type of the file.", "文件类型。"),
        column("pages", _I, _O.READ, "Pages of the file.", "页数。"),
        column("statements", _I, _O.READ, "Statements read.", "读出的报表数。"),
        column("line_items", _I, _O.READ, "Line items read.", "读出的行数。"),
        column("figures", _I, _O.READ, "Cells of money columns, blank ones included.",
               "金额单元格数，含空白。"),
        column("unreadable", _I, _O.READ, "Of those, cells that hold something unreadable.",
               "其中不能识读的单元格数。"),
        column("unknown_tables", _I, _O.READ, "Tables that follow no known form: not among the "
               "line items.", "未能归入已知报表的表格数（不在明细中）。"),
        column("remarks", _T, _O.READ, "What there is to know about the reading: codes, as JSON.",
               "读取情况说明的代码（JSON）。"),
        column("certainty", _T, _O.READ, "The least sure reading of its figures; empty for none.",
               "其数字中最低的可靠程度；没有数字则为空。"),
    ),
    key=("document",),
    sought=("agency", "year"),
)  # fmt: skip

LINE_ITEMS: Final = Table(
    name="line_items",
    title="Line items",
    chinese="明细",
    says="One row a figure: one money column of one line item of a document.",
    says_chinese="一行一个数字：文件中一行的一个金额栏。",
    columns=tuple(msgspec.structs.replace(one, partition=False) for one in COLUMNS),
    key=("document", "statement", "item", "measure"),
    references=(("document", "documents"),),
    sought=("name_plain", "code", "agency"),
)

COVERAGE: Final = Table(
    name="coverage",
    title="Coverage",
    chinese="公开情况",
    says="One row an agency, year and kind: whether it was published, and on time.",
    says_chinese="一行一个部门的一个年度、一类文件：是否公开、是否按时。",
    columns=(
        *borrowed("division"),
        column("division_name", _T, _O.REGISTER, "Name of the district.", "区划名称。"),
        *borrowed("agency", "agency_name", "agency_kind", "level"),
        column("year", _I, _O.DERIVED, "Fiscal year.", "预算年度。"),
        column("kind", _T, _O.DERIVED, "budget (预算) or final (决算).",
               "budget 预算，final 决算。"),
        column("standing", _T, _O.DERIVED, "published, late, revised, withdrawn, missing, exempt "
               "or not-known. Nothing is late, withdrawn or missing where that is not known.",
               "published 已公开，late 逾期公开，revised 已修订，withdrawn 已撤回，"
               "missing 未见公开，exempt 免于公开，not-known 无法判断。"),
        column("on_time", _B, _O.DERIVED, "Whether it was published on time; empty where that is "
               "not known or nothing was published.", "是否按时；不知道或未见公开则为空。"),
        column("due", _DAY, _O.REGISTER, "Last day on time; empty where nothing tells.",
               "公开截止日；无从得知则为空。"),
        column("due_basis", _T, _O.DERIVED, "stated, answered, approved, batch (an estimate) or "
               "unknown.", "截止日的依据；batch 为估计。"),
        column("published", _DAY, _O.CLAIMED, "Earliest day the publisher claims.",
               "发布机关标注的最早公开日期。"),
        column("first_seen", _AT, _O.TRAIL, "When we saw it first.", "首次见到的时间。"),
        column("days_late", _I, _O.DERIVED, "Days after the due day.", "逾期天数。", unit="日"),
        column("versions", _I, _O.TRAIL, "Contents the publisher has shown so far.",
               "发布机关公布过的版本数。"),
        column("reason", _T, _O.DERIVED, "Why no more is said; empty where all is known.",
               "不能判断的原因。"),
        column("reason_portal", _T, _O.DERIVED, "The portal that is the reason.",
               "原因所涉的平台。"),
        column("reason_day", _DAY, _O.DERIVED, "The day that is the reason.", "原因所涉的日期。"),
        column("reason_detail", _T, _O.DERIVED, "What stood in the way of that portal's crawl, or "
               "how many documents are not filed.", "采集受阻的情形，或未能归档的文件数。"),
        column("exempt_source", _T, _O.REGISTER, "Where an exemption is said.",
               "免于公开的出处。"),
        column("document", _T, _O.DERIVED, "The document, where it is among the exported ones.",
               "文件编号（在导出之列时）。"),
        *borrowed("version", "original", "extractor", "source"),
    ),
    key=("division", "agency", "level", "year", "kind"),
    references=(("document", "documents"),),
    sought=("standing", "year"),
)  # fmt: skip
