"""The whole archive at once: Parquet, SQL over it, and the largest moves of a district."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from archive.export import parquet
from archive.export.columns import COLUMNS
from archive.export.lines import refresh_lines
from archive.export.parquet import Refreshed, folder_of, refresh
from archive.model import Document, Kind, Unit
from diffing.query import QueryError, ask, database

from .archived import identity, known
from .build import document, item, statement
from .test_commands import Desk

pq = pytest.importorskip("pyarrow.parquet")


def spending(talent: str, unit: Unit = Unit.WAN, **rest: str) -> Document:
    return document(
        statement(
            item("科学技术支出", talent, "", "—", code="206", level=1, row=3),
            item("科技人才", talent, code="20699", level=2, row=4),
            item("其他", "12 34", code="229", level=1, row=5),
            item("合计", talent, row=6),
            unit=unit,
        )
    )


def filled(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.filing.commit(spending("60.00"), identity(2023))
    desk.filing.commit(spending("900,000.00", Unit.YUAN), identity(2024))
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return filled(tmp_path)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that is only asked, never written at."""
    return filled(tmp_path_factory.mktemp("asked"))


def rows(desk: Desk, sql: str) -> list[dict]:
    found = desk.run("query", sql, "--json")
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def test_figures_of_both_units_are_exact_in_yuan(asked: Desk) -> None:
    found = rows(
        asked,
        "SELECT year, division, unit, value, yuan FROM items "
        "WHERE code = '20699' AND measure = '合计' ORDER BY year",
    )

    assert found == [
        {"year": 2023, "division": "310107", "unit": "万元",
         "value": "60.00000000", "yuan": "600000.00000000"},
        {"year": 2024, "division": "310107", "unit": "元",
         "value": "900000.00000000", "yuan": "900000.00000000"},
    ]  # fmt: skip
    (summed,) = rows(asked, "SELECT sum(yuan) AS s FROM items WHERE code = '206'")
    assert Decimal(summed["s"]) == Decimal(1_500_000)


def test_a_blank_a_dash_and_what_is_no_number_have_a_mark_and_no_value(asked: Desk) -> None:
    found = rows(
        asked, "SELECT DISTINCT text, mark, value FROM items WHERE value IS NULL ORDER BY text"
    )

    assert found == [
        {"text": "", "mark": "blank", "value": None},
        {"text": "12 34", "mark": "unreadable", "value": None},
        {"text": "—", "mark": "dash", "value": None},
    ]


def test_no_column_holds_a_float_and_files_have_the_columns_defined_once(asked: Desk) -> None:
    refresh(asked.filing.archive, known())
    (first, _) = sorted(folder_of(asked.filing.archive).glob("year=*/division=310107/*.parquet"))

    found = pq.read_schema(first)

    assert found.names == [c.name for c in COLUMNS if not c.partition]
    assert {str(found.field(n).type) for n in ("value", "yuan")} == {"decimal128(38, 8)"}
    assert not any("float" in str(field.type) or "double" in str(field.type) for field in found)


def test_a_figure_no_column_can_hold_keeps_its_text_and_is_counted(desk: Desk) -> None:
    desk.filing.commit(spending("0.1234567891"), identity(2022))

    done = refresh(desk.filing.archive, known())

    assert done.left_empty == 3
    with database(folder_of(desk.filing.archive)) as connection:
        found = ask(connection, "SELECT DISTINCT text FROM items WHERE year = 2022 AND text <> ''")
        assert ("0.1234567891",) in found.rows


def test_only_partitions_whose_documents_changed_are_written_anew(desk: Desk) -> None:
    archive = desk.filing.archive

    def outcome() -> tuple[int, int, int]:
        done: Refreshed = refresh(archive, known())
        return done.written, done.kept, done.removed

    assert outcome() == (2, 0, 0)
    assert outcome() == (0, 2, 0)
    desk.filing.commit(spending("61.00"), identity(2024, Kind.FINAL))
    assert outcome() == (1, 1, 0)
    stray = folder_of(archive) / "year=1999" / "division=310107"
    stray.mkdir(parents=True)
    (stray / "items.parquet").write_bytes(b"left behind")
    assert outcome() == (0, 2, 1)


def test_another_version_of_the_program_writes_every_partition_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh(desk.filing.archive, known())
    with monkeypatch.context() as upgraded:
        upgraded.setattr(parquet, "program", lambda: "another")
        done = refresh(desk.filing.archive, known())
    assert (done.written, done.kept) == (2, 0)
    # the workers that wrote them are this program
    assert refresh(desk.filing.archive, known()).kept == 2


