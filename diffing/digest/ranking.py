"""Which ten things stand at the top of a digest, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from diffing.changes import Change, Significance
from diffing.checks.model import Severity
from diffing.compare import Comparison
from diffing.digest.model import Digest, Headline, Scope
from diffing.select import Block
from diffing.thresholds import Thresholds

if TYPE_CHECKING:
    from datetime import datetime

    from diffing.execution import Executed, Execution
    from diffing.review import Problems

__all__ = ["assembled", "farthest"]

_HEADLINES: Final = 10


def assembled(
    *,
    scope: Scope,
    name: str,
    created: datetime | None,
    blocks: tuple[Block, ...],
    revisions: tuple[Comparison, ...],
    thresholds: Thresholds,
    problems: tuple[Problems, ...] = (),
    executions: tuple[Execution, ...] = (),
    **rest: object,
) -> Digest:
    """A digest of these parts with its headlines chosen; `rest` is taken as it is."""
    ranked = list(_ranked(blocks, revisions, problems, executions))
    return Digest(
        scope=scope,
        name=name,
        created=created,
        headlines=tuple(ranked[:_HEADLINES]),
        headlines_left=max(len(ranked) - _HEADLINES, 0),
        blocks=blocks,
        revisions=revisions,
        thresholds=thresholds,
        problems=problems,
        executions=executions,
        **rest,  # type: ignore[arg-type]
    )


def _ranked(
    blocks: Sequence[Block],
    revisions: Sequence[Comparison],
    problems: Sequence[Problems],
    executions: Sequence[Execution],
) -> Iterator[Headline]:
    """Revised documents first; then every agency's first headline, every agency's second, …

    A document that contradicts itself has one headline for all its material findings, after the
    first of its figures; a final account far off its budget has one, after that.
    """
    for comparison in revisions:
        loud = [c for c in comparison.changes if c.significance is Significance.HEADLINE]
        if loud:
            yield Headline(comparison, change=max(loud, key=_telling), count=len(loud))
    contradicted = {h.version.name: h for h in map(_contradicted, problems) if h and h.version}
    missed = {e.final.name: h for e in executions if (h := _missed(e))}
    queues: list[list[Headline]] = []
    for block in blocks:
        name = block.comparison.new.name
        queue = [Headline(block.comparison, row=row) for row in block.headlines]
        own = [h for h in (contradicted.pop(name, None), missed.pop(name, None)) if h]
        queues.append([*queue[:1], *own, *queue[1:]])
    queues += [[headline] for headline in (*contradicted.values(), *missed.values())]
    for round_ in zip_longest(*queues):
        found = [headline for headline in round_ if headline is not None]
        yield from sorted(found, key=lambda h: -(h.row.size if h.row else 0))


def farthest(execution: Execution) -> Executed | None:
    """The line of a final account that is farthest off its budget; None where none is so far."""
    loud = [line for line in execution.lines if line.significance is Significance.HEADLINE]
    return max(loud, key=lambda one: (abs(one.difference or 0), one.line.total), default=None)


def _missed(execution: Execution) -> Headline | None:
    line = farthest(execution)
    if line is None:
        return None
    return Headline(executed=line, execution=execution, version=execution.final)


def _contradicted(problems: Problems) -> Headline | None:
    """What the top says of a document's findings; None where none is material."""
    material = [g for g in problems.groups if g.first.severity is Severity.MATERIAL]
    if not material:
        return None
    return Headline(count=len(material), version=problems.version, problem=material[0])


def _telling(change: Change) -> tuple[Decimal, bool, int]:
    """The largest change, and of a line and its sums the line itself."""
    cell = change.cell
    size = abs(cell.difference) if cell and cell.difference is not None else Decimal(0)
    return size, not change.line.total, len(change.line.code)
