"""One comparison on a terminal and as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import msgspec

from archive.export.csv import harmless
from archive.model import Amount, Certainty, Mark, Unit
from diffing.changes import Change, Significance, What
from diffing.compare import Comparison
from diffing.figures import places, signed
from diffing.likeness import Suggestion, by_key
from diffing.render.asides import of_change, of_suggestion, of_witnesses
from diffing.render.escaping import visible
from diffing.render.full import WHOLE, by_statement
from diffing.render.method import accounts, found_once, gaps, remainders
from diffing.versions import Mode, Where
from diffing.witness import Witness

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from diffing.changes import Cell
    from diffing.words import Wording

__all__ = ["COLUMNS", "as_csv", "print_table"]

COLUMNS: Final = (
    "significance",
    "kinds",
    "statement",
    "form",
    "side",
    "code",
    "name",
    "old_code",
    "old_name",
    "measure",
    "old",
    "old_unit",
    "new",
    "new_unit",
    "old_wan",
    "new_wan",
    "difference_wan",
    "percent",
    "share_old",
    "share_new",
    "share_points",
    "certainty",
    "paired_by",
    "basis",
    "field",
    "old_text",
    "new_text",
    "old_page",
    "old_row",
    "new_page",
    "new_row",
)
"""One row a figure or a passage; amounts as printed, and exactly in 万元. A row of the kind
second-witness has what the old side prints, and what the new side says the old one was."""


def as_csv(comparison: Comparison) -> str:
    """Every change as CSV; text that a spreadsheet would run as a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in comparison.changes:
        for row in _rows(change):
            writer.writerow([harmless(row.get(column, "")) for column in COLUMNS])
    for witness in comparison.witnesses:
        row = _witness(witness)
        writer.writerow([harmless(row.get(column, "")) for column in COLUMNS])
    return out.getvalue()


_AGREES: Final = {True: "agrees", False: "differs", None: "alone"}


def _witness(one: Witness) -> dict[str, object]:
    """A figure of the earlier year, and what the later document says of it."""
    line, printed, column = one.line, one.printed, one.column
    stated = one.quoted.value if one.quoted else column.wan if column else None
    return {
        "significance": Significance.LIST,
        "kinds": "second-witness",
        "statement": line.statement,
        "form": line.form,
        "side": line.side or "",
        "code": line.code,
        "name": line.name,
        "measure": one.measure,
        "old": printed.amount.text if printed else "",
        "old_unit": (printed.unit or "") if printed else "",
        "old_wan": "" if printed is None or printed.wan is None else f"{printed.wan:f}",
        "new_wan": "" if stated is None else f"{stated:f}",
        "certainty": printed.amount.certainty if printed else "",
        "field": f"witness-{_AGREES[one.agrees]}",
        "new_text": one.quoted.quotation if one.quoted else "",
        **_places(printed.at if printed else None, column.at if column else None),
        **({"new_page": one.quoted.page} if one.quoted else {}),
    }


def _rows(change: Change) -> list[dict[str, object]]:
    line, before = change.line, change.before
    common: dict[str, object] = {
        "significance": change.significance,
        "kinds": " ".join(change.kinds),
        "statement": line.statement,
        "form": line.form,
        "side": line.side or "",
        "code": line.code,
        "name": line.name,
        "old_code": before.code if before else "",
        "old_name": before.name if before else "",
        "paired_by": change.paired_by,
        "basis": _basis(change),
        **_places(change.old_at, change.new_at),
    }
    rows = [common | _figures(cell) for cell in change.cells]
    if change.share is not None:
        old, new, moved = (f"{value:f}" for value in msgspec.structs.astuple(change.share))
        rows[change.lead] |= {"share_old": old, "share_new": new, "share_points": moved}
    rows += [
        common | {"field": p.field, "old_text": p.old, "new_text": p.new} for p in change.passages
    ]
    return rows or [common]


def _figures(cell: Cell) -> dict[str, object]:
    return {
        "measure": cell.measure,
        "old": cell.old.text if cell.old else "",
        "old_unit": (cell.old_unit or "") if cell.old else "",
        "new": cell.new.text if cell.new else "",
        "new_unit": (cell.new_unit or "") if cell.new else "",
        "old_wan": "" if cell.old_wan is None else f"{cell.old_wan:f}",
        "new_wan": "" if cell.new_wan is None else f"{cell.new_wan:f}",
        "difference_wan": "" if cell.difference is None else f"{cell.difference:f}",
        "percent": "" if cell.percent is None else f"{cell.percent:f}",
        "significance": cell.significance,
        "certainty": cell.certainty,
        **_places(cell.old_at, cell.new_at),
    }


def _basis(change: Change) -> str:
    """ "2019:20115+20117>20138@201": year, codes before and after, and the line that compares."""
    if change.basis is None:
        return ""
    revision = change.basis.revision
    before, after = "+".join(revision.before), "+".join(revision.after)
    return f"{revision.year}:{before}>{after}@{change.basis.parent}"


