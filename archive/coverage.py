"""Who has published and who has not: every registered agency of a division, for a year and kind.

"Not seen" is said of what we saw, never of what exists: a portal that was blocked or never crawled
shows nothing. Days of publication are what the publisher claims; late is late by his own claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import click
import msgspec

from archive.clock import day_of
from archive.events import Entry, is_version
from archive.model import ChangeKind, Kind, Level
from archive.register import Register
from archive.register.calendars import Basis, Due, due
from archive.register.successions import existed

if TYPE_CHECKING:
    from archive.repository import Archive

__all__ = ["Coverage", "Row", "Standing", "command", "coverage", "first_published"]


class Standing(StrEnum):
    """How an agency stands."""

    ON_TIME = "on-time"
    """按时公开."""
    LATE = "late"
    """逾期公开."""
    PUBLISHED = "published"
    """已公开: there is no due date, or no date of publication, to hold it against."""
    NOT_SEEN = "not-seen"
    """未见公开, and the day has passed."""
    NOT_DUE = "not-due"
    """未见公开, and there is time left, or nothing tells when it is due."""


class Row(msgspec.Struct, frozen=True):
    """One agency."""

    agency: str
    name: str
    kind_of_agency: str | None
    standing: Standing
    published: date | None
    """The day the publisher claims for the first version."""
    first_seen: datetime | None
    days_late: int | None
    """Days after the due day; None where on time, not seen, or without one."""
    withdrawn: bool = False
    """The newest event is a withdrawal."""


class Coverage(msgspec.Struct, frozen=True):
    """One division's coverage of one year and kind."""

    division: str
    year: int
    kind: Kind
    level: Level
    due: Due
    rows: tuple[Row, ...]

    def count(self, standing: Standing) -> int:
        """How many agencies stand so."""
        return sum(row.standing is standing for row in self.rows)


class _First(msgspec.Struct, frozen=True):
    published: date | None
    seen: datetime | None
    withdrawn: bool


def first_published(entries: Iterable[Entry]) -> dict[str, _First]:
    """When each document was first published (as claimed) and seen, from a repository's events,
    newest first."""
    found: dict[str, _First] = {}
    gone: dict[str, bool] = {}
    for entry in entries:
        if entry.kind in (ChangeKind.WITHDRAWAL, ChangeKind.RETURN, ChangeKind.MIGRATION):
            gone.setdefault(entry.document_id, entry.kind is ChangeKind.WITHDRAWAL)
        if entry.kind is ChangeKind.MIRROR or not is_version(entry):
            continue
        gone.setdefault(entry.document_id, False)
        found[entry.document_id] = _First(entry.published, entry.observed, gone[entry.document_id])
    return found


def coverage(
    register: Register,
    entries: Iterable[Entry],
    division: str,
    year: int,
    kind: Kind,
    today: date,
    level: Level = Level.DEPARTMENT,
) -> Coverage:
    """How a division's agencies stand on a day. Raises RegisterError for an unknown division."""
    firsts = first_published(entries)
    found: dict[str, _First] = {}
    for document_id, first in firsts.items():
        owner, agency, its_level, its_year, its_kind = document_id.split("/")
        if (owner, its_level, its_year, its_kind) == (division, level, str(year), kind):
            found[agency] = first
    days = [first.published for first in found.values() if first.published]
    until = due(register.calendar(division), year, kind, days)
    successions = register.successions(division)
    # Who reports on a year is who there was when it became due.
    on = until.day or date(year + (kind is Kind.FINAL), 12, 31)
    rows = tuple(
        _row(agency.id, agency.name, agency.kind, found, until, today)
        for agency in register.agencies(division)
        if agency.level is level and (agency.id in found or existed(agency.id, on, successions))
    )
    return Coverage(division, year, kind, level, until, rows)


def _row(
    agency: str,
    name: str,
    kind: str | None,
    found: Mapping[str, _First],
    until: Due,
    today: date,
) -> Row:
    first = found.get(agency)
    if first is None:
        passed = until.day is not None and today > until.day
        standing = Standing.NOT_SEEN if passed else Standing.NOT_DUE
        return Row(agency, name, kind, standing, None, None, None)
    late = None
    if first.published is None or until.day is None:
        standing = Standing.PUBLISHED
    elif first.published > until.day:
        standing, late = Standing.LATE, (first.published - until.day).days
    else:
        standing = Standing.ON_TIME
    return Row(agency, name, kind, standing, first.published, first.seen, late, first.withdrawn)


