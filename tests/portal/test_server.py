"""The mock portal does what its manifest and its faults say."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable
from email.message import Message
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urljoin
from urllib.request import HTTPErrorProcessor, Request, build_opener, urlopen

import pytest

from tests.portal import FAULTS, Portal, documents
from tests.portal.manifest import load_all

COLUMN = "/zwgk_12/fdzdgknr/czxx/bmyjs"
LIST_2024 = f"{COLUMN}/ys/2024/index.shtml"
LIST_2025 = f"{COLUMN}/ys/2025/index.shtml"
ARTICLE = f"{COLUMN}/ys/2024/202401/t20240126_1201.shtml"
PDF = f"{COLUMN}/ys/2024/202401/P020240126550118276401.pdf"
QINGLU_LIST = "/qlq/c104524/list.shtml"
QINGLU_PDF = "/qlq/c104524/202401/4a7be03c5d9f41c2a6107f3b8e2d5c90/files/部门预算.pdf"


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Unfollowed(HTTPErrorProcessor):
    """Every status is an answer; redirects are looked at, not followed."""

    def http_response(self, request: Request, response: object) -> object:
        return response


def get(url: str, **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(quote(url, safe=":/?&=%"), headers=names)  # noqa: S310 - loopback only
    with build_opener(Unfollowed).open(request) as answer:
        return Answer(answer.status, answer.headers, answer.read())


def links(page: str, base: str) -> list[str]:
    return [urljoin(base, href) for href in re.findall(r'<li>.*?<a href="([^"]+)"', page)]


def test_two_fetches_of_a_page_differ_only_in_counters_and_tokens(mock_portal: Portal) -> None:
    first, second = (get(mock_portal.url("A", ARTICLE)).text for _ in range(2))
    assert first != second
    assert len(first) == len(second)
    volatile = re.compile(r"(?<!\d)48\d{4}(?!\d)|(?<=value=\")[0-9a-f]{24}(?=\")")
    assert volatile.sub("", first) == volatile.sub("", second)


def test_nothing_in_an_answer_comes_from_the_real_clock(mock_portal: Portal) -> None:
    assert get(mock_portal.url("A", PDF)).headers["Date"] == "Thu, 01 Feb 2024 00:00:00 GMT"
    mock_portal.tick(2)
    assert get(mock_portal.url("A", PDF)).headers["Date"] == "Fri, 14 Feb 2025 00:00:00 GMT"


def test_two_portals_answer_alike(mock_portal: Portal) -> None:
    with Portal() as other:
        for site, path in (("A", ARTICLE), ("A", PDF), ("C", QINGLU_LIST), ("C", QINGLU_PDF)):
            one, two = get(mock_portal.url(site, path)), get(other.url(site, path))
            assert one.body == two.body
            assert one.headers.items() == two.headers.items()


def test_site_a_answers_304_to_its_own_validators(mock_portal: Portal) -> None:
    url = mock_portal.url("A", PDF)
    seen = get(url)
    assert re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', seen.headers["ETag"])
    again = get(url, If_None_Match=seen.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert get(url, If_Modified_Since=seen.headers["Last-Modified"]).status == 304
    assert (
        get(url, If_None_Match='"other"', If_Modified_Since=seen.headers["Last-Modified"]).status
        == 200
    )


def test_tick_1_touches_every_file_of_a_and_changes_none(mock_portal: Portal) -> None:
    url = mock_portal.url("A", PDF)
    before = get(url)
    mock_portal.tick()
    after = get(url, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]
    assert after.body == before.body
    mock_portal.tick()
    assert get(url, If_None_Match=after.headers["ETag"]).status == 304


def test_site_c_never_sends_the_same_etag_twice(mock_portal: Portal) -> None:
    url = mock_portal.url("C", QINGLU_PDF)
    answers = [get(url)]
    answers += [get(url, If_None_Match=answers[0].headers["ETag"]) for _ in range(3)]
    assert {answer.status for answer in answers} == {200}
    assert {answer.body for answer in answers} == {documents.pdf("rencai-2024-budget")}
    assert len({answer.headers["ETag"] for answer in answers}) == 4
    assert all(answer.headers["ETag"].startswith('W/"') for answer in answers)


def test_budgets_of_2025_appear_at_tick_2(mock_portal: Portal) -> None:
    empty = get(mock_portal.url("A", LIST_2025)).text
    assert 'createPageHTML(1, 0, "index", "shtml")' in empty
    assert links(empty, LIST_2025) == []
    mock_portal.tick(2)
    listed = get(mock_portal.url("A", LIST_2025)).text
    assert 'createPageHTML(2, 0, "index", "shtml")' in listed
    assert "江城区科技创新和人才服务中心2025年部门预算" in listed


def test_an_item_is_inserted_on_top_while_the_list_is_read(mock_portal: Portal) -> None:
    mock_portal.tick(2)
    url = mock_portal.url("A", LIST_2025)
    first = get(url)
    second = get(mock_portal.url("A", LIST_2025.replace("index", "index_1"))).text
    assert "江城区档案馆" not in first.text + second
    moved = links(first.text, LIST_2025)[-1]
    assert moved in links(second, LIST_2025)
    again = get(url, If_None_Match=first.headers["ETag"])
    assert again.status == 200
    assert "江城区档案馆" in again.text


def test_the_pinned_item_stands_on_every_page(mock_portal: Portal) -> None:
    pages = [LIST_2024, *(LIST_2024.replace("index", f"index_{n}") for n in (1, 2))]
    tops = {links(get(mock_portal.url("A", page)).text, page)[0] for page in pages}
    assert tops == {f"{COLUMN}/ys/2024/202401/t20240105_1003.shtml"}
    assert get(mock_portal.url("A", LIST_2024.replace("index", "index_3"))).status == 404


def test_c_replaces_a_file_silently_at_tick_3(mock_portal: Portal) -> None:
    article = mock_portal.url("C", "/qlq/c104524/202401/4a7be03c5d9f41c2a6107f3b8e2d5c90.shtml")
    url = mock_portal.url("C", QINGLU_PDF)
    mock_portal.tick(2)
    page, file = get(article).text, get(url).body
    mock_portal.tick()
    assert get(url).body == documents.pdf("rencai-2024-budget-replaced") != file
    steady = re.compile(r"(?<!\d)48\d{4}(?!\d)|'[0-9a-f]{24}'")
    assert steady.sub("", get(article).text) == steady.sub("", page)


def test_a_replaces_an_attachment_under_a_new_name_at_tick_4(mock_portal: Portal) -> None:
    article = f"{COLUMN}/ys/2025/202502/t20250213_1342.shtml"
    old = f"{COLUMN}/ys/2025/202502/P020250213512006481377.pdf"
    new = f"{COLUMN}/ys/2025/202502/P020250320390127754820.pdf"
    mock_portal.tick(3)
    assert (get(mock_portal.url("A", old)).status, get(mock_portal.url("A", new)).status) == (
        200,
        404,
    )
    mock_portal.tick()
    assert (get(mock_portal.url("A", old)).status, get(mock_portal.url("A", new)).status) == (
        404,
        200,
    )
    page = get(mock_portal.url("A", article)).text
    assert "P020250320390127754820.pdf" in page
    assert "发布日期</th><td>2025-02-13" in page


def test_an_article_of_a_is_unavailable_twice_at_tick_6(mock_portal: Portal) -> None:
    mock_portal.tick(6)
    url = mock_portal.url("A", ARTICLE)
    assert [get(url).status for _ in range(3)] == [503, 503, 200]


def test_every_link_of_every_list_and_article_leads_somewhere(mock_portal: Portal) -> None:
    for _ in range(9):
        for site, start in (("A", f"{COLUMN}/"), ("C", QINGLU_LIST)):
            seen, ahead = set[str](), [mock_portal.url(site, start)]
            while ahead:
                url = ahead.pop()
                answer = get(url)
                # What stands in the middle of being unavailable says so itself.
                assert answer.status in (200, 503), url
                if not answer.headers["Content-Type"].startswith("text/html"):
                    continue
                found = re.findall(r"(?:href|src)=\"([^\"]+)\"|open\('([^']+)'\)", answer.text)
                whole = [urljoin(url, one or other) for one, other in found]
                # A viewer takes its file's address in a parameter, counted from the viewer.
                inside = [
                    urljoin(*link.split("?file=")) if "?file=" in link else link for link in whole
                ]
                inside = [link for link in inside if "/search" not in link]
                fresh = [link for link in inside if link not in seen]
                seen.update(fresh)
                ahead += fresh
        mock_portal.tick()


def test_the_json_list_of_c_says_what_its_html_list_says(mock_portal: Portal) -> None:
    mock_portal.tick(2)
    query = "/common/search/9f2b6c1d7e8a4035b1c64d0e5f7a8b92?_isJson=true&_pageSize=5&page={}"
    answers = [json.loads(get(mock_portal.url("C", query.format(n))).body)["data"] for n in (1, 2)]
    titles = [result["title"] for answer in answers for result in answer["results"]]
    pages = "".join(
        get(mock_portal.url("C", path)).text for path in (QINGLU_LIST, "/qlq/c104524/list_2.shtml")
    )
    assert titles == re.findall(r'<li><a href="[^"]+" title="([^"]+)"', pages)
    assert answers[0]["total"] == 10
    assert f"createPageHTML('page_div',2,1,'list','shtml',{len(titles)})" in pages


def test_the_log_has_headers_and_the_number_under_way(mock_portal: Portal) -> None:
    get(mock_portal.url("A", ARTICLE), User_Agent="trial", If_None_Match='"x"')
    (request,) = mock_portal.log("A")
    assert (request.method, request.path, request.status) == ("GET", ARTICLE, 200)
    assert request.headers["user-agent"] == "trial"
    assert request.headers["if-none-match"] == '"x"'
    assert request.in_flight == 1
    mock_portal.clear_log()
    assert mock_portal.log() == []


def test_two_requests_at_once_are_counted_as_two(mock_portal: Portal) -> None:
    url = mock_portal.url("A", ARTICLE)
    mock_portal.fault("A", ARTICLE, "stall", times=1)
    waiting = urlopen(url)  # noqa: S310 - its headers and first half have come, the rest has not
    assert get(mock_portal.url("A", PDF)).status == 200
    assert mock_portal.log("A")[-1].in_flight == 2
    mock_portal.release()
    assert len(waiting.read()) > 0
    assert get(mock_portal.url("A", PDF)).status == 200
    assert mock_portal.log("A")[-1].in_flight == 1


def spoilt(portal: Portal, kind: str, path: str = PDF, **options: int) -> Answer:
    portal.fault("A", path, kind, **options)
    return get(portal.url("A", path))


FAULTY: dict[str, Callable[[Answer], bool]] = {
    "unavailable": lambda a: a.status == 503 and a.headers["Retry-After"] == "1",
    "busy": lambda a: a.status == 429 and a.headers["Retry-After"] == "1",
    "error": lambda a: a.status == 500,
    "status": lambda a: a.status == 521,
    "redirect-loop": lambda a: a.status == 302 and a.headers["Location"] == PDF,
    "redirect-home": lambda a: a.status == 302 and a.headers["Location"] == "/",
    "ruishu": lambda a: a.status == 412 and b"$_ts" in a.body,
    "js-stub": lambda a: a.status == 200 and len(a.body) == 1166,
    "cloud-403": lambda a: a.status == 200 and "403 - 云防护" in a.text,
    "not-found-200": lambda a: a.status == 200 and "不存在" in a.text,
    "html-as-pdf": lambda a: a.headers["Content-Type"] == "application/pdf" and b"<html>" in a.body,
    "truncated": lambda a: 0 < len(a.body) < len(documents.pdf("kechuang-2024-budget")) / 2,
    "empty": lambda a: a.status == 200 and a.body == b"",
    "octet-stream": lambda a: a.headers["Content-Type"] == "application/octet-stream",
    "wrong-charset": lambda a: a.headers.get_content_charset() == "gb2312",
    "broken-gzip": lambda a: a.headers["Content-Encoding"] == "gzip" and a.body[:4] == b"%PDF",
    "traversal": lambda a: r"..\..\x.pdf" in a.headers["Content-Disposition"],
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_fault_spoils_its_path_and_no_other(mock_portal: Portal, kind: str) -> None:
    assert FAULTY[kind](spoilt(mock_portal, kind))
    assert get(mock_portal.url("A", ARTICLE)).status == 200
    mock_portal.clear_faults()
    assert get(mock_portal.url("A", PDF)).body == documents.pdf("kechuang-2024-budget")


def test_a_fault_passes_after_its_times(mock_portal: Portal) -> None:
    mock_portal.fault("A", PDF, "unavailable", times=2)
    assert [get(mock_portal.url("A", PDF)).status for _ in range(3)] == [503, 503, 200]


def test_a_connection_is_reset_in_the_middle_of_a_body(mock_portal: Portal) -> None:
    mock_portal.fault("A", PDF, "reset", times=1)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        get(mock_portal.url("A", PDF))
    assert get(mock_portal.url("A", PDF)).status == 200


def test_a_body_is_shorter_than_its_length(mock_portal: Portal) -> None:
    mock_portal.fault("A", PDF, "short", times=1)
    with pytest.raises(http.client.IncompleteRead):
        get(mock_portal.url("A", PDF))


def test_a_huge_body_is_as_long_as_told(mock_portal: Portal) -> None:
    assert len(spoilt(mock_portal, "huge", size=3_000_000).body) == 3_000_000


def test_page_3_shows_page_1_again(mock_portal: Portal) -> None:
    third = LIST_2024.replace("index", "index_2")
    listed = links(get(mock_portal.url("A", LIST_2024)).text, LIST_2024)
    assert links(spoilt(mock_portal, "first-page-again", third).text, third) == listed


def test_links_lead_to_a_foreign_host(mock_portal: Portal) -> None:
    assert "http://elsewhere.invalid/202401/" in spoilt(mock_portal, "foreign-link", LIST_2024).text


def test_a_fault_can_hit_everything_below_a_path(mock_portal: Portal) -> None:
    mock_portal.fault("A", f"{COLUMN}/*", "error")
    assert [get(mock_portal.url("A", path)).status for path in (ARTICLE, PDF, "/robots.txt")] == [
        500,
        500,
        200,
    ]


def test_every_fault_is_tried_here_and_an_unknown_one_refused(mock_portal: Portal) -> None:
    wires = {"reset", "short", "stall", "huge", "first-page-again", "foreign-link"}
    assert wires | set(FAULTY) == set(FAULTS)
    with pytest.raises(ValueError, match="unknown fault 'flood'"):
        mock_portal.fault("A", PDF, "flood")


def test_the_control_port_does_what_the_methods_do(mock_portal: Portal) -> None:
    def post(path: str, what: dict[str, object]) -> dict[str, object]:
        body = json.dumps(what).encode()
        request = Request(mock_portal.control_url + path, data=body)  # noqa: S310 - loopback only
        with urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))

    assert post("/tick", {"n": 3}) == {"tick": 3, "time": "2025-03-03T08:00:00+08:00"}
    post("/fault", {"site": "A", "path": PDF, "kind": "error"})
    assert get(mock_portal.url("A", PDF)).status == 500
    logged = json.loads(get(mock_portal.control_url + "/log?site=A").body)
    assert [row["status"] for row in logged] == [500]
    with pytest.raises(HTTPError):
        post("/fault", {"site": "A", "path": PDF, "kind": "flood"})
    assert post("/reset", {})["tick"] == 0
    assert get(mock_portal.url("A", PDF)).status == 200


def test_the_manifests_name_only_documents_that_exist() -> None:
    named = {
        version.document
        for site in load_all().values()
        for file in site.files
        for version in file.versions
        if version.document
    }
    named |= {
        version.inline
        for site in load_all().values()
        for article in site.articles
        for version in article.versions
        if version.inline
    }
    assert named == set(documents.NAMES)


def test_stopping_ends_every_thread() -> None:
    before = threading.active_count()
    with Portal() as portal:
        get(portal.url("A", "/robots.txt"), Connection="close")
    assert threading.active_count() <= before + 1
