"""How a content management system shows the same manifest: one module a family.

A family renders; it knows neither sockets nor validators. `visit` counts the pages fetched so far:
counters and tokens in the page change with it, and nothing else may.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from html import escape
from typing import Final, Protocol

import msgspec

from tests.portal.calendar import Moment
from tests.portal.manifest import Article, Attachment, Manifest

Query = Mapping[str, str]
HTML: Final = "text/html; charset=utf-8"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a path answers with, before validators and faults."""

    body: bytes
    media_type: str = HTML
    status: int = 200
    headers: dict[str, str] = {}
    dynamic: bool = False
    """Made by a program on each request: a session cookie, no validators, no caching."""


class Family(Protocol):
    """The rendering of one site."""

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """The answer to a percent-decoded path, or None where there is nothing."""
        ...

    def first_page(self, path: str) -> str:
        """The first page of the list that `path` is a page of."""
        ...


def redirect(to: str) -> Page:
    """A permanent redirect."""
    return Page(body=b"", status=301, headers={"Location": to})


def counter(visit: int) -> str:
    """A visitor counter of constant width, so that a page's size does not change with it."""
    return f"{480_000 + visit:06}"


def token(letter: str, visit: int) -> str:
    """What a footer carries to tell fetches apart."""
    return hashlib.sha256(f"{letter} {visit}".encode()).hexdigest()[:24]


def attachment_html(attachment: Attachment) -> str:
    """The attachment as portals place it: a plain link, a frame, a script, a pdf.js viewer."""
    href, label = escape(attachment.href, quote=True), escape(attachment.label)
    match attachment.how:
        case "link":
            return f'<p><a href="{href}" target="_blank" title="{label}">{label}</a></p>'
        case "frame":
            return f'<p><iframe src="{href}" width="100%" height="800"></iframe></p>'
        case "script":
            return f"<p><span onclick=\"window.open('{href}')\">{label}</span></p>"
        case "viewer":
            return f'<p><iframe src="/js/pdfjs/web/viewer.html?file={href}"></iframe></p>'
    raise ValueError(f"unknown way to attach: {attachment.how!r}")


def shortened(article: Article, width: int = 24) -> str:
    """The title as lists show it: cut, with an ellipsis."""
    return article.title if len(article.title) <= width else f"{article.title[:width]}…"


def family(manifest: Manifest) -> Family:
    """The rendering that the manifest asks for: `site(manifest)` of the module of that name."""
    made: Family = importlib.import_module(f"{__name__}.{manifest.family}").site(manifest)
    return made
