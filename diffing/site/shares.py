"""The pages of documents in shares: so many documents of one district, by whoever is free.

What a share is made of travels with it; what comes of it travels back as bytes, and is written by
the one process that holds the site's state. A share may be done again: it changes nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.model import Identity
from archive.repository import RepositoryError, UnknownDocument
from archive.workplace import Workplace
from diffing.checks.judgements import Judgement
from diffing.checks.model import Group
from diffing.site.catalogue import Catalogue, Holding
from diffing.site.digests import SiteReview
from diffing.site.dossier import Dossier, Paper
from diffing.site.frame import Frame
from diffing.site.leading import Pictures
from diffing.site.search import Lines
from diffing.site.settings import SiteSettings
from diffing.site.shelf import Shelf
from diffing.site.summary import Summary
from diffing.thresholds import DigestSettings
from diffing.told import Told

if TYPE_CHECKING:
    from archive.executor import Executor
    from diffing.site.work import Work

__all__ = ["Made", "Pages", "Share", "made", "made_of", "spread"]

_SHARE: Final = 20
"""Documents a task: some seconds of work, some megabytes of pages; neighbours serve each other."""


class Share(msgspec.Struct, frozen=True):
    """One task."""

    workplace: Workplace
    documents: tuple[Identity, ...]
    """Of one district, one agency's after the other's."""
    site: SiteSettings
    digest: DigestSettings
    feeds: bool
    judged: Mapping[str, Judgement]
    told: Mapping[str, Told]
    """What was told of these documents, from the record of told findings."""


class Pages(msgspec.Struct, frozen=True):
    """All that is made of one document that can be read."""

    summary: Summary
    lines: Lines
    pages: list[Paper]

    def written_out(self) -> Pages:
        """The same with every page made: so it can travel."""
        made = [(path, partial(bytes, make())) for path, make in self.pages]
        return structs.replace(self, pages=made)


class Made(msgspec.Struct, frozen=True):
    """What became of one document."""

    id: str
    pages: Pages | None = None
    pictures: dict[str, bytes] = {}
    """Path → picture of a row, where it is not in the site's folder already."""
    ready: dict[tuple[str, ...], tuple[Group, ...]] = {}
    """Findings that need not be looked for again."""
    reason: str = ""
    """Why there are no pages."""
    hurried: bool = False
    """Whether a picture is missing for want of time."""


def made_of(dossier: Dossier, holding: Holding) -> Made:
    """All pages of one document, here."""
    try:
        pages = Pages(*dossier.make(holding))
        return Made(holding.id, pages, hurried=dossier.pictures.hurried())
    except (RepositoryError, UnknownDocument) as error:
        return Made(holding.id, reason=str(error))


def spread(executor: Executor, work: Work, due: Sequence[Holding]) -> Iterator[Made]:
    """The pages of these documents, in their order, made by the executor's workers.

    Where a share kills whoever takes it, its documents are made one by one: only the one that kills
    is without pages, and says so. Raises NoExecutor.
    """
    for answer in executor.map_parts(made, _shares(work, due), _one_by_one):
        lost = (Made(one.document_id, reason=answer.lost) for one in answer.task.documents)
        yield from lost if answer.value is None else answer.value


def _one_by_one(share: Share) -> list[Share]:
    return [structs.replace(share, documents=(one,)) for one in share.documents]


def _shares(work: Work, due: Sequence[Holding]) -> Iterator[Share]:
    workplace = Workplace.of(work.archive, work.register)
    for _, own in groupby((h.identity for h in due), lambda one: one.division):
        documents = tuple(own)
        for at in range(0, len(documents), _SHARE):
            chosen = documents[at : at + _SHARE]
            yield Share(
                workplace,
                chosen,
                work.inputs.site,
                work.inputs.digest,
                work.frame.feeds,
                work.judged,
                work.review.told_of({one.document_id for one in chosen}),
            )


def made(share: Share) -> list[Made]:
    """Make the pages of a share. Runs wherever there is a worker."""
    division = share.documents[0].division
    with (
        share.workplace.opened() as (archive, register),
        tempfile.TemporaryDirectory(prefix="mingzhang-") as name,
        Pictures.opened(archive, Path(name), wanted=share.digest.crops) as pictures,
    ):
        catalogue = Catalogue(archive, register, (division,))
        review = SiteReview(archive, register, Path(name), share.judged, share.told)
        dossier = Dossier(
            archive,
            catalogue,
            Shelf(archive, register),
            Frame(share.site, feeds=share.feeds),
            share.digest,
            review,
            share.judged,
            pictures,
        )
        found = []
        for identity in share.documents:
            holding = catalogue.holdings.get(identity.document_id)
            if holding is None:
                found.append(Made(identity.document_id, reason="no longer in the archive"))
                continue
            one = made_of(dossier, holding)
            shown = one.pages.summary.pictures if one.pages else ()
            drawn = {path: (Path(name) / path).read_bytes() for path in shown}
            pages = one.pages.written_out() if one.pages else None
            found.append(structs.replace(one, pages=pages, pictures=drawn, ready=review.taken()))
        return found
