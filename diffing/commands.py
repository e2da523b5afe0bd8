"""`mingzhang digest`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.model import Kind, Level
from diffing.opening import explained, opened, section_of

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.digest import Digest
    from diffing.finding import Wanted
    from diffing.review import Review
    from diffing.thresholds import DigestSettings

__all__ = ["commands"]

_LANGUAGES = ("zh", "en")
_FORMATS = ("md", "html", "json")
_YEARS = click.IntRange(1990, 2100)


@click.command("digest")
@click.argument("agency", metavar="[AGENCY]", required=False)
@click.option("--from", "from_year", metavar="YEAR", type=_YEARS, help="The earlier fiscal year.")
@click.option("--to", "to_year", metavar="YEAR", type=_YEARS, help="The later fiscal year.")
@click.option("--kind", type=click.Choice([str(k) for k in Kind]), help="Budget or final account.")
@click.option("--level", type=click.Choice([str(v) for v in Level]), help="Who reports.")
@click.option(
    "--division", metavar="CODE", help="Division code, where several have an agency of this name."
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
@click.pass_context
def digest(
    ctx: click.Context,
    agency: str | None,
    from_year: int | None,
    to_year: int | None,
    kind: str | None,
    level: str | None,
    division: str | None,
    lang: str | None,
    formats: tuple[str, ...],
    output: Path | None,
) -> None:
    """Write a digest of what changed and say where.

    With AGENCY (an id, a registered name or an alias): two years of its budgets, of its final
    accounts, or of both, the newest two in the archive unless told. Without: the latest run that
    archived anything.

    Exit status: 0; 2 where the archive lacks what is asked for, saying what it has.
    """
    from archive.ledger import now
    from diffing.digest import reviewing, told
    from diffing.finding import Wanted
    from diffing.render import write

    with explained():
        settings, archive, register = opened(ctx)
        section = section_of(settings)
        review = reviewing(archive, register, settings, section)
        made = now()
        if agency is None:
            if from_year or to_year or kind or level or division:
                raise click.UsageError(
                    "--from, --to, --kind, --level and --division need an AGENCY"
                )
            digests = [_of_latest_run(archive, register, section, review, made)]
        else:
            wanted = Wanted(
                agency=agency,
                from_year=from_year,
                to_year=to_year,
                kind=Kind(kind) if kind else None,
                level=Level(level) if level else None,
                division=division,
            )
            digests = list(_of_agency(archive, register, section, wanted, review, made))
        archive.close()
    folder = output or settings.resolve(section.folder)
    for found in digests:
        writing = partial(write, found, folder, lang or section.lang, formats or _FORMATS)
        for path in told(found, review, made, writing):
            click.echo(path)


def _of_latest_run(
    archive: Archive, register: Register, section: DigestSettings, review: Review, made: datetime
) -> Digest:
    from diffing.digest import build, latest_run
    from diffing.finding import NotFoundError

    run, commits = latest_run(archive)
    if not commits:
        raise NotFoundError(
            "nothing is archived yet; run `mingzhang harvest` or `mingzhang import`"
        )
    return build(archive, register, commits, section, created=made, run=run, review=review)


def _of_agency(
    archive: Archive,
    register: Register,
    section: DigestSettings,
    wanted: Wanted,
    review: Review,
    made: datetime,
) -> Iterator[Digest]:
    from diffing.digest import between
    from diffing.finding import pairs_of_years

    for identity, from_year in pairs_of_years(archive, register, wanted):
        yield between(archive, register, identity, from_year, section, made, review)


commands: list[click.Command] = [digest]
"""What crawler/cli.py mounts."""
