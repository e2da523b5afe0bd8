"""大汉: `/col/col5301/index.html` with its first records in a script, the rest by POST."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from tests.portal.calendar import Moment
from tests.portal.families import Page, Query, attachment_html, counter, shortened, token
from tests.portal.manifest import Article, ArticleVersion, Channel, Manifest

_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")
_ARTICLE = re.compile(r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/art_(\d+)_(\d+)\.html")
_PROXY = "/module/web/jpage/dataproxy.jsp"
_DOWNLOAD = "/module/download/downfile.jsp"


class Hanweb:
    """Site B's kind."""

    def __init__(self, manifest: Manifest) -> None:
        self._site = manifest

    def first_page(self, path: str) -> str:
        """A column has one page; what follows is posted for."""
        return path

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """Columns, the list's program, articles, downloads and the home page."""
        if path == "/":
            links = "".join(
                f'<a href="/col/col{channel.path}/index.html">{escape(channel.title)}</a>'
                for channel in self._site.channels
            )
            return self._whole("首页", links, visit)
        if path == _DOWNLOAD:
            return Page(
                body=b"", status=302, headers={"Location": f"/attach/0/{query.get('filename', '')}"}
            )
        if path == _PROXY:
            return self._piece(query, moment)
        if column := _COLUMN.fullmatch(path):
            found = next((c for c in self._site.channels if c.path == column[1]), None)
            return self._column(found, moment, visit) if found else None
        if article := _ARTICLE.fullmatch(path):
            return self._found(article, moment, visit)
        return None

    def _found(self, asked: re.Match[str], moment: Moment, visit: int) -> Page | None:
        for article in self._site.articles:
            if (article.channel, article.id) == (asked[4], asked[5]):
                version = article.at(moment)
                if version and asked[0] == _href(article):
                    return self._article(article, version, visit)
        return None

    def _records(self, channel: Channel, moment: Moment, start: int, end: int) -> str:
        listed = self._site.listed(channel, moment)[start - 1 : end]
        return "".join(
            "<record><![CDATA[<li>"
            f'<a href="{_href(article)}" target="_blank" title="{escape(article.title)}">'
            f"{escape(shortened(article))}</a>"
            f"<span>{_slashed(version.published or article.published)}</span></li>]]></record>"
            for article, version in listed
        )

    def _column(self, channel: Channel, moment: Moment, visit: int) -> Page:
        total = len(self._site.listed(channel, moment))
        unit, name = f"2{channel.path}", quote(self._site.name)
        body = (
            f'<div id="{unit}"><script type="text/xml"><datastore><nextgroup><![CDATA['
            f'<a href="{_PROXY}?page=1&appid=1&webid=39&path=/&columnid={channel.path}'
            f'&unitid={unit}&webname={name}&permissiontype=0"></a>]]></nextgroup><recordset>'
            f"{self._records(channel, moment, 1, channel.per_page)}</recordset></datastore>"
            f"</script></div><script>$('#{unit}').jpage({{perPage:{channel.per_page},totalRecord:{total},"
            f"proxyUrl:'{_PROXY}',ajaxParam:{{col:1,appid:1,webid:39,path:'/',"
            f"columnid:{channel.path},sourceContentType:1,unitid:'{unit}',"
            f"webname:'{escape(self._site.name)}',permissiontype:0}}}})</script>"
        )
        return self._whole(channel.title, body, visit)

    def _piece(self, query: Query, moment: Moment) -> Page | None:
        channel = next((c for c in self._site.channels if c.path == query.get("columnid")), None)
        if channel is None:
            return None
        start, end = int(query.get("startrecord", 1)), int(query.get("endrecord", 1))
        total = len(self._site.listed(channel, moment))
        body = (
            "<?xml version='1.0' encoding='UTF-8'?><datastore>"
            f"<totalrecord>{total}</totalrecord><recordset>"
            f"{self._records(channel, moment, start, end)}</recordset></datastore>"
        )
        return Page(body=body.encode(), media_type="text/xml;charset=UTF-8", dynamic=True)

    def _article(self, article: Article, version: ArticleVersion, visit: int) -> Page:
        published = version.published or article.published
        text = "".join(f"<p>{escape(line)}</p>" for line in version.text)
        files = "".join(map(attachment_html, version.attachments))
        body = (
            f'<table><tr><td class="title">{escape(article.title)}</td></tr>'
            f"<tr><td>发布日期：{_slashed(published)}　来源：{escape(article.source)}　"
            f"浏览：{counter(visit)}</td></tr></table>"
            f'<div id="zoom">{text}{files}</div>'
        )
        return self._whole(article.title, body, visit)

    def _whole(self, title: str, body: str, visit: int) -> Page:
        site = self._site
        return Page(
            body=(
                '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
                f"<title>{escape(site.name)} {escape(title)}</title></head><body>{body}"
                f'<div class="footer">{escape(site.name)} {counter(visit)}'
                f"<i>{token(site.letter, visit)}</i></div></body></html>"
            ).encode(),
            dynamic=True,
        )


def _href(article: Article) -> str:
    year, month, day = (int(part) for part in article.published.split("-"))
    return f"/art/{year}/{month}/{day}/art_{article.channel}_{article.id}.html"


def _slashed(day: str) -> str:
    return "/".join(str(int(part)) for part in day.split("-"))


site = Hanweb
