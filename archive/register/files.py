"""The files of a register folder: their shape, and the errors that name a file and an id.

A folder holds `divisions.toml` and `agencies/<division code>.toml`; both are optional in a folder
of an operator. An agencies file has `[[department]]` tables with their `units` in line, `[[unit]]`
tables for units whose department no source states, and `[[addition]]` tables that give an agency
of another file further aliases or a new name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from archive.model import Level
from archive.register.agencies import Agency, Name, kind_of
from archive.register.exemptions import Exemption
from archive.register.names import Division
from archive.register.successions import Succession

__all__ = ["RegisterError", "agencies_in", "decoded", "read_agencies", "read_divisions"]


class RegisterError(Exception):
    """The register's data cannot be used: the message names the file and the id or code."""


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str | None = None
    names: tuple[Name, ...] = ()
    aliases: tuple[str, ...] = ()
    kind: str | None = None
    note: str = ""


class _Department(_Body, frozen=True, forbid_unknown_fields=True):
    units: tuple[_Body, ...] = ()


class _Addition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    aliases: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()


class AgenciesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One agencies file as written."""

    division: str
    department: tuple[_Department, ...] = ()
    unit: tuple[_Body, ...] = ()
    addition: tuple[_Addition, ...] = ()
    succession: tuple[Succession, ...] = ()
    exemption: tuple[Exemption, ...] = ()


class _DivisionsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    division: tuple[Division, ...]


T = TypeVar("T")

_ID: Final = re.compile(r"\d{6}\.\d{3}(?:\.\d{3})?")
_CODE: Final = re.compile(r"\d{6}")
# A registered name becomes a folder of the archive (see Register.registered_name).
_NAME: Final = re.compile(r"[^\W_][\w·（）()、“”\-]{1,79}")


def read_divisions(path: Path) -> tuple[Division, ...]:
    """The divisions of one `divisions.toml`.

    Raises:
        RegisterError: the file is unreadable or a code is not six digits.
    """
    divisions = decoded(path, _DivisionsFile).division
    for division in divisions:
        if not _CODE.fullmatch(division.code):
            raise RegisterError(f"{path}: division code {division.code!r} is not six digits")
    return divisions


def read_agencies(path: Path) -> AgenciesFile:
    """One agencies file, checked against its own name.

    Raises:
        RegisterError: the file is unreadable, or states another division than its file name.
    """
    content = decoded(path, AgenciesFile)
    if content.division != path.stem:
        raise RegisterError(
            f"{path}: states division {content.division!r}, its file name says {path.stem!r}"
        )
    return content


def agencies_in(content: AgenciesFile, path: Path) -> list[Agency]:
    """The agencies a file introduces, departments before their units.

    Raises:
        RegisterError: an id or a name has a wrong shape.
    """
    found: list[Agency] = []
    for department in content.department:
        found.append(_agency(department, Level.DEPARTMENT, None, content.division, path))
        for unit in department.units:
            if not unit.id.startswith(f"{department.id}."):
                raise RegisterError(
                    f"{path}: unit {unit.id} stands under department {department.id}"
                )
            found.append(_agency(unit, Level.UNIT, department.id, content.division, path))
    found += [_agency(unit, Level.UNIT, None, content.division, path) for unit in content.unit]
    return found


def _agency(body: _Body, level: Level, parent: str | None, division: str, path: Path) -> Agency:
    if not _ID.fullmatch(body.id) or not body.id.startswith(f"{division}."):
        raise RegisterError(
            f"{path}: agency id {body.id!r} must be {division}.NNN for a department"
            f" or {division}.NNN.NNN for a unit"
        )
    if (len(body.id) == len("310107.001")) is not (level is Level.DEPARTMENT):
        raise RegisterError(f"{path}: agency id {body.id} does not have the form of a {level}")
    if (body.name is None) is (not body.names):
        raise RegisterError(f"{path}: agency {body.id} needs either a name or names, not both")
    names = (Name(body.name),) if body.name is not None else body.names
    for name in names:
        check_name(name.text, body.id, path)
    return Agency(
        id=body.id,
        division=division,
        level=level,
        names=names,
        aliases=body.aliases,
        parent=parent,
        kind=body.kind or kind_of(names[-1].text),
        note=body.note,
    )


def check_name(text: str, agency: str, path: Path) -> None:
    """Refuse a name that could not be a folder.

    Raises:
        RegisterError: the name holds anything but letters, digits, brackets and middle dots.
    """
    if not _NAME.fullmatch(text):
        raise RegisterError(f"{path}: agency {agency} has an unusable name {text!r}")


def decoded(path: Path, shape: type[T]) -> T:
    """A TOML file as `shape`.

    Raises:
        RegisterError: it cannot be read or has another shape; the message names it.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"{path}: {error}") from error
