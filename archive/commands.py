"""`mingzhang import` and `mingzhang history`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.model import Kind, Level

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["commands"]

_YEARS = click.IntRange(1990, 2100)


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--division", metavar="CODE", help="Division code (GB/T 2260), such as 310107.")
@click.option("--agency", metavar="ID|NAME", help="Agency id or name in the register.")
@click.option("--level", type=click.Choice([str(v) for v in Level]), help="Who reports.")
@click.option("--year", type=_YEARS, help="Fiscal year.")
@click.option("--kind", type=click.Choice([str(v) for v in Kind]), help="Budget or final account.")
@click.option("--url", help="Web address of the file itself (one FILE only).")
@click.option("--title", default="", help="Title under which it was published.")
@click.option(
    "--published",
    metavar="YYYY-MM-DD",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date the publisher claims.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@click.pass_context
def import_files(
    ctx: click.Context,
    files: tuple[Path, ...],
    division: str | None,
    agency: str | None,
    level: str | None,
    year: int | None,
    kind: str | None,
    url: str | None,
    title: str,
    published: datetime | None,
    as_json: bool,
) -> None:
    """Put local files into the archive.

    What is stated by an option holds; the rest is read from the document, its title and its file
    name. What cannot be told is said and nothing is guessed: the file is kept, but not filed.

    Exit status: 0 all files are archived; 1 some are not, a line each says why; 2 wrong use.
    """
    from archive.identity import Hints
    from archive.importing import Importing
    from archive.intake import Intake
    from archive.ledger import now, run_id
    from archive.wording import shown

    for file in files:
        if file.is_dir():
            raise click.UsageError(f"{shown(file)} is a folder; name its files: {shown(file)}/*")
    if url and len(files) > 1:
        raise click.UsageError("--url is the address of one file; import the files one by one")
    url = _web_address(url) if url else None
    archive, register = _opened(ctx)
    hints = Hints(
        division=division,
        agency=agency,
        level=Level(level) if level else None,
        year=year,
        kind=Kind(kind) if kind else None,
    )
    _check(register, hints.division, hints.agency)
    intake = Intake(archive, register, run_id(now()))
    importing = Importing(intake, register, url, title, published.date() if published else None)
    for file in files:
        importing.offer(file, hints)
    try:
        with _progress(quiet=as_json) as on_read:
            intake.process(importing.heard, on_read)
    finally:
        importing.tell(as_json)
        archive.close()
    ctx.exit(0 if importing.complete else 1)


@click.command("history")
@click.argument("what", metavar="[AGENCY|DOCUMENT-ID]", required=False)
@click.option("--year", type=_YEARS, help="Fiscal year.")
@click.option("--kind", type=click.Choice([str(v) for v in Kind]), help="Budget or final account.")
@click.option("--division", metavar="CODE", help="Division code (GB/T 2260), such as 310107.")
@click.option("--json", "as_json", is_flag=True, help="Print the versions as JSON.")
@click.pass_context
def history(
    ctx: click.Context,
    what: str | None,
    year: int | None,
    kind: str | None,
    division: str | None,
    as_json: bool,
) -> None:
    """List the versions in the archive, newest first: all, an agency's, or a document's.

    AGENCY is an id or a name of the register (exactly as registered, or an alias); DOCUMENT-ID is
    such as 310107/310107.012/department/2024/final, or the beginning of one.

    Exit status: 0; 2 when the register does not know the agency or the archive the document.
    """
    from archive import listing

    archive, register = _opened(ctx)
    _check(register, division, None)
    versions = listing.versions_of(archive, register, what, division)
    archive.close()
    versions = [
        v
        for v in versions
        if year in (None, v.identity.year) and kind in (None, str(v.identity.kind))
    ]
    if as_json:
        click.echo(listing.as_json(versions, register))
    elif versions:
        listing.print_table(versions, register)
    else:
        click.echo(f"nothing is archived{' of it' if what or year or kind else ''} yet", err=True)


def _web_address(url: str) -> str:
    """The address written as the crawler writes it, so that both mean one place."""
    from urllib.parse import urlsplit

    from w3lib.url import safe_url_string

    from archive.wording import shown

    try:
        written = safe_url_string(url)
        parts = urlsplit(written)
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"{shown(url)} is no web address (https://…)", param_hint="--url")
    return written


def _opened(ctx: click.Context) -> tuple[Archive, Register]:
    from archive import register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    folders = settings.section("archive", ArchiveSettings).register
    known = register.load(*(settings.resolve(folder) for folder in folders))
    return Archive.of(settings), known


def _check(register: Register, division: str | None, agency: str | None) -> None:
    """Raise BadParameter for a stated division or agency the register does not know."""
    from archive.register import RegisterError
    from archive.wording import unknown_agency

    if division is not None:
        try:
            register.division(division)
        except RegisterError as error:
            raise click.BadParameter(str(error), param_hint="--division") from error
        if agency is not None and not register.find(division, agency):
            try:
                register.agency(agency)
            except RegisterError:
                message = unknown_agency(register, agency, [division])
                raise click.BadParameter(message, param_hint="--agency") from None


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Any]:
    """A bar while originals are read, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)

        def on_read(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield on_read


commands: list[click.Command] = [import_files, history]
"""What crawler/cli.py mounts."""
