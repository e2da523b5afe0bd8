from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from archive import register
from archive.executor import Local
from archive.identity import Hints
from archive.intake import Intake
from archive.ledger import Http, Observation
from archive.locks import LockTaken, held
from archive.model import ChangeKind, Document, Kind, Level
from archive.originals import CorruptOriginal
from archive.repository import Archive
from archive.text import Unreadable
from tests.archive import crashing, storing
from tests.archive.storing import FINANCE, PLANNING, Workshop, paper, seen, told

DOCUMENT_ID = "310107/310107.006/department/2024/final"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "archive")


def figure(workshop: Workshop) -> str:
    """The figure the archive shows now."""
    document = workshop.archive.repository("310107").read(storing.identity_of_finance())
    return document.statements[0].items[0].amounts["合计"].text


# --- offering ---


def test_bytes_are_stored_before_it_is_said_that_they_were_seen(workshop: Workshop) -> None:
    http = Http("https://x.example/final.pdf", '"e"', "Mon, 01 Sep 2025", {"server": "nginx"})
    data = paper()
    sha256 = workshop.intake().offer(data, seen(), Hints(year=2024, level=Level.UNIT), http)
    (row,) = workshop.archive.ledger.rows()
    assert isinstance(row, Observation)
    assert workshop.archive.originals.get(sha256) == data
    assert (row.sha256, row.size, row.media_type) == (sha256, len(data), "application/pdf")
    assert (row.final_url, row.etag, row.headers) == (http.final_url, '"e"', {"server": "nginx"})
    assert row.stated == {"year": 2024, "level": "unit"}
    assert row.source.observed == workshop.clock()
    assert row.outcome == "stored"


def test_an_offer_that_cannot_be_stored_is_not_in_the_ledger(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workshop.archive.originals, "put", full)
    with pytest.raises(OSError, match="No space left"):
        workshop.intake().offer(paper(), seen())
    assert list(workshop.archive.ledger.rows()) == []


# --- what kind of event it is ---


def test_the_first_version_is_first_and_nothing_new_is_nothing(workshop: Workshop) -> None:
    (outcome,) = workshop.run((paper(), seen()))
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.FIRST)
    assert (outcome.document_id, outcome.division) == (DOCUMENT_ID, "310107")
    assert outcome.commit == workshop.archive.repository("310107").tip()

    rows = len(list(workshop.archive.ledger.rows()))
    assert workshop.run((paper(), seen())) == []
    assert workshop.kinds() == ["first"]
    assert len(list(workshop.archive.ledger.rows())) == rows + 1  # that it was seen again


def test_other_figures_at_the_same_address_are_a_revision(workshop: Workshop) -> None:
    workshop.run((paper({"三公接待": "0.45"}), seen()))
    assert told(workshop.run((paper({"三公接待": "4.50"}), seen()))) == [("committed", "revision")]
    assert figure(workshop) == "4.50"
    assert workshop.history()[-1].subject == (
        f"修订 {FINANCE} 2024年部门决算（文件被替换，来源网址未变）"
    )


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (seen(url="https://czj.example/b.pdf"), "同一页面换了文件"),
        (seen("https://other.example/b.pdf", "https://other.example/b.html"), "来自另一网址"),
    ],
)
def test_the_subject_says_where_a_revision_was_seen(
    workshop: Workshop, source: Any, note: str
) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.run((paper({"行政运行": "2"}), source))
    assert workshop.history()[-1].subject == f"修订 {FINANCE} 2024年部门决算（{note}）"


def test_a_title_that_says_so_makes_it_a_correction(workshop: Workshop) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    corrected = seen(
        "https://czj.example/c.pdf",
        "https://czj.example/c.html",
        "上海市普陀区财政局2024年度部门决算（更正）",
    )
    assert told(workshop.run((paper({"行政运行": "2"}), corrected))) == [
        ("committed", "correction")
    ]
    assert workshop.history()[-1].subject == f"更正 {FINANCE} 2024年部门决算（发布方已声明）"


