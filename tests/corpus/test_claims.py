"""Claims of the real publications: every amount is one claim, and what is bound agrees."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archive import money
from archive.model import Claim, Document, Role, Unit
from archive.text.claims import cell, survey
from tests import corpus
from tests.reading import read_once

pytestmark = pytest.mark.corpus

GOLDEN = Path(__file__).parent / "golden"
REVIEWED = ("czj_2024_final", "wanli_jdbsc_2024_budget")
AMOUNT = re.compile(r"\d(?:[\d,.]*\d)?\s*(?:亿元|万元|元|万(?=[，。；、（(]))")
MONEY = ("元", "万元", "亿元")
# Figures of the prose that are not those of the statement they name: errors of the publishers.
# In 元 statements the prose cuts off behind 0.01 万元 instead of rounding (87.708 → 87.70).
DISAGREEING = {
    "czj_2024_final": {"0.3万元"},
    "czj_dept_2025_budget": {
        "87.70万元",
        "887.36万元",
        "78.21万元",
        "204.91万元",
        "268.77万元",
    },
    "ghzyj_2024_final": {"236.63万元", "5377.64万元", "4896.98万元"},
    "sfj_dept_2026_budget": {"201.50万元"},
    "shflfly_unit_2024_budget": {"738.66万元"},
    "wanli_jdbsc_2023_budget": {"441.25万元"},
    "wanli_jdbsc_2024_budget": {"352.67万元"},
}


@cache
def document(path: Path) -> Document:
    return read_once(path.read_bytes())


def in_wan(value: Decimal, unit: str) -> Decimal:
    if unit == "亿元":
        return value * 10_000
    return money.convert(value, Unit(unit), Unit.WAN)


def agrees(read_document: Document, claim: Claim) -> bool:
    """Whether a claim and every cell it is bound to print the same amount; a blank is not one."""
    assert claim.value is not None
    assert claim.unit is not None
    for binding in claim.bound:
        amount = cell(read_document, binding)
        assert amount is not None, binding
        unit = next(s.unit for s in read_document.statements if s.form == binding.form)
        assert unit is not None
        printed = in_wan(amount.value or Decimal(0), unit)
        coarser = Decimal("0.005") if unit is Unit.YUAN else Decimal(0)
        if abs(printed - in_wan(claim.value, claim.unit)) > coarser:
            return False
    return True


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_every_amount_in_the_prose_is_one_claim_or_excluded_by_name(path: Path) -> None:
    whole = document(path)
    claims, excluded = survey(whole)
    printed = sum(len(AMOUNT.findall(paragraph.text)) for paragraph in whole.prose)
    claimed = [claim for claim in claims if claim.unit in MONEY]
    left_out = [e for e in excluded if e.text.endswith(("元", "万"))]
    assert printed == len(claimed) + len(left_out)
    assert {e.why for e in left_out} <= {"threshold", "rate"}
    assert all(claim.value is not None for claim in claimed)


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_every_claim_quotes_the_prose_and_its_figure(path: Path) -> None:
    whole = document(path)
    prose = {paragraph.text for paragraph in whole.prose}
    claims = survey(whole)[0]
    for claim in claims:
        assert claim.quotation[slice(*claim.span)] == claim.text
        assert any(claim.quotation in text for text in prose)
        assert bool(claim.bound) != bool(claim.reason)
        for other in (claim.parent, claim.about):
            assert other is None or claims[other].role in (Role.VALUE, Role.COUNT)


@pytest.mark.parametrize("path", corpus.pdfs(), ids=lambda p: p.stem)
def test_bound_values_are_those_of_their_cells_but_for_the_publishers_errors(path: Path) -> None:
    whole = document(path)
    bound = [c for c in survey(whole)[0] if c.bound and c.role is Role.VALUE]
    assert {c.text for c in bound if not agrees(whole, c)} == DISAGREEING.get(path.stem, set())


@pytest.mark.parametrize("name", REVIEWED)
def test_the_claims_are_those_reviewed(name: str) -> None:
    """A golden that is missing is written, and the test fails until somebody has reviewed it."""
    path = corpus.FOLDER / f"{name}.pdf"
    if not path.exists():
        pytest.skip("the corpus is not here: ../shared/corpus")
    got = [compact(claim) for claim in survey(document(path))[0]]
    golden = GOLDEN / f"claims_{name}.json"
    if not golden.exists():
        lines = ",\n".join(json.dumps(line, ensure_ascii=False) for line in got)
        golden.write_text(f"[\n{lines}\n]\n")
        pytest.fail(f"{golden.name} was missing and is written: review it against the publication")
    assert got == json.loads(golden.read_text())


def compact(claim: Claim) -> dict[str, Any]:
    """A claim as figures and a short subject: nothing of the publication's sentences."""
    against = claim.against
    fields = {
        "page": claim.page,
        "role": claim.role,
        "subject": re.split(r"（[类款]）(?=.)|，", claim.subject)[-1][:24],
        "text": claim.text,
        "direction": claim.direction,
        "of": [claim.year, claim.basis],
        "against": against and [against.year, against.basis],
        "whole": claim.whole,
        "parent": claim.parent,
        "about": claim.about,
        "bound": [
            "/".join((b.form, b.side or "", b.code, b.name, b.measure, b.block)).rstrip("/")
            for b in claim.bound
        ],
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
