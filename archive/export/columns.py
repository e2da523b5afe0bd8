"""The table of line items: every column once, with its type and its meaning.

Whatever writes or describes the table takes it from here: Parquet now, others later. One row is one
figure: one money column of one line item of one document, as the archive has it now.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

__all__ = ["COLUMNS", "DIGITS", "SCALE", "Column", "Type"]

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


class Column(msgspec.Struct, frozen=True):
    """One column."""

    name: str
    type: Type
    meaning: str
    partition: bool = False
    """True where its value is the name of a folder, not part of the file."""


COLUMNS: Final = (
    Column("year", Type.INTEGER, "Fiscal year (预算年度) of the document.", partition=True),
    Column("division", Type.TEXT, "Division code of the district, GB/T 2260.", partition=True),
    Column("document", Type.TEXT, "Document id: division/agency/level/year/kind."),
    Column("agency", Type.TEXT, "Agency id in the register; never changes."),
    Column("agency_name", Type.TEXT, "Newest registered name of the agency."),
    Column("agency_kind", Type.TEXT, "Kind of agency in the register; empty where it says none."),
    Column("level", Type.TEXT, "Who reports: department (部门) or unit (单位)."),
    Column("kind", Type.TEXT, "budget (预算) or final (决算)."),
    Column("version", Type.TEXT, "Commit the figures were read from."),
    Column("original", Type.TEXT, "sha256 of the published file."),
    Column("extractor", Type.TEXT, "What read it: reader and version."),
    Column("published", Type.DATE, "Date the publisher claims; empty where it claims none."),
    Column("source", Type.TEXT, "Address the file came from."),
    Column("statement", Type.INTEGER, "Number of the statement in the document, from 1."),
    Column("form", Type.TEXT, "Form id, such as budget.expenditure."),
    Column("title", Type.TEXT, "Title of the statement as printed."),
    Column("subject", Type.TEXT, "What a repeated form is about: a project, a unit."),
    Column("item", Type.INTEGER, "Number of the line item in the statement, from 1."),
    Column("side", Type.TEXT, "收入 or 支出 as printed, where the statement has sides."),
    Column("code", Type.TEXT, "Code as printed."),
    Column("name", Type.TEXT, "Name as printed."),
    Column("name_plain", Type.TEXT, "Name without spaces, quotes and widths, to group by."),
    Column("depth", Type.INTEGER, "1 类, 2 款, 3 项 or outline level; 0 for totals."),
    Column("classification", Type.TEXT, "functional, economic, unit, project or category."),
    Column("total", Type.BOOLEAN, "True for 合计, 小计, 总计."),
    Column("occurrence", Type.INTEGER, "Above 1 where code and name stand there more than once."),
    Column("attributes", Type.TEXT, "Other printed cells of the row, as JSON."),
    Column("measure", Type.TEXT, "Canonical name of the money column: 合计, 基本支出 …"),
    Column("text", Type.TEXT, "The figure as printed."),
    Column("mark", Type.TEXT, "printed, blank, dash or unreadable: a blank is not a zero."),
    Column("certainty", Type.TEXT, "text, aligned, confirmed, recognised or unreadable."),
    Column("unit", Type.TEXT, "元 or 万元; empty where none is stated."),
    Column("value", Type.DECIMAL, "The figure in its own unit; empty where it is no number."),
    Column("yuan", Type.DECIMAL, "The figure in 元; empty without a number or a unit."),
    Column("page", Type.INTEGER, "Page it is printed on, from 1."),
    Column("row", Type.INTEGER, "Ruled row of the page's table, from 1."),
    Column("column", Type.INTEGER, "Column of the page's table, from 1; 0 where not known."),
)