def test_other_bytes_that_say_the_same_are_bytes_only(workshop: Workshop) -> None:
    workshop.run((paper(salt="one"), seen()))
    assert told(workshop.run((paper(salt="two"), seen()))) == [("committed", "bytes-only")]
    assert workshop.history()[-1].subject == (
        f"仅字节变化 {FINANCE} 2024年部门决算（读出的内容相同）"
    )


def test_what_could_not_be_read_in_both_is_not_called_bytes_only(workshop: Workshop) -> None:
    workshop.run((paper(salt="one", remarks=("page-image",)), seen()))
    outcomes = workshop.run((paper(salt="two", remarks=("page-image",)), seen()))
    assert told(outcomes) == [("committed", "revision")]
    assert workshop.history()[-1].subject.endswith(
        "（文件被替换，来源网址未变；读出的内容相同，但有未能读取之处）"
    )


def test_an_imported_file_is_not_said_to_have_been_replaced_by_the_publisher(
    workshop: Workshop,
) -> None:
    workshop.bring(paper({"行政运行": "1"}))
    workshop.bring(paper({"行政运行": "2"}))
    workshop.run((paper({"行政运行": "3"}), seen()))
    assert [entry.subject.partition("（")[2] for entry in workshop.history()] == [
        "",
        "由本地文件导入）",
        "此前版本由本地文件导入）",
    ]


def test_an_older_version_imported_again_is_no_step_back(workshop: Workshop) -> None:
    old, new = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    workshop.bring(old)
    workshop.bring(new)
    (outcome,) = workshop.bring(old)
    assert (outcome.status, outcome.message) == ("unchanged", "an older version")
    assert figure(workshop) == "2"


def test_the_same_bytes_elsewhere_are_a_mirror_that_is_remembered(workshop: Workshop) -> None:
    workshop.run((paper(), seen()))
    mirror = seen("https://platform.example/1.pdf", "https://platform.example/1")
    (outcome,) = workshop.run((paper(), mirror))
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.MIRROR)
    assert (mirror.url, mirror.page_url) in workshop.archive.ledger.places(outcome.sha256)
    entry = workshop.history()[-1]
    assert (entry.source_url, entry.originals) == (mirror.url, (outcome.sha256,))
    assert entry.subject == f"另见 {FINANCE} 2024年部门决算（同一文件也见于另一网址）"
    assert workshop.run((paper(), mirror)) == []
    assert workshop.kinds() == ["first", "mirror"]


def test_a_mirror_that_lags_behind_is_not_a_step_back(workshop: Workshop) -> None:
    old, new = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    workshop.run((old, seen()))
    workshop.run((new, seen()))
    mirror = seen("https://platform.example/1.pdf", "https://platform.example/1")
    (outcome,) = workshop.run((old, mirror))
    assert (outcome.status, outcome.message) == (
        "unchanged",
        "an older version, shown at another address",
    )
    assert figure(workshop) == "2"


def test_putting_the_old_file_back_is_a_revision(workshop: Workshop) -> None:
    old, new = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    for data in (old, new, old):
        workshop.run((data, seen()))
    assert workshop.kinds() == ["first", "revision", "revision"]
    assert figure(workshop) == "1"


def test_years_kinds_and_levels_are_documents_of_their_own(workshop: Workshop) -> None:
    variants = [
        paper(),
        paper(year=2023),
        paper(kind="budget"),
        paper(level="unit"),
        paper(agency=PLANNING),
    ]
    outcomes = workshop.run(
        *(
            (data, seen(f"https://x.example/{n}.pdf", f"https://x.example/{n}", ""))
            for n, data in enumerate(variants)
        )
    )
    assert told(outcomes) == [("committed", "first")] * 5
    assert len({outcome.document_id for outcome in outcomes}) == 5


# --- what is late, beside or unclear ---


def test_an_older_file_brought_later_does_not_replace_the_newer_one(workshop: Workshop) -> None:
    workshop.bring(paper({"行政运行": "2"}), published=date(2025, 9, 10), name="new.pdf")
    (outcome,) = workshop.bring(
        paper({"行政运行": "1"}), published=date(2025, 9, 1), name="old.pdf"
    )
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.BACKFILL)
    assert workshop.history()[-1].subject == (
        f"补录 {FINANCE} 2024年部门决算（2025-09-01发布的版本）"
    )
    assert figure(workshop) == "2"
    assert outcome.sha256 in workshop.archive.originals


