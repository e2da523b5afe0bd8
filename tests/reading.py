"""Publications that many tests look at, read once for a whole run, not by each worker."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock

from archive.model import Document
from archive.text import read

FOLDER: Final = "MINGZHANG_TEST_READINGS"
"""The environment variable that names the folder all workers of a run share."""


@cache
def read_once(data: bytes, *, optically: bool = False) -> Document:
    """As `archive.text.read`; the answer is kept until the run ends, and must not be changed."""
    if FOLDER not in os.environ:
        return read(data, optically=optically)
    name = hashlib.sha256(data).hexdigest() + (".seen" if optically else ".read")
    path = Path(os.environ[FOLDER]) / name
    with FileLock(f"{path}.lock"):
        if not path.exists():
            path.write_bytes(msgspec.msgpack.encode(read(data, optically=optically)))
    return msgspec.msgpack.decode(path.read_bytes(), type=Document)
