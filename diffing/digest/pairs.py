"""The digest of one comparison: two versions, or two years of one agency."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from archive.model import Identity
from archive.paths import component
from diffing.digest.gathering import execution_of
from diffing.digest.memory import compared
from diffing.digest.model import Digest, Scope
from diffing.digest.ranking import assembled
from diffing.finding import newest
from diffing.select import select
from diffing.thresholds import DigestSettings
from diffing.versions import Mode, Version

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive
    from diffing.execution import Execution
    from diffing.review import Review

__all__ = ["between", "of_versions"]


def of_versions(
    old: Version,
    new: Version,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    mode: Mode | None = None,
    created: datetime | None = None,
    review: Review | None = None,
    executions: tuple[Execution, ...] = (),
) -> Digest:
    """The digest of one comparison, with the findings of the later document where they are asked
    for. Raises IncomparableError where it would not be alike."""
    comparison = compared(old, new, mode, settings.thresholds)
    what = new.identity or old.identity
    parts = (
        (what.agency, what.level, what.kind, old.year, new.year)
        if what
        else (new.original, old.original)
    )
    name = component("-".join(map(str, parts)), "digest")
    year = comparison.mode is Mode.YEAR
    return assembled(
        scope=Scope.BETWEEN,
        name=name,
        created=created,
        blocks=(select(comparison),) if year else (),
        revisions=() if year else (comparison,),
        thresholds=settings.thresholds,
        executions=executions,
        checked=review is not None,
        problems=review.problems([new]) if review else (),
        corrections=review.corrections_of(new.name) if review else (),
    )


def between(
    archive: Archive,
    register: Register,
    identity: Identity,
    from_year: int,
    settings: DigestSettings = DigestSettings(),  # noqa: B008 - frozen
    created: datetime | None = None,
    review: Review | None = None,
) -> Digest:
    """The digest of a document against the same agency's document of `from_year`.

    Raises NotFoundError, naming the years there are, where the archive lacks one of the two.
    """
    old = newest(archive, register, structs.replace(identity, year=from_year))
    new = newest(archive, register, identity)
    found = execution_of(archive, register, new, settings.thresholds)
    executions = (found,) if found else ()
    return of_versions(old, new, settings, None, created, review, executions)
