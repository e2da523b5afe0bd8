"""Exports: what is read back from any format is what the archive holds, exactly and harmlessly."""

from __future__ import annotations

import csv
import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from archive import money
from archive.coverage import command as coverage
from archive.export import csv as as_csv
from archive.export import package, sqlite
from archive.export.columns import Type
from archive.export.documents import places, read
from archive.export.tables import DOCUMENTS, LINE_ITEMS, Record, Table
from archive.model import ChangeKind, Document, Kind, Unit
from archive.money import convert
from diffing.export.about import DATASETTE, PACKAGE
from diffing.export.catalogue import PATH, markdown
from diffing.export.command import export
from diffing.export.tables import CHANGES, COVERAGE, FINDINGS, TABLES

from .archived import identity, known
from .build import budget, document, item, statement
from .test_commands import Desk

Rows = dict[str, list[dict[str, Any]]]
"""Table → rows as read back: None for nothing, Decimal, bool, date and datetime as such."""
FORMATS = ("csv", "sqlite", "parquet", "package")
SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("http://x.example","点")'
TURNED, BROKEN, QUOTED = "党\u202e建\u200b费", "两行\r\n=1+1", "'引号"
HOSTILE = (SCRIPT, FORMULA, "+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", TURNED, BROKEN, QUOTED, "-甲")


def spending(talent: str, unit: Unit | None = Unit.WAN) -> Document:
    return document(
        statement(
            item("科学技术支出", talent, "", "—", code="206", level=1, row=3),
            item("科技人才", talent, code="20699", level=2, row=4),
            item("其他", "12 34", "0.00", "-5.00", code="229", level=1, row=5),
            item("合计", talent, row=6),
            unit=unit,
        )
    )


def hostile() -> Document:
    rows = (item(name, "1.00", row=n, page=4) for n, name in enumerate(HOSTILE, 3))
    return document(statement(*rows), prose=(FORMULA,))


