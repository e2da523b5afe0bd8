"""What a harvest tells: lines for a person, JSON for a program. Nothing from outside steers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from archive.wording import shown
from crawler.harvest import Harvested
from crawler.report import FAILURES, PortalReport

__all__ = ["as_json", "complaints", "lines"]

_MOST: Final = 20
"""Lines about one thing before the rest is only counted."""
_FEW: Final = 3


def lines(harvested: Harvested, *, always: bool) -> Iterator[str]:
    """What is new in the archive; nothing for a run without news unless `always`."""
    committed = [one for one in harvested.outcomes if one.commit]
    if not committed and not always:
        return
    for report in harvested.reports if always else ():
        yield f"{report.portal}: {_counts(report)}"
    kinds = Counter(str(one.kind) for one in committed)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield f"{len(committed)} new in the archive: {told}" if committed else "nothing new"
    for one in committed[:_MOST]:
        yield f"  {one.kind}  {shown(one.source.title or one.source.filename)}  {one.document_id}"
    if len(committed) > _MOST:
        yield f"  … and {len(committed) - _MOST} more (mingzhang history)"
    for path in harvested.digest:
        yield f"digest: {path}"
    if always and harvested.known:
        yield f"{harvested.known} troubles of earlier runs are as they were (--json)"
    for note in harvested.notes:
        yield f"note: {shown(note)}"


def _counts(report: PortalReport) -> str:
    files = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.files.items()))
    return (
        f"{report.publications} publications on {report.list_pages} list pages"
        f" ({report.irrelevant} of {report.listed} items on other matters);"
        f" files: {files or 'none'}"
    )


def complaints(harvested: Harvested) -> Iterator[str]:
    """What failed and had not failed before, then what else stood in the way for the first time."""
    for taken in harvested.refused:
        yield f"not done: {shown(taken)}"
    for portal, troubles in sorted(harvested.new.items()):
        for kind in sorted({one.kind for one in troubles}, key=lambda k: (k not in FAILURES, k)):
            found = [one for one in troubles if one.kind is kind]
            most = _MOST if kind in FAILURES else _FEW
            for trouble in found[:most]:
                yield f"{portal or 'imported'}: {kind}: {shown(trouble.sentence)}"
            if len(found) > most:
                yield f"{portal or 'imported'}: {kind}: … and {len(found) - most} more (--json)"


def as_json(harvested: Harvested) -> str:
    """Everything, for a program."""
    said: dict[str, Any] = {
        "run": harvested.run,
        "exit": harvested.exit_code,
        "portals": harvested.reports,
        "outcomes": harvested.outcomes,
        "new": harvested.new,
        "known": harvested.known,
        "refused": harvested.refused,
        "notes": harvested.notes,
        "digest": harvested.digest,
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()