def test_a_correction_dated_back_still_comes_after_what_it_corrects(workshop: Workshop) -> None:
    corrected = seen(
        "https://czj.example/c.pdf",
        "https://czj.example/c.html",
        "上海市普陀区财政局2024年度部门决算（更正）",
        date(2025, 8, 1),
    )
    workshop.run((paper({"行政运行": "2"}), corrected), (paper({"行政运行": "1"}), seen()))
    assert workshop.kinds() == ["first", "correction"]
    assert figure(workshop) == "2"


def test_another_file_beside_the_archived_one_is_not_its_successor(workshop: Workshop) -> None:
    beside = seen("https://czj.example/annex.pdf")
    workshop.run((paper({"行政运行": "1"}), seen()))
    outcomes = workshop.run((paper({"行政运行": "1"}), seen()), (paper({"绩效": "9"}), beside))
    assert told(outcomes) == [("unfiled", "")]
    assert "beside it" in outcomes[0].message
    assert figure(workshop) == "1"


def test_of_two_files_of_one_page_the_one_with_the_tables_is_the_document(
    workshop: Workshop,
) -> None:
    annex = seen("https://czj.example/0-annex.pdf")
    outcomes = workshop.run(
        (paper({}, prose="绩效目标"), annex), (paper({"行政运行": "1"}), seen())
    )
    assert sorted(told(outcomes)) == [("committed", "first"), ("unfiled", "")]
    assert figure(workshop) == "1"


def test_of_two_files_of_one_page_with_tables_none_is_taken_for_the_document(
    workshop: Workshop,
) -> None:
    other = seen("https://czj.example/other.pdf")
    outcomes = workshop.run((paper({"行政运行": "1"}), seen()), (paper({"行政运行": "2"}), other))
    assert told(outcomes) == [("unfiled", ""), ("unfiled", "")]
    assert "state which is which" in outcomes[0].message
    assert workshop.archive.repositories() == []


def test_a_crawl_cut_off_between_two_files_of_a_page_does_not_make_the_first_the_document(
    workshop: Workshop,
) -> None:
    annex, main = paper({}, prose="绩效目标"), paper({"行政运行": "1"})
    where = seen("https://czj.example/0-annex.pdf")
    workshop.intake().offer(annex, where)  # and then the power went
    assert sorted(told(workshop.run((annex, where), (main, seen())))) == [
        ("committed", "first"),
        ("unfiled", ""),
    ]
    assert figure(workshop) == "1"


def test_a_file_beside_an_archived_one_that_could_not_be_fetched_is_not_its_successor(
    workshop: Workshop,
) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    intake = workshop.intake()
    intake.offer(paper({"绩效": "9"}), seen("https://czj.example/annex.pdf"))
    run = list(workshop.archive.ledger.rows())[-1].run
    workshop.archive.ledger.append(Observation(source=seen(), run=run, outcome="refused:no-answer"))
    (outcome,) = intake.process()
    assert (outcome.status, "beside it" in outcome.message) == ("unfiled", True)
    assert figure(workshop) == "1"


def test_a_file_put_beside_the_archived_one_is_its_successor_once_it_stands_alone(
    workshop: Workshop,
) -> None:
    old, new = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    beside = seen("https://czj.example/new.pdf")
    workshop.run((old, seen()))
    assert told(workshop.run((old, seen()), (new, beside))) == [("unfiled", "")]
    assert workshop.run((old, seen()), (new, beside)) == []
    assert told(workshop.run((new, beside))) == [("committed", "revision")]
    assert workshop.run((new, beside)) == []
    assert figure(workshop) == "2"


def test_of_two_files_with_tables_the_one_that_stays_is_the_document(workshop: Workshop) -> None:
    one, other = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    second = seen("https://czj.example/other.pdf")
    workshop.run((one, seen()), (other, second))
    assert workshop.run((one, seen()), (other, second)) == []
    assert told(workshop.run((other, second))) == [("committed", "first")]
    assert figure(workshop) == "2"


