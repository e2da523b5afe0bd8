"""Checking a whole archive: shares of its documents, each by whoever is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.executor import Executor
from archive.model import Identity
from archive.repository import RepositoryError, UnknownDocument
from archive.workplace import Workplace
from diffing.checks.engine import Report, check

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["Checked", "check_all"]

_SHARE: Final = 100
"""Documents a task: seconds of work, of one district."""


class Checked(msgspec.Struct, frozen=True):
    """What became of one document; its report's document is its head alone, nothing printed."""

    name: str
    report: Report | None = None
    reason: str = ""
    """Why there is no report."""


class _Share(msgspec.Struct, frozen=True):
    """One task: so many documents of an archive."""

    workplace: Workplace
    documents: tuple[Identity, ...]


def check_all(
    executor: Executor,
    archive: Archive,
    register: Register,
    show: Callable[[int, int], None] = lambda _done, _of: None,
) -> Iterator[Checked]:
    """Every document in the archive, by district and path, as soon as it is its turn.

    Only what has been checked and is not yet its turn is held. Where a share kills whoever takes
    it, its documents are checked one by one, so that the others are not lost with the one that
    kills. Raises NoExecutor.
    """
    workplace = Workplace.of(archive, register)
    known = [repository.documents() for repository in archive.repositories()]
    total = sum(map(len, known))
    shares = (
        _Share(workplace, tuple(documents[at : at + _SHARE]))
        for documents in known
        for at in range(0, len(documents), _SHARE)
    )
    done = 0
    for answer in executor.map_parts(_checked, shares, _one_by_one):
        lost = (Checked(one.document_id, reason=answer.lost) for one in answer.task.documents)
        for checked in lost if answer.value is None else answer.value:
            done += 1
            show(done, total)
            yield checked


def _one_by_one(share: _Share) -> list[_Share]:
    return [_Share(share.workplace, (identity,)) for identity in share.documents]


def _checked(share: _Share) -> list[Checked]:
    """Check the documents of a share. Runs wherever there is a worker."""
    from diffing.checks.siblings import replaced, siblings
    from diffing.finding import NotFoundError, newest

    found = []
    with share.workplace.opened() as (archive, register):
        for identity in share.documents:
            name = identity.document_id
            try:
                version = newest(archive, register, identity)
                others = siblings(archive, register, identity)
            except (RepositoryError, UnknownDocument, NotFoundError) as error:
                found.append(Checked(name, reason=str(error)))
                continue
            before = partial(replaced, archive, register, identity)
            report = check(version.document, others, version.agency_name, before)
            found.append(Checked(name, _headed(report)))
    return found


def _headed(report: Report) -> Report:
    head = structs.replace(
        report.document, statements=(), tables=(), prose=(), claims=(), repairs=()
    )
    return structs.replace(report, document=head)
