"""Every number in a digest leads to a place in the archive, and is what is stored there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from archive.model import ChangeKind, Kind
from diffing.checks.judgements import Judgement
from diffing.digest import Digest, Span, between, of_document, of_span
from diffing.render import data, html
from diffing.review import Review
from tests.portal import documents

from .archived import Filing, identity, known
from .tracing import Paper, Stored, check_findings, check_json

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SPAN = Span(date(2026, 1, 1), date(2026, 12, 31))
NOBODY: dict[str, Judgement] = {}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Filing:
    """Two budgets, a final account and a replaced budget, as a portal published them."""
    filing = Filing(tmp_path_factory.mktemp("archive"))
    for name, year, kind, change in (
        ("kechuang-2024-budget", 2024, Kind.BUDGET, ChangeKind.FIRST),
        ("kechuang-2024-final", 2024, Kind.FINAL, ChangeKind.FIRST),
        ("kechuang-2025-budget", 2025, Kind.BUDGET, ChangeKind.FIRST),
        ("kechuang-2025-budget-replaced", 2025, Kind.BUDGET, ChangeKind.REVISION),
    ):
        filing.publish(documents.pdf(name), identity(year, kind), change)
    return filing


def digests(filing: Filing, folder: Path) -> list[Digest]:
    archive, register = filing.archive, known()
    review = Review(archive, register, folder, NOBODY)
    return [
        of_span(archive, register, "310107", SPAN, review=review),
        of_document(archive, register, identity(2025), review=review),
        between(archive, register, identity(2025), 2024, review=review),
    ]


def traced(digest: Digest, stored: Stored) -> tuple[int, int]:
    """How many figures of the page and of the machine copy were followed home."""
    paper = Paper(html.render(digest), stored)
    paper.check_tables()
    paper.check_headlines()
    paper.check_shares()
    return paper.traced, check_json(json.loads(data.render(digest)), stored)


def test_every_figure_of_a_digest_is_the_one_that_is_stored(
    generated: Filing, tmp_path: Path
) -> None:
    stored = Stored(generated.archive)

    counts = [traced(digest, stored) for digest in digests(generated, tmp_path)]

    for shown, listed in counts:
        assert shown > 60
        assert listed > 150


def test_a_figure_that_was_tampered_with_does_not_pass(generated: Filing, tmp_path: Path) -> None:
    """The test of the test: one digit changed on the page is found."""
    stored = Stored(generated.archive)
    page = html.render(digests(generated, tmp_path)[2])
    paper = Paper(page, stored)
    amount = next(
        cell.text_content()
        for cell in paper.root.cssselect("main tbody td.n")
        if cell.text_content().count(".") == 1 and cell.text_content()[0].isdigit()
    )
    other = ("2" if amount[0] == "1" else "1") + amount[1:]

    with pytest.raises(AssertionError):
        Paper(page.replace(f">{amount}<", f">{other}<"), stored).check_tables()


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real publications is not here")
def test_every_figure_of_a_digest_of_real_publications_is_the_one_stored(tmp_path: Path) -> None:
    filing = Filing(tmp_path / "archive")
    what = {
        year: identity(year, name="上海市普陀区人民政府万里街道办事处") for year in (2023, 2024)
    }
    for year, document in what.items():
        filing.publish((CORPUS / f"wanli_jdbsc_{year}_budget.pdf").read_bytes(), document)
    filing.publish((CORPUS / "czj_2024_final.pdf").read_bytes(), identity(2024, Kind.FINAL))
    filing.publish((CORPUS / "czj_dept_2025_budget.pdf").read_bytes(), identity(2025))

    review = Review(filing.archive, known(), tmp_path, NOBODY)
    digest = of_span(filing.archive, known(), "310107", SPAN, review=review)
    stored = Stored(filing.archive)
    shown, listed = traced(digest, stored)
    found = check_findings(json.loads(data.render(digest)), stored)

    assert shown > 100
    assert listed > 500
    assert found > 5, "the places of what does not add up"