def test_one_file_linked_twice_on_its_page_is_one_document(workshop: Workshop) -> None:
    outcomes = workshop.run((paper(), seen()), (paper(), seen("https://czj.example/again.pdf")))
    assert sorted(told(outcomes)) == [("committed", "first"), ("unchanged", "")]


def test_what_cannot_be_identified_is_kept_and_said_once(workshop: Workshop) -> None:
    stranger = paper(agency="上海市普陀区月球事务局")
    where = seen(title="", filename="x.pdf")
    (outcome,) = workshop.run((stranger, where))
    assert outcome.status == "unfiled"
    assert "月球事务局" in outcome.message
    assert outcome.proposal
    assert outcome.sha256 in workshop.archive.originals
    assert workshop.run((stranger, where)) == []


def test_the_unfiled_is_tried_again_when_the_register_has_learned(
    workshop: Workshop, tmp_path: Path
) -> None:
    stranger = paper(agency="上海市普陀区月球事务局")
    where = seen(title="", filename="x.pdf")
    workshop.run((stranger, where))
    (tmp_path / "own" / "agencies").mkdir(parents=True)
    (tmp_path / "own" / "agencies" / "310107.toml").write_text(
        'division = "310107"\n[[department]]\nid = "310107.901"\nname = "上海市普陀区月球事务局"\n',
        encoding="utf-8",
    )
    workshop.register = register.load(tmp_path / "own")
    assert told(workshop.run()) == [("committed", "first")]
    assert workshop.run() == []


def test_hints_stated_with_the_bytes_are_kept_for_a_later_try(workshop: Workshop) -> None:
    (outcome,) = workshop.bring(
        paper(agency="某某局"), Hints(division="310107", agency="310107.006", year=2024)
    )
    assert (outcome.status, outcome.document_id) == ("committed", DOCUMENT_ID)
    assert [remark.code for remark in outcome.remarks] == ["identity-disagreement"]
    assert "某某局" in outcome.remarks[0].message


def test_what_a_portal_file_states_of_a_column_does_not_overrule_a_document(
    workshop: Workshop,
) -> None:
    intake = workshop.intake()
    intake.offer(paper(kind="final"), seen(title=""), Hints(division="310107", kind=Kind.BUDGET))
    (outcome,) = intake.process()
    assert outcome.status == "unfiled"
    assert "the portal file says kind budget, the document itself says final" in outcome.message


def test_an_operator_may_insist_with_a_stated_identity(workshop: Workshop) -> None:
    stranger = paper(agency="某某局")
    workshop.run((stranger, seen(title="", filename="x.pdf")))
    (outcome,) = workshop.bring(stranger, Hints(agency="310107.006"), name="x.pdf")
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.FIRST)


# --- what cannot be read ---


def test_an_unreadable_file_is_kept_and_said_once_per_extractor(workshop: Workshop) -> None:
    where = seen(url="https://czj.example/scan.pdf")
    (outcome,) = workshop.run((b"<html>blocked", where))
    assert (outcome.status, outcome.message) == ("unreadable", "it is no PDF (not-a-pdf)")
    assert outcome.sha256 in workshop.archive.originals
    assert workshop.run((b"<html>blocked", where)) == []
    workshop.extractor = "fake/2"
    assert told(workshop.run()) == [("unreadable", "")]
    assert workshop.run() == []


def test_what_a_url_shows_is_known_to_be_unread_until_it_shows_something_else(
    workshop: Workshop,
) -> None:
    url = seen().url
    workshop.run((b"%PDF-truncated", seen()))
    assert workshop.archive.ledger.unread(url)
    workshop.run((paper(), seen()))
    assert not workshop.archive.ledger.unread(url)


def test_an_unreadable_file_never_replaces_a_version(workshop: Workshop) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    assert told(workshop.run((b"%PDF-truncated", seen()))) == [("unreadable", "")]
    assert workshop.kinds() == ["first"]
    assert figure(workshop) == "1"


