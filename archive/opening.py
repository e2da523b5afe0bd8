"""What every command of the archive begins with: settings, archive, register."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.executor import Executor
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["bar", "executing", "executor_option", "known", "opened"]

executor_option = click.option(
    "--executor",
    metavar="WHERE",
    help="Where work is done: local, local:N, dask://HOST:PORT; else as in mingzhang.toml.",
)
"""What a command that hands out work takes; `executing` opens what it names."""


def opened(ctx: click.Context) -> tuple[Archive, Register]:
    """The archive and the register the settings name. Raises SettingsError, RegisterError."""
    from archive import register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    folders = settings.section("archive", ArchiveSettings).register
    read = register.load(*(settings.resolve(folder) for folder in folders))
    return Archive.of(settings), read


@contextmanager
def executing(ctx: click.Context, where: str | None) -> Iterator[Executor]:
    """The executor the command line or the settings name, and on a terminal where to watch it.

    Raises BadParameter or SettingsError for a word that names none, NoExecutor where nobody
    answers.
    """
    from archive.executor import executor_at
    from archive.settings import ClusterSettings, SettingsError, load

    settings = load(ctx.find_root().obj)
    section = settings.section("cluster", ClusterSettings)
    try:
        executor = executor_at(where or section.executor, section.originals)
    except ValueError as error:
        if where:
            raise click.BadParameter(str(error), param_hint="--executor") from error
        raise SettingsError(f"{settings.path}: [cluster] executor: {error}") from error
    if executor.dashboard and sys.stderr.isatty():
        click.echo(f"watch: {executor.dashboard}", err=True)
    with executor:
        yield executor


def known(register: Register, division: str | None, agency: str | None) -> None:
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
def bar(doing: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many of how many are done, headed by a word; on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
