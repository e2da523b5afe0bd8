"""Atom feeds: valid by RFC 4287, equal for equal archives, corrected in their own entries."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner, Result
from lxml import etree
from msgspec import structs

from archive.events import State
from archive.model import ChangeKind, Document, Source
from archive.repository import Archive, Event
from archive.settings import Settings, SettingsError
from crawler.cli import mingzhang
from diffing.checks.judgements import Verdict
from diffing.feed import Entry
from diffing.render.atom import ATOM, shown
from diffing.syndicate import feeds, planned
from diffing.told import FILENAME

from .archived import BEGINNING, FINANCE, identity, known
from .build import document, item, statement
from .test_check_command import budget as told_budget
from .test_corrections import RIGHT, WRONG, Newsroom

AGENCY = identity().agency
PATH = f"310107/{AGENCY}/atom.xml"
HOSTILE = "<script>alert(1)</script>\u202e党]]>&amp;\x0b\ufffe\"'建"


def budget(talent: str, name: str = "科技人才", rest: str = "40.00") -> Document:
    total = f"{Decimal(talent) + Decimal(rest)}"
    return document(
        statement(
            item("收入总计", total, measures=("预算数",), side="收入", total=True, row=3),
            item("支出总计", total, measures=("预算数",), side="支出", total=True, row=4),
            form="budget.total",
            title="部门收支总表",
        ),
        statement(
            item("科学技术支出", total, rest, talent, code="206", level=1, row=3),
            item(name, total, rest, talent, code="20699", level=2, row=4),
            item("合计", total, rest, talent, row=5),
        ),
    )


@dataclass
class Fed:
    """One entry as a reader of feeds sees it."""

    id: str
    title: str
    updated: str
    published: str
    content: str
    terms: set[str]
    summary: str


@cache
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))


def read(data: bytes) -> list[Fed]:
    """The entries, once the feed is valid by the schema and the rules beside it."""
    tree = etree.fromstring(data)
    schema().assertValid(tree)
    names = {"a": ATOM}
    for node in (tree, *tree.iterfind("a:entry", names)):
        links = [(e.get("type"), e.get("hreflang")) for e in node.iterfind("a:link", names)
                 if e.get("rel", "alternate") == "alternate"]  # fmt: skip
        assert len(links) == len(set(links))  # 4.1.1: no two alternates of one type and language
    assert tree.find("a:author", names) is not None  # 4.1.2: or each entry its own
    ids = [e.findtext("a:id", namespaces=names) for e in tree.iterfind("a:entry", names)]
    assert len(ids) == len(set(ids))
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert [entry.id for entry in parsed.entries] == ids
    return [
        Fed(
            id=e.id,
            title=e.title,
            updated=e.updated,
            published=e.published,
            content=e.content[0].value,
            terms={tag.term for tag in e.tags},
            summary=e.summary,
        )
        for e in parsed.entries
    ]


def made(newsroom: Newsroom, **options: Any) -> dict[str, bytes]:
    return feeds(newsroom.filing.archive, known(), newsroom.settings, **options)


def site(newsroom: Newsroom, **options: Any) -> list[Fed]:
    return read(made(newsroom, **options)["atom.xml"])


def happened(
    newsroom: Newsroom,
    kind: ChangeKind,
    state: State | None = None,
    hours: int = 0,
    found: Document | None = None,
) -> None:
    """Commit an event that nobody dated, and that holds no document unless told."""
    filing = newsroom.filing
    filing.count += 1
    event = Event(
        kind=kind,
        identity=identity(2024),
        document=structs.replace(found, original="2" * 64) if found else None,
        originals=("2" * 64,),
        source=Source(
            url="http://czj.example.gov.cn/ys.pdf",
            page_url="http://czj.example.gov.cn/ys.html",
            observed=BEGINNING + timedelta(days=filing.count, hours=hours),
        ),
        run=f"run-{filing.count}",
        subject=str(kind),
        agency_name=FINANCE,
        state=state,
        absent_since=BEGINNING if kind is ChangeKind.WITHDRAWAL else None,
    )
    with filing.archive.repository("310107").writing() as writer:
        writer.commit(event)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """Last year's budget is archived; see `Newsroom`."""
    return Newsroom(tmp_path)


