"""Stories as an Atom feed (RFC 4287): the same archive always gives the same bytes.

Nothing from outside is markup: text goes into the tree as text, and into `content` escaped once
as HTML and once more as XML. What XML cannot hold or what turns text around is shown by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
from lxml import etree
from markupsafe import escape

from archive.installed import version as installed
from diffing.feed import Entry, News
from diffing.render.markdown import visible
from diffing.render.story import Story, severity_of
from diffing.words import Wording

__all__ = ["ATOM", "HISTORY", "Feed", "Item", "feed_of", "shown"]

ATOM: Final = "http://www.w3.org/2005/Atom"
HISTORY: Final = "http://purl.org/syndication/history/1.0"
"""Of RFC 5005."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_NOT_XML: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\U0001fffe\U0001ffff]"
)
"""What is no Char of XML 1.0 (2.2), and what is no character at all."""
_SPACES: Final = re.compile(" {2,}")
_SCHEMES: Final = "tag:mingzhang.invalid,2026:scheme/"


class Item(msgspec.Struct, frozen=True):
    """An entry with its words and addresses."""

    entry: Entry
    story: Story
    page: str = ""
    """The document's page on the site; absolute, or relative to the feed."""


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the head of a feed."""

    authority: str
    """Who mints the ids, by RFC 4151: a domain name and the day it was theirs."""
    name: str
    """Which feed of theirs: "site", a division, or a division and an agency."""
    title: str
    author: str
    address: str = ""
    """Where the feed is to be found."""
    site: str = ""
    """Where its readers are led to."""
    before: str = ""
    """The volume with the entries before these (RFC 5005)."""
    volume_of: str = ""
    """The feed itself, where this is a volume of it."""
    items: tuple[Item, ...] = ()


def shown(text: str) -> str:
    """One line that XML can hold and that shows what would hide or turn it.

    >>> shown("党\\u202e建\\x00\\uffff")
    '党‹U+202E›建‹U+0000›‹U+FFFF›'
    """
    if text.isprintable():  # then it has no space but the plain one, and nothing that hides
        return _SPACES.sub(" ", text).strip(" ")
    return _NOT_XML.sub(lambda match: f"‹U+{ord(match[0]):04X}›", visible(text))


def feed_of(feed: Feed, words: Wording) -> bytes:
    """The feed as bytes, ordered as given. Raises nothing for any text it is given."""
    root = etree.Element(_name("feed"), nsmap={None: ATOM})  # type: ignore[dict-item]  # stubs say str
    root.set(f"{{{_XML}}}lang", words.html)
    _add(root, "id", _tag(feed, f"feed/{feed.name}"))
    _add(root, "title", feed.title)
    _add(root, "subtitle", words("label"))
    newest = max((item.story.updated for item in feed.items), default=_EPOCH)
    _add(root, "updated", _moment(newest))
    author = etree.SubElement(root, _name("author"))
    _add(author, "name", feed.author)
    generator = _add(root, "generator", "Mingzhang")
    generator.set("version", installed("mingzhang"))
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.site, "text/html")
    _link(root, "prev-archive", feed.before, "application/atom+xml")
    _link(root, "current", feed.volume_of, "application/atom+xml")
    if feed.volume_of:
        etree.SubElement(root, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
    for item in feed.items:
        _entry(root, feed, item, words)
    etree.indent(root)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made + b"\n"


def _entry(root: etree._Element, feed: Feed, item: Item, words: Wording) -> None:
    entry, story = item.entry, item.story
    node = etree.SubElement(root, _name("entry"))
    _add(node, "id", _tag(feed, entry.id))
    _add(node, "title", story.title)
    _add(node, "updated", _moment(story.updated))
    _add(node, "published", _moment(entry.at))
    for scheme, term, label in _categories(item, words):
        category = etree.SubElement(node, _name("category"))
        category.set("term", shown(term))
        category.set("scheme", f"{_SCHEMES}{scheme}")
        category.set("label", shown(label))
    event = entry.event
    original, page = (event.source_url, event.source_page) if event else ("", "")
    _link(node, "alternate", item.page, "text/html")
    if not item.page:
        _link(node, "alternate", _web(page) or _web(original), "")
    _link(node, "via", _web(page) or _web(original), "")
    if entry.news is News.RETRACTION:
        _link(node, "related", _tag(feed, entry.id.removesuffix("/retraction")), "")
    _add(node, "summary", story.summary)
    content = _add(node, "content", "".join(_html(item, words)))
    content.set("type", "html")


def _categories(item: Item, words: Wording) -> Iterator[tuple[str, str, str]]:
    entry, story = item.entry, item.story
    yield "news", str(entry.news), words(f"kind-name-{entry.news}")
    if story.corrected:
        yield "state", "corrected", words("kind-name-retraction")
    yield "division", entry.identity.division, entry.identity.division
    yield "agency", entry.identity.agency, entry.agency
    yield "kind", str(entry.identity.kind), words.kind(entry.identity.kind)
    yield "significance", str(story.significance), str(story.significance)
    severity = severity_of(entry)
    if severity is not None:
        yield "severity", str(severity), words(f"severity-name-{severity}")


def _html(item: Item, words: Wording) -> Iterator[str]:
    """The content: what was wrong first where something was, then points, notes and sources."""
    story = item.story
    if len(story.points) == 1:
        yield f"<p>{_escaped(story.points[0])}</p>"
    elif story.points:
        yield "<ul>"
        yield from (f"<li>{_escaped(point)}</li>" for point in story.points)
        yield "</ul>"
    yield from (f"<p>{_escaped(note)}</p>" for note in story.notes)
    if item.page:
        yield f'<p><a href="{_escaped(item.page)}">{_escaped(words("news-page"))}</a></p>'
    event = item.entry.event
    page = _web(event.source_page) if event else ""
    if page:
        yield f'<p><a href="{_escaped(page)}">{_escaped(words("news-source"))}</a></p>'
    for source in story.sources:
        details = " · ".join((source.name, *source.details))
        line = f"[{source.number}] {_escaped(details)}"
        if url := _web(source.url):
            line += f' · <a href="{_escaped(url)}">{_escaped(words("news-original"))}</a>'
        yield f"<p><small>{line}</small></p>"


def _escaped(text: str) -> str:
    return str(escape(shown(text)))


def _web(url: str) -> str:
    """The address where a reader may be led to it, else nothing."""
    from diffing.render.links import is_web

    return url if is_web(url) and shown(url) == url else ""


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    node = etree.SubElement(parent, _name(name))
    node.text = shown(text)
    return node


def _link(parent: etree._Element, relation: str, href: str, media_type: str) -> None:
    if not href:
        return
    link = etree.SubElement(parent, _name("link"))
    link.set("rel", relation)
    if media_type:
        link.set("type", media_type)
    link.set("href", shown(href))


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _tag(feed: Feed, specific: str) -> str:
    return f"tag:{feed.authority}:{specific}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
