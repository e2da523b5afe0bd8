"""Rows of agencies that were renamed, merged or split between two years."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from archive.model import Classification, Identity, Kind, Level, LineItem
from archive.register import Register
from diffing.changes import CellKind, Change, What
from diffing.compare import Comparison, compare
from diffing.paired import How
from diffing.render.asides import of_change
from diffing.render.comparison import as_csv
from diffing.render.method import gaps
from diffing.versions import Version
from diffing.words import wording

from .build import document, item, statement
from .test_compare_properties import in_words

DIVISION = '[[division]]\ncode = "990201"\nname = "明湖区"\nprovince = "某省"\ncity = "某市"\n'
AGENCIES = """
division = "990201"

[[department]]
id = "990201.001"
name = "明湖区人力资源局"

[[department.units]]
id = "990201.001.001"
names = [
  { text = "明湖区就业服务中心", until = 2024-12-31 },
  { text = "明湖区就业创业服务中心", since = 2025-01-01 },
]

[[department.units]]
id = "990201.001.002"
name = "明湖区人事考试中心"

[[department.units]]
id = "990201.001.003"
name = "明湖区人才交流中心"

[[department.units]]
id = "990201.001.004"
name = "明湖区人事人才中心"

[[department]]
id = "990201.002"
name = "明湖区档案局"

[[department]]
id = "990201.003"
name = "明湖区地方志办公室"

[[succession]]
on = 2025-01-01
turn = "merge"
before = ["990201.001.002", "990201.001.003"]
after = ["990201.001.004"]
source = "明编〔2024〕9号"

