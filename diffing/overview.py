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
from archive.money import EXACT, convert, difference
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
  SELECT b.year, b.agency, b.agency_name, b.level, b.form, b.side, b.code, b.name, b.measure,
         b.total, a.yuan AS old, b.yuan AS new, a.document AS old_document, a.page AS old_page,
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


MOVES_OF_YEARS: Final = """
SELECT key, year, before, yuan FROM (
  SELECT key, year, yuan,
         lag(key) OVER () AS key_before, lag(year) OVER () AS year_before,
         lag(yuan) OVER () AS before
  FROM lines
  WHERE division = $division AND kind = $kind AND ($totals OR NOT total)
)
WHERE key = key_before AND year = year_before + 1 AND yuan <> before
ORDER BY abs(yuan - before) DESC, key, year
LIMIT $count
"""
"""The largest moves of lines sorted by key and year: the row before is the year before."""

_TOLD: Final = f"""
WITH moves AS ({MOVES_OF_YEARS})
SELECT b.year, b.agency, b.agency_name, b.level, b.form, b.side, b.code, b.name, b.measure, b.total,
       a.yuan, b.yuan, a.document, a.page, a."row", b.document, b.page, b."row",
       a.certainty, b.certainty
FROM moves
JOIN lines AS b ON b.key = moves.key AND b.year = moves.year AND b.division = $division
JOIN lines AS a ON a.key = moves.key AND a.year = moves.year - 1 AND a.division = $division
ORDER BY abs(b.yuan - a.yuan) DESC, b.agency, b.form, b.code, b.name, b.measure, b.year
"""  # noqa: S608 - ours
_SPARE: Final = 4
"""So many times more moves are asked for than shown: a sum that moves as its one part is not."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One line that both years print, and by how much it moved; amounts in 万元."""

    year: int
    """The later year."""
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
    year: int | None
    """The later of its two years; None for all years there are."""
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


def overview_of_years(
    connection: duckdb.DuckDBPyConnection,
    division: str,
    kind: Kind,
    *,
    count: int = 30,
    totals: bool = False,
) -> Overview:
    """The `count` largest differences from one year to the next, over all years there are.

    One pass over the lines sorted by line and year (`archive.export.lines`). What `overview` leaves
    out is left out here too.
    """
    asked = {"division": division, "kind": str(kind), "totals": totals, "count": count * _SPARE}
    moves = [_move(row) for row in connection.execute(_TOLD, asked).fetchall()]
    told = [move for move in moves if not any(_is_part(other, move) for other in moves)]
    return Overview(division, None, kind, tuple(told[:count]))


def _is_part(part: Move, whole: Move) -> bool:
    """Whether one move is that of a line below the other, by the very same amounts."""
    if not whole.code or part.code == whole.code or not part.code.startswith(whole.code):
        return False
    same = ("year", "agency", "level", "form", "side", "measure", "old", "new")
    return all(getattr(part, field) == getattr(whole, field) for field in same)


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
    old, new = (convert(value, Unit.YUAN, Unit.WAN).normalize(EXACT) for value in (before, after))
    by = difference(new, old)
    values |= {
        "old": old,
        "new": new,
        "difference": by,
        "percent": percent_of(by, old),
        "certainty": lowest(*(Certainty(str(c)) for c in (old_certainty, new_certainty))),
    }
    return msgspec.convert(values, Move)
