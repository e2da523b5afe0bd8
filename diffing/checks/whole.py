"""Checking a whole archive: shares of its documents, each by whoever is free."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import structs

from archive.executor import Executor
from archive.model import Identity
from diffing.checks.engine import Report, check

if TYPE_CHECKING:
    from archive.repository import Archive

__all__ = ["check_all"]

_SHARE: Final = 100
"""Documents a task: seconds of work, of one district."""


class _Share(msgspec.Struct, frozen=True):
    """One task: so many documents of an archive whose folder the worker has too."""

    place: int
    archive: str
    register: tuple[str, ...]
    documents: tuple[Identity, ...]


def check_all(
    executor: Executor, archive: Archive, folders: Sequence[Path]
) -> list[tuple[str, Report]]:
    """Name and report of every document in the archive, by district and path.

    `folders` are the operator's register folders. A report's document is its head alone, without
    what is printed in it. Raises NoExecutor; RuntimeError where a share kills whoever takes it.
    """
    shares: list[_Share] = []
    for repository in archive.repositories():
        known = repository.documents()
        for at in range(0, len(known), _SHARE):
            share = tuple(known[at : at + _SHARE])
            root, register = str(archive.root.absolute()), tuple(map(str, folders))
            shares.append(_Share(len(shares), root, register, share))
    found: dict[int, list[tuple[str, Report]]] = {}
    for answer in executor.map_unordered(_checked, shares):
        if answer.value is None:
            first, last = answer.task.documents[0], answer.task.documents[-1]
            raise RuntimeError(
                f"{first.document_id} … {last.document_id} could not be checked: {answer.lost}"
            )
        found[answer.task.place] = answer.value
    return [one for place in sorted(found) for one in found[place]]


def _checked(share: _Share) -> list[tuple[str, Report]]:
    """Check the documents of a share. Runs wherever there is a worker."""
    from archive import register
    from archive.repository import Archive
    from diffing.checks.siblings import siblings
    from diffing.finding import newest

    archive = Archive(Path(share.archive))
    known = register.load(*map(Path, share.register))
    found = []
    try:
        for identity in share.documents:
            version = newest(archive, known, identity)
            others = siblings(archive, known, identity)
            report = check(version.document, others, version.agency_name)
            found.append((version.name, _headed(report)))
    finally:
        archive.close()
    return found


def _headed(report: Report) -> Report:
    head = structs.replace(
        report.document, statements=(), tables=(), prose=(), claims=(), repairs=()
    )
    return structs.replace(report, document=head)