def test_a_file_without_tables_never_replaces_one_that_has_them(workshop: Workshop) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    (outcome,) = workshop.run((paper({}), seen()))
    assert outcome.status == "unreadable"
    assert "no statement could be read in it" in outcome.message
    assert figure(workshop) == "1"


def test_what_became_readable_but_is_no_longer_shown_is_left_alone(workshop: Workshop) -> None:
    first = paper({"行政运行": "1"})

    def half_blind(path: Path) -> Document:
        if path.read_bytes() == first:
            raise Unreadable("damaged", "not yet understood")
        return storing.read(path.read_bytes(), workshop.extractor)

    mirror = seen("https://platform.example/1.pdf", "https://platform.example/1")
    assert told(workshop.run((first, seen()), (first, mirror), reader=half_blind)) == [
        ("unreadable", ""),
        ("unreadable", ""),
    ]
    workshop.run((paper({"行政运行": "2"}), seen()), reader=half_blind)
    workshop.extractor = "fake/2"
    (outcome,) = workshop.run()  # only the mirror still shows the first version
    assert (outcome.status, outcome.source.url) == ("unfiled", mirror.url)
    assert "before the version already archived" in outcome.message
    assert figure(workshop) == "2"


def test_damage_in_our_own_store_is_not_blamed_on_the_publisher(workshop: Workshop) -> None:
    intake = workshop.intake()
    path = workshop.archive.originals.path(intake.offer(paper(), seen()))
    path.chmod(0o644)
    whole = path.read_bytes()
    path.write_bytes(b"broken")
    (outcome,) = intake.process()
    assert outcome.status == "unreadable"
    assert str(path) in outcome.message
    path.write_bytes(whole)
    assert told(workshop.run()) == [("committed", "first")]  # nothing was settled meanwhile


# --- when the extractor changes ---


def test_a_better_reader_is_never_mistaken_for_a_change_by_the_publisher(
    workshop: Workshop,
) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.extractor = "fake/2"
    assert workshop.run((paper({"行政运行": "1"}), seen())) == []
    outcomes = workshop.run((paper({"行政运行": "2"}), seen()))
    assert told(outcomes) == [("committed", "revision")]
    assert workshop.kinds() == ["first", "re-extraction", "revision"]
    first, again, revised = workshop.history()
    assert again.originals == first.originals
    assert (first.extractor, again.extractor, revised.extractor) == ("fake/1", "fake/2", "fake/2")
    assert (again.source_url, again.published, again.observed) == (
        first.source_url,
        first.published,
        first.observed,
    )
    assert again.subject == f"重新读取 {FINANCE} 2024年部门决算（并非发布方的改动）"


def test_other_bytes_of_equal_content_are_told_under_one_extractor(workshop: Workshop) -> None:
    workshop.run((paper(salt="one"), seen()))
    workshop.extractor = "fake/2"
    assert told(workshop.run((paper(salt="two"), seen()))) == [("committed", "bytes-only")]
    assert workshop.kinds() == ["first", "re-extraction", "bytes-only"]


def test_if_the_old_original_is_gone_the_change_is_committed_and_that_is_said(
    workshop: Workshop,
) -> None:
    (first,) = workshop.run((paper({"行政运行": "1"}), seen()))
    workshop.extractor = "fake/2"
    workshop.archive.originals.path(first.sha256).unlink()
    (outcome,) = workshop.run((paper({"行政运行": "2"}), seen()))
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.REVISION)
    assert "could not be read again by fake/2" in outcome.message


def test_a_poorer_reading_of_the_old_file_does_not_replace_the_better_one(
    workshop: Workshop,
) -> None:
    old, new = paper({"行政运行": "1"}), paper({"行政运行": "2"})
    workshop.run((old, seen()))
    workshop.extractor = "fake/2"

    def forgetful(path: Path) -> Document:
        document = storing.read(path.read_bytes(), "fake/2")
        poorer = msgspec.structs.replace(document, statements=())
        return poorer if path.read_bytes() == old else document

    (outcome,) = workshop.run((new, seen()), reader=forgetful)
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.REVISION)
    assert "lost its tables when read again by fake/2" in outcome.message
    assert workshop.kinds() == ["first", "revision"]


