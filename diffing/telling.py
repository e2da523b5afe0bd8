"""Writes digests, and notes what they told: findings before, corrections after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.clock import day_of
from diffing.thresholds import DigestSettings

if TYPE_CHECKING:
    from archive.intake import Outcome
    from archive.register import Register
    from archive.repository import Archive
    from archive.settings import Settings
    from diffing.digest.model import Digest
    from diffing.review import Review

__all__ = ["after_run", "reviewing", "told"]


def after_run(
    archive: Archive,
    register: Register,
    outcomes: Sequence[Outcome],
    settings: Settings,
    now: datetime,
    run: str = "",
) -> list[Path] | None:
    """Write the digest of a run as the settings say; returns the files.

    None where the run committed nothing: a run that sees nothing new says nothing.
    Raises SettingsError for a wrong `[digest]` table, OSError where a file cannot be written.
    """

    commits = [(o.division, o.commit) for o in outcomes if o.status == "committed"]
    if not commits:
        return None
    from diffing.digest.gathering import build
    from diffing.render import write

    section = settings.section("digest", DigestSettings)
    folder = settings.resolve(section.folder)
    review = reviewing(archive, register, settings, section)
    digest = build(
        archive,
        register,
        commits,
        section,
        created=now,
        run=run or f"{now:%Y%m%dT%H%M%S}",
        outcomes=outcomes,
        review=review,
    )
    pictured = archive if section.crops else None
    writing = partial(write, digest, folder, section.lang, archive=pictured)
    return told(digest, review, now, writing)


def reviewing(
    archive: Archive, register: Register, settings: Settings, section: DigestSettings
) -> Review:
    """The findings at hand for the digests of these settings.

    Raises JudgementsError or ToldError where what people or digests said cannot be read.
    """
    from diffing.checks.judgements import FILENAME, load
    from diffing.review import Review

    judged = load(settings.path.parent / FILENAME)
    return Review(archive, register, settings.resolve(section.folder), judged)


def told(
    digest: Digest, review: Review, now: datetime, write: Callable[[], list[Path]]
) -> list[Path]:
    """Write a digest, its findings recorded before and its corrections after: wherever this is
    interrupted, nothing told is unrecorded and no correction is lost."""
    from diffing.digest.model import Scope

    review.tell(digest.problems, digest.name, day_of(now))
    paths = write()
    # a correction is said once in the digests of runs, however often it stands in others
    review.corrected(digest.corrections if digest.scope is Scope.RUN else (), digest.name)
    return paths
