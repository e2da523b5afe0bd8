"""Finds and reads `mingzhang.toml`; every layer declares the struct of its own section."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import msgspec

__all__ = [
    "ENVIRONMENT",
    "FILENAME",
    "SECTIONS",
    "ArchiveSettings",
    "ClusterSettings",
    "Settings",
    "SettingsError",
]

FILENAME: Final = "mingzhang.toml"
ENVIRONMENT: Final = "MINGZHANG_CONFIG"
SECTIONS: Final = ("archive", "harvest", "schedule", "digest", "site", "feed", "notify", "cluster")
"""Every table the file may have. A misspelt one would otherwise silently mean "all defaults"."""
_RETIRED: Final = frozenset({"channels"})
"""Tables that earlier files have, and that say nothing."""

AUTHOR: Final = "明账 Mingzhang"
EMAIL: Final = "archive@mingzhang.invalid"
"""Who signs commits by default; no mail to .invalid ever arrives anywhere (RFC 2606)."""

T = TypeVar("T")


class SettingsError(Exception):
    """The settings cannot be used; the message says which file, which key, and what to do."""


class Settings(msgspec.Struct, frozen=True):
    """A parsed settings file: where it lies and the tables in it."""

    path: Path
    tables: dict[str, Any]

    def section(self, name: str, type_: type[T]) -> T:
        """The table `name` as `type_`, its defaults where the file says nothing.

        Raises SettingsError for an unknown key, a wrong type or a missing required key.
        """
        try:
            return msgspec.convert(self.tables.get(name, {}), type_, strict=True)
        except msgspec.ValidationError as error:
            raise SettingsError(
                f"{self.path}: [{name}]: {_explained(str(error), type_)}"
            ) from error

    def resolve(self, value: str) -> Path:
        """A path as written in the file: relative ones count from the file's own folder."""
        return (self.path.parent / Path(value).expanduser()).resolve()


class ArchiveSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[archive]`: where the archive lives and under which name it commits."""

    path: str = "archive"
    register: list[str] = []
    """Folders with register files of the operator's own, beside the packaged ones."""
    author: str = AUTHOR
    email: str = EMAIL
    """Stands in every commit of a public history: no person's address belongs here."""
    signing_key: str = ""
    """What `mingzhang checkpoint` signs with: a key file for ssh, a key id for openpgp."""
    signing_format: Literal["ssh", "openpgp"] = "ssh"
    allowed_signers: str = ""
    """The file of keys whose signatures `mingzhang verify` accepts (ssh-keygen(1))."""
    remotes: list[str] = []
    """Where histories are pushed to after a run; `{division}` stands for the code."""
    second: str = ""
    """A second place for originals: a folder on another disk, or an address fsspec knows."""


class ClusterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[cluster]`: where work is done."""

    executor: str = "local"
    """`local`, `local:N`, or the Dask scheduler to use: `dask://host:port`."""
    originals: str = ""
    """Where workers find originals that do not have the archive's folder: an address fsspec knows,
    usually that of `[archive] second`."""


def load(explicit: Path | None = None) -> Settings:
    """The settings from `explicit`, else from $MINGZHANG_CONFIG, else from ./mingzhang.toml.

    Raises SettingsError when the file is missing, is not TOML or has an unknown table.
    """
    path, origin = _chosen(explicit)
    try:
        text = path.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: no such settings file ({origin}); run `mingzhang init` to write one"
        ) from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    for name, table in tables.items():
        if name not in SECTIONS and not (name in _RETIRED and not table):
            raise SettingsError(f"{path}: unknown table [{name}]; {_hint(name, SECTIONS)}")
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: {name} must be a table: write [{name}]")
    return Settings(path.resolve(), tables)


def _chosen(explicit: Path | None) -> tuple[Path, str]:
    if explicit is not None:
        return explicit, "given on the command line"
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named), f"named by ${ENVIRONMENT}"
    return Path(FILENAME), "looked for in the current folder"


def _explained(message: str, type_: type[Any]) -> str:
    """msgspec's sentence, with the nearest known key where a key is unknown."""
    marker = "unknown field `"
    if marker not in message:
        return message
    unknown = message.split(marker, 1)[1].split("`", 1)[0]
    try:
        known = tuple(field.encode_name for field in msgspec.structs.fields(type_))
    except TypeError:
        return message
    return f"unknown key `{unknown}`; {_hint(unknown, known)}"


def _hint(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known)}"