def test_a_file_cut_short_is_written_anew(desk: Desk) -> None:
    refresh(desk.filing.archive, known())
    (first, _) = sorted(folder_of(desk.filing.archive).glob("year=*/division=310107/*.parquet"))
    first.write_bytes(first.read_bytes()[:100])

    assert refresh(desk.filing.archive, known()).written == 1
    assert rows(desk, "SELECT count(DISTINCT year) AS n FROM items") == [{"n": 2}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
        "SELECT * FROM glob('/*')",
        "COPY (SELECT 1) TO 'out.csv'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '8GB'",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW items",
        "SELECT 1; SELECT 2",
        "SELECT getenv('HOME')",
        "SELECT * FROM asked",
        "SELECT FROM",
        "",
    ],
)
def test_sql_reads_the_line_items_and_nothing_else(asked: Desk, sql: str) -> None:
    found = asked.run("query", sql)

    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr.startswith("Error: ")


def test_the_parquet_itself_cannot_be_overwritten_by_sql(asked: Desk) -> None:
    refresh(asked.filing.archive, known())
    folder = folder_of(asked.filing.archive)
    with database(folder) as connection:
        with pytest.raises(QueryError, match="only one SELECT"):
            ask(
                connection, f"COPY (SELECT 1) TO '{folder}/year=2023/division=310107/items.parquet'"
            )
        assert ask(connection, "SELECT count(*) FROM items WHERE year = 2023").rows == ((6,),)


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    found = Desk(tmp_path).run("query", "SELECT 1")

    assert found.exit_code == 2
    assert "mingzhang harvest" in found.stderr


def test_rows_come_as_csv_that_no_spreadsheet_runs(asked: Desk) -> None:
    found = asked.run("query", "SELECT '=1+1' AS \"a,b\", -5.25 AS n, NULL AS x", "--csv")

    assert found.stdout == '"a,b",n,x\n\'=1+1,-5.25,\n'


def test_every_column_is_explained(asked: Desk) -> None:
    text = asked.run("query", "--columns").stdout

    assert [line.split()[0] for line in text.splitlines()] == [c.name for c in COLUMNS]


def test_the_largest_moves_of_a_district_come_first_and_exact(asked: Desk) -> None:
    found = json.loads(asked.run("overview", "310107", "--json").stdout)

    assert (found["year"], found["kind"]) == (2024, "budget")
    assert [
        (m["code"], m["old"], m["new"], m["difference"], m["percent"]) for m in found["moves"]
    ] == [
        ("20699", "60", "90", "30", "50.00"),
    ]
    assert found["moves"][0]["new_document"] == identity(2024).document_id
    totals = json.loads(asked.run("overview", "310107", "--totals", "--json").stdout)["moves"]
    assert "合计" in {m["name"] for m in totals}


def test_budgets_never_meet_final_accounts_in_an_overview(desk: Desk) -> None:
    desk.filing.commit(spending("70.00"), identity(2024, Kind.FINAL))

    found = desk.run("overview", "310107", "--kind", "final")

    assert found.exit_code == 1
    assert "没有两年都有的行" in found.stdout


def test_all_years_stand_in_one_list_of_moves_from_the_year_before(desk: Desk) -> None:
    desk.filing.commit(spending("75.00"), identity(2025))
    desk.filing.commit(spending("70.00"), identity(2027))  # nothing is known of 2026
    asked = ("overview", "310107", "--all-years")

    found = json.loads(desk.run(*asked, "--json").stdout)
    table = desk.run(*asked, "--totals").stdout
    wrong = desk.run(*asked, "--year", "2024")

    assert found["year"] is None
    assert [(m["year"], m["code"], m["old"], m["new"]) for m in found["moves"]] == [
        (2024, "20699", "60", "90"),
        (2025, "20699", "90", "75"),
    ]
    assert "310107 历年预算：比上年变动最大的科目" in table
    assert "合计" in table
    assert wrong.exit_code == 2


def test_the_lines_of_all_years_are_sorted_by_line_and_year_and_kept_while_nothing_changes(
    desk: Desk,
) -> None:
    refresh(desk.filing.archive, known())
    folder = folder_of(desk.filing.archive)
    assert refresh_lines(folder) == 1
    assert refresh_lines(folder) == 0

    desk.filing.commit(spending("75.00"), identity(2025))
    refresh(desk.filing.archive, known())
    assert refresh_lines(folder) == 1
    (file,) = folder.glob("lines/division=310107/*")
    order = pq.read_table(file, columns=["key", "year"]).to_pylist()
    assert order == sorted(order, key=lambda row: (row["key"], row["year"]))
    assert {row["year"] for row in order} == {2023, 2024, 2025}


def test_a_line_printed_twice_under_one_name_is_in_no_report_of_years(desk: Desk) -> None:
    for year, amount in ((2024, "1.00"), (2025, "9.00")):
        twice = (item("其他", amount, code="229", row=row) for row in (1, 2))
        desk.filing.commit(document(statement(*twice)), identity(year))

    assert desk.run("overview", "310107", "--all-years").exit_code == 1
