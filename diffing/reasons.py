"""Why a line moved, in the document's own words: quoted, never judged, never put otherwise.

A sentence counts only where the prose says it of the very cell, of the same comparison (budget with
budget, outcome with budget) and in the same direction; what follows it as its reason is quoted to
the end of its sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from archive.model import Basis, Binding, Claim, Direction, Document, Kind, Role
from diffing.execution import Executed
from diffing.names import bare
from diffing.quoted import agrees, quoted_of
from diffing.roles import Table, table_of
from diffing.rows import Row

__all__ = ["Reason", "Reasons"]

_MARKER: Final = re.compile(
    r"(?:[^，。；：,;:]{0,24}的)?(?:主要)?(?:变动|增减|增加|减少|增长|下降)?(?:的)?原因"
    r"|主要(?:是|系|由于|因为)(?!用于)"
)
_NEXT: Final = re.compile(r"\s*[^，。；,;]{0,24}?(?:原因|主要(?:是|系|由于|因为)(?!用于))")
_LISTED: Final = r"\s*(?:[一二三四五六七八九]是|[（(][一二三四五六七八九\d][）)]|\d[.．、])"
_STOP: Final = re.compile(rf"[。！？]|\n|；(?!{_LISTED})")
"""A list of reasons goes on behind a semicolon; anything else there speaks of another line."""
_LEAST: Final = 8
"""A shorter one is a label whose reason was not read."""
_LONGEST: Final = 180
_MOVES: Final = frozenset({Role.DIFFERENCE, Role.CHANGE_PERCENT})
_ALIKE: Final = {
    Kind.BUDGET: frozenset({Basis.BUDGET, Basis.ORIGINAL}),
    Kind.FINAL: frozenset({Basis.FINAL, None}),
}
"""What a document of this kind must compare with, for its reason to be that of the comparison of
two years; a final account that says no more than the year means its outcome."""
_PLANS: Final = frozenset({Basis.BUDGET, Basis.ORIGINAL, Basis.FULL_YEAR})
_PLAN: Final = re.compile(r"决算数?.{0,4}(?:小|大|低|高|等)于.{0,6}预算")


class Reason(msgspec.Struct, frozen=True):
    """A piece of a sentence, exactly as it stands, and its page."""

    text: str
    page: int


class Reasons:
    """What one document says of why its figures are other than before."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._bound: dict[tuple[Table, str, str], list[tuple[Binding, Claim]]] = defaultdict(list)
        for claim in document.claims:
            about = document.claims[claim.about] if claim.about is not None else None
            for binding in claim.bound or (about.bound if about else ()):
                if claim.role in _MOVES:
                    key = (table_of(binding.form), binding.code, binding.measure)
                    self._bound[key].append((binding, claim))

    def of_row(self, row: Row, year: int | None, kind: Kind | None) -> tuple[Reason, ...]:
        """Why a line is other than in the document of `year` and `kind`; () where nothing says."""
        if kind is None or not row.size or row.cell.difference is None or row.unsure:
            return ()
        found = [
            claim
            for binding, claim in self._bound[row.table, row.code, row.cell.measure]
            if _names(binding, row)
            and claim.against is not None
            and claim.against.year == year
            and claim.against.basis in _ALIKE[kind]
            and _goes(claim, row.cell.difference)
            and self._speaks_of(claim, row)
        ]
        return tuple(dict.fromkeys(self._quoted(found)))

    def of_execution(self, line: Executed) -> tuple[Reason, ...]:
        """Why the outcome is other than planned."""
        if not line.difference:
            return ()
        key = (table_of(line.line.form), line.line.code, line.measure)
        found = [
            claim
            for binding, claim in self._bound[key]
            if bare(binding.name) == bare(line.line.name)
            and (_against_plan(claim) or _PLAN.search(claim.quotation))
            and _goes(claim, line.difference)
        ]
        return tuple(dict.fromkeys(self._quoted(found)))

    def _speaks_of(self, claim: Claim, row: Row) -> bool:
        """Whether the sentence states the very figure of the row, where it states one."""
        about = self._document.claims[claim.about] if claim.about is not None else None
        said = quoted_of(about) if about else None
        amount = row.cell.new
        return said is None or amount is None or bool(agrees(said, amount, row.cell.new_unit))

    def _quoted(self, claims: list[Claim]) -> Iterator[Reason]:
        for claim in claims:
            for paragraph in self._document.prose:
                start = paragraph.text.find(claim.quotation)
                if paragraph.page != claim.page or start < 0:
                    continue
                text = _reason(paragraph.text, start, start + len(claim.quotation))
                if text:
                    yield Reason(text, claim.page)
                break


def _reason(text: str, start: int, end: int) -> str:
    """From the clause that announces a reason to the end of its sentence; "" for none."""
    match = _MARKER.search(text, start, end)
    if match is None:
        match = _NEXT.match(text, end)
    if match is None:
        return ""
    stop = _STOP.search(text, match.end())
    reason = text[match.start() : stop.start() if stop else len(text)].strip()
    if len(reason) < _LEAST or len(reason.rstrip("：:，, ")) < _LEAST:
        return ""
    return reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]}……"


def _names(binding: Binding, row: Row) -> bool:
    """Whether a sentence's cell is the row's: a row shown for one column bears its name."""
    if binding.side and row.side and binding.side[:2] != row.side:
        return False
    name = bare(row.name)
    side = (binding.side or "")[:2]
    return name in (bare(binding.name), bare(f"{side}{binding.name}")) or (
        row.total and name == bare(binding.measure)
    )


def _goes(claim: Claim, difference: Decimal) -> bool:
    """Whether the sentence says the same direction."""
    way = Direction.UP if difference > 0 else Direction.DOWN
    return claim.direction in (None, way)


def _against_plan(claim: Claim) -> bool:
    return claim.against is not None and claim.against.basis in _PLANS
