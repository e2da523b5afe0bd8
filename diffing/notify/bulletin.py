"""What is sent: plain text, a few entries a message, as long as the service takes.

Chats make more of plain text than a reader expects: they call people by `@` and by tags in angle
brackets, and lead to any address. What comes from a document is written so that they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from diffing.render.atom import shown
from diffing.render.links import is_web

if TYPE_CHECKING:
    from diffing.feed import Entry
    from diffing.render.story import Story
    from diffing.words import Wording

__all__ = ["Message", "harmless", "messages"]

_POINTS: Final = 3
_MANY: Final = 8
"""From so many entries on, each is told in brief: its first point, its sources by name."""
_TAGS: Final = str.maketrans({"<": "＜", ">": "＞", "@": "＠"})
_LINK: Final = re.compile(
    r"(?i)\b([a-z][a-z0-9+.-]{1,15}):(?=\S)|(?<=[a-z0-9])(\.)(?=[a-z]{2})|\](?=\()"
)
"""A scheme, the dot of a bare host name, the joint of a Markdown link."""
_TITLE: Final = 240
"""Bytes of UTF-8 a title has at most: a chat sends it in front of the text and counts it."""
_JOINT: Final = 2
"""Bytes between two entries, and between title and text (CR LF where a chat knows no titles)."""


class Message(msgspec.Struct, frozen=True):
    """One message: its title, its text and the ids of the entries it tells."""

    title: str
    body: str
    ids: tuple[str, ...]


def harmless(text: str) -> str:
    """One line of text that no chat takes for a mention, a tag or a link.

    >>> harmless('<at user_id="all"> @all http://x.cn [a](b) 08:30 1.50')
    '＜at user_id="all"＞ ＠all http：//x．cn [a] (b) 08:30 1.50'
    """
    return _LINK.sub(_unlinked, shown(text).translate(_TAGS))


def _unlinked(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}："
    return "．" if match[2] else "] "


def messages(
    told: Sequence[tuple[Entry, Story, str]], words: Wording, limit: int
) -> Iterator[Message]:
    """Entries, each with its words and the address of its page ("" for none), as messages of at
    most `limit` bytes of UTF-8, title included. An entry is never split; one that is too long alone
    loses points, and says that it is cut. On a day of many entries each is told in brief."""
    points = 1 if len(told) >= _MANY else _POINTS
    longest = _title(words, "x" * _TITLE)
    room = limit - _size(longest) - _size(_footer(words)) - 2 * _JOINT
    groups: list[list[tuple[Entry, Story, str]]] = []
    left = 0
    for entry, story, page in told:
        text = _fitting(entry, story, page, words, room, points)
        size = _size(text) + _JOINT
        if not groups or size > left:
            groups.append([])
            left = room + _JOINT
        groups[-1].append((entry, story, text))
        left -= size
    for group in groups:
        one = group[0][1].title if len(group) == 1 else ""
        title = _title(words, one) if one else words("bulletin-title", count=len(group))
        body = "\n\n".join((*(text for _, _, text in group), _footer(words)))
        yield Message(title, body, tuple(entry.id for entry, _, _ in group))


def _title(words: Wording, said: str) -> str:
    plain = harmless(said)
    return words("bulletin-one", title=_cut(plain, _TITLE))


def _footer(words: Wording) -> str:
    return words("label")


def _fitting(entry: Entry, story: Story, page: str, words: Wording, room: int, most: int) -> str:
    for points in range(most, -1, -1):
        text = "\n".join(_lines(entry, story, page, words, points))
        if _size(text) <= room:
            return text
    # Not even its head fits: what leads to it must, unless an address alone is too long.
    links = list(_links(entry, page))
    while links and _size("\n".join(("…", *links))) > room:
        links.pop()
    below = "".join(f"\n{link}" for link in links)
    return _cut(harmless(story.title), room - _size(below)) + below


def _cut(text: str, most: int) -> str:
    """The text, or as much of it as has so many bytes with the mark that it is cut."""
    if _size(text) <= most:
        return text
    kept = max(most - _size("…"), 0)
    return text.encode("utf-8", errors="replace")[:kept].decode(errors="ignore") + "…"


def _lines(entry: Entry, story: Story, page: str, words: Wording, points: int) -> Iterator[str]:
    yield harmless(story.title)
    # a finding's title has said its only point
    said = story.points if entry.told is None or story.corrected else ()
    for point in said[:points]:
        yield f"· {harmless(point)}"
    if len(said) > points:
        yield words("news-cut") if not points else words("news-more", count=len(said) - points)
    notes = story.notes if entry.told is not None or story.corrected else story.notes[:1]
    for note in notes:
        if note != words("label"):
            yield harmless(note)
    for source in story.sources if points or entry.told is not None else ():
        details = source.details[:3] if points > 1 else ()
        yield harmless(" · ".join((f"[{source.number}] {source.name}", *details)))
    yield from _links(entry, page)


def _links(entry: Entry, page: str) -> Iterator[str]:
    """Addresses a reader is led to: the document's page on the site, and the publisher's."""
    event = entry.event
    theirs = (event.source_page, event.source_url) if event else ()
    web = [url for url in theirs if is_web(url) and shown(url) == url]
    if is_web(page):
        yield page
    yield from web[:1]


def _size(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))
