"""Every table of every real publication at hand, as Markdown: what it was read as, or why not.

`python -m tests.corpus.list_tables > docs/corpus-tables.md`
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from archive.model import Document
from archive.text import read
from tests import corpus

_PICTURES = frozenset({"page-image", "image-on-page"})


def pages(numbers: Iterable[int]) -> str:
    """Page numbers as ranges: 8–9, 12."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def rows(document: Document) -> list[tuple[int, str, str, str]]:
    """Page, pages, title, and the form or the reason; in printed order."""
    found = []
    for statement in document.statements:
        title = " · ".join(filter(None, (statement.title, statement.subject)))
        kept = f"`{statement.form}`"
        found.append((statement.pages[0], pages(statement.pages), title, kept))
    for table in document.tables:
        kept = f"raw: {table.reason} ({len(table.rows)} row(s))"
        found.append((table.pages[0], pages(table.pages), table.title or "–", kept))
    pictures = [r.page for r in document.remarks if r.code in _PICTURES and r.page]
    if pictures:
        found.append(
            (pictures[0], pages(pictures), "–", "pictures on these pages, not read as text")
        )
    return sorted(found)


def markdown(files: Iterable[Path]) -> str:
    lines = ["# Tables of the publications at hand", ""]
    for file in files:
        lines += [f"## {file.stem}", "", "| pages | title | read as |", "|---|---|---|"]
        for _, where, title, kept in rows(read(file.read_bytes())):
            lines.append(f"| {where} | {title.replace('|', '¦')} | {kept} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(markdown(path for path in corpus.pdfs() if isinstance(path, Path)))
