"""What the other pages need to know of a document: its totals, "三公" and classes, its findings.

Kept from build to build, so that one changed document does not make all others be read again.
Every figure is one that is printed, with its place; nothing is computed here but 元 to 万元.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from archive.clock import day_of
from archive.files import partly_unread
from archive.model import Amount, Certainty, Document, LineItem, Statement
from diffing.changes import Significance, lead_measure, wan
from diffing.checks.model import Group, Severity
from diffing.gaps import recognised_pages
from diffing.names import bare, normalise
from diffing.roles import Burden, Table, burden_of, is_class, table_of
from diffing.site.outturn import Carried, Missed

if TYPE_CHECKING:
    from diffing.changes import Line as Changed
    from diffing.compare import Comparison
    from diffing.printed import Figure
    from diffing.quoted import Quoted
    from diffing.rows import Row
    from diffing.select import Block
    from diffing.site.anchors import Anchors
    from diffing.versions import Version

__all__ = [
    "EXPENDITURE",
    "INCOME",
    "TOTALS",
    "Fault",
    "Line",
    "Move",
    "Summary",
    "key_lines",
    "moves",
    "summarise",
]

INCOME: Final = "income"
EXPENDITURE: Final = "expenditure"
TOTALS: Final = frozenset({INCOME, EXPENDITURE, str(Burden.TOTAL)})
"""Roles of the lines that stand for a whole document."""
_SIDES: Final = {"收": INCOME, "支": EXPENDITURE}


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One printed figure that pages of years and peers show."""

    role: str
    """"income" or "expenditure" for the totals, the burden for "三公", "class" for a 类."""
    key: str
    """What makes it the same line in another year: its code, else its bare name."""
    name: str
    text: str
    """As printed."""
    unit: str
    """元 or 万元; "" where none is stated."""
    wan: Decimal | None
    certainty: Certainty
    statement: str
    page: int
    anchor: str


class Move(msgspec.Struct, frozen=True, array_like=True):
    """One line against the year before, as the comparison of both documents has it; in 万元."""

    table: str
    code: str
    name: str
    statement: str
    old: Decimal | None
    """None where last year's document does not list the line."""
    new: Decimal | None
    difference: Decimal
    percent: Decimal | None
    certainty: Certainty
    total: bool
    loud: bool
    old_anchor: str
    new_anchor: str
    """Ids on the pages of both documents; "" where a side does not print the line."""
    quoted: Decimal | None
    """What the later document says last year's figure was, where that is another."""
    doubt: str
    """How: "quoted", "derived" from the increase it states, or "sangong", of the total of "三公"
    that this line is a part of; "" where it says nothing else."""


