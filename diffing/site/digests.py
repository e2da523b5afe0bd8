"""Digest pages: of every run as it was told, of two years, of what a revision changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from archive.clock import CHINA
from archive.model import ChangeKind
from archive.paths import component
from diffing.asof import Read, as_of
from diffing.checks import check
from diffing.checks.siblings import alongside, replaced, siblings
from diffing.digest import Digest, build
from diffing.render.page import Heading, Node, Page, Points
from diffing.review import Review
from diffing.site import addresses
from diffing.site.catalogue import Catalogue, hashed
from diffing.told import Told, Withdrawal
from diffing.versions import Version

if TYPE_CHECKING:
    from archive.events import Entry
    from archive.model import Document, Identity
    from archive.register import Register
    from archive.repository import Archive
    from diffing.checks.judgements import Judgement
    from diffing.checks.model import Group
    from diffing.thresholds import DigestSettings

__all__ = [
    "Announced",
    "Run",
    "SiteReview",
    "Sources",
    "announced",
    "first_points",
    "key_of",
    "leading_to",
    "of_run",
    "page_of",
    "run_name",
    "runs",
    "targets",
    "told_at",
]

_OURS: Final = frozenset({ChangeKind.RE_EXTRACTION})
_TOLD: Final = 3


Sources = tuple[tuple[str, str], ...]
"""The versions a digest quotes: document id, sha256 of the original."""


class SiteReview(Review):
    """Findings for digests that were told long ago: nothing is recorded, and a correction stands
    only in the digest that told it."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        folder: Path,
        judged: Mapping[str, Judgement],
        told: Mapping[str, Told] | None = None,
    ) -> None:
        super().__init__(archive, register, folder, judged, told)
        self._ready: dict[tuple[str, ...], tuple[Group, ...]] = {}

    def told_of(self, documents: Collection[str]) -> dict[str, Told]:
        """What was told of these documents, by the key of the finding."""
        return {key: told for key, told in self._told.items() if told.document in documents}

    def taken(self) -> dict[tuple[str, ...], tuple[Group, ...]]:
        """The findings looked for since this was asked last."""
        found, self._ready = self._ready, {}
        return found

    def give(self, ready: Mapping[tuple[str, ...], tuple[Group, ...]]) -> None:
        """Findings that somebody else has looked for."""
        self._ready.update(ready)

    def corrections(self, name: str) -> tuple[Told, ...]:
        """What that digest took back, and what it had told that was taken back since."""
        found = self._withdrawn(self._told.values())
        return tuple(t for t in found if name in (t.corrected, t.digest))

    def _verdict(self, key: str) -> Withdrawal | None:
        """Also of what a better reading did not bear out: a digest made of the older one finds it
        again, and must not tell it."""
        told = self._told.get(key)
        gone = told is not None and told.withdrawal is Withdrawal.NOT_FOUND
        return super()._verdict(key) or (Withdrawal.NOT_FOUND if gone else None)

    def _withdrawn(self, asked: Iterable[Told]) -> Iterator[Told]:
        """Those that do not stand, by the record and by what people judged since: the digest of the
        next run looks for itself at what nobody judged."""
        return (one for one in map(self._as_judged, asked) if one.withdrawal)

    def groups(
        self, version: Version, documents: Callable[[], list[Document]]
    ) -> tuple[Group, ...]:
        """All findings of a version, against the documents of the archive as it is set; checked
        once a version and its neighbours, whoever asks."""
        key = self._key(version)
        if key not in self._ready:
            name = version.agency_name or None
            self._ready[key] = check(
                version.document, documents(), name, partial(self._replaced, version.identity)
            ).groups
        return self._ready[key]

    def _groups(self, version: Version) -> tuple[Group, ...]:
        identity = version.identity
        if identity is None:
            return super()._groups(version)
        return self.groups(version, lambda: siblings(self.archive, self.register, identity))

    def _replaced(self, identity: Identity | None) -> list[Document]:
        return replaced(self.archive, self.register, identity) if identity else []

    def _key(self, version: Version) -> tuple[str, ...]:
        beside = alongside(version.identity) if version.identity else []
        return (version.name, version.commit or "", *map(self._current, beside))

    def _current(self, identity: Identity) -> str:
        """The commit of a document's version that is current in the archive as it is set."""
        repository = self.archive.district(identity.division)
        entry = repository.current_entry(identity.document_id) if repository else None
        return entry.commit if entry else ""


