"""The whole way, through the real command: portal → PDF → line items → git → digest.

One trial runs the ticks in order and keeps what each harvest did; the tests look at the records.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from archive.files import from_files
from archive.model import Document
from tests.portal import Portal, Request, documents
from tests.portal.trial import Trial, git, objects

pytestmark = pytest.mark.xdist_group("harvest")  # one trial, not one a worker

TICKS = (0, 1, 2, 3, 4, 8)
KECHUANG = "江城区科技创新和人才服务中心"
RENCAI = "青麓区人才服务中心"


class Record(msgspec.Struct):
    """One harvest and the archive after it."""

    said: dict[str, Any]
    tips: dict[str, str]
    commits: int
    log: list[Request]

    @property
    def committed(self) -> dict[str, str]:
        """Document id → kind of event."""
        return {
            one["document_id"]: one["kind"]
            for one in self.said["outcomes"]
            if one["status"] == "committed"
        }

    def digest(self, ending: str) -> str:
        """The text of the digest it wrote."""
        path = next(Path(p) for p in self.said["digest"] if p.endswith(ending))
        return path.read_text(encoding="utf-8")


class Story(msgspec.Struct):
    """All harvests of the trial, by tick."""

    trial: Trial
    at: dict[int, Record]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with Portal(crawl_delay=0.05) as portal:
        trial = Trial(tmp_path_factory.mktemp("trial"), portal, delay=0.05)
        story = Story(trial, {})
        for tick in TICKS:
            portal.tick(tick - portal.now)
            portal.clear_log()
            said = trial.harvest()
            story.at[tick] = Record(said, trial.tips(), trial.commits(), portal.log())
        yield story


def repository(story: Story, division: str) -> Path:
    return story.trial.archive / "districts" / division


def trailers(story: Story, division: str, commit: str) -> dict[str, str]:
    shown = git(repository(story, division), "log", "-1", "--format=%(trailers:only)", commit)
    return dict(line.split(": ", 1) for line in shown.splitlines() if line)


def commit_of(story: Story, tick: int, document_id: str) -> str:
    return str(
        next(
            one["commit"]
            for one in story.at[tick].said["outcomes"]
            if one["document_id"] == document_id
        )
    )


def document_at(story: Story, commit: str, division: str, folder: str) -> Document:
    data = git(repository(story, division), "show", f"{commit}:{folder}/document.json")
    return from_files({"document.json": data.encode()})


def sha256(name: str) -> str:
    return hashlib.sha256(documents.pdf(name)).hexdigest()


def test_every_harvest_ends_well(story: Story) -> None:
    assert {tick: record.said["exit"] for tick, record in story.at.items()} == dict.fromkeys(
        TICKS, 0
    )


def test_tick_0_archives_what_is_online(story: Story) -> None:
    assert story.at[0].committed == {
        "990101/990101.001/department/2024/budget": "first",
        "990101/990101.002/department/2024/budget": "first",
        "990103/990103.001/department/2024/budget": "first",
        "990103/990103.002/department/2024/budget": "first",
    }


def test_tick_1_changes_every_validator_and_commits_nothing(story: Story) -> None:
    assert story.at[1].committed == {}
    assert story.at[1].tips == story.at[0].tips
    assert story.at[1].commits == story.at[0].commits
    assert not story.at[1].said["digest"]
    files = [r for r in story.at[1].log if r.path.endswith(".pdf")]
    assert {r.status for r in files} == {200}
    assert all("if-none-match" in r.headers or "if-modified-since" in r.headers for r in files)


def test_tick_2_finds_the_budgets_of_2025(story: Story) -> None:
    found = story.at[2].committed
    assert set(found.values()) == {"first"}
    assert {
        "990101/990101.001/department/2025/budget",
        "990101/990101.002/department/2025/budget",
        "990103/990103.001/department/2025/budget",
        "990103/990103.002/department/2025/budget",
    } <= set(found)


def test_the_item_inserted_while_the_list_was_read_is_found_once(story: Story) -> None:
    late = "990101/990101.003/department/2025/budget"
    assert sum(late in record.committed for record in story.at.values()) == 1
    assert late in story.at[2].committed | story.at[3].committed


def test_tick_3_sees_the_silent_replacement_of_a_file(story: Story) -> None:
    document_id = "990103/990103.001/department/2024/budget"
    assert story.at[3].committed[document_id] == "revision"
    new, old = commit_of(story, 3, document_id), commit_of(story, 0, document_id)
    said = trailers(story, "990103", new)
    before = trailers(story, "990103", old)
    assert said["Change-Kind"] == "revision"
    assert said["Source-Url"] == before["Source-Url"]
    assert said["Published"] == before["Published"] == "2024-01-30"
    assert before["Original-Sha256"] == sha256("rencai-2024-budget")
    assert said["Original-Sha256"] == sha256("rencai-2024-budget-replaced")


def test_both_versions_of_the_replaced_file_can_be_read_from_git(story: Story) -> None:
    folder = f"{RENCAI}/2024年/部门预算"

    def reception(tick: int) -> str:
        commit = commit_of(story, tick, "990103/990103.001/department/2024/budget")
        document = document_at(story, commit, "990103", folder)
        statement = next(s for s in document.statements if s.form == "budget.sangong")
        item = next(i for i in statement.items if i.name == "公务接待费")
        return item.amounts["预算数"].text

    assert (reception(0), reception(3)) == ("0.45", "4.50")


def test_tick_4_sees_the_new_attachment_of_the_same_article(story: Story) -> None:
    document_id = "990101/990101.001/department/2025/budget"
    assert story.at[4].committed == {document_id: "revision"}
    said = trailers(story, "990101", commit_of(story, 4, document_id))
    assert said["Source-Url"].endswith("/P020250320390127754820.pdf")
    assert said["Original-Sha256"] == sha256("kechuang-2025-budget-replaced")


def test_tick_8_brings_the_final_accounts_and_nothing_else(story: Story) -> None:
    assert story.at[8].committed == {
        "990101/990101.001/department/2024/final": "first",
        "990103/990103.001/department/2024/final": "first",
    }
    assert "16,010.35" in story.at[8].digest(".md")


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_the_digest_names_the_replaced_figure_its_document_and_page(
    story: Story, ending: str
) -> None:
    text = re.sub(r"<[^>]+>", " ", story.at[3].digest(ending))
    page = next(
        s.pages[0]
        for s in documents.truth("rencai-2024-budget").statements
        if s.form == "budget.sangong"
    )
    assert re.search(r"公务接待费[^\n]{0,300}?0\.45[^\n]{0,80}?4\.50", text.replace("\n", " "))
    assert RENCAI in text
    assert "2024年部门预算" in text.replace(" ", "")
    assert f"第{page}页" in text.replace(" ", "")


def test_the_digest_of_tick_2_compares_the_years(story: Story) -> None:
    text = story.at[2].digest(".md")
    assert "471.19" in text
    assert "825.04" in text


def test_the_digest_of_tick_4_names_the_project(story: Story) -> None:
    text = story.at[4].digest(".md")
    assert "创新发展和人才服务基地专项经费" in text
    assert "307.00" in text
    assert "267.00" in text


def test_originals_are_the_portals_bytes(story: Story) -> None:
    kept = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (story.trial.archive / "originals").rglob("*")
        if path.is_file() and re.fullmatch(r"[0-9a-f]{64}", path.name)
    }
    assert all(name == digest for name, digest in kept.items())
    online = {
        *(
            f"{agency}-{year}-budget"
            for agency in ("kechuang", "kejing", "rencai", "qiye")
            for year in (2024, 2025)
        ),
        "archives-2025-budget",
        "rencai-2024-budget-replaced",
        "kechuang-2025-budget-replaced",
        "kechuang-2024-final",
        "rencai-2024-final",
    }
    assert set(kept) == {sha256(name) for name in online}


def test_the_tables_in_the_archive_are_the_tables_of_the_pdf(story: Story) -> None:
    folder = repository(story, "990103") / RENCAI / "2025年" / "部门预算" / "statements"
    (path,) = folder.glob("*三公*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = {cell for row in csv.reader(file) for cell in row}
    assert {"公务接待费", "0.40"} <= cells


def test_no_clerk_is_named_anywhere_and_the_hotlines_stay(story: Story) -> None:
    private = {word for name in documents.NAMES for word in documents.truth(name).private}
    kept = b"".join(objects(path) for path in story.trial.repositories())
    written = b"".join(
        path.read_bytes() for path in story.trial.digests.rglob("*") if path.is_file()
    )
    said = json.dumps([record.said for record in story.at.values()], ensure_ascii=False).encode()
    for word in private:
        assert word.encode() not in kept + written + said
    assert documents.truth("rencai-2024-budget").public[0].encode() in kept


def test_nothing_is_asked_twice_at_once_nor_where_robots_forbid(story: Story) -> None:
    log = [request for record in story.at.values() for request in record.log]
    assert max(request.in_flight for request in log) == 1
    assert not [request.path for request in log if request.path.startswith("/search")]
    agents = {request.headers["user-agent"] for request in log}
    assert len(agents) == 1
    assert re.fullmatch(r"Mingzhang/\S+ \(\+https://mingzhang\.invalid/demo\)", agents.pop())


def test_a_quiet_run_asks_no_more_than_the_first(story: Story) -> None:
    assert len(story.at[1].log) <= len(story.at[0].log)