@pytest.fixture
def story(newsroom: Newsroom) -> Newsroom:
    """A year's budget: first seen, revised, gone and back."""
    filing = newsroom.filing
    filing.commit(budget("60.00"), identity(2024))
    filing.commit(budget("90.00"), identity(2024), ChangeKind.REVISION)
    happened(newsroom, ChangeKind.WITHDRAWAL, State.CONFIRMED)
    happened(newsroom, ChangeKind.RETURN, State.UNCHANGED)
    return newsroom


def test_every_feed_is_valid_and_holds_what_is_its_own(story: Newsroom) -> None:
    story.filing.commit(budget("7.00"), identity(2024, name="上海市普陀区教育局"))

    found = {path: read(data) for path, data in made(story).items()}

    education = f"310107/{identity(name='上海市普陀区教育局').agency}/atom.xml"
    assert found.keys() == {"atom.xml", "310107/atom.xml", PATH, education}
    assert len(found["atom.xml"]) == len(found["310107/atom.xml"]) == 6
    assert [len(found[path]) for path in (PATH, education)] == [5, 1]


def test_the_publishers_acts_are_told_newest_first(story: Newsroom) -> None:
    assert [(e.title, e.updated) for e in site(story)] == [
        ("〔重新公开〕上海市普陀区财政局 2024 年部门预算", "2026-03-06T08:00:00Z"),
        ("〔撤回〕上海市普陀区财政局 2024 年部门预算的原页面已不在", "2026-03-05T08:00:00Z"),
        ("〔修订〕上海市普陀区财政局 2024 年部门预算公布后有变更", "2026-03-04T08:00:00Z"),
        ("〔首次收录〕上海市普陀区财政局 2024 年部门预算", "2026-03-03T08:00:00Z"),
        ("〔首次收录〕上海市普陀区财政局 2023 年部门预算", "2026-03-02T08:00:00Z"),
    ]


def test_an_entry_says_figures_with_unit_and_page_and_where_they_come_from(story: Newsroom) -> None:
    back, gone, revised, first, oldest = site(story)

    assert "“支出总计”预算数由 100.00 万元变更为 130.00 万元，增加 30.00 万元，增长 30.00%" in (
        revised.content
    )
    assert "（[1] 第 5 页第 4 行；[2] 第 5 页第 4 行）" in revised.content
    assert "[2] 上海市普陀区财政局 2024 年部门预算 · 公布日期 2026-02-03" in revised.content
    assert "原件 sha256 333333333333" in revised.content
    assert '<a href="http://czj.example.gov.cn/ys.pdf">原件</a>' in revised.content
    assert "发布单位标注的公布日期为 2026-02-03，收录于 2026-03-04" in revised.content
    assert "未经发布单位确认" in revised.content
    assert "自 2026-03-01 起，相隔一天以上两次查看，原页面均已不在" in gone.content
    assert "字节与撤回前相同" in back.content
    assert (
        "收支总预算：2024 年预算 100.00 万元，比 2023 年预算增加 10.00 万元" in first.content
        or ("收入总计 100.00 万元" in first.content)
    )
    assert "收入总计 90.00 万元；支出总计 90.00 万元" in oldest.content
    assert "<" not in revised.summary
    assert {"revision", "310107", AGENCY, "budget", "headline"} <= revised.terms


def test_our_own_doings_are_no_news(newsroom: Newsroom) -> None:
    filing = newsroom.filing
    filing.commit(budget("60.00"), identity(2024))
    before = made(newsroom)
    filing.commit(budget("60.00"), identity(2024), ChangeKind.BYTES_ONLY)
    filing.commit(budget("60.00"), identity(2022), ChangeKind.BACKFILL)
    filing.count = 1
    newsroom.read_again(told_budget(2023, *RIGHT))
    filing.count = 9
    for kind in (ChangeKind.MIRROR, ChangeKind.MIGRATION):
        happened(newsroom, kind)

    assert made(newsroom) == before


