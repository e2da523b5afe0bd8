"""Not published, late, withdrawn: each with its due day; and of how many nothing can be said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.matrix import Standing
from archive.watch import said
from diffing.digest import Digest
from diffing.digest.absent import Absent
from diffing.render.page import Cell, Column, Heading, Node, Paragraph, Points, Table
from diffing.words import Wording

__all__ = ["absent_nodes"]

_SHOWN: Final = 200


def absent_nodes(digest: Digest, words: Wording) -> Iterator[Node]:
    """The agencies of a district that are missing, late or took something back."""
    absence = digest.absence
    if absence is None:
        return
    yield Heading(2, words("absent"))
    if not absence.found:
        yield Paragraph(words("absent-none", count=absence.looked_at), small=True)
    else:
        yield Table(
            columns=(
                Column(words("column-document")),
                Column(words("column-status")),
                Column(words("column-due")),
                Column(words("column-published")),
                Column(words("column-days-late"), figures=True),
            ),
            rows=tuple(_row(one, words) for one in absence.found[:_SHOWN]),
        )
        if (left := len(absence.found) - _SHOWN) > 0:
            yield Paragraph(words("more", count=left), small=True)
    if absence.unknown:
        yield Paragraph(words("absent-unknown"), small=True)
        yield Points(
            tuple(
                Paragraph(
                    words("absent-doubt", count=count, reason=said(doubt, words.code)), small=True
                )
                for count, doubt in absence.unknown
            )
        )
    yield Paragraph(words("absent-note"), small=True)


def _row(absent: Absent, words: Wording) -> tuple[Cell, ...]:
    cell = absent.cell
    document = words(
        "document",
        agency=absent.agency,
        year=cell.year,
        level=words.level(absent.level),
        kind=words.kind(cell.kind),
    )
    late = str(cell.days_late) if cell.standing is Standing.LATE and cell.days_late else ""
    return (
        Cell(document),
        Cell(words(f"absent-{cell.standing}")),
        Cell(cell.due.day.isoformat() if cell.due.day else "—"),
        Cell(cell.published.isoformat() if cell.published else "—"),
        Cell(late),
    )