def contradictory() -> Document:
    return document(
        statement(
            item("科学技术支出", "70.00", code="206", level=1, row=3),
            item("科技人才", "60.00", code="20699", level=2, row=4),
            item("合计", "70.00", row=6),
        )
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An archive no test writes to."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.filing.commit(contradictory(), identity(2022))
    desk.filing.commit(spending("60.00"), identity(2023))
    desk.filing.commit(spending("900,000.00", Unit.YUAN), identity(2024))
    desk.filing.commit(hostile(), identity(2025))
    desk.filing.commit(budget("60.00"), identity(2024, Kind.FINAL))
    desk.filing.commit(budget("61.00"), identity(2024, Kind.FINAL), ChangeKind.REVISION)
    return desk


def exported(desk: Desk, format_: str, *more: str) -> Path:
    """Where it was exported to, once for all tests that ask the same."""
    folder = desk.folder / "data" / "-".join((format_, *more))
    return folder if folder.exists() else export_to(folder, desk, format_, *more)


def export_to(folder: Path, desk: Desk, format_: str, *more: str) -> Path:
    found = desk.run("export", str(folder), "--format", format_, *more)
    assert (found.exit_code, found.output) == (0, "")
    return folder


def back(folder: Path, format_: str) -> Rows:
    """Everything read back with a reader of that format that is not ours."""
    if format_ == "parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        return {t.name: pq.read_table(folder / f"{t.name}.parquet").to_pylist() for t in TABLES}
    if format_ == "sqlite":
        return {table.name: list(_from_sqlite(folder, table)) for table in TABLES}
    below = folder / "data" if format_ == "package" else folder
    encoding = "utf-8" if format_ == "package" else "utf-8-sig"
    return {t.name: list(_from_csv(below / f"{t.name}.csv", t, encoding)) for t in TABLES}


def _from_sqlite(folder: Path, table: Table) -> Iterator[dict[str, Any]]:
    with sqlite3.connect(folder / "mingzhang.db") as database:
        database.row_factory = sqlite3.Row
        for row in database.execute(f"SELECT * FROM {table.name}"):  # noqa: S608
            yield {c.name: _typed(row[c.name], c.type) for c in table.columns}


def _from_csv(path: Path, table: Table, encoding: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding=encoding, newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield {c.name: _typed(_unguarded(row[c.name], c.type), c.type) for c in table.columns}


def _unguarded(text: str, type_: Type) -> str | None:
    if type_ is Type.TEXT:
        return text.removeprefix("'")
    return text or None


def _typed(value: Any, type_: Type) -> Any:
    if value is None or type_ is Type.TEXT:
        return value
    made = {
        Type.INTEGER: int,
        Type.DECIMAL: Decimal,
        Type.BOOLEAN: lambda one: one in ("true", 1),
        Type.DATE: date.fromisoformat,
        Type.MOMENT: datetime.fromisoformat,
    }
    return made[type_](value)


def figures(rows: Rows) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {
        (r["document"], r["statement"], r["item"], r["measure"]): (
            r["text"], r["mark"], r["value"], r["yuan"], r["page"], r["row"], r["column"],
            r["original"], r["version"], r["extractor"], r["certainty"],
        )
        for r in rows["line_items"]
    }  # fmt: skip


def archived(desk: Desk) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The figures as the archive itself has them."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for held in map(read, places(desk.filing.archive)):
        for number, one in enumerate(held.document.statements, 1):
            for place, line in enumerate(one.items, 1):
                for measure, amount in line.amounts.items():
                    value, at = amount.value, amount.at
                    assert at is not None
                    yuan = value is not None and one.unit and convert(value, one.unit, Unit.YUAN)
                    found[held.identity.document_id, number, place, measure] = (
                        amount.text, str(amount.mark), value, yuan or (yuan if yuan == 0 else None),
                        at.page, at.row, at.column, held.document.original, held.entry.commit,
                        held.document.extractor, str(amount.certainty),
                    )  # fmt: skip
    return {key: tuple(None if v is False else v for v in row) for key, row in found.items()}


@pytest.mark.parametrize("format_", FORMATS)
def test_every_figure_is_read_back_as_the_archive_has_it(desk: Desk, format_: str) -> None:
    rows = back(exported(desk, format_), format_)
    assert figures(rows) == archived(desk)
    assert {r["document"] for r in rows["documents"]} == {r["document"] for r in rows["line_items"]}
    money = {r["yuan"] for r in rows["line_items"] if r["name"] == "科技人才"}
    assert money >= {Decimal(600_000), Decimal(900_000)}


@pytest.mark.parametrize("format_", FORMATS)
def test_a_blank_stays_blank_and_a_zero_stays_a_zero(desk: Desk, format_: str) -> None:
    rows = back(exported(desk, format_), format_)["line_items"]
    found = {(r["text"], r["mark"]): (r["value"], r["yuan"]) for r in rows if r["year"] == 2023}
    assert found[("", "blank")] == (None, None)
    assert found[("—", "dash")] == (None, None)
    assert found[("12 34", "unreadable")] == (None, None)
    assert found[("0.00", "printed")] == (0, 0)
    assert found[("-5.00", "printed")] == (-5, -50_000)


def test_a_figure_without_a_unit_has_no_amount_in_yuan(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.filing.commit(spending("60.00", None), identity(2023))
    rows = back(exported(desk, "csv"), "csv")["line_items"]
    assert {(r["value"], r["yuan"]) for r in rows if r["text"] == "60.00"} == {(60, None)}


@pytest.mark.parametrize("format_", FORMATS)
def test_changes_and_findings_come_with_both_sides_and_their_places(
    desk: Desk, format_: str
) -> None:
    rows = back(exported(desk, format_), format_)
    (year,) = [
        r for r in rows["changes"]
        if r["comparison"] == "year" and r["code"] == "20699" and r["year"] == 2024
        and r["kind"] == "budget"
    ]  # fmt: skip
    assert (year["old_text"], year["old_yuan"], year["new_text"], year["new_yuan"]) == (
        "60.00", Decimal(600_000), "900,000.00", Decimal(900_000),
    )  # fmt: skip
    assert (year["difference"], year["percent"]) == (300_000, 50)
    assert (year["old_page"], year["old_row"], year["new_column"]) == (5, 4, 1)
    assert year["old_original"] != year["original"]
    revised = [r for r in rows["changes"] if r["comparison"] == "revision"]
    assert {(r["old_document"], r["document"]) for r in revised} == {
        (identity(2024, Kind.FINAL).document_id,) * 2
    }
    assert {r["difference"] for r in revised if r["name"] == "科技人才"} == {Decimal(10_000)}
    (doc,) = [r for r in rows["documents"] if r["kind"] == "final"]
    assert doc["versions"] == 2
    (wrong,) = [r for r in rows["findings"] if r["document"] == identity(2022).document_id]
    assert (wrong["rule"], wrong["stated"], wrong["expected"]) == ("I01", "70.00万元", "60.00万元")
    assert (wrong["difference"], wrong["page"], wrong["row"], wrong["column"]) == (10, 5, 3, 1)
    assert len(wrong["original"]) == 64


@pytest.mark.parametrize("format_", FORMATS)
def test_a_hostile_name_is_read_back_and_does_no_harm(desk: Desk, format_: str) -> None:
    folder = exported(desk, format_)
    names = [r["name"] for r in back(folder, format_)["line_items"] if r["year"] == 2025]
    found = set(names)
    if format_ in ("csv", "package"):
        assert found == {*HOSTILE} - {TURNED} | {"党‹U+202E›建‹U+200B›费"}
        text = "".join(path.read_text("utf-8-sig") for path in folder.rglob("*.csv"))
        assert "\u202e" not in text
        assert _running(folder) == []
    else:
        assert found == {*HOSTILE}


def _running(folder: Path) -> list[str]:
    """Cells a spreadsheet would take for a formula."""
    cells = []
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    return [c for c in cells if c.strip(" \r\n")[:1] in tuple("=+-@\t") and not _is_number(c)]


def _is_number(text: str) -> bool:
    try:
        Decimal(text.replace(",", "").removesuffix("%"))
    except ArithmeticError:
        return text == ""
    return True


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("-5.00", "-5.00"),
        ("+1,234.50", "+1,234.50"),
        ("-12.5%", "-12.5%"),
        ("-5-3", "'-5-3"),
        (" =1", "' =1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("'", "''"),
        ("a\x00b", "a‹U+0000›b"),
        ("a\nb", "a\nb"),
        (Decimal("-0.10"), "-0.10"),
        (Decimal("1E+3"), "1000"),
        (False, "false"),
        (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00Z"),
        (date(2026, 3, 1), "2026-03-01"),
        (None, ""),
    ],
)
def test_a_csv_cell_never_runs_and_a_number_stays_one(value: object, cell: str) -> None:
    assert as_csv.cell(value) == cell


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters="\t\r\n")))
def test_taking_one_apostrophe_away_gives_back_what_was_there(text: str) -> None:
    guarded = as_csv.cell(text)
    assert guarded.removeprefix("'") == text
    assert guarded.lstrip()[:1] not in {*"=+-@＝＋－＠"} or _is_number(text)