# --- how it is done ---


def test_each_original_is_read_once_per_extractor(workshop: Workshop) -> None:
    counted: Counter[str] = Counter()

    def counting(path: Path) -> Document:
        counted[path.name] += 1
        return storing.read(path.read_bytes())

    mirror = seen("https://platform.example/1.pdf", "https://platform.example/1")
    workshop.run((paper(), seen()), (paper(), mirror), reader=counting)
    workshop.bring(paper())
    workshop.run((paper({"行政运行": "2"}), seen()), reader=counting)
    assert list(counted.values()) == [1, 1]


def test_kept_readings_may_be_deleted_or_damaged_at_any_time(workshop: Workshop) -> None:
    intake = workshop.intake()
    intake.offer(paper({"行政运行": "1"}), seen())
    intake.process()
    for kept in (workshop.root / "cache").rglob("*.json"):
        kept.write_bytes(b'{"original": "')
    workshop.run((paper({"行政运行": "2"}), seen()))
    workshop.extractor = "fake/2"
    workshop.run((paper({"行政运行": "3"}), seen()))
    assert workshop.kinds() == ["first", "revision", "re-extraction", "revision"]


def test_commits_stand_in_one_order_whichever_worker_is_first(tmp_path: Path) -> None:
    offers = [
        (
            paper(year=year),
            seen(f"https://x.example/{year}.pdf", f"https://x.example/{year}", "", day),
        )
        for year, day in ((2021, date(2025, 3, 1)), (2022, date(2025, 1, 1)), (2023, None))
    ]
    orders = []
    for number, last in enumerate(("2021", "2022", "2023")):
        others_done = threading.Semaphore(0)

        def slow(
            path: Path, last: str = last, others: threading.Semaphore = others_done
        ) -> Document:
            document = storing.read(path.read_bytes())
            if str(document.facts.year) == last:
                assert others.acquire(timeout=20)
                assert others.acquire(timeout=20)
            else:
                others.release()
            return document

        workshop = Workshop(tmp_path / str(number))
        workshop.run(*(reversed(offers) if number else offers), reader=slow, executor=Local(3))
        orders.append([entry.document_id.split("/")[3] for entry in workshop.history()])
    # by the date the publisher claims; without one, by the day it was seen (2026)
    assert orders == [["2022", "2021", "2023"]] * 3


def test_progress_is_told(workshop: Workshop) -> None:
    intake = workshop.intake()
    intake.offer(paper(), seen())
    intake.offer(paper(year=2023), seen("https://x.example/b.pdf", "https://x.example/b", ""))
    read: list[tuple[int, int]] = []
    outcomes: list[Any] = []
    returned = intake.process(outcomes.append, lambda done, total: read.append((done, total)))
    assert read == [(1, 2), (2, 2)]
    assert outcomes == returned


def test_a_district_somebody_writes_waits_and_the_others_go_on(workshop: Workshop) -> None:
    intake = workshop.intake()
    intake.offer(paper(), seen())
    intake.offer(
        paper(agency="武汉市青山区人才服务中心"),
        seen("https://w.example/1.pdf", "https://w.example/1", "", None, ""),
    )
    outcomes: list[Any] = []
    lock = workshop.root / "locks" / "310107.lock"
    with held(lock, "x", workshop.clock), pytest.raises(LockTaken, match="310107"):
        intake.process(outcomes.append)
    assert [(o.status, o.division) for o in outcomes] == [("committed", "420107")]
    assert [(o.status, o.division) for o in workshop.run()] == [("committed", "310107")]


