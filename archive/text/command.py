"""`mingzhang read`: what the text stage sees in one document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.model import Certainty
from archive.money import grouped

if TYPE_CHECKING:
    from rich.console import Console

    from archive.model import Amount, Document, Statement

_WIDE = 240
"""Columns where no terminal limits the width."""
_MARKS = {Certainty.CONFIRMED: "✓", Certainty.RECOGNISED: "?"}


@click.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything read, for machines.")
@click.option("--form", "only", metavar="FORM", help="Show one statement whole (e.g. final.total).")
def read_command(file: Path, as_json: bool, only: str | None) -> None:
    """Show what is read in one document: statements, line items, prose, and what was not read.

    Nothing is archived. Names and phone numbers of private persons are masked here too.

    Exit status: 0; 1 if the file cannot be read, one line says why; 2 wrong use.
    """
    from archive.text import Unreadable, read_apart
    from archive.wording import shown

    try:
        document = read_apart(file)
    except OSError as error:
        click.echo(f"{shown(file)}: {error.strerror or error}", err=True)
        sys.exit(1)
    except Unreadable as error:
        click.echo(f"{shown(file)}: {shown(error)} ({error.code})", err=True)
        sys.exit(1)
    document = _as_named(document, file.name)
    if as_json:
        from archive.text.report import report

        click.echo(json.dumps(report(document, file.name), ensure_ascii=False, indent=1))
        return
    _show(document, file.name, only)


def _as_named(document: Document, name: str) -> Document:
    """The document with a remark where its name promises another type than its content has."""
    from msgspec.structs import replace

    from archive.media import mismatch
    from archive.model import Remark

    said = mismatch(name, document.media_type)
    if said is None:
        return document
    return replace(document, remarks=(*document.remarks, Remark("type-mismatch", said)))


def _show(document: Document, name: str, only: str | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from archive.text.report import kind_name, short_title
    from archive.wording import shown

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    chosen = [s for s in document.statements if only in (None, s.form)]
    if only and not chosen:
        forms = ", ".join(s.form for s in document.statements) or "none"
        raise click.UsageError(
            f"no statement of form {shown(only)} in {shown(name)}; it has: {forms}"
        )
    if only:
        for statement in chosen:
            _statement(console, statement)
        return
    facts = document.facts
    kind = kind_name(facts.level, facts.kind) or "kind unknown"
    console.print(
        f"{shown(name)}: {shown(facts.agency or 'agency unknown')}"
        f" · {facts.year or 'year unknown'} · {kind} · {document.pages} pages",
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False)
    for title in ("page", "statement", "form", "unit", "rows"):
        table.add_column(title, justify="right" if title in ("page", "rows") else "left")
    for s in document.statements:
        unit = s.unit or "?"
        table.add_row(str(s.pages[0]), shown(short_title(s)), s.form, str(unit), str(len(s.items)))
    for raw in document.tables:
        title = shown(raw.title) or "(no title)"
        table.add_row(str(raw.pages[0]), title, "–", "", str(len(raw.rows)))
    console.print(table)
    for remark in document.remarks:
        where = f"page {remark.page}: " if remark.page else ""
        console.print(f"note: {where}{shown(remark.message)} [{remark.code}]", soft_wrap=True)
    if document.tables:
        console.print("–: follows no known form, kept as cells.")
    console.print("One statement whole: --form FORM; everything: --json.")


def _figure(amount: Amount) -> str:
    """A figure with how surely it was recognised, where it was, and what sums ask for."""
    mark = _MARKS.get(amount.certainty, "") if amount.text else ""
    asked = f" [{grouped(amount.proposed)}]" if amount.proposed is not None else ""
    return f"{amount.text}{mark}{asked}"


def _statement(console: Console, statement: Statement) -> None:
    from rich.table import Table

    from archive.wording import shown

    table = Table(title=shown(f"{statement.title}（{statement.unit or '单位不明'}）"), box=None)
    for title in ("页", "行", "", "编码", "名称"):
        table.add_column(title)
    measures = list(dict.fromkeys(column.measure for column in statement.columns))
    for measure in measures:
        table.add_column(shown(measure), justify="right")
    for item in statement.items:
        cells = [_figure(item.amounts[m]) if m in item.amounts else "" for m in measures]
        place = (str(item.page), str(item.row), item.side or "", item.code, item.name)
        table.add_row(*map(shown, (*place, *cells)))
    console.print(table)
    if any(a.certainty in _MARKS for item in statement.items for a in item.amounts.values()):
        console.print("✓ 由图像识别，经加总核对；? 由图像识别，未核对；[ ] 加总所要求的数，未采用")
    for note in statement.notes:
        console.print(shown(note), soft_wrap=True)
