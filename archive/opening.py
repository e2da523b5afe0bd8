"""What every command of the archive begins with: settings, archive, register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["known", "opened"]


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
