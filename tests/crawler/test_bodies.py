"""Pages that are themselves the document."""

from __future__ import annotations

from crawler import bodies
from crawler.portals import Entry
from crawler.publications import Page

ROWS = "".join(f"<tr><td>20101{n:02}</td><td>{n},100.{n:02}</td></tr>" for n in range(20))


def page(body: str) -> Page:
    return Page("http://www.example.gov.cn/news/52.html", body, Entry("http://www.example.gov.cn/"))


def article(rows: str = ROWS, visitors: int = 1, text: str = "公开如下") -> Page:
    return page(
        f'<div class="content"><p>{text}</p><table>{rows}</table><script>hit({visitors})</script>'
        f'</div><div class="footer">您是第{visitors}位访客</div>'
    )


def test_tables_full_of_figures_are_a_document() -> None:
    assert bodies.holds_document(article())


def test_a_table_of_links_and_dates_is_none() -> None:
    links = "".join(f"<tr><td><a>通知</a></td><td>2025-02-{n:02}</td></tr>" for n in range(28))
    assert not bodies.holds_document(article(links))


def test_one_figure_many_times_is_none() -> None:
    assert not bodies.holds_document(article("<tr><td>404.00</td></tr>" * 60))


def test_a_visitor_counter_changes_nothing() -> None:
    assert bodies.fingerprint(article(visitors=1)) == bodies.fingerprint(article(visitors=2))


def test_a_figure_or_a_word_of_the_article_changes_it() -> None:
    known = bodies.fingerprint(article())
    assert bodies.fingerprint(article(ROWS.replace("3,100.03", "3,100.30"))) != known
    assert bodies.fingerprint(article(text="更正如下")) != known
