"""What digests say of findings, and how they take back what does not stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.model import ChangeKind, Document
from archive.settings import Settings
from diffing.checks.judgements import Judgement, Verdict, add
from diffing.digest import Digest, between, build, of_span, parse_span
from diffing.finding import newest
from diffing.render import data, markdown, write
from diffing.review import Review
from diffing.telling import after_run, reviewing, told
from diffing.thresholds import DigestSettings
from diffing.told import FILENAME, ToldError, load, writing
from diffing.versions import Version

from .archived import Filing, identity, known
from .test_check_command import budget
from .test_digest import outcome

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
RIGHT = ("90.00", "1.00")
WRONG = ("100.00", "20.00")
"""100.00 - 20.00 is not the 90.00 that last year's budget prints."""


class Newsroom:
    """An archive with last year's budget, and the folder its digests are written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.filing = Filing(root / "archive")
        self.settings = Settings(root / "mingzhang.toml", {"digest": {}})
        self.filing.commit(budget(2023, *RIGHT), identity(2023))

    def run(
        self, name: str, document: Document, year: int = 2024, kind: ChangeKind = ChangeKind.FIRST
    ) -> str:
        """Commit a document as a run would; the Markdown of that run's digest."""
        done = outcome("committed", *self.filing.commit(document, identity(year), kind, run=name))
        paths = after_run(self.filing.archive, known(), [done], self.settings, NOW, name)
        assert paths is not None
        return paths[0].read_text("utf-8")

    def read_again(self, document: Document) -> None:
        """Commit another reading of the file that was committed last."""
        self.filing.count -= 1
        self.filing.commit(document, identity(2024), ChangeKind.RE_EXTRACTION)

    def judge(self, key: str, verdict: Verdict, reason: str) -> None:
        path = self.root / "judgements.toml"
        add(path, Judgement(key, verdict, reason, date(2026, 3, 10)))

    def key(self) -> str:
        (one,) = load(self.root / "digests").values()
        return one.key

    def review(self) -> Review:
        return reviewing(self.filing.archive, known(), self.settings, DigestSettings())

    def version(self, year: int) -> Version:
        return newest(self.filing.archive, known(), identity(year))

    def another(self, name: str) -> str:
        """The digest of a run about another document, without findings of its own."""
        return self.run(name, budget(2020, "50.00", "1.00"), 2020)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


def test_a_digest_tells_findings_with_rule_and_both_places(newsroom: Newsroom) -> None:
    text = newsroom.run("r1", budget(2024, *WRONG))

    problems = text[text.index("### 问题") :]
    assert "（重大）" in problems
    assert "80万元" in problems
    assert "2023年预算" in problems
    assert "规则 D01，所据内容直接取自文字层" in problems
    assert "原文：“2024年收支总预算100.00万元" in problems
    assert "预算有 1 处重大的数字或表述不一致：" in text[: text.index("### 问题")]


def test_what_was_told_is_recorded_beside_the_digests(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))

    (one,) = load(newsroom.root / "digests").values()
    assert (one.rule, one.digest, one.day) == ("D01", "run-r1", NOW.date())
    assert one.document == identity(2024).document_id
    assert (one.withdrawal, one.corrected) == (None, "")


def test_without_findings_nothing_is_said_or_recorded(newsroom: Newsroom) -> None:
    text = newsroom.run("r1", budget(2024, "100.00", "10.00"))

    assert "问题" not in text
    assert "更正" not in text
    assert not (newsroom.root / "digests" / FILENAME).exists()
    data = json.loads((newsroom.root / "digests/run-r1/digest.json").read_text("utf-8"))
    assert "problems" not in data


@pytest.mark.parametrize(
    ("verdict", "said"),
    [(Verdict.WRONG, "经核对，该指出有误：口径不同"), (Verdict.EXPLAINED, "已有解释：口径不同")],
)
def test_a_finding_judged_after_it_was_told_is_corrected_once(
    newsroom: Newsroom, verdict: Verdict, said: str
) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), verdict, "口径不同。")

    second = newsroom.another("r2")
    third = newsroom.run("r3", budget(2019, "50.00", "1.00"), 2019)

    assert "## 更正" in second
    assert "以前的摘要（run-r1，2026-03-09）曾指出" in second
    assert f"现撤回，原因：{said}" in second
    assert "更正" not in third


def test_the_same_digest_made_again_makes_the_same_correction(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.WRONG, "误读")
    newsroom.another("r2")

    review = reviewing(newsroom.filing.archive, known(), newsroom.settings, DigestSettings())
    assert [one.corrected for one in review.corrections("run-r2")] == ["run-r2"]
    assert review.corrections("run-r3") == ()


