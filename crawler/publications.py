"""The words of the crawl: what a family is asked, what it answers, what a publication carries.

Nothing here touches the network; families and readers are plain functions over these shapes, so a
stored page is enough to test them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urljoin

from parsel import Selector

from crawler.portals import Entry

__all__ = ["Article", "Ask", "Attachment", "Fetched", "Item", "Listing", "Page", "Publication"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A list page to request. `position` counts the pages of one column from 1."""

    url: str
    position: int = 1
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """A page as it came back: the final address, the decoded text, and why it was asked for."""

    url: str
    text: str
    entry: Entry
    position: int = 1
    sent: bytes = b""
    """The form that was posted for it, where it was; a further page needs the like."""

    @cached_property
    def selector(self) -> Selector:
        """The page as a tree (HTML rules, whatever the page says it is)."""
        return Selector(text=self.text or "<html></html>", type="html")

    @cached_property
    def base(self) -> str:
        """What relative links on the page are relative to."""
        return urljoin(self.url, self.selector.xpath("string(//base/@href)").get("").strip())


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: where it leads and what the list says of it."""

    url: str
    title: str
    published: date | None = None
    department: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a family reads in one list page."""

    items: tuple[Item, ...] = ()
    following: tuple[Ask, ...] = ()
    """More pages of the same column."""
    columns: tuple[Ask, ...] = ()
    """Columns below this one."""
    name: str = ""
    """The column's own name, as far as the page says it."""
    announced: int | None = None
    """How many items the page says the whole column has."""
    problem: str = ""
    """Why the page could not be read as a list, in a few words."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file an article links to. `label` is the link's text: a label, never a path."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What an article page says of itself."""

    title: str = ""
    published: date | None = None
    department: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """One announcement on a portal."""

    title: str
    """Title as listed; the article's own where the list cuts it short."""
    page_url: str
    entry: Entry
    article: str = ""
    """The article's own title, where it is another than that."""
    published: date | None = None
    """The date the list shows, else the article's 发布日期; never derived from an address."""
    department: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to one request for an attachment, on its way to the archive."""

    publication: Publication
    attachment: Attachment
    final_url: str
    status: int
    headers: dict[str, str]
    """Names in lower case; bytes outside ASCII kept as Latin-1, as HTTP says."""
    body: bytes = field(repr=False)
    unterminated: bool = False
    """True when nothing in the answer says where the body ends."""
    redirects: tuple[str, ...] = ()
    """The addresses that led here, in order, each after the status that sent on."""
    tls_name: str = ""
    """The name on the certificate of the server that answered; "" without TLS."""
    part: str = ""
    """Where the page itself is the document: what its article part comes to (crawler/bodies.py)."""
    confirmed: bool = False
    """True for a 304 to our validators that is about the bytes we hold."""
