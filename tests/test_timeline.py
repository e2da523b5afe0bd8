"""Twelve ticks of the mock portal, harvested one after the other, against `portal/gold.toml`.

Each tick is harvested twice; the second time brings nothing. The clock of every harvest is the
portal's. The whole runs with `--full`; without, two of its sites live through the withdrawal.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from archive.originals import Originals
from archive.settings import load
from crawler.harvest import Harvested, harvest
from crawler.report import TroubleKind
from tests.portal import Portal, Request
from tests.portal.calendar import Moment
from tests.portal.configuration import SLUGS
from tests.portal.documents import forms
from tests.portal.trial import Trial, git

GOLD: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "portal" / "gold.toml").read_text(encoding="utf-8")
)
DELAY = 0.05
ARRIVAL = 0.2
"""Seconds that the first request may have taken to arrive."""
PUBLISHED = {
    "zip": "audit-2023-budget",
    "xlsx": "petitions-2024-budget",
    "docx": "audit-2025-budget",
}
"""The mock portal's documents in other formats than PDF."""
TOLD = (TroubleKind.NO_FILE, TroubleKind.SHORTFALL)
"""Troubles of articles without a document, which are none of these events."""


class Ran(msgspec.Struct):
    """One harvest: what it said, what it committed, what the sites saw of it."""

    harvested: Harvested
    commits: list[str]
    log: list[Request]

    @property
    def troubles(self) -> set[str]:
        """New troubles, as `kind portal`."""
        return {
            f"{one.kind} {portal}"
            for portal, found in self.harvested.new.items()
            for one in found
            if one.kind not in TOLD
        }


class Timeline:
    """The mock portal and an archive that follows it from tick to tick."""

    def __init__(self, folder: Path, portal: Portal, sites: str) -> None:
        self.portal, self.sites = portal, sites
        self.trial = Trial(folder, portal, sites, delay=DELAY)
        self.ran: dict[int, list[Ran]] = {}
        self._seen: set[str] = set()

    def go(self, tick: int, times: int = 2) -> None:
        """Let time pass until a tick and harvest it, a minute between two harvests."""
        self.portal.tick(tick - self.portal.now)
        self.ran[tick] = [self.harvest(tick, minute) for minute in range(times)]

    def harvest(self, tick: int, minute: int) -> Ran:
        """One harvest, so many minutes after the tick."""
        self.portal.clear_log()
        moment = Moment(tick).time + timedelta(minutes=minute)
        said, archive, _ = harvest(load(self.trial.settings), moment=moment)
        archive.close()
        return Ran(said, sorted(self._new_commits()), self.portal.log())

    def _new_commits(self) -> Iterator[str]:
        """`Change-Kind Document-Id` of every commit not there before."""
        named = (
            f"%(trailers:key={k},valueonly,separator=)" for k in ("Change-Kind", "Document-Id")
        )
        form = "%x09".join(("%H", *named))
        for repository in self.trial.repositories():
            for line in git(repository, "log", f"--format={form}").splitlines():
                commit, kind, document = line.split("\t")
                if commit not in self._seen and kind:
                    yield f"{kind} {document}"
                self._seen.add(commit)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    with Portal(crawl_delay=DELAY) as portal:
        timeline = Timeline(tmp_path_factory.mktemp("whole"), portal, "ABCDE")
        for tick in range(12):
            timeline.go(tick)
        yield timeline


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    with Portal("BD", crawl_delay=DELAY) as portal:
        timeline = Timeline(tmp_path_factory.mktemp("sample"), portal, "BD")
        for tick in (4, 5, 6):
            timeline.go(tick, times=1)
        timeline.go(7)
        yield timeline


whole_trial = [pytest.mark.full, pytest.mark.xdist_group("timeline")]


def gold(tick: int, divisions: str = "") -> tuple[list[str], set[str]]:
    """Commits and troubles of a tick, without mirrors where only some sites are looked at."""
    said = GOLD[str(tick)]
    commits = [
        commit
        for commit in said.get("commits", [])
        if not divisions or (commit.split()[1][:6] in divisions and not commit.startswith("mirror"))
    ]
    return sorted(commits), set(said.get("troubles", []))


