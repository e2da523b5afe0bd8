"""axe-core, which checks accessibility, from the npm registry: fetched for tests, never shipped."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "4.11.1"
"""Mozilla Public License 2.0."""
SHA256 = "7dbfabdfc6062936d79c873ddbb5f811a1219fca3928bd8cc9dd81f1e65f4720"
LIMIT = 60


def fetched(folder: Path) -> str | None:
    """The script of axe-core; None where npm or its registry cannot be reached.

    Raises AssertionError where what came is not what was asked for.
    """
    npm = shutil.which("npm")
    if npm is None:
        return None
    try:
        done = subprocess.run(
            [npm, "pack", "--silent", f"axe-core@{VERSION}"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return None
    with tarfile.open(folder / f"axe-core-{VERSION}.tgz") as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        data = member.read()
    assert hashlib.sha256(data).hexdigest() == SHA256
    return data.decode()
