"""A document as a page shows it: every statement as it is printed, every figure with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from archive.clock import CHINA
from archive.events import KIND_NAMES, Entry, is_version
from archive.model import Amount, Certainty, Document, Mark, Statement
from archive.money import grouped
from diffing.names import titled
from diffing.site.anchors import Anchors
from diffing.site.former import Former, Gone, Yearly
from diffing.site.words import Words

__all__ = ["Revision", "Sheet", "pages", "revisions", "sheets"]


class Cell(msgspec.Struct, frozen=True):
    """One figure as printed."""

    text: str
    id: str = ""
    mark: str = ""
    """"blank" for a cell that is printed empty; "" for a printed one or none at all."""
    certainty: str = ""
    """"" for what was simply read."""
    note: str = ""
    former: str = ""
    """Last year's figure, where it differs."""


class Row(msgspec.Struct, frozen=True):
    """One line item."""

    id: str
    code: str
    name: str
    level: int
    total: bool
    attributes: tuple[str, ...]
    cells: tuple[Cell, ...]
    remarks: tuple[str, ...]
    former: Former | None = None
    """What last year's document has for it, where that differs."""


class Side(msgspec.Struct, frozen=True):
    """The rows of one side of a statement, 收入 or 支出; "" where it has none."""

    name: str
    rows: tuple[Row, ...]


class Sheet(msgspec.Struct, frozen=True):
    """One statement."""

    id: str
    title: str
    unit: str
    pages: tuple[int, ...]
    attributes: tuple[str, ...]
    coded: bool
    columns: tuple[str, ...]
    sides: tuple[Side, ...]
    notes: tuple[str, ...]
    long: bool
    """A performance form: words rather than figures, folded away."""
    added: str = ""
    """What is said of a statement that last year's document does not have."""
    gone: Sequence[Gone] = ()
    """Rows that only last year's document has."""


def sheets(
    document: Document, anchors: Anchors, words: Words, before: Yearly | None = None
) -> list[Sheet]:
    """All statements, in the order of the document; `before` is what differs from last year's."""
    return [
        _sheet(number, statement, anchors, words, before)
        for number, statement in enumerate(document.statements)
    ]


def _sheet(
    number: int, statement: Statement, anchors: Anchors, words: Words, before: Yearly | None
) -> Sheet:
    items = list(enumerate(statement.items))
    attributes = list(dict.fromkeys(name for _, item in items for name in item.attributes))
    measures = list(dict.fromkeys(column.measure for column in statement.columns))
    measures += [
        m for m in dict.fromkeys(m for _, i in items for m in i.amounts) if m not in measures
    ]
    measures = [m for m in measures if any(m in item.amounts for _, item in items)]
    sides: dict[str, list[Row]] = {}
    formers = before.rows if before else {}
    for place, item in items:
        former = formers.get((number, place))
        then = former.figures if former else {}
        cells = tuple(
            _cell(
                item.amounts.get(measure),
                anchors,
                (number, place, measure),
                words,
                then.get(measure, ""),
            )
            for measure in measures
        )
        row = Row(
            id=anchors.row(number, place),
            code=item.code,
            name=item.name,
            level=item.level,
            total=item.total,
            attributes=tuple(item.attributes.get(name, "") for name in attributes),
            cells=cells,
            remarks=item.remarks,
            former=former,
        )
        sides.setdefault(item.side or "", []).append(row)
    return Sheet(
        id=f"s{number + 1}",
        title=titled(statement),
        unit=str(statement.unit or ""),
        pages=statement.pages,
        attributes=tuple(map(words.digest.attribute, attributes)),
        coded=any(item.code for _, item in items),
        columns=tuple(measures),
        sides=tuple(Side(name, tuple(rows)) for name, rows in sides.items()),
        notes=statement.notes,
        long=".performance_" in statement.form,
        added=before.added.get(number, "") if before else "",
        gone=before.gone.get(number, ()) if before else (),
    )


def _cell(
    amount: Amount | None,
    anchors: Anchors,
    key: tuple[int, int, str],
    words: Words,
    former: str,
) -> Cell:
    if amount is None:
        return Cell("")
    note = ""
    if amount.proposed is not None:
        note = words("proposed", value=grouped(amount.proposed))
    return Cell(
        text="" if amount.mark is Mark.BLANK else amount.text,
        id=anchors.cell(*key),
        mark="blank" if amount.mark is Mark.BLANK else "",
        certainty="" if amount.certainty is Certainty.TEXT else str(amount.certainty),
        note=note,
        former=former,
    )


class Contents(msgspec.Struct, frozen=True):
    """What stands on one page of the original."""

    number: int
    id: str
    sheets: tuple[tuple[str, str], ...]
    """(id, title) of the statements printed on it."""
    headings: tuple[str, ...]
    texts: tuple[tuple[str, int], ...]
    """(text, heading level) of its paragraphs."""


def pages(document: Document, shown: Sequence[Sheet]) -> list[Contents]:
    """What stands on each page, from 1."""
    texts: dict[int, list[tuple[str, int]]] = {}
    for paragraph in document.prose:
        texts.setdefault(paragraph.page, []).append((paragraph.text, paragraph.heading))
    return [
        Contents(
            number=number,
            id=f"p{number}",
            sheets=tuple((one.id, one.title) for one in shown if number in one.pages),
            headings=tuple(text for text, level in texts.get(number, ()) if level),
            texts=tuple(texts.get(number, ())),
        )
        for number in range(1, document.pages + 1)
    ]


class Revision(msgspec.Struct, frozen=True):
    """One event in a document's history."""

    kind: str
    published: str
    observed: str
    commit: str
    original: str
    version: bool
    """Whether it put a version there."""
    current: bool
    shown: str
    """Path of the page that shows the version; "" where there is none."""
    changes: str
    """Path of the page that says what it changed; "" where there is none."""


def revisions(
    entries: Sequence[Entry],
    current: Entry,
    shown: Mapping[str, str],
    changes: Mapping[str, str],
    words: Words,
) -> Iterator[Revision]:
    """A document's events, newest first; `shown` is original → page, `changes` commit → page."""
    for entry in entries:
        original = entry.originals[0] if entry.originals else ""
        name = KIND_NAMES[entry.kind] if words.lang == "zh" else str(entry.kind)
        yield Revision(
            kind=name,
            published=entry.published.isoformat() if entry.published else "",
            observed=f"{entry.observed.astimezone(CHINA):%Y-%m-%d %H:%M}" if entry.observed else "",
            commit=entry.commit,
            original=original,
            version=is_version(entry),
            current=entry.commit == current.commit,
            shown=shown.get(original, ""),
            changes=changes.get(entry.commit, ""),
        )
