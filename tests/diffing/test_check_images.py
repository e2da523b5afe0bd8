"""What was recognised from a picture is found in doubt, never in the wrong for certain."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest
from msgspec import structs

from archive.model import Certainty, Document, Remark
from diffing.checks import Severity, check
from diffing.checks.case import Case
from diffing.checks.engine import run
from diffing.checks.model import Group, Sureness
from diffing.checks.rules import rule
from diffing.render.checks import lines
from tests.archive.rasters import Scanner, scanned
from tests.portal import documents
from tests.reading import read_once

from .test_check_documents import off_by_one

FINAL = "rencai-2024-final"
SAMPLE = (1, 8, 16)
"""The cover, a statement, and prose with figures."""


@cache
def printed() -> Document:
    return read_once(documents.pdf(FINAL))


@cache
def recognised() -> Document:
    """The pages as they are read from a worn scan."""
    worn = Scanner(150, skew=1.0, noise=8.0, jpeg=60)
    return read_once(scanned(documents.pdf(FINAL), worn, SAMPLE), optically=True)


def with_claim(document: Document, value: Decimal) -> Document:
    """The document with another figure in the one claim that is bound to a cell."""
    claims = tuple(
        structs.replace(claim, value=value, text=f"{value}万元") if claim.bound else claim
        for claim in document.claims
    )
    return structs.replace(document, claims=claims)


def stand_of(groups: tuple[Group, ...]) -> set[tuple[Severity, Sureness]]:
    return {(f.severity, f.sureness) for group in groups for f in group.findings}


def test_a_scan_of_a_clean_publication_has_no_findings_of_its_figures() -> None:
    assert len(recognised().statements) == 1
    assert recognised().claims
    assert check(recognised()).errors == ()
    assert check(recognised()).material == ()


def test_a_figure_that_does_not_fit_in_a_scan_is_at_most_likely_and_says_why() -> None:
    found = [check(wrong) for _, wrong in off_by_one(recognised(), step=7)]
    told = [report for report in found if report.groups]
    assert told  # its sums had confirmed some of these figures
    for report in told:
        assert stand_of(report.groups) == {(Severity.MINOR, Sureness.LIKELY)}
        said = [line for line in lines("a.pdf", report, {}) if line.startswith("  [")]
        assert said
        assert all("由图像识别读出，请核对原件" in line for line in said)


@pytest.mark.parametrize("seen", [False, True])
def test_prose_of_a_recognised_page_accuses_a_printed_table_of_nothing_for_certain(
    seen: bool,
) -> None:
    document = with_claim(printed(), Decimal("987.65"))
    page = next(claim.page for claim in document.claims if claim.bound)
    if seen:
        document = structs.replace(document, remarks=(Remark("page-recognised", "", page),))

    groups = check(document).groups

    expected = (Severity.MINOR, Sureness.LIKELY) if seen else (Severity.MATERIAL, Sureness.SURE)
    assert expected in stand_of(groups)
    assert len(stand_of(groups)) == 1
    sure = Certainty.RECOGNISED if seen else Certainty.TEXT
    assert {place.certainty for g in groups for place in g.first.here if place.quotation} == {sure}


def test_a_blank_cell_of_a_recognised_table_is_not_held_against_a_list() -> None:
    n11 = rule("N11")
    assert n11 is not None
    seen = structs.replace(n11.fires.document(), remarks=(Remark("page-recognised", "", 3),))
    report = run(Case(seen), [n11])
    assert report.groups == ()
    assert report.reasons["N11"] == {"recognised": 1}
