"""Feeds of an archive, of its districts and of its agencies; and `mingzhang feed`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

import click
import msgspec

from archive.events import is_version
from archive.paths import component, identity_of
from archive.replacing import replace
from diffing.feed import Entry, agency_name
from diffing.opening import explained, opened, section_of
from diffing.volumes import address, unbound, volumes

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from diffing.render.story import Stories

__all__ = [
    "FeedSettings",
    "Planned",
    "base_of",
    "commands",
    "feed_settings",
    "feeds",
    "listed",
    "page_on_site",
    "planned",
    "stories",
]

_AUTHORITY: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?,\d{4}(?:-\d{2}(?:-\d{2})?)?"
)


class FeedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[feed]` of mingzhang.toml."""

    folder: str = "feeds"
    """Where `mingzhang feed` writes, relative to mingzhang.toml."""
    base_url: str = ""
    """Where the feeds are published, if elsewhere than at `[site] base_url`; addresses are relative
    to the feed where neither is told."""
    authority: str = "mingzhang.invalid,2026"
    """Who mints the ids of entries (RFC 4151): your domain name and a year in which it was yours.
    Ids change with it: set it once, before anybody subscribes."""
    author: str = "明账 Mingzhang"
    limit: int = 50
    """Entries a feed holds: the newest. Older ones stand in volumes of as many (RFC 5005)."""


def feed_settings(settings: Settings) -> FeedSettings:
    """The `[feed]` table.

    Raises SettingsError for an authority that is none, or a base_url that is no web address.
    """
    from archive.settings import SettingsError
    from diffing.render.links import is_web

    section = settings.section("feed", FeedSettings)
    if not _AUTHORITY.fullmatch(section.authority):
        raise SettingsError(
            f"{settings.path}: [feed] authority: {section.authority!r} is not a domain name and a"
            ' year it was yours in; write one such as "budgets.example.org,2026"'
        )
    if section.base_url and not is_web(section.base_url):
        raise SettingsError(
            f"{settings.path}: [feed] base_url: {section.base_url!r} is no web address; write one"
            ' such as "https://budgets.example.org/"'
        )
    if section.limit < 1:
        raise SettingsError(f"{settings.path}: [feed] limit: must be at least 1")
    return section


def base_of(settings: Settings) -> str:
    """Where the folder of the feeds is published, which is where the site is unless [feed] says
    otherwise; "" where nobody said so."""
    from diffing.site.settings import SiteSettings

    return feed_settings(settings).base_url or settings.section("site", SiteSettings).base_url


def page_on_site(settings: Settings, entry: Entry) -> str:
    """The address of the document's page on the site; "" where no `[site] base_url` is told."""
    from diffing.site import addresses
    from diffing.site.settings import SiteSettings

    base = settings.section("site", SiteSettings).base_url
    return _joined(base, quote(addresses.document(entry.identity))) if base else ""


def _joined(base: str, path: str) -> str:
    return f"{base.rstrip('/')}/{path}"


def listed(archive: Archive, register: Register, settings: Settings) -> list[Entry]:
    """Everything worth telling, newest first: findings only where they are material.

    Raises JudgementsError or ToldError where what people or digests said cannot be read.
    """
    from diffing.checks.model import Severity
    from diffing.feed import gather
    from diffing.render.story import severity_of
    from diffing.telling import reviewing

    review = reviewing(archive, register, settings, section_of(settings))
    found = gather(archive, register, review.standing())
    return [e for e in found if e.told is None or severity_of(e) is Severity.MATERIAL]


def stories(archive: Archive, register: Register, settings: Settings, lang: str) -> Stories:
    """The words of entries; what was composed once is kept in the archive's index folder."""
    from diffing.render.story import Stories

    kept = archive.root / "index" / "stories.sqlite"
    return Stories(archive, register, section_of(settings), lang, kept)


class Planned(NamedTuple):
    """A feed that may be made."""

    path: str
    """From the folder in which `atom.xml` lies."""
    key: str
    """Names all that its bytes depend on but the program: as long as it is equal, they are."""
    make: Callable[[], bytes]
    """Within the block of `planned` only."""


def feeds(
    archive: Archive,
    register: Register,
    settings: Settings,
    *,
    lang: str | None = None,
    page_of: Callable[[Entry], str] | None = None,
) -> dict[str, bytes]:
    """All feeds by path: `atom.xml`, `310107/atom.xml`, `310107/310107.012/atom.xml` …, and the
    volumes of those that hold more than the newest entries: `atom-1.xml` …

    `page_of` gives the path of a document's page from the folder in which `atom.xml` will lie, ""
    for none; unless told, entries lead to the site that `[site] base_url` names. The same archive,
    register and settings give the same bytes.

    Raises SettingsError, RepositoryError, JudgementsError or ToldError.
    """
    with planned(archive, register, settings, lang=lang, page_of=page_of) as found:
        return {one.path: one.make() for one in found}


