"""A code and its name that do not belong together: said on the line item, never put right.

The register is partial, so a code it does not know says nothing, and of two names only a certain
disagreement is worth a word: what stands in a published table may be a slip of the publisher, and
may as well be a yearly revision that nobody has told us of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from archive.forms import forms
from archive.model import Classification, LineItem, Statement
from archive.register.classification import (
    Agreement,
    ClassificationRegister,
    Name,
    Verdict,
    classification_register,
)
from archive.register.codes import fits, parent

__all__ = ["all_classified", "classified"]

_SCHEMES: Final = frozenset({Classification.FUNCTIONAL, Classification.ECONOMIC})
_FEWEST: Final = 3
_SHARE: Final = 3
"""Where fewer than three rows, or fewer than a third of those known, agree with the register, the
columns are not what they seem (unit codes, project names): then nothing is said."""
_MASK: Final = "已隐去"


def classified(
    statement: Statement, year: int | None, register: ClassificationRegister | None = None
) -> Statement:
    """The statement with a remark on every row whose code is certainly called otherwise.

    Remarks begin with "code-name: ". `year` is the fiscal year the statement accounts for; without
    one nothing is judged, because names change with the years. Codes and names stay as printed.
    """
    if year is None:
        return statement
    register = register or classification_register()
    found: dict[int, str] = {}
    judged: Counter[Classification] = Counter()
    agreeing: Counter[Classification] = Counter()
    for index, (item, name) in enumerate(zip(statement.items, _names(statement), strict=True)):
        if not name:
            continue
        scheme = item.classification
        agreement = register.agrees(item.code, name, scheme, year)
        if agreement.verdict is Verdict.CODE_UNKNOWN:
            continue
        judged[scheme] += 1
        agreeing[scheme] += agreement.verdict is Verdict.AGREES
        if agreement.ground is not None:
            found[index] = _remark(item.code, agreement.ground, agreement)
    sure = {s for s in judged if agreeing[s] >= max(_FEWEST, judged[s] / _SHARE)}
    items = list(statement.items)
    for index, said in found.items():
        item = items[index]
        if item.classification in sure and said not in item.remarks:
            items[index] = replace(item, remarks=(*item.remarks, said))
    return replace(statement, items=tuple(items)) if found else statement


def all_classified(statements: Iterable[Statement], year: int | None) -> list[Statement]:
    """`classified` for every statement: by the year of its own title, else that of the document."""
    return [classified(statement, statement.year or year) for statement in statements]


def _names(statement: Statement) -> list[str]:
    """What each row prints as the name of its code; "" where it prints none."""
    form = forms().get(statement.form)
    apart = form is not None and "function" in form.columns
    return [_name(item, apart=apart) for item in statement.items]


def _name(item: LineItem, *, apart: bool) -> str:
    """The name beside the code; in project tables (`apart`) the item's own name is a project's."""
    if (
        item.total
        or item.classification not in _SCHEMES
        or not fits(item.code, item.classification)
    ):
        return ""
    name = item.attributes.get("function", "" if apart else item.name)
    return "" if _MASK in name else name


def _remark(code: str, ground: Name, agreement: Agreement) -> str:
    said = f"code-name: {code} is known as {ground.text}"
    siblings = [other for other in agreement.codes if parent(other) == parent(code)]
    others = siblings if len(siblings) == 1 else agreement.codes
    return f"{said}; the name printed is that of {others[0]}" if len(others) == 1 else said
