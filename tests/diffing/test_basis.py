"""口径变化: what a revision of the classification means for the lines of two years."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from archive.model import Classification, LineItem
from archive.register import load
from diffing.basis import Basis, revisions
from diffing.changes import CellKind, Change, Significance, What
from diffing.compare import Comparison, compare
from diffing.conservation import Outcome
from diffing.likeness import Suggestion
from diffing.paired import How
from diffing.render.asides import of_basis
from diffing.render.comparison import as_csv
from diffing.versions import Version
from diffing.words import wording

from .build import document, item, statement, version

ONE = ("合计",)


def line(code: str, name: str, amount: str) -> LineItem:
    return item(name, amount, code=code, measures=ONE)


def year(when: int, *rows: LineItem, form: str = "budget.general_function") -> Version:
    return version(document(statement(*rows, form=form)), year=when)


def by_code(comparison: Comparison) -> dict[str, Change]:
    return {change.line.code: change for change in comparison.changes}


def market_supervision() -> Comparison:
    return compare(
        year(
            2018,
            line("201", "一般公共服务支出", "50.00"),
            line("20115", "工商行政管理事务", "30.00"),
            line("20117", "质量技术监督与检验检疫事务", "20.00"),
            line("206", "科学技术支出", "5.00"),
            item("合计", "55.00", measures=ONE),
        ),
        year(
            2019,
            line("201", "一般公共服务支出", "90.00"),
            line("20138", "市场监督管理事务", "90.00"),
            line("206", "科学技术支出", "6.00"),
            item("合计", "96.00", measures=ONE),
        ),
    )


def test_merged_lines_are_neither_new_nor_gone_and_compare_at_their_lowest_common_parent() -> None:
    found = by_code(market_supervision())

    for code in ("20115", "20117", "20138"):
        assert found[code].kinds == (What.BASIS_CHANGED,)
        assert [(c.kind, c.difference) for c in found[code].cells] == [(CellKind.OTHER_BASIS, None)]
        assert found[code].significance is Significance.LIST
        assert found[code].basis is not None
        assert found[code].basis.parent == "201"
    parent = found["201"]
    assert parent.kinds == (What.CHANGED,)
    assert parent.cell is not None
    assert (parent.cell.difference, parent.cell.percent) == (Decimal("40.00"), Decimal("80.00"))
    assert found["206"].basis is None


def test_a_line_that_counts_other_things_is_marked_though_it_prints_the_same_figure() -> None:
    old, new = (
        year(
            when,
            line("201", "一般公共服务支出", "50.00"),
            line("20103", "政府办公厅事务", "20.00"),
            line("2010399", "其他支出", "20.00"),
            *rows,
        )
        for when, rows in ((2018, [line("20115", "工商行政管理事务", "30.00")]), (2019, []))
    )
    assert "20103" not in by_code(compare(old, new))
    merged = (
        year(2018, line("20115", "工商", "20.00"), line("2011501", "行政运行", "20.00")),
        year(2019, line("20115", "工商", "20.00"), line("20138", "市场监督管理事务", "20.00")),
    )
    found = by_code(compare(*merged))

    assert found["20115"].kinds == (What.BASIS_CHANGED,)
    assert found["20115"].cells == ()
    assert "2019:20115+20117+21010>20138@201" in as_csv(compare(*merged))


def test_the_changes_still_add_up() -> None:
    comparison = market_supervision()

    assert {c.outcome for c in comparison.conservation} == {Outcome.HOLDS}
    assert (comparison.accounting.unsure_old, comparison.accounting.unsure_new) == (1, 2)


def test_lines_of_two_classes_merged_into_one_compare_at_the_total_only() -> None:
    comparison = compare(
        year(
            2018,
            line("201", "一般公共服务支出", "30.00"),
            line("20115", "工商行政管理事务", "30.00"),
            line("210", "医疗卫生与计划生育支出", "20.00"),
            line("21010", "食品和药品监督管理事务", "20.00"),
            item("合计", "50.00", measures=ONE),
        ),
        year(
            2019,
            line("201", "一般公共服务支出", "60.00"),
            line("20138", "市场监督管理事务", "60.00"),
            item("合计", "60.00", measures=ONE),
        ),
    )
    found = by_code(comparison)

    assert found["201"].kinds == (What.BASIS_CHANGED,)
    assert found["201"].cell is not None
    assert found["201"].cell.difference is None
    assert found["210"].kinds == (What.BASIS_CHANGED,)
    assert found[""].kinds == (What.CHANGED,)


def test_one_code_that_became_another_is_one_line() -> None:
    comparison = compare(
        year(2023, line("2010308", "信访事务", "10.00"), line("20103", "政府办公厅", "30.00")),
        year(2024, line("20140", "信访事务", "12.00"), line("20103", "政府办公厅", "21.00")),
    )
    found = by_code(comparison)

    moved = found["20140"]
    assert moved.paired_by == str(How.REGISTER)
    assert set(moved.kinds) == {What.CHANGED, What.BASIS_CHANGED, What.RECODED}
    assert moved.cell is not None
    assert moved.cell.difference == Decimal("2.00")
    assert found["20103"].kinds == (What.BASIS_CHANGED,)  # it lost 2010308


def test_the_reverse_comparison_knows_which_side_is_earlier() -> None:
    there = market_supervision()
    back = compare(there.new, there.old)

    assert {c: f.basis for c, f in by_code(back).items()} == {
        c: f.basis for c, f in by_code(there).items()
    }


def test_revisions_are_those_between_the_years_and_say_on_whose_word() -> None:
    assert revisions(2021, 2023) == ()
    assert {r.year for r in revisions(2025, 2023)} == {2024, 2025}
    official = {r.after for r in revisions(2023, 2025) if r.official}
    assert ("22911",) in official
    assert ("20139",) not in official


def test_the_reader_is_told_whether_an_official_text_was_read() -> None:
    basis = by_code(market_supervision())["20138"].basis
    assert isinstance(basis, Basis)

    said = of_basis(basis, wording("zh"))

    assert said == (
        "口径变化：2019 年起 20115、20117、21010 → 20138，可比的上级科目为 201"
        "（依据整理资料，未见官方文本）"
    )


def project(name: str, amount: str) -> LineItem:
    return item(name, amount, measures=ONE, classification=Classification.PROJECT)


def projects(when: int, *rows: LineItem, names: tuple[tuple[str, ...], ...] = ()) -> Version:
    return structs.replace(year(when, *rows, form="budget.project"), projects=names)


ALIASES = (("基地专项费", "创新发展与人才服务基地专项经费"),)


def test_curated_names_of_one_project_are_one_line() -> None:
    comparison = compare(
        projects(2024, project("基地专项费", "154.10"), project("党建", "1.00"), names=ALIASES),
        projects(
            2025, project("创新发展与人才服务基地专项经费", "307.00"), project("党建", "1.00")
        ),
    )

    (change,) = comparison.changes
    assert change.kinds == (What.CHANGED, What.RENAMED)
    assert change.paired_by == str(How.ALIAS)
    assert change.cell is not None
    assert change.cell.difference == Decimal("152.90")


def test_a_name_of_two_projects_is_no_alias_of_either() -> None:
    both = (*ALIASES, ("基地专项费", "另一项目"))
    comparison = compare(
        projects(2024, project("基地专项费", "154.10"), names=both),
        projects(2025, project("创新发展与人才服务基地专项经费", "307.00")),
    )

    assert {c.kind for c in comparison.changes} == {What.NEW, What.DROPPED}


def test_the_register_has_the_curated_names_of_an_agency() -> None:
    groups = [set(p.names) for p in load().projects("420106.001")]

    assert {"区创新发展与人才服务基地专项经费", "创新发展和人才服务基地专项费"} <= groups[0]
    assert load().projects("420107.001") == ()


def suggestions(old: Version, new: Version) -> list[tuple[str, str, int, bool]]:
    found: tuple[Suggestion, ...] = compare(old, new).suggestions
    return [(s.old_name, s.new_name, s.score, s.same_amount) for s in found]


def test_likeness_only_suggests_and_leaves_the_rows_where_they_are() -> None:
    old = projects(2024, project("科创企业和人才服务专项", "93.50"), project("丁", "1.00"))
    new = projects(2025, project("科创企业与人才服务专项", "81.50"), project("戊", "2.00"))

    comparison = compare(old, new)

    assert suggestions(old, new) == [
        ("科创企业和人才服务专项", "科创企业与人才服务专项", 89, False)
    ]
    assert sorted(c.kind for c in comparison.changes) == ["dropped", "dropped", "new", "new"]


def test_two_projects_of_like_names_and_other_amounts_are_not_taken_for_one() -> None:
    # 青山区 prints 人才服务专项经费 and 人才工作经费: two projects
    old = projects(2022, project("人才服务专项经费", "40.00"))
    new = projects(2023, project("人才工作经费", "34.00"))

    assert suggestions(old, new) == []


def test_a_row_with_two_equally_good_counterparts_gets_none() -> None:
    old = projects(2024, project("甲乙丙丁戊己庚", "10.00"))
    new = projects(2025, project("甲乙丙丁戊己", "9.00"), project("乙丙丁戊己庚", "8.00"))

    assert suggestions(old, new) == []


def test_names_are_only_held_against_names_of_the_same_parent() -> None:
    old = year(2023, line("201", "甲", "1.00"), line("20103", "行政运行事务管理", "1.00"))
    new = year(2024, line("206", "乙", "2.00"), line("20603", "行政运行事务管理", "2.00"))

    assert suggestions(old, new) == []


def test_hundreds_of_unmatched_rows_are_counted_and_not_compared() -> None:
    old = projects(2024, *(project(f"旧{n}", "1.00") for n in range(301)))
    new = projects(2025, *(project(f"新{n}", "2.00") for n in range(301)))

    comparison = compare(old, new)

    assert comparison.suggestions == ()
    (note,) = (n for n in comparison.notes if n.code == "suggestions-left")
    assert note.values == {"count": "602"}
