"""The pages of the runs' digests: each as it was told when the run had ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import structs

from archive.repository import RepositoryError, UnknownDocument
from diffing.digest.model import Digest, Scope
from diffing.render.gathered import event_nodes
from diffing.render.html import body
from diffing.render.problems import correction_nodes
from diffing.site import addresses
from diffing.site.catalogue import again, hashed
from diffing.site.composed import decoded, encoded, later
from diffing.site.digests import (
    Announced,
    Run,
    announced,
    key_of,
    leading_to,
    of_run,
    run_name,
    targets,
    told_at,
)
from diffing.site.leading import Leading, composed
from diffing.site.many import FEW, Many, Telling, page_of
from diffing.site.state import Kept

if TYPE_CHECKING:
    from markupsafe import Markup

    from archive.events import Entry
    from diffing.site.work import Work

__all__ = ["put"]


def put(work: Work, told: list[Run], show: Callable[[int], None]) -> list[tuple[Announced, str]]:
    """Bring the pages of these runs' digests up to date.

    Returns what lists say of each, and what it was made from. A run that cannot be told is noted.
    """
    kept = work.state.digests()
    found = []
    for done, run in enumerate(told, 1):
        try:
            found.append(_digest(work, run, kept.get(run.name)))
        except (RepositoryError, UnknownDocument) as error:
            work.built.failed.append(f"run {run.name}: {error}")
        show(done)
    work.state.settle()
    return found


def _digest(work: Work, run: Run, kept: Kept | None) -> tuple[Announced, str]:
    known = msgspec.msgpack.decode(kept.summary, type=Announced) if kept else None
    key = _key(work, run, known)
    fresh = kept is not None and kept.key == key
    if known is None or not fresh or not work.output.has(known.pictures):
        known, data = _made(work, run)
        # what people said of its findings is known only now
        key = _key(work, run, known)
        if work.pictures.hurried():
            key = again(key)
        work.state.keep_digest(run.name, Kept(key, msgspec.msgpack.encode(known)), data)
    work.output.lent(known.pictures)
    path = addresses.digest(known.name)
    work.output.digest(
        path,
        (key, *targets(known.sources, work.catalogue)),
        run.name,
        known.title,
        partial(_body, work, path),
        ((work.frame.words("digests"), addresses.DIGESTS),),
    )
    return known, key


def _made(work: Work, run: Run) -> tuple[Announced, bytes]:
    """What lists say of a run's digest, and the digest in words."""
    if _many(run):
        return _of_many(work, run)
    digest = of_run(
        work.archive, work.register, run, work.inputs.digest, work.review, work.shelf.document
    )
    path = addresses.digest(digest.name)
    links = Leading(path, digest.versions, later, work.pictures, work.shelf.anchors)
    page = composed(digest, work.frame.words.digest, links, work.pictures)
    return announced(digest, page, run, links.used), encoded(page)


def _many(run: Run) -> bool:
    """Whether it saw more documents than one page can tell whole."""
    return len({entry.document_id for entry in run.entries}) > FEW


def _of_many(work: Work, run: Run) -> tuple[Announced, bytes]:
    """The same of a run of many documents: from what is kept of them."""
    words = work.frame.words.digest
    events: dict[str, list[Entry]] = {}
    for entry in run.entries:
        events.setdefault(entry.document_id, []).append(entry)
    told = Telling.of(work, events)
    digest = Digest(scope=Scope.RUN, name=run_name(run.name), happenings=told.happenings)
    seen = told_at(run)
    page = page_of(
        words,
        words("title-run", date=seen.partition(" ")[0] or run.name),
        (words("run", run=run.name),),
        (
            *Many(work, addresses.digest(digest.name), told.new).nodes(told.revised),
            *correction_nodes(work.review.corrections(digest.name), words),
            *event_nodes(digest, words),
        ),
    )
    known = announced(digest, page, run, ())
    return structs.replace(known, revisions=len(told.revised)), encoded(page)


def _body(work: Work, path: str, kept: bytes) -> Markup:
    return body(decoded(kept, leading_to(work.catalogue, path)), work.frame.ruled(path))


def _key(work: Work, run: Run, known: Announced | None) -> str:
    taken_back = work.review.corrections(known.name) if known else ()
    return hashed(
        work.base,
        key_of(run, work.judged, known),
        *(work.keys.get(entry.document_id, "") for entry in run.entries if _many(run)),
        *(f"{t.key} {t.reason}" for t in taken_back),
    )
