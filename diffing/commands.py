"""`mingzhang digest`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.clock import day_of
from archive.model import Kind, Level
from archive.paths import identity_of
from diffing.opening import explained, opened, section_of

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.digest import Digest, Span
    from diffing.review import Review
    from diffing.thresholds import DigestSettings

__all__ = ["commands"]

_CODE = re.compile(r"\d{6}")
_LANGUAGES = ("zh", "en")
_FORMATS = ("md", "html", "json")
_YEARS = click.IntRange(1990, 2100)
_DAY = click.DateTime(["%Y-%m-%d"])
_DAYS = "YYYY-MM-DD"


@click.command("digest")
@click.argument("what", metavar="[AGENCY|DOCUMENT_ID]", required=False)
@click.option("--from", "from_year", metavar="YEAR", type=_YEARS, help="The earlier fiscal year.")
@click.option("--to", "to_year", metavar="YEAR", type=_YEARS, help="The later fiscal year.")
@click.option("--kind", type=click.Choice([str(k) for k in Kind]), help="Budget or final account.")
@click.option("--level", type=click.Choice([str(v) for v in Level]), help="Who reports.")
@click.option(
    "--division",
    metavar="CODE",
    help="Division code: of a district's digest, or where several have an agency of this name.",
)
@click.option("--period", metavar="PERIOD", help="With --division: 2026, 2026-Q1 or 2026-03.")
@click.option(
    "--since",
    metavar=_DAYS,
    type=_DAY,
    help="With --division: the first day, in place of --period.",
)
@click.option(
    "--until", metavar=_DAYS, type=_DAY, help="With --since: the last day; today unless told."
)
@click.option("--lang", type=click.Choice(_LANGUAGES), help="Language; else as in mingzhang.toml.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    help="Which files to write, once for each; all unless told.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; else as in mingzhang.toml.",
)
@click.option("--no-crops", is_flag=True, help="Without pictures of the rows that are quoted.")
@click.pass_context
def digest(
    ctx: click.Context,
    /,
    lang: str | None,
    formats: tuple[str, ...],
    output: Path | None,
    no_crops: bool,
    **asked: Any,
) -> None:
    """Write a digest of what changed and say where.

    With AGENCY (an id, a registered name or an alias): two years of its budgets, of its final
    accounts, or of both, the newest two in the archive unless told. With a DOCUMENT_ID (as
    `mingzhang history` lists them): all versions of that document. With --division and a --period,
    or --since: everything seen of a district in that time. With none of them: the latest run that
    archived anything.

    Beside the HTML lies crops/: pictures of the quoted rows, cut from the originals, with private
    persons painted over.

    \b
    mingzhang digest 上海市普陀区财政局 --kind budget
    mingzhang digest 310107/310107.012/department/2024/final
    mingzhang digest --division 310107 --period 2026-Q1

    Exit status: 0; 2 where the archive lacks what is asked for, saying what it has.
    """
    from archive.ledger import now
    from diffing.render import write
    from diffing.telling import reviewing, told

    with explained():
        asking = _Asked(**asked)
        settings, archive, register = opened(ctx)
        try:
            section = section_of(settings)
            review = reviewing(archive, register, settings, section)
            made = now()
            folder = output or settings.resolve(section.folder)
            pictured = archive if section.crops and not no_crops else None
            for found in asking.digests(archive, register, section, review, made):
                language, forms = lang or section.lang, formats or _FORMATS
                writing = partial(write, found, folder, language, forms, pictured)
                for path in told(found, review, made, writing):
                    click.echo(path)
        finally:
            archive.close()


class _Asked:
    """What the command line asks for. Raises click.UsageError where it contradicts itself."""

    def __init__(
        self,
        what: str | None,
        from_year: int | None,
        to_year: int | None,
        kind: str | None,
        level: str | None,
        division: str | None,
        period: str | None,
        since: datetime | None,
        until: datetime | None,
    ) -> None:
        self.what, self.division = what, division
        self.years, self.kind, self.level = (from_year, to_year), kind, level
        self.period, self.since, self.until = period, since, until
        timed = bool(period or since or until)
        if timed and (what or not division):
            raise click.UsageError("--period, --since and --until go with --division alone")
        if period and (since or until):
            raise click.UsageError("say either --period or --since and --until")
        if until and not since:
            raise click.UsageError("--until needs --since")
        chosen = [*self.years, kind, level]
        if any(chosen) and (what is None or self.is_document):
            raise click.UsageError("--from, --to, --kind and --level need an AGENCY")
        if from_year and to_year and from_year >= to_year:
            raise click.UsageError("--from names the earlier year, --to the later one")
        if what is not None and _CODE.fullmatch(what):
            raise click.UsageError(
                f"{what} is a division's code: say --division {what} and a --period or --since"
            )
        if division and not what and not timed:
            raise click.UsageError("--division needs an AGENCY, a --period or --since")

    @property
    def is_document(self) -> bool:
        """Is one document asked for?"""
        from diffing.finding import is_document

        return self.what is not None and is_document(self.what)

    def digests(
        self,
        archive: Archive,
        register: Register,
        section: DigestSettings,
        review: Review,
        made: datetime,
    ) -> Iterator[Digest]:
        """Each digest asked for, made when it is taken. Raises NotFoundError."""
        from diffing import digest as making
        from diffing.finding import NotFoundError, Wanted, pairs_of_years

        if self.division and (self.period or self.since):
            span = self.span(made)
            yield making.of_span(archive, register, self.division, span, section, made, review)
        elif self.what is None:
            run, commits = making.latest_run(archive)
            if not commits:
                raise NotFoundError(
                    "nothing is archived yet; run `mingzhang harvest` or `mingzhang import`"
                )
            yield making.build(
                archive, register, commits, section, created=made, run=run, review=review
            )
        elif self.is_document:
            identity = identity_of(self.what)
            yield making.of_document(archive, register, identity, section, made, review)
        else:
            wanted = Wanted(
                agency=self.what,
                from_year=self.years[0],
                to_year=self.years[1],
                kind=Kind(self.kind) if self.kind else None,
                level=Level(self.level) if self.level else None,
                division=self.division,
            )
            for identity, year in pairs_of_years(archive, register, wanted):
                yield making.between(archive, register, identity, year, section, made, review)

    def span(self, made: datetime) -> Span:
        """The days asked for."""
        from diffing.digest import Span, parse_span

        if self.since is None:
            try:
                return parse_span(self.period or "")
            except ValueError as error:
                raise click.UsageError(str(error)) from error
        last = self.until.date() if self.until else day_of(made)
        if last < self.since.date():
            raise click.UsageError("--until lies before --since")
        return Span(self.since.date(), last)


commands: list[click.Command] = [digest]
"""What crawler/cli.py mounts."""
