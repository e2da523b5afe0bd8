"""CMS families: how a portal's software lists publications and links files. One module a family.

A module defines a subclass of `Family` and an instance of it called `family`; its file name is the
name portals use. Nothing else has to be told about it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache

from crawler import articles
from crawler.portals import Entry
from crawler.publications import Article, Ask, Listing, Page

__all__ = ["Family", "load", "names", "recognise"]


class Family:
    """How one CMS lists and links. Pure: pages in, words of crawler/publications.py out."""

    signs: tuple[str, ...] = ()
    """Patterns by which a page or its address shows that this CMS made it."""

    def signs_of(self, page: Page) -> list[str]:
        """What on a page shows that this CMS made it, as it stands there."""
        text = f"{page.entry.url}\n{page.url}\n{page.text}"
        found = (re.search(sign, text) for sign in self.signs)
        return [match[0] for match in found if match]

    def first(self, entry: Entry) -> Iterable[Ask]:
        """What to request for an entry: its address, unless the family needs something else."""
        return (Ask(url=entry.url),)

    def read(self, page: Page) -> Listing:
        """Read one list page: its items, the pages that follow it, the columns below it."""
        raise NotImplementedError

    def article(self, page: Page) -> Article:
        """Read one article page."""
        return articles.read(page)


@cache
def names() -> tuple[str, ...]:
    """The names of all families, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def recognise(page: Page) -> str:
    """The family whose signs a list page shows most of; "" where no family reads anything in it."""
    ranked = []
    for name in names():
        family = load(name)
        listing = family.read(page)
        if not listing.problem and (listing.items or listing.following or listing.columns):
            ranked.append((-len(family.signs_of(page)), -len(listing.items), name))
    return min(ranked)[2] if ranked else ""


def load(name: str) -> Family:
    """The family of that name. Raises LookupError where there is none."""
    if name not in names():
        raise LookupError(f"no family {name!r}; known: {', '.join(names())}")
    family = importlib.import_module(f"{__name__}.{name}").family
    if not isinstance(family, Family):
        raise TypeError(f"crawler/families/{name}.py defines no `family`")
    return family