class Run(msgspec.Struct, frozen=True):
    """A run that has something to tell: its events, by district."""

    name: str
    until: dict[str, int]
    """Division → number of its last commit in that district."""
    commits: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]


class Announced(msgspec.Struct, frozen=True):
    """What lists of digests say of one."""

    name: str
    title: str
    day: str
    order: str
    headlines: tuple[str, ...]
    documents: int
    revisions: int
    sources: Sources
    pictures: tuple[str, ...]
    """Paths of the pictures of rows it shows."""
    keys: tuple[str, ...]
    """Keys of the findings it tells."""


def runs(catalogue: Catalogue) -> list[Run]:
    """Every run that did more than read anew, oldest first."""
    found = []
    for name, events in catalogue.runs.items():
        if all(entry.kind in _OURS for _, entry in events):
            continue
        until: dict[str, int] = {}
        for division, entry in events:
            until[division] = max(until.get(division, 0), catalogue.numbers[entry.commit])
        commits = tuple((division, entry.commit) for division, entry in events)
        found.append(Run(name, until, commits, tuple(entry for _, entry in events)))
    return sorted(found, key=lambda run: (_when(run), run.name))


def run_name(run: str) -> str:
    """The name of a run's digest."""
    return component(f"run-{run}", "run")


def _when(run: Run) -> str:
    return max((e.observed.isoformat() for e in run.entries if e.observed), default="")


def told_at(run: Run) -> str:
    """When the run saw something last, for readers; "" where nothing says."""
    seen = [entry.observed for entry in run.entries if entry.observed]
    return f"{max(seen).astimezone(CHINA):%Y-%m-%d %H:%M}" if seen else ""


def key_of(run: Run, judged: Mapping[str, Judgement], known: Announced | None) -> str:
    """What the digest of a run is made from, beside the program and its settings."""
    verdicts = [
        f"{key}={judged[key].verdict}" for key in (known.keys if known else ()) if key in judged
    ]
    return hashed(*(commit for _, commit in run.commits), *verdicts)


def of_run(
    archive: Archive,
    register: Register,
    run: Run,
    settings: DigestSettings,
    review: SiteReview,
    read: Read,
) -> Digest:
    """The digest of a run from the archive as it was then."""
    then = as_of(archive, run.until, read)
    observed = [entry.observed for entry in run.entries if entry.observed]
    with review.of(then):
        return build(
            then,
            register,
            run.commits,
            settings,
            created=max(observed, default=None),
            run=run.name,
            review=review,
        )


def targets(sources: Sources, catalogue: Catalogue) -> list[str]:
    """Where the versions of a digest's sources are shown now; "" for one shown nowhere."""
    return [page_of(document, original, catalogue) for document, original in sources]


def leading_to(catalogue: Catalogue, path: str) -> Callable[[str, str, str], str]:
    """Gives the addresses of versions as the page at `path` writes them."""

    def lead(document: str, original: str, fragment: str) -> str:
        target = page_of(document, original, catalogue)
        return addresses.link(path, target, fragment) if target else ""

    return lead


def announced(digest: Digest, page: Page, run: Run, pictures: Iterable[str]) -> Announced:
    """What lists say of a run's digest: its first headlines, in its own words."""
    return Announced(
        name=digest.name,
        title=page.title,
        day=told_at(run),
        order=_when(run),
        headlines=tuple(first_points(page.nodes))[:_TOLD],
        documents=len({entry.document_id for entry in run.entries}),
        revisions=len(digest.revisions),
        sources=tuple((v.name, v.document.original) for v in digest.versions),
        pictures=tuple(sorted(pictures)),
        keys=tuple(g.key for p in digest.problems for g in p.groups),
    )


def first_points(nodes: tuple[Node, ...]) -> list[str]:
    """The sentences of the headline list."""
    for node in nodes:
        if isinstance(node, Points) and node.leading:
            return [item.text for item in node.items]
        if isinstance(node, Heading) and node.level > 2:
            break
    return []


def page_of(document_id: str, original: str, catalogue: Catalogue) -> str:
    """The page that shows this original of a document; "" where there is none."""
    holding = catalogue.holdings.get(document_id)
    if holding is None:
        return ""
    if original in holding.entry.originals:
        return addresses.document(document_id)
    return addresses.version(document_id, original) if original in holding.originals() else ""
