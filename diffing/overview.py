"""The largest moves of a district from one year to the next, over all its documents at once.

Asked of the Parquet by one join of two partitions: linear in their rows. Lines are paired by what
is printed alone (form, side, code, name); revisions of the classification, renamed projects and
documents that were not read whole are not seen here. It says where to look; `mingzhang diff` says
what is the case.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from archive.model import Certainty, Kind, Unit
from archive.money import convert
from diffing.changes import percent_of
from diffing.versions import lowest

if TYPE_CHECKING:
    import duckdb

__all__ = ["Move", "Overview", "newest_year", "overview"]

_OUTCOMES: Final = {Kind.BUDGET: "预算数", Kind.FINAL: "决算数"}
"""What tables without 合计 call their one column."""

_MOVES: Final = """
WITH lines AS (
  SELECT year, document, agency, agency_name, level, form, side, code, name, name_plain, total,
         measure, yuan, certainty, page, "row",
         count(*) OVER (
           PARTITION BY document, form, side, code, name_plain, measure
         ) AS twins
  FROM items
  WHERE division = $division AND kind = $kind AND year IN ($year, $year - 1)
    AND split_part(form, '.', 2) IN ('expenditure', 'basic_economic', 'sangong', 'project')
    AND measure IN ('合计', $outcome) AND yuan IS NOT NULL
), moves AS (
  SELECT b.agency, b.agency_name, b.level, b.form, b.side, b.code, b.name, b.measure, b.total,
         a.yuan AS old, b.yuan AS new, a.document AS old_document, a.page AS old_page,
         a."row" AS old_row, b.document AS new_document, b.page AS new_page, b."row" AS new_row,
         a.certainty AS old_certainty, b.certainty AS new_certainty
  FROM lines AS a JOIN lines AS b
    USING (agency, level, form, side, code, name_plain, measure)
  WHERE a.year = $year - 1 AND b.year = $year AND a.twins = 1 AND b.twins = 1 AND a.yuan <> b.yuan
    AND ($totals OR NOT b.total)
)
SELECT * FROM moves
WHERE NOT EXISTS (
  FROM moves AS part
  WHERE part.agency = moves.agency AND part.level = moves.level AND part.form = moves.form
    AND part.side = moves.side AND part.measure = moves.measure
    AND part.old = moves.old AND part.new = moves.new
    AND moves.code <> '' AND part.code <> moves.code AND starts_with(part.code, moves.code)
)
ORDER BY abs(new - old) DESC, agency, form, code, name, measure
LIMIT $count
"""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One line that both years print, and by how much it moved; amounts in 万元."""

    agency: str
    agency_name: str
    level: str
    form: str
    side: str
    code: str
    name: str
    measure: str
    total: bool
    old: Decimal
    new: Decimal
    difference: Decimal
    percent: Decimal | None
    old_document: str
    old_page: int
    old_row: int
    new_document: str
    new_page: int
    new_row: int
    certainty: Certainty = Certainty.TEXT
    """The lower of both figures."""


class Overview(msgspec.Struct, frozen=True):
    """The largest moves of a district, the largest first."""

    division: str
    year: int
    kind: Kind
    moves: tuple[Move, ...]


def overview(
    connection: duckdb.DuckDBPyConnection,
    division: str,
    year: int,
    kind: Kind,
    *,
    count: int = 30,
    totals: bool = False,
) -> Overview:
    """The `count` largest differences to the year before; totals too where asked.

    A 款 that moves as its only 项 does is told once, by the 项. A line that a document prints twice
    under one code and name is left out: which is which cannot be told without reading it.
    """
    asked = {
        "division": division,
        "year": year,
        "kind": str(kind),
        "totals": totals,
        "outcome": _OUTCOMES[kind],
        "count": count,
    }
    found = connection.execute(_MOVES, asked).fetchall()
    return Overview(division, year, kind, tuple(_move(row) for row in found))


def newest_year(connection: duckdb.DuckDBPyConnection, division: str, kind: Kind) -> int | None:
    """The newest year of which the district has documents of this kind; None without any."""
    found = connection.execute(
        "SELECT max(year) FROM items WHERE division = $1 AND kind = $2", [division, str(kind)]
    ).fetchone()
    return found[0] if found else None


def _move(row: tuple[object, ...]) -> Move:
    derived = ("difference", "percent", "certainty")
    fields = [f for f in Move.__struct_fields__ if f not in derived]
    *own, old_certainty, new_certainty = row
    values = dict(zip(fields, own, strict=True))
    before, after = values["old"], values["new"]
    assert isinstance(before, Decimal)  # noqa: S101 - the column's type
    assert isinstance(after, Decimal)  # noqa: S101
    old, new = (convert(value, Unit.YUAN, Unit.WAN).normalize() for value in (before, after))
    difference = new - old
    values |= {
        "old": old,
        "new": new,
        "difference": difference,
        "percent": percent_of(difference, old),
        "certainty": lowest(*(Certainty(str(c)) for c in (old_certainty, new_certainty))),
    }
    return msgspec.convert(values, Move)
