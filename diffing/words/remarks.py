"""What the text stage says of a reading, in the reader's language (the sentences: remarks.toml).

The stage writes its remarks into git in one language, most of them in English. They are known again
here by their sentence, so that nothing archived has to be read anew to be shown in another.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import Final, NamedTuple

__all__ = ["Remarked", "remarked", "sentences"]

_DEEP: Final = 6
"""Sentences hold sentences: so many deep, no further."""
_JOINTS: Final = {"zh": "；", "en": "; "}
_CODED: Final = re.compile(r"(.+) \(([a-z][a-z-]+)\)", re.DOTALL)


class Remarked(NamedTuple):
    """A remark as it is shown."""

    text: str
    lang: str
    """Its language: the one asked for, "en" where the sentence is not known."""


class _Template(NamedTuple):
    """A sentence in one language: fixed texts with a field between each two."""

    lang: str
    texts: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    """Name and kind: "" for what is taken over, "said" for a sentence, "words" for either."""

    def fields_of(self, message: str) -> dict[str, str] | None:
        """What stands in the fields, each but the last as short as it can be; None where the
        message is another sentence. Takes one pass: messages hold what hostile files print."""
        first, *between, last = self.texts if self.fields else (self.texts[0], "")
        if not self.fields:
            return {} if message == first else None
        end, place = len(message) - len(last), len(first)
        if not (message.startswith(first) and message.endswith(last)):
            return None
        found: dict[str, str] = {}
        for (name, _), text in zip(self.fields, between, strict=False):
            stop = message.find(text, place + 1, end)
            if stop < 0:
                return None
            found[name], place = message[place:stop], stop + len(text)
        found[self.fields[-1][0]] = message[place:end]
        return found if place < end else None


@lru_cache(maxsize=8192)
def remarked(message: str, lang: str) -> Remarked:
    """A remark of the text stage in a language, "zh" or "en"; as it is where it is not known.

    >>> remarked("nothing stands on it", "zh").text
    '空白页'
    """
    # the outcome of a file ends in its code
    said, code = match.groups() if (match := _CODED.fullmatch(message)) else (message, "")
    found = _several(said, lang, _DEEP)
    if found is None and code:
        found, code = _several(message, lang, _DEEP), ""
    if found is None:
        return Remarked(message, "en")
    if code:
        found += f"（{code}）" if lang == "zh" else f" ({code})"
    return Remarked(found, lang)


@cache
def sentences() -> tuple[dict[str, str], ...]:
    """Every sentence by language, as the data has it."""
    text = files("diffing.words").joinpath("remarks.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["said"])


def _several(message: str, lang: str, deep: int) -> str | None:
    """A sentence, or several with semicolons between them."""
    found = _known(message, lang, deep)
    if found is not None or not deep:
        return found
    first, _, rest = message.partition("; ")
    begun = _known(first, lang, deep) if rest else None
    ended = _several(rest, lang, deep - 1) if begun is not None else None
    return None if ended is None else f"{begun}{_JOINTS[lang]}{ended}"


def _known(message: str, lang: str, deep: int) -> str | None:
    for template, others in _templates() if deep else ():
        fields = template.fields_of(message)
        if fields is not None:
            kinds = dict(template.fields)
            put = {name: _put(text, kinds[name], lang, deep) for name, text in fields.items()}
            if None not in put.values():
                return others[lang].format(**{name: _As(text) for name, text in put.items()})
    return None


def _put(text: str, kind: str, lang: str, deep: int) -> str | None:
    if not kind:
        return text
    found = _several(text, lang, deep - 1)
    if found is not None or kind != "words":
        return found
    parts = text.split("; ")
    return _JOINTS[lang].join(_known(part, lang, deep - 1) or part for part in parts)


class _As(str):
    """Text in a field that names a kind: the kind is no format of it."""

    __slots__ = ()

    def __format__(self, kind: str) -> str:
        return str(self)


@cache
def _templates() -> tuple[tuple[_Template, dict[str, str]], ...]:
    """Each sentence in each language with its other forms; what says most by itself comes first."""
    found = [
        (_template(lang, text), sentence)
        for sentence in sentences()
        for lang, text in sentence.items()
    ]
    return tuple(sorted(found, key=lambda one: -sum(map(len, one[0].texts))))


def _template(lang: str, text: str) -> _Template:
    texts, fields = [""], []
    for before, name, kind, _ in Formatter().parse(text):
        texts[-1] += before
        if name is not None:
            fields.append((name, kind or ""))
            texts.append("")
    return _Template(lang, tuple(texts), tuple(fields))