def test_a_confirmed_finding_is_not_taken_back(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.CONFIRMED, "已电话核实")

    assert "更正" not in newsroom.another("r2")


def test_a_finding_judged_wrong_beforehand_is_never_told(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.WRONG, "误读")
    (newsroom.root / "digests" / FILENAME).unlink()

    commits = [("310107", e.commit) for e in newsroom.filing.archive.repository("310107").history()]
    review = reviewing(newsroom.filing.archive, known(), newsroom.settings, DigestSettings())
    digest = build(newsroom.filing.archive, known(), commits, review=review)

    assert digest.problems == ()


def test_what_a_new_reading_no_longer_bears_out_is_corrected(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.read_again(budget(2024, "100.00", "10.00"))

    text = newsroom.another("r2")

    assert "对同一文件重新读取、核对，不再得出这一结论" in text


def test_a_new_reading_that_says_the_same_corrects_nothing(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.read_again(budget(2024, *WRONG))

    assert "更正" not in newsroom.another("r2")


def test_a_file_the_publisher_replaced_makes_the_old_finding_no_mistake(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    text = newsroom.run("r2", budget(2024, "100.00", "10.00"), kind=ChangeKind.REVISION)

    assert "更正" not in text
    assert "更正" not in newsroom.another("r3")


def test_a_digest_that_cannot_be_written_leaves_its_findings_recorded(newsroom: Newsroom) -> None:
    """And no correction counts as made."""
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.WRONG, "误读")
    newsroom.filing.commit(budget(2022, *RIGHT), identity(2022))
    commit = newsroom.filing.commit(budget(2023, *WRONG), identity(2023), ChangeKind.REVISION)
    archive = newsroom.filing.archive
    review = reviewing(archive, known(), newsroom.settings, DigestSettings())
    digest = build(archive, known(), [commit], run="r2", review=review)
    assert [one.rule for one in digest.corrections] == ["D01"]

    def full() -> list[Path]:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space"):
        told(digest, review, NOW, full)

    recorded = load(newsroom.root / "digests").values()
    assert sorted(one.digest for one in recorded) == ["run-r1", "run-r2"]
    assert "更正" in newsroom.another("r3")


def test_a_record_that_cannot_be_read_stops_the_digest(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    path = newsroom.root / "digests" / FILENAME
    path.write_text("[{", "utf-8")

    with pytest.raises(ToldError, match="restore it from a backup"):
        newsroom.another("r2")


def test_english_says_the_same(newsroom: Newsroom) -> None:
    commit = newsroom.filing.commit(budget(2024, *WRONG), identity(2024))
    archive = newsroom.filing.archive
    review = reviewing(archive, known(), newsroom.settings, DigestSettings())
    digest = build(archive, known(), [commit], review=review)
    assert isinstance(digest, Digest)

    text = markdown.render(digest, "en")
    (path, _, _) = write(digest, newsroom.root / "out", "en")

    assert path.read_text("utf-8") == text
    assert "### What does not add up" in text
    assert "(material)" in text
    assert "rule D01, read from the text layer" in text


def test_a_finding_somebody_confirmed_says_so_beside_it(newsroom: Newsroom) -> None:
    first = newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.CONFIRMED, "已对照原件第 3 页。")

    archive, review = newsroom.filing.archive, newsroom.review()
    again = between(archive, known(), identity(2024), 2023, review=review)

    assert "经人工核对" not in first
    assert "经人工核对原件属实（2026-03-10）：已对照原件第 3 页" in markdown.render(again)
    assert "confirmed (2026-03-10): 已对照原件第 3 页" in markdown.render(again, "en")
    (found,) = json.loads(data.render(again))["problems"][0]["findings"]
    assert found["judgement"]["verdict"] == "confirmed"
    assert found["key"] == newsroom.key()


def test_a_correction_carries_the_id_of_the_finding_it_corrects(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    key = newsroom.key()
    newsroom.judge(key, Verdict.WRONG, "口径不同。")
    newsroom.another("r2")

    digests = newsroom.root / "digests"
    told_in, corrected_in = (
        json.loads((digests / name / "digest.json").read_text("utf-8"))
        for name in ("run-r1", "run-r2")
    )
    assert told_in["problems"][0]["findings"][0]["key"] == key
    assert [one["key"] for one in corrected_in["corrections"]] == [key]
    record = load(digests)[key]
    assert (record.digest, record.withdrawal, record.corrected) == ("run-r1", "wrong", "run-r2")


def test_two_digests_at_once_lose_nothing_of_each_other(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget(2024, *WRONG), identity(2024))
    newsroom.filing.commit(budget(2025, "120.00", "50.00"), identity(2025))
    one, other = (newsroom.review() for _ in range(2))  # both read the empty record

    for review, year in ((one, 2024), (other, 2025)):
        review.tell(review.problems([newsroom.version(year)]), f"d{year}", NOW.date())

    records = load(newsroom.root / "digests").values()
    assert {record.digest for record in records} == {"d2024", "d2025"}


def test_a_record_that_another_digest_holds_for_too_long_is_an_error(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diffing.told._PATIENCE", 0.05)
    folder = newsroom.root / "digests"
    with (
        writing(folder),
        pytest.raises(ToldError, match="another digest is writing it"),
        writing(folder),
    ):
        pass


# --- a district's period ------------------------------------------------------------------------


def period(newsroom: Newsroom, name: str, now: datetime = NOW) -> Digest:
    """The digest of a district's period as the command makes it; it is written and recorded."""
    archive, review = newsroom.filing.archive, newsroom.review()
    digest = of_span(archive, known(), "310107", parse_span(name), review=review)
    told(digest, review, now, list)
    return digest


def reasons(digest: Digest) -> list[tuple[str, str]]:
    return [(one.rule, one.reason) for one in digest.corrections]


def test_a_period_shows_what_it_told_and_what_was_judged_wrong_since(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget(2024, *WRONG), identity(2024))  # on 3 March
    first = period(newsroom, "2026-03")
    newsroom.judge(newsroom.key(), Verdict.WRONG, "口径不同。")

    again = period(newsroom, "2026-03")
    text = markdown.render(again)

    assert ([p.name for p in first.problems], reasons(first)) == (
        ["上海市普陀区财政局 2024 年部门预算"],
        [],
    )
    assert (again.problems, reasons(again)) == ((), [("D01", "口径不同。")])
    assert "## 更正" in text
    assert "现撤回，原因：经核对，该指出有误：口径不同" in text
    assert "Withdrawn" in markdown.render(again, "en") or "withdrawn" in markdown.render(
        again, "en"
    )
    assert json.loads(data.render(again))["corrections"][0]["reason"] == "口径不同。"


def test_a_period_shows_what_a_better_reading_does_not_bear_out(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget(2024, *WRONG), identity(2024))
    period(newsroom, "2026-03")
    newsroom.read_again(budget(2024, "100.00", "10.00"))

    again = period(newsroom, "2026-03")

    assert again.problems == ()
    assert [(one.rule, one.withdrawal) for one in again.corrections] == [("D01", "not-found")]
    (collected,) = [c for c in again.collected if c.version.year == 2024]
    assert collected.version.entry is not None
    assert collected.version.entry.kind is ChangeKind.RE_EXTRACTION
    (record,) = load(newsroom.root / "digests").values()
    assert (record.withdrawal, record.corrected) == ("not-found", "")


def test_a_correction_stands_in_the_periods_of_its_telling_and_of_its_taking_back(
    newsroom: Newsroom,
) -> None:
    newsroom.run("r1", budget(2024, *WRONG))  # archived and told in March
    newsroom.judge(newsroom.key(), Verdict.WRONG, "口径不同。")  # on 10 March

    kept = {name: reasons(period(newsroom, name)) for name in ("2026-03", "2026-04", "2025")}

    assert kept == {"2026-03": [("D01", "口径不同。")], "2026-04": [], "2025": []}
    later = newsroom.root / "judgements.toml"
    later.write_text(later.read_text("utf-8").replace("2026-03-10", "2026-04-02"), "utf-8")
    assert reasons(period(newsroom, "2026-04")) == [("D01", "口径不同。")]


def test_a_period_corrects_beside_the_digest_of_a_run_and_not_in_its_place(
    newsroom: Newsroom,
) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.WRONG, "口径不同。")
    period(newsroom, "2026-03")

    assert "## 更正" in newsroom.another("r2")
    assert load(newsroom.root / "digests")[newsroom.key()].corrected == "run-r2"
    assert reasons(period(newsroom, "2026-03")) == [("D01", "口径不同。")]


def test_corrections_of_another_district_are_not_shown(newsroom: Newsroom) -> None:
    newsroom.run("r1", budget(2024, *WRONG))
    newsroom.judge(newsroom.key(), Verdict.WRONG, "口径不同。")
    span = parse_span("2026-03")

    assert newsroom.review().corrections_in("310106", span, (), ()) == ()
    assert len(newsroom.review().corrections_in("310107", span, (), ())) == 1
