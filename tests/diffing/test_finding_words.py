"""How findings are put: figures to hold side by side, and nobody blamed for a replacement."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.model import ChangeKind
from diffing.checks.model import Found, Place
from diffing.checks.saying import said

from .archived import Filing, identity
from .test_check_command import ID, Desk, budget, desk

__all__ = ["desk"]

DIFFERS = "文字“{name}”为{stated}，表为{expected}，相差{difference}"


def found(stated: str, expected: str, difference: str, name: str = "住房公积金") -> Found:
    here = (Place(page=9, name=name),)
    return Found(here, (), stated, expected, Decimal(difference), unit="万元")


def test_a_figure_in_yuan_has_its_wan_beside_it() -> None:
    told = said(DIFFERS, found("738.66万元", "6,964,796元", "42.1804"), "zh")
    assert told == "文字“住房公积金”为738.66万元，表为6,964,796元（696.4796万元），相差42.1804万元"


def test_differences_are_grouped_like_the_figures_they_are_of() -> None:
    assert said(DIFFERS, found("0.3万元", "2,961.68万元", "2961.3800"), "zh").endswith(
        "表为2,961.68万元，相差2,961.38万元"
    )


def test_a_name_in_quotation_marks_has_inner_ones() -> None:
    told = said(DIFFERS, found("1万元", "2万元", "1", "“三公”经费预算"), "zh")
    assert told.startswith("文字“‘三公’经费预算”为")


@pytest.fixture
def filing(desk: Desk) -> Filing:
    """The archive of the desk, to be filled further."""
    found = Filing(desk.folder / "archive")
    found.count = 2
    return found


def test_a_quotation_of_what_was_replaced_since_says_so(desk: Desk, filing: Filing) -> None:
    filing.commit(budget(2024, "100.00", "10.00"), identity(2024), ChangeKind.REVISION)
    assert desk.findings(ID) == []
    filing.commit(budget(2023, "95.00", "1.00"), identity(2023), ChangeKind.REVISION)
    (finding,) = desk.findings(ID)
    assert finding["sentence"].endswith("相差5万元；2023年预算被替换前的版本与此处所述一致")
    assert finding["sentence_en"].endswith(
        "; the version of the budget of 2023 that was replaced agrees with what is said here"
    )


def test_a_replaced_version_that_did_not_agree_either_is_not_named(
    desk: Desk, filing: Filing
) -> None:
    filing.commit(budget(2023, "95.00", "1.00"), identity(2023), ChangeKind.REVISION)
    (finding,) = desk.findings(ID)
    assert finding["sentence"].endswith("相差15万元")
