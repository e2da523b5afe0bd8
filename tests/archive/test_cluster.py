"""Two workers on loopback: the same archive as on one machine, whoever is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import batches
from archive import executor as seam
from archive.executor import Executor, Local, executor_at
from archive.intake import Intake, Outcome
from archive.model import Document
from archive.originals import Originals
from archive.program import Unlike
from archive.rereading import Rereading
from archive.second import copy_originals, second_at
from diffing.checks import whole
from diffing.export import shares
from diffing.export.records import Export, Wanted
from diffing.site import documents
from diffing.site import shares as site_shares
from diffing.site.build import Inputs, build
from diffing.site.settings import SiteSettings
from diffing.thresholds import DigestSettings, Thresholds
from tests.archive import spreading, supervised
from tests.archive.storing import Workshop, paper, seen, told
from tests.portal.trial import objects

pytestmark = pytest.mark.xdist_group("cluster")  # one cluster, not one a worker

YEARS = range(2021, 2025)
POISONED, MORTAL = (2022, "final"), (2023, "budget")
"""One document kills every worker that reads it, one the first."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with supervised.cluster() as found:
        yield found


@pytest.fixture
def workers(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Executor]:
    monkeypatch.setattr(seam, "_START", 120)
    with executor_at(address) as found:
        yield found


def offered(workshop: Workshop, intake: Intake) -> None:
    """A budget and a final account a year."""
    for year in YEARS:
        for kind, word in (("budget", "预算"), ("final", "决算")):
            salt = {POISONED: "poison", MORTAL: "mortal"}.get((year, kind), "")
            url = f"https://czj.example/{year}{kind}"
            title = f"上海市普陀区财政局{year}年度部门{word}"
            data = paper({"行政运行": f"{year}.00"}, year=year, kind=kind, salt=salt)
            intake.offer(data, seen(f"{url}.pdf", f"{url}.html", title))


def taken_in(
    root: Path, executor: Executor, reader: Callable[[Path], Document]
) -> tuple[Workshop, list[Outcome], list[tuple[int, int]]]:
    """An archive of those documents, its outcomes, and what was heard while it was read."""
    workshop = Workshop(root)
    intake = Intake(
        workshop.archive,
        workshop.register,
        "20260301T080000Z-000000",
        workshop.clock,
        reader=reader,
        extractor="fake/1",
        executor=executor,
    )
    offered(workshop, intake)
    heard: list[tuple[int, int]] = []
    outcomes = intake.process(on_read=lambda done, of: heard.append((done, of)))
    return workshop, outcomes, heard


def stored(workshop: Workshop) -> tuple[str, bytes, bytes]:
    """The tip, every object of the repository, and the ledger."""
    repository = workshop.archive.repository("310107")
    ledger = b"".join(
        p.read_bytes() for p in sorted(workshop.archive.ledger.folder.glob("*.jsonl"))
    )
    return repository.tip(), objects(repository.path), ledger


def test_killed_workers_and_a_document_that_kills_any_lose_double_and_stop_nothing(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LEAST", 3)
    there, outcomes, heard = taken_in(tmp_path / "there", workers, spreading.deadly)
    here, _, _ = taken_in(tmp_path / "here", Local(2), spreading.harmless)

    assert stored(there) == stored(here)
    assert sorted(told(outcomes)) == [("committed", "first")] * 7 + [("unreadable", "")]
    (poisoned,) = [one for one in outcomes if one.status == "unreadable"]
    assert poisoned.source.url == "https://czj.example/2022final.pdf"
    assert poisoned.message == "whoever read it was killed each time (crashed)"
    assert heard[-1] == (8, 8)
    assert list(there.root.rglob("*.pdf.seen")) == []
    assert len(list(there.root.rglob("*.seen"))) == 1  # the mortal one did kill a worker
    assert list((there.root / "cache" / "journals").iterdir()) == []
    assert there.run() == []  # it is settled: nothing is tried again by the same reader


def test_workers_without_the_archives_folder_read_from_the_second_place(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "originals", f"file://{tmp_path / 'second'}")
    monkeypatch.setattr(batches, "LEAST", 3)
    there, _, _ = taken_in(tmp_path / "there", workers, spreading.harmless)
    monkeypatch.undo()
    here, _, _ = taken_in(tmp_path / "here", Local(2), spreading.harmless)
    assert stored(there) == stored(here)
    assert second_at(str(tmp_path / "second"), tmp_path / "second").names() == (
        Originals(there.root / "originals").names()
    )


def test_a_damaged_copy_in_the_second_place_is_our_own_fault_and_settles_nothing(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = Workshop(tmp_path / "archive")
    intake = workshop.intake(executor=workers, reader=spreading.harmless)
    sha256 = intake.offer(paper(), seen())
    second = second_at(str(tmp_path / "second"), tmp_path / "second")
    copy_originals(workshop.archive.originals, second)
    copy = Originals(tmp_path / "second").path(sha256)
    copy.chmod(0o644)
    copy.write_bytes(b"%PDF-fake damaged")
    monkeypatch.setattr(workers, "originals", str(tmp_path / "second"))
    intake = workshop.intake(executor=workers, reader=spreading.harmless)
    (outcome,) = intake.process()
    assert outcome.status == "unreadable"
    assert f"the bytes kept as {sha256} have sha256" in outcome.message
    assert told(workshop.run()) == [("committed", "first")]


def test_reading_again_checking_and_exporting_come_out_as_on_one_machine(
    tmp_path: Path, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "_SHARE", 4)
    monkeypatch.setattr(shares, "_SHARE", 3)
    monkeypatch.setattr(site_shares, "_SHARE", 3)
    monkeypatch.setattr(documents, "_FEW", 0)
    found: list[Any] = []
    for name, executor in (("there", workers), ("here", Local(1))):
        workshop, _, _ = taken_in(tmp_path / name, Local(2), spreading.harmless)
        rereading = Rereading(
            workshop.archive,
            workshop.register,
            "20260302T080000Z-000000",
            workshop.clock,
            reader=spreading.better,
            extractor="fake/2",
            executor=executor,
        )
        results = [one.result for one in rereading.run()]
        reports = list(whole.check_all(executor, workshop.archive, workshop.register))
        export = Export(
            workshop.archive,
            workshop.register,
            Wanted(),
            judged={},
            thresholds=Thresholds(),
            executor=executor if executor.spread else None,
        )
        rows = list(export.records())
        site = built(workshop, tmp_path / f"site-{name}", executor)
        found.append((results, stored(workshop), reports, rows, export.tally, site))
    assert found[0] == found[1]
    assert found[0][0] == ["changed"] * 7
    assert len(found[0][2]) == 7
    assert found[0][4].rows["documents"] == 7
    assert found[0][4].failed == []
    assert len([path for path in found[0][5] if path.endswith("/digest.html")]) == 7


def built(workshop: Workshop, folder: Path, executor: Executor) -> dict[str, bytes]:
    """Every file of a site of these documents, whose pages the executor's workers made."""
    inputs = Inputs(SiteSettings(), DigestSettings(), {}, folder / "told")
    made = build(workshop.archive, workshop.register, inputs, folder, executor=executor)
    assert (made.failed, made.read) == ([], 7)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".mingzhang" not in path.parts
    }


def test_a_worker_that_is_another_program_does_nothing(
    workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seam, "program", lambda: "another")
    with pytest.raises(Unlike, match=r"runs another Mingzhang.*install the same there"):
        list(workers.map_unordered(spreading.doubled, [1, 2]))
