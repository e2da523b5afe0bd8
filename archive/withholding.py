"""Sealing an original after a takedown."""

from __future__ import annotations

import shutil
from pathlib import Path

from archive.ledger import Withheld, now
from archive.masking import mask
from archive.repository import Archive
from archive.second import second_at

__all__ = ["withhold"]


def withhold(archive: Archive, sha256: str, reason: str, second: str, folder: Path) -> None:
    """Seal an original and note it in the ledger; called again it completes what was cut off.

    `second` and `folder` are the second place as the settings have it ("" for none). Private
    persons are masked in the reason. Raises ValueError for what is no sha256, MissingOriginal,
    OSError.
    """
    told = mask(" ".join(reason.split()))
    archive.originals.seal(sha256, told)
    if sha256 not in archive.ledger.withheld():
        archive.ledger.append(Withheld(at=now(), sha256=sha256, reason=told))
    for kept in (archive.root / "cache" / "readings").glob(f"*/{sha256[:2]}/{sha256}.json"):
        kept.unlink(missing_ok=True)
    # pictures of its rows: whoever shows them asks for them anew, and gets none
    shutil.rmtree(archive.root / "cache" / "crops" / sha256, ignore_errors=True)
    if second:
        second_at(second, folder).remove(sha256)
