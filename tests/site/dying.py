"""Shares of a site for workers that die over them: importable where the workers are."""

from __future__ import annotations

from pathlib import Path

from diffing.site import shares
from tests.archive.spreading import die


def once(share: shares.Share) -> list[shares.Made]:
    """Whoever takes the first share is killed; whoever takes it again makes it."""
    seen = Path(share.workplace.archive) / "seen"
    if not seen.exists():
        seen.touch()
        die()
    return shares.made(share)


def always(share: shares.Share) -> list[shares.Made]:
    """Whoever takes a share with a final account is killed."""
    if any(one.kind == "final" for one in share.documents):
        die()
    return shares.made(share)