def test_the_csv_opens_in_excel_with_a_mark_and_its_line_ends(desk: Desk) -> None:
    data = (exported(desk, "csv") / "documents.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdocument,division,")
    assert data.count(b"\r\n") == 1 + 5


def test_sqlite_has_types_keys_and_whole_fen_and_no_floating_point(desk: Desk) -> None:
    folder = exported(desk, "sqlite")
    with sqlite3.connect(folder / "mingzhang.db") as database:
        ask = database.execute
        for table in (*TABLES,):
            types = {row[1]: (row[2], row[5]) for row in ask(f"PRAGMA table_info({table.name})")}
            assert {kind for kind, _ in types.values()} <= {"TEXT", "INTEGER"}
            assert {name for name, (_, key) in types.items() if key} == set(table.key)
            used = {
                kind
                for name in types
                for (kind,) in ask(f'SELECT DISTINCT typeof("{name}") FROM {table.name}')  # noqa: S608
            }
            assert "real" not in used
            refers = {(row[3], row[2]) for row in ask(f"PRAGMA foreign_key_list({table.name})")}
            assert refers == set(table.references)
        assert ask("PRAGMA foreign_key_check").fetchall() == []
        pairs = ask("SELECT yuan, yuan_fen FROM line_items WHERE yuan IS NOT NULL").fetchall()
        assert pairs
        assert all(Decimal(yuan) * 100 == fen for yuan, fen in pairs)
        (total,) = ask(
            "SELECT sum(yuan_fen) FROM line_items WHERE code = '20699' AND year = 2024"
            " AND kind = 'budget' AND measure = '合计'"
        ).fetchone()
        assert total == 90_000_000
        assert ask("SELECT name FROM names_fts WHERE names_fts MATCH '科技人'").fetchall() == [
            ("科技人才",)
        ]


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("0.01", 1),
        ("-5", -500),
        ("0.005", None),
        ("92233720368547758.07", 2**63 - 1),
        ("92233720368547758.08", None),
        ("123456789012345678901234567890.12", None),
    ],
)
def test_fen_are_whole_or_not_there(yuan: str, fen: int | None) -> None:
    assert sqlite.fen(Decimal(yuan)) == fen