def test_the_same_archive_gives_the_same_bytes(story: Newsroom) -> None:
    once = made(story)
    assert made(story) == once  # from what was kept
    (story.root / "archive" / "index" / "stories.sqlite").unlink()
    assert made(story) == once  # composed anew


def test_ids_come_from_documents_commits_and_findings_alone(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))
    commits = [e.commit for e in newsroom.filing.archive.repository("310107").history()]

    found = [entry.id for entry in site(newsroom)]

    ours = "tag:mingzhang.invalid,2026:"
    assert found == [
        f"{ours}finding/{newsroom.key()}",
        f"{ours}{identity(2024).document_id}/{commits[0]}",
        f"{ours}{identity(2023).document_id}/{commits[1]}",
    ]
    newsroom.settings.tables["feed"] = {"authority": "budgets.example.org,2027"}
    assert [e.id for e in site(newsroom)] == [
        one.replace(ours, "tag:budgets.example.org,2027:") for one in found
    ]


def test_a_material_finding_is_told_with_its_doubts(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))

    finding = site(newsroom)[0]

    assert finding.title.startswith("〔核对发现〕上海市普陀区财政局 2024 年部门预算：文字“收支")
    assert finding.title.endswith("相差10万元")
    assert finding.summary.endswith("相差10万元")
    assert "见原件第 2 页" in finding.content
    assert "规则 D01，所据内容直接取自文字层" in finding.content
    assert "未经发布单位确认，请以原件为准" in finding.content
    assert {"finding", "material"} <= finding.terms


def test_a_minor_finding_is_not_in_the_feed(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))
    path = newsroom.root / "digests" / FILENAME
    path.write_text(path.read_text("utf-8").replace('"material"', '"minor"'), "utf-8")

    assert not any("finding" in entry.terms for entry in site(newsroom))


def test_a_record_made_before_severities_were_kept_is_told_by_its_rule(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))
    path = newsroom.root / "digests" / FILENAME
    records = json.loads(path.read_text("utf-8"))
    for name in ("severity", "sureness", "pages"):
        del records[0][name]
    path.write_text(json.dumps(records), "utf-8")

    finding = site(newsroom)[0]
    assert "material" in finding.terms
    assert finding.title.endswith("相差10万元（请核对原件）")
    assert "所据内容非直接取自文字层，请核对原件" in finding.content


def test_a_finding_that_does_not_stand_is_corrected_in_its_own_entry(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))
    told = site(newsroom)[0]
    newsroom.judge(newsroom.key(), Verdict.WRONG, "口径不同。")
    at_once = next(e for e in site(newsroom) if e.id == told.id)
    newsroom.filing.count = 11
    newsroom.another("r2")

    retraction, corrected = (e for e in site(newsroom) if told.id in e.id)

    assert corrected.id == told.id
    assert corrected.published == told.published
    assert (told.updated, corrected.updated) == ("2026-03-08T16:00:00Z", "2026-03-13T08:00:00Z")
    assert told.updated < at_once.updated < corrected.updated
    assert (
        corrected.title == "〔更正〕上海市普陀区财政局 2024 年部门预算：此前指出的一处不一致已撤回"
    )
    assert f"更正：本条曾指出“{told.summary}”，现撤回" in corrected.content
    assert "原因：经核对，该指出有误：口径不同。" in corrected.content
    assert "corrected" in corrected.terms
    assert retraction.id == f"{told.id}/retraction"
    assert retraction.published == retraction.updated == corrected.updated
    assert f"对应的原条目：finding/{newsroom.key()}" in retraction.content


def test_what_was_read_wrong_is_corrected_in_its_own_entry(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget("60.00"), identity(2024))
    before = site(newsroom)[0]
    newsroom.read_again(budget("6.00"))

    after = site(newsroom)[0]

    assert (after.id, after.published) == (before.id, before.published)
    assert after.title == "〔更正〕〔首次收录〕上海市普陀区财政局 2024 年部门预算"
    assert "46.00 万元" in after.summary
    assert "100.00 万元" not in after.summary
    assert "这是读取的更正，不是发布单位的变动" in after.content
    assert "100.00 万元" in after.content[after.content.index("此前所列：") :]