def _places(old: Where | None, new: Where | None) -> dict[str, object]:
    return {
        "old_page": old.page if old else "",
        "old_row": (old.row or "") if old else "",
        "new_page": new.page if new else "",
        "new_row": (new.row or "") if new else "",
    }


def print_table(comparison: Comparison, words: Wording, console: Console) -> None:
    """Every change as a table, then where every row went and what to know about it."""
    from rich.table import Table
    from rich.text import Text

    year = comparison.mode is Mode.YEAR
    old, new = comparison.old, comparison.new
    heads = (words("column-before"), words("column-after"))
    if year:
        heads = words.column(old), words.column(new)
    perhaps = by_key(comparison.suggestions)
    whole = [change for change in comparison.changes if change.kind in WHOLE]
    for changes in by_statement(c for c in comparison.changes if c.kind not in WHOLE):
        units = {u for c in changes for cell in c.cells for u in (cell.old_unit, cell.new_unit)}
        unit = next(iter(units)) if len(units) == 1 else None
        title = f"{changes[-1].line.statement}{f' ({unit})' if unit else ''}"
        table = Table(title=Text(visible(title)), title_justify="left", box=None, pad_edge=False)
        table.add_column(words("column-line"), overflow="fold", min_width=20)
        table.add_column(words("column-measure"), overflow="fold")
        difference = f"{words('column-difference')} ({Unit.WAN})"
        shares = [words("column-share")] if any(change.share for change in changes) else []
        for head in (*heads, difference, words("column-rate"), *shares):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column(words("column-source"), no_wrap=True)
        decimals = places(cell.difference for change in changes for cell in change.cells)
        for change in changes:
            hint = perhaps.get((change.place, change.key))
            for row in _table_rows(change, words, decimals, unit, hint, share=bool(shares)):
                table.add_row(*row, style=_STYLES[change.significance])
        console.print(table)
        console.print()
    for change in whole:
        place = _short(change.old_at, change.new_at)
        console.print(Text(visible(f"{found_once(change, words, heads)}  {place}")))
    if not comparison.changes:
        console.print(words("revision-none" if not year else "no-change"))
    said = (gaps, remainders, of_witnesses)
    for text in (text for say in said for text in say(comparison, words)):
        console.print(Text(visible(text)))
    for text in accounts(comparison, words):
        console.print(Text(visible(text)), style="dim")


_STYLES: Final = {Significance.HEADLINE: "bold", Significance.REPORT: "", Significance.LIST: "dim"}


_PLAIN: Final = frozenset({What.CHANGED, What.NEW, What.DROPPED})
"""Kinds that the figures themselves tell."""


def _table_rows(
    change: Change,
    words: Wording,
    decimals: int,
    said: Unit | None,
    hint: Suggestion | None,
    *,
    share: bool,
) -> list[tuple[Text, ...]]:
    """A row a figure; what else happened to the line stands under its name, once."""
    from rich.text import Text

    line = change.line
    lines = [" ".join(part for part in (line.code, line.name) if part)]
    if len(change.kinds) > 1 or change.kind not in _PLAIN or not change.cells:
        lines.append(words("joint").join(words(f"what-{kind}") for kind in change.kinds))
    lines += of_change(change, words)
    if change.certainty is not Certainty.TEXT:
        lines.append(words(f"certainty-{change.certainty}"))
    if hint is not None:
        lines.append(of_suggestion(hint, words, gone=change.new_at is None))
    for passage in change.passages:
        old, new = (text or words("text-nothing") for text in (passage.old, passage.new))
        lines.append(f"{old} → {new}")
    name = "\n".join(visible(text) for text in lines if text)
    rows: list[tuple[str, ...]] = []
    for number, cell in enumerate(change.cells):
        moved = change.share if number == change.lead else None
        rows.append(
            (
                name if not rows else visible(lines[0]),
                visible(cell.measure),
                visible(_as_printed(cell.old, words.old_printed(cell), said)),
                visible(_as_printed(cell.new, words.new_printed(cell), said)),
                words.difference(cell, decimals),
                words.rate(cell),
                *((signed(moved.moved) if moved else "",) if share else ()),
                _short(cell.old_at, cell.new_at),
            )
        )
    if not rows:
        blank = [""] * (6 if share else 5)
        rows.append((name, *blank, _short(change.old_at, change.new_at)))
    return [tuple(Text(text) for text in row) for row in rows]


def _as_printed(amount: Amount | None, text: str, said: Unit | None) -> str:
    """The cell as printed; its unit only where the table's head does not say it."""
    if said and amount is not None and amount.mark is Mark.PRINTED:
        return amount.text
    return text


def _short(old: Where | None, new: Where | None) -> str:
    """ "20:9 → 26:9": page and row on either side; the page alone where there is no row."""
    return " → ".join(_place(at) for at in (old, new))


def _place(at: Where | None) -> str:
    if at is None:
        return "—"
    return f"{at.page}:{at.row}" if at.row else f"{at.page}"
