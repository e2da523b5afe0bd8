"""One line over the years of an agency, and beside the same line of its peers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec

from archive.current import current
from archive.model import Identity, Kind, LineItem, Statement
from diffing.changes import half_up, lead_measure, percent_of
from diffing.finding import NotFoundError, Wanted, agencies_named
from diffing.names import bare, normalise
from diffing.printed import Figure, figure_of
from diffing.roles import Burden, Table, burden_of, table_of
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Point", "Series", "peers", "trend"]

_PREFERRED: Final = (
    Table.EXPENDITURE,
    Table.GENERAL,
    Table.BASIC,
    Table.SANGONG,
    Table.TOTAL,
    Table.PROJECT,
    Table.FUND,
    Table.STATE_CAPITAL,
    Table.FISCAL,
    Table.INCOME,
)
"""Where a line stands in several tables as often, the first of these is followed."""


_BURDEN: Final = re.compile("出国|接待|公务用车|公车|机关运行|三公")
"""Words that only the lines of the "三公" table have: 行政运行 is none of them."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """The line in one document."""

    version: Version
    statement: str
    code: str
    name: str
    side: str
    measure: str
    figure: Figure
    difference: Decimal | None = None
    """From the year before, same kind and level, in 万元."""
    percent: Decimal | None = None
    executed: Decimal | None = None
    """Of an outcome: percent of the same year's budget, by the same table."""

    @property
    def identity(self) -> Identity:
        """Whose, of which year and kind."""
        identity = self.version.identity
        assert identity is not None  # noqa: S101 - it comes from the archive
        return identity


class Series(msgspec.Struct, frozen=True):
    """A line followed through documents; every figure from one kind of table."""

    line: str
    table: Table | None
    """None where no document prints the line."""
    points: tuple[Point, ...]
    ambiguous: int = 0
    """How many rows of a table bear the name at most; above 1 no changes are computed."""
    agencies: tuple[str, ...] = ()
    """Names of those asked for."""
    kind: str = ""
    """Of peers: the kind of agency they share."""
    without: tuple[Version, ...] = ()
    """Documents in which the line was not read, in the table that is followed."""


def trend(
    archive: Archive,
    register: Register,
    wanted: Wanted,
    line: str,
    table: Table | None = None,
    measure: str | None = None,
) -> Series:
    """The line over all years of an agency, budgets and final accounts.

    `line` is a code or a name as printed, without its enumeration. Raises NotFoundError where the
    agency is unknown or nothing of it is archived.
    """
    agencies = agencies_named(archive, register, wanted)
    versions = list(_versions(archive, register, agencies, wanted))
    if not versions:
        raise NotFoundError(f"{wanted.agency}: nothing that fits is archived")
    return _series(versions, line, table, measure)


def peers(
    archive: Archive,
    register: Register,
    wanted: Wanted,
    line: str,
    table: Table | None = None,
    measure: str | None = None,
) -> Series:
    """The line for the agency and all of its kind that are archived, in every district.

    `wanted.to_year` narrows it to one year. Raises NotFoundError where the register states no kind
    for the agency: peers are never guessed from a name.
    """
    agencies = agencies_named(archive, register, wanted)
    kinds = {register.agency(agency).kind for agency in agencies}
    if kinds == {None} or len(kinds) != 1:
        raise NotFoundError(
            f"{wanted.agency}: the register states no one kind of agency for it; add `kind` to it "
            "in a register folder named under [archive] register"
        )
    (kind,) = kinds
    alike = {
        agency.id
        for repository in archive.repositories()
        for agency in register.agencies(repository.division)
        if agency.kind == kind
    }
    found = _series(list(_versions(archive, register, alike, wanted)), line, table, measure)
    return msgspec.structs.replace(found, kind=kind or "")


def _versions(
    archive: Archive, register: Register, agencies: set[str], wanted: Wanted
) -> Iterator[Version]:
    def fits(identity: Identity) -> bool:
        return (
            identity.agency in agencies
            and wanted.kind in (None, identity.kind)
            and wanted.level in (None, identity.level)
            and wanted.to_year in (None, identity.year)
        )

    for repository in archive.repositories():
        for identity, entry, document in current(repository, fits):
            name = register.agency(identity.agency).name
            yield Version(identity, document, entry, name)


def _series(versions: list[Version], line: str, table: Table | None, measure: str | None) -> Series:
    found = [(v, s, i) for v in versions for s, i in _rows(v, line)]
    counts = Counter(table for _, table in {(v.name, table_of(s.form)) for v, s, _ in found})
    preferred = (Table.SANGONG, *_PREFERRED) if _BURDEN.search(line) else _PREFERRED
    chosen = table or max(_PREFERRED, key=lambda t: (counts[t], -preferred.index(t)))
    points: list[Point] = []
    rows: Counter[str] = Counter()
    for version, statement, item in found:
        if table_of(statement.form) is not chosen or version.identity is None:
            continue
        column = measure or lead_measure(item)
        figure = figure_of(version, statement, item, column)
        if figure is None or column is None:
            continue
        rows[version.name] += 1
        points.append(
            Point(
                version=version,
                statement=statement.title,
                code=item.code,
                name=item.name,
                side=(item.side or "")[:2],
                measure=column,
                figure=figure,
            )
        )
    points.sort(key=_order)
    several = max(rows.values(), default=0)
    return Series(
        line=line,
        table=chosen if points else None,
        points=tuple(points if several > 1 else _followed(points)),
        ambiguous=several,
        agencies=tuple(dict.fromkeys(v.agency for v in versions)),
        without=tuple(v for v in versions if v.name not in rows),
    )


def _order(point: Point) -> tuple[str, str, str, str, int]:
    i = point.identity
    return i.division, i.agency, i.level, i.kind, i.year


def _rows(version: Version, line: str) -> Iterator[tuple[Statement, LineItem]]:
    """The rows a line names, in the first statement of each kind."""
    code = line if line.isascii() and line.isdigit() else ""
    wanted = bare(line)
    burden = burden_of(line) if _BURDEN.search(line) else Burden.OTHER
    seen: set[Table] = set()
    for statement in version.document.statements:
        kind = table_of(statement.form)
        if kind not in _PREFERRED or kind in seen:
            continue
        seen.add(kind)
        for item in statement.items:
            if code:
                if normalise(item.code) == code:
                    yield statement, item
            elif bare(item.name) == wanted or (
                kind is Table.SANGONG
                and burden is not Burden.OTHER
                and burden_of(item.name) is burden
            ):
                yield statement, item


def _followed(points: Iterable[Point]) -> Iterator[Point]:
    """Each point with its change from the year before and its rate of execution."""
    listed = list(points)
    known = {point.identity: point for point in listed}
    for point in listed:
        i = point.identity
        before = known.get(msgspec.structs.replace(i, year=i.year - 1))
        plan = known.get(msgspec.structs.replace(i, kind=Kind.BUDGET))
        difference = percent = executed = None
        now = point.figure.wan
        if before is not None and now is not None and before.figure.wan is not None:
            difference = now - before.figure.wan
            percent = percent_of(difference, before.figure.wan)
        if i.kind is Kind.FINAL and plan is not None and now is not None and plan.figure.wan:
            executed = half_up(Fraction(now) / Fraction(plan.figure.wan) * 100, 2)
        yield msgspec.structs.replace(
            point, difference=difference, percent=percent, executed=executed
        )
