"""TRS WCM: static pages, zero-based `index_1.shtml`, `./yyyymm/tyyyymmdd_id.shtml`, `P0….pdf`."""

from __future__ import annotations

import re
from html import escape

from tests.portal.calendar import Moment
from tests.portal.families import (
    Page,
    Query,
    attachment_html,
    counter,
    redirect,
    shortened,
    token,
)
from tests.portal.manifest import Article, ArticleVersion, Channel, Manifest

_LIST = re.compile(r"index(?:_([1-9]\d*))?\.shtml")
_ARTICLE = re.compile(r"(\d{6})/t(\d{8})_(\d+)\.shtml")


class Trs:
    """Site A's kind."""

    def __init__(self, manifest: Manifest) -> None:
        self._site = manifest
        self._channels = {channel.path: channel for channel in manifest.channels}

    def first_page(self, path: str) -> str:
        """`index_2.shtml` → `index.shtml`."""
        return re.sub(r"index_\d+\.shtml$", "index.shtml", path)

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """Lists, articles, the column's own page, the home page and the search."""
        root = self._site.root
        if path == "/":
            return self._whole("首页", f'<a href=".{root}/">财政预决算</a>', visit)
        if path == "/search":
            hit = f'<a href="{root}/ys/2024/index.shtml">2024年部门预算</a>'
            return self._whole("站内搜索", f"检索：{escape(query.get('q', ''))} {hit}", visit)
        if not path.startswith(f"{root}/"):
            return None
        inside = path.removeprefix(f"{root}/")
        if inside in ("", "index.shtml"):
            return self._column(visit)
        for channel in self._site.channels:
            if inside == channel.path:
                return redirect(f"{path}/")
            if inside.startswith(f"{channel.path}/"):
                return self._under(channel, inside.removeprefix(f"{channel.path}/"), moment, visit)
        return None

    def _under(self, channel: Channel, rest: str, moment: Moment, visit: int) -> Page | None:
        listing = _LIST.fullmatch(rest or "index.shtml")
        if listing:
            return self._listing(channel, int(listing[1] or 0), moment, visit)
        found = _ARTICLE.fullmatch(rest)
        if not found:
            return None
        for article in self._site.articles:
            here = article.channel == channel.path and article.id == found[3]
            if here and (found[1], found[2]) == (article.created[:6], article.created):
                version = article.at(moment)
                return self._article(channel, article, version, visit) if version else None
        return None

    def _column(self, visit: int) -> Page:
        links = "".join(
            f'<li><a href="./{channel.path}/">{escape(channel.title)}</a></li>'
            for channel in self._site.channels
        )
        return self._whole("部门预决算", f'<ul class="lm_list">{links}</ul>', visit)

    def _listing(self, channel: Channel, index: int, moment: Moment, visit: int) -> Page | None:
        everything = self._site.listed(channel, moment)
        pages = max(1, -(-len(everything) // channel.per_page))
        if index >= pages:
            return None
        part = everything[index * channel.per_page : (index + 1) * channel.per_page]
        rows = "\n".join(
            self._row(article, version, pinned=article.pinned)
            for article, version in (*self._site.pinned(channel, moment), *part)
        )
        up = "../" * (channel.path.count("/") + 1)
        body = (
            f'<div class="position">当前位置：<a href="{up}">部门预决算</a> &gt; '
            f"{escape(channel.title)}</div>\n"
            f'<ul class="list_con">\n{rows}\n</ul>\n'
            f'<div class="pages"><script>createPageHTML({pages}, {index}, "index", "shtml");'
            "</script></div>"
        )
        return self._whole(channel.title, body, visit)

    @staticmethod
    def _row(article: Article, version: ArticleVersion, *, pinned: bool) -> str:
        href = f"./{article.created[:6]}/t{article.created}_{article.id}.shtml"
        mark = '<em class="top">置顶</em>' if pinned else ""
        return (
            f'<li>{mark}<a href="{href}" target="_blank" title="{escape(article.title)}">'
            f"{escape(shortened(article))}</a><span>[{version.published or article.published}]"
            "</span></li>"
        )

    def _article(
        self, channel: Channel, article: Article, version: ArticleVersion, visit: int
    ) -> Page:
        published = version.published or article.published
        text = "".join(f"<p>　　{escape(line)}</p>" for line in version.text)
        files = "".join(map(attachment_html, version.attachments))
        body = (
            f'<div class="position"><a href="../">{escape(channel.title)}</a> &gt; 正文</div>\n'
            '<table class="zfxxgk"><tr>'
            f"<th>索引号</th><td>{escape(article.index)}</td>"
            f"<th>发布机构</th><td>{escape(article.source)}</td></tr><tr>"
            f"<th>发布日期</th><td>{published} 15:49</td>"
            "<th>有效性</th><td>有效</td></tr></table>\n"
            f"<h1>{escape(article.title)}</h1>\n"
            f'<div class="info">来源：{escape(article.source)}　浏览次数：'
            f'<span id="hits">{counter(visit)}</span></div>\n'
            '<div class="view TRS_UEDITOR trs_paper_default TRS_Editor" id="zoom">'
            f"{text}{files}</div>"
        )
        meta = (
            f'<meta name="ArticleTitle" content="{escape(article.title, quote=True)}">'
            f'<meta name="PubDate" content="{published} 15:49">'
            f'<meta name="ContentSource" content="{escape(article.source, quote=True)}">'
            f'<meta name="ColumnName" content="{escape(channel.title, quote=True)}">'
        )
        return self._whole(article.title, body, visit, meta)

    def _whole(self, title: str, body: str, visit: int, meta: str = "") -> Page:
        site = self._site
        return Page(
            body=(
                '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
                f"<title>{escape(title)}-{escape(site.name)}</title>"
                f'<meta name="SiteName" content="{escape(site.name, quote=True)}">{meta}</head>\n'
                f'<body><div class="top"><a href="/">首页</a> <a href="/search?q=">搜索</a>'
                f"</div>\n{body}\n"
                f'<div class="footer">{escape(site.name)}主办　您是第{counter(visit)}位访问者'
                f'<input type="hidden" name="_csrf" value="{token(site.letter, visit)}"></div>\n'
                "</body></html>\n"
            ).encode()
        )


site = Trs
