"""`mingzhang import`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from archive.model import Kind, Level

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
    from archive.opening import bar, known, opened
    from archive.wording import shown

    for file in files:
        if file.is_dir():
            raise click.UsageError(f"{shown(file)} is a folder; name its files: {shown(file)}/*")
    if url and len(files) > 1:
        raise click.UsageError("--url is the address of one file; import the files one by one")
    url = _web_address(url) if url else None
    archive, register = opened(ctx)
    hints = Hints(
        division=division,
        agency=agency,
        level=Level(level) if level else None,
        year=year,
        kind=Kind(kind) if kind else None,
    )
    known(register, hints.division, hints.agency)
    intake = Intake(archive, register, run_id(now()))
    importing = Importing(intake, register)
    day = published.date() if published else None
    for file in files:
        importing.offer(file, hints, url=url, title=title, published=day)
    try:
        with bar("reading", quiet=as_json) as on_read:
            intake.process(importing.heard, on_read)
    finally:
        importing.tell(as_json)
        archive.close()
    ctx.exit(0 if importing.complete else 1)


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


commands: list[click.Command] = [import_files]
"""What crawler/cli.py mounts."""