class TestWhole:
    pytestmark = whole_trial

    @pytest.mark.parametrize("tick", range(12))
    def test_each_tick_brings_exactly_its_gold_events(self, whole: Timeline, tick: int) -> None:
        first = whole.ran[tick][0]
        assert (first.commits, first.troubles) == gold(tick)
        assert not first.harvested.refused

    @pytest.mark.parametrize("tick", range(12))
    def test_a_second_harvest_of_a_tick_brings_nothing(self, whole: Timeline, tick: int) -> None:
        second = whole.ran[tick][1]
        assert second.commits == []
        assert second.troubles == set()
        assert second.harvested.exit_code == 0

    def test_only_wrong_files_fail_a_harvest(self, whole: Timeline) -> None:
        failed = [tick for tick, ran in whole.ran.items() if ran[0].harvested.exit_code]
        assert failed == [11]

    def test_the_manners_are_kept_throughout(self, whole: Timeline) -> None:
        for ran in (one for pair in whole.ran.values() for one in pair):
            kept_manners(ran)

    def test_a_quiet_harvest_asks_once_for_each_page_and_file(self, whole: Timeline) -> None:
        for pair in whole.ran.values():
            bounded(pair[1])

    def test_the_late_and_the_missing_account_are_told(self, whole: Timeline) -> None:
        told = whole.trial.mingzhang(
            *("coverage", "990102", "--year", "2024", "--kind", "final", "--on", "2026-01-26")
        )
        assert told.out.splitlines() == [
            "东湖区 2024年部门决算：截止 2025-11-21（批准之日起40日）",
            "按时公开 2，逾期公开 1，逾期未见公开 1",
            "  990102.001  东湖区审计局  按时公开  2025-11-20",
            "  990102.002  东湖区司法局  按时公开  2025-11-20",
            "  990102.003  东湖区信访局  逾期公开  2026-01-20，逾期 60 日",
            "  990102.004  东湖区统计局  逾期未见公开  —",
        ]

    def test_a_renamed_agency_keeps_its_documents(self, whole: Timeline) -> None:
        listed = whole.trial.mingzhang("history", "990103.002", "--json")
        years = {"/2024/", "/2025/", "/2026/"}
        assert all(f"990103.002/department{year}budget" in listed.out for year in years)

    def test_documents_of_a_platform_are_joined_to_their_districts(self, whole: Timeline) -> None:
        (repository,) = (r for r in whole.trial.repositories() if r.name == "990102")
        log = git(repository, "log", "--format=%(trailers:key=Source-Url,valueonly,separator=)")
        hosts = Counter(line.split("/")[2] for line in log.splitlines() if line)
        assert set(hosts) == {whole.portal.url(site).split("/")[2] for site in "BE"}


class TestMatrix:
    pytestmark = whole_trial

    def test_late_and_missing_are_told_only_once_the_crawls_saw_everything(
        self, tmp_path: Path
    ) -> None:
        with Portal("BE", crawl_delay=DELAY) as portal:
            timeline = Timeline(tmp_path, portal, "BE")
            timeline.go(8, times=1)
            on_the_due_day = standings(timeline)
            timeline.go(10, times=1)
            later = standings(timeline)
            portal.fault("E", "/gkmlpt/*", "ruishu")
            timeline.harvest(10, 30)
            blocked = standings(timeline)
        assert on_the_due_day == {
            "990102.001": ("published", None),
            "990102.002": ("published", None),
            "990102.003": ("not-known", "crawl-before-due"),
            "990102.004": ("not-known", "crawl-before-due"),
        }
        assert later == on_the_due_day | {
            "990102.003": ("late", None),
            "990102.004": ("missing", None),
        }
        assert blocked == on_the_due_day | {
            "990102.003": ("published", "crawl-hindered"),
            "990102.004": ("not-known", "crawl-hindered"),
        }


