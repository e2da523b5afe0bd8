"""Pictures of the very rows that digests quote, cut from the originals, masked like every text."""

from __future__ import annotations

from diffing.crops.making import Crops

__all__ = ["Crops"]
