"""The generated publications, by name: their bytes, and the truth about every row in them.

    documents.pdf("rencai-2024-budget")        # bytes, the same on every machine and run
    documents.truth("rencai-2024-budget")      # every statement and row that must be read from them

All publishers are fictional; see `agencies/`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from archive.model import Kind
from tests.portal.documents.sheets import Form, Row, Sheet

__all__ = ["NAMES", "Row", "Statement", "Truth", "as_json", "parts", "pdf", "truth"]


class Statement(msgspec.Struct, frozen=True):
    """One statement as it must be read. `rows` is empty for a printed table without data."""

    form: str
    title: str
    unit: str
    pages: tuple[int, ...]
    rows: tuple[Row, ...]


class Truth(msgspec.Struct, frozen=True):
    """What a document says; `private` must not come out of any reading, `public` must."""

    name: str
    agency: str
    division: str
    year: int
    kind: Kind
    pages: int
    statements: tuple[Statement, ...]
    private: tuple[str, ...]
    public: tuple[str, ...]


def _facts() -> dict[str, Any]:
    from tests.portal.documents.agencies import archives, derived, kechuang, kejing, qiye, rencai

    return {
        **derived.FACTS,
        "kechuang-2024-budget": kechuang.BUDGET_2024,
        "kechuang-2025-budget": kechuang.BUDGET_2025,
        "kechuang-2025-budget-replaced": kechuang.BUDGET_2025_REPLACED,
        "kechuang-2024-final": kechuang.FINAL_2024,
        "kejing-2024-budget": kejing.BUDGET_2024,
        "kejing-2025-budget": kejing.BUDGET_2025,
        "rencai-2024-budget": rencai.BUDGET_2024,
        "rencai-2024-budget-replaced": rencai.BUDGET_2024_REPLACED,
        "rencai-2025-budget": rencai.BUDGET_2025,
        "rencai-2024-final": rencai.FINAL_2024,
        "qiye-2024-budget": qiye.BUDGET_2024,
        "qiye-2025-budget": qiye.BUDGET_2025,
        "archives-2025-budget": archives.BUDGET_2025,
    }


NAMES: Final = tuple(_facts())


def derived() -> frozenset[str]:
    """The names of documents made of another's figures: the same tables, other amounts."""
    from tests.portal.documents.agencies.derived import FACTS

    return frozenset(FACTS)


def _told(name: str) -> tuple[Any, Kind, str, list[Sheet | Form], tuple[Any, ...]]:
    """The facts of a publication, its kind and the word for it, its tables, all parts in order."""
    from tests.portal.documents import budget, figures, final, prose, yuan

    facts = _facts()[name]
    tables: list[Sheet | Form]
    if isinstance(facts, figures.FinalAccount):
        tables = [*final.sheets(facts)]
        parts = tuple(prose.final_parts(facts, [t for t in tables if isinstance(t, Sheet)]))
        return facts, Kind.FINAL, "年度部门决算", tables, parts
    if name.startswith(("archives", "records")):
        tables = [*yuan.sheets(facts)]
        return facts, Kind.BUDGET, "年部门预算", tables, tuple(prose.yuan_parts(facts, tables))
    tables = budget.sheets(facts)
    return facts, Kind.BUDGET, "年部门预算", tables, tuple(prose.budget_parts(facts, tables))


@cache
def _made(name: str) -> tuple[bytes, Truth]:
    from tests.portal.documents.render import render

    facts, kind, word, tables, parts = _told(name)
    rendered = render(f"{facts.agency.name}{facts.year}{word}", parts)
    statements = tuple(
        Statement(t.form, t.title, t.unit, rendered.pages[t.number], t.rows)
        for t in tables
        if isinstance(t, Sheet)
    )
    agency = facts.agency
    return rendered.pdf, Truth(
        name=name,
        agency=agency.name,
        division=agency.division,
        year=facts.year,
        kind=kind,
        pages=rendered.count,
        statements=statements,
        private=(agency.clerk, agency.phone),
        public=(agency.hotline,),
    )


def parts(name: str) -> tuple[Any, ...]:
    """Prose, sheets and forms of one publication in reading order, for another format than PDF."""
    return _told(name)[4]


def pdf(name: str) -> bytes:
    """The bytes of one publication. Raises KeyError for an unknown name."""
    return _made(name)[0]


def truth(name: str) -> Truth:
    """What is in it. Raises KeyError for an unknown name."""
    return _made(name)[1]


def as_json(name: str) -> dict[str, Any]:
    """The truth in the shape `mingzhang read --json` prints, figures as printed, None for blank."""
    said = truth(name)

    def row(item: Row) -> dict[str, Any]:
        values: dict[str, str | None] = {key: text or None for key, text in item.values.items()}
        side = {"side": item.side} if item.side else {}
        return {**side, "code": item.code, "name": item.name, **item.attributes, "values": values}

    return {
        "agency": said.agency,
        "year": said.year,
        "kind": said.kind.value,
        "tables": [
            {
                "title": statement.title,
                "unit": statement.unit,
                "pages": list(statement.pages),
                "rows": [row(item) for item in statement.rows],
            }
            for statement in said.statements
        ],
    }
