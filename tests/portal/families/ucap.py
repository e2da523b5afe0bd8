"""UCAP: `list.shtml` then `list_2.shtml` (one-based), a JSON list beside it, `files/中文名.pdf`."""

from __future__ import annotations

import json
import re
from html import escape

from tests.portal.calendar import Moment
from tests.portal.families import Page, Query, attachment_html, counter, redirect, shortened, token
from tests.portal.manifest import Article, ArticleVersion, Channel, Manifest

_LIST = re.compile(r"list(?:_([2-9]|[1-9]\d+))?\.shtml")
_ARTICLE = re.compile(r"(\d{6})/([0-9a-f]{32})\.shtml")
_SEARCH = "/common/search/"


class Ucap:
    """Site C's kind."""

    def __init__(self, manifest: Manifest) -> None:
        self._site = manifest

    def first_page(self, path: str) -> str:
        """`list_2.shtml` → `list.shtml`."""
        return re.sub(r"list_\d+\.shtml$", "list.shtml", path)

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """Lists (HTML and JSON), articles and the home page."""
        root = self._site.root
        if path == "/":
            links = "".join(
                f'<a href="{root}/{channel.path}/list.shtml">{escape(channel.title)}</a>'
                for channel in self._site.channels
            )
            return self._whole("首页", links, visit)
        if path.startswith(_SEARCH):
            return self._search(path.removeprefix(_SEARCH), query, moment)
        for channel in self._site.channels:
            base = f"{root}/{channel.path}"
            if path in (base, f"{base}/"):
                return redirect(f"{base}/list.shtml")
            if path.startswith(f"{base}/"):
                return self._under(channel, path.removeprefix(f"{base}/"), moment, visit)
        return None

    def _under(self, channel: Channel, rest: str, moment: Moment, visit: int) -> Page | None:
        listing = _LIST.fullmatch(rest)
        if listing:
            return self._listing(channel, int(listing[1] or 1), moment, visit)
        found = _ARTICLE.fullmatch(rest)
        for article in self._site.articles if found else ():
            here = article.channel == channel.path and found and article.id == found[2]
            if here and found and found[1] == article.created[:6]:
                version = article.at(moment)
                return self._article(channel, article, version, visit) if version else None
        return None

    def _href(self, article: Article) -> str:
        return f"{self._site.root}/{article.channel}/{article.created[:6]}/{article.id}.shtml"

    def _listing(self, channel: Channel, number: int, moment: Moment, visit: int) -> Page | None:
        everything = self._site.listed(channel, moment)
        pages = max(1, -(-len(everything) // channel.per_page))
        if number > pages:
            return None
        part = everything[(number - 1) * channel.per_page : number * channel.per_page]
        rows = "\n".join(
            f'<li><a href="{self._href(article)}" title="{escape(article.title)}">'
            f"{escape(shortened(article))}</a>"
            f'<span class="date">{version.published or article.published}</span></li>'
            for article, version in part
        )
        body = (
            f'<div class="crumb">{escape(channel.title)}</div>\n'
            f'<ul class="xxgk_list">\n{rows}\n</ul>\n'
            f"<div id=\"page_div\"></div><script>createPageHTML('page_div',{pages},{number},"
            f"'list','shtml',{len(everything)});</script>\n"
            f"<script>var channelId='{channel.query_id}';</script>"
        )
        return self._whole(channel.title, body, visit)

    def _search(self, query_id: str, query: Query, moment: Moment) -> Page | None:
        channel = next((c for c in self._site.channels if c.query_id == query_id), None)
        if channel is None:
            return None
        size = _number(query.get("_pageSize"), channel.per_page)
        number = _number(query.get("page"), 1)
        everything = self._site.listed(channel, moment)
        part = everything[(number - 1) * size : number * size]
        if query.get("_isJson", "false") != "true":
            rows = "".join(
                f'<li><a href="{self._href(a)}">{escape(shortened(a))}</a></li>' for a, _ in part
            )
            return Page(body=f"<ul>{rows}</ul>".encode(), dynamic=True)
        results = [
            {
                "title": article.title,
                "url": f"http://{{host}}{self._href(article)}",
                "publishedTimeStr": f"{version.published or article.published} 10:11:12",
                "publishedTime": None,
                "channelName": channel.title,
                "content": "".join(version.text),
            }
            for article, version in part
        ]
        answer = {
            "data": {"page": number, "rows": size, "total": len(everything), "results": results}
        }
        return Page(
            body=json.dumps(answer, ensure_ascii=False).encode(),
            media_type="application/json;charset=UTF-8",
            dynamic=True,
        )

    def _article(
        self, channel: Channel, article: Article, version: ArticleVersion, visit: int
    ) -> Page:
        published = version.published or article.published
        text = "".join(f"<p>{escape(line)}</p>" for line in version.text)
        files = "".join(map(attachment_html, version.attachments))
        body = (
            f'<div class="crumb">{escape(channel.title)}</div>\n<h1 class="title">'
            f'{escape(article.title)}</h1>\n<div class="pages-date">{published} 10:11 '
            f'<span class="font">来源：{escape(article.source)}</span> 字体：大 中 小 '
            f'阅读：<span id="pv">{counter(visit)}</span></div>\n'
            f'<div class="pages_content" id="UCAP-CONTENT">{text}{files}</div>'
        )
        meta = (
            f'<meta name="ArticleTitle" content="{escape(article.title, quote=True)}">'
            f'<meta name="PubDate" content="{published} 10:11">'
            f'<meta name="ContentSource" content="{escape(article.source, quote=True)}">'
        )
        return self._whole(article.title, body, visit, meta)

    def _whole(self, title: str, body: str, visit: int, meta: str = "") -> Page:
        site = self._site
        return Page(
            body=(
                '<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" '
                'content="text/html; charset=utf-8">'
                f"<title>{escape(title)}_{escape(site.name)}</title>{meta}</head>\n<body>\n{body}\n"
                f'<div class="foot">{escape(site.name)} 访问量：{counter(visit)}'
                f"<script>var _t='{token(site.letter, visit)}';</script></div>\n</body></html>\n"
            ).encode()
        )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


site = Ucap