def test_what_refers_to_nothing_is_no_database(tmp_path: Path) -> None:
    stray = _row(LINE_ITEMS, document="nowhere")
    with pytest.raises(sqlite3.IntegrityError, match="line_items refers to no row of documents"):
        sqlite.write(tmp_path, TABLES, [("line_items", stray)], DATASETTE)
    assert list(tmp_path.iterdir()) == []


def test_datasette_is_told_titles_meanings_units_and_licence(desk: Desk) -> None:
    said = json.loads((exported(desk, "sqlite") / "metadata.json").read_text("utf-8"))
    assert said["title"]
    assert "DATA-NOTICE" in said["license"]
    columns = said["databases"]["mingzhang"]["tables"]["line_items"]["columns"]
    assert columns["yuan"].endswith("[元]")
    assert columns["yuan_fen"].endswith("[分]")
    assert set(said["databases"]["mingzhang"]["tables"]) == {*(t.name for t in TABLES), "names"}


def test_the_package_validates_with_frictionless(desk: Desk) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(exported(desk, "package") / "datapackage.json"))
    assert report.flatten(["title", "message"]) == []
    assert report.stats["tasks"] == len(TABLES)


def test_a_file_that_comes_back_again_and_again_is_a_row_each_time(tmp_path: Path) -> None:
    """Both files are read anew before they come a last time: their versions are then the same."""
    desk = Desk(tmp_path)
    revised, reread = ChangeKind.REVISION, ChangeKind.RE_EXTRACTION
    first = [("A", "60.00", ChangeKind.FIRST, "1"), ("B", "90.00", revised, "1")]
    back_again = [("A", "60.00", revised, "1"), ("A", "61.00", reread, "2")]
    last = [("B", "90.00", revised, "1"), ("B", "91.00", reread, "2")]
    commits = []
    for file, talent, kind, extractor in first + back_again + last:
        made = structs.replace(spending(talent), extractor=f"pdf/{extractor}")
        commit = desk.filing.publish(file.encode(), identity(2024), kind, reading=made)[1]
        commits += [commit] if kind is revised else []
    rows = back(export_to(tmp_path / "data", desk, "sqlite"), "sqlite")["changes"]
    told = [(r["revision"], r["old_text"], r["new_text"]) for r in rows if r["code"] == "20699"]
    up, down = ("61.00", "91.00"), ("91.00", "61.00")
    assert told == [(commits[0], *up), (commits[1], *down), (commits[2], *up)]
    assert len({(r["version"], r["old_version"]) for r in rows}) == 2
    frictionless = pytest.importorskip("frictionless")
    folder = export_to(tmp_path / "package", desk, "package")
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.flatten(["title", "message"]) == []


