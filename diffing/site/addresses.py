"""Where every page of the site lies, and how one page leads to another.

Paths are made of division codes, agency ids, years and hashes; nothing in them comes from a
document's text.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from msgspec import structs

from archive.model import Identity
from archive.paths import component, identity_of

__all__ = [
    "ABOUT",
    "DIGESTS",
    "FEED",
    "FRONT",
    "RULES",
    "SEARCH",
    "agency",
    "before",
    "changes",
    "coverage",
    "digest",
    "district",
    "document",
    "feed",
    "link",
    "month",
    "peers",
    "shard",
    "told",
    "version",
    "year",
]

FRONT: Final = "index.html"
ABOUT: Final = "about.html"
RULES: Final = "rules.html"
SEARCH: Final = "search.html"
DIGESTS: Final = "digests/index.html"
FEED: Final = "atom.xml"
_SHORT: Final = 12
_REMEMBERED: Final = 1 << 14
"""A document is led to again and again while its neighbours are made."""

_named = lru_cache(maxsize=_REMEMBERED)(component)


def district(division: str) -> str:
    """The page of a district."""
    return f"{division}/index.html"


def coverage(division: str) -> str:
    """The page of who has published what."""
    return f"{division}/coverage.html"


def agency(division: str, agency_id: str) -> str:
    """The page of an agency."""
    return f"{division}/{_named(agency_id, 'agency')}/index.html"


def document(what: Identity | str) -> str:
    """The page of a document, as it stands now.

    >>> document("310107/310107.012/department/2024/final")
    '310107/310107.012/2024-final-department/index.html'
    """
    return f"{_folder(what)}/index.html"


def before(what: Identity) -> Identity:
    """The same document of the year before."""
    return structs.replace(what, year=what.year - 1)


def version(what: Identity | str, original: str) -> str:
    """The page of an earlier version, by the sha256 of its original."""
    return f"{_folder(what)}/version-{original[:_SHORT]}.html"


def changes(what: Identity | str, commit: str) -> str:
    """The page of what one revision changed."""
    return f"{_folder(what)}/changes-{commit[:_SHORT]}.html"


def told(what: Identity | str) -> str:
    """The page of a document's own digest."""
    return f"{_folder(what)}/digest.html"


def month(division: str, name: str) -> str:
    """The page of a district's digest of a month, such as "2026-11"."""
    return f"{division}/{_named(name, 'month')}.html"


def year(division: str, agency_id: str, fiscal_year: int) -> str:
    """The page of one year of an agency."""
    return f"{division}/{_named(agency_id, 'agency')}/{fiscal_year}/index.html"


def peers(kind: str) -> str:
    """The page of all agencies of one kind."""
    return f"peers/{component(kind, 'kind')}.html"


def digest(name: str) -> str:
    """The page of a run's digest."""
    return f"digests/{_named(name, 'digest')}.html"


def feed(division: str, agency_id: str = "") -> str:
    """The feed of a district, or of an agency."""
    page = agency(division, agency_id) if agency_id else district(division)
    return f"{posixpath.dirname(page)}/{FEED}"


def shard(division: str, year: int, part: str) -> str:
    """A script of the search index."""
    return f"search/{division}-{year}-{part}.js"


def link(page: str, target: str, fragment: str = "") -> str:
    """The address of `target` as page `page` writes it.

    >>> link("310107/coverage.html", "310107/310107.012/index.html", "p3")
    '310107.012/index.html#p3'
    """
    path = _way(page, target)
    return f"{path}#{fragment}" if fragment else path


@lru_cache(maxsize=_REMEMBERED)
def _way(page: str, target: str) -> str:
    here, there = page.split("/"), target.split("/")
    shared = 0
    for own, other in zip(here[:-1], there[:-1], strict=False):
        if own != other:
            break
        shared += 1
    return quote("/".join([".."] * (len(here) - 1 - shared) + there[shared:]))


@lru_cache(maxsize=_REMEMBERED)
def _folder(what: Identity | str) -> str:
    one = identity_of(what) if isinstance(what, str) else what
    own = f"{one.year}-{one.kind}-{one.level}"
    return f"{_named(one.division, 'division')}/{_named(one.agency, 'agency')}/{own}"
