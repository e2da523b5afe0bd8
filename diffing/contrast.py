"""`mingzhang diff`: the four comparisons on the command line, never mixed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import click
import msgspec

from archive.model import Level
from diffing.opening import explained, units_of, versions_of

if TYPE_CHECKING:
    from rich.console import Console

    from archive.register import Register
    from archive.repository import Archive
    from diffing.thresholds import Thresholds
    from diffing.versions import Version
    from diffing.words import Wording

__all__ = ["console_of", "diff"]

_LANGUAGES: Final = ("zh", "en")
_WIDE: Final = 240
"""Columns where no terminal limits the width."""


@click.command("diff")
@click.argument("old", metavar="A")
@click.argument("news", metavar="[B]…", nargs=-1)
@click.option(
    "--as",
    "relation",
    type=click.Choice(["revision", "year", "execution", "units"]),
    help="What to compare, where the documents do not say it or a plan meets an outcome.",
)
@click.option("--agency", metavar="NAME", help="Whose: then A and B may be years (2024/final).")
@click.option("--level", type=click.Choice([str(v) for v in Level]), help="Who reports.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every figure as CSV.")
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
    news: tuple[str, ...],
    relation: str | None,
    agency: str | None,
    level: str | None,
    as_json: bool,
    as_csv: bool,
    exit_code: bool,
    lang: str,
) -> None:
    """Compare A and B line item by line item.

    Each of A and B is a file, a document of the archive such as
    310107/310107.012/department/2024/final (with @COMMIT for one version of it), a commit as
    `mingzhang history` lists it, or with --agency a year such as 2024 or 2024/final. Two documents
    of one year compare as versions of one document: everything printed otherwise is a change. Two
    years compare by amount. Where a document could not be read whole, what is not found there is
    said to be unread, not gone.

    A budget is never compared with a final account as if they were alike, nor a department with a
    unit. With --as execution A is the budget and B the final account of one year: what was planned,
    what came of it, at which rate. With --as units A is a department and each B a unit of it, all
    archived ones unless told: do they add up?

    Exit status: 0; with --exit-code 1 if anything differs; 2 if they cannot be compared.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    if relation != "units" and len(news) != 1:
        raise click.UsageError("give A and B; several units only with --as units")
    with explained(), versions_of(ctx, (old, *news), agency, level) as (found, section, place):
        shown = _contrasted(found, relation, section.thresholds, place)
    if as_json:
        click.echo(shown.json(), nl=False)
    elif as_csv:
        click.echo(shown.csv(), nl=False)
    else:
        from diffing.words import wording

        shown.table(wording(lang), console_of())
    ctx.exit(1 if exit_code and shown.differs else 0)


class _Shown(msgspec.Struct, frozen=True):
    """A result and the three ways to show it; each is made only where it is asked for."""

    differs: bool
    json: Callable[[], str]
    csv: Callable[[], str]
    table: Callable[[Wording, Console], None]


def console_of() -> Console:
    """Where tables go: a terminal's width, or a wide one where nothing limits it."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def _contrasted(
    found: list[Version],
    relation: str | None,
    thresholds: Thresholds,
    place: tuple[Archive, Register] | None,
) -> _Shown:
    if relation == "execution":
        return _execution(found[0], found[1], thresholds)
    if relation == "units":
        return _units(found, place)
    return _change(found[0], found[1], relation, thresholds)


def _change(old: Version, new: Version, relation: str | None, thresholds: Thresholds) -> _Shown:
    from diffing.compare import compare
    from diffing.render.comparison import as_csv, print_table
    from diffing.render.data import comparison_json
    from diffing.versions import Mode

    comparison = compare(old, new, Mode(relation) if relation else None, thresholds)
    return _Shown(
        bool(comparison.changes),
        lambda: comparison_json(comparison),
        lambda: as_csv(comparison),
        lambda words, console: print_table(comparison, words, console),
    )


def _execution(budget: Version, final: Version, thresholds: Thresholds) -> _Shown:
    from diffing.execution import executed
    from diffing.render.execution import execution_json, execution_sheet
    from diffing.render.sheet import print_sheet, sheet_csv
    from diffing.words import wording

    found = executed(budget, final, thresholds)
    return _Shown(
        any(line.difference != 0 for line in found.lines),
        lambda: execution_json(found),
        lambda: sheet_csv(execution_sheet(found, wording("zh"))),
        lambda words, console: print_sheet(execution_sheet(found, words), console),
    )


def _units(found: list[Version], place: tuple[Archive, Register] | None) -> _Shown:
    from diffing.consolidation import Sum, divided
    from diffing.render.consolidation import consolidation_json, consolidation_sheet
    from diffing.render.sheet import print_sheet, sheet_csv
    from diffing.words import wording

    department, *units = found
    missing: list[str] | None = None
    if place is not None and department.identity is not None:
        archive, register = place
        if not units:
            units, missing = units_of(archive, register, department)
        else:
            missing = _not_named(register, department, units)
    whole = divided(department, units, missing)
    return _Shown(
        any(line.outcome is not Sum.HOLDS for line in whole.lines),
        lambda: consolidation_json(whole),
        lambda: sheet_csv(consolidation_sheet(whole, wording("zh"))),
        lambda words, console: print_sheet(consolidation_sheet(whole, words), console),
    )


def _not_named(register: Register, department: Version, units: list[Version]) -> list[str] | None:
    """Names of the department's units of which no document was named; None where it has none."""
    assert department.identity is not None  # noqa: S101 - the caller asked
    own = [
        agency
        for agency in register.agencies(department.identity.division)
        if agency.parent == department.identity.agency
    ]
    named = {unit.identity.agency for unit in units if unit.identity}
    return [agency.name for agency in own if agency.id not in named] if own else None