def test_frictionless_reads_every_amount_exactly(desk: Desk) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = exported(desk, "package")
    found = frictionless.Package(str(folder / "datapackage.json"))
    rows = found.get_resource("line_items").read_rows()
    exact = {key[:4]: row[2] for key, row in archived(desk).items()}
    assert {
        (r["document"], r["statement"], r["item"], r["measure"]): r["value"] for r in rows
    } == exact
    assert all(isinstance(r["value"], Decimal | None) for r in rows)


def test_the_package_is_a_fiscal_one(desk: Desk) -> None:
    said = json.loads((exported(desk, "package") / "datapackage.json").read_text("utf-8"))
    model = said["model"]
    fields = {
        field["name"]: field for one in said["resources"] for field in one["schema"]["fields"]
        if one["name"] == "line_items"
    }  # fmt: skip
    assert model["measures"]["amount"] == {
        "source": "yuan", "resource": "line_items", "currency": "CNY", "factor": 1,
    }  # fmt: skip
    kinds = {
        (one["dimensionType"], one.get("classificationType"))
        for one in model["dimensions"].values()
    }
    assert kinds >= {
        ("datetime", None), ("entity", None), ("classification", "functional"),
        ("classification", "economic"), ("classification", "administrative"),
    }  # fmt: skip
    for dimension in model["dimensions"].values():
        assert dimension["primaryKey"] in dimension["attributes"]
        assert {a["source"] for a in dimension["attributes"].values()} <= fields.keys()
    typed = {field["columnType"]: name for name, field in fields.items() if "columnType" in field}
    assert typed["value"] == "yuan"
    assert typed["date:fiscal-year"] == "year"
    assert typed["phase:id"] == "phase"
    assert typed["functional-classification:generic:code"] == "functional_code"


