"""gkmlpt: an index page that is all script, JSON lists with epoch dates, `post_{id}.html`."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html import escape

from tests.portal.calendar import CHINA, Moment
from tests.portal.families import Page, Query, attachment_html, counter, token
from tests.portal.manifest import Article, ArticleVersion, Manifest

_LIST = re.compile(r"/gkmlpt/api/all/(\d+)")
_ARTICLE = re.compile(r"/yjs/content/post_(\d+)\.html")
_PAGE_SIZE = 100


class Gkmlpt:
    """Site E's kind."""

    def __init__(self, manifest: Manifest) -> None:
        self._site = manifest

    def first_page(self, path: str) -> str:
        """Pages differ in the query only."""
        return path

    def page(self, path: str, query: Query, moment: Moment, visit: int) -> Page | None:
        """The index page, lists and articles."""
        if path in ("/", "/gkmlpt/index"):
            script = "<script>window._CONFIG={SID:'1',DEPTH:2}</script>"
            return self._whole(self._site.name, f'{script}<div id="app"></div>', visit)
        if listing := _LIST.fullmatch(path):
            return self._list(listing[1], query, moment)
        if found := _ARTICLE.fullmatch(path):
            for article in self._site.articles:
                if article.id == found[1] and (version := article.at(moment)):
                    return self._article(article, version, visit)
        return None

    def _list(self, category: str, query: Query, moment: Moment) -> Page | None:
        channel = next((c for c in self._site.channels if c.path == category), None)
        if channel is None or query.get("sid") != "1":
            return None
        number = int(query.get("page", 1))
        # In no order of dates: whoever uploaded last stands first.
        listed = sorted(
            self._site.listed(channel, moment), key=lambda pair: int(pair[0].id), reverse=True
        )
        articles = [
            {
                "id": int(article.id),
                "title": article.title,
                "publisher": article.source,
                "display_publish_time": _epoch(version.published or article.published),
                "url": f"http://{{host}}/yjs/content/post_{article.id}.html",
                "post_url": f"/yjs/content/post_{article.id}.html",
            }
            for article, version in listed[(number - 1) * _PAGE_SIZE : number * _PAGE_SIZE]
        ]
        answer = {
            "classify": {"id": int(category), "name": channel.title},
            "total": len(listed),
            "articles": articles,
        }
        return Page(
            body=json.dumps(answer, ensure_ascii=False).encode(),
            media_type="application/json",
            dynamic=True,
        )

    def _article(self, article: Article, version: ArticleVersion, visit: int) -> Page:
        published = version.published or article.published
        text = "".join(f"<p>{escape(line)}</p>" for line in version.text)
        files = "".join(map(attachment_html, version.attachments))
        body = (
            f'<h1>{escape(article.title)}</h1><div class="date">发布日期：{published}　'
            f"发布机构：{escape(article.source)}　阅读：{counter(visit)}</div>"
            f'<div class="article-content">{text}{files}</div>'
        )
        return self._whole(article.title, body, visit)

    def _whole(self, title: str, body: str, visit: int) -> Page:
        return Page(
            body=(
                f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title>'
                f"</head><body>{body}<i>{token(self._site.letter, visit)}</i></body></html>"
            ).encode()
        )


def _epoch(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(hour=10, tzinfo=CHINA).timestamp())


site = Gkmlpt
