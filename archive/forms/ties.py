"""What two forms of one document both print: the ties between its statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from archive.forms import Form, forms
from archive.forms.declared import Each, Place, Tie
from archive.forms.equations import (
    Instance,
    Outcome,
    Reason,
    Sheet,
    Term,
    Tolerance,
    nothing,
    settle,
)
from archive.forms.lines import bare, carried, depth, find

__all__ = ["ties"]

_AGREES: Final = frozenset({Outcome.HOLDS, Outcome.ROUNDING})
_SETTLED: Final = _AGREES | {Outcome.FAILS}

Sheets = Mapping[str, Sequence[Sheet]]


def ties(sheets: Sequence[Sheet]) -> tuple[Instance, ...]:
    """Every tie between these statements of one document.

    A tie to a form that the document does not print, or prints several times, is not asked.
    """
    by_form: defaultdict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_form[sheet.statement.form].append(sheet)
    found: list[Instance] = []
    for form_id in by_form:
        form = forms()[form_id]
        for tie in form.ties:
            found += _tie(form, tie, by_form)
    return tuple(found)


def _tie(form: Form, tie: Tie, by_form: Sheets) -> list[Instance]:
    name = f"{form.id}/{tie.id}"
    needed = {form.id, *(place.form for place in tie.there)}
    if any(not by_form.get(other) for other in needed):
        return [nothing(name, tie.title, Reason.ABSENT, Outcome.NOT_APPLICABLE)]
    if any(len(by_form[other]) > 1 for other in needed):
        return [nothing(name, tie.title, Reason.SEVERAL, Outcome.UNDECIDABLE)]
    total = _total(name, form, tie, by_form)
    if tie.each is Each.ONCE:
        return [total]
    if total.outcome not in _AGREES:
        reason = Reason.SCOPE if total.outcome is Outcome.FAILS else total.reason
        return [nothing(name, tie.title, reason or Reason.SCOPE, Outcome.NOT_APPLICABLE)]
    pairs = _by_class if tie.each is Each.CLASS else _by_code
    here, there = by_form[form.id][0], by_form[tie.there[0].form][0]
    made = list(pairs(name, tie, here, there))
    return made or [nothing(name, tie.title, Reason.ABSENT, Outcome.NOT_APPLICABLE)]


def _total(name: str, form: Form, tie: Tie, by_form: Sheets) -> Instance:
    """The tie itself: the first alternative that agrees, else the first that could be asked."""
    right: list[Term] = []
    for place in tie.there:
        terms = _cells(forms()[place.form], place, by_form[place.form][0])
        if isinstance(terms, Reason):
            return _unasked(name, tie, terms)
        right += terms
    asked: list[Instance] = []
    said = Reason.ABSENT
    for place in tie.here:
        left = _cells(form, place, by_form[form.id][0])
        if isinstance(left, Reason):
            said = left
            continue
        kind = Tolerance.TWICE if len(left) == len(right) == 1 else Tolerance.SUM
        asked.append(settle(name, tie.title, left, right, kind))
    agreeing = (made for made in asked if made.outcome in _AGREES)
    settled = (made for made in asked if made.outcome in _SETTLED)
    first = next(iter(asked), _unasked(name, tie, said))
    made = next(agreeing, None) or next(settled, first)
    if made.outcome is Outcome.FAILS and _may_differ(tie, made, by_form):
        return msgspec.structs.replace(made, outcome=Outcome.UNDECIDABLE, reason=Reason.SCOPE)
    return made


def _may_differ(tie: Tie, made: Instance, by_form: Sheets) -> bool:
    """Money carried over is in one total and not in the other, or a third place agrees."""
    grand = any("总计" in cell.name for cell in made.cells)
    for sheet in (by_form[cell.form][0] for cell in made.cells if grand):
        if any(carried(i) and any(a.value for a in i.amounts.values()) for i in sheet.items):
            return True
    for place in tie.also:
        if len(found := by_form.get(place.form, ())) == 1:
            terms = _cells(forms()[place.form], place, found[0])
            if not isinstance(terms, Reason):
                again = settle(made.equation, tie.title, made.left, terms, Tolerance.TWICE)
                if again.outcome in _AGREES:
                    return True
    return False


def _unasked(name: str, tie: Tie, reason: Reason) -> Instance:
    outcome = Outcome.NOT_APPLICABLE if reason is Reason.ABSENT else Outcome.UNDECIDABLE
    return nothing(name, tie.title, reason, outcome)


def _cells(form: Form, place: Place, sheet: Sheet) -> Sequence[Term] | Reason:
    rows = find(form, sheet.items, place.row, place.side, place.block)
    if len(rows) > 1:
        return Reason.SEVERAL
    if not rows:
        return Reason.ABSENT
    measures = [place.measure] if place.measure else list(sheet.items[rows[0]].amounts)[:1]
    terms = [term for measure in measures for term in sheet.terms(rows, measure)]
    return terms or Reason.ABSENT


def _by_class(name: str, tie: Tie, here: Sheet, there: Sheet) -> Iterator[Instance]:
    """Lines that name a 类 against the 类 of that name."""
    place = tie.here[0]
    known: defaultdict[str, list[int]] = defaultdict(list)
    for n, item in enumerate(there.items):
        if item.code and depth(item) == 1:
            known[bare(item.name)].append(n)
    for n, item in enumerate(here.items):
        if item.total or not (item.side or "").startswith(place.side):
            continue
        rows = known.get(bare(item.name), [])
        measure = place.measure or next(iter(item.amounts), "")
        left, right = here.terms([n], measure), there.terms(rows, tie.there[0].measure)
        if len(rows) == 1 and left and right:
            yield settle(name, tie.title, left, right, Tolerance.TWICE)


def _by_code(name: str, tie: Tie, here: Sheet, there: Sheet) -> Iterator[Instance]:
    """Line items of one code, in every measure both forms print."""
    theirs: defaultdict[str, list[int]] = defaultdict(list)
    ours: defaultdict[str, list[int]] = defaultdict(list)
    for sheet, known in ((here, ours), (there, theirs)):
        for n, item in enumerate(sheet.items):
            known[item.code if not item.total else "合计"].append(n)
    for code, rows in ours.items():
        others = theirs.get(code, [])
        if not code or len(rows) != 1 or len(others) != 1:
            continue
        for measure in here.items[rows[0]].amounts:
            left, right = here.terms(rows, measure), there.terms(others, measure)
            if left and right:
                yield settle(name, tie.title, left, right, Tolerance.TWICE)
