"""What a build writes, leaves, takes away, and what it survives."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from archive.ledger import now
from archive.locks import LockTaken, held
from archive.model import ChangeKind, Document
from crawler.cli import mingzhang
from diffing.checks.judgements import Judgement, Verdict
from diffing.site import charts, output, search
from diffing.site.build import NotOurs
from diffing.site.catalogue import Holding
from diffing.site.state import FOLDER, Kept, State
from tests.diffing.archived import identity
from tests.diffing.build import budget

from .built import OFFICE, OTHER, Site, document_path, placed, text_of


def test_two_builds_of_one_archive_are_the_same_to_the_byte(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    first = site.contents()
    site.folder = tmp_path / "again"
    site.build()
    assert site.contents() == first


def test_a_build_that_finds_nothing_new_writes_nothing_and_opens_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path).fill()
    assert site.build().read == 4
    before = {path: path.stat().st_mtime_ns for path in site.folder.rglob("*.html")}
    monkeypatch.setattr(search, "index", None)  # nor is the search made anew
    again = site.build()
    assert (again.read, again.written, again.removed) == (0, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in site.folder.rglob("*.html")} == before


def test_after_one_change_only_its_own_pages_are_written_and_the_site_is_as_if_new(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path).fill()
    site.build()
    before = site.contents()
    site.filing.commit(placed(budget("71.00")), identity(2024, name=OTHER), ChangeKind.REVISION)
    again = site.build()
    assert again.read == 1
    after = site.contents()
    agency = identity(2024, name=OTHER).agency
    changed = {path for path in after if before.get(path) != after[path]}
    assert {path for path in changed if path.startswith("310107/310107")} == {
        path for path in after if path.startswith(f"310107/{agency}/")
    }
    assert not any(path.startswith("search/310107-2023") for path in changed)
    site.folder = tmp_path / "again"
    site.build()
    assert site.contents() == after


def test_a_new_year_makes_the_year_before_lead_to_it(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    site.filing.commit(placed(budget("99.00")), identity(2025, name=OFFICE))
    site.build()
    page = site.page(document_path(identity(2024, name=OFFICE)))
    assert "../2025-budget-department/index.html" in page.xpath("//nav[@class='jump']//a/@href")


def test_a_page_that_was_deleted_comes_back(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    page = site.folder / document_path(identity(2024, name=OTHER))
    before = page.read_bytes()
    page.unlink()
    site.build()
    assert page.read_bytes() == before


def test_what_is_no_more_is_taken_away_and_other_files_are_left_alone(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    own = site.folder / "CNAME"
    own.write_text("budgets.example.org")
    smaller = Site(tmp_path / "smaller")
    smaller.filing.commit(placed(budget("60.00")), identity(2023, name=OFFICE))
    smaller.folder = site.folder
    built = smaller.build()
    assert built.removed > 0
    agency = identity(2024, name=OTHER).agency
    assert not (site.folder / "310107" / agency).exists()
    assert own.read_text() == "budgets.example.org"


def test_a_folder_with_other_files_is_not_written_to(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.folder.mkdir()
    (site.folder / "thesis.odt").write_text("mine")
    with pytest.raises(NotOurs, match="left alone"):
        site.build()
    assert [path.name for path in site.folder.iterdir()] == ["thesis.odt"]


def test_a_build_that_is_cut_off_leaves_whole_pages_and_the_next_one_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path).fill()
    site.build()
    before = site.contents()
    site.filing.commit(placed(budget("91.00")), identity(2024, name=OFFICE), ChangeKind.REVISION)
    write, count = output.write, 0

    def failing(folder: Path, path: str, data: bytes) -> bool:
        nonlocal count
        count += 1
        if count > 3:
            raise OSError(28, "No space left on device")
        return write(folder, path, data)

    with monkeypatch.context() as patch:
        patch.setattr(output, "write", failing)
        with pytest.raises(OSError, match="No space left"):
            site.build()
    for path, data in site.contents().items():
        assert data.endswith((b"</html>\n", b");\n", b"}\n", b"})();\n", b"</svg>\n")), path
    assert set(before) <= set(site.contents())
    site.build()
    ended = site.contents()
    site.folder = tmp_path / "again"
    site.build()
    assert site.contents() == ended


def test_a_damaged_state_only_makes_the_next_build_a_whole_one(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    before = site.contents()
    (site.folder / FOLDER / "state.sqlite").write_bytes(b"not a database, not even nearly" * 50)
    again = site.build()
    assert (again.read, again.written) == (4, 0)
    assert site.contents() == before


@pytest.mark.parametrize("data", [b"not a database, not even nearly" * 50, None])
def test_pages_of_what_is_no_more_go_though_the_state_was_lost(
    tmp_path: Path, data: bytes | None
) -> None:
    site = Site(tmp_path).fill()
    site.build()
    (site.folder / "notes.html").write_text("somebody's own")
    state = site.folder / FOLDER / "state.sqlite"
    if data is None:
        state.unlink()
    else:
        state.write_bytes(data)
    fewer = Site(tmp_path / "fewer")
    fewer.filing.commit(placed(budget("70.00")), identity(2024, name=OTHER))
    fewer.folder = site.folder
    assert fewer.build().removed > 3
    left = set(site.contents()) - {"notes.html"}
    fewer.folder = tmp_path / "fresh"
    fewer.build()
    assert left == set(fewer.contents())
    assert (site.folder / "notes.html").exists()


def test_pages_of_what_is_no_more_go_though_the_build_after_the_loss_was_cut_off(
    tmp_path: Path,
) -> None:
    with State(tmp_path, "program") as state:
        state.keep_page("a/index.html", "key")
        state.list_pages(["a/index.html", "b/index.html", "../outside", "/etc/passwd"])
        state.commit()
    with State(tmp_path, "program") as state:
        assert state.pages() == {"a/index.html": "key", "b/index.html": ""}


def test_a_second_build_in_the_same_folder_leaves_everything_to_the_first(tmp_path: Path) -> None:
    site = Site(tmp_path).fill()
    site.build()
    before = site.contents()
    with held(site.folder / FOLDER / "build.lock", "a build", now), pytest.raises(LockTaken):
        site.build()
    assert site.contents() == before
    assert site.build().written == 0


def test_a_disk_that_is_full_costs_no_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path).fill()
    site.build()

    def full(_: State) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(State, "_opened", full)
        with pytest.raises(OSError, match="disk is full"):
            site.build()
    again = site.build()
    assert (again.read, again.written) == (0, 0)


def test_a_document_that_is_read_anew_after_its_withdrawal_stays_withdrawn(tmp_path: Path) -> None:
    site = Site(tmp_path)
    what = identity(2024, name=OTHER)
    site.filing.commit(placed(budget("70.00")), what)
    (first,) = site.filing.archive.repository("310107").history(what.document_id)
    gone = structs.replace(first, kind=ChangeKind.WITHDRAWAL, commit="2" * 40)
    read = structs.replace(first, kind=ChangeKind.RE_EXTRACTION, commit="3" * 40)
    back = structs.replace(first, kind=ChangeKind.RETURN, commit="4" * 40)
    assert Holding(what, (gone, first)).withdrawn
    assert Holding(what, (read, gone, first)).withdrawn
    assert not Holding(what, (back, read, gone, first)).withdrawn


def test_what_another_version_of_the_program_kept_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path).fill()
    site.build()
    before = site.contents()
    with State(site.folder, "another program") as state:
        state.keep_document("310107/310107.007/unit/2024/budget", Kept("key", b"\xc1"), b"\xc1")
        state.commit()
    again = site.build()
    assert (again.read, again.written, again.removed) == (4, 0, 0)
    assert site.contents() == before


def test_a_long_build_that_is_cut_off_goes_on_from_the_last_fifty(tmp_path: Path) -> None:
    cut_off = State(tmp_path, "program")
    cut_off.commit()
    for number in range(49):
        cut_off.keep_digest(f"{number}", Kept("key", b"said"), b"page")
        cut_off.settle()
    with State(tmp_path, "program") as another:
        assert another.names("digests") == set()
    cut_off.keep_document("id", Kept("key", b"said"), b"lines")
    cut_off.settle()
    with State(tmp_path, "program") as another:
        assert len(another.names("digests")) == 49
        assert another.names("documents") == {"id"}


def contradicting() -> Document:
    """A budget whose total is not what it is made of: 40 and 80 are not 121."""
    made = placed(budget("80.00"))
    expenditure = made.statements[1]
    line = expenditure.items[1]
    wrong = structs.replace(line.amounts["合计"], text="121.00", value=Decimal("121.00"))
    line = structs.replace(line, amounts=line.amounts | {"合计": wrong})
    items = (expenditure.items[0], line, *expenditure.items[2:])
    parts = (made.statements[0], structs.replace(expenditure, items=items), *made.statements[2:])
    return structs.replace(made, statements=parts)


def test_a_finding_a_person_called_wrong_goes_and_a_confirmed_one_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path)
    what = identity(2024, name=OFFICE)
    site.filing.commit(contradicting(), what)
    site.build()
    path = document_path(what)
    keys = [id_.removeprefix("finding-") for id_ in site.page(path).xpath("//li/@id") if "-" in id_]
    assert keys
    told = "digests/run-run-1.html"
    assert "121.00" in text_of(site.page(told).xpath("//main")[0])

    def judged(verdict: Verdict) -> None:
        site.judged = {key: Judgement(key, verdict, "看过原件", date(2026, 3, 9)) for key in keys}
        site.build()

    judged(Verdict.CONFIRMED)
    assert "经人工核实：看过原件" in text_of(site.page(path).xpath("//main")[0])
    judged(Verdict.WRONG)
    assert site.page(path).xpath("//ol[@class='findings']") == []
    headings = [text_of(h) for h in site.page(told).xpath("//h2 | //h3")]
    assert "核对发现" not in "".join(headings)


def test_without_the_chart_library_tables_stand_alone_and_the_site_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pygal", None)
    charts.available.cache_clear()
    try:
        site = Site(tmp_path).fill()
        assert site.build().charts is False
    finally:
        charts.available.cache_clear()
    pages = site.pages()
    assert [path for path, page in pages.items() if page.xpath("//svg")] == []
    agency = pages[f"310107/{identity(2024, name=OFFICE).agency}/index.html"]
    assert agency.xpath("//figure//details/@open") != []
    saying = [path for path, page in pages.items() if "没有安装图表组件" in text_of(page)]
    assert saying == ["about.html"]


def test_the_command_builds_where_the_settings_say_and_tells_a_program(tmp_path: Path) -> None:
    Site(tmp_path).fill()
    config = tmp_path / "mingzhang.toml"
    config.write_text('[site]\nfolder = "public"\ntitle = "区级账本"\n')

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(mingzhang, ["--config", str(config), "site", *arguments])
        return result.exit_code, result.output

    status, printed = run("build", "--json")
    said = json.loads(printed)
    assert status == 0
    assert said["documents"] == 4
    assert said["folder"] == str(tmp_path / "public")
    assert "区级账本" in (tmp_path / "public" / "index.html").read_text()
    status, printed = run("build", str(tmp_path))
    assert status == 2
    assert "left alone" in printed
    config.write_text("[site]\nfoldr = 1\n")
    status, printed = run("build")
    assert status == 2
    assert "did you mean `folder`" in printed
