"""`mingzhang export`."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from archive.opening import bar, executor_option
from diffing.opening import Refused, explained, opened, section_of

if TYPE_CHECKING:
    from diffing.export.records import Export

__all__ = ["export"]

_FORMATS: Final = ("csv", "sqlite", "parquet", "package")
_SCHEMA: Final = "mingzhang-export/1"


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="csv",
    show_default=True,
    help="What to write: CSV for Excel, SQLite for Datasette, Parquet, or a Data Package.",
)
@click.option("--division", "divisions", metavar="CODE", multiple=True, help="Only this district.")
@click.option(
    "--year",
    "years",
    type=click.IntRange(1990, 2100),
    multiple=True,
    help="Only documents of this fiscal year.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@executor_option
@click.pass_context
def export(
    ctx: click.Context,
    folder: Path,
    format_: str,
    divisions: tuple[str, ...],
    years: tuple[int, ...],
    as_json: bool,
    executor: str | None,
) -> None:
    """Write the data as CSV, SQLite, Parquet or a Data Package.

    Documents, line items, changes, findings and coverage go into FOLDER; the files take the place
    of those of an earlier export, each as a whole. --division and --year can be said several times.
    Every row names its document, version, original and place; amounts are exact, a blank is not a
    zero. docs/data.md says what every column means, and how a CSV cell is kept from running as a
    formula.

    \b
      mingzhang export data --format sqlite && datasette data/mingzhang.db -m data/metadata.json

    Exit status: 0 done; 1 done, but something could not be exported, or it cannot be written;
    2 wrong use, or nothing is archived.
    """
    from archive.opening import executing
    from diffing.checks.judgements import FILENAME, load
    from diffing.export.records import Export, Wanted

    with explained():
        settings, archive, register = opened(ctx)
        judged = load(settings.path.parent / FILENAME)
    try:
        _archived(archive, divisions)
        with executing(ctx, executor) as work, bar("exporting", quiet=as_json) as progress:
            made = Export(
                archive,
                register,
                Wanted(tuple(dict.fromkeys(divisions)), tuple(sorted(set(years)))),
                judged=judged,
                thresholds=section_of(settings).thresholds,
                progress=progress,
                executor=work,
            )
            files = _written(format_, folder, made)
    except sqlite3.Error as error:
        raise click.ClickException(f"{folder}: the database cannot be written: {error}") from error
    finally:
        archive.close()
    _tell(format_, files, made, as_json)
    ctx.exit(1 if made.tally.failed else 0)


def _archived(archive: Any, divisions: tuple[str, ...]) -> None:
    there = [repository.division for repository in archive.repositories()]
    if not there:
        raise Refused("nothing is archived yet; run `mingzhang harvest` or `mingzhang import`")
    for code in divisions:
        if code not in there:
            raise Refused(
                f"nothing is archived of division {code}; archived are: {', '.join(there)}"
            )


def _written(format_: str, folder: Path, made: Export) -> list[Path]:
    from archive.export import csv, package, sqlite
    from diffing.export.about import DATASETTE, PACKAGE
    from diffing.export.tables import TABLES

    if format_ == "csv":
        return csv.write(folder, TABLES, made.records())
    if format_ == "sqlite":
        return sqlite.write(folder, TABLES, made.records(), DATASETTE)
    if format_ == "package":
        return package.write(folder, TABLES, made.records(), PACKAGE)
    try:
        from archive.export import arrow
    except ImportError as error:
        raise Refused(
            f"{error.name} is not installed; run: pip install 'mingzhang[query]'"
        ) from error
    return arrow.write(folder, TABLES, made.records())


def _tell(format_: str, files: list[Path], made: Export, as_json: bool) -> None:
    tally = made.tally
    for line in tally.failed:
        from archive.wording import shown

        click.echo(f"not exported: {shown(line)}", err=True)
    if tally.left_empty:
        click.echo(
            f"{tally.left_empty} figures have more digits than a column holds: "
            "their value is empty, their text is there",
            err=True,
        )
    if as_json:
        said = {
            "schema": _SCHEMA,
            "format": format_,
            "files": [str(path) for path in files],
            "rows": dict(sorted(tally.rows.items())),
            "left_empty": tally.left_empty,
            "failed": tally.failed,
        }
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    if not made.documents:
        click.echo("no document of these years is archived; the tables are empty", err=True)
    if sys.stdout.isatty():
        for path in files:
            click.echo(path)
        click.echo(", ".join(f"{name} {count}" for name, count in sorted(tally.rows.items())))
