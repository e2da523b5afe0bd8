"""Has every original the sha256 it is named by, and is every one there that is spoken of?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from archive.audit.report import Progress, Report
from archive.originals import CorruptOriginal, Originals
from archive.rows import Withheld
from archive.second import Second

__all__ = ["check_originals", "check_present", "check_sealed", "check_second"]

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_ASIDE: Final = "incoming"


def check_originals(originals: Originals, report: Report, progress: Progress) -> set[str]:
    """Rehash every stored original; returns the names found, damaged ones too."""
    files = sorted(
        path
        for path in originals.root.rglob("*")
        if path.is_file() and path.relative_to(originals.root).parts[0] != _ASIDE
    )
    found = set()
    size = 0
    for number, path in enumerate(files, 1):
        size += path.stat().st_size
        found.add(path.name)
        _check(path, originals, report)
        progress("originals", number, len(files))
    report.checked.append(f"{len(files)} originals rehashed ({size} bytes)")
    return found


def _check(path: Path, originals: Originals, report: Report) -> None:
    where = str(path)
    if not _NAME.fullmatch(path.name) or originals.path(path.name) != path:
        report.fault("originals", where, "a file that is no original")
        return
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        report.fault("originals", where, f"cannot be read: {error.strerror}")
        return
    if sha256 != path.name:
        message = f"its bytes have sha256 {sha256}; restore the file from a backup"
        report.fault("originals", where, message)


def check_sealed(originals: Originals, withheld: Mapping[str, Withheld], report: Report) -> None:
    """What the ledger says is sealed must be, and what is kept of it must be whole."""
    for sha256, row in sorted(withheld.items()):
        sealed = originals.withheld / sha256
        kept = "its bytes lie under seal" if sealed.is_file() else "its bytes are not kept"
        report.withheld.append(f"{sha256}: {row.reason} ({kept})")
        if not originals.is_withheld(sha256):
            report.fault("originals", sha256, "the ledger says it is sealed, and it is not")
        if sealed.is_file():
            with sealed.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != sha256:
                report.fault("originals", str(sealed), f"its bytes have sha256 {found}")


def check_present(
    wanted: Iterable[tuple[str, str]], there: set[str], withheld: set[str], report: Report
) -> None:
    """Every original that is spoken of (sha256, by whom) must be there or be withheld."""
    told: set[str] = set()
    for sha256, speaker in wanted:
        if sha256 not in there and sha256 not in withheld and sha256 not in told:
            told.add(sha256)
            report.fault("originals", sha256, f"{speaker} speaks of it, but it is not stored here")


def check_second(originals: Originals, second: Second, report: Report) -> None:
    """Every original must have its copy, and the copy its sha256."""
    try:
        there = second.names()
        for sha256 in sorted(originals.names() - there):
            report.fault("second", sha256, f"has no copy at {second.where}; run mingzhang push")
        for sha256 in sorted(there):
            found = hashlib.sha256(second.get(sha256)).hexdigest()
            if found != sha256:
                report.fault("second", sha256, f"its copy at {second.where} has sha256 {found}")
    except (OSError, CorruptOriginal) as error:
        report.fault("second", second.where, str(error))
        return
    report.checked.append(f"{len(there)} copies at {second.where} rehashed")
