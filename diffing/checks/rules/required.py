"""Required tables: what a document does not hold although it holds the others, as a note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.forms import Form, forms, plain
from archive.model import Kind, Statement
from diffing.checks.case import Case
from diffing.checks.examples import Example, line, sheet
from diffing.checks.model import Check, Found, Outcome, Place, Rule, Severity

__all__ = ["RULES"]

_MOST: Final = 2
"""A document that lacks more than these prints its tables elsewhere, or in forms not known."""
_LATER: Final = frozenset({"budget.soe", "final.soe"})
"""Not yet among the tables of 财预〔2016〕143号."""
_UNREAD: Final = ("page-", "image-", "characters-", "content-", "text-", "row-", "table-")


def _run(case: Case) -> Iterator[Check]:
    if case.kind is None:
        yield Check(Outcome.UNDECIDABLE, "kind-unknown")
        return
    wanted = [f for f in forms().values() if f.required and f.kind == case.kind]
    printed = {statement.form for statement in case.document.statements}
    missing = [f for f in wanted if f.id not in printed and f.id not in _LATER]
    yield from (Check(Outcome.HOLDS) for form in wanted if form.id in printed)
    unread = bool(case.document.tables) or any(
        remark.code.startswith(_UNREAD) for remark in case.document.remarks
    )
    for form in missing:
        if len(missing) > _MOST:
            yield Check(Outcome.UNDECIDABLE, "tables-elsewhere")
        elif unread:
            yield Check(Outcome.UNDECIDABLE, "page-unread")
        elif _named(case, form):
            yield Check(Outcome.UNDECIDABLE, "row-unknown")
        else:
            yield Check(Outcome.FAILS, found=_found(case, form))


def _named(case: Case, form: Form) -> bool:
    """Does the table of contents or the text name it? Then it may be printed and not known."""
    text = "".join(plain(paragraph.text) for paragraph in case.document.prose)
    return any(plain(title) in text for title in (form.title, *form.titles))


def _found(case: Case, form: Form) -> Found:
    last = max(s.pages[-1] for s in case.document.statements)
    return Found(
        here=(Place(page=last, name=form.title, text=f"《{form.title}》"),),
        there=(),
        stated=f"《{form.title}》",
        expected="报表",
        ties=frozenset({("required", form.id)}),
    )


def _tables(*left_out: str) -> Example:
    made: list[Statement] = [
        sheet(form.id, line("合计", 合计="0.00"))
        for form in forms().values()
        if form.required and form.kind == Kind.FINAL and form.id not in left_out
    ]
    return Example(statements=tuple(made))


RULES: Final = (
    Rule(
        id="S01",
        title="应公开的报表都在文件中",
        title_en="The tables that must be published are in the document",
        formula="其余应公开的报表都已读出、各页都能读出、全文没有提到时，列出未见的报表",
        tolerance="文字",
        severity=Severity.INFO,
        source="财预〔2016〕143号：应公开的报表",
        says="本文件中未见{stated}，其余应公开的{expected}都在",
        says_en="the document holds no {stated}; the other tables that must be published are there",
        run=_run,
        fires=_tables("final.fund"),
        silent=_tables("final.soe"),
    ),
)
