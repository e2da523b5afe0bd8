"""`mingzhang history`, `log`, `show` and `as-of`: what was published, what we held, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive.model import Kind

if TYPE_CHECKING:
    from archive.listing import Wanted
    from archive.register import Register

__all__ = ["commands"]

_YEARS = click.IntRange(1990, 2100)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _narrowing(command: _Command) -> _Command:
    """The argument and options that narrow what is listed."""
    for decorate in reversed(
        (
            click.argument("what", metavar="[AGENCY|DOCUMENT-ID]", required=False),
            click.option("--year", type=_YEARS, help="Fiscal year."),
            click.option(
                "--kind", type=click.Choice([str(v) for v in Kind]), help="Budget or final account."
            ),
            click.option(
                "--division", metavar="CODE", help="Division code (GB/T 2260), such as 310107."
            ),
            click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        )
    ):
        command = decorate(command)
    return command


@click.command("history")
@_narrowing
@click.pass_context
def history(ctx: click.Context, /, as_json: bool, **wanted: Any) -> None:
    """List versions by date of publication, newest first: all, an agency's, or a document's.

    AGENCY is an id or a name of the register (exactly as registered, or an alias); DOCUMENT-ID is
    such as 310107/310107.012/department/2024/final, or the beginning of one. A version entered
    later stands where its date puts it, in whatever order versions were entered; `mingzhang log`
    lists in the order of our own clock.

    Exit status: 0; 2 when the register does not know the agency or the archive the document.
    """
    from archive import listing

    _list(ctx, listing.by_publication, wanted, as_json)


@click.command("log")
@_narrowing
@click.pass_context
def log(ctx: click.Context, /, as_json: bool, **wanted: Any) -> None:
    """List events in the order they were committed, newest first.

    Every event: versions, withdrawals (撤回) and returns, moves, mirrors, readings anew.

    Exit status: 0; 2 when the register does not know the agency or the archive the document.
    """
    from archive import listing

    _list(ctx, listing.by_our_clock, wanted, as_json)


def _list(
    ctx: click.Context,
    order: Callable[[Iterable[Any]], list[Any]],
    wanted: dict[str, Any],
    as_json: bool,
) -> None:
    from archive import listing
    from archive.opening import known, opened

    archive, register = opened(ctx)
    known(register, wanted["division"], None)
    asked = listing.Wanted(**wanted)
    versions = order(listing.found(archive, register, asked))
    archive.close()
    if as_json:
        click.echo(listing.as_json(versions, register))
    elif versions:
        listing.print_table(versions, register)
    else:
        click.echo(_nothing(asked), err=True)


def _nothing(asked: Wanted) -> str:
    return f"nothing is archived{' of it' if asked.what or asked.year or asked.kind else ''} yet"


@click.command("as-of")
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]))
@_narrowing
@click.pass_context
def as_of(ctx: click.Context, /, day: datetime, as_json: bool, **wanted: Any) -> None:
    """Say what was published, and held, on a day, document by document.

    DATE ends with its day in China. "Published" goes by the dates publishers claim, whenever we
    came to know of it; "held" goes by our own clock alone.

    Exit status: 0; 2 when the register does not know the agency or the archive the document.
    """
    from archive import listing, standing
    from archive.opening import known, opened

    archive, register = opened(ctx)
    known(register, wanted["division"], None)
    asked = listing.Wanted(**wanted)
    found = standing.as_of(archive, register, asked, standing.end_of(day))
    archive.close()
    if as_json:
        click.echo(standing.as_json(found, register))
    elif found:
        standing.print_table(found, register)
    else:
        click.echo(_nothing(asked), err=True)


@click.command("show")
@click.argument("document", metavar="DOCUMENT-ID[@COMMIT|@DATE]")
@click.option("--json", "as_json", is_flag=True, help="Print the whole document as JSON.")
@click.pass_context
def show(ctx: click.Context, document: str, as_json: bool) -> None:
    """Show one version of a document: its facts, where it came from, its statements.

    Without @ the newest version; with a commit the version it speaks of; with a date
    (2025-09-01) the version held at the end of that day by our clock.

    Exit status: 0; 2 when the archive does not hold it.
    """
    from archive import standing
    from archive.opening import opened

    archive, register = opened(ctx)
    shown = standing.one(archive, register, document)
    archive.close()
    click.echo(standing.version_as_json(shown, register) if as_json else _told(shown, register))


def _told(shown: Any, register: Register) -> str:
    from archive import standing

    return "\n".join(standing.lines(shown, register))


commands: list[click.Command] = [history, log, show, as_of]
"""What crawler/cli.py mounts."""