[[succession]]
on = 2025-03-01
turn = "transfer"
before = ["990201.003"]
after = ["990201.002"]
source = "明编〔2025〕2号"
"""
BUREAU, RECORDS = "990201.001", "990201.002"
JOBS, WORK = "明湖区就业服务中心", "明湖区就业创业服务中心"
EXAMS, TALENT, BOTH = "明湖区人事考试中心", "明湖区人才交流中心", "明湖区人事人才中心"
ZH = wording("zh")


@cache
def register() -> Register:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "agencies").mkdir()
        (folder / "divisions.toml").write_text(DIVISION, encoding="utf-8")
        (folder / "agencies" / "990201.toml").write_text(AGENCIES, encoding="utf-8")
        return Register.load(folder)


def row(name: str, amount: str, code: str = "") -> LineItem:
    kind = Classification.CATEGORY if name == "合计" else Classification.UNIT
    return item(name, amount, code=code, measures=("合计",), classification=kind)


def year(when: int, *rows: LineItem, agency: str = BUREAU) -> Version:
    found = document(statement(*rows, form="budget.general_unit", title="分单位表"))
    identity = Identity("990201", agency, Level.DEPARTMENT, when, Kind.BUDGET)
    return Version(identity, found, register=register())


def by_name(comparison: Comparison) -> dict[str, Change]:
    return {change.line.name: change for change in comparison.changes}


def merger() -> Comparison:
    old = year(
        2024,
        row("明湖区人力资源局", "60.00", "016"),
        row(JOBS, "30.00", "016001"),
        row(EXAMS, "20.00", "016002"),
        row(TALENT, "10.00", "016003"),
        row("合计", "60.00"),
    )
    new = year(
        2025,
        row("明湖区人力资源局", "66.00", "016"),
        row(BOTH, "33.00", "016002"),
        row(WORK, "33.00", "016004"),
        row("合计", "66.00"),
    )
    return compare(old, new)


def test_rows_of_one_agency_are_one_line_under_either_name() -> None:
    change = by_name(merger())[WORK]

    assert change.kinds == (What.CHANGED, What.RECODED, What.RENAMED)
    assert change.paired_by == str(How.AGENCY)
    assert change.before is not None
    assert change.before.name == JOBS
    assert change.cell is not None
    assert f"{change.cell.difference}" == "3.00"
    assert "按登记的机构名称对应" in list(of_change(change, ZH))


def test_a_renumbered_code_makes_no_line_of_two_agencies() -> None:
    found = by_name(merger())

    # 016002 was 人事考试中心 and is 人事人才中心
    assert found[BOTH].before is None
    assert found[EXAMS].new_at is None


def test_merged_agencies_are_neither_new_nor_gone_and_compare_at_their_department() -> None:
    comparison = merger()
    found = by_name(comparison)

    for name in (EXAMS, TALENT, BOTH):
        assert found[name].kinds == (What.BASIS_CHANGED,)
        assert [(c.kind, c.difference) for c in found[name].cells] == [(CellKind.OTHER_BASIS, None)]
        assert list(of_change(found[name], ZH)) == [
            f"口径变化：2025 年起 {EXAMS}、{TALENT} → {BOTH}，可比的上级为 明湖区人力资源局"
            "（据机构登记：明编〔2024〕9号）"
        ]
    assert found["明湖区人力资源局"].kinds == (What.CHANGED,)
    assert found["合计"].basis is None
    assert f"2025:{EXAMS}+{TALENT}>{BOTH}@明湖区人力资源局" in as_csv(comparison)


def test_a_merger_that_the_later_document_does_not_show_yet_marks_nothing() -> None:
    old, new = (
        year(when, row(EXAMS, amount), row(TALENT, "10.00"))
        for when, amount in ((2024, "20.00"), (2025, "21.00"))
    )
    (change,) = compare(old, new).changes

    assert (change.kinds, change.basis) == ((What.CHANGED,), None)


def test_who_took_over_the_duties_of_another_counts_other_things_in_every_line() -> None:
    old, new = (
        year(when, row("明湖区档案局", amount), row("合计", amount), agency=RECORDS)
        for when, amount in ((2025, "20.00"), (2026, "29.00"))
    )
    comparison = compare(old, new)

    assert [set(c.kinds) for c in comparison.changes] == [{What.CHANGED, What.BASIS_CHANGED}] * 2
    assert gaps(comparison, ZH)[0] == (
        "口径变化：2025 年起 明湖区地方志办公室 → 明湖区档案局，两年的数字可能不是同一口径"
        "（据机构登记：明编〔2025〕2号）。"
    )


def test_a_reform_after_the_later_budget_was_drawn_up_marks_nothing() -> None:
    old, new = (
        year(when, row("明湖区档案局", amount), agency=RECORDS)
        for when, amount in ((2024, "20.00"), (2025, "29.00"))
    )
    comparison = compare(old, new)

    assert [(c.kinds, c.basis) for c in comparison.changes] == [((What.CHANGED,), None)]
    assert not any(note.code == "agencies-turned" for note in comparison.notes)


def test_a_name_counts_in_the_years_in_which_it_was_borne() -> None:
    # nobody bore either name in these years: they may be two agencies
    old, new = year(2021, row(WORK, "1.00")), year(2022, row(JOBS, "1.00"))
    assert {change.kind for change in compare(old, new).changes} == {What.NEW, What.DROPPED}


def test_a_file_that_is_not_archived_is_compared_without_the_register() -> None:
    old, new = year(2024, row(JOBS, "1.00")), year(2025, row(WORK, "1.00"))
    alone = (structs.replace(version, register=None) for version in (old, new))
    assert {change.kind for change in compare(*alone).changes} == {What.NEW, What.DROPPED}


def without_years(told: tuple) -> str:
    """The year of a document id differs by which side it stands on."""
    return re.sub(r"/20\d\d/", "/", repr(told))


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from((JOBS, WORK, EXAMS, TALENT, BOTH, "明湖区人力资源局", f"{WORK}本级")),
        st.sampled_from(("", "1.00", "2.00", "12 34")),
        st.sampled_from(("", "016001", "016002")),
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(ROWS, ROWS, st.sampled_from((2023, 2024)), st.sampled_from((BUREAU, RECORDS)))
def test_reversed_the_years_tell_the_reverse_and_no_row_is_in_two_changes(
    before: list[LineItem], after: list[LineItem], first: int, agency: str
) -> None:
    old = year(first, *before, agency=agency)
    new = year(2026, *after, agency=agency)
    there, back = compare(old, new), compare(new, old)

    assert Counter(map(without_years, map(in_words, there.changes))) == Counter(
        without_years(in_words(change, reverse=True)) for change in back.changes
    )
    keys = [(change.place, change.key) for change in there.changes if change.key]
    assert len(keys) == len(set(keys))
    rows = [
        i for pair in there.alignment.statements for r in pair.rows for i in (r.old, r.new) if i
    ]
    assert Counter(map(id, rows)) == Counter(map(id, (*before, *after)))
