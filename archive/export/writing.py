"""Files of an export come into being whole: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["drafted"]


@contextlib.contextmanager
def drafted(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Yields a function from the name of a file in `folder` to the path to write it at.

    At the end, every file takes its name in the order asked for; after an error none does. What a
    killed process of this machine left of the same file is taken away. Raises OSError where the
    disk refuses.
    """
    drafts: dict[Path, Path] = {}

    def draft(name: str) -> Path:
        final = folder / name
        final.parent.mkdir(parents=True, exist_ok=True)
        _clear(final)
        drafts[final] = final.with_name(f"{_begun(final)}{os.getpid()}")
        return drafts[final]

    try:
        yield draft
        for path in drafts.values():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        for final, path in drafts.items():
            path.replace(final)
    finally:
        for path in drafts.values():
            path.unlink(missing_ok=True)


def _begun(final: Path) -> str:
    """How the drafts of a file that this machine writes are called; the process ends the name."""
    return f".{final.name}.{socket.gethostname()}."


def _clear(final: Path) -> None:
    """Take away the drafts of processes that are no more.

    Only this machine's: of a process elsewhere nothing can be told, nor of one whose number another
    has been given since.
    """
    begun = _begun(final)
    for path in final.parent.iterdir():
        process = path.name.removeprefix(begun)
        if process != path.name and process.isdecimal() and not _runs(int(process)):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # another user's, or no number of a process
    return True
