"""What every page has around it: title, way back, language, where the site's own files lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from diffing.render.ruled import Ruled
from diffing.site import addresses
from diffing.site.rendering import render
from diffing.site.settings import SiteSettings
from diffing.site.words import Words, words

__all__ = ["Crumb", "Frame"]


class Crumb(msgspec.Struct, frozen=True):
    """One step of the way back to the front page."""

    text: str
    href: str = ""


class Frame:
    """Renders pages of one site."""

    def __init__(self, settings: SiteSettings, *, feeds: bool = False) -> None:
        self.settings = settings
        self.feeds = feeds
        self.words: Words = words(settings.lang)

    def ruled(self, path: str) -> Ruled:
        """Where the page at `path` leads whoever reads the name of a rule."""
        return Ruled(addresses.link(path, addresses.RULES), self.words("rules-named"))

    def page(
        self,
        path: str,
        template: str,
        title: str,
        crumbs: Sequence[tuple[str, str]] = (),
        **values: Any,
    ) -> bytes:
        """The page at `path`; `crumbs` are (text, path) from the front page down."""

        def link(target: str, fragment: str = "") -> str:
            return addresses.link(path, target, fragment)

        steps = [(self.words("front"), addresses.FRONT), *crumbs]
        way = (
            [Crumb(text, link(target)) for text, target in steps] if path != addresses.FRONT else []
        )
        values.setdefault("feed", addresses.FEED)
        html = render(
            template,
            feeds=self.feeds,
            t=self.words,
            site=self.settings,
            lang=self.words.digest.html,
            title=title,
            crumbs=way,
            link=link,
            here=path,
            addresses=addresses,
            **values,
        )
        return html.encode("utf-8", "replace")
