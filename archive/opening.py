"""What every command of the archive begins with: settings, archive, register."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["known", "opened", "reading_bar"]


def opened(ctx: click.Context) -> tuple[Archive, Register]:
    """The archive and the register the settings name. Raises SettingsError, RegisterError."""
    from archive import register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    folders = settings.section("archive", ArchiveSettings).register
    read = register.load(*(settings.resolve(folder) for folder in folders))
    return Archive.of(settings), read


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
def reading_bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar while originals are read, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)

        def on_read(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield on_read
