"""The pages of all documents: those whose inputs are other than before are made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from archive.repository import RepositoryError, UnknownDocument
from diffing.checks.siblings import alongside
from diffing.site.catalogue import Holding, hashed
from diffing.site.dossier import Dossier, paths
from diffing.site.state import Kept
from diffing.site.summary import Summary

if TYPE_CHECKING:
    from diffing.site.work import Work

__all__ = ["put"]

_OFTEN: Final = 50
"""So many documents are read before what was made of them is written down."""


def put(work: Work, show: Callable[[int], None]) -> None:
    """Bring the pages of every document up to date; fills the work's keys and summaries.

    A document that cannot be read is noted, and taken out of the catalogue.
    """
    _Documents(work).run(show)


class _Documents:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.dossier = Dossier(
            work.archive,
            work.catalogue,
            work.shelf,
            work.frame,
            work.inputs.digest,
            work.review,
            work.judged,
            work.pictures,
        )

    def run(self, show: Callable[[int], None]) -> None:
        work = self.work
        kept = work.state.documents()
        for done, holding in enumerate(work.catalogue.in_order(), 1):
            try:
                self._document(holding, kept.get(holding.id))
            except (RepositoryError, UnknownDocument) as error:
                work.built.failed.append(f"{holding.id}: {error}")
            show(done)
        work.catalogue.leave_out(set(work.catalogue.holdings) - set(work.summaries))
        work.state.commit()

    def _document(self, holding: Holding, kept: Kept | None) -> None:
        work = self.work
        summary = msgspec.msgpack.decode(kept.summary, type=Summary) if kept else None
        own = paths(holding, work.catalogue)
        key = self._key(holding, summary)
        known = kept is not None and kept.key == key
        known = known and all(work.output.fresh(path, key) for path in own)
        if summary is None or not known or not work.output.has(summary.pictures):
            summary, lines, pages = self.dossier.make(holding)
            # what people said of its findings is known only now
            key = self._key(holding, summary)
            for path, page in pages:
                work.output.put(path, key, page)
            encoded = msgspec.msgpack.encode(summary)
            work.state.keep_document(holding.id, Kept(key, encoded), msgspec.msgpack.encode(lines))
            work.built.read += 1
            if work.built.read % _OFTEN == 0:
                work.state.commit()
        work.output.want(own)
        work.output.lent(summary.pictures)
        work.keys[holding.id] = key
        work.summaries[holding.id] = summary

    def _key(self, holding: Holding, summary: Summary | None) -> str:
        work, identity = self.work, holding.identity
        catalogue = work.catalogue
        beside = catalogue.beside(identity)
        return hashed(
            work.base,
            *(entry.commit for entry in holding.entries),
            *(catalogue.current(one) for one in alongside(identity)),
            *(one.document_id for one in beside.values()),
            *(catalogue.current(beside[role]) for role in ("other",) if role in beside),
            *(f"{t.key} {t.withdrawal} {t.reason}" for t in work.review.corrections_of(holding.id)),
            *self._verdicts(summary.keys if summary else ()),
        )

    def _verdicts(self, keys: Iterable[str]) -> list[str]:
        judged = self.work.judged
        found = [(key, judged[key]) for key in keys if key in judged]
        return [f"{key} {one.verdict} {one.day} {one.reason}" for key, one in found]
