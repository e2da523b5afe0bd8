"""A stored list page of each family, and what is read in it: `pages/<page>` and its golden.

The pages are written for these tests in the way each family writes; a golden is JSON beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler import families
from crawler.decoding import decode
from crawler.portals import Entry
from crawler.publications import Ask, Item, Listing, Page

PAGES = Path(__file__).parent / "pages"
HOST = "http://www.example.gov.cn"
SEARCH = f"{HOST}/common/search/0123456789abcdef0123456789abcdef?_pageSize=15&page=1"
PIECE = f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=46&endrecord=90&perpage=15"
UNIT = (
    f"{HOST}/api-gateway/jpaas-publish-server/front/page/build/unit"
    "?webId=7&pageId=ab12&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D"
)
TRS_SEARCH = f"{HOST}/zwgk/czzj/bmysgk/"


class Case(NamedTuple):
    """A stored page, as it would have come."""

    family: str
    file: str
    url: str
    entry: Entry
    sent: bytes = b""


CASES = (
    Case("trs", "trs_list.shtml", f"{HOST}/zwgk_9/czxx/js/", Entry(f"{HOST}/zwgk_9/czxx/js/")),
    Case("ucap", "ucap_list.shtml", f"{HOST}/mxq/c104524/list.shtml", Entry(HOST)),
    Case("ucap", "ucap_search.json", SEARCH, Entry(SEARCH)),
    Case("hanweb", "hanweb_column.html", f"{HOST}/col/col61490/index.html", Entry(HOST)),
    Case("hanweb", "hanweb_piece.xml", PIECE, Entry(HOST), b"appid=1&columnid=61490&unitid=247686"),
    Case("hanweb", "hanweb_unit.json", UNIT, Entry(HOST)),
    Case("gkmlpt", "gkmlpt_index.html", f"{HOST}/gkmlpt/index", Entry(f"{HOST}/gkmlpt/index#1234")),
    Case(
        "gkmlpt", "gkmlpt_list.json", f"{HOST}/gkmlpt/api/all/1234?page=1&sid=755031", Entry(HOST)
    ),
    Case("plain", "plain_list.asp.html", f"{HOST}/class.asp?class=1150", Entry(HOST)),
    Case(
        "trs_search",
        "trs_search_list.html",
        TRS_SEARCH,
        Entry(TRS_SEARCH, search="/fjdzapp/search?channelid=200210&sortfield=-pubdate&prepage=500"),
    ),
    Case(
        "trs_search",
        "trs_search_answer.json",
        f"{HOST}/fjdzapp/search",
        Entry(TRS_SEARCH, search="/fjdzapp/search?channelid=200210&sortfield=-pubdate&prepage=500"),
        b"channelid=200210&sortfield=-pubdate&prepage=500&page=1",
    ),
)


def read(case: Case) -> Listing:
    text = decode((PAGES / case.file).read_bytes())
    return families.load(case.family).read(Page(case.url, text, case.entry, sent=case.sent))


def asked(ask: Ask) -> dict[str, Any]:
    said: dict[str, Any] = {"url": ask.url, "position": ask.position}
    return said | ({"method": ask.method, "body": ask.body.decode()} if ask.body else {})


def item(one: Item) -> dict[str, Any]:
    return {
        "url": one.url,
        "title": one.title,
        "published": str(one.published) if one.published else None,
        "department": one.department,
    }


def shown(listing: Listing) -> dict[str, Any]:
    """A listing in the shape of the goldens."""
    return {
        "items": [item(one) for one in listing.items],
        "following": [asked(ask) for ask in listing.following],
        "columns": [asked(ask) for ask in listing.columns],
        "name": listing.name,
        "announced": listing.announced,
        "problem": listing.problem,
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_stored_list_page_is_read_as_its_golden_says(case: Case) -> None:
    golden = json.loads((PAGES / f"{case.file}.golden.json").read_text(encoding="utf-8"))
    assert shown(read(case)) == golden


def test_every_family_has_a_stored_page() -> None:
    assert {case.family for case in CASES} == set(families.names())
