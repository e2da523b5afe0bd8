"""Digests of a district's period and of one document."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from archive.matrix import Cell, Standing
from archive.model import ChangeKind, Kind, Level
from archive.register.calendars import Basis, Due
from crawler.cli import mingzhang
from diffing.digest import Scope, Span, of_document, of_span, parse_span
from diffing.digest.absent import Absence, Absent
from diffing.finding import NotFoundError
from diffing.render import html, markdown

from .archived import Filing, identity, known
from .build import budget, document, item, statement


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return Filing(tmp_path / "archive")


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(period: str, since: date, until: date) -> None:
    assert parse_span(period) == Span(since, until)


@pytest.mark.parametrize("period", ["2026-Q5", "2026-13", "26", "2026-1", "last year"])
def test_anything_else_is_no_period(period: str) -> None:
    with pytest.raises(ValueError, match=r"period|month"):
        parse_span(period)


def test_a_period_holds_what_was_seen_in_it_and_nothing_else(filing: Filing) -> None:
    # the first commit is seen on 2 March, the next on the 3rd, and so on
    filing.commit(budget("60.00"), identity(2023))
    filing.commit(budget("160.00"), identity(2024))
    filing.commit(budget("165.00"), identity(2024), ChangeKind.REVISION)
    filing.commit(budget("165.00"), identity(2025))

    def of(first: int, last: int):
        span = Span(date(2026, 3, first), date(2026, 3, last))
        return of_span(filing.archive, known(), "310107", span)

    whole = of(2, 5)
    assert (whole.scope, whole.place) == (Scope.PERIOD, "普陀区")
    assert [b.comparison.new.year for b in whole.blocks] == [2024, 2025]
    assert [(r.old.year, r.new.year) for r in whole.revisions] == [(2024, 2024)]
    assert [c.version.year for c in whole.collected] == [2023, 2024, 2025]
    replaced = of(4, 4)
    assert [len(part) for part in (replaced.blocks, replaced.revisions)] == [0, 1]
    assert not replaced.collected
    assert of(6, 9).comparisons == ()


def test_days_are_days_in_china(filing: Filing) -> None:
    seen = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)  # half past one of 1 April there
    filing.commit(budget("60.00"), identity(2024), observed=seen)

    def documents(span: Span) -> int:
        return len(of_span(filing.archive, known(), "310107", span).collected)

    assert documents(parse_span("2026-03")) == 0
    assert documents(parse_span("2026-04")) == 1
    told = of_document(filing.archive, known(), identity(2024))
    assert "2026-04-01" in markdown.render(told)
    assert "2026-03-31" not in markdown.render(told)


def test_a_period_is_told_as_it_stood_at_its_end_by_the_newest_readings(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2023))
    filing.commit(budget("160.00"), identity(2024))  # until 3 March
    filing.commit(budget("61.00"), identity(2023), ChangeKind.REVISION)
    filing.commit(outcome("350.00"), identity(2024, Kind.FINAL))
    span = Span(date(2026, 3, 2), date(2026, 3, 3))

    def told() -> tuple[list[str], int]:
        found = of_span(filing.archive, known(), "310107", span)
        (block,) = found.blocks
        (total,) = [row for row in block.totals if row.name == "支出总计"]
        figures = [a.text for a in (total.cell.old, total.cell.new) if a]
        return figures, len(found.executions)

    first = told()
    filing.count = 0  # the bytes of 2 March, read anew when others have taken their place
    kind = ChangeKind.RE_EXTRACTION
    late = datetime(2026, 3, 20, 8, tzinfo=UTC)
    filing.commit(budget("65.00"), identity(2023), kind, observed=late)

    assert first == (["100.00", "200.00"], 0)
    assert told() == (["105.00", "200.00"], 0)
    whole = of_span(filing.archive, known(), "310107", Span(date(2026, 3, 2), date(2026, 3, 5)))
    assert len(whole.executions) == 1


def test_what_was_there_is_not_what_its_bytes_became_later(filing: Filing) -> None:
    """The first file comes back and is read anew: that is no reading of the second."""
    filing.commit(budget("60.00"), identity(2023))
    filing.commit(budget("70.00"), identity(2023), ChangeKind.REVISION)
    filing.commit(budget("160.00"), identity(2024))
    filing.count = 0
    again = {"observed": datetime(2026, 3, 20, 8, tzinfo=UTC)}
    filing.commit(budget("60.00"), identity(2023), ChangeKind.REVISION, **again)
    filing.count = 0
    again = {"observed": datetime(2026, 3, 21, 8, tzinfo=UTC)}
    filing.commit(budget("65.00"), identity(2023), ChangeKind.RE_EXTRACTION, **again)

    found = of_span(filing.archive, known(), "310107", Span(date(2026, 3, 4), date(2026, 3, 4)))

    (block,) = found.blocks
    assert block.comparison.old.document.original[0] == "2"
    assert [r.cell.old.text for r in block.totals if r.name == "支出总计" and r.cell.old] == [
        "110.00"
    ]


def test_a_document_is_told_with_all_its_versions(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2023))
    filing.commit(budget("160.00"), identity(2024))
    filing.commit(budget("165.00"), identity(2024), ChangeKind.REVISION)
    filing.commit(budget("166.00"), identity(2024), ChangeKind.CORRECTION)

    found = of_document(filing.archive, known(), identity(2024))

    assert [v.entry.kind for v in found.history if v.entry] == [
        ChangeKind.CORRECTION,
        ChangeKind.REVISION,
        ChangeKind.FIRST,
    ]
    sizes = [(r.old.document.original[0], r.new.document.original[0]) for r in found.revisions]
    assert sizes == [("3", "4"), ("2", "3")]
    (block,) = found.blocks
    assert block.comparison.new.commit == found.history[0].commit
    page = markdown.render(found)
    assert "上海市普陀区财政局 2024 年部门预算：版本、变动与核对" in page
    for version in found.history:
        assert (version.commit or "?")[:7] in page
    with pytest.raises(NotFoundError, match="2024"):
        of_document(filing.archive, known(), identity(2030))


def outcome(text: str):
    """A final account whose expenditure came to this."""
    return document(
        statement(
            item("一、科学技术支出", text, measures=("决算数",), side="支出", level=1, row=3),
            item("总计", text, measures=("决算数",), side="支出", total=True, row=4),
            form="final.total",
            title="收入支出决算总表",
        ),
        statement(
            item("科学技术支出", text, code="206", level=1, row=3),
            item("合计", text, row=5),
            form="final.expenditure",
            title="支出决算表",
        ),
    )


def test_a_final_account_far_off_its_budget_is_told_with_its_rate(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2024))
    filing.commit(outcome("350.00"), identity(2024, Kind.FINAL))

    found = of_span(filing.archive, known(), "310107", parse_span("2026"))

    (execution,) = found.executions
    assert (execution.budget.year, execution.final.kind) == (2024, Kind.FINAL)
    (headline,) = [h for h in found.headlines if h.executed]
    assert headline.executed is not None
    assert str(headline.executed.rate) == "350.00"
    page = markdown.render(found)
    # at the top as a sentence, below in the table of its own
    assert "决算 350.00 万元，年初预算 100.00 万元，完成年初预算的 350.00%" in page
    assert "上海市普陀区财政局：2024 年部门预算执行情况（决算与年初预算相比）" in page
    assert "增长 250" not in page, "an execution rate is no growth"
    english = markdown.render(found, "en")
    assert "350.00% of the original budget" in english


def test_a_line_that_both_documents_name_differently_is_not_called_unbudgeted(
    filing: Filing,
) -> None:
    plan = budget("60.00")
    planned, came = (
        statement(
            item(name, amount, measures=(measure,), side="收入", level=1, row=3),
            item("总计", amount, measures=(measure,), side="收入", total=True, row=4),
            form=form,
            title="财政拨款收支总表",
        )
        for name, amount, measure, form in (
            ("一、一般公共预算拨款", "100.00", "预算数", "budget.fiscal"),
            ("一、一般公共预算财政拨款收入", "90.00", "决算数", "final.fiscal"),
        )
    )
    account = outcome("95.00")
    filing.commit(structs.replace(plan, statements=(*plan.statements, planned)), identity(2024))
    filing.commit(
        structs.replace(account, statements=(*account.statements, came)),
        identity(2024, Kind.FINAL),
    )

    page = markdown.render(of_span(filing.archive, known(), "310107", parse_span("2026")))

    told = page.split("执行情况")[1].split("\n## ")[0]
    assert "95.00%" in told
    assert "不计算" not in told
    assert "财政拨款收入" not in told


def test_what_cannot_be_known_of_a_district_is_counted_and_accuses_nobody(
    filing: Filing,
) -> None:
    filing.commit(budget("60.00"), identity(2026))

    found = of_span(filing.archive, known(), "310107", parse_span("2026"))

    assert found.absence is not None
    assert found.absence.found == ()
    assert sum(count for count, _ in found.absence.unknown) > 0
    page = markdown.render(found)
    part = page.split("## 未见公开、逾期与撤回")[1].split("\n## ")[0]
    assert "没有能够确认的未见公开、逾期或撤回" in part
    assert "份：" in part


def test_who_is_missing_late_or_gone_is_told_in_neutral_words(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2026))
    found = of_span(filing.archive, known(), "310107", parse_span("2026"))
    until = Due(date(2026, 2, 20), Basis.STATED)
    cells = (
        Cell(2026, Kind.BUDGET, Standing.MISSING, until),
        Cell(2026, Kind.BUDGET, Standing.LATE, until, published=date(2026, 3, 1), days_late=9),
        Cell(2026, Kind.BUDGET, Standing.WITHDRAWN, until, published=date(2026, 2, 1)),
    )
    names = ("甲局", "<b>乙局</b>", "丙局")
    absent = [Absent(n, Level.DEPARTMENT, c) for n, c in zip(names, cells, strict=True)]
    digest = structs.replace(found, absence=Absence(tuple(absent), (), 63))

    page = html.render(digest)

    part = page.split("未见公开、逾期与撤回")[1].split("<h2>")[0]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in part.split("<tr>")[2:]]
    assert rows[0][:5] == ["甲局", "2026", "年部门预算", "未见公开", "2026-02-20"]
    assert rows[1][-2:] == ["2026-03-01", "9"]
    assert rows[2][3:4] == ["已撤回"]
    assert "&lt;b&gt;乙局&lt;/b&gt;" in part
    assert "不等于没有公开" in part
    english = markdown.render(digest, "en")
    assert "not seen" in english
    assert "withdrawn" in english


def test_several_agencies_have_an_overview_with_one_line_each(filing: Filing) -> None:
    other = structs.replace(identity(), agency=known().agencies("310107")[5].id)
    for year, talent in ((2023, "60.00"), (2024, "160.00")):
        filing.commit(budget(talent), identity(year))
        filing.commit(budget(talent), structs.replace(other, year=year))

    page = html.render(of_span(filing.archive, known(), "310107", parse_span("2026")))

    overview = page.split("各部门一览")[1].split("<h2>")[0]
    assert overview.count('scope="row"') == 2
    assert "200.00" in overview


def run(filing: Filing, *arguments: str):
    root = filing.archive.root.parent
    (root / "mingzhang.toml").write_text("", "utf-8")
    settings = str(root / "mingzhang.toml")
    return CliRunner().invoke(mingzhang, ["--config", settings, "digest", *arguments])


def test_the_command_writes_a_district_and_a_document(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2023))
    filing.commit(budget("160.00"), identity(2024))

    district = run(filing, "--division", "310107", "--since", "2026-03-01", "--until", "2026-03-31")
    one = run(filing, identity(2024).document_id, "--format", "md")

    assert (district.exit_code, one.exit_code) == (0, 0), district.output + one.output
    assert "310107-2026-03-01-2026-03-31/digest.html" in district.output
    (path,) = one.output.split()
    assert "2024 年部门预算" in Path(path).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--period", "2026"], "go with --division alone"),
        (["--division", "310107", "--period", "2026-Q9"], "no period"),
        (["--division", "310107", "--until", "2026-01-01"], "--until needs --since"),
        (["--division", "310107"], "a --period or --since"),
        (["--division", "310107", "--period", "2026", "--since", "2026-01-01"], "either"),
        (["310107/310107.012/department/2024/final", "--kind", "final"], "need an AGENCY"),
        (["--division", "310107", "--since", "2026-02-01", "--until", "2026-01-01"], "before"),
    ],
)
def test_what_contradicts_itself_is_refused(filing: Filing, arguments: list[str], why: str) -> None:
    filing.commit(budget("60.00"), identity(2023))

    result = run(filing, *arguments)

    assert result.exit_code == 2
    assert why in result.output


def test_a_district_without_documents_says_so(filing: Filing) -> None:
    filing.commit(budget("60.00"), identity(2023))

    result = run(filing, "--division", "420106", "--period", "2026")

    assert result.exit_code == 2
    assert "nothing is archived of division 420106" in result.output
