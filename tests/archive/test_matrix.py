"""The coverage matrix: nobody is called late, missing or withdrawn where that is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from archive.events import Entry
from archive.ledger import Crawl, Ledger, Observation, Scope, Unseen
from archive.matrix import Cell, Matrix, Reason, Standing, matrix, told
from archive.model import ChangeKind, Kind, Source
from archive.register import Register, RegisterError
from archive.watch import HINDRANCES, Doubt
from archive.watch import said as in_words
from crawler.report import HIDING

from .test_coverage import APPROVED, MERGER, entry, register

DUE = date(2025, 11, 21)
AFTER = datetime(2026, 1, 20, tzinfo=UTC)
EVERYTHING = (Scope("990201"),)
KNOWN = "".join(
    f'[[addition]]\nid = "990201.00{n}"\nnames = [{{text = "明湖区{name}", since = 2019-01-01}}]\n'
    for n, name in enumerate(("审计局二", "司法局二", "统计局二", "水利局二"), start=1)
)
"""Names with dates: what shows that these agencies existed."""


def crawl(at: datetime = AFTER, **rest: Any) -> Crawl:
    return Crawl(**{"portal": "minghu", "at": at, "complete": True, "scopes": EVERYTHING, **rest})


class Place:
    """A register, a ledger and the events of one district."""

    def __init__(self, folder: Path, *rows: Any, extra: str = KNOWN, calendar: str = APPROVED):
        self.register: Register = register(folder / "register", extra, calendar)
        self.ledger = Ledger(folder / "ledger")
        for row in rows:
            self.ledger.append(row)

    def seen(self, *events: Entry) -> Matrix:
        district = SimpleNamespace(division="990201", history=lambda: list(events))
        archive: Any = SimpleNamespace(ledger=self.ledger, district=lambda _code: district)
        return matrix(archive, self.register, "990201")

    def cell(self, *events: Entry, agency: int = 1) -> Cell:
        line = next(x for x in self.seen(*events).lines if x.agency == f"990201.00{agency}")
        found = line.cell(2024, Kind.FINAL)
        assert found is not None
        return found


def said(cell: Cell) -> tuple[Standing, Reason | None]:
    return cell.standing, cell.doubt.reason if cell.doubt else None


ON_TIME = entry(1, date(2025, 11, 18))
LATE = entry(1, date(2026, 1, 19))


def test_every_standing_is_said_where_everything_is_known(tmp_path: Path) -> None:
    place = Place(tmp_path, crawl())
    revised = entry(3, date(2025, 11, 19), ChangeKind.REVISION)
    events = (
        structs.replace(revised, originals=("1" * 64,)),
        entry(3, date(2025, 11, 18)),
        entry(4, None, ChangeKind.WITHDRAWAL),
        entry(4, date(2025, 11, 18)),
        entry(1, date(2026, 1, 19)),
    )
    found = {line.name: line.cell(2024, Kind.FINAL) for line in place.seen(*events).lines}
    assert {name: cell and (cell.standing, cell.versions) for name, cell in found.items()} == {
        "明湖区审计局二": (Standing.LATE, 1),
        "明湖区司法局二": (Standing.MISSING, 0),
        "明湖区统计局二": (Standing.REVISED, 2),
        "明湖区水利局二": (Standing.WITHDRAWN, 1),
        "明湖区水务局": (Standing.NOT_KNOWN, 0),
    }
    late = place.cell(LATE)
    assert (late.days_late, late.on_time, late.published) == (59, False, date(2026, 1, 19))
    assert late.document_id == "990201/990201.001/department/2024/final"


def test_a_document_on_time_is_on_time_whatever_the_crawls_saw(tmp_path: Path) -> None:
    cell = Place(tmp_path).cell(ON_TIME)
    assert (said(cell), cell.on_time) == ((Standing.PUBLISHED, None), True)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], Reason.NOT_CRAWLED),
        ([crawl(scopes=(Scope("990202"),))], Reason.NOT_CRAWLED),
        ([crawl(scopes=(Scope("990201", kind=Kind.BUDGET),))], Reason.NOT_CRAWLED),
        ([crawl(scopes=(Scope("990201", year=2023),))], Reason.NOT_CRAWLED),
        ([crawl(scopes=(Scope("990201", agency="明湖区司法局"),))], Reason.NOT_CRAWLED),
        ([crawl(complete=False)], Reason.CRAWL_HINDERED),
        ([crawl(hindrances={"failed": 1})], Reason.CRAWL_HINDERED),
        ([crawl(), crawl(complete=False)], Reason.CRAWL_HINDERED),
        ([crawl(), crawl(portal="other", complete=False)], Reason.CRAWL_HINDERED),
        ([crawl(datetime(2025, 11, 21, 15, 59, tzinfo=UTC))], Reason.CRAWL_BEFORE_DUE),
        ([crawl(datetime(2026, 11, 22, tzinfo=UTC))], Reason.WATCHED_TOO_LATE),
    ],
)
def test_what_the_crawls_could_not_see_accuses_nobody(
    tmp_path: Path, rows: list[Crawl], reason: Reason
) -> None:
    place = Place(tmp_path, *rows)
    assert said(place.cell()) == (Standing.NOT_KNOWN, reason)
    gone = entry(1, None, ChangeKind.WITHDRAWAL)
    assert said(place.cell(gone, ON_TIME)) == (Standing.NOT_KNOWN, reason)
    late = place.cell(LATE)
    assert (said(late), late.on_time, late.days_late) == ((Standing.PUBLISHED, reason), None, None)


@pytest.mark.parametrize(
    ("why", "title", "standing"),
    [
        ("failed", "明湖区审计局2024年度部门决算", Standing.NOT_KNOWN),
        ("no-file", "明湖区审计局2024年度部门决算", Standing.NOT_KNOWN),
        ("no-file", "2024年度部门决算公开", Standing.NOT_KNOWN),
        ("gone", "附件", Standing.NOT_KNOWN),
        ("failed", "明湖区司法局2024年度部门决算", Standing.MISSING),
        ("failed", "明湖区审计局2024年部门预算", Standing.MISSING),
        ("gone", "明湖区审计局2023年度部门决算", Standing.MISSING),
        ("no-file", "决算公开工作动态", Standing.MISSING),
        ("no-file", "关于公开咨询电话的公告", Standing.MISSING),
    ],
)
def test_a_publication_without_its_document_may_be_the_missing_one(
    tmp_path: Path, why: str, title: str, standing: Standing
) -> None:
    cell = Place(tmp_path, crawl(unseen=(Unseen(why, title),))).cell()
    assert said(cell) == (standing, Reason.UNSEEN if standing is Standing.NOT_KNOWN else None)


def test_the_day_after_the_due_day_in_china_is_enough(tmp_path: Path) -> None:
    morning = datetime(2025, 11, 21, 16, 0, tzinfo=UTC)
    assert said(Place(tmp_path, crawl(morning)).cell()) == (Standing.MISSING, None)


def test_a_crawl_without_hindrance_makes_good_for_one_with(tmp_path: Path) -> None:
    rows = crawl(complete=False), crawl(datetime(2026, 1, 21, tzinfo=UTC))
    assert Place(tmp_path, *rows).cell().standing is Standing.MISSING


@pytest.mark.parametrize(
    ("title", "standing"),
    [
        ("明湖区某局2024年度部门决算", Standing.NOT_KNOWN),
        ("附件1", Standing.NOT_KNOWN),
        ("明湖区司法局2024年度部门决算", Standing.MISSING),
        ("明湖区某局2023年度部门决算", Standing.MISSING),
        ("明湖区某局2024年部门预算", Standing.MISSING),
    ],
)
def test_a_stored_document_that_is_not_filed_may_be_the_missing_one(
    tmp_path: Path, title: str, standing: Standing
) -> None:
    source = Source("http://m.example.gov.cn/a.pdf", title=title, portal="minghu")
    look = Observation(source, sha256="2" * 64)
    assert Place(tmp_path, look, crawl()).cell().standing is standing


@pytest.mark.parametrize(
    ("calendar", "events", "reason"),
    [
        ("", [], Reason.NO_DUE_DAY),
        ("", [entry(n, date(2025, 11, 18)) for n in (2, 3, 4)], Reason.DUE_ESTIMATED),
    ],
)
def test_a_due_day_that_is_not_known_or_estimated_accuses_nobody(
    tmp_path: Path, calendar: str, events: list[Entry], reason: Reason
) -> None:
    place = Place(tmp_path, crawl(), calendar=calendar)
    found = matrix_of(place, *events).lines[0].cell(2024, Kind.FINAL)
    assert found is not None
    assert said(found) == (Standing.NOT_KNOWN, reason)
    assert place.cell(LATE, *events).standing is Standing.PUBLISHED


def matrix_of(place: Place, *events: Entry) -> Matrix:
    district = SimpleNamespace(division="990201", history=lambda: list(events))
    archive: Any = SimpleNamespace(ledger=place.ledger, district=lambda _code: district)
    return matrix(archive, place.register, "990201", years=[2024])


def test_an_agency_that_may_not_have_existed_is_not_missed(tmp_path: Path) -> None:
    place = Place(tmp_path, crawl(), extra="")
    assert said(place.cell()) == (Standing.NOT_KNOWN, Reason.AGENCY_UNPROVEN)
    earlier = structs.replace(ON_TIME, document_id="990201/990201.001/department/2023/final")
    assert said(place.cell(earlier)) == (Standing.MISSING, None)


def test_an_agency_the_register_does_not_know_is_said_to_be_unknown(tmp_path: Path) -> None:
    stranger = structs.replace(LATE, document_id=LATE.document_id.replace(".001", ".009"))
    line = Place(tmp_path, crawl()).seen(stranger).lines[-1]
    assert (line.agency, said(line.cells[-1])) == (
        "990201.009",
        (Standing.PUBLISHED, Reason.AGENCY_UNKNOWN),
    )


def test_who_was_merged_away_has_no_cell(tmp_path: Path) -> None:
    found = Place(tmp_path, crawl(), extra=KNOWN + MERGER).seen()
    assert [line.agency for line in found.lines if line.cell(2024, Kind.FINAL)] == [
        "990201.001",
        "990201.002",
        "990201.005",
    ]


EXEMPT = """
[[exemption]]
agency = "990201.001"
reason = "涉密"
source = "http://m.example.gov.cn/gk.html"
since = 2024
"""


def test_exempt_is_said_only_where_the_register_says_so_and_nothing_was_published(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, crawl(), extra=KNOWN + EXEMPT)
    cell = place.cell()
    assert (cell.standing, cell.source) == (Standing.EXEMPT, "http://m.example.gov.cn/gk.html")
    assert place.cell(agency=2).standing is Standing.MISSING
    assert place.cell(ON_TIME).standing is Standing.PUBLISHED


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (EXEMPT.replace("990201.001", "990201.009"), "990201.009 is not registered"),
        (EXEMPT.replace("http://m.example.gov.cn/gk.html", " "), "names no source"),
        (EXEMPT + "until = 2023\n", "ends before it begins"),
    ],
)
def test_an_exemption_that_cannot_be_is_an_error_that_names_the_file(
    tmp_path: Path, wrong: str, says: str
) -> None:
    with pytest.raises(RegisterError, match=says) as caught:
        register(tmp_path / "r", wrong).agencies("990201")
    assert "990201.toml" in str(caught.value)


def test_an_earlier_version_entered_later_counts_for_the_publisher(tmp_path: Path) -> None:
    earlier = structs.replace(
        entry(1, date(2025, 11, 20), ChangeKind.BACKFILL), originals=("3" * 64,)
    )
    cell = Place(tmp_path, crawl()).cell(earlier, LATE)
    assert (cell.standing, cell.on_time, cell.published) == (
        Standing.PUBLISHED,
        True,
        date(2025, 11, 20),
    )


def test_our_reading_anew_is_no_version(tmp_path: Path) -> None:
    again = entry(1, date(2026, 1, 19), ChangeKind.RE_EXTRACTION)
    cell = Place(tmp_path, crawl()).cell(again, ON_TIME)
    assert (cell.standing, cell.versions, cell.published) == (
        Standing.PUBLISHED,
        1,
        date(2025, 11, 18),
    )


def test_whatever_can_hide_a_document_has_a_word(tmp_path: Path) -> None:
    assert {*HIDING, "incomplete"} == {*HINDRANCES}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_said_in_both_languages(reason: Reason) -> None:
    doubt = Doubt(reason, "minghu", date(2026, 1, 20), 2, ("blocked",))
    chinese, english = in_words(doubt), in_words(doubt, "en")
    assert "{" not in chinese + english
    assert english.isascii()
    assert ("被拦截" in chinese) is (reason is Reason.CRAWL_HINDERED)


def test_a_matrix_is_told_with_what_is_known_first(tmp_path: Path) -> None:
    lines = list(told(Place(tmp_path, crawl()).seen(LATE), "明湖区"))
    assert lines[1:3] == [
        "  990201.001  明湖区审计局二  2024决算 逾期公开59日，无法判断 1 项",
        "  990201.002  明湖区司法局二  2024决算 未见公开，无法判断 1 项",
    ]
    assert lines[-2:] == [
        "  5 项不能判断：不知道截止日",
        "  1 项不能判断：没有资料表明该部门当时已经设立（名录未载起始日期，也没有更早的文件）",
    ]