def standings(timeline: Timeline) -> dict[str, tuple[str, str | None]]:
    """Agency → standing and reason, of 东湖区's final accounts of 2024."""
    told = timeline.trial.mingzhang("coverage", "990102", "--year", "2024", "--json")
    found = {}
    for line in json.loads(told.out)["lines"]:
        (cell,) = (one for one in line["cells"] if one["kind"] == "final")
        found[line["agency"]] = cell["standing"], cell.get("doubt", {}).get("reason")
    return found


@pytest.mark.xdist_group("timeline")
class TestSample:
    def test_a_correction_follows_what_it_corrects(self, sample: Timeline) -> None:
        corrected = "990102/990102.002/department/2025/budget"
        events = [one for one in sample.ran[4][0].commits if one.endswith(corrected)]
        assert events == [f"correction {corrected}", f"first {corrected}"]

    @pytest.mark.parametrize(
        ("document", "form"),
        [
            ("990102.001/department/2023/budget", "zip"),
            ("990102.003/department/2024/budget", "xlsx"),
            ("990102.001/department/2025/budget", "docx"),
        ],
    )
    def test_other_formats_are_filed_like_a_pdf_and_kept_as_they_came(
        self, sample: Timeline, document: str, form: str
    ) -> None:
        assert f"first 990102/{document}" in sample.ran[4][0].commits
        made = forms.made(PUBLISHED[form], form)
        originals = Originals(sample.trial.archive / "originals")
        assert originals.get(hashlib.sha256(made).hexdigest()) == made

    def test_both_members_of_an_archive_are_read(self, sample: Timeline) -> None:
        (repository,) = (r for r in sample.trial.repositories() if r.name == "990102")
        for member in ("说明", "报表"):
            found = git(
                repository, "grep", "-l", f"“东湖区审计局2023年/{member}.pdf” was read", "HEAD"
            )
            assert found == "HEAD:东湖区审计局/2023年/部门预算/document.json\n"

    @pytest.mark.parametrize("tick", [5, 6, 7])
    def test_a_withdrawal_comes_as_the_gold_says(self, sample: Timeline, tick: int) -> None:
        first = sample.ran[tick][0]
        assert (first.commits, first.troubles) == gold(tick, "990102 990104")

    def test_a_second_harvest_brings_nothing(self, sample: Timeline) -> None:
        second = sample.ran[7][1]
        assert (second.commits, second.troubles) == ([], set())

    def test_the_manners_are_kept_throughout(self, sample: Timeline) -> None:
        for ran in (one for pair in sample.ran.values() for one in pair):
            kept_manners(ran)

    def test_a_quiet_harvest_asks_once_for_each_page_and_file(self, sample: Timeline) -> None:
        bounded(sample.ran[7][1])


def kept_manners(ran: Ran) -> None:
    """One request at a time, apart, where robots.txt allows it, under our own name."""
    assert {request.in_flight for request in ran.log} == {1}
    assert not [request for request in ran.log if request.path.startswith("/search")]
    assert all(r.headers["user-agent"].startswith("Mingzhang/") for r in ran.log)
    for site in {request.site for request in ran.log}:
        times = [request.at for request in ran.log if request.site == site]
        # Over the whole crawl: a request may arrive late, and the next then seems early.
        assert times[-1] - times[0] >= (len(times) - 1) * DELAY - ARRIVAL


def bounded(ran: Ran) -> None:
    """No more than robots.txt, list pages, articles and files; a redirect is one request more."""
    for report in ran.harvested.reports:
        site = next(letter for letter, slug in SLUGS.items() if slug == report.portal)
        asked = [request for request in ran.log if request.site == site]
        redirects = sum(300 < request.status < 304 for request in asked)
        looked = report.list_pages + report.articles + sum(report.files.values())
        assert len(asked) <= 1 + looked + redirects
        files = [r for r in asked if r.path.endswith(".pdf") and site not in "B"]
        conditional = ("if-none-match", "if-modified-since")
        assert all(any(name in r.headers for name in conditional) for r in files)


def test_every_tick_has_its_gold() -> None:
    known: dict[str, Any] = {str(tick): None for tick in range(12)}
    assert GOLD.keys() == known.keys()
