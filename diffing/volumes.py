"""A feed in volumes (archive documents, RFC 5005, section 4): who was away misses nothing.

Entries that no longer stand in the feed itself stand in volumes of as many entries as the feed
holds, counted from the oldest on: a volume keeps its entries and its address whatever comes after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from diffing.feed import Entry

__all__ = ["Volume", "address", "unbound", "volumes"]


class Volume(NamedTuple):
    """Some entries of a feed that will be no others."""

    number: int
    """From 1, the oldest."""
    entries: tuple[Entry, ...]
    """Newest first."""


def volumes(entries: Sequence[Entry], size: int) -> list[Volume]:
    """The volumes of a feed, oldest first; `entries` are all of it, newest first.

    >>> [(one.number, one.entries) for one in volumes("gfedcba", 3)]
    [(1, ('c', 'b', 'a')), (2, ('f', 'e', 'd'))]
    """
    oldest = tuple(reversed(entries))
    return [
        Volume(number, tuple(reversed(oldest[(number - 1) * size : number * size])))
        for number in range(1, _count(entries, size) + 1)
    ]


def unbound(entries: Sequence[Entry], size: int) -> Sequence[Entry]:
    """The newest entries, which stand in no volume yet and must stand in the feed itself."""
    return entries[: len(entries) - _count(entries, size) * size]


def address(path: str, number: int) -> str:
    """Where a volume of the feed at `path` lies.

    >>> address("310107/atom.xml", 2)
    '310107/atom-2.xml'
    """
    return f"{path.removesuffix('.xml')}-{number}.xml"


def _count(entries: Sequence[Entry], size: int) -> int:
    return max(len(entries) - 1, 0) // size
