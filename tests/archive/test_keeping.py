"""Reading again, sealing, second places, remotes, WARC: what keeps an archive."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from warcio.archiveiterator import ArchiveIterator

from archive import audit, warc
from archive.absences import Absences
from archive.identity import Hints
from archive.ledger import Http, Observation, Withheld, run_id
from archive.originals import MissingOriginal, Originals, WithheldOriginal
from archive.plumbing import RepositoryError
from archive.publishing import publish, push
from archive.rereading import Reread, Rereading
from archive.second import copy_originals, second_at
from archive.settings import Settings
from archive.withholding import withhold
from diffing.digest import build, latest_run
from diffing.render import markdown
from tests.archive import storing
from tests.archive.storing import EXTRACTOR, FINANCE, PLANNING, Workshop, known, paper, seen, told
from tests.archive.test_audit import verified
from tests.archive.test_repository import git

OTHER = ("https://czj.example/b.pdf", "https://czj.example/b.html", "", None, "b.pdf")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path / "archive")
    workshop.run((paper({"行政运行": "1"}), seen()), (paper(agency=PLANNING), seen(*OTHER)))
    return workshop


def better(data: bytes) -> Any:
    """What a better reader makes of it: one more remark, and 1 is read as 1.00."""
    document = storing.read(data, "fake/2")
    item = document.statements[0].items[0] if document.statements else None
    if item is None or item.amounts["合计"].text != "1":
        return document
    amount = replace(item.amounts["合计"], text="1.00")
    statement = replace(document.statements[0], items=(replace(item, amounts={"合计": amount}),))
    return replace(document, statements=(statement,))


def rereading(workshop: Workshop, reader: Any = better) -> Rereading:
    workshop.clock.pass_days(1)
    return Rereading(
        workshop.archive,
        known(),
        run_id(workshop.clock()),
        workshop.clock,
        reader=lambda path: reader(path.read_bytes()),
        extractor="fake/2",
    )


def results(found: list[Reread]) -> list[str]:
    return sorted(one.result for one in found)


# --- reading again ---


def test_only_what_reads_differently_is_committed(workshop: Workshop) -> None:
    found = list(rereading(workshop).run())
    assert results(found) == ["changed", "same"]
    (changed,) = (one for one in found if one.commit)
    assert changed.files == {"document.json": (1, 1), "statements/01-支出决算表.csv": (1, 1)}
    assert workshop.kinds() == ["first", "first", "re-extraction"]
    newest = workshop.history()[-1]
    assert (newest.extractor, newest.observed) == ("fake/2", workshop.history()[1].observed)
    assert [row.commit for row in workshop.archive.ledger.made()] == [newest.commit]
    assert results(list(rereading(workshop).run())) == ["same"]
    assert verified(workshop).faults == []


def test_a_dry_run_shows_the_difference_and_commits_nothing(workshop: Workshop) -> None:
    before = workshop.archive.repository("310107").tip()
    found = list(rereading(workshop).run(dry=True))
    (changed,) = (one for one in found if one.result == "changed")
    assert "+支出,2010601,行政运行,1.00,3,3" in changed.difference.replace("+,", "+支出,")
    assert workshop.archive.repository("310107").tip() == before


def test_a_poorer_reading_never_replaces_a_richer_one(workshop: Workshop) -> None:
    found = list(
        rereading(workshop, lambda data: replace(storing.read(data, "fake/2"), statements=())).run()
    )
    assert results(found) == ["poorer", "poorer"]
    assert "the reading before stays" in found[0].message
    assert workshop.kinds() == ["first", "first"]


def test_what_was_entered_later_is_read_again_where_it_lies(workshop: Workshop) -> None:
    intake = workshop.intake()
    older = replace(seen(published=datetime(2025, 8, 1, tzinfo=UTC).date()), url="file:old.pdf")
    intake.offer(paper({"行政运行": "1"}, salt="old"), older, Hints(), backfill=True)
    intake.process()
    list(rereading(workshop).run())
    again = [e for e in workshop.history() if str(e.kind) == "re-extraction"]
    texts = {
        workshop.archive.repository("310107").version(e).statements[0].items[0].amounts["合计"].text
        for e in again
    }
    assert (len(again), texts) == (2, {"1.00"})
    assert verified(workshop).faults == []


def test_another_extractor_makes_no_line_in_any_digest(workshop: Workshop) -> None:
    before = latest_run(workshop.archive)
    list(rereading(workshop).run())
    commits = [("310107", entry.commit) for entry in workshop.history()[2:]]
    assert [entry.kind for entry in workshop.history()[2:]] == ["re-extraction"]
    assert latest_run(workshop.archive) == before
    digest = build(workshop.archive, known(), commits)
    assert (digest.collected, digest.happenings, digest.revisions, digest.blocks) == (
        (),
        (),
        (),
        (),
    )
    assert FINANCE not in markdown.render(digest)


# --- sealing ---


def first_original(workshop: Workshop) -> str:
    return next(e.originals[0] for e in workshop.history() if FINANCE in e.subject)


def test_a_sealed_original_is_kept_apart_and_said_to_be(workshop: Workshop, tmp_path: Path) -> None:
    sha256 = first_original(workshop)
    reason = "法院来函要求 联系人张小帆13800138000"
    for _ in range(2):
        withhold(workshop.archive, sha256, reason, "", tmp_path)
    (row,) = (r for r in workshop.archive.ledger.rows() if isinstance(r, Withheld))
    assert (row.sha256, "13800138000" in row.reason) == (sha256, False)
    originals = workshop.archive.originals
    assert sha256 not in originals
    with pytest.raises(WithheldOriginal, match="is withheld"):
        originals.get(sha256)
    assert list((workshop.root / "cache").rglob(f"{sha256}.json")) == []
    report = verified(workshop)
    assert report.faults == []
    (line,) = report.withheld
    assert line.startswith(f"{sha256}: 法院来函要求")
    assert "under seal" in line
    assert "310107: the originals of 1 versions are not here" in report.unchecked
    (workshop.root / "withheld" / sha256).unlink()
    report = verified(workshop)
    assert (report.faults, "not kept" in report.withheld[0]) == ([], True)


def test_sealed_bytes_that_are_seen_again_are_not_stored_again(
    workshop: Workshop, tmp_path: Path
) -> None:
    sha256 = first_original(workshop)
    withhold(workshop.archive, sha256, "x", "", tmp_path)
    assert workshop.run((paper({"行政运行": "1"}), seen())) == []
    assert sha256 not in workshop.archive.originals
    assert told(workshop.run((paper({"行政运行": "2"}), seen()))) == [("committed", "revision")]


def test_what_is_not_stored_cannot_be_sealed(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(MissingOriginal):
        withhold(workshop.archive, "0" * 64, "x", "", tmp_path)
    with pytest.raises(ValueError, match="not a sha256"):
        withhold(workshop.archive, "../x", "x", "", tmp_path)


def test_a_seal_somebody_broke_is_a_fault(workshop: Workshop, tmp_path: Path) -> None:
    sha256 = first_original(workshop)
    withhold(workshop.archive, sha256, "x", "", tmp_path)
    (workshop.root / "withheld" / f"{sha256}.reason").unlink()
    assert [f.message for f in verified(workshop).faults if f.check == "originals"] == [
        "the ledger says it is sealed, and it is not"
    ]


# --- a second place ---


@pytest.mark.parametrize("address", ["second", "memory://second"])
def test_originals_are_copied_to_a_second_place_and_checked_there(
    workshop: Workshop, tmp_path: Path, address: str
) -> None:
    address = f"{address}-{tmp_path.name}"
    second = second_at(address, tmp_path / address)
    originals = workshop.archive.originals
    assert copy_originals(originals, second) == 2
    assert second.names() == originals.names()
    assert copy_originals(originals, second) == 0
    assert verified(workshop, second=second).faults == []

    sha256 = first_original(workshop)
    withhold(workshop.archive, sha256, "x", address, tmp_path / address)
    assert sha256 not in second.names()
    (other,) = second.names()
    second.remove(other)
    report = verified(workshop, second=second)
    assert [(f.check, f.where) for f in report.faults] == [("second", other)]


def test_a_copy_that_is_damaged_is_named(workshop: Workshop, tmp_path: Path) -> None:
    second = second_at("second", tmp_path / "second")
    copy_originals(workshop.archive.originals, second)
    path = Originals(tmp_path / "second").path(first_original(workshop))
    path.chmod(0o644)
    path.write_bytes(b"x")
    (fault,) = verified(workshop, second=second).faults
    assert "its copy at" in fault.message


def test_a_store_whose_driver_is_missing_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ValueError, match=r"pip install 'mingzhang\[s3\]'"):
        second_at("s3://bucket/originals", tmp_path)


# --- remotes ---


def settings(workshop: Workshop, **archive: Any) -> Settings:
    return Settings(workshop.root / "mingzhang.toml", {"archive": archive})


def bare(path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    return path


def test_a_history_is_pushed_and_what_fails_is_told_and_tried_again(
    workshop: Workshop, tmp_path: Path
) -> None:
    there, away = bare(tmp_path / "310107.git"), tmp_path / "away.git"
    waited: list[float] = []
    remotes = [str(tmp_path / "{division}.git"), str(away)]
    failed = publish(workshop.archive, settings(workshop, remotes=remotes), waited.append)
    assert len(failed) == 1
    assert failed[0].startswith(f"{away}: could not be pushed to in 3 attempts")
    assert waited == [2, 10]
    assert git(there, "rev-parse", "main").strip() == workshop.archive.repository("310107").tip()
    bare(away)
    assert publish(workshop.archive, settings(workshop, remotes=remotes), waited.append) == []


def test_a_remote_with_another_history_is_never_forced(workshop: Workshop, tmp_path: Path) -> None:
    remote = bare(tmp_path / "remote.git")
    district = workshop.archive.repository("310107")
    push(district, str(remote))
    tip = git(remote, "rev-parse", "main").strip()
    git(district.path, "update-ref", "refs/heads/main", "main~1")
    workshop.run((paper({"行政运行": "5"}), seen()))
    waited: list[float] = []
    with pytest.raises(RepositoryError, match="a history that ours does not continue"):
        push(district, str(remote), waited.append)
    assert git(remote, "rev-parse", "main").strip() == tip
    assert waited == []


def test_every_district_is_pushed_to_a_remote_of_its_own(
    workshop: Workshop, tmp_path: Path
) -> None:
    wuchang = "武昌区科技创新和人才服务中心"
    workshop.run((paper(agency=wuchang), seen("https://w.example/1.pdf", "", wuchang)))
    for division in ("310107", "420106"):
        bare(tmp_path / f"{division}.git")
    remotes = [str(tmp_path / "{division}.git")]
    assert publish(workshop.archive, settings(workshop, remotes=remotes)) == []
    for division in ("310107", "420106"):
        clone = tmp_path / "clones" / division
        subprocess.run(["git", "clone", "-q", str(tmp_path / f"{division}.git"), clone], check=True)
        assert git(clone, "rev-parse", "HEAD").strip() == (
            workshop.archive.repository(division).tip()
        )
        assert audit.verify_clone(clone).faults == []


def test_a_remote_for_several_districts_must_say_where_the_code_stands(
    workshop: Workshop, tmp_path: Path
) -> None:
    wuchang = "武昌区科技创新和人才服务中心"
    workshop.run((paper(agency=wuchang), seen("https://w.example/1.pdf", "", wuchang)))
    remote = bare(tmp_path / "one.git")
    (told,) = publish(workshop.archive, settings(workshop, remotes=[str(remote)]))
    assert told.startswith(f"{remote}: one remote holds one district, and there are 2")
    assert git(remote, "for-each-ref") == ""


def test_a_second_place_that_cannot_be_written_is_told(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    failed = publish(workshop.archive, settings(workshop, second=str(tmp_path / "file" / "x")))
    assert len(failed) == 1
    assert "originals were not all copied there" in failed[0]


# --- WARC ---


def test_every_look_is_exported_as_warc(workshop: Workshop, tmp_path: Path) -> None:
    http = Http(
        final_url="https://czj.example/final.pdf",
        headers={"content-type": "application/pdf", "content-encoding": "gzip"},
        redirects=("302 https://czj.example/a.pdf",),
        tls_name="czj.example",
    )
    intake = workshop.intake()
    data = paper({"行政运行": "2"})
    intake.offer(data, replace(seen(), url="https://czj.example/r.pdf"), Hints(), http)
    intake.offer(data, seen(*OTHER))
    intake.process()
    ledger = workshop.archive.ledger
    ledger.append(Observation(source=seen(), run="r", outcome="gone"))
    Absences(ledger, "r", workshop.clock).absent(OTHER[1], "putuo", status=404)
    workshop.bring(paper({"行政运行": "9"}), name="local.pdf")
    withhold(workshop.archive, first_original(workshop), "x", "", tmp_path)

    target = tmp_path / "out.warc.gz"
    counts = warc.export(workshop.archive, target)
    assert counts == {"response": 2, "revisit": 1, "metadata": 3}
    records = []
    with target.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            body = record.raw_stream.read()
            records.append((record.rec_type, record.rec_headers, record.http_headers, body))
    assert records[0][0] == "warcinfo"
    (found,) = (
        r for r in records if r[1].get_header("WARC-Target-URI") == "https://czj.example/r.pdf"
    )
    assert found[3] == data
    assert found[1].get_header("WARC-TLS-Name") == "czj.example"
    assert found[1].get_header("WARC-Redirects") == "302 https://czj.example/a.pdf"
    assert found[1].get_header("WARC-Date") == "2026-03-03T08:00:00Z"
    assert found[2].get_statuscode() == "200"
    assert found[2].get_header("x-archive-orig-content-encoding") == "gzip"
    (again,) = (r for r in records if r[0] == "revisit")
    assert again[1].get_header("WARC-Refers-To-Target-URI") == "https://czj.example/r.pdf"
    assert not any(b"local.pdf" in r[3] for r in records)
    withheld = [r for r in records if r[0] == "metadata" and b"is withheld" in r[3]]
    assert len(withheld) == 1
    assert warc.export(workshop.archive, tmp_path / "none.warc.gz", "elsewhere") == {}


def test_an_extract_is_checked_by_the_audit_under_its_own_extractor(workshop: Workshop) -> None:
    report = verified(workshop, EXTRACTOR)
    assert isinstance(report, audit.Report)
    assert report.faults == []
