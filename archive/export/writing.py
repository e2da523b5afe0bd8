"""Files of an export come into being whole: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["drafted"]


@contextlib.contextmanager
def drafted(folder: Path) -> Iterator[Callable[[str], Path]]:
    """Yields a function from the name of a file in `folder` to the path to write it at.

    At the end, every file takes its name in the order asked for; after an error none does. Raises
    OSError where the disk refuses.
    """
    drafts: dict[Path, Path] = {}

    def draft(name: str) -> Path:
        final = folder / name
        final.parent.mkdir(parents=True, exist_ok=True)
        drafts[final] = final.with_name(f".{final.name}.{os.getpid()}")
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