_LINES: Final = msgspec.msgpack.Decoder(tuple[Line, ...])
_PARTS: Final = frozenset(Burden) - {Burden.TOTAL, Burden.OPERATING, Burden.OTHER}
"""What adds up to "三公"."""
_MOVES: Final = msgspec.msgpack.Decoder(tuple[Move, ...])


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """A finding that nobody called wrong, in the words of the site."""

    key: str
    rule: str
    severity: str
    sureness: str
    sentence: str
    judgement: str
    """What a person made of it; "" where nobody did."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One document as its current version has it. Most pages of most documents stay as they are,
    and nobody looks at their lines: these are decoded when they are asked for."""

    id: str
    commit: str
    original: str
    published: date | None
    seen: date | None
    pages: int
    statements: int
    items: int
    figures: int
    unsure: int
    """Figures that were not simply read from the text of the document."""
    unread: bool
    """Whether something printed in it did not become text."""
    kept_totals: msgspec.Raw
    """`totals`, encoded."""
    kept_lines: msgspec.Raw
    """`lines`, encoded."""
    kept_moves: msgspec.Raw
    """`moves`, encoded."""
    compared: bool
    """Whether there is last year's document to compare with."""
    findings: int
    material: int
    pictures: tuple[str, ...]
    """Paths of the pictures of rows its pages show."""
    keys: tuple[str, ...]
    """Keys of all its findings, also of those a person called wrong or explained."""
    faults: tuple[Fault, ...] = ()
    """The findings that nobody called wrong, material ones first."""
    carried: tuple[Carried, ...] = ()
    """Of a final account: how its year's budget was carried out, where that is there."""
    revisions: tuple[tuple[str, str], ...] = ()
    """(commit, the first point of its page) of every revision in which a figure changed."""
    contradiction: str = ""
    """That it contradicts itself, as a headline says it; "" where nobody would say so."""
    contradicted: tuple[str, ...] = ()
    """The ids of the places on its page where it does."""
    missed: Missed | None = None
    """Of a final account: that it came out far off its budget."""

    @cached_property
    def totals(self) -> tuple[Line, ...]:
        """The totals of both sides and of "三公", which pages of all agencies show."""
        return _LINES.decode(self.kept_totals)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The other figures that pages of an agency show: the burdens of "三公", the 类."""
        return _LINES.decode(self.kept_lines)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """What the comparison with last year says of them."""
        return _MOVES.decode(self.kept_moves)


def summarise(
    version: Version,
    anchors: Anchors,
    groups: Sequence[Group],
    moved: Iterable[Move] | None,
    keys: Iterable[str],
) -> Summary:
    """The summary of a version; `groups` are the findings that stand, `keys` all there are, and
    `moved` is None where there is nothing to compare with. Its pictures are not known yet."""
    document, entry = version.document, version.entry
    assert entry is not None  # noqa: S101 - it comes from the archive
    lines = list(key_lines(document, anchors))
    amounts = [a for s in document.statements for i in s.items for a in i.amounts.values()]
    return Summary(
        id=version.name,
        commit=entry.commit,
        original=document.original,
        published=entry.published,
        seen=day_of(entry.observed) if entry.observed else None,
        pages=document.pages,
        statements=len(document.statements),
        items=sum(len(statement.items) for statement in document.statements),
        figures=len(amounts),
        unsure=sum(amount.certainty is not Certainty.TEXT for amount in amounts),
        unread=partly_unread(document),
        kept_totals=_encoded(line for line in lines if line.role in TOTALS),
        kept_lines=_encoded(line for line in lines if line.role not in TOTALS),
        kept_moves=_encoded(moved or ()),
        compared=moved is not None,
        findings=len(groups),
        material=sum(group.first.severity is Severity.MATERIAL for group in groups),
        pictures=(),
        keys=tuple(keys),
    )


def _encoded(what: Iterable[Line | Move]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(tuple(what)))


def key_lines(document: Document, anchors: Anchors) -> Iterator[Line]:
    """The printed totals of both sides, the lines of "三公", and the 类 of expenditure.

    Each from the first statement of its kind that speaks of the whole; where a document prints
    one form for each of its units and none for itself, nothing is taken.
    """
    whole: dict[Table, tuple[int, Statement]] = {}
    for number, statement in enumerate(document.statements):
        if not statement.subject:
            whole.setdefault(table_of(statement.form), (number, statement))
    yield from _totals(whole, anchors)
    yield from _burdens(whole.get(Table.SANGONG), anchors)
    yield from _classes(whole, anchors)


_Numbered = tuple[int, Statement]


def _totals(whole: dict[Table, _Numbered], anchors: Anchors) -> Iterator[Line]:
    found: dict[str, Line] = {}
    if Table.TOTAL in whole:
        number, statement = whole[Table.TOTAL]
        rows = [(n, i) for n, i in enumerate(statement.items) if i.total]
        # the grand total of a side comes before the total of the year alone
        for place, item in sorted(rows, key=lambda row: "总计" not in row[1].name):
            role = _SIDES.get((item.side or "")[:1]) or _SIDES.get(normalise(item.name)[:1])
            line = _line(role or "", (number, statement), place, item, anchors)
            if role and line and line.wan is not None:
                found.setdefault(role, line)
    if EXPENDITURE not in found and Table.EXPENDITURE in whole:
        number, statement = whole[Table.EXPENDITURE]
        for place, item in enumerate(statement.items):
            line = _line(EXPENDITURE, (number, statement), place, item, anchors)
            if item.total and line and line.wan is not None:
                found.setdefault(EXPENDITURE, line)
    yield from (found[role] for role in (INCOME, EXPENDITURE) if role in found)


def _burdens(numbered: _Numbered | None, anchors: Anchors) -> Iterator[Line]:
    seen: set[Burden] = set()
    for place, item in enumerate(numbered[1].items if numbered else ()):
        burden = burden_of(item.name)
        if numbered is None or burden in (Burden.OTHER, Burden.OPERATING) or burden in seen:
            continue
        line = _line(str(burden), numbered, place, item, anchors)
        if line is not None:
            seen.add(burden)
            yield line


def _classes(whole: dict[Table, _Numbered], anchors: Anchors) -> Iterator[Line]:
    for table in (Table.EXPENDITURE, Table.GENERAL, Table.TOTAL):
        if table not in whole:
            continue
        numbered, seen = whole[table], set[str]()
        for place, item in enumerate(numbered[1].items):
            spending = table is not Table.TOTAL or (item.side or "").startswith("支出")
            key = item.code or bare(item.name)
            if not spending or not is_class(item, table) or key in seen:
                continue
            line = _line("class", numbered, place, item, anchors)
            if line is not None and line.wan is not None:
                seen.add(key)
                yield line
        if seen:
            return


def _line(
    role: str, numbered: _Numbered, place: int, item: LineItem, anchors: Anchors
) -> Line | None:
    number, statement = numbered
    measure = lead_measure(item)
    amount: Amount | None = item.amounts.get(measure) if measure else None
    if amount is None or measure is None:
        return None
    return Line(
        role=role,
        key=item.code or bare(item.name),
        name=item.name,
        text=amount.text,
        unit=str(statement.unit or ""),
        wan=wan(amount, statement.unit),
        certainty=amount.certainty,
        statement=statement.title,
        page=amount.at.page if amount.at else item.page,
        anchor=anchors.cell(number, place, measure),
    )


def moves(block: Block, before: Anchors, now: Anchors) -> Iterator[Move]:
    """What the comparison with last year says of totals, "三公", classes and projects; only where
    it knows both figures and computes their difference."""
    projects = block.projects
    told = (*block.classes, *block.sangong, *projects.new, *projects.gone, *projects.changed)
    disputed = list(_disputed(block.comparison))
    at = {printed.at: quoted for _, printed, quoted in disputed}
    burden = next((quoted for line, _, quoted in disputed if _is_burden(line)), None)
    for row in (*block.totals, *told):
        own = at.get(row.cell.old_at) if row.cell.old_at else None
        doubt = ("derived" if own.derived else "quoted") if own else ""
        part = row.table is Table.SANGONG and burden_of(row.name) in _PARTS
        if own is None and burden is not None and part:
            own, doubt = burden, "sangong"
        move = _move(row, before, now, own.value if own else None, doubt)
        if move is not None:
            yield move


def _disputed(comparison: Comparison) -> Iterator[tuple[Changed, Figure, Quoted]]:
    """Lines whose figure in the earlier document is another than the later one says in its text
    layer: the line, the figure, what is said of it."""
    seen = recognised_pages(comparison.new.document)
    borne_out = {w.printed.at for w in comparison.witnesses if w.agrees and w.printed}
    for one in comparison.witnesses:
        quoted, printed = one.quoted, one.printed
        if one.agrees is not False or quoted is None or printed is None:
            continue
        # a document that says both is at odds with itself, and a finding says so
        if quoted.page not in seen and printed.at not in borne_out:
            yield one.line, printed, quoted


def _is_burden(line: Changed) -> bool:
    """Whether it is the total of "三公"."""
    return table_of(line.form) is Table.SANGONG and burden_of(line.name) is Burden.TOTAL


def _move(
    row: Row, before: Anchors, now: Anchors, quoted: Decimal | None, doubt: str
) -> Move | None:
    cell, (old, new) = row.cell, row.figures
    if cell.difference is None or row.unsure or row.recognised or row.by_order:
        return None
    if (old is None and not row.fresh) or (new is None and not row.gone):
        return None
    anchors = [
        side.at(at.page, at.row, at.column, at.box) if at else ""
        for side, at in ((before, cell.old_at), (now, cell.new_at))
    ]
    return Move(
        table=str(row.table),
        code=row.code,
        name=row.name,
        statement=row.statement,
        old=old,
        new=new,
        difference=cell.difference,
        percent=cell.percent,
        certainty=cell.certainty,
        total=row.total,
        loud=cell.significance is Significance.HEADLINE,
        old_anchor=anchors[0],
        new_anchor=anchors[1],
        quoted=quoted,
        doubt=doubt,
    )
