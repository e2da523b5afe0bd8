"""Checking a whole archive: shares of its documents, each by whoever is free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.executor import Executor, NoExecutor
from archive.model import Identity
from archive.workplace import Workplace
from diffing.checks.engine import Report, check

if TYPE_CHECKING:
    from archive.register import Register
    from archive.repository import Archive

__all__ = ["check_all"]

_SHARE: Final = 100
"""Documents a task: seconds of work, of one district."""


class _Share(msgspec.Struct, frozen=True):
    """One task: so many documents of an archive."""

    workplace: Workplace
    documents: tuple[Identity, ...]


def check_all(executor: Executor, archive: Archive, register: Register) -> list[tuple[str, Report]]:
    """Name and report of every document in the archive, by district and path.

    A report's document is its head alone, without what is printed in it. Raises NoExecutor, and
    where a share kills whoever takes it.
    """
    workplace = Workplace.of(archive, register)
    shares = (
        _Share(workplace, tuple(known[at : at + _SHARE]))
        for known in (repository.documents() for repository in archive.repositories())
        for at in range(0, len(known), _SHARE)
    )
    found: list[tuple[str, Report]] = []
    for answer in executor.map(_checked, shares):
        if answer.value is None:
            first, last = answer.task.documents[0], answer.task.documents[-1]
            where = f"{first.document_id} … {last.document_id}"
            raise NoExecutor(f"{where}: could not be checked: {answer.lost}")
        found += answer.value
    return found


def _checked(share: _Share) -> list[tuple[str, Report]]:
    """Check the documents of a share. Runs wherever there is a worker."""
    from diffing.checks.siblings import siblings
    from diffing.finding import newest

    found = []
    with share.workplace.opened() as (archive, register):
        for identity in share.documents:
            version = newest(archive, register, identity)
            others = siblings(archive, register, identity)
            report = check(version.document, others, version.agency_name)
            found.append((version.name, _headed(report)))
    return found


def _headed(report: Report) -> Report:
    head = structs.replace(
        report.document, statements=(), tables=(), prose=(), claims=(), repairs=()
    )
    return structs.replace(report, document=head)
