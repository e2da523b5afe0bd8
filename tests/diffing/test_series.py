from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.model import ChangeKind, Document, Identity, Kind, Level, Source
from archive.repository import Event

from .archived import BEGINNING, Filing, identity, known
from .build import document, item, statement
from .test_commands import Desk


def spending(total: str, reception: str = "1.00", form: str = "budget") -> Document:
    column = ("预算数",) if form == "budget" else ("预算数", "决算数")
    return document(
        statement(
            item("行政运行", "5.00", code="2010601", row=3),
            item("一般行政管理事务", "3.00", code="2010602", row=4),
            item("一般行政管理事务", "2.00", code="2080102", row=5),
            item("合计", total, "10.00", row=6),
            form=f"{form}.expenditure",
        ),
        statement(
            item("公务接待费", reception, reception, measures=column, row=3),
            form=f"{form}.sangong",
            title="“三公”经费支出表",
        ),
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    for year, total in ((2022, "100.00"), (2023, "120.00"), (2024, "90.00")):
        desk.filing.commit(spending(total), identity(year))
    desk.filing.commit(spending("108.00", "0.50", "final"), identity(2023, Kind.FINAL))
    return desk


def rows(desk: Desk, *arguments: str) -> list[tuple]:
    found = desk.run(*arguments, "--json")
    assert found.exit_code == 0, found.stderr
    return [
        (p["year"], p["kind"], p["amount_wan"], p["difference_wan"], p["percent"])
        for p in json.loads(found.stdout)["points"]
    ]


def test_a_line_is_followed_over_all_years_each_kind_by_itself(desk: Desk) -> None:
    assert rows(desk, "trend", "财政局", "合计") == [
        (2022, "budget", "100.00", None, None),
        (2023, "budget", "120.00", "20.00", "20.00"),
        (2024, "budget", "90.00", "-30.00", "-25.00"),
        (2023, "final", "108.00", None, None),
    ]


def test_an_outcome_also_stands_in_percent_of_its_own_years_budget(desk: Desk) -> None:
    points = json.loads(desk.run("trend", "财政局", "合计", "--json").stdout)["points"]

    assert [p["execution_percent"] for p in points] == [None, None, None, "90.00"]


def test_a_line_may_be_named_by_its_code_or_in_other_words(desk: Desk) -> None:
    assert [r[2] for r in rows(desk, "trend", "财政局", "2010601")] == ["5.00"] * 4
    assert [r[2] for r in rows(desk, "trend", "财政局", "3、公务接待费支出")] == [
        "1.00",
        "1.00",
        "1.00",
        "0.50",
    ]


def test_one_column_and_one_kind_can_be_asked_for(desk: Desk) -> None:
    found = rows(desk, "trend", "财政局", "合计", "--measure", "基本支出", "--kind", "budget")

    assert [r[2] for r in found] == ["10.00"] * 3


def test_rows_that_share_a_name_are_all_listed_and_nothing_is_computed(desk: Desk) -> None:
    table = desk.run("trend", "财政局", "一般行政管理事务").stdout

    assert "2 行同名" in table
    found = rows(desk, "trend", "财政局", "一般行政管理事务")
    assert len(found) == 8
    assert {r[3] for r in found} == {None}


def test_a_line_that_nobody_prints_is_said_so_with_status_one(desk: Desk) -> None:
    found = desk.run("trend", "财政局", "不存在的科目")

    assert found.exit_code == 1
    assert "没有找到“不存在的科目”" in found.stdout


def test_a_document_without_the_line_is_named_and_not_taken_for_nothing(desk: Desk) -> None:
    desk.filing.commit(document(statement(item("其他", "1.00"))), identity(2021))

    table = desk.run("trend", "财政局", "2010601")

    assert "没有读到这一行，不等于没有列示：上海市普陀区财政局 2021 年部门预算" in table.stdout


def test_administration_is_no_vehicle(desk: Desk) -> None:
    found = json.loads(desk.run("trend", "财政局", "行政运行", "--json").stdout)

    assert found["table"] == "expenditure"
    assert {p["code"] for p in found["points"]} == {"2010601"}


def test_an_unknown_agency_is_refused(desk: Desk) -> None:
    assert desk.run("trend", "无此机构", "合计").exit_code == 2


def commit(filing: Filing, document: Document, what: Identity) -> None:
    filing.count += 1
    name = known().registered_name(what.agency)
    event = Event(
        kind=ChangeKind.FIRST,
        identity=what,
        document=document,
        originals=(f"{filing.count:064x}",),
        source=Source(url="http://example.gov.cn/a.pdf", observed=BEGINNING),
        run="run",
        subject=name,
        agency_name=name,
    )
    repository = filing.archive.repository(what.division, create=True, title=what.division)
    with repository.writing() as writer:
        writer.commit(event)


SEEDS = {
    "420102.001": "1,033.90",
    "420106.001": "825.04",
    "420107.001": "446.59",
    "420112.001": "1,159.18",
}


def test_peers_are_the_agencies_of_one_kind_in_other_districts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for agency, total in SEEDS.items():
        what = Identity(agency[:6], agency, Level.DEPARTMENT, 2024, Kind.BUDGET)
        commit(desk.filing, spending(total), what)
    desk.filing.commit(spending("1.00"), identity(2024))  # a finance bureau is no peer

    found = desk.run("peers", "420106.001", "合计", "--year", "2024", "--csv")
    refused = desk.run("peers", "310107.064", "合计")

    assert found.exit_code == 0
    lines = [line.split(",") for line in found.stdout.splitlines()]
    assert [(line[1], line[11]) for line in lines[1:]] == [
        (agency, total.replace(",", "")) for agency, total in SEEDS.items()
    ]
    assert refused.exit_code == 2
