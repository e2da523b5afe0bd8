"""The tables of docs/data.md, written from their own definitions: `make data`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from archive.export.columns import SCALE, Column, Origin, Type
from archive.export.tables import Table
from archive.matrix import Reason, Standing
from archive.watch import Doubt, said
from diffing.export.tables import TABLES

__all__ = ["PATH", "markdown"]

PATH: Final = Path(__file__).resolve().parents[2] / "docs" / "data.md"
_TYPES: Final = {
    Type.TEXT: ("text", "TEXT", "string"),
    Type.INTEGER: ("whole number", "INTEGER", "int32"),
    Type.DECIMAL: ("decimal, every digit", "TEXT (and 分 as INTEGER)", f"decimal128(38, {SCALE})"),
    Type.BOOLEAN: ("true, false", "INTEGER 0, 1", "bool"),
    Type.DATE: ("2025-09-01", "TEXT", "date32"),
    Type.MOMENT: ("2025-09-01T08:00:00Z", "TEXT", "timestamp, UTC"),
}
_ORIGINS: Final = {
    Origin.PRINTED: ("the document, as printed", "文件原文"),
    Origin.READ: ("the text stage, from the document", "读取程序读出"),
    Origin.CLAIMED: ("the publisher, of the document", "发布机关标注"),
    Origin.REGISTER: ("the register", "名录"),
    Origin.TRAIL: ("the commit: what was seen where, and when", "存档记录"),
    Origin.DERIVED: ("the program, from the rest", "由程序得出"),
}
_STANDINGS: Final = {
    Standing.PUBLISHED: (
        "已公开",
        "published; `on_time` says whether on time, where that is known",
    ),
    Standing.LATE: ("逾期公开", "the earliest date the publisher claims is after the due day"),
    Standing.REVISED: ("已修订", "a later version replaced the first, which was not late"),
    Standing.WITHDRAWN: ("已撤回", "its article was gone in two complete crawls a day apart"),
    Standing.MISSING: ("未见公开", "due, and on no portal that would show it"),
    Standing.EXEMPT: ("免于公开", "the register says so, and where it is said"),
    Standing.NOT_KNOWN: ("无法判断", "`reason` says why"),
}
_MARKED: Final = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def markdown(page: str) -> str:
    """docs/data.md as it must be: what people wrote, and the tables between the marks."""
    parts = {"types": _types(), "tables": _tables(), "standings": _standings()}
    return _MARKED.sub(lambda mark: f"{mark[1]}{parts[mark[2]]}{mark[3]}", page)


def _types() -> str:
    head = "| | CSV, Data Package | SQLite | Parquet |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {kind} | {plain} | {sqlite} | {parquet} |\n"
        for kind, (plain, sqlite, parquet) in _TYPES.items()
    )


def _tables() -> str:
    head = "Where a value is from:\n\n| from | English | 中文 |\n|---|---|---|\n"
    origins = (f"| {o} | {english} | {chinese} |\n" for o, (english, chinese) in _ORIGINS.items())
    return head + "".join(origins) + "".join(map(_table, TABLES)) + "\n"


def _standings() -> str:
    parts = ["| standing | 中文 | says |\n|---|---|---|\n"]
    parts += [f"| `{s}` | {chinese} | {says} |\n" for s, (chinese, says) in _STANDINGS.items()]
    parts.append("\n| reason | 中文（例） | says (an example) |\n|---|---|---|\n")
    for reason in Reason:
        doubt = Doubt(reason, "minghu", date(2026, 1, 20), 2, ("failed", "shortfall"))
        parts.append(f"| `{reason}` | {said(doubt)} | {said(doubt, 'en')} |\n")
    return "".join(parts)


def _table(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    refers = "".join(f" `{column}` refers to `{other}`." for column, other in table.references)
    head = (
        f"\n### `{table.name}` {table.chinese}\n\n{table.says} {table.says_chinese}\n\n"
        f"Key: {key}.{refers}\n\n"
        "| column | type | unit | meaning | 含义 | from |\n|---|---|---|---|---|---|\n"
    )
    return head + "".join(map(_row, table.columns))


def _row(column: Column) -> str:
    unit = f"`{column.unit}`" if column.unit.isascii() and column.unit.isalpha() else column.unit
    return (
        f"| `{column.name}` | {column.type} | {unit} | {column.meaning} | {column.chinese}"
        f" | {column.origin} |\n"
    )


if __name__ == "__main__":
    PATH.write_text(markdown(PATH.read_text("utf-8")), "utf-8")
