from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from archive.intake import Outcome
from archive.model import ChangeKind, Kind, Level, Remark, Source
from archive.settings import Settings, SettingsError
from diffing.changes import Significance, What
from diffing.digest import between, build, latest_run
from diffing.finding import NotFoundError
from diffing.render import markdown
from diffing.telling import after_run

from .archived import FINANCE, Filing, identity, known
from .build import budget, item

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return Filing(tmp_path)


def test_a_first_version_is_compared_with_last_years_document(filing: Filing) -> None:
    filing.commit(budget(), identity(2023))
    commit = filing.commit(budget("90.00", "15.00", "25.00"), identity(2024))

    digest = build(filing.archive, known(), [commit], created=NOW)

    (block,) = digest.blocks
    assert [(row.name, row.cell.difference) for row in block.projects.new] == [
        ("党建", Decimal("15.00"))
    ]
    assert [(row.name, row.cell.percent) for row in block.projects.changed] == [
        ("人才工作经费", Decimal("50.00"))
    ]
    assert [h.row.name for h in digest.headlines if h.row] == [
        "合计",
        "公务用车购置及运行费-购置费",
    ]
    assert [c.version.year for c in digest.collected] == [2024]
    assert digest.revisions == ()
    assert f"1. {FINANCE}｜“三公”经费合计：2024 年预算 28.00 万元" in markdown.render(digest)


def test_a_first_version_without_a_past_is_listed_with_its_totals(filing: Filing) -> None:
    commit = filing.commit(budget(), identity(2024))

    digest = build(filing.archive, known(), [commit])

    assert (digest.blocks, digest.headlines) == ((), ())
    text = markdown.render(digest)
    assert f"{FINANCE} 2024 年部门预算：收入总计 100.00 万元；支出总计 100.00 万元" in text


def test_last_years_final_account_is_no_past_of_a_budget(filing: Filing) -> None:
    filing.commit(budget(), identity(2023, Kind.FINAL))
    filing.commit(budget(), identity(2023, level=Level.UNIT))
    commit = filing.commit(budget(), identity(2024))

    assert build(filing.archive, known(), [commit]).blocks == ()


def test_a_revision_is_compared_with_the_version_it_replaced(filing: Filing) -> None:
    filing.commit(budget(), identity())
    commit = filing.commit(budget("60.05"), identity(), ChangeKind.REVISION)

    digest = build(filing.archive, known(), [commit])

    (comparison,) = digest.revisions
    assert {c.kind for c in comparison.changes} == {What.CHANGED}
    assert {c.significance for c in comparison.changes} == {Significance.HEADLINE}
    (headline,) = digest.headlines
    assert headline.count == len(comparison.changes) == 9
    text = markdown.render(digest)
    assert (
        f"1. {FINANCE} 2024 年部门预算公布后有变更，9 行数字不同；其中最大的一处："
        "部门支出总表“科技人才”合计由 100.00 万元变更为 100.05 万元，增加 0.05 万元，增长 0.05%"
    ) in text
    old, new = (v.entry for v in (comparison.old, comparison.new))
    assert old is not None
    assert new is not None
    assert new.commit == commit[1]
    assert old.commit != new.commit
    assert f"版本 {new.commit[:7]}" in text


def test_a_rereading_or_other_bytes_are_no_news_about_the_publisher(filing: Filing) -> None:
    filing.commit(budget(), identity())
    again = filing.commit(budget("70.00"), identity(), ChangeKind.RE_EXTRACTION)
    bytes_only = filing.commit(budget("70.00"), identity(), ChangeKind.BYTES_ONLY)

    digest = build(filing.archive, known(), [again, bytes_only])

    assert (digest.blocks, digest.revisions, digest.headlines) == ((), (), ())
    assert [h.kind for h in digest.happenings] == [ChangeKind.BYTES_ONLY]
    assert "重新读取" not in markdown.render(digest)
    assert latest_run(filing.archive)[0] == "run-3"


def test_a_run_that_only_read_anew_is_not_the_latest_run_to_tell_of(filing: Filing) -> None:
    filing.commit(budget(), identity())
    filing.commit(budget("70.00"), identity(), ChangeKind.RE_EXTRACTION)

    assert latest_run(filing.archive)[0] == "run-1"


