"""What a digest lists besides comparisons: documents collected, versions, events, failures."""

from __future__ import annotations

from collections.abc import Iterator

from archive.clock import day_of
from diffing.digest import Collected, Digest
from diffing.render.block import unsure
from diffing.render.page import Cell, Column, Heading, Node, Paragraph, Points, Table
from diffing.render.sources import Sources
from diffing.versions import Version, lowest
from diffing.words import Wording

__all__ = ["collected_nodes", "event_nodes", "history_nodes", "unread_nodes"]


def collected_nodes(digest: Digest, words: Wording, sources: Sources) -> Iterator[Node]:
    """Every document archived for the first time, and the totals of those without a past."""
    found = digest.collected
    if not found:
        return
    yield Heading(2, words("collected"))
    yield Table(
        columns=(
            Column(words("column-document")),
            Column(words("column-statements")),
            Column(words("column-published")),
            Column(words("column-source")),
        ),
        rows=tuple(_collected_row(c, words, sources) for c in found),
    )
    alone = [c for c in found if c.totals]
    if alone:
        yield Paragraph(words("collected-totals"))
        yield Points(tuple(_totals(c, words, sources) for c in alone))


def _collected_row(collected: Collected, words: Wording, sources: Sources) -> tuple[Cell, ...]:
    """Document, size, date, source."""
    version = collected.version
    statements = version.document.statements
    size = words("tables", statements=len(statements), rows=sum(len(s.items) for s in statements))
    published = version.published.isoformat() if version.published else "—"
    return (
        Cell(words.document(version)),
        Cell(size),
        Cell(published),
        Cell("", cites=sources.of_version(version)),
    )


def _totals(collected: Collected, words: Wording, sources: Sources) -> Paragraph:
    """The printed totals of a document in one sentence, each with its place."""
    said = [
        words("total-of", name=words.line(row.name), amount=words.amount(row.cell.new_wan))
        for row in collected.totals
        if row.cell.new_wan is not None
    ]
    text = words(
        "totals-of",
        document=words.document(collected.version),
        figures=words("joint").join(said),
    )
    sure = lowest(*(row.cell.certainty for row in collected.totals))
    text = unsure(text, sure, words)
    places = (row.cell.new_at for row in collected.totals if row.cell.new_wan is not None)
    return Paragraph(text, sources.of_places(places))


def event_nodes(digest: Digest, words: Wording) -> Iterator[Node]:
    """What happened without changing anything a reader could read."""
    found = digest.happenings
    if found:
        yield Heading(2, words("events"))
        said = (
            words("point", subject=h.name, said=words(f"event-{h.kind}")) + f" ({h.commit[:7]})"
            for h in found
        )
        yield Points(tuple(Paragraph(text) for text in said))


def unread_nodes(digest: Digest, words: Wording) -> Iterator[Node]:
    """Files that could not be read or filed, and why."""
    found = digest.outcomes
    if not found:
        return
    yield Heading(2, words("unread"))
    yield Table(
        columns=(
            Column(words("column-document")),
            Column(words("column-status")),
            Column(words("column-reason")),
        ),
        rows=tuple(
            (
                Cell(o.source.title or o.source.filename or o.source.url, o.sha256[:12]),
                Cell(words(f"unread-{o.status}")),
                Cell(words.remark(o.message)),
            )
            for o in found
        ),
    )


def history_nodes(digest: Digest, words: Wording, sources: Sources) -> Iterator[Node]:
    """The versions of one document, newest first."""
    if not digest.history:
        return
    yield Heading(2, words("versions"))
    yield Table(
        columns=(
            Column(words("column-version")),
            Column(words("column-event")),
            Column(words("column-published")),
            Column(words("column-observed")),
            Column(words("column-source")),
        ),
        rows=tuple(
            _version_row(version, words, sources, current=number == 0)
            for number, version in enumerate(digest.history)
        ),
    )


def _version_row(
    version: Version, words: Wording, sources: Sources, *, current: bool
) -> tuple[Cell, ...]:
    entry = version.entry
    observed = day_of(entry.observed).isoformat() if entry and entry.observed else "—"
    note = words("version-current") if current else ""
    return (
        Cell((version.commit or "")[:7], note),
        Cell(words(f"kind-{entry.kind}") if entry else ""),
        Cell(version.published.isoformat() if version.published else "—"),
        Cell(observed),
        Cell("", cites=sources.of_version(version)),
    )
