"""`mingzhang query` and `mingzhang overview`: the whole archive at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from archive.model import Kind
from diffing.contrast import console_of
from diffing.opening import Refused, opened

if TYPE_CHECKING:
    import duckdb

__all__ = ["overview", "query"]

_SHOWN: Final = 1000
"""Rows a terminal is shown unless told; files get them all."""


@click.command("query")
@click.argument("sql", required=False)
@click.option("--columns", is_flag=True, help="Say what columns there are and what they mean.")
@click.option("--limit", type=click.IntRange(1), help=f"Rows at most; a table shows {_SHOWN}.")
@click.option("--no-refresh", is_flag=True, help="Ask the data as last brought up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV.")
@click.pass_context
def query(
    ctx: click.Context,
    sql: str | None,
    columns: bool,
    limit: int | None,
    no_refresh: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Ask the line items of the whole archive in SQL.

    There is one table, `items`: one row a figure, of every document as the archive has it now.
    `yuan` and `value` are exact decimals; a blank has a mark, no value. SQL is DuckDB's; one SELECT
    at a time, and it can neither write nor open any other file nor the network.

    \b
      mingzhang query "SELECT agency_name, year, yuan FROM items
                       WHERE name_plain = '公务接待费' ORDER BY yuan DESC"

    Exit status: 0; 2 where the query cannot be run.
    """
    from diffing.render.answers import answer_csv, answer_json, answer_sheet
    from diffing.render.sheet import print_sheet

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if columns:
        from archive.export.columns import COLUMNS

        for column in COLUMNS:
            click.echo(f"{column.name:15} {column.type:8} {column.meaning}")
        return
    if sql is None:
        raise click.UsageError("give a SELECT; `mingzhang query --columns` says what there is")
    with _corpus(ctx, refreshed=not no_refresh) as connection:
        from diffing.query import ask

        answer = ask(connection, sql, limit or (None if as_json or as_csv else _SHOWN))
    if as_json:
        click.echo(answer_json(answer), nl=False)
    elif as_csv:
        click.echo(answer_csv(answer), nl=False)
    else:
        print_sheet(answer_sheet(answer), console_of())


@click.command("overview")
@click.argument("division")
@click.option("--year", type=click.IntRange(1990, 2100), help="The later year; else the newest.")
@click.option("--all-years", is_flag=True, help="Every year from the year before, in one list.")
@click.option(
    "--kind",
    type=click.Choice([str(k) for k in Kind]),
    default="budget",
    show_default=True,
    help="Budget or final account.",
)
@click.option("--count", type=click.IntRange(1, 1000), default=30, show_default=True, help="Moves.")
@click.option("--totals", is_flag=True, help="Totals too, not only what they are made of.")
@click.option("--no-refresh", is_flag=True, help="Ask the data as last brought up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every move as CSV.")
@click.option(
    "--lang",
    type=click.Choice(("zh", "en")),
    default="zh",
    show_default=True,
    help="Language of what is said about the figures.",
)
@click.pass_context
def overview(
    ctx: click.Context,
    division: str,
    year: int | None,
    all_years: bool,
    kind: str,
    count: int,
    totals: bool,
    no_refresh: bool,
    as_json: bool,
    as_csv: bool,
    lang: str,
) -> None:
    """Show the largest moves of a district from the year before.

    DIVISION is a division code, such as 310107. Lines are paired by what is printed alone; a line
    of one year only is left out. It says where to look: `mingzhang diff` says what is the case.

    Exit status: 0; 1 where there is nothing to compare; 2 where nothing is archived.
    """
    from diffing.render.answers import overview_json, overview_sheet
    from diffing.render.sheet import print_sheet, sheet_csv
    from diffing.words import wording

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if all_years and year is not None:
        raise click.UsageError("--year and --all-years exclude each other")
    with _corpus(ctx, refreshed=not no_refresh, lines=all_years) as connection:
        from diffing.overview import newest_year, overview_of_years
        from diffing.overview import overview as find

        when = year or newest_year(connection, division, Kind(kind))
        if when is None:
            raise Refused(f"no {kind} of division {division} is archived")
        if all_years:
            found = overview_of_years(connection, division, Kind(kind), count=count, totals=totals)
        else:
            found = find(connection, division, when, Kind(kind), count=count, totals=totals)
    sheet = overview_sheet(found, wording(lang))
    if as_json:
        click.echo(overview_json(found), nl=False)
    elif as_csv:
        click.echo(sheet_csv(sheet), nl=False)
    else:
        print_sheet(sheet, console_of())
    ctx.exit(0 if found.moves else 1)


@contextmanager
def _corpus(
    ctx: click.Context, *, refreshed: bool, lines: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The archive's line items, up to date unless told; with the lines of all years where asked."""
    try:
        from archive.export.lines import refresh_lines
        from archive.export.parquet import folder_of, refresh
        from diffing.query import QueryError, database
    except ImportError as error:
        raise Refused(
            f"{error.name} is not installed; run: pip install 'mingzhang[query]'"
        ) from error
    _, archive, register = opened(ctx)
    try:
        if refreshed:
            done = refresh(archive, register)
            if done.left_empty:
                click.echo(
                    f"{done.left_empty} figures have more digits than the table holds: "
                    "their value is empty, their text is there",
                    err=True,
                )
        if lines:
            refresh_lines(folder_of(archive))
        with database(folder_of(archive)) as connection:
            yield connection
    except QueryError as error:
        raise Refused(str(error)) from error
    finally:
        archive.close()