@contextmanager
def planned(
    archive: Archive,
    register: Register,
    settings: Settings,
    *,
    lang: str | None = None,
    page_of: Callable[[Entry], str] | None = None,
) -> Iterator[list[Planned]]:
    """As `feeds`, each made only where asked for: for whoever keeps what was made before."""
    section, base = feed_settings(settings), base_of(settings)
    digests = section_of(settings)
    composed = stories(archive, register, settings, lang or digests.lang)
    made_of = repr((section, base, digests.thresholds, composed.words.code, register.version))
    planning = []
    found = listed(archive, register, settings)
    # how a feed leads to a page follows from where both lie
    there = partial(_page, settings, page_of, base, "")
    said = {e.id: f"{e.standing} {e.at} {e.changed} {there(e)}" for e in found}
    for path, name, of, entries in _groups(archive, register, found):
        up = "../" * path.count("/")
        for part in _parts(path, entries, section.limit):
            whole = (made_of, of, part.before, *(said[e.id] for e in part.entries))
            key = hashlib.sha256("\x00".join(whole).encode()).hexdigest()
            page = partial(_page, settings, page_of, base, up)
            make = partial(_made, part, name, of, page, section, base, composed)
            planning.append(Planned(part.path, key, make))
    try:
        yield planning
    finally:
        composed.close()


def _page(
    settings: Settings,
    page_of: Callable[[Entry], str] | None,
    base: str,
    up: str,
    entry: Entry,
) -> str:
    if page_of is None:
        return page_on_site(settings, entry)
    page = page_of(entry)
    return (_joined(base, page) if base else up + page) if page else ""


class _Part(NamedTuple):
    """A feed itself, or a volume of it."""

    path: str
    entries: Sequence[Entry]
    kept: frozenset[str]
    """Ids of entries that stand nowhere else."""
    before: str
    """Where the volume before lies; "" for none."""
    volume_of: str
    """Where the feed lies, of a volume."""


def _parts(path: str, entries: Sequence[Entry], limit: int) -> Iterator[_Part]:
    """The feed at `path` with the newest entries, and its volumes."""
    bound = volumes(entries, limit)
    kept = frozenset(entry.id for entry in unbound(entries, limit))
    last = address(path, len(bound)) if bound else ""
    yield _Part(path, _newest(entries, limit), kept, last, "")
    for volume in bound:
        before = address(path, volume.number - 1) if volume.number > 1 else ""
        own = frozenset(entry.id for entry in volume.entries)
        yield _Part(address(path, volume.number), volume.entries, own, before, path)


def _made(
    part: _Part,
    name: str,
    of: str,
    page: Callable[[Entry], str],
    section: FeedSettings,
    base: str,
    composed: Stories,
) -> bytes:
    from diffing.render.atom import Feed, Item, feed_of

    def at(path: str) -> str:
        return _joined(base, path) if path and base else path.rpartition("/")[2]

    words = composed.words
    told = [(entry, composed.of(entry)) for entry in part.entries]
    told.sort(key=lambda one: (one[1].updated, one[0].id), reverse=True)
    told = [one for n, one in enumerate(told) if n < section.limit or one[0].id in part.kept]
    feed = Feed(
        authority=section.authority,
        name=name,
        title=words("feed-title-of", name=of) if of else words("feed-title"),
        author=section.author,
        address=at(part.path),
        before=at(part.before),
        volume_of=at(part.volume_of),
        site=_joined(base, "") if base else "",
        items=tuple(Item(entry, story, page(entry)) for entry, story in told),
    )
    return feed_of(feed, words)


def _groups(
    archive: Archive, register: Register, entries: list[Entry]
) -> Iterator[tuple[str, str, str, list[Entry]]]:
    """Path, name, whose it is and entries of each feed: of all, then of every district and agency
    of which something is archived."""
    yield "atom.xml", "site", "", entries
    districts: dict[str, list[Entry]] = {}
    agencies: dict[tuple[str, str], list[Entry]] = {}
    for repository in archive.repositories():
        for what in {identity_of(e.document_id) for e in repository.history() if is_version(e)}:
            districts.setdefault(what.division, [])
            agencies.setdefault((what.division, what.agency), [])
    for entry in entries:
        what = entry.identity
        districts.setdefault(what.division, []).append(entry)
        agencies.setdefault((what.division, what.agency), []).append(entry)
    names = {division.code: division.name for division in register.divisions()}
    for code, found in sorted(districts.items()):
        yield f"{code}/atom.xml", code, names.get(code, code), found
    for (code, agency), found in sorted(agencies.items()):
        folder = component(agency, "agency")
        yield f"{code}/{folder}/atom.xml", f"{code}/{agency}", agency_name(register, agency), found


def _newest(entries: Sequence[Entry], limit: int) -> list[Entry]:
    """The newest that may stand in a feed: by when they happened, and all changed since."""
    found = list(entries)
    return found[:limit] + [entry for entry in found[limit:] if entry.changed is not None]


@click.command("feed")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(("zh", "en")), help="Language; else as in [digest].")
@click.pass_context
def feed(ctx: click.Context, folder: Path | None, lang: str | None) -> None:
    """Write Atom feeds of what happened: of all, of each district and of each agency.

    First publications, revisions, corrections, withdrawals, returns and material findings. What was
    told and does not stand is corrected in its own entry. They go into FOLDER, else into the folder
    [feed] names; a file that would be the same is left as it is.

    Exit status: 0; 1 where a file cannot be written; 2 wrong use or configuration.
    """
    with explained():
        settings, archive, register = opened(ctx)
        try:
            made = feeds(archive, register, settings, lang=lang)
        finally:
            archive.close()
    place = folder or settings.resolve(feed_settings(settings).folder)
    for path in _write(place, made):
        click.echo(path)


def _write(folder: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Write what is not there already; yields what was written."""
    for name, data in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() == data:
            continue
        replace(path, data)
        yield path


commands: list[click.Command] = [feed]
"""What crawler/cli.py mounts."""
