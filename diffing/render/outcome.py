"""A year's plan and outcome within a digest: what was planned, what came of it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from diffing.changes import Significance, is_nothing
from diffing.execution import Executed, Execution
from diffing.figures import exact, places, signed
from diffing.names import bare, bare_title
from diffing.printed import Figure
from diffing.reasons import Reasons
from diffing.render.block import dotted, unsure
from diffing.render.page import Cell, Column, Node, Paragraph, Table
from diffing.render.reasons import said
from diffing.render.sources import Sources
from diffing.roles import Measure, measure_of, table_of
from diffing.roles import Table as Role
from diffing.words import Wording

__all__ = ["executed_name", "execution_nodes", "far_off", "rate_said", "told_lines"]

_SHOWN: Final = 40


def execution_nodes(execution: Execution, words: Wording, sources: Sources) -> Iterator[Node]:
    """Totals and whatever passed the thresholds, each with its budget, outcome and rate."""
    lines = told_lines(execution)
    if not lines:
        yield Paragraph(words("execution-none"), small=True)
        return
    yield _table(lines[:_SHOWN], execution, words, sources)
    if len(lines) > _SHOWN:
        yield Paragraph(words("more", count=len(lines) - _SHOWN), small=True)
    yield Paragraph(words("execution-note"), small=True)


def told_lines(execution: Execution) -> list[Executed]:
    """The lines worth telling, each fact once: the same line with the same figures stands in
    several tables.

    A line of one document only is told where its code says what it is: the two kinds of document
    name the lines of their summaries differently, and one that is not matched is not unbudgeted.
    """
    coded = {
        line.line.form
        for line in execution.lines
        if line.original and line.outcome and line.line.code
    }
    found: dict[tuple[object, ...], Executed] = {}
    for line in execution.lines:
        both = line.original is not None and line.outcome is not None
        alone = line.line.code and line.line.form in coded and not line.unsure
        if not (both or alone):
            continue
        if line.significance is Significance.LIST and not (line.line.total and both):
            continue
        original, outcome = (f.wan if f else None for f in (line.original, line.outcome))
        # a grand total and the total of the year are one fact where they are one sum
        name = "" if line.line.total else bare(line.line.name)
        found.setdefault((name, original, outcome), line)
    return list(found.values())


def far_off(line: Executed, execution: Execution, words: Wording) -> str:
    """That one line of a final account is far off its budget."""
    return words(
        "point-of",
        agency=words.document(execution.final),
        subject=f"{bare_title(line.line.statement)} {executed_name(line, words)}",
        said=_missed(line, words),
    )


def _missed(line: Executed, words: Wording) -> str:
    came = line.outcome.wan if line.outcome else None
    planned = line.original.wan if line.original else None
    decimals = places((came, planned))
    outcome = words.amount(came, decimals) if came is not None else words("cell-absent")
    if line.rate is None or planned is None:
        text = words("executed-unbudgeted", outcome=outcome)
    else:
        text = words(
            "executed",
            outcome=outcome,
            planned=words.amount(planned, decimals),
            rate=f"{exact(line.rate)}%",
        )
    return unsure(text, line.certainty, words)


def executed_name(line: Executed, words: Wording) -> str:
    """The line as a reader names it: a total by the column it is of, or by its table."""
    name, table = line.line.name, table_of(line.line.form)
    if line.line.total and measure_of(line.measure) is not Measure.OTHER:
        return words.line(line.measure)
    if table is Role.SANGONG:
        name = words.line(dotted(name))
        whole = line.line.total and "三公" not in name
        return words("sangong-line", name=name) if whole else name
    return words.line(name)


def _table(lines: list[Executed], execution: Execution, words: Wording, sources: Sources) -> Table:
    decimals = places(
        f.wan for line in lines for f in (line.original, line.full_year, line.outcome) if f
    )
    full = any(line.full_year for line in lines)
    reasons = Reasons(execution.final.document)
    return Table(
        columns=(
            Column(words("column-line")),
            Column(words("column-original"), figures=True),
            *((Column(words("column-full-year"), figures=True),) if full else ()),
            Column(words("column-outcome"), figures=True),
            Column(words("column-difference"), figures=True),
            Column(words("column-execution"), figures=True),
            Column(words("column-source")),
        ),
        rows=tuple(_row(line, full, decimals, words, sources) for line in lines),
        below=tuple(
            said(reasons.of_execution(line), execution.final, words, sources) for line in lines
        ),
        caption=words("unit"),
    )


def _row(
    line: Executed, full: bool, decimals: int, words: Wording, sources: Sources
) -> tuple[Cell, ...]:
    notes = [line.line.code] if line.line.code else []
    notes.append(line.line.statement)
    if line.line.side:
        notes.append(line.line.side)
    name = unsure(executed_name(line, words), line.certainty, words)
    places_ = [f.at for f in (line.original, line.full_year, line.outcome) if f]
    return (
        Cell(name, " · ".join(notes)),
        Cell(_figure(line.original, decimals, words)),
        *((Cell(_adjusted(line.full_year, decimals, words)),) if full else ()),
        Cell(_figure(line.outcome, decimals, words)),
        Cell("" if line.difference is None else signed(line.difference, decimals)),
        Cell(rate_said(line, words)),
        Cell("", cites=sources.of_row(*dict.fromkeys(places_))),
    )


def _figure(figure: Figure | None, decimals: int, words: Wording) -> str:
    if figure is None:
        return words("cell-absent")
    if figure.wan is not None:
        return exact(figure.wan, decimals)
    return figure.amount.text or words("cell-blank")


def _adjusted(figure: Figure | None, decimals: int, words: Wording) -> str:
    """Only one table of a final account prints it at all."""
    return _figure(figure, decimals, words) if figure else ""


def rate_said(line: Executed, words: Wording) -> str:
    """The outcome in percent of the original budget, or that of nothing none is computed; "" where
    neither can be said."""
    if line.rate is not None:
        return f"{exact(line.rate)}%"
    nothing = line.original is None or is_nothing(line.original.amount)
    came = line.outcome is not None and not is_nothing(line.outcome.amount)
    return words("execution-unbudgeted") if nothing and came else ""
