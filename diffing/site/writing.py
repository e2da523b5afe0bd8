"""Puts pages into the site's folder: each in one step, and only where it differs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from archive.replacing import LEFTOVER, replace
from diffing.site.state import FOLDER

__all__ = ["NotOurs", "claim", "remove", "there", "write"]


class NotOurs(Exception):  # noqa: N818 - says what is the case
    """The folder holds files that no build made; nothing was written."""


def claim(folder: Path) -> None:
    """Raise NotOurs for a folder that is neither new nor empty nor built by an earlier run."""
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{folder} is no folder; name another one")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FOLDER).is_dir():
        raise NotOurs(
            f"{folder} holds files that no site build made; they were left alone."
            " Name an empty or a new folder."
        )


def write(folder: Path, path: str, data: bytes) -> bool:
    """Write one page; whoever reads meanwhile sees the old one or the new one.

    Returns whether anything was written: a page that is the same already is left as it is.
    Raises OSError where that fails.
    """
    target = folder / path
    with contextlib.suppress(OSError):
        if target.stat().st_size == len(data) and target.read_bytes() == data:
            return False
    replace(target, data)
    return True


def there(folder: Path) -> set[str]:
    """The paths of all files below the folder, and leftovers of a build that was cut off go."""
    found, left = set(), [("", str(folder))]
    while left:
        stem, place = left.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append((f"{stem}{entry.name}/", entry.path))
                elif entry.name.startswith(LEFTOVER):
                    Path(entry.path).unlink(missing_ok=True)
                else:
                    found.add(f"{stem}{entry.name}")
    return found


def remove(folder: Path, paths: Iterable[str]) -> None:
    """Take away pages that are no more, and folders that are empty then."""
    for path in paths:
        target = folder / path
        target.unlink(missing_ok=True)
        for above in target.parents:
            if above == folder:
                break
            try:
                above.rmdir()
            except OSError:
                break
