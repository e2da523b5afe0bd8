"""Which libraries are installed, in which version.

`importlib.metadata` parses what a library says of itself as mail; for two fields that takes longer
than reading all our own files, so they are read as the lines they are.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import Final

__all__ = ["PackageNotFoundError", "requirements", "version"]

_METADATA: Final = "METADATA"


def version(name: str) -> str:
    """The version of a library, as it says itself. Raises PackageNotFoundError."""
    return next(iter(_fields(name, "Version")), None) or distribution(name).version


def requirements(name: str) -> list[str]:
    """What a library asks for, a line each, extras included. Raises PackageNotFoundError."""
    return _fields(name, "Requires-Dist") or distribution(name).requires or []


def _fields(name: str, key: str) -> list[str]:
    """The values of a field of the core metadata (packaging.python.org, core metadata)."""
    start = f"{key}: "
    return [line.removeprefix(start).strip() for line in _head(name) if line.startswith(start)]


@cache
def _head(name: str) -> list[str]:
    """The lines before the description."""
    text = distribution(name).read_text(_METADATA) or ""
    return text.partition("\n\n")[0].splitlines()