def test_a_revision_after_a_rereading_is_compared_with_the_rereading(filing: Filing) -> None:
    filing.commit(budget(), identity())
    filing.commit(budget("70.00"), identity(), ChangeKind.RE_EXTRACTION)
    commit = filing.commit(budget("70.00", "1.00"), identity(), ChangeKind.REVISION)

    (comparison,) = build(filing.archive, known(), [commit]).revisions

    changed = {c.line.name for c in comparison.changes}
    assert "党建" in changed
    assert "人才工作经费" not in changed


def test_ten_headlines_at_most_and_every_agency_has_its_first(filing: Filing) -> None:
    names = ("上海市普陀区财政局", "上海市普陀区教育局", "上海市普陀区司法局", "上海市普陀区审计局")
    commits = []
    for name in names:
        filing.commit(budget("600.00"), identity(2023, name=name))
        commits.append(
            filing.commit(budget("9000.00", "90.00", "25.00"), identity(2024, name=name))
        )

    digest = build(filing.archive, known(), commits)

    assert len(digest.headlines) == 10
    assert digest.headlines_left == 4 * 5 - 10
    assert {h.comparison.new.agency for h in digest.headlines[:4]} == set(names)


def test_two_years_of_one_agency(filing: Filing) -> None:
    filing.commit(budget(), identity(2023))
    filing.commit(budget("120.00"), identity(2024))

    digest = between(filing.archive, known(), identity(2024), 2023)

    assert digest.name == f"{identity().agency}-department-budget-2023-2024"
    text = markdown.render(digest)
    assert text.startswith(f"# {FINANCE}：2024 年部门预算与 2023 年部门预算比较\n")
    assert (
        "收支总预算：2024 年预算 160.00 万元，比 2023 年预算增加 60.00 万元，增长 60.00% "
        "*\\[1\\] 第 5 页第 4 行; \\[2\\] 第 5 页第 4 行*"
    ) in text
    assert "- 项目支出占支出总额的 75.00%，比 2023 年预算上升 15.00 个百分点" in text


def test_a_year_that_is_not_there_names_those_that_are(filing: Filing) -> None:
    filing.commit(budget(), identity(2023))

    with pytest.raises(NotFoundError, match="there is: 2023年部门预算"):
        between(filing.archive, known(), identity(2024), 2023)


def test_every_figure_of_a_digest_is_the_printed_one_where_it_says(filing: Filing) -> None:
    """Each cell of each table: the quoted place holds the quoted amount."""
    filing.commit(budget(), identity(2023))
    filing.commit(budget("90.00", "15.00", "25.00"), identity(2024))

    digest = between(filing.archive, known(), identity(2024), 2023)

    (block,) = digest.blocks
    rows = (*block.totals, *block.sangong, *block.classes, *block.projects.new, *block.lines)
    assert len(rows) >= 10
    for row in rows:
        for amount, at, version in (
            (row.cell.old, row.cell.old_at, block.comparison.old),
            (row.cell.new, row.cell.new_at, block.comparison.new),
        ):
            if amount is None or at is None:
                continue
            assert (at.document, at.commit) == (version.name, version.commit)
            assert at.original == version.document.original
            there = [
                a.text
                for s in version.document.statements
                for i in s.items
                for a in i.amounts.values()
                if a.at and (a.at.page, a.at.row) == (at.page, at.row)
            ]
            assert amount.text in there


def outcome(status: str, division: str = "310107", commit: str = "", message: str = "") -> Outcome:
    source = Source(url="http://czj.example.gov.cn/x.pdf", filename="x.pdf", title="预算公开")
    return Outcome(status, "e" * 64, source, division=division, commit=commit, message=message)  # type: ignore[arg-type]


def settings_in(folder: Path, **digest: object) -> Settings:
    return Settings(folder / "mingzhang.toml", {"digest": digest})


def test_a_run_that_commits_nothing_writes_nothing(filing: Filing, tmp_path: Path) -> None:
    outcomes = [outcome("unchanged"), outcome("unreadable", message="truncated")]

    paths = after_run(filing.archive, known(), outcomes, settings_in(tmp_path), NOW)

    assert paths is None
    assert not (tmp_path / "digests").exists()


