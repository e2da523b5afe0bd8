"""The digest of one document: its versions, what each changed, and what does not add up in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from archive.events import Entry, State, is_version
from archive.model import ChangeKind, Identity
from archive.paths import component
from diffing.compare import Comparison
from diffing.digest.gathering import CONTENT, OURS, execution_of
from diffing.digest.memory import compared
from diffing.digest.model import Digest, Happening, Scope
from diffing.digest.ranking import assembled
from diffing.finding import NotFoundError, as_read_now, newest, of_entry, predecessor
from diffing.select import Block, select
from diffing.thresholds import DigestSettings
from diffing.versions import Mode

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.review import Review

__all__ = ["of_document"]


def of_document(
    archive: Archive,
    register: Register,
    identity: Identity,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    created: datetime | None = None,
    review: Review | None = None,
) -> Digest:
    """Everything the archive has to tell of one document; its newest version is held against last
    year's and against the budget or final account of its year, where they are there.

    Raises NotFoundError, naming the years there are, where it is not archived.
    """
    version = newest(archive, register, identity)
    repository = archive.repository(identity.division)
    entries = repository.history(identity.document_id)
    revisions: list[Comparison] = []
    for entry in entries:
        if entry.kind in CONTENT and entry.state is not State.EARLIER:
            before = predecessor(repository, register, entry)
            if before is not None:
                now = as_read_now(repository, register, entry)
                revisions.append(compared(before, now, Mode.REVISION, settings.thresholds))
    blocks: tuple[Block, ...] = ()
    with suppress(NotFoundError):
        before = newest(archive, register, structs.replace(identity, year=identity.year - 1))
        blocks = (select(compared(before, version, Mode.YEAR, settings.thresholds)),)
    execution = execution_of(archive, register, version, settings.thresholds)
    return assembled(
        scope=Scope.DOCUMENT,
        name=component(identity.document_id.replace("/", "-"), "document"),
        created=created,
        blocks=blocks,
        revisions=tuple(revisions),
        history=tuple(of_entry(repository, register, entry) for entry in entries if _holds(entry)),
        happenings=tuple(
            Happening(entry.kind, entry.subject, entry.document_id, entry.commit)
            for entry in entries
            if not _holds(entry) and entry.kind not in OURS
        ),
        executions=(execution,) if execution else (),
        thresholds=settings.thresholds,
        checked=review is not None,
        problems=review.problems([version]) if review else (),
        corrections=review.corrections_of(version.name) if review else (),
    )


def _holds(entry: Entry) -> bool:
    """Whether it is a version of the publisher's: one that is or was current, or entered later."""
    return entry.kind not in OURS and (is_version(entry) or entry.kind is ChangeKind.BACKFILL)
