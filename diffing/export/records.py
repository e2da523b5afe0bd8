"""Everything an export holds, as one stream: each document is read once, and one at a time.

For every document come its own row, its line items, what changed in it, and what does not add up;
at the end how every agency stands. Only the few documents one is compared with are kept beside it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

import msgspec
from msgspec import structs

from archive.executor import Executor
from archive.export.coverage import coverage_rows
from archive.export.documents import Held, Place, document_row, item_rows, places, read
from archive.export.tables import Record
from archive.model import ChangeKind, Document, Identity
from archive.register import Register, RegisterError
from archive.repository import Archive, RepositoryError, UnknownDocument
from archive.workplace import Workplace
from diffing.checks import check
from diffing.checks.judgements import Judgement
from diffing.checks.siblings import alongside, replaced
from diffing.compare import Comparison, compare
from diffing.export.changes import change_rows
from diffing.export.findings import finding_rows
from diffing.finding import as_read_now, of_document, predecessor
from diffing.thresholds import Thresholds
from diffing.versions import IncomparableError, Mode, Version

__all__ = ["Export", "Tally", "Wanted"]

_KEPT = 6
"""Documents at hand: an agency's documents of two or three years stand together."""
_REVISED = frozenset({ChangeKind.REVISION, ChangeKind.CORRECTION})
_TOLD = (RepositoryError, UnknownDocument, IncomparableError, RegisterError)


class Wanted(msgspec.Struct, frozen=True):
    """What is exported; everything where nothing is named."""

    divisions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


class Tally(msgspec.Struct):
    """What an export came to."""

    rows: dict[str, int] = {}
    """Table → rows."""
    left_empty: int = 0
    """Figures without a value, because no decimal column holds them exactly."""
    failed: list[str] = []
    """What could not be exported, one sentence each."""


class Export:
    """One export of an archive; `records` is the stream, `tally` what has come of it so far."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        wanted: Wanted,
        *,
        judged: Mapping[str, Judgement],
        thresholds: Thresholds,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
        executor: Executor | None = None,
    ) -> None:
        self._archive, self._register, self._wanted = archive, register, wanted
        self._executor = executor
        self._judged, self._thresholds, self._progress = judged, thresholds, progress
        self._places = places(archive, wanted.divisions, wanted.years)
        self._kept: OrderedDict[Identity, Held] = OrderedDict()
        self._there = {identity for _, identity in places(archive, wanted.divisions)}
        self.exported: set[str] = set()
        """The ids of the documents whose rows were made so far."""
        self.tally = Tally()

    @property
    def documents(self) -> int:
        """How many documents it is of."""
        return len(self._places)

    def records(self) -> Iterator[Record]:
        """Every row, in the order of the archive; what fails is noted and the rest goes on."""
        counts: Counter[str] = Counter()
        self.tally.rows = counts
        for name, row in self._all():
            counts[name] += 1
            yield name, row

    def _all(self) -> Iterator[Record]:
        yield from self._spread() if self._executor else self.of(self._places)
        self._progress(len(self._places), len(self._places))
        for division in self._divisions():
            years = self._wanted.years
            found = coverage_rows(self._archive, self._register, division, years, self.exported)
            for row in found:
                yield "coverage", row

    def of(self, chosen: Iterable[Place]) -> Iterator[Record]:
        """The rows of these documents, without the coverage of their districts."""
        for done, place in enumerate(chosen):
            self._progress(done, len(self._places))
            try:
                held = self._held(place)
            except _TOLD as error:
                self.tally.failed.append(f"{place.identity.document_id}: {error}")
                continue
            self.exported.add(place.identity.document_id)
            yield "documents", document_row(held, self._register)
            for row in item_rows(held, self._register):
                self.tally.left_empty += row["value"] is None and row["mark"] == "printed"
                yield "line_items", row
            version = self._version(held)
            yield from self._changes(place, held, version)
            yield from self._findings(place, version)

    def _spread(self) -> Iterator[Record]:
        """The rows of all documents, made by the executor's workers, a share at a time."""
        from diffing.export.shares import exported, one_by_one, shares

        assert self._executor is not None  # noqa: S101 - asked by the caller
        workplace = Workplace.of(self._archive, self._register)
        due = shares(workplace, self._places, self._judged, self._thresholds)
        done = 0
        for answer in self._executor.map_parts(exported, due, one_by_one):
            done += len(answer.task.documents)
            self._progress(done, len(self._places))
            if answer.value is None:
                lost = (f"{one.document_id}: {answer.lost}" for one in answer.task.documents)
                self.tally.failed += lost
                continue
            self.tally.left_empty += answer.value.left_empty
            self.tally.failed += answer.value.failed
            self.exported |= answer.value.documents
            yield from answer.value.records

    def _divisions(self) -> list[str]:
        return sorted(
            repository.division
            for repository in self._archive.repositories()
            if self._wanted.divisions == () or repository.division in self._wanted.divisions
        )

    def _changes(self, place: Place, held: Held, version: Version) -> Iterator[Record]:
        before = structs.replace(place.identity, year=place.identity.year - 1)
        if before in self._there:
            old = self._other(place, before)
            if old is not None:
                yield from self._compared(old, version, Mode.YEAR)
        for entry in reversed(held.events):
            if entry.kind not in _REVISED:
                continue
            try:
                former = predecessor(place.repository, self._register, entry)
                revised = as_read_now(place.repository, self._register, entry)
            except _TOLD as error:
                self.tally.failed.append(f"{entry.document_id} at {entry.commit}: {error}")
                continue
            if former is not None:
                yield from self._compared(former, revised, Mode.REVISION, entry.commit)

    def _compared(
        self, old: Version, new: Version, mode: Mode, revision: str = ""
    ) -> Iterator[Record]:
        try:
            comparison: Comparison = compare(old, new, mode, self._thresholds)
        except _TOLD as error:
            self.tally.failed.append(str(error))
            return
        for row in change_rows(comparison, new.agency, revision):
            yield "changes", row

    def _findings(self, place: Place, version: Version) -> Iterator[Record]:
        others: list[Document] = []
        for identity in alongside(place.identity):
            other = self._other(place, identity) if identity in self._there else None
            if other is not None:
                others.append(other.document)
        before = partial(replaced, self._archive, self._register, place.identity)
        report = check(version.document, others, version.agency_name or None, before)
        for error in report.errors:
            self.tally.failed.append(f"{version.name}: rule {error}")
        for row in finding_rows(version, report, self._judged):
            yield "findings", row

    def _other(self, place: Place, identity: Identity) -> Version | None:
        """A document beside the one in turn; None where it cannot be read, which is noted."""
        try:
            return self._version(self._held(Place(place.repository, identity)))
        except _TOLD as error:
            self.tally.failed.append(f"{identity.document_id}: {error}")
            return None

    def _held(self, place: Place) -> Held:
        """The document, read unless it was just now."""
        held = self._kept.get(place.identity) or read(place)
        self._kept[place.identity] = held
        self._kept.move_to_end(place.identity)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return held

    def _version(self, held: Held) -> Version:
        return of_document(self._register, held.identity, held.document, held.entry)
