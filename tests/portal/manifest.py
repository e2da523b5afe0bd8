"""The manifest of a site: which channels, articles and files it shows, and from which tick on.

A TOML file a site (`sites/a.toml`). Whatever changes has a list of versions, each with the tick it
begins at and, if it ends, the last tick it is shown at; between two versions a thing is absent.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import msgspec

from tests.portal.calendar import Moment

SITES: Final = Path(__file__).parent / "sites"


class _Timed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    from_tick: int = 0
    to_tick: int | None = None
    """The last tick it is shown at."""
    late: bool = False
    """Appears in the middle of its first tick: once the site's `[late] after` has been served."""

    def shown(self, moment: Moment) -> bool:
        """Is this version the one seen at that moment?"""
        begin = Moment(self.from_tick, self.late)
        return begin <= moment and (self.to_tick is None or moment.tick <= self.to_tick)


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link in an article, written exactly as `href`."""

    href: str
    label: str
    how: str = "link"
    """link, frame, script or viewer: portals hide their attachments in all four."""


class ArticleVersion(_Timed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an article page says for a while."""

    text: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    published: str | None = None
    """Overrides the article's date on the page and in the list."""
    inline: str = ""
    """A document that stands in the page itself, as tables."""
    picture: str = ""
    """The address of a picture in the page."""


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One announcement. `created` is the date inside its URL; `published` what the page claims."""

    channel: str
    id: str
    title: str
    source: str
    published: str
    created: str
    index: str = ""
    pinned: bool = False
    gone: str = "missing"
    """How it is not there when it is not: "missing", as the family says, or "home"."""
    versions: tuple[ArticleVersion, ...]

    def at(self, moment: Moment) -> ArticleVersion | None:
        """The version shown at that moment."""
        return current(self.versions, moment)


class FileVersion(_Timed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which generated document, or literal text, a path answers with for a while."""

    document: str = ""
    form: str = "pdf"
    """pdf, docx, xlsx or zip (two members); see `tests.portal.documents.forms`."""
    text: str = ""
    """`{crawl_delay}` stands for the portal's setting."""
    status: int = 200
    media_type: str = "application/pdf"
    headers: dict[str, str] = {}
    saved_as: str = ""
    """A name in Content-Disposition, in raw GBK as old programs send it."""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Anything under a fixed path that is not a list or an article."""

    path: str
    versions: tuple[FileVersion, ...]


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of articles."""

    path: str
    title: str
    per_page: int = 20
    query_id: str = ""
    """The hex id under which a JSON list answers, where the family has one."""


class Trouble(_Timed, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fault the manifest itself schedules; names as in `tests.portal.faults`."""

    path: str
    kind: str
    times: int | None = None


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The path whose first answer brings on the second half of a tick."""

    after: str


class Migration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From a tick on everything lies below another folder; some old addresses lead there."""

    tick: int
    old: str
    new: str
    led: tuple[str, ...]
    """Old addresses that end so lead to the new ones; all others are gone."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One site."""

    letter: str
    name: str
    division: str
    """Six digits; fictional ones begin with 99."""
    district: str
    family: str
    validators: str
    """How it answers conditional requests: "nginx", "random" or, as a program does, "none"."""
    root: str
    touched: tuple[int, ...] = ()
    """Ticks at which every file is republished unchanged: new mtimes, equal bytes."""
    late: Late | None = None
    migration: Migration | None = None
    channels: tuple[Channel, ...]
    articles: tuple[Article, ...] = ()
    files: tuple[File, ...] = ()
    trouble: tuple[Trouble, ...] = ()

    def listed(self, channel: Channel, moment: Moment) -> list[tuple[Article, ArticleVersion]]:
        """What a channel lists at that moment: newest first, without the pinned."""
        found = [
            (article, version)
            for article in self.articles
            if article.channel == channel.path
            and not article.pinned
            and (version := article.at(moment)) is not None
        ]
        return sorted(
            found,
            key=lambda pair: (pair[1].published or pair[0].published, pair[0].id),
            reverse=True,
        )

    def pinned(self, channel: Channel, moment: Moment) -> list[tuple[Article, ArticleVersion]]:
        """What stands on top of every page of a channel."""
        return [
            (article, version)
            for article in self.articles
            if article.channel == channel.path
            and article.pinned
            and (version := article.at(moment)) is not None
        ]


class _Version(Protocol):
    def shown(self, moment: Moment) -> bool: ...


_V = TypeVar("_V", bound=_Version)


def current(versions: tuple[_V, ...], moment: Moment) -> _V | None:
    """The last of the versions that is shown at that moment."""
    return next((version for version in reversed(versions) if version.shown(moment)), None)


def load(path: Path) -> Manifest:
    """Read one site's manifest; a wrong key or type is an error naming the file."""
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return msgspec.convert(tables, Manifest)
    except msgspec.ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error


def load_all(letters: str = "") -> dict[str, Manifest]:
    """Every site with a manifest, or those named by their letters."""
    sites = (load(path) for path in sorted(SITES.glob("*.toml")))
    return {site.letter: site for site in sites if not letters or site.letter in letters}
