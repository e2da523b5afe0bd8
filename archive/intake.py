"""Stored original → read → identified → committed; killed at any point, nothing is lost or doubled.

The order that makes it so: the original is on the disk before its observation is in the ledger;
the intent is in the ledger before the commit; the commit is on the branch before "done" is in the
ledger. What is not done is taken up by the next run, which looks in the repository first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from archive.batches import UNREAD, Place, read_all
from archive.committing import Committing
from archive.due import absences_due
from archive.executor import Executor, Local
from archive.identity import Hints, identify
from archive.ledger import Pending, now
from archive.locks import LockTaken
from archive.media import mismatch
from archive.model import Remark
from archive.outcomes import Candidate, Outcome, Settler, without_rivals
from archive.readings import Reader, Readings
from archive.receiving import Receiving
from archive.register import Register
from archive.repository import Archive, RepositoryError
from archive.text import EXTRACTOR, Unreadable, read_apart
from archive.verdict import Verdict

__all__ = ["Intake", "Outcome"]


class Intake(Receiving):
    """Takes originals into an archive in the name of one run."""

    def __init__(
        self,
        archive: Archive,
        register: Register,
        run: str,
        clock: Callable[[], datetime] = now,
        *,
        reader: Reader = read_apart,
        extractor: str = EXTRACTOR,
        executor: Executor | None = None,
    ) -> None:
        super().__init__(archive.originals, archive.ledger, run, clock)
        self.notes: list[str] = []
        """What else an operator should hear: checked-out copies that were left as they were."""
        self._archive = archive
        self._register = register
        self._extractor = extractor
        self._executor = executor or Local()
        self._readings = Readings(
            archive.root / "cache" / "readings", archive.originals, reader, extractor
        )
        self._place = Place.of(archive, reader, extractor, run, self._executor)
        self._settler = Settler(archive.ledger, clock, extractor, register.version)

    def process(
        self,
        on_outcome: Callable[[Outcome], None] | None = None,
        on_read: Callable[[int, int], None] | None = None,
    ) -> list[Outcome]:
        """Read, identify and commit every original that is still pending.

        Reading happens wherever the executor has workers, several at a time; commits are made one
        after another in an order that does not depend on which worker was first. `on_outcome` hears
        of each as it is settled, `on_read` how many of how many are read. Calling it again after a
        crash completes what was begun.

        Raises LockTaken or RepositoryError naming the districts that could not be written, after
        all others are done: their originals stay pending, and `on_outcome` has heard of the rest.
        """
        outcomes: list[Outcome] = []

        def tell(outcome: Outcome) -> None:
            outcomes.append(outcome)
            if on_outcome is not None:
                on_outcome(outcome)

        pending = self._pending()
        unread = self._read_all(pending, on_read)
        candidates: list[Candidate] = []
        for entry in pending:
            found = self._identified(entry, unread)
            if isinstance(found, Candidate):
                candidates.append(found)
            else:
                tell(found)
        candidates, rivals = without_rivals(
            sorted(candidates, key=lambda c: c.order), self._linked_until
        )
        for candidate, beside in rivals:
            message = "another file of its page was read as the same document; state which is which"
            verdict = Verdict(None, "unfiled", message, beside=beside)
            tell(self._settler.settle_verdict(candidate, verdict))
        failures = self._commit_all(candidates, tell)
        for repository in self._archive.repositories():
            repository.refresh_copy()
        if failures:
            raise type(failures[0])("; ".join(map(str, failures)))
        return outcomes

    def _pending(self) -> list[Pending]:
        return self._ledger.pending(self._extractor, self._register.version)

    def _linked_until(self, candidate: Candidate) -> int:
        """The order of the last run in which the candidate's address was linked and showed it."""
        last = self._ledger.last_seen(candidate.source.url)
        if last is None or last.sha256 != candidate.sha256:
            return candidate.pending.run_order
        return self._ledger.looked(candidate.source.url)

    def _read_all(
        self, pending: Sequence[Pending], on_read: Callable[[int, int], None] | None
    ) -> dict[str, Exception]:
        """Have every original read once; returns what was in the way, by sha256."""
        wanted = list(dict.fromkeys(p.observation.sha256 for p in pending if p.observation.sha256))
        return read_all(self._executor, self._place, self._readings, wanted, on_read)

    def _identified(self, pending: Pending, unread: dict[str, Exception]) -> Candidate | Outcome:
        seen = pending.observation
        sha256 = seen.sha256 or ""
        document, error = None, unread.get(sha256)
        if error is None:
            try:
                document = self._readings.document(sha256)
            except UNREAD as again:  # where nothing can be kept, everything is read twice
                error = again
        if isinstance(error, Unreadable):
            message = f"{error} ({error.code})"
            outcome = Outcome("unreadable", sha256, seen.source, message=message)
            return self._settler.settle(pending, outcome)
        if document is None:
            # Our own store is at fault: nothing is settled, the next run tries again.
            return Outcome("unreadable", sha256, seen.source, message=str(error))
        reading = identify(
            self._register,
            title=seen.source.title,
            article=seen.source.article,
            filename=seen.source.filename,
            facts=document.facts,
            hints=msgspec.convert(seen.stated, Hints),
            overrule=seen.insisted,
        )
        if reading.identity is None:
            outcome = Outcome(
                "unfiled",
                sha256,
                seen.source,
                message="; ".join(reading.reasons) or "its identity cannot be told",
                proposal=reading.proposal or "",
            )
            return self._settler.settle(pending, outcome)
        remarks = tuple(Remark("identity-disagreement", reason) for reason in reading.reasons)
        if said := mismatch(seen.source.filename or seen.source.url, document.media_type):
            remarks += (Remark("type-mismatch", said),)
        return Candidate(
            pending, reading.identity, reading.correction, len(document.statements), remarks
        )

    def _commit_all(
        self, candidates: Sequence[Candidate], tell: Callable[[Outcome], None]
    ) -> list[LockTaken | RepositoryError]:
        divisions = {c.identity.division for c in candidates}
        open_ = [*(intent for intent, _ in self._ledger.intents()), *self._ledger.plans()]
        divisions |= {intent.document_id.partition("/")[0] for intent in open_}
        divisions |= {one.division for one in absences_due(self._archive)}
        failures: list[LockTaken | RepositoryError] = []
        for division in sorted(divisions):
            own = [c for c in candidates if c.identity.division == division]
            try:
                self._commit_division(division, own, tell)
            except (LockTaken, RepositoryError) as error:
                failures.append(error)
        return failures

    def _commit_division(
        self, division: str, candidates: Sequence[Candidate], tell: Callable[[Outcome], None]
    ) -> None:
        place = self._register.division(division)
        title = f"{place.city}{place.name}"
        repository = self._archive.repository(division, create=True, title=title)
        with repository.writing() as writer:
            committing = Committing(
                writer,
                self._ledger,
                self._register,
                self._readings,
                self._settler,
                self._run,
                self._clock,
            )
            for outcome in committing.recovered():
                tell(outcome)
            # Another run may have settled some of them while this one was reading.
            still = {pending.hash for pending in self._pending()}
            for candidate in candidates:
                if candidate.pending.hash in still:
                    tell(committing.commit(candidate))
            for due in absences_due(self._archive):
                settled = committing.settle(due) if due.division == division else None
                if settled is not None:
                    tell(settled)
        if writer.copy_note:
            self.notes.append(writer.copy_note)
