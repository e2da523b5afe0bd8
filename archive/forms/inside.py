"""The equations inside one statement: each relation of `archive.forms.declared` becomes cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from archive.forms import Form
from archive.forms.blockwise import block
from archive.forms.declared import Equation, Relation
from archive.forms.equations import Instance, Outcome, Reason, Sheet, nothing, settle
from archive.forms.lines import find
from archive.forms.outline import balance, outline
from archive.forms.printed import printed
from archive.forms.trees import listed, trees
from archive.model import LineItem

__all__ = ["inside"]


def inside(form: Form, sheet: Sheet) -> tuple[Instance, ...]:
    """Every equation of the form over the cells of this statement.

    An equation whose cells the statement does not print gives one instance that says so.
    """
    found: list[Instance] = []
    for equation in form.equations:
        made = list(_RELATIONS[equation.relation](form, equation, sheet))
        if not made:
            name = f"{form.id}/{equation.id}"
            made = [nothing(name, equation.title, Reason.ABSENT, Outcome.NOT_APPLICABLE)]
        found += made
    found += printed(form, sheet)
    return tuple(found)


def _rows(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    doubt = Reason.COLUMN if _unknown_column(form, sheet) else None
    for n, item in enumerate(sheet.items):
        if not _asked(equation, item):
            continue
        left = sheet.terms([n], equation.total)
        parts = [t for part in equation.parts for t in sheet.terms([n], part)]
        parts += [t for part in equation.less for t in sheet.terms([n], part, -1)]
        if left and parts:
            yield settle(f"{form.id}/{equation.id}", equation.title, left, parts, doubt=doubt)


def _asked(equation: Equation, item: LineItem) -> bool:
    printed = item.amounts
    return all(m in printed for m in equation.when) and not any(
        m in printed for m in equation.unless
    )


def _unknown_column(form: Form, sheet: Sheet) -> bool:
    known = {measure.name for measure in form.measures}
    return any(column.measure not in known for column in sheet.statement.columns)


def _lines(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    totals = find(form, sheet.items, equation.total)
    parts = {part: find(form, sheet.items, part) for part in equation.parts}
    yield from _lines_over(form, equation, sheet, totals, parts)


def _codes(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    totals = find(form, sheet.items, equation.total)
    parts = {
        code: tuple(n for n, item in enumerate(sheet.items) if item.code == code)
        for code in equation.parts
    }
    yield from _lines_over(form, equation, sheet, totals, parts)


def _lines_over(
    form: Form,
    equation: Equation,
    sheet: Sheet,
    totals: Sequence[int],
    parts: dict[str, tuple[int, ...]],
) -> Iterator[Instance]:
    name = f"{form.id}/{equation.id}"
    if not totals or not any(parts.values()) or any(not parts[p] for p in equation.when):
        return
    if len(totals) > 1 or any(len(found) > 1 for found in parts.values()):
        yield nothing(name, equation.title, Reason.SEVERAL, Outcome.UNDECIDABLE)
        return
    lines = [n for found in parts.values() for n in found]
    for measure in sheet.items[totals[0]].amounts:
        left, right = sheet.terms(totals, measure), sheet.terms(lines, measure)
        if right:
            yield settle(name, equation.title, left, right)


def _trees(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    return trees(f"{form.id}/{equation.id}", equation.title, sheet)


def _listed(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    return listed(f"{form.id}/{equation.id}", equation.title, sheet)


def _outline(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    return outline(f"{form.id}/{equation.id}", equation.title, sheet)


def _block(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    return block(f"{form.id}/{equation.id}", equation, form, sheet)


def _balance(form: Form, equation: Equation, sheet: Sheet) -> Iterator[Instance]:
    return balance(f"{form.id}/{equation.id}", equation.title, sheet)


_RELATIONS: Final[dict[Relation, Callable[[Form, Equation, Sheet], Iterator[Instance]]]] = {
    Relation.ROW: _rows,
    Relation.LINES: _lines,
    Relation.CODES: _codes,
    Relation.TREE: _trees,
    Relation.LIST: _listed,
    Relation.OUTLINE: _outline,
    Relation.BLOCK: _block,
    Relation.BALANCE: _balance,
}
