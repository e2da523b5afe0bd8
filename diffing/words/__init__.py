"""What a digest says, in Chinese (first) and in English; names of lines stay as printed."""

from __future__ import annotations

from diffing.words.en import English
from diffing.words.wording import LANGUAGES, Wording
from diffing.words.zh import Chinese

__all__ = ["LANGUAGES", "Wording", "wording"]


def wording(lang: str) -> Wording:
    """The wording of a language. Raises ValueError for one there is none of."""
    for candidate in (Chinese(), English()):
        if candidate.code == lang:
            return candidate
    raise ValueError(f"no wording for {lang!r}: there is {', '.join(LANGUAGES)}")
