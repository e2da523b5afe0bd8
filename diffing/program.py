"""Names the program itself: what it makes may be kept only as long as it would make the same."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

__all__ = ["fingerprint"]

_SUFFIXES: Final = (".py", ".toml", ".j2", ".css", ".js")


@cache
def fingerprint() -> str:
    """A digest over all files of the packages that read, compare and render."""
    digest = hashlib.sha256()
    for package in ("archive", "diffing"):
        for path in sorted(Path(str(files(package))).rglob("*")):
            if path.suffix in _SUFFIXES:
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
