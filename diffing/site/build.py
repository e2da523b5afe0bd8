"""Builds the site: reads what changed, writes what differs, takes away what is no more."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archive.matrix import matrix
from archive.model import Level
from archive.program import program
from archive.repository import RepositoryError, UnknownDocument
from diffing.checks.siblings import alongside
from diffing.render.html import body
from diffing.site import addresses, charts, feeds, places, search
from diffing.site.agency import agency_values
from diffing.site.catalogue import Catalogue, Holding, hashed
from diffing.site.composed import decoded, encoded, later
from diffing.site.digests import (
    Announced,
    Run,
    SiteReview,
    announced,
    key_of,
    leading_to,
    of_run,
    runs,
    targets,
)
from diffing.site.dossier import Dossier, Shelf, paths
from diffing.site.frame import Frame
from diffing.site.leading import Leading, Pictures, composed
from diffing.site.matrix import coverage_values
from diffing.site.output import Output
from diffing.site.peers import kind_name, kinds_of, peers_values
from diffing.site.settings import SiteSettings
from diffing.site.state import Kept, State
from diffing.site.summary import Summary
from diffing.site.writing import NotOurs, claim
from diffing.thresholds import DigestSettings

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.checks.judgements import Judgement

__all__ = ["Built", "Inputs", "NotOurs", "build"]

_ASSETS: Final = ("icon.svg", "search.js", "site.css")
_OFTEN: Final = 50
"""So many documents are read before what was made of them is written down."""


class Inputs(msgspec.Struct, frozen=True):
    """What a site is made from, beside the archive."""

    site: SiteSettings
    digest: DigestSettings
    judged: Mapping[str, Any]
    told: Path
    """The folder where digests and the record of told findings lie."""
    feeds: feeds.Plan | None = None
    """Where the feeds come from; None for a site without."""


class Built(msgspec.Struct):
    """What a build came to."""

    folder: str
    pages: int = 0
    written: int = 0
    removed: int = 0
    documents: int = 0
    read: int = 0
    """Documents that had to be opened."""
    charts: bool = True
    """Whether the chart library is there."""
    failed: list[str] = []
    """Documents that cannot be read, one sentence each; their pages are left out."""


def build(
    archive: Archive,
    register: Register,
    inputs: Inputs,
    folder: Path,
    show: Callable[[int, int], None] = lambda _done, _of: None,
) -> Built:
    """Build the site of an archive in `folder`, or bring it up to date.

    Every page is replaced in one step, so that whoever reads meanwhile, or after a crash, has a
    whole site. Raises NotOurs for a folder with other files in it, RepositoryError where a history
    cannot be read, ToldError where the record of told findings cannot, OSError where a page cannot
    be written.
    """
    claim(folder)
    with (
        State(folder, _made_by()) as state,
        Pictures.opened(archive, folder, wanted=inputs.digest.crops) as pictures,
    ):
        return _Build(archive, register, inputs, folder, state, pictures).run(show)


def _made_by() -> str:
    """Names what makes the pages: any change of it makes all of them anew."""
    return f"{program()} {charts.library()}"


class _Build:
    def __init__(
        self,
        archive: Archive,
        register: Register,
        inputs: Inputs,
        folder: Path,
        state: State,
        pictures: Pictures,
    ) -> None:
        self.pictures = pictures
        self.archive, self.register, self.inputs = archive, register, inputs
        self.folder, self.state = folder, state
        self.judged: Mapping[str, Judgement] = inputs.judged
        self.frame = Frame(inputs.site, feeds=inputs.feeds is not None)
        self.catalogue = Catalogue(archive, register)
        self.shelf = Shelf(archive, register)
        self.review = SiteReview(archive, register, inputs.told, self.judged)
        self.base = hashed(
            _made_by(),
            msgspec.json.encode(inputs.site).decode(),
            msgspec.json.encode(inputs.digest).decode(),
            register.version,
            self.frame.feeds,
        )
        self.output = Output(folder, state, self.frame, self.base)
        self.keys: dict[str, str] = {}
        self.summaries: dict[str, Summary] = {}
        self.built = Built(str(folder), charts=charts.available())

    def run(self, show: Callable[[int, int], None]) -> Built:
        """All of it, documents first."""
        told = runs(self.archive, self.catalogue)
        total = len(self.catalogue.holdings) + len(told)
        self._documents(lambda done: show(done, total))
        digests = self._digests(told, lambda done: show(total - len(told) + done, total))
        self._places(digests)
        self._search()
        feeds.put(self.inputs.feeds, self.output, self.summaries)
        self._assets()
        self._tidy()
        self.built.pages = len(self.output.wanted)
        self.built.documents = len(self.catalogue.holdings)
        return self.built

    # --- documents ---

    def _documents(self, show: Callable[[int], None]) -> None:
        kept = self.state.documents()
        dossier = Dossier(
            self.archive,
            self.catalogue,
            self.shelf,
            self.frame,
            self.inputs.digest,
            self.review,
            self.judged,
            self.pictures,
        )
        for done, holding in enumerate(_by_agency(self.catalogue), 1):
            try:
                self._document(dossier, holding, kept.get(holding.id))
            except (RepositoryError, UnknownDocument) as error:
                self.built.failed.append(f"{holding.id}: {error}")
            show(done)
        for id_ in set(self.catalogue.holdings) - set(self.summaries):
            del self.catalogue.holdings[id_]
        self.catalogue.__dict__.pop("by_agency", None)
        self.state.commit()

    def _document(self, dossier: Dossier, holding: Holding, kept: Kept | None) -> None:
        summary = msgspec.msgpack.decode(kept.summary, type=Summary) if kept else None
        own = paths(holding, self.catalogue)
        key = self._document_key(holding, summary)
        known = kept is not None and kept.key == key
        known = known and all(self.output.fresh(path, key) for path in own)
        if summary is None or not known or not self.output.has(summary.pictures):
            summary, lines, pages = dossier.make(holding)
            # what people said of its findings is known only now
            key = self._document_key(holding, summary)
            for path, page in pages:
                self.output.put(path, key, page)
            encoded = msgspec.msgpack.encode(summary)
            self.state.keep_document(holding.id, Kept(key, encoded), msgspec.msgpack.encode(lines))
            self.built.read += 1
            if self.built.read % _OFTEN == 0:
                self.state.commit()
        self.output.want(own)
        self.output.lent(summary.pictures)
        self.keys[holding.id] = key
        self.summaries[holding.id] = summary

    def _document_key(self, holding: Holding, summary: Summary | None) -> str:
        identity = holding.identity
        verdicts = self._verdicts(summary.keys if summary else ())
        beside = self.catalogue.beside(identity)
        return hashed(
            self.base,
            *(entry.commit for entry in holding.entries),
            *(self.catalogue.current(one) for one in alongside(identity)),
            *(one.document_id for one in beside.values()),
            *(self.catalogue.current(beside[role]) for role in ("other",) if role in beside),
            *(f"{t.key} {t.withdrawal} {t.reason}" for t in self.review.corrections_of(holding.id)),
            *verdicts,
        )

    def _verdicts(self, keys: Iterable[str]) -> list[str]:
        found = [(key, self.judged[key]) for key in keys if key in self.judged]
        return [f"{key} {one.verdict} {one.day} {one.reason}" for key, one in found]

    # --- digests ---

    def _digests(self, told: list[Run], show: Callable[[int], None]) -> list[tuple[Announced, str]]:
        kept = self.state.digests()
        found = []
        for done, run in enumerate(told, 1):
            try:
                found.append(self._digest(run, kept.get(run.name)))
            except (RepositoryError, UnknownDocument) as error:
                self.built.failed.append(f"run {run.name}: {error}")
            show(done)
        self.state.commit()
        return found

    def _digest(self, run: Run, kept: Kept | None) -> tuple[Announced, str]:
        known = msgspec.msgpack.decode(kept.summary, type=Announced) if kept else None
        key = self._digest_key(run, known)
        fresh = kept is not None and kept.key == key
        if known is None or not fresh or not self.output.has(known.pictures):
            digest = of_run(
                self.archive,
                self.register,
                run,
                self.inputs.digest,
                self.review,
                self.shelf.document,
            )
            path = addresses.digest(digest.name)
            links = Leading(path, digest.versions, later, self.pictures, self.shelf.anchors)
            page = composed(digest, self.frame.words.digest, links, self.pictures)
            known = announced(digest, page, run, links.used)
            # what people said of its findings is known only now
            key = self._digest_key(run, known)
            summary = msgspec.msgpack.encode(known)
            self.state.keep_digest(run.name, Kept(key, summary), encoded(page))
        self.output.lent(known.pictures)
        path = addresses.digest(known.name)
        self.output.page(
            path,
            (key, *targets(known.sources, self.catalogue)),
            "digest.html.j2",
            known.title,
            partial(self._told, run, path),
            ((self.frame.words("digests"), addresses.DIGESTS),),
        )
        return known, key

    def _told(self, run: Run, path: str) -> dict[str, Any]:
        page = decoded(self.state.composed(run.name), leading_to(self.catalogue, path))
        return {"body": body(page)}

    def _digest_key(self, run: Run, known: Announced | None) -> str:
        taken_back = self.review.corrections(known.name) if known else ()
        return hashed(
            self.base,
            key_of(run, self.judged, known),
            *(f"{t.key} {t.reason}" for t in taken_back),
        )

    # --- places ---

    def _places(self, digests: list[tuple[Announced, str]]) -> None:
        words, told = self.frame.words, [one for one, _ in digests]
        every = [self.keys[id_] for id_ in sorted(self.keys)]
        for key, holdings in self.catalogue.by_agency.items():
            self._agency(key, holdings)
        for division in self.catalogue.divisions:
            self._district(division)
        kinds = kinds_of(self.catalogue)
        for kind, members in kinds.items():
            self._peers(kind, members)
        marks = [key for _, key in digests]
        self.output.page(
            addresses.FRONT,
            (*every, *marks, *kinds),
            "front.html.j2",
            self.inputs.site.title,
            lambda: places.front_values(self.catalogue, self.summaries, told, words),
        )
        self.output.page(
            addresses.DIGESTS,
            marks,
            "digests.html.j2",
            words("digests"),
            lambda: {"digests": places.digest_list(told, words)},
        )
        self.output.page(
            addresses.ABOUT,
            (),
            "about.html.j2",
            words("about"),
            lambda: places.about_values(words, drawn=self.built.charts),
        )

    def _agency(self, key: tuple[str, str], holdings: tuple[Holding, ...]) -> None:
        division, agency = key
        kin = [one.id for one in self.register.agencies(division) if one.parent == agency]
        units = [one for one in kin if (division, one) in self.catalogue.by_agency]
        known = self.catalogue.agency(agency)
        compared = known is not None and known.kind in kinds_of(self.catalogue)
        self.output.page(
            addresses.agency(*key),
            (*(self.keys[h.id] for h in holdings), *units, compared),
            "agency.html.j2",
            self.catalogue.name(agency),
            lambda: agency_values(self.catalogue, key, self.summaries, self.frame.words),
            ((self.catalogue.place(division), addresses.district(division)),),
            feed=addresses.feed(*key),
        )

    def _district(self, division: str) -> None:
        catalogue, words = self.catalogue, self.frame.words
        place = catalogue.place(division)
        holdings = catalogue.of_division(division)
        self.output.page(
            addresses.district(division),
            [self.keys[h.id] for h in holdings],
            "district.html.j2",
            place,
            lambda: places.district_values(catalogue, division, self.summaries, words),
            feed=addresses.feed(division),
        )
        found = [matrix(self.archive, self.register, division, level) for level in Level]
        standing = hashlib.sha256(msgspec.msgpack.encode(found)).hexdigest()
        there = [h.id for h in holdings]
        self.output.page(
            addresses.coverage(division),
            (standing, *there),
            "coverage.html.j2",
            words("coverage-heading", place=place),
            lambda: coverage_values(catalogue, division, found, words),
            ((place, addresses.district(division)),),
            short=words("coverage"),
        )

    def _peers(self, kind: str, members: list[tuple[str, str]]) -> None:
        words = self.frame.words
        name = words("peers-heading", kind=kind_name(kind, words))
        keys = [self.keys[h.id] for one in members for h in self.catalogue.by_agency[one]]
        self.output.page(
            addresses.peers(kind),
            keys,
            "peers.html.j2",
            name,
            lambda: peers_values(self.catalogue, kind, self.summaries, words),
        )

    # --- search ---

    def _search(self) -> None:
        words = self.frame.words
        parts: dict[tuple[str, int], list[Holding]] = defaultdict(list)
        for holding in _by_agency(self.catalogue):
            parts[holding.identity.division, holding.identity.year].append(holding)
        self.output.file("search/meta.js", search.meta(self.catalogue))
        for part, holdings in parts.items():
            self._part(part, holdings)
        years = sorted({year for _, year in parts}, reverse=True)
        divisions = [
            {
                "code": division,
                "name": self.catalogue.place(division),
                "path": addresses.district(division),
            }
            for division in self.catalogue.divisions
        ]
        self.output.page(
            addresses.SEARCH,
            (*self.catalogue.divisions, *years),
            "search.html.j2",
            words("search"),
            lambda: {"districts": divisions, "years": years, "scripted": True},
        )

    def _part(self, part: tuple[str, int], holdings: list[Holding]) -> None:
        key = hashed(self.base, *(self.keys[h.id] for h in holdings))
        stem = addresses.shard(*part, "")
        own = self.output.beginning(stem)
        if own and all(self.output.fresh(path, key) for path in own):
            self.output.want(own)
            return
        read = self.state.lines(h.id for h in holdings)
        lines = {id_: msgspec.msgpack.decode(data, type=search.Lines) for id_, data in read}
        for path, script in search.index(self.catalogue, part, holdings, lines):
            self.output.put(path, key, script)
            self.output.want([path])

    # --- the rest ---

    def _assets(self) -> None:
        for name in _ASSETS:
            data = files("diffing.site").joinpath("assets", name).read_bytes()
            self.output.file(f"assets/{name}", data)

    def _tidy(self) -> None:
        """Take away the pages of what is no more; other files of the folder are not ours."""
        self.built.removed = self.output.tidy()
        self.built.written = self.output.written
        self.state.forget("documents", set(self.state.documents()) - set(self.keys))
        names = set(self.catalogue.runs)
        self.state.forget("digests", set(self.state.digests()) - names)
        self.state.commit()


def _by_agency(catalogue: Catalogue) -> list[Holding]:
    """All documents, one agency's after the other's: what is read for one serves the next."""
    return [holding for holdings in catalogue.by_agency.values() for holding in holdings]
