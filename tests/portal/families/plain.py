"""A home-made site of long ago: `class.asp?class=1150&page=2`, `/news/53.html`, GBK as gb2312."""

from __future__ import annotations

import base64
import re
from html import escape

from tests.portal import documents
from tests.portal.calendar import Moment
from tests.portal.families import Page, Query, attachment_html, counter, shortened, token
from tests.portal.manifest import Article, ArticleVersion, Channel, Manifest

_ARTICLE = re.compile(r"/news/(\d+)\.html")
# A grey picture of one pixel: a table that nobody can read without an optical reader.
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


class Plain:
    """Site D's kind: it answers every address with 200, and what is gone with an apology."""

    def __init__(self, manifest: Manifest) -> None:
        self._site = manifest

    def first_page(self, path: str) -> str:
        """Pages differ in the query only."""
        return path

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """Lists, articles, pictures, the home page; robots.txt alone is a true 404."""
        if path == "/robots.txt":
            return None
        if path == "/":
            return self._whole("首页", '<a href="/class.asp?class=1150">财政公开</a>', visit)
        if path.startswith("/UploadFiles/") and path.endswith(".png"):
            return Page(body=_PICTURE, media_type="image/png")
        channel = next((c for c in self._site.channels if c.path == query.get("class")), None)
        if path == "/class.asp" and channel:
            return self._listing(channel, int(query.get("page", 1)), moment, visit)
        if found := _ARTICLE.fullmatch(path):
            for article in self._site.articles:
                if article.id == found[1] and (version := article.at(moment)):
                    return self._article(article, version, visit)
                if article.id == found[1] and article.gone == "home":
                    return Page(body=b"", status=302, headers={"Location": "/"})
        return self._whole("提示", "<p>对不起，您访问的页面不存在或已被删除！</p>", visit)

    def _listing(self, channel: Channel, number: int, moment: Moment, visit: int) -> Page:
        everything = self._site.listed(channel, moment)
        pages = max(1, -(-len(everything) // channel.per_page))
        part = everything[(number - 1) * channel.per_page : number * channel.per_page]
        rows = "".join(
            f'<tr><td>·<a href="/news/{article.id}.html" title="{escape(article.title)}">'
            f"{escape(shortened(article))}</a></td><td>{version.published or article.published}"
            "</td></tr>"
            for article, version in part
        )
        base = f"class.asp?class={channel.path}&page="
        onward = f'<a href="{base}{number + 1}">下一页</a>' if number < pages else "下一页"
        body = (
            f"<table>{rows}</table><p>共 {len(everything)} 条 第{number}/{pages}页 "
            f'<a href="{base}1">首页</a> {onward} <a href="{base}{pages}">尾页</a></p>'
        )
        return self._whole(channel.title, body, visit)

    def _article(self, article: Article, version: ArticleVersion, visit: int) -> Page:
        text = "".join(f"<p>{escape(line)}</p>" for line in version.text)
        inline = tables(version.inline) if version.inline else ""
        picture = f'<img src="{version.picture}" width="700">' if version.picture else ""
        files = "".join(map(attachment_html, version.attachments))
        body = (
            f"<h1>{escape(article.title)}</h1><p>发布时间：{version.published or article.published}"
            f"　来源：{escape(article.source)}　点击：{counter(visit)}</p>"
            f'<div class="content">{text}{inline}{picture}{files}</div>'
        )
        return self._whole(article.title, body, visit)

    def _whole(self, title: str, body: str, visit: int) -> Page:
        site = self._site
        page = (
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
            f"<title>{escape(title)}-{escape(site.name)}</title></head><body>{body}"
            f'<div class="footer">{escape(site.name)} 您是第{counter(visit)}位访客 镕 '
            f"<!--{token(site.letter, visit)}--></div></body></html>"
        )
        return Page(body=page.encode("gb18030"), media_type="text/html")


def tables(name: str) -> str:
    """A whole document as HTML tables, in the manner of pages pasted from a word processor."""
    parts = []
    for statement in documents.truth(name).statements:
        columns = list(dict.fromkeys(c for row in statement.rows for c in row.values))
        head = "".join(f"<td>{escape(text)}</td>" for text in ("科目编码", "科目名称", *columns))
        rows = "".join(
            f"<tr><td>{escape(row.code)}</td><td>{escape(row.name)}</td>"
            + "".join(f"<td>{escape(row.values.get(column) or '')}</td>" for column in columns)
            + "</tr>"
            for row in statement.rows
        )
        parts.append(
            f"<p align=center><b>{escape(statement.title)}</b></p><p align=right>单位："
            f'{escape(statement.unit)}</p><table border="1"><tr>{head}</tr>{rows}</table>'
        )
    return "".join(parts)


site = Plain
