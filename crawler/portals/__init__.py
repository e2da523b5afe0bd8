"""Where one district publishes: one TOML file a portal, packaged here or kept by the operator.

docs/adding-a-district.md explains every key. A file is read strictly: an unknown key, a wrong type
or an address outside the portal's own hosts is an error that names the file.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from archive.model import Kind, Level

__all__ = ["Entry", "Portal", "PortalError", "authority", "load", "read"]

SHORTEST_DELAY: Final = 1.0
"""Seconds. No public server is asked faster than this, whatever a portal file says."""


DAILY: Final = 24
"""Hours. Portals with a shorter cadence are asked between the harvests of the schedule as well."""
_EARLY: Final = timedelta(hours=1)
_HOURS: Final = re.compile(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])")


class PortalError(Exception):
    """A portal file cannot be used. The message names the file, the key and what to do.

    Raised by `read` and `load`.
    """


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page to start from, and what is known to be listed there (only what is sure)."""

    url: str
    kind: Kind | None = None
    level: Level | None = None
    year: int | None = None
    agency: str | None = None
    """Id or registered name, for a department's own page."""
    columns: bool = True
    """Follow the columns that lie below this page."""
    search: str = ""
    """Where the list's own script posts for older items (family `trs_search`), with what it always
    sends in the query."""
    division: str = ""
    """Whose documents are listed here, where a platform serves several divisions; else the
    portal's."""


class Portal(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """One portal, as its TOML file says."""

    slug: str
    """Its name on the command line and in the archive; the same as the file's."""
    name: str
    division: str
    """Division code, GB/T 2260, six digits."""
    family: str
    """A module of crawler/families/."""
    entries: tuple[Entry, ...]
    allowed_hosts: tuple[str, ...] = ()
    """`host`, or `host:port` where the port is not the usual one; the entries' own if empty."""
    verified: bool = False
    """True once a person has looked at a live crawl of this portal."""
    delay: float = 2.0
    """Seconds between two requests to one host."""
    minimum_documents: int = 1
    """A harvest that finds fewer publications than this has failed."""
    every_hours: int = 24
    """How often it is asked by a scheduled harvest."""
    hours: str = ""
    """When it may be asked: "21-7" is from nine in the evening to seven in the morning in China."""
    size_limit_mb: int = 64
    timeout: float = 60.0
    """Seconds that one answer may take, to its last byte."""
    encoding: str = ""
    """The encoding of its pages where what they declare cannot be trusted."""
    allow_private: bool = False
    """Let loopback and private addresses be asked (a portal for trials)."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that may be asked, each with its port where that is not the usual one."""
        return frozenset(self.allowed_hosts) or frozenset(
            authority(entry.url) for entry in self.entries
        )

    def due_after(self, last: datetime | None, moment: datetime) -> bool:
        """Whether its cadence lets it be asked, having been asked `last` (None: never).

        A little early is on time, since runs begin some minutes later than on the minute: by an
        hour, but no more than a quarter of the cadence.
        """
        cadence = timedelta(hours=self.every_hours)
        return last is None or moment - last >= cadence - min(_EARLY, cadence / 4)

    def open_at(self, hour: int) -> bool:
        """Whether it may be asked at an hour of the day in China (0 to 23)."""
        if not self.hours:
            return True
        first, last = (int(part) for part in self.hours.split("-"))
        return first <= hour < last if first < last else hour >= first or hour < last

    @property
    def divisions(self) -> tuple[str, ...]:
        """Every division whose documents it shows: its own, and those its entries name."""
        named = (entry.division for entry in self.entries if entry.division)
        return tuple(dict.fromkeys((self.division, *named)))


def authority(url: str) -> str:
    """`host`, or `host:port` where the port is not the scheme's own, in lower case.

    >>> authority("https://WWW.example.gov.cn:443/a")
    'www.example.gov.cn'
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def read(path: Path) -> Portal:
    """Read one portal file. Raises PortalError."""
    try:
        portal = msgspec.toml.decode(path.read_bytes(), type=Portal)
    except OSError as error:
        raise PortalError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{path}: {error}. See docs/adding-a-district.md.") from error
    for problem in _problems(portal, path):
        raise PortalError(f"{path}: {problem}. See docs/adding-a-district.md.")
    return portal


def load(folders: Sequence[Path] = ()) -> dict[str, Portal]:
    """All known portals by slug: the packaged ones, then the operator's, which win.

    Raises PortalError for the first file that cannot be used or a folder that is not there.
    """
    found: dict[str, Portal] = {}
    for folder in (Path(__file__).parent, *folders):
        if not folder.is_dir():
            raise PortalError(
                f"{folder}: no such folder; correct portal_folders in [harvest] or create it"
            )
        found |= _folder(folder)
    return found


def _folder(folder: Path) -> Mapping[str, Portal]:
    return {portal.slug: portal for portal in map(read, sorted(folder.glob("*.toml")))}


def _problems(portal: Portal, path: Path) -> list[str]:
    """What is wrong with a portal beyond the types of its keys."""
    from crawler import families

    problems = []
    if portal.slug != path.stem or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", portal.slug):
        problems.append(
            f"slug {portal.slug!r} must equal the file's name and hold only a-z, 0-9 and '-'"
        )
    problems += [
        f"division {division!r} is not a six-digit code of GB/T 2260"
        for division in portal.divisions
        if not re.fullmatch(r"\d{6}", division)
    ]
    if portal.family not in families.names():
        known = ", ".join(families.names())
        problems.append(f"family {portal.family!r} is not known (known: {known})")
    if not portal.entries:
        problems.append("it has no [[entries]]: there is nothing to start from")
    if portal.delay < SHORTEST_DELAY and not portal.allow_private:
        problems.append(f"delay {portal.delay} is shorter than {SHORTEST_DELAY} second")
    if portal.hours and not (found := _HOURS.fullmatch(portal.hours)):
        problems.append(f'hours {portal.hours!r} are no hours of a day such as "21-7"')
    elif portal.hours and found and found[1] == found[2]:
        problems.append(f"hours {portal.hours!r} begin when they end")
    if portal.every_hours < 1:
        problems.append("every_hours must be at least 1")
    if portal.size_limit_mb < 1 or portal.minimum_documents < 0:
        problems.append("size_limit_mb must be at least 1 and minimum_documents at least 0")
    if not portal.timeout > 0:
        problems.append("timeout must be more than 0 seconds")
    problems += [f"allowed_hosts: {host!r} is not a host" for host in _odd_hosts(portal)]
    problems += _address_problems(portal)
    return problems


def _odd_hosts(portal: Portal) -> list[str]:
    return [host for host in portal.hosts if authority(f"http://{host}/") not in (host, host[:-3])]


def _address_problems(portal: Portal) -> list[str]:
    problems = []
    for entry in portal.entries:
        if urlsplit(entry.url).scheme not in ("http", "https") or not authority(entry.url):
            problems.append(f"entry {entry.url!r} is not a web address")
        elif authority(entry.url) not in portal.hosts:
            problems.append(f"entry {entry.url} lies outside allowed_hosts")
        elif is_private(entry.url) and not portal.allow_private:
            problems.append(f"entry {entry.url} is a private address (allow_private is not set)")
    return problems


def is_private(url: str) -> bool:
    """True for an address that names its host by a number outside the public internet."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