def test_a_correction_that_does_not_stand_is_corrected_too(newsroom: Newsroom) -> None:
    """The first reading was right after all: who saw the second must see that it was not."""
    newsroom.filing.commit(budget("60.00"), identity(2024))
    seen = [site(newsroom)[0]]
    for day, talent in ((1, "6.00"), (2, "60.00")):
        clock = partial(datetime, 2100, 1, day, tzinfo=UTC)
        newsroom.filing.archive = Archive(newsroom.root / "archive", clock=clock)
        newsroom.read_again(structs.replace(budget(talent), extractor=f"pdf/{day}"))
        seen.append(site(newsroom)[0])

    first, wrong, right = seen
    # a reading bears the moment at which the file was seen; it was made when it was committed
    assert [entry.updated for entry in seen] == [
        "2026-03-03T08:00:00Z",
        "2100-01-01T00:00:00Z",
        "2100-01-02T00:00:00Z",
    ]
    assert "2100-01-02 重新读取同一原件" in right.content
    assert {entry.id for entry in seen} == {first.id}
    assert right.title == wrong.title == f"〔更正〕{first.title}"
    assert right.summary == first.summary != wrong.summary
    assert "46.00 万元" in right.content[right.content.index("此前所列：") :]


def test_a_new_reading_that_says_the_same_leaves_every_byte(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget("60.00"), identity(2024))
    before = made(newsroom)
    again = structs.replace(budget("60.00"), extractor="pdf/2")
    newsroom.read_again(again)

    after = made(newsroom)
    assert [e.updated for e in read(after["atom.xml"])] == [
        e.updated for e in read(before["atom.xml"])
    ]
    assert [e.title for e in read(after["atom.xml"])] == [e.title for e in read(before["atom.xml"])]


def test_last_years_document_is_the_one_that_was_there_then(newsroom: Newsroom) -> None:
    newsroom.filing.commit(budget("60.00"), identity(2024))
    before = {e.id: e.content for e in site(newsroom)}
    newsroom.filing.commit(told_budget(2023, "10.00", "1.00"), identity(2023), ChangeKind.REVISION)

    after = {e.id: e.content for e in site(newsroom)}

    assert {id_: after[id_] for id_ in before} == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_come_out_harmless(newsroom: Newsroom, lang: str) -> None:
    newsroom.filing.commit(budget("60.00"), identity(2023), ChangeKind.REVISION)
    newsroom.filing.commit(budget("60.00", HOSTILE), identity(2024))
    newsroom.filing.commit(
        budget("990.00", HOSTILE), identity(2024), ChangeKind.REVISION, url="javascript:alert(1)"
    )

    data = made(newsroom, lang=lang)["atom.xml"]

    text = data.decode()
    entries = read(data)
    assert any("alert(1)&lt;/script&gt;‹U+202E›党]]&gt;&amp;amp;" in e.content for e in entries)
    assert all("<script" not in e.content for e in entries)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\ufffe]", text)
    assert "javascript:" not in text
    assert "‹U+FFFE›" in text


def test_what_xml_cannot_hold_is_shown_by_its_number() -> None:
    assert shown("a\ud800b\U0001ffffc\u2028d") == "a‹U+D800›b‹U+1FFFF›c d"


def test_a_feed_holds_the_newest_and_what_was_corrected_since(newsroom: Newsroom) -> None:
    newsroom.run("r1", told_budget(2024, *WRONG))
    finding = site(newsroom)[0].id
    for year in range(2000, 2004):
        newsroom.filing.commit(budget("1.00"), identity(year))
    newsroom.settings.tables["feed"] = {"limit": 3}
    assert finding in [e.id for e in site(newsroom)]
    for year in range(2004, 2008):
        later = BEGINNING + timedelta(days=year - 1994)
        newsroom.filing.commit(budget("1.00"), identity(year), observed=later)
    assert finding not in [e.id for e in site(newsroom)]
    newsroom.judge(newsroom.key(), Verdict.EXPLAINED, "见说明")
    newsroom.filing.count = 13
    newsroom.run("r9", told_budget(2020, *RIGHT), 2020)

    newest = [e.id for e in site(newsroom)]

    assert len(newest) == 3
    assert finding in newest


