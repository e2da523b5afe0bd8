"""`mingzhang trend` and `mingzhang peers`: one line over years, and beside its peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from archive.model import Kind, Level
from diffing.contrast import console_of
from diffing.opening import explained, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from diffing.series import Series

__all__ = ["peers", "trend"]

_TABLES: Final = (
    "total",
    "income",
    "expenditure",
    "fiscal",
    "general_function",
    "basic_economic",
    "sangong",
    "project",
    "fund",
    "soe",
)


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options both commands have."""
    options = (
        click.argument("agency"),
        click.argument("line"),
        click.option("--kind", type=click.Choice([str(k) for k in Kind]), help="Only of one kind."),
        click.option("--level", type=click.Choice([str(v) for v in Level]), help="Who reports."),
        click.option("--division", metavar="CODE", help="Where several agencies bear the name."),
        click.option("--table", type=click.Choice(_TABLES), help="Follow the line in this table."),
        click.option("--measure", help="The column, such as 项目支出; else the total."),
        click.option("--json", "as_json", is_flag=True, help="Print everything as JSON."),
        click.option("--csv", "as_csv", is_flag=True, help="Print every figure as CSV."),
        click.option(
            "--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True,
            help="Language of what is said about the figures.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("trend")
@_asked
@click.pass_context
def trend(ctx: click.Context, /, **asked: Any) -> None:
    """Follow one line of an agency over all its years.

    AGENCY is an id, a registered name or an alias; LINE a code (2010101) or a name as printed
    (公务接待费). Budgets and final accounts stand side by side, each compared with its own kind of
    the year before only; a final account also with the budget of its year.

    Exit status: 0; 1 where no document prints the line; 2 where the archive lacks what is asked.
    """
    from diffing import series

    _follow(ctx, series.trend, None, asked)


@click.command("peers")
@_asked
@click.option("--year", type=click.IntRange(1990, 2100), help="One fiscal year; all unless told.")
@click.pass_context
def peers(ctx: click.Context, /, year: int | None, **asked: Any) -> None:
    """Show one line for all agencies of the same kind.

    AGENCY is an id, a registered name or an alias; LINE a code or a name as printed. Which agencies
    are of one kind is in the register, never guessed. Districts print unlike forms: every figure
    names its table and its place.

    Exit status: 0; 1 where no document prints the line; 2 where the archive lacks what is asked.
    """
    from diffing import series

    _follow(ctx, series.peers, year, asked)


def _follow(
    ctx: click.Context, find: Callable[..., Series], year: int | None, asked: dict[str, Any]
) -> None:
    from diffing.finding import Wanted
    from diffing.render.series import series_json, series_sheet
    from diffing.render.sheet import print_sheet, sheet_csv
    from diffing.roles import Table
    from diffing.words import wording

    if asked["as_json"] and asked["as_csv"]:
        raise click.UsageError("--json and --csv exclude each other")
    wanted = Wanted(
        agency=asked["agency"],
        to_year=year,
        kind=Kind(asked["kind"]) if asked["kind"] else None,
        level=Level(asked["level"]) if asked["level"] else None,
        division=asked["division"],
    )
    table = Table(asked["table"]) if asked["table"] else None
    with explained():
        _, archive, register = opened(ctx)
        try:
            found = find(archive, register, wanted, asked["line"], table, asked["measure"])
        finally:
            archive.close()
    words = wording(asked["lang"])
    if asked["as_json"]:
        click.echo(series_json(found), nl=False)
    elif asked["as_csv"]:
        click.echo(sheet_csv(series_sheet(found, words)), nl=False)
    else:
        print_sheet(series_sheet(found, words), console_of())
    ctx.exit(0 if found.points else 1)