def test_sizes_and_hashes_in_the_package_are_those_of_the_files(desk: Desk) -> None:
    import hashlib

    folder = exported(desk, "package")
    for one in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]:
        data = (folder / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (
            len(data), f"sha256:{hashlib.sha256(data).hexdigest()}",
        )  # fmt: skip


def test_parquet_holds_decimals_dates_and_no_float(desk: Desk) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    folder = exported(desk, "parquet")
    for table in TABLES:
        fields = {
            field.name: str(field.type)
            for field in pq.read_schema(folder / f"{table.name}.parquet")
        }
        assert list(fields) == [column.name for column in table.columns]
        assert not any("float" in kind or "double" in kind for kind in fields.values())
        money = {column.name for column in table.columns if column.type is Type.DECIMAL}
        assert {fields[name] for name in money} <= {"decimal128(38, 8)"}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_archive_gives_the_same_bytes(desk: Desk, format_: str) -> None:
    def bytes_of(folder: Path) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    first = bytes_of(exported(desk, format_))
    assert bytes_of(export_to(desk.folder / "again" / format_, desk, format_)) == first
    assert not any(name.startswith(".") for name in first)


def test_only_what_is_asked_for_is_exported(desk: Desk) -> None:
    rows = back(exported(desk, "csv", "--year", "2024", "--division", "310107"), "csv")
    assert {r["year"] for name in rows for r in rows[name]} == {2024}
    assert {r["old_document"] for r in rows["changes"]} >= {identity(2023).document_id}
    assert len(rows["documents"]) == 2


def test_coverage_is_exported_with_the_reason(desk: Desk) -> None:
    rows = back(exported(desk, "sqlite"), "sqlite")["coverage"]
    held = [r for r in rows if r["document"] == identity(2023).document_id]
    assert [(r["standing"], r["reason"], r["days_late"]) for r in held] == [
        ("published", "no-due-day", None)
    ]
    assert {r["standing"] for r in rows} == {"published", "revised", "not-known"}
    assert all(r["reason"] for r in rows if r["standing"] == "not-known")


def _row(table: Table, **values: Any) -> Mapping[str, Any]:
    made: dict[str, Any] = {
        column.name: 1 if column.type is Type.INTEGER else "a" for column in table.columns
    }
    made |= dict.fromkeys((c.name for c in table.columns if c.type not in _PLAIN), None)
    return made | values


_PLAIN = (Type.INTEGER, Type.TEXT)


class Counted(dict[str, Any]):
    """A row that knows how many of its kind are alive."""

    alive = most = 0

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        Counted.alive += 1
        Counted.most = max(Counted.most, Counted.alive)

    def __del__(self) -> None:
        Counted.alive -= 1


def many(count: int) -> Iterator[Record]:
    for number in range(count):
        yield "documents", Counted(_row(DOCUMENTS, document=f"d{number}"))


@pytest.mark.parametrize("format_", FORMATS)
def test_however_many_documents_few_rows_are_held_at_once(tmp_path: Path, format_: str) -> None:
    from archive.export import arrow

    Counted.alive = Counted.most = 0
    records = many(5_000)
    if format_ == "csv":
        as_csv.write(tmp_path, TABLES, records)
    elif format_ == "parquet":
        arrow.write(tmp_path, TABLES, records)
    elif format_ == "sqlite":
        sqlite.write(tmp_path, TABLES, records, DATASETTE)
    else:
        package.write(tmp_path, TABLES, records, PACKAGE)
    assert Counted.most <= 2001


def test_documents_are_read_one_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from diffing.export import records
    from diffing.export.records import Export, Wanted
    from diffing.thresholds import Thresholds

    seen: list[str] = []

    def noted(place: Any) -> Any:
        seen.append(place.identity.document_id)
        return read(place)

    monkeypatch.setattr(records, "read", noted)
    made = Export(desk.filing.archive, known(), Wanted(), judged={}, thresholds=Thresholds())
    stream = made.records()
    assert seen == []
    assert next(stream)[0] == "documents"
    assert len(seen) == 1
    list(stream)
    assert sorted(seen) == sorted(
        identity.document_id for _, identity in places(desk.filing.archive)
    )


def test_what_cannot_be_read_is_named_and_the_rest_is_exported(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.repository import RepositoryError
    from diffing.export import records

    broken = identity(2025).document_id

    def failing(place: Any) -> Any:
        if place.identity.document_id == broken:
            raise RepositoryError("document.json cannot be read")
        return read(place)

    monkeypatch.setattr(records, "read", failing)
    found = desk.run("export", str(desk.folder / "broken"), "--json")
    assert found.exit_code == 1
    said = json.loads(found.stdout)
    assert said["failed"] == [f"{broken}: document.json cannot be read"]
    assert broken in found.stderr
    assert said["rows"]["documents"] == 4


def test_a_figure_no_column_can_hold_keeps_its_text_and_is_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.filing.commit(spending("0.1234567891"), identity(2022))
    found = desk.run("export", str(tmp_path / "data"), "--json")
    assert json.loads(found.stdout)["left_empty"] == 3
    assert "more digits than a column holds" in found.stderr
    rows = back(tmp_path / "data", "csv")["line_items"]
    assert {(r["text"], r["value"]) for r in rows if r["code"] == "20699"} == {
        ("0.1234567891", None)
    }


@pytest.mark.parametrize("long", ["1.0000000000000000000000000000001", "1" * 27, "1" * 45])
def test_a_figure_of_any_length_that_was_once_archived_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: str
) -> None:
    desk = Desk(tmp_path)
    with monkeypatch.context() as once:
        once.setattr(money, "MOST_DIGITS", 1000)
        desk.filing.commit(spending(long), identity(2022))
        desk.filing.commit(spending("60.00"), identity(2023))
        desk.filing.commit(spending(long + "0"), identity(2023), ChangeKind.REVISION)
    for format_ in FORMATS:
        found = desk.run("export", str(tmp_path / format_), "--format", format_)
        assert found.exit_code == 0, found.output
        rows = back(tmp_path / format_, format_)["line_items"]
        held = {str(r["value"] or "") for r in rows if r["text"] == long}
        assert {value.removesuffix(".00000000") for value in held} == {
            long if len(long) == 27 else ""
        }, format_
    found = desk.run("query", "SELECT sum(value) FROM items WHERE code = '229'")
    assert "-10.00000000" in found.stdout, found.output
    assert "没有两年都有的行" in desk.run("overview", "310107").stdout


def test_an_export_that_fails_leaves_the_earlier_one_as_it_was(tmp_path: Path) -> None:
    as_csv.write(tmp_path, TABLES, many(1))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def torn() -> Iterator[Record]:
        yield from many(5)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        as_csv.write(tmp_path, TABLES, torn())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_killed_export_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    here = socket.gethostname()
    with subprocess.Popen(["sleep", "60"]) as running:
        left = f".documents.csv.{here}.{ended.pid}"
        others = {
            f".documents.csv.{here}.{running.pid}",
            f".documents.csv.elsewhere.{ended.pid}",
            f".documents.csv.{here}.note",
            f".another.csv.{here}.{ended.pid}",
        }
        for name in (left, *others):
            (tmp_path / name).write_text("begun")
        as_csv.write(tmp_path, (DOCUMENTS,), ())
        running.kill()
    assert {path.name for path in tmp_path.iterdir()} == {"documents.csv", *others}


def test_a_finding_judged_wrong_is_left_out_and_a_confirmed_one_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.filing.commit(contradictory(), identity(2022))
    desk.filing.commit(contradictory(), identity(2024))
    (wrong, right) = (r["key"] for r in back(exported(desk, "csv"), "csv")["findings"])
    desk.run("judge", wrong, "wrong", "--reason", "misread")
    desk.run("judge", right, "confirmed", "--reason", "seen in the original")
    (after,) = back(export_to(tmp_path / "after", desk, "csv"), "csv")["findings"]
    assert (after["key"], after["verdict"], after["verdict_reason"]) == (
        right,
        "confirmed",
        "seen in the original",
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--division", "990201"), "nothing is archived of division 990201"),
        (("--format", "xlsx"), "--format"),
        (("--year", "24"), "--year"),
    ],
)
def test_wrong_use_is_said_and_writes_nothing(
    desk: Desk, arguments: tuple[str, ...], says: str
) -> None:
    found = desk.run("export", str(desk.folder / "wrong"), *arguments)
    assert found.exit_code == 2
    assert says in found.stderr
    assert not (desk.folder / "wrong").exists()


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    found = Desk(tmp_path).run("export", str(tmp_path / "data"))
    assert found.exit_code == 2
    assert "mingzhang harvest" in found.stderr