def test_links_lead_to_the_site_where_there_is_one(story: Newsroom) -> None:
    def page_of(entry: Entry) -> str:
        return f"documents/{entry.identity.year}.html"

    def links(data: bytes, relation: str) -> set[str]:
        found = etree.fromstring(data).iterfind(f".//{{{ATOM}}}link")
        return {e.get("href") or "" for e in found if e.get("rel") == relation}

    relative = made(story, page_of=page_of)
    pages = {f"documents/{year}.html" for year in (2023, 2024)}
    assert links(relative["atom.xml"], "alternate") == pages
    assert links(relative[PATH], "alternate") == {f"../../{page}" for page in pages}
    assert links(relative[PATH], "self") == {"atom.xml"}

    story.settings.tables["feed"] = {"base_url": "https://budgets.example.org/b"}
    absolute = made(story, page_of=page_of)
    home = "https://budgets.example.org/b/"
    assert links(absolute[PATH], "alternate") == {home, *(home + page for page in pages)}
    assert links(absolute[PATH], "self") == {home + PATH}
    assert [e.id for e in read(absolute[PATH])] == [e.id for e in read(relative[PATH])]

    story.settings.tables["feed"] = {}
    story.settings.tables["site"] = {"base_url": "https://site.example.org"}
    ours = {
        f"https://site.example.org/310107/{AGENCY}/{year}-budget-department/index.html"
        for year in (2023, 2024)
    }
    assert links(made(story)[PATH], "alternate") == {"https://site.example.org/", *ours}


def test_a_feed_is_made_again_only_where_something_changed(story: Newsroom) -> None:
    def keys() -> dict[str, str]:
        with planned(story.filing.archive, known(), story.settings) as found:
            return {one.path: one.key for one in found}

    before = keys()
    assert keys() == before
    story.filing.commit(budget("7.00"), identity(2024, name="上海市普陀区教育局"))
    after = keys()
    assert {path for path, key in after.items() if before.get(path) == key} == {PATH}
    story.settings.tables["feed"] = {"author": "另一位"}
    assert not set(keys().values()) & set(after.values())


def test_a_document_nobody_dated_says_so(newsroom: Newsroom) -> None:
    happened(newsroom, ChangeKind.FIRST, found=budget("60.00"))
    assert "发布单位没有标注公布日期，收录于 2026-03-03" in site(newsroom)[0].content
    assert "Not dated by the publisher" in site(newsroom, lang="en")[0].content


def test_without_an_archive_there_is_an_empty_feed(tmp_path: Path) -> None:
    from archive.repository import Archive

    settings = Settings(tmp_path / "mingzhang.toml", {})
    found = feeds(Archive(tmp_path / "archive"), known(), settings)

    assert {path: read(data) for path, data in found.items()} == {"atom.xml": []}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"authority": "no domain"}, "not a domain name and a year"),
        ({"base_url": "ftp://example.org"}, "no web address"),
        ({"limit": 0}, "at least 1"),
    ],
)
def test_wrong_settings_are_told(newsroom: Newsroom, table: dict[str, Any], said: str) -> None:
    newsroom.settings.tables["feed"] = table
    with pytest.raises(SettingsError, match=said):
        made(newsroom)


def test_the_command_writes_what_is_new_and_nothing_twice(story: Newsroom) -> None:
    (story.root / "mingzhang.toml").write_text("", "utf-8")

    def run(*arguments: str) -> Result:
        config = str(story.root / "mingzhang.toml")
        return CliRunner().invoke(mingzhang, ["--config", config, "feed", *arguments])

    first, second = run(), run()

    place = story.root / "feeds"
    written = [str(place / path) for path in ("atom.xml", "310107/atom.xml", PATH)]
    assert (first.exit_code, first.stdout.split()) == (0, written)
    assert (second.exit_code, second.stdout) == (0, "")
    assert run(str(story.root / "other"), "--lang", "en").exit_code == 0
    english = read((story.root / "other" / "atom.xml").read_bytes())
    assert english[1].title.startswith("[Withdrawn] the page of ")
    assert date.fromisoformat(english[0].updated[:10]) == date(2026, 3, 6)
