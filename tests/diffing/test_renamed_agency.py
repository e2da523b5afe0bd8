"""An agency with a new name, renamed, split and new projects, and codes new to it, in a digest."""

from __future__ import annotations

from functools import cache

import pytest

from archive.model import Classification, Identity, Kind, Level
from archive.register import load
from archive.register.classification import Standing, classification_register
from diffing.changes import What
from diffing.compare import Comparison, compare
from diffing.digest import of_versions
from diffing.render import markdown
from diffing.versions import Version
from tests.crawler.conftest import REGISTER
from tests.portal import documents
from tests.reading import read_once

AGENCY = "990103.002"


@cache
def version(name: str) -> Version:
    """A budget of the agency as the archive would hand it to a comparison."""
    register, document = load(REGISTER), read_once(documents.pdf(name))
    printed = document.facts.agency or ""
    assert [agency.id for agency in register.find("990103", printed)] == [AGENCY]
    return Version(
        Identity("990103", AGENCY, Level.DEPARTMENT, document.facts.year or 0, Kind.BUDGET),
        document,
        agency_name=printed,
        projects=tuple(project.names for project in register.projects(AGENCY)),
        register=register,
    )


@cache
def compared() -> Comparison:
    return compare(version("qiye-2025-budget"), version("qiye-2026-budget"))


@cache
def digest() -> str:
    return markdown.render(of_versions(version("qiye-2025-budget"), version("qiye-2026-budget")))


def kinds(form: str, **wanted: str) -> set[What]:
    """What became of the line with this name or code."""
    (found,) = [
        change
        for change in compared().changes
        if change.line.form == form
        and all(getattr(change.line, key) == value for key, value in wanted.items())
    ]
    return set(found.kinds)


def test_both_names_are_one_agency_and_the_reader_is_told_of_both() -> None:
    assert version("qiye-2025-budget").agency_name == "青麓区企业和人才服务中心"
    assert version("qiye-2026-budget").agency_name == "青麓区科技创新和人才服务中心"
    assert (
        "两份文件所载机构名称不同：“青麓区企业和人才服务中心”与“青麓区科技创新和人才服务中心”。"
        in digest()
    )


@pytest.mark.parametrize(
    ("name", "became"),
    [
        ("公众号运维", What.RENAMED),
        ("综合业务", What.DROPPED),
        ("综合业务（政务）", What.NEW),
        ("综合业务（后勤）", What.NEW),
        ("档案服务工作", What.DROPPED),
        ("科技创新券兑现", What.NEW),
    ],
)
def test_projects_are_matched_by_curated_names_and_never_by_likeness(
    name: str, became: What
) -> None:
    assert kinds("budget.project", name=name) == {became}


@pytest.mark.parametrize("form", ["budget.income", "budget.general_unit", "budget.project"])
def test_rows_of_the_agency_itself_are_one_line_under_both_names(form: str) -> None:
    new, own = "青麓区科技创新和人才服务中心", "青麓区科技创新和人才服务中心本级"
    rows = {c.line.name: c for c in compared().changes if c.line.form == form and c.key}

    for name in (new, own):
        assert What.RENAMED in rows[name].kinds
        assert rows[name].before is not None
        assert rows[name].before.name == name.replace("科技创新", "企业")
        assert rows[name].cells == ()
    assert not [c for c in rows.values() if "企业和人才" in c.line.name]


def test_a_form_about_the_agency_is_one_form_under_both_names() -> None:
    whole = [p for p in compared().alignment.statements if p.either.form.endswith("_whole")]

    assert [(p.old.subject, p.new.subject) for p in whole if p.old and p.new] == [
        ("青麓区企业和人才服务中心", "青麓区科技创新和人才服务中心")
    ]
    assert len(whole) == 1


def test_a_renamed_project_is_told_with_its_old_name_and_no_change_of_its_amount() -> None:
    row = next(line for line in digest().splitlines() if line.startswith("| 公众号运维"))
    assert "原名：微信公众号信息化工作" in row
    assert "| 25.00 | 25.00 | 0.00 | 持平 |" in row


@pytest.mark.parametrize("form", ["budget.expenditure", "budget.general_function"])
def test_a_split_code_is_marked_and_compared_at_the_lowest_common_parent(form: str) -> None:
    changes = {c.line.code: c for c in compared().changes if c.line.form == form and c.line.code}

    for code in ("2010399", "20103", "20139", "2013999", "20140", "2014004"):
        assert What.BASIS_CHANGED in changes[code].kinds
        assert not {What.NEW, What.DROPPED} & set(changes[code].kinds)
        assert [cell.difference for cell in changes[code].cells] == [None] * len(
            changes[code].cells
        )
        assert changes[code].basis is not None
        assert changes[code].basis.parent == "201"


def test_a_split_code_is_told_with_where_it_was_said() -> None:
    assert "口径变化：2026 年起 2010399 → 2013999、2014004，可比的上级科目为 201" in digest()


def test_what_was_split_adds_up_where_the_years_compare() -> None:
    rows = [line for line in digest().splitlines() if line.startswith("| 一般公共服务支出 ")]
    assert "| 859.30 | 859.30 | 0.00 | 持平 |" in rows[0]
    assert "| 支出总计 | 1,159.18 | 1,159.18 | 0.00 | 持平 |" in digest()
    assert [c for c in compared().changes if c.line.code == "201"] == []


def test_the_new_codes_are_known_and_on_whose_word() -> None:
    register = classification_register()
    social, petitions = (
        register.names(code, Classification.FUNCTIONAL, 2024) for code in ("20139", "20140")
    )
    assert {(name.text, name.standing) for name in social} == {("社会工作事务", Standing.OBSERVED)}
    assert {(name.text, name.standing) for name in petitions} == {("信访事务", Standing.LISTED)}
    changes = {change.after: change for change in register.changes_between(2023, 2024)}
    assert changes[("20140",)].before == ("2010308",)
    assert not changes[("20139",)].verified
    assert not changes[("20140",)].verified
