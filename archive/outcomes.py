"""What became of each original, and the order in which originals are dealt with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from archive.clock import day_of
from archive.ledger import Done, Ledger, Pending, Status
from archive.model import ChangeKind, Identity, Remark, Source
from archive.verdict import Verdict

__all__ = ["Candidate", "Outcome", "Settler", "without_rivals"]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one observation of an original."""

    status: Status
    sha256: str
    source: Source
    document_id: str = ""
    division: str = ""
    commit: str = ""
    kind: ChangeKind | None = None
    message: str = ""
    remarks: tuple[Remark, ...] = ()
    """Sources that disagreed about the identity and were overruled."""
    proposal: str = ""
    """The name of an agency the register does not know yet."""


class Candidate(NamedTuple):
    """A pending original of which it is known what document it is."""

    pending: Pending
    identity: Identity
    correction: bool
    statements: int
    remarks: tuple[Remark, ...]

    @property
    def sha256(self) -> str:
        """The original's hash; what is pending always has one."""
        return self.pending.observation.sha256 or ""

    @property
    def source(self) -> Source:
        """Where it was seen."""
        return self.pending.observation.source

    @property
    def order(self) -> tuple[int, bool, date, str, int]:
        """Earlier runs first; in a run announced corrections last, then by claimed date and URL.

        The order of workers plays no part, and a correction dated back still comes after what it
        corrects.
        """
        observed = day_of(self.source.observed) if self.source.observed else date.max
        day = self.source.published or observed
        pending = self.pending
        return pending.run_order, self.correction, day, self.source.url, pending.position


class Settler:
    """Writes into the ledger what became of an observation."""

    def __init__(
        self, ledger: Ledger, clock: Callable[[], datetime], extractor: str, register: str
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._extractor = extractor
        self._register = register

    def settle(self, pending: Pending, outcome: Outcome, beside: tuple[str, ...] = ()) -> Outcome:
        """Record the outcome durably, then hand it back."""
        self._ledger.append(
            Done(
                observation=pending.hash,
                at=self._clock(),
                status=outcome.status,
                sha256=outcome.sha256,
                document_id=outcome.document_id,
                commit=outcome.commit,
                kind=outcome.kind,
                extractor=self._extractor,
                register=self._register,
                message=outcome.message,
                beside=beside,
            )
        )
        return outcome

    def settle_verdict(self, candidate: Candidate, verdict: Verdict, commit: str = "") -> Outcome:
        """Record what a verdict led to."""
        outcome = Outcome(
            verdict.status,
            candidate.sha256,
            candidate.source,
            document_id=candidate.identity.document_id,
            division=candidate.identity.division,
            commit=commit,
            kind=verdict.kind,
            message=verdict.message,
            remarks=candidate.remarks,
        )
        return self.settle(candidate.pending, outcome, verdict.beside)


def without_rivals(
    candidates: Sequence[Candidate], linked_until: Callable[[Candidate], int]
) -> tuple[list[Candidate], list[tuple[Candidate, tuple[str, ...]]]]:
    """Of several files of one page that read as one document, only the one that has its tables.

    Where none or more than one has tables, none is taken: a first match is no evidence. What was
    left out is handed back with the addresses of its rivals. `linked_until` says in which run a
    file was last linked: a page carried two files together if each was still there in the run
    that brought the other (a crawl that was cut off has brought only one of them).
    """
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in candidates:
        # Without an article page nothing says that two files belong together.
        page = candidate.source.page_url or candidate.pending.hash
        groups.setdefault((page, candidate.identity, candidate.correction), []).append(candidate)
    rivals: dict[str, tuple[str, ...]] = {}
    for group in groups.values():
        for one in group:
            together = [
                other
                for other in group
                if one.pending.run_order <= linked_until(other)
                and other.pending.run_order <= linked_until(one)
            ]
            others = {c.source.url for c in together if c.sha256 != one.sha256}
            if others and {c.sha256 for c in together if c.statements} != {one.sha256}:
                rivals[one.pending.hash] = tuple(sorted(others))
    kept = [c for c in candidates if c.pending.hash not in rivals]
    return kept, [(c, rivals[c.pending.hash]) for c in candidates if c.pending.hash in rivals]
