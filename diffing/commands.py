"""`mingzhang diff` and `mingzhang digest`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.model import Kind, Level

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from diffing.compare import Comparison
    from diffing.digest import Digest
    from diffing.finding import Wanted
    from diffing.thresholds import DigestSettings
    from diffing.versions import Mode, Version

__all__ = ["commands", "opened"]

_LANGUAGES = ("zh", "en")
_FORMATS = ("md", "html", "json")
_WIDE = 240
"""Columns where no terminal limits the width."""
_YEARS = click.IntRange(1990, 2100)


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--as",
    "mode",
    type=click.Choice(["revision", "year"]),
    help="How to compare files that do not say which year and kind they are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every change as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every changed figure as CSV.")
@click.option(
    "--exit-code", is_flag=True, help="Exit with 1 if anything differs, 0 if nothing does."
)
@click.option(
    "--lang",
    type=click.Choice(_LANGUAGES),
    default="zh",
    show_default=True,
    help="Language of what is said about the figures.",
)
@click.pass_context
def diff(
    ctx: click.Context,
    old: str,
    new: str,
    mode: str | None,
    as_json: bool,
    as_csv: bool,
    exit_code: bool,
    lang: str,
) -> None:
    """Compare A and B line item by line item.

    Each of A and B is a file, a document of the archive such as
    310107/310107.012/department/2024/final (with @COMMIT for one version of it), or a commit as
    `mingzhang history` lists it. Two documents of one year compare as versions of one document:
    everything printed otherwise is a change. Two years compare by amount. A budget is never
    compared with a final account, nor a department with a unit. Where a document could not be
    read whole, what is not found there is said to be unread, not gone.

    Exit status: 0; with --exit-code 1 if anything differs; 2 if they cannot be compared.
    """
    from diffing.versions import Mode

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    with _explained():
        comparison = _compared(ctx, old, new, Mode(mode) if mode else None)
    if as_json:
        from diffing.render.data import comparison_json

        click.echo(comparison_json(comparison), nl=False)
    elif as_csv:
        from diffing.render.comparison import as_csv as csv_of

        click.echo(csv_of(comparison), nl=False)
    else:
        _print(comparison, lang)
    ctx.exit(1 if exit_code and comparison.changes else 0)


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
    from diffing.finding import Wanted
    from diffing.render import write

    with _explained():
        settings, archive, register = opened(ctx)
        section = _section(settings)
        if agency is None:
            if from_year or to_year or kind or level or division:
                raise click.UsageError(
                    "--from, --to, --kind, --level and --division need an AGENCY"
                )
            digests = [_of_latest_run(archive, register, section)]
        else:
            wanted = Wanted(
                agency=agency,
                from_year=from_year,
                to_year=to_year,
                kind=Kind(kind) if kind else None,
                level=Level(level) if level else None,
                division=division,
            )
            digests = list(_of_agency(archive, register, section, wanted))
        archive.close()
    folder = output or settings.resolve(section.folder)
    for found in digests:
        for path in write(found, folder, lang or section.lang, formats or _FORMATS):
            click.echo(path)


def _of_latest_run(archive: Archive, register: Register, section: DigestSettings) -> Digest:
    from archive.ledger import now
    from diffing.digest import build, latest_run
    from diffing.finding import NotFoundError

    run, commits = latest_run(archive)
    if not commits:
        raise NotFoundError(
            "nothing is archived yet; run `mingzhang harvest` or `mingzhang import`"
        )
    return build(archive, register, commits, section, created=now(), run=run)


def _of_agency(
    archive: Archive, register: Register, section: DigestSettings, wanted: Wanted
) -> Iterator[Digest]:
    from archive.ledger import now
    from diffing.digest import between
    from diffing.finding import pairs_of_years

    for identity, from_year in pairs_of_years(archive, register, wanted):
        yield between(archive, register, identity, from_year, section, now())


def _compared(ctx: click.Context, old: str, new: str, mode: Mode | None) -> Comparison:
    from archive.wording import shown
    from diffing.compare import compare
    from diffing.finding import NotFoundError, is_reference

    names = [old, new]
    for name in names:
        if not Path(name).exists() and not is_reference(name):
            raise NotFoundError(
                f"{shown(name)}: no such file, and neither a document id nor a commit; "
                "`mingzhang history` lists what is archived"
            )
    if all(Path(name).exists() for name in names):
        before, after = (_file(name) for name in names)
        return compare(before, after, mode)
    settings, archive, register = opened(ctx)
    try:
        before, after = (_version(archive, register, name) for name in names)
        return compare(before, after, mode, _section(settings).thresholds)
    finally:
        archive.close()


def _version(archive: Archive, register: Register, name: str) -> Version:
    from diffing.finding import by_reference

    return _file(name) if Path(name).exists() else by_reference(archive, register, name)


def _file(name: str) -> Version:
    from archive.text import Unreadable
    from archive.wording import shown
    from diffing.finding import in_file

    try:
        return in_file(Path(name))
    except Unreadable as error:
        where = f", page {error.page}" if error.page else ""
        raise _Refused(f"{shown(name)}{where}: {error.message}") from error
    except OSError as error:
        raise _Refused(f"{shown(name)}: {error.strerror}") from error


def _print(comparison: Comparison, lang: str) -> None:
    from rich.console import Console

    from diffing.render.comparison import print_table
    from diffing.words import wording

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    print_table(comparison, wording(lang), console)


def opened(ctx: click.Context) -> tuple[Settings, Archive, Register]:
    """The settings, archive and register that a command was called with."""
    from archive import register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    folders = settings.section("archive", ArchiveSettings).register
    known = register.load(*(settings.resolve(folder) for folder in folders))
    return settings, Archive.of(settings), known


def _section(settings: Settings) -> DigestSettings:
    from diffing.thresholds import DigestSettings

    return settings.section("digest", DigestSettings)


@contextmanager
def _explained() -> Iterator[None]:
    """What cannot be compared or is not there is a sentence and exit status 2."""
    from diffing.finding import NotFoundError
    from diffing.versions import IncomparableError

    try:
        yield
    except (NotFoundError, IncomparableError) as error:
        raise _Refused(str(error)) from error


class _Refused(click.ClickException):
    """A sentence and exit status 2: 1 would say that something differs."""

    exit_code = 2


commands: list[click.Command] = [diff, digest]
"""What crawler/cli.py mounts."""
