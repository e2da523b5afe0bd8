"""Which program this is, as one word: machines that share work must read and reckon alike.

Another version of a reader, or of a library below it, may read a document otherwise; then the
machine that happened to take it would decide what is committed.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from archive.installed import requirements, version

__all__ = ["Unlike", "program"]

_PACKAGES: Final = ("archive", "crawler", "diffing")
_ROOT: Final = Path(__file__).resolve().parents[1]
_NAME: Final = re.compile(r"[\w.-]+")


class Unlike(OSError):  # noqa: N818 - says what is the case
    """A worker is another program than the one it works for; nothing it did is used."""


@cache
def program() -> str:
    """A digest of our own files, of the libraries we ask for, of Python and of what can read here.

    Python counts to its minor version. The readers are among our files; what recognises page images
    is asked, because it need not be installed.
    """
    from archive.text.optical import identity

    digest = hashlib.sha256(f"{sys.version_info[:2]} {identity()}\n".encode())
    for name, number in sorted(_libraries().items()):
        digest.update(f"{name} {number}\n".encode())
    for name in sorted(name for package in _PACKAGES for name in _files(package)):
        data = _read(f"{_ROOT}/{name}")
        digest.update(f"{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]


def _libraries() -> dict[str, str]:
    found = {}
    for line in requirements("mingzhang"):
        if "extra ==" in line:
            continue
        name = _NAME.match(line)
        if name is not None:
            found[name[0].lower()] = version(name[0])
    return found


def _files(folder: str) -> Iterator[str]:
    """Our own below a folder, by their paths from the root: texts, since half a thousand `Path`
    take longer than reading what they name."""
    with os.scandir(f"{_ROOT}/{folder}") as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if not entry.is_dir():
                yield path
            elif entry.name != "__pycache__":
                yield from _files(path)


def _read(path: str) -> bytes:
    with io.FileIO(path) as file:
        return file.readall()
