from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.model import Classification
from diffing.compare import compare
from diffing.digest import Digest, Scope, of_versions
from diffing.render import FORMATS, data, html, in_format, markdown, write
from diffing.render.comparison import COLUMNS, as_csv
from diffing.versions import Version

from .build import document, item, statement, version

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a|b|c",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(A1)",
    "＝1+1",
    " =1+1",
    "\u202eabc\u202c",
    "line\nbreak\r\nmore",
    "[click](javascript:alert(1))",
    "https://evil.example/x",
    "`code` **bold** _it_ ~~x~~ $x$ &amp; \\",
    "{{ 7*7 }}{% raw %}",
    "{agency}{0}",
    "-- # heading",
    "\u200b\u0000\u0007",
)


def project(name: str, text: str, row: int):
    return item(
        name, text, measures=("合计",), row=row, classification=Classification.PROJECT, side="支出"
    )


def hostile_versions(name: str, *, year: int) -> tuple[Version, Version]:
    def found(text: str, title: str):
        return document(
            statement(
                project(name, text, 3),
                item("合计", text, measures=("合计",), row=4),
                form="budget.project",
                title=title,
                notes=(name + text,),
            ),
            prose=(f"{name}为{text}万元。",),
        )

    old = version(found("1.00", f"项目支出表{name}"), year=year)
    new = version(found("900.00", f"项目支出表 {name}"))
    return (
        Version(old.identity, old.document, agency_name=name),
        Version(new.identity, new.document, agency_name=name),
    )


def digests(name: str) -> list[Digest]:
    return [of_versions(*hostile_versions(name, year=y), created=NOW) for y in (2023, 2024)]