def test_one_platform_writes_to_the_repository_of_each_district_it_publishes_for(
    workshop: Workshop,
) -> None:
    """The list a document stood in says whose it is; each history holds its own alone."""
    told_by_list = {
        "310107": FINANCE,
        "420102": "武汉市江岸区科学技术和经济信息化局",
        "420106": "武昌区科技创新和人才服务中心",
    }
    intake = workshop.intake()
    for number, (division, agency) in enumerate(told_by_list.items()):
        where = seen(f"https://p.example/{number}.pdf", f"https://p.example/{number}", agency)
        intake.offer(paper(agency=agency), where, Hints(division=division))
    outcomes = intake.process()
    assert {(o.status, o.division) for o in outcomes} == {
        ("committed", division) for division in told_by_list
    }
    assert [r.division for r in workshop.archive.repositories()] == sorted(told_by_list)
    for division, agency in told_by_list.items():
        (entry,) = workshop.history(division)
        identity = storing.identity_of(entry)
        assert (identity.division, identity.agency[:6]) == (division, division)
        assert agency in entry.subject
        repository = workshop.archive.repository(division)
        assert [one.document_id for one in repository.documents()] == [entry.document_id]
        assert (repository.path / agency / "2024年/部门决算/document.json").is_file()


def test_of_several_districts_that_wait_every_one_is_told(workshop: Workshop) -> None:
    intake = workshop.intake()
    intake.offer(paper(), seen())
    intake.offer(
        paper(agency="武汉市青山区人才服务中心"),
        seen("https://w.example/1.pdf", "https://w.example/1", "", None, ""),
    )
    locks = workshop.root / "locks"
    with (
        held(locks / "310107.lock", "x", workshop.clock),
        held(locks / "420107.lock", "x", workshop.clock),
        pytest.raises(LockTaken, match=r"district 310107: .+; district 420107: "),
    ):
        intake.process()


def test_an_interrupt_does_not_wait_for_what_was_not_begun(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    ended = threading.Event()

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            ended.set()
            super().shutdown(wait=wait)

    def reader(path: Path) -> Document:
        begun.append(path.name)
        assert len(begun) == 1 or ended.wait(timeout=20)
        return storing.read(path.read_bytes())

    def interrupted(done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("archive.executor.ThreadPoolExecutor", Pool)
    intake = workshop.intake(reader=reader, executor=Local(1))
    for year in range(2015, 2025):
        intake.offer(paper(year=year), seen(f"https://x.example/{year}.pdf", "", ""))
    with pytest.raises(KeyboardInterrupt):
        intake.process(on_read=interrupted)
    assert len(begun) <= 2
    assert len(workshop.run()) == 10


def test_where_no_reading_can_be_kept_what_fails_the_second_time_is_told_and_the_rest_goes_on(
    workshop: Workshop,
) -> None:
    counted: Counter[str] = Counter()
    restless = paper(year=2023)

    def reader(path: Path) -> Document:
        counted[path.name] += 1
        data = path.read_bytes()
        if data == restless and counted[path.name] > 1:
            raise CorruptOriginal("the disk is failing")
        return storing.read(data)

    workshop.root.mkdir()
    (workshop.root / "cache").write_text("in the way", encoding="utf-8")
    where = seen("https://x.example/b.pdf", "https://x.example/b", "")
    outcomes = workshop.run((restless, where), (paper(), seen()), reader=reader)
    assert sorted(told(outcomes)) == [("committed", "first"), ("unreadable", "")]
    assert [o.message for o in outcomes if not o.commit] == ["the disk is failing"]
    assert told(workshop.run()) == [("committed", "first")]


def test_what_another_run_settled_meanwhile_is_not_done_again(workshop: Workshop) -> None:
    intake = workshop.intake()
    intake.offer(paper(), seen())
    other = Intake(
        Archive(workshop.root, clock=workshop.clock),
        workshop.register,
        "other",
        workshop.clock,
        reader=lambda path: storing.read(path.read_bytes()),
        extractor=workshop.extractor,
    )

    def overtaken(done: int, total: int) -> None:
        assert told(other.process()) == [("committed", "first")]

    assert intake.process(on_read=overtaken) == []
    assert workshop.kinds() == ["first"]


def test_a_copy_that_was_left_alone_is_told(workshop: Workshop) -> None:
    workshop.run((paper({"行政运行": "1"}), seen()))
    readme = workshop.archive.repository("310107").path / "README.md"
    readme.write_text("mine", encoding="utf-8")
    intake = workshop.intake()
    intake.offer(paper({"行政运行": "2"}), seen())
    intake.process()
    assert len(intake.notes) == 1
    assert "local edits" in intake.notes[0]


# --- stopped at any point ---


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[Any]]:
    """How many durable steps the story has, and how it ends when nothing happens."""
    root = tmp_path_factory.mktemp("reference") / "archive"
    with crashing.stopped_at(-1, lambda: None) as steps:
        crashing.tell_story(root)
    assert Counter(kind for _, kind, _ in crashing.ending(root)) == {
        "first": 2,
        "revision": 3,
        "bytes-only": 1,
    }
    return len(steps), crashing.ending(root)


def assert_whole(root: Path, expected: list[Any]) -> None:
    """Nothing lost, nothing doubled, nothing corrupt, nothing left to do."""
    assert crashing.ending(root) == expected
    archive = Archive(root)
    assert archive.ledger.verify_chain() == []
    assert archive.ledger.intents() == []
    assert archive.ledger.pending(storing.EXTRACTOR, storing.known().version) == []
    district = archive.repository("310107")
    for command in (["fsck", "--strict"], ["diff", "--quiet", "main"]):
        subprocess.run(["git", "-C", str(district.path), *command], check=True, capture_output=True)
    for entry in district.history():
        assert district.read(storing.identity_of(entry), entry.commit).original in entry.originals
        assert archive.originals.get(entry.originals[0])
    archive.close()


STEPS = 81


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=() if step % 6 == 5 else pytest.mark.full)
        for step in range(1, STEPS + 1)
    ],
)
def test_an_error_at_any_step_loses_and_doubles_nothing(
    tmp_path: Path, reference: tuple[int, list[Any]], step: int
) -> None:
    root = tmp_path / "archive"

    def crash() -> None:
        raise crashing.Crash

    with pytest.raises(crashing.Crash), crashing.stopped_at(step, crash):
        crashing.tell_story(root)
    crashing.tell_story(root)
    assert_whole(root, reference[1])