# --- what is written about it ---


def test_the_description_of_the_data_is_current() -> None:
    page = PATH.read_text("utf-8")
    assert page == markdown(page), "run: make data"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_described_in_both_languages_and_no_name_stands_twice(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert all(column.meaning.endswith((".", "…")) and column.chinese for column in table.columns)
    assert all(column.unit for column in table.columns if column.type is Type.DECIMAL)
    assert {*table.key, *table.sought, *(name for name, _ in table.references)} <= set(names)


@pytest.mark.parametrize("table", [LINE_ITEMS, CHANGES, FINDINGS, COVERAGE, DOCUMENTS])
def test_every_table_says_which_version_of_which_original_a_row_is_from(table: Table) -> None:
    names = {column.name for column in table.columns}
    assert {"document", "version", "original", "extractor"} <= names


def test_every_option_of_export_and_coverage_is_in_the_description() -> None:
    page = PATH.read_text("utf-8")
    params = [*export.params, *coverage.params]
    options = {o for p in params for o in p.opts if o.startswith("--")}
    formats = {choice for p in export.params for choice in getattr(p.type, "choices", ())}
    assert {o for o in options if o not in page} == set()
    assert {f for f in formats - {"csv"} if f"--format {f}" not in page} == set()


def test_an_export_of_years_nobody_archived_says_so(desk: Desk, tmp_path: Path) -> None:
    found = desk.run("export", str(tmp_path / "data"), "--year", "1999")
    assert found.exit_code == 0
    assert "no document of these years is archived" in found.output


def test_a_folder_that_cannot_be_made_is_named_without_an_error_number(desk: Desk) -> None:
    found = desk.run("export", "/proc/nowhere/data")
    assert found.exit_code == 1
    assert "/proc/nowhere" in found.output
    assert "Errno" not in found.output