class Seen(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    parser.close()
    return parser


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_in_html(name: str) -> None:
    for digest in digests(name):
        found = seen(html.render(digest))

        assert not found.tags & {"script", "img", "iframe", "object", "form", "base", "embed"}
        assert not [a for a in found.attributes if a[1].startswith("on")]
        links = [value for _, key, value in found.attributes if key in ("href", "src")]
        assert all(re.fullmatch(r"#source-\d+", link) for link in links)
        shown = "".join(found.text)
        assert markdown.visible(name) in shown
        assert not set(shown) & {"\u202e", "\u200b", "\x00", "\x07"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_in_markdown(name: str) -> None:
    for digest in digests(name):
        text = markdown.render(digest)

        assert markdown.escape(name) in text
        plain = re.sub(r"\\.", "", text)
        ours = {"<small>", "</small>", "<!-- -->"}
        assert set(re.findall(r"<[^>]*>", plain)) <= ours
        assert not re.search(r"\]\(", plain)
        assert not re.search(r"(?i)https?:", plain)
        for line in text.splitlines():
            if line.startswith("|"):
                columns = len(re.findall(r"(?<!\\)\|", line)) - 1
                assert columns in (4, 6, 7)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_no_formulas_in_csv(name: str) -> None:
    text = as_csv(compare(*hostile_versions(name, year=2023)))

    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert len(row) == len(COLUMNS)
        for cell in row:
            assert not cell.strip().startswith(("=", "@", "＝", "＋", "－", "＠"))
            assert not cell.startswith(("\t", "\r", "\n"))
            assert not cell.startswith(("+", "-")) or re.fullmatch(r"[-+]?[\d.,]+", cell)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_survive_json_as_they_are(name: str) -> None:
    found = json.loads(data.render(digests(name)[0]))

    lines = [change["line"]["name"] for change in found["comparisons"][0]["changes"]]
    assert name in lines


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_do_not_choose_where_a_digest_is_written(name: str, tmp_path: Path) -> None:
    digest = digests(name)[0]

    paths = write(digest, tmp_path / "digests", "zh")

    assert {p.parent.parent for p in paths} == {tmp_path / "digests"}


def test_an_unsafe_address_is_text_and_a_safe_one_a_link() -> None:
    from archive.events import Entry
    from archive.model import ChangeKind

    def linked(url: str) -> list[str]:
        old, new = hostile_versions("甲", year=2023)
        entry = Entry(
            "c" * 40, ChangeKind.FIRST, new.name, (), url, None, NOW, "pdf/1", "r", "收录"
        )
        page = html.render(of_versions(old, Version(new.identity, new.document, entry, "甲")))
        return [v for tag, key, v in seen(page).attributes if (tag, key) == ("a", "href")]

    safe = "http://czj.example.gov.cn/ys.pdf?a=1&b=2"
    assert safe in linked(safe)
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", ""):
        assert url not in linked(url)


def test_a_page_asks_nobody_for_anything() -> None:
    page = html.render(digests("甲")[0])

    assert "default-src 'none'" in page
    assert not re.search(r"(?i)@import|url\(|<link|src=", page)


def test_amounts_in_json_are_text_and_exact() -> None:
    raw = data.render(digests("甲")[0])

    (change, *_) = json.loads(raw)["comparisons"][0]["changes"]
    (cell,) = change["cells"]
    assert cell["old"] == {
        "text": "1.00",
        "mark": "printed",
        "unit": "万元",
        "certainty": "text",
    }
    assert (cell["difference_wan"], cell["percent"]) == ("899.00", "89900.00")


def many(count: int) -> Digest:
    """So many documents of two years: a project that grows a lot, and a line that hardly moves."""

    def budget(year: int, project_text: str, text: str) -> Version:
        rows = (project("大项目", project_text, 3), project("小项目", text, 4))
        sheet = statement(*rows, form="budget.project", title="项目支出表")
        return version(document(sheet), year=year)

    old, new = budget(2023, "100.00", "10.00"), budget(2024, "900.00", "10.01")
    one = of_versions(old, new, created=NOW)
    revised = of_versions(old, replace(new, identity=old.identity), created=NOW)
    return replace(one, scope=Scope.RUN, blocks=one.blocks * count, revisions=revised.revisions)


def test_the_json_of_many_documents_lists_what_passes_the_thresholds_and_counts_the_rest() -> None:
    def listed(count: int) -> list[tuple[str, list[str], int | None]]:
        return [
            (c["mode"], [change["line"]["name"] for change in c["changes"]], c.get("unlisted"))
            for c in json.loads(data.render(many(count)))["comparisons"]
        ]

    few, more = listed(29), listed(30)

    assert set(map(str, few)) == {
        str(("year", ["大项目", "小项目"], None)),
        str(("revision", ["大项目", "小项目"], None)),
    }
    assert more[0] == ("year", ["大项目"], 1)
    assert more[-1] == ("revision", ["大项目", "小项目"], 0)
    assert len(more) == 31


def test_a_digest_replaces_an_earlier_one_whole(tmp_path: Path) -> None:
    digest = digests("甲")[0]
    (first,) = write(digest, tmp_path, "zh", ["md"])
    first.write_text("torn", "utf-8")

    (again,) = write(digest, tmp_path, "zh", ["md"])

    assert again == first
    assert again.read_text("utf-8") == markdown.render(digest)
    assert [p.name for p in again.parent.iterdir()] == ["digest.md"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_in_every_language(form: str, lang: str) -> None:
    for digest in digests("甲"):
        assert in_format(digest, lang, form).endswith("\n")


def test_before_and_after_of_a_revision_are_quoted_as_printed() -> None:
    digest = digests("甲")[1]

    text = markdown.render(digest)

    assert "| 1.00 万元 | 900.00 万元 | +899.00 |" in text
    assert "甲为1.00万元。" in text
    assert "甲为900.00万元。" in text


def test_markdown_shows_what_it_escapes() -> None:
    assert markdown.escape("1. 收入") == "1\\. 收入"
    assert markdown.escape("22.91") == "22.91"
    assert markdown.escape("- 其中") == "\\- 其中"
    assert markdown.escape("−876.7517") == "−876.7517"
