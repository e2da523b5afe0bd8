"""Opens what a command names: settings, archive and register; files, documents, commits, years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from archive.model import Kind, Level

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from diffing.thresholds import DigestSettings
    from diffing.versions import Version

__all__ = ["Refused", "explained", "opened", "section_of", "units_of", "versions_of"]

_YEAR: Final = re.compile(r"((?:19|20)\d\d)(?:/(budget|final))?")


class Refused(click.ClickException):
    """A sentence and exit status 2: 1 would say that something differs."""

    exit_code = 2


@contextmanager
def explained() -> Iterator[None]:
    """What cannot be compared or is not there is a sentence and exit status 2."""
    from diffing.checks.judgements import JudgementsError
    from diffing.finding import NotFoundError
    from diffing.told import ToldError
    from diffing.versions import IncomparableError

    try:
        yield
    except (NotFoundError, IncomparableError, JudgementsError, ToldError) as error:
        raise Refused(str(error)) from error


def opened(ctx: click.Context) -> tuple[Settings, Archive, Register]:
    """The settings of the command line, and the archive and register they name."""
    from archive import register
    from archive.repository import Archive
    from archive.settings import ArchiveSettings, load

    settings = load(ctx.find_root().obj)
    folders = settings.section("archive", ArchiveSettings).register
    known = register.load(*(settings.resolve(folder) for folder in folders))
    return settings, Archive.of(settings), known


def section_of(settings: Settings) -> DigestSettings:
    """The `[digest]` table with its thresholds."""
    from diffing.thresholds import DigestSettings

    return settings.section("digest", DigestSettings)


@contextmanager
def versions_of(
    ctx: click.Context, names: Sequence[str], agency: str | None, level: str | None
) -> Iterator[tuple[list[Version], DigestSettings, tuple[Archive, Register] | None]]:
    """The versions that names stand for; the archive is opened only where one is not a file.

    A name is a file, a document id (with @COMMIT), a commit, or with `agency` a year such as 2024
    or 2024/final. Raises NotFoundError, saying what there is instead.
    """
    from diffing.finding import NotFoundError, is_reference
    from diffing.thresholds import DigestSettings

    for name in names:
        year = agency is not None and _YEAR.fullmatch(name)
        if not (year or Path(name).exists() or is_reference(name)):
            raise NotFoundError(_unknown(name))
    if agency is None and all(Path(name).exists() for name in names):
        yield [_file(name) for name in names], DigestSettings(), None
        return
    settings, archive, register = opened(ctx)
    try:
        found = [_version(archive, register, name, agency, level) for name in names]
        yield found, section_of(settings), (archive, register)
    finally:
        archive.close()


def units_of(
    archive: Archive, register: Register, department: Version
) -> tuple[list[Version], list[str]]:
    """The units' documents of a department's year and kind, and the names of units without one.

    Raises NotFoundError where the archive has none of them.
    """
    from msgspec import structs

    from diffing.finding import NotFoundError, newest

    identity = department.identity
    if identity is None:
        raise NotFoundError(f"{department.name} is not archived: name the units' documents too")
    repository = archive.repository(identity.division)
    found, missing = [], []
    for agency in register.agencies(identity.division):
        if agency.parent != identity.agency:
            continue
        wanted = structs.replace(identity, agency=agency.id, level=Level.UNIT)
        if repository.holds(wanted):
            found.append(newest(archive, register, wanted))
        else:
            missing.append(agency.name)
    if not found:
        raise NotFoundError(f"{department.name}: no document of any of its units is archived")
    return found, missing


def _unknown(name: str) -> str:
    from archive.wording import shown

    if _YEAR.fullmatch(name):
        return f"{shown(name)} is a year: say whose with --agency"
    return (
        f"{shown(name)}: no such file, and neither a document id nor a commit; "
        "`mingzhang history` lists what is archived"
    )


def _version(
    archive: Archive, register: Register, name: str, agency: str | None, level: str | None
) -> Version:
    from diffing.finding import Wanted, by_reference, of_year

    if agency is not None and (year := _YEAR.fullmatch(name)):
        wanted = Wanted(
            agency=agency,
            to_year=int(year[1]),
            kind=Kind(year[2]) if year[2] else None,
            level=Level(level) if level else None,
        )
        return of_year(archive, register, wanted)
    return _file(name) if Path(name).exists() else by_reference(archive, register, name)


def _file(name: str) -> Version:
    from archive.text import Unreadable
    from archive.wording import shown
    from diffing.finding import in_file

    try:
        return in_file(Path(name))
    except Unreadable as error:
        where = f", page {error.page}" if error.page else ""
        raise Refused(f"{shown(name)}{where}: {error.message}") from error
    except OSError as error:
        raise Refused(f"{shown(name)}: {error.strerror}") from error
