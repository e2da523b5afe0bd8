"""What the site says, in Chinese (first) and in English, from words.toml."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from archive.model import Identity
from diffing import words as digest_words
from diffing.words import Wording
from diffing.words.en import singular
from diffing.words.remarks import Remarked, remarked

__all__ = ["Words", "words"]

_FILE: Final = "words.toml"


class Words:
    """The texts of one language; `digest` is the wording that digests have in it."""

    def __init__(self, lang: str, texts: dict[str, str]) -> None:
        self.lang, self._texts = lang, texts
        self.digest: Wording = digest_words.wording(lang)

    def __call__(self, key: str, /, **fields: object) -> str:
        """The text of a key with its fields filled in. Raises KeyError for an unknown key."""
        text = self._texts[key]
        return (singular(text, fields) if self.lang == "en" else text).format(**fields)

    def get(self, key: str) -> str:
        """The text of a key as it stands; "" where there is none."""
        return self._texts.get(key, "")

    @property
    def gap(self) -> str:
        """What stands between two words: nothing in Chinese."""
        return "" if self.lang == "zh" else " "

    def document(self, identity: Identity) -> str:
        """What a reader calls a document beside its agency's name."""
        return self(
            "document-name",
            year=identity.year,
            level=self(f"level-{identity.level}"),
            kind=self(f"kind-{identity.kind}"),
        )

    def remark(self, message: str) -> Remarked:
        """What the text stage said of a reading, and in which language it is shown."""
        return remarked(message, self.lang)

    def count(self, number: int) -> str:
        """A count with thousands commas."""
        return f"{number:,}"


@cache
def words(lang: str) -> Words:
    """The texts of a language. Raises KeyError for one there is none of."""
    return Words(lang, _texts()[lang])


@cache
def _texts() -> dict[str, dict[str, str]]:
    data = files("diffing.site").joinpath(_FILE).read_bytes()
    return msgspec.toml.decode(data, type=dict[str, dict[str, str]])
