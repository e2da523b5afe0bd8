"""What one build of the site has at hand: what it reads, what it knows so far, what it writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from archive.matrix import Matrix, matrix
from archive.model import Level
from archive.program import program
from diffing.digest.absent import Expected
from diffing.site import charts, feeds
from diffing.site.catalogue import Catalogue, hashed
from diffing.site.digests import SiteReview
from diffing.site.frame import Frame
from diffing.site.leading import Pictures
from diffing.site.output import Output
from diffing.site.settings import SiteSettings
from diffing.site.shelf import Shelf
from diffing.site.state import State
from diffing.site.summary import Summary
from diffing.thresholds import DigestSettings

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.checks.judgements import Judgement

__all__ = ["Built", "Inputs", "Work", "made_by"]


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


class Work:
    """One build. Documents are made first; what is made of places and for the search then goes by
    `keys` and `summaries`, and puts its pages out through `output`."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        inputs: Inputs,
        folder: Path,
        state: State,
        pictures: Pictures,
        processes: int = 1,
    ) -> None:
        self.archive, self.register, self.inputs = archive, register, inputs
        self.folder, self.state, self.pictures = folder, state, pictures
        self.judged: Mapping[str, Judgement] = inputs.judged
        self.frame = Frame(inputs.site, feeds=inputs.feeds is not None)
        self.catalogue = Catalogue(archive, register)
        self.shelf = Shelf(archive, register)
        self.review = SiteReview(archive, register, inputs.told, self.judged)
        self.base = hashed(
            made_by(),
            msgspec.json.encode(inputs.site).decode(),
            msgspec.json.encode(inputs.digest).decode(),
            register.version,
            self.frame.feeds,
            *archive.originals.sealed(),
        )
        """Names the program, its settings and the originals that are withheld, of which no page
        shows a picture: part of the key of everything."""
        self.output = Output(folder, state, self.frame, self.base, processes)
        self.keys: dict[str, str] = {}
        """Document id → what its pages were made from."""
        self.summaries: dict[str, Summary] = {}
        """Document id → what other pages need to know of it."""
        self._standing: dict[str, list[Matrix]] = {}
        self._expected: dict[str, Expected] = {}
        self.built = Built(str(folder), charts=charts.available())

    def standing(self, division: str) -> list[Matrix]:
        """Who of a district has published what: its departments, its units."""
        if division not in self._standing:
            self._standing[division] = [
                matrix(self.archive, self.register, division, level) for level in Level
            ]
        return self._standing[division]

    def expected(self, division: str) -> Expected:
        """The same documents, at hand by when they were due or came."""
        if division not in self._expected:
            self._expected[division] = Expected(self.standing(division))
        return self._expected[division]


def made_by() -> str:
    """Names what makes the pages: any change of it makes all of them anew."""
    return f"{program()} {charts.library()}"