_BASES: Final = {
    Basis.STATED: "已公布的截止日",
    Basis.ANSWERED: "批复之日起20日",
    Basis.APPROVED: "批准之日起40日",
    Basis.BATCH: "按本区公开日中位数加20日估计",
    Basis.UNKNOWN: "无从得知",
}
_STANDINGS: Final = {
    Standing.ON_TIME: "按时公开",
    Standing.LATE: "逾期公开",
    Standing.PUBLISHED: "已公开",
    Standing.NOT_SEEN: "逾期未见公开",
    Standing.NOT_DUE: "未见公开",
}
_KINDS: Final = {Kind.BUDGET: "预算", Kind.FINAL: "决算"}


@click.command("coverage")
@click.argument("division", metavar="DIVISION")
@click.option("--year", type=click.IntRange(1990, 2100), help="Fiscal year.")
@click.option(
    "--kind",
    type=click.Choice([str(kind) for kind in Kind]),
    help="Budget or final account; needs --year.",
)
@click.option("--units", is_flag=True, help="Units (单位) in place of departments (部门).")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; else today.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    division: str,
    year: int | None,
    kind: str | None,
    units: bool,
    on: datetime | None,
    as_json: bool,
) -> None:
    """Say who has published, and who has not.

    Without --kind: the matrix of every agency, year and kind of DIVISION (a code of GB/T 2260).
    There, late, missing and withdrawn are said only where the due day is known and the portals
    were crawled well enough; docs/data.md says how that is judged.

    With --year and --kind: every registered agency, and when it published.
    Late is late by the date the publisher claims; 未见公开 means that we have not seen it. When it
    was due comes from the register's calendars, else from the batch of the district itself.

    Exit status: 0; 2 when the register does not know the division.
    """
    from archive.ledger import now
    from archive.register import load as load_register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    if kind is not None and year is None:
        raise click.UsageError("--kind needs --year")
    if kind is None and on is not None:
        raise click.UsageError("--on needs --year and --kind: the matrix depends on no clock")
    settings = load(ctx.find_root().obj)
    kept = settings.section("archive", ArchiveSettings)
    register = load_register(*(settings.resolve(folder) for folder in kept.register))
    register.division(division)
    archive = Archive.of(settings)
    level = Level.UNIT if units else Level.DEPARTMENT
    if year is None or kind is None:
        _print_matrix(archive, register, division, level, year, as_json)
        return
    repository = archive.district(division)
    entries = repository.history() if repository else []
    today = on.date() if on else day_of(now())
    found = coverage(register, entries, division, year, Kind(kind), today, level)
    archive.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in _told(found, register.division(division).name):
        click.echo(line)


def _print_matrix(
    archive: Archive,
    register: Register,
    division: str,
    level: Level,
    year: int | None,
    as_json: bool,
) -> None:
    from archive.matrix import matrix, told

    found = matrix(archive, register, division, level, None if year is None else [year])
    archive.close()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in told(found, register.division(division).name):
        click.echo(line)


def _told(found: Coverage, place: str) -> Iterator[str]:
    day = found.due.day.isoformat() if found.due.day else "—"
    name = (
        f"{found.year}年{'部门' if found.level is Level.DEPARTMENT else '单位'}{_KINDS[found.kind]}"
    )
    yield f"{place} {name}：截止 {day}（{_BASES[found.due.basis]}）"
    counts = [f"{_STANDINGS[s]} {found.count(s)}" for s in Standing if found.count(s)]
    yield "，".join(counts) or "名录中没有应公开的部门"
    for row in found.rows:
        late = f"，逾期 {row.days_late} 日" if row.days_late else ""
        gone = "，后已撤回" if row.withdrawn else ""
        published = row.published.isoformat() if row.published else "—"
        yield f"  {row.agency}  {row.name}  {_STANDINGS[row.standing]}  {published}{late}{gone}"