def test_after_a_run_the_digest_lies_in_three_formats(filing: Filing, tmp_path: Path) -> None:
    division, commit = filing.commit(budget(), identity(2024))
    outcomes = [
        outcome("committed", division, commit),
        outcome("unreadable", message="the file is truncated"),
        outcome("unfiled", message="no year can be read"),
    ]

    paths = after_run(filing.archive, known(), outcomes, settings_in(tmp_path), NOW, "20260309T1")

    assert paths is not None
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        f"digests/run-20260309T1/digest.{form}" for form in ("md", "html", "json")
    ]
    text = paths[0].read_text("utf-8")
    assert "2026-03-09 收录摘要" in text
    assert "the file is truncated" in text
    assert "no year can be read" in text
    data = json.loads(paths[2].read_text("utf-8"))
    assert data["schema"] == "mingzhang-digest/1"
    assert data["collected"][0]["commit"] == commit


def test_settings_of_the_digest_are_checked(filing: Filing, tmp_path: Path) -> None:
    done = outcome("committed", *filing.commit(budget(), identity(2024)))
    wrong = settings_in(tmp_path, folders="x")

    with pytest.raises(SettingsError, match="did you mean `folder`"):
        after_run(filing.archive, known(), [done], wrong, NOW)


def test_thresholds_are_settings_and_keep_their_exact_value(filing: Filing, tmp_path: Path) -> None:
    filing.commit(budget(), identity(2023))
    commit = filing.commit(budget("60.30"), identity(2024))
    quiet = build(filing.archive, known(), [commit])
    tables = {"thresholds": {"total_headline_any": 0.3}}
    from diffing.thresholds import DigestSettings

    section = settings_in(tmp_path, **tables).section("digest", DigestSettings)

    loud = build(filing.archive, known(), [commit], section)

    assert section.thresholds.total_headline_any == Decimal("0.3")
    assert quiet.headlines == ()
    assert [h.row.name for h in loud.headlines if h.row] == ["支出总计", "项目支出", "科学技术支出"]


def test_the_latest_run_is_found(filing: Filing) -> None:
    assert latest_run(filing.archive) == ("", [])
    filing.commit(budget(), identity(2023), run="r1")
    second = filing.commit(budget(), identity(2024), run="r2")

    assert latest_run(filing.archive) == ("r2", [second])


def test_what_the_reading_itself_says_reaches_the_reader(filing: Filing) -> None:
    remarked = structs.replace(
        budget(), remarks=(Remark("page-image", "页面上有图片，图片中的文字未读取", 7),)
    )
    commit = filing.commit(remarked, identity(2024))

    text = markdown.render(build(filing.archive, known(), [commit]))

    assert f"{FINANCE} 2024 年部门预算第 7 页：页面上有图片" in text


def test_a_total_its_details_do_not_account_for_is_shown(filing: Filing) -> None:
    found = budget("90.00")
    table = found.statements[1]
    total = item("合计", "140.00", "40.00", "100.00", row=5)
    odd = structs.replace(table, items=(*table.items[:2], total))
    filing.commit(budget(), identity(2023))
    filing.commit(
        structs.replace(found, statements=(found.statements[0], odd, *found.statements[2:])),
        identity(2024),
    )

    text = markdown.render(between(filing.archive, known(), identity(2024), 2023))

    assert (
        "未能归入细项的差额：部门支出总表“合计”合计变动 40.00 万元，细项变动之和 30.00 万元，"
        "相差 10.00 万元（舍入可解释 0.02 万元）。"
    ) in text


def test_without_a_project_table_no_project_is_called_new_or_gone(filing: Filing) -> None:
    found = budget()
    less = structs.replace(found, statements=found.statements[:2])
    filing.commit(found, identity(2023))
    filing.commit(less, identity(2024))

    digest = between(filing.archive, known(), identity(2024), 2023)

    assert not digest.blocks[0].projects.listed
    text = markdown.render(digest)
    assert "无法逐个项目比较" in text
    assert "项目支出表：仅在 2023 年预算中读到" in text
