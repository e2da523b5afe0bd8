"""The pages of all documents: those whose inputs are other than before are made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from diffing.checks.siblings import alongside
from diffing.site.catalogue import Holding, again, hashed
from diffing.site.dossier import Dossier, paths
from diffing.site.shares import Made, Pages, made_of, spread
from diffing.site.state import Kept
from diffing.site.summary import Summary

if TYPE_CHECKING:
    from archive.executor import Executor
    from diffing.site.work import Work

__all__ = ["put"]

_SUMMARY: Final = msgspec.msgpack.Decoder(Summary)
_FEW: Final = 8
"""So many are sooner made here than handed out; their pages may stay in memory for a while."""


def put(work: Work, show: Callable[[int], None], executor: Executor | None = None) -> None:
    """Bring the pages of every document up to date; fills the work's keys and summaries.

    With an executor its workers make them; they are written here either way. A document that
    cannot be read is noted, and taken out of the catalogue.
    """
    _Documents(work).run(show, executor)


class _Documents:
    def __init__(self, work: Work) -> None:
        self.work = work

    def run(self, show: Callable[[int], None], executor: Executor | None) -> None:
        work = self.work
        kept = work.state.documents()
        holdings = work.catalogue.in_order()
        due = [holding for holding in holdings if not self._as_before(holding, kept)]
        del kept
        few = len(due) <= _FEW
        done = len(holdings) - len(due)
        show(done)
        for number, (holding, made) in enumerate(
            zip(due, self._made(due, executor), strict=True), 1
        ):
            if made.pages is None:
                work.built.failed.append(f"{holding.id}: {made.reason}")
            else:
                self._put(holding, made, made.pages, wait=few)
            show(done + number)
        work.summaries = {h.id: work.summaries[h.id] for h in holdings if h.id in work.summaries}
        work.catalogue.leave_out(set(work.catalogue.holdings) - set(work.summaries))
        work.state.settle()

    def _as_before(self, holding: Holding, kept: Mapping[str, Kept]) -> bool:
        """Whether all pages of a document are there and made from the same inputs."""
        work, before = self.work, kept.get(holding.id)
        if before is None:
            return False
        summary = _SUMMARY.decode(before.summary)
        key, own = self._key(holding, summary), paths(holding, work.catalogue)
        if before.key != key or not work.output.has(summary.pictures):
            return False
        if not all(work.output.fresh(path, key) for path in own):
            return False
        self._know(holding, key, summary, own)
        return True

    def _made(self, due: Sequence[Holding], executor: Executor | None) -> Iterator[Made]:
        """The pages of these documents, in their order; a few of them here, whoever is there."""
        work = self.work
        if executor is not None and len(due) > _FEW:
            yield from spread(executor, work, due)
            return
        dossier = Dossier(
            work.archive,
            work.catalogue,
            work.shelf,
            work.frame,
            work.inputs.digest,
            work.review,
            work.judged,
            work.pictures,
        )
        for holding in due:
            yield made_of(dossier, holding)

    def _put(self, holding: Holding, made: Made, pages: Pages, *, wait: bool) -> None:
        """Write what was made of one document, and keep what was read in it; its pages may `wait`
        for all others that are to be made."""
        work, summary = self.work, pages.summary
        # what people said of its findings is known only now
        key = self._key(holding, summary)
        if made.hurried:
            key = again(key)
        work.output.drawn(made.pictures)
        work.review.give(made.ready)
        for path, make in pages.pages:
            if wait:
                work.output.due(key, partial(_alone, path, make))
            else:
                work.output.put(path, key, make())
        lines = msgspec.msgpack.encode(pages.lines)
        work.state.keep_document(holding.id, Kept(key, msgspec.msgpack.encode(summary)), lines)
        work.built.read += 1
        work.state.settle()
        self._know(holding, key, summary, (path for path, _ in pages.pages))

    def _know(self, holding: Holding, key: str, summary: Summary, own: Iterable[str]) -> None:
        work = self.work
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


def _alone(path: str, make: Callable[[], bytes]) -> list[tuple[str, bytes]]:
    return [(path, make())]
