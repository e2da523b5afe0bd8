"""What the families read in list pages."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crawler import families, portals
from crawler.portals import Entry
from crawler.publications import Listing, Page

PAGES = Path(__file__).parent / "pages"
COLUMN = "http://www.example.gov.cn/zwgk_9/czxx/js/"
UCAP = "http://www.example.gov.cn/mxq/c104524/list.shtml"
SEARCH = "http://www.example.gov.cn/common/search/0123456789abcdef0123456789abcdef"


def page(url: str, text: str, **entry: bool) -> Page:
    return Page(url=url, text=text, entry=Entry(url=url, **entry))


@pytest.fixture
def trs_list() -> Listing:
    text = (PAGES / "trs_list.shtml").read_text(encoding="utf-8")
    return families.load("trs").read(page(COLUMN, text))


def ucap(text: str, url: str = UCAP) -> Listing:
    return families.load("ucap").read(page(url, text))


def test_every_family_module_is_known_by_its_file_name() -> None:
    assert families.names() == ("gkmlpt", "hanweb", "plain", "trs", "trs_search", "ucap")
    assert all(isinstance(families.load(name), families.Family) for name in families.names())


def test_an_unknown_family_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(LookupError, match="trs, trs_search, ucap"):
        families.load("drupal")


def test_trs_items_are_the_articles_files_and_dated_links_in_their_order(trs_list: Listing) -> None:
    assert [
        item.url.removeprefix("http://www.example.gov.cn/zwgk_9/") for item in trs_list.items
    ] == [
        "czxx/js/202309/t20230911_88.shtml",
        "czxx/js/202509/t20250905_412.shtml",
        "ys/202502/t20250214_377.shtml",
        "czxx/js/202509/P020250901412345678901.pdf",
        "https://jyj.example.gov.cn/info/4471.htm",
        "czxx/js/202508/t20250820_399.html",
    ]


def test_trs_titles_come_whole_from_the_title_attribute(trs_list: Listing) -> None:
    assert trs_list.items[0].title == "明湖区财政局2022年度部门决算"
    assert trs_list.items[1].title == "明湖区档案馆（明湖区地方志编纂中心）2024年度部门决算"
    assert trs_list.items[2].title == "明湖区残疾人联合会2025年度部门预算公开"


def test_trs_dates_are_read_in_every_form_and_a_missing_year_is_not_guessed(
    trs_list: Listing,
) -> None:
    assert [item.published for item in trs_list.items] == [
        date(2023, 9, 11),
        date(2025, 9, 5),
        date(2025, 2, 14),
        None,
        date(2025, 9, 3),
        date(2025, 8, 20),
    ]


def test_trs_second_page_is_index_1_and_the_definition_of_the_pager_is_no_call(
    trs_list: Listing,
) -> None:
    assert [(ask.url, ask.position) for ask in trs_list.following] == [
        (COLUMN + "index_1.shtml", 2)
    ]


def test_trs_last_page_is_followed_by_none() -> None:
    text = '<script>createPageHTML(3, 2, "index", "shtml")</script>'
    assert families.load("trs").read(page(COLUMN + "index_2.shtml", text)).following == ()


def test_trs_older_templates_keep_the_pager_in_two_variables() -> None:
    text = "<script>var currentPage = 1;//从0开始\nvar countPage = 4//共多少页</script>"
    following = families.load("trs").read(page(COLUMN + "index_1.html", text)).following
    assert [ask.url for ask in following] == [COLUMN + "index_2.html"]


def test_trs_columns_below_are_followed_and_the_way_back_is_not(trs_list: Listing) -> None:
    assert [ask.url for ask in trs_list.columns] == [COLUMN + "2024/", COLUMN + "2023/index.shtml"]
    assert trs_list.name == "部门决算"


def test_columns_below_are_left_alone_where_the_entry_says_so() -> None:
    text = (PAGES / "trs_list.shtml").read_text(encoding="utf-8")
    assert families.load("trs").read(page(COLUMN, text, columns=False)).columns == ()


def test_ucap_second_page_is_list_2_and_the_number_of_records_is_noted() -> None:
    listing = ucap((PAGES / "ucap_list.shtml").read_text(encoding="utf-8"))
    assert [(item.title, item.published) for item in listing.items] == [
        ("明溪区审计局2025年部门预算", date(2025, 2, 13)),
        ("明溪区司法局2025年部门预算", date(2025, 2, 12)),
    ]
    assert [ask.url for ask in listing.following] == [
        "http://www.example.gov.cn/mxq/c104524/list_2.shtml"
    ]
    assert listing.announced == 27


def test_ucap_list_filled_by_script_leads_to_its_search() -> None:
    path = SEARCH.removeprefix("http://www.example.gov.cn")
    text = f"<ul id='list'></ul><script>load('{path}')</script>"
    (ask,) = ucap(text).following
    assert ask.url.startswith(SEARCH + "?")
    assert "_isJson=true" in ask.url
    assert "page=1" in ask.url


def results(*rows: dict[str, object], total: int | None = None) -> str:
    return json.dumps({"data": {"results": list(rows), "total": total}}, ensure_ascii=False)


ROW = {
    "title": "明溪区<em>审计局</em>2025年部门预算",
    "url": "/mxq/c104524/202502/0123456789abcdef0123456789abcdef.shtml",
    "publishedTimeStr": "2025-02-13 10:11:12",
}


def test_ucap_search_answers_are_items_without_markup() -> None:
    (item,) = ucap(results(ROW, total=1), SEARCH + "?page=1").items
    assert item.title == "明溪区审计局2025年部门预算"
    assert item.published == date(2025, 2, 13)


def test_ucap_search_goes_on_while_the_total_says_so() -> None:
    following = ucap(results(ROW, total=16), SEARCH + "?_pageSize=15&page=1").following
    assert ["page=2" in ask.url for ask in following] == [True]
    assert ucap(results(ROW, total=16), SEARCH + "?_pageSize=15&page=2").following == ()


def test_ucap_search_without_a_total_goes_on_until_a_page_is_empty() -> None:
    assert len(ucap(results(ROW), SEARCH + "?page=7").following) == 1
    assert ucap(results(), SEARCH + "?page=8").following == ()


@pytest.mark.parametrize(
    "text",
    [
        "<html>维护中</html>",
        "[]",
        '{"data": {"results": 7}}',
        '{"data": {}}',
        '{"code": 500, "msg": "busy"}',
        "",
    ],
)
def test_ucap_search_that_answers_otherwise_is_a_problem_and_not_an_empty_list(text: str) -> None:
    listing = ucap(text, SEARCH + "?page=1")
    assert listing.items == ()
    assert "JSON" in listing.problem


@pytest.mark.corpus
def test_a_real_trs_list_is_read_item_by_item() -> None:
    folder = Path(__file__).parents[3] / "shared" / "domain" / "pingtan"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    url = "https://www.pingtan.gov.cn/zwgk/zdlyxxgk/czzj/bmyjsgk/bmysgk/"
    text = (folder / "list_bmysgk_index.html").read_text(encoding="utf-8")
    listing = families.load("trs").read(page(url, text))
    lines = (folder / "list_bmysgk_items.tsv").read_text(encoding="utf-8").splitlines()
    expected = [line.split("\t") for line in lines[1:]]
    assert len(listing.items) == 75
    assert [(item.url, str(item.published), item.title) for item in listing.items] == [
        (row[1], row[3], row[6]) for row in expected
    ]
    assert listing.following == ()


@pytest.mark.corpus
def test_a_real_trs_list_is_carried_on_by_its_search() -> None:
    folder = Path(__file__).parents[3] / "shared" / "domain" / "pingtan"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    entry = portals.load()["pingtan"].entries[0]
    text = (folder / "list_bmysgk_index.html").read_text(encoding="utf-8")
    listing = families.load("trs_search").read(Page(url=entry.url, text=text, entry=entry))
    assert len(listing.items) == 75
    (ask,) = listing.following
    assert (ask.method, ask.url) == ("POST", "https://www.pingtan.gov.cn/fjdzapp/search")
    assert ask.body == b"channelid=200210&sortfield=-pubdate&prepage=500&page=1"
