"""Files that are complete or not there: whoever reads meanwhile sees the old one or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["LEFTOVER", "replace"]

LEFTOVER: Final = ".new-"
"""How the names of files begin that a crash left half written; they can be deleted."""


def replace(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file beside its place and rename it there; its folder is made where it is missing.

    `durable` flushes it to the disk first. Raises OSError; then what was there is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=LEFTOVER)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
