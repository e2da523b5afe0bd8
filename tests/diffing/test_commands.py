from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from archive.model import ChangeKind, Document, Kind, Level
from crawler.cli import mingzhang
from diffing.render.comparison import COLUMNS

from .archived import FINANCE, Filing, identity
from .build import document, item, statement


def budget(talent: str, name: str = "科技人才") -> Document:
    return document(
        statement(
            item("科学技术支出", talent, code="206", level=1, row=3),
            item(name, talent, code="20699", level=2, row=4),
            item("合计", talent, row=5),
            title="2024年部门支出总表",
        )
    )


class Desk:
    """A folder with mingzhang.toml and an archive, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filing = Filing(folder / "archive")
        self.config = folder / "mingzhang.toml"
        self.config.write_text('[digest]\nfolder = "out"\n', "utf-8")

    def run(self, *arguments: str) -> Result:
        found = CliRunner().invoke(mingzhang, ["--config", str(self.config), *arguments])
        assert found.exception is None or isinstance(found.exception, SystemExit)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def two_years(desk: Desk) -> Desk:
    desk.filing.commit(budget("60.00"), identity(2023))
    desk.filing.commit(budget("90.00"), identity(2024))
    return desk


def test_two_years_are_compared_by_document_id(two_years: Desk) -> None:
    ids = [identity(year).document_id for year in (2023, 2024)]

    found = two_years.run("diff", *ids)

    assert found.exit_code == 0
    assert "2024年部门支出总表 (万元)" in found.stdout
    row = next(line for line in found.stdout.splitlines() if line.startswith("20699"))
    assert row.split() == [
        "20699", "科技人才", "合计", "60.00", "90.00", "+30.00", "+50.00%", "0.00",
        "5:4", "→", "5:4",
    ]  # fmt: skip
    assert "逐行核对：2023 年预算共 3 行" in found.stdout


def test_columns_stand_under_each_other_with_wide_characters(two_years: Desk) -> None:
    from unicodedata import east_asian_width

    ids = [identity(year).document_id for year in (2023, 2024)]
    lines = two_years.run("diff", *ids).stdout.splitlines()

    def columns(line: str) -> int:
        return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)

    ends = {columns(line[: line.index("90.00") + 5]) for line in lines if "90.00" in line}
    assert len(ends) == 1


def test_versions_of_one_document_are_compared_by_commit(desk: Desk) -> None:
    _, first = desk.filing.commit(budget("60.00"), identity())
    desk.filing.commit(budget("60.00", "科技人才事务"), identity(), ChangeKind.REVISION)

    found = desk.run("diff", first[:10], identity().document_id, "--json")

    data = json.loads(found.stdout)
    assert data["mode"] == "revision"
    assert [(c["kinds"], c["line"]["name"]) for c in data["changes"]] == [
        (["renamed"], "科技人才事务")
    ]
    at = desk.run("diff", f"{identity().document_id}@{first[:12]}", first, "--exit-code")
    assert (at.exit_code, "没有差别" in at.stdout) == (0, True)


def test_the_exit_code_says_whether_anything_differs(two_years: Desk) -> None:
    ids = [identity(year).document_id for year in (2023, 2024)]

    assert two_years.run("diff", *ids, "--exit-code").exit_code == 1
    assert two_years.run("diff", ids[0], ids[0], "--exit-code").exit_code == 0


def test_csv_has_a_row_a_figure(two_years: Desk) -> None:
    ids = [identity(year).document_id for year in (2023, 2024)]

    rows = list(csv.DictReader(io.StringIO(two_years.run("diff", *ids, "--csv").stdout)))

    assert list(rows[0]) == list(COLUMNS)
    assert [(r["code"], r["old"], r["new"], r["difference_wan"], r["percent"]) for r in rows] == [
        ("206", "60.00", "90.00", "30.00", "50.00"),
        ("20699", "60.00", "90.00", "30.00", "50.00"),
        ("", "60.00", "90.00", "30.00", "50.00"),
    ]


def test_a_budget_and_a_final_account_are_refused_with_a_way_on(desk: Desk) -> None:
    desk.filing.commit(budget("60.00"), identity(2024))
    desk.filing.commit(budget("60.00"), identity(2024, Kind.FINAL))
    desk.filing.commit(budget("60.00"), identity(2024, level=Level.UNIT))

    plan = identity(2024).document_id
    outcome = desk.run("diff", plan, identity(2024, Kind.FINAL).document_id)
    unit = desk.run("diff", plan, identity(2024, level=Level.UNIT).document_id)

    assert (outcome.exit_code, unit.exit_code) == (2, 2)
    assert "budgets compare with budgets" in outcome.stderr
    assert "units with units" in unit.stderr


def test_a_name_that_means_nothing_is_said_so(desk: Desk, tmp_path: Path) -> None:
    desk.filing.commit(budget("60.00"), identity(2023))
    no_pdf = tmp_path / "note.pdf"
    no_pdf.write_bytes(b"\0\1\2hello")

    missing = desk.run("diff", "nothing.pdf", str(no_pdf))
    unreadable = desk.run("diff", str(no_pdf), str(no_pdf))
    year = desk.run("diff", identity(2023).document_id, identity(2024).document_id)
    commit = desk.run("diff", "deadbeef", identity(2023).document_id)

    assert {r.exit_code for r in (missing, unreadable, year, commit)} == {2}
    assert "nothing.pdf: no such file, and neither a document id nor a commit" in missing.stderr
    assert "of no known kind" in unreadable.stderr
    assert "there is: 2023年部门预算" in year.stderr
    assert "deadbeef is no commit of a document" in commit.stderr


def test_a_digest_of_two_years_is_written_and_said_where(two_years: Desk) -> None:
    found = two_years.run("digest", FINANCE)

    assert found.exit_code == 0
    name = f"{identity().agency}-department-budget-2023-2024"
    paths = [two_years.folder / "out" / name / f"digest.{form}" for form in ("md", "html", "json")]
    assert found.stdout.split() == [str(path) for path in paths]
    assert "2024 年部门预算与 2023 年部门预算比较" in paths[0].read_text("utf-8")


def test_years_kind_format_and_folder_can_be_said(two_years: Desk, tmp_path: Path) -> None:
    two_years.filing.commit(budget("10.00"), identity(2021))

    found = two_years.run(
        "digest", identity().agency, "--from", "2021", "--to", "2023", "--kind", "budget",
        "--level", "department", "--lang", "en", "--format", "md", "--output", str(tmp_path / "x"),
    )  # fmt: skip

    (path,) = [Path(line) for line in found.stdout.split()]
    assert path.parent.parent == tmp_path / "x"
    assert "department budget 2023 compared with 2021" in path.read_text("utf-8")


def test_the_newest_two_years_are_taken_unless_told(two_years: Desk) -> None:
    two_years.filing.commit(budget("10.00"), identity(2021))

    assert "2023-2024" in two_years.run("digest", FINANCE, "--format", "md").stdout
    assert "2021-2023" in two_years.run("digest", FINANCE, "--to", "2023").stdout


def test_each_kind_that_has_two_years_gets_its_digest(two_years: Desk) -> None:
    two_years.filing.commit(budget("60.00"), identity(2022, Kind.FINAL))
    two_years.filing.commit(budget("90.00"), identity(2023, Kind.FINAL))

    found = two_years.run("digest", FINANCE, "--format", "md").stdout

    assert "budget-2023-2024" in found
    assert "final-2022-2023" in found


def test_what_there_is_is_said_where_nothing_fits(two_years: Desk) -> None:
    year = two_years.run("digest", FINANCE, "--from", "2019", "--to", "2024")
    name = two_years.run("digest", "上海市普陀区财证局")
    other = two_years.run("digest", "上海市普陀区司法局")

    assert {r.exit_code for r in (year, name, other)} == {2}
    assert "2019 and 2024: no two years to compare; archived are: 2023年部门预算" in year.stderr
    assert f"nearest: {FINANCE}" in name.stderr
    assert "nothing of it is archived" in other.stderr


def test_without_an_agency_the_latest_run_is_told(desk: Desk) -> None:
    assert "nothing is archived yet" in desk.run("digest").stderr
    desk.filing.commit(budget("60.00"), identity(2023), run="r1")
    desk.filing.commit(budget("90.00"), identity(2024), run="r2")

    found = desk.run("digest", "--format", "md")

    path = Path(found.stdout.strip())
    assert path.parent.name == "run-r2"
    assert "2024 年部门预算与 2023 年部门预算比较" in path.read_text("utf-8")


def test_a_control_character_in_a_name_does_not_reach_the_terminal(desk: Desk) -> None:
    found = budget("60.00")
    (table,) = found.statements
    rogue = structs.replace(table.items[1], name="党\x1b[31m建\x07")
    rogue_table = structs.replace(table, items=(table.items[0], rogue, table.items[2]))
    desk.filing.commit(found, identity(2023))
    desk.filing.commit(structs.replace(found, statements=(rogue_table,)), identity(2024))

    ids = [identity(year).document_id for year in (2023, 2024)]
    shown = desk.run("diff", *ids).stdout

    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "党‹U+001B›" in shown


def test_years_the_wrong_way_round_are_no_comparison(desk: Desk) -> None:
    found = desk.run("digest", "财政局", "--from", "2024", "--to", "2023")
    assert found.exit_code == 2
    assert "--from names the earlier year" in found.output


def test_a_division_in_place_of_an_agency_is_told_what_to_say(desk: Desk) -> None:
    found = desk.run("digest", "310107")
    assert found.exit_code == 2
    assert "--division 310107" in found.output
    assert "YYYY-MM-DD" in desk.run("digest", "--help").output