def test_the_story_has_as_many_steps_as_are_tried(reference: tuple[int, list[Any]]) -> None:
    assert reference[0] == STEPS


KILLED_AT = {
    4: "after the first observation",
    16: "between intent and commit",
    17: "inside the first commit of a district",
    18: "inside the first commit of a document",
    19: "between commit and done",
    41: "inside a revision",
    44: "before the stream is ended",
    46: "before the copy is refreshed",
    74: "between intent and commit of a file that was put back",
}


@pytest.mark.parametrize("step", KILLED_AT, ids=KILLED_AT.get)
def test_a_kill_loses_and_doubles_nothing(
    tmp_path: Path, reference: tuple[int, list[Any]], step: int
) -> None:
    root = tmp_path / "archive"
    command = [sys.executable, "-m", "tests.archive.crashing", str(root), str(step)]
    here = Path(__file__).parents[2]
    assert subprocess.run(command, cwd=here).returncode == -signal.SIGKILL
    crashing.tell_story(root)
    assert_whole(root, reference[1])


def test_a_commit_found_after_a_crash_is_told_so_that_a_digest_has_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = workshop.intake()
    intake.offer(paper(), seen())

    def crash(*_: Any) -> None:
        raise crashing.Crash

    with monkeypatch.context() as patch:
        patch.setattr("archive.outcomes.Settler.settle_verdict", crash)
        with pytest.raises(crashing.Crash):
            intake.process()
    (outcome,) = workshop.run()
    assert (outcome.status, outcome.kind) == ("committed", ChangeKind.FIRST)
    assert outcome.commit == workshop.archive.repository("310107").tip()
    assert workshop.run() == []


def test_a_corrupt_original_is_refused_when_offered_again(workshop: Workshop) -> None:
    sha256 = workshop.intake().offer(paper(), seen())
    path = workshop.archive.originals.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"x")
    with pytest.raises(CorruptOriginal):
        workshop.intake().offer(paper(), seen())


def test_outcomes_can_be_handed_on_as_json(workshop: Workshop) -> None:
    outcomes = workshop.run((paper(), seen()))
    assert msgspec.json.decode(msgspec.json.encode(outcomes))[0]["kind"] == "first"
