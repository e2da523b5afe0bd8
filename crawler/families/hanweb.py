"""大汉 Hanweb: columns whose list comes in pieces from a program, `jpage` or the newer `jpaas`.

A column is `/col/col61490/index.html`. With `jpage` its first records stand in the page, in a
`<script type="text/xml">`, and the others are posted for at `dataproxy.jsp`, which answers with
the same `<record>`s; what to post stands in the page's own script. With `jpaas` the page carries
`queryData`, and the list is asked for by page number and comes as HTML within JSON. Articles are
`/art/2025/2/7/art_61490_88112.html`, files `downfile.jsp?…&filename=<32 hex digits>.pdf`.
"""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

import msgspec

from crawler import markup
from crawler.families import Family
from crawler.publications import Ask, Item, Listing, Page

__all__ = ["family"]

_ARTICLE: Final = re.compile(r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+_\d+\.html?$")
_PROXY: Final = re.compile(r"/module/(?:web/)?jpage/(?:morecolumn)?dataproxy\.jsp")
_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_RECORD: Final = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_TOTAL: Final = re.compile(
    r"<totalrecord>\s*(\d+)\s*</totalrecord>|\btotalRecord\s*:\s*(\d+)", re.I
)
_PER_PAGE: Final = re.compile(r"\bperPage\s*:\s*(\d+)", re.IGNORECASE)
_FIELDS: Final = (
    *("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid"),
    *("webname", "permissiontype"),
)
_FIELD: Final = re.compile(
    rf"""\b({"|".join(_FIELDS)})["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^"'&,;{{}}<>\s]*))"""
)
_TABLE_TAGS: Final = re.compile(r"<(/?)(?:table|tbody|tr|td|th)\b", re.IGNORECASE)
_QUERY: Final = re.compile(r"""queryData\s*=\s*(?:"(\{[^"]*\})"|'(\{[^']*\})')""", re.IGNORECASE)
_PAIR: Final = re.compile(r"""["']?(\w+)["']?\s*:\s*["']?([^"',{}]*)["']?""")
_PAGINATION: Final = re.compile(r"""\b(rows|count)\s*=\s*["']?(\d+)""")
_GROUP: Final = 3
"""Pages that `jpage` fetches at once."""
_PER_PAGE_UNSAID: Final = 15
_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)


class Hanweb(Family):
    """Hanweb's two list programs; columns elsewhere are entries of their own: no address nests."""

    signs = (
        r"jpage/(?:morecolumn)?dataproxy\.jsp",
        r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\w+",
        r"/col/col\d+/",
        r"jpaas-publish-server|queryData\s*=",
    )

    def read(self, page: Page) -> Listing:
        """Read a column's page, or a piece of its list, by the page's address."""
        path = urlsplit(page.url).path
        if _PROXY.search(path):
            return _piece(page)
        if path.endswith(_UNIT):
            return _unit_answer(page)
        if asked := _QUERY.search(page.text):
            return _unit_frame(page, asked[1] or asked[2])
        return _column(page)


def _column(page: Page) -> Listing:
    """A column of `jpage`, with its first records; one without any script is a plain list."""
    records = _RECORD.findall(page.text)
    scripted = _PROXY.search(page.text)
    items = _records(page, records) if records else _items(page)
    total = _total(page.text)
    if not scripted and not records:
        return Listing(items=items, name=markup.column_name(page), announced=total)
    fields, units = _posted(page.text)
    address = urljoin(page.url, scripted[0] if scripted else "/module/web/jpage/dataproxy.jsp")
    size = _GROUP * int(found[1]) if (found := _PER_PAGE.search(page.text)) else 0
    size = size or _GROUP * _PER_PAGE_UNSAID
    # Several lists on one page are several units; what is said of them is said of the first.
    others = [_ask(address, {**fields, "unitid": unit}, 1, size, 1) for unit in units[1:]]
    done = not fields or (total is not None and len(records) >= total)
    following = _ask(address, fields, len(records) + 1, size, page.position + bool(records))
    return Listing(
        items=items,
        following=() if done else (following,),
        columns=tuple(others),
        name=markup.column_name(page),
        announced=total,
    )


def _posted(text: str) -> tuple[dict[str, str], list[str]]:
    """What the page's script posts, and the units (lists) it posts for."""
    fields: dict[str, str] = {}
    units: dict[str, None] = {}
    for found in _FIELD.finditer(text):
        value = found[2] or found[3] or found[4] or ""
        if found[1] == "unitid" and value.isdigit():
            units[value] = None
        if value:
            fields.setdefault(found[1], value)
    if "columnid" not in fields or "unitid" not in fields:
        return {}, []
    return {name: fields[name] for name in _FIELDS if name in fields}, list(units)


def _ask(address: str, fields: dict[str, str], start: int, size: int, position: int) -> Ask:
    query = {"startrecord": start, "endrecord": start + size - 1, "perpage": size // _GROUP}
    return Ask(
        url=f"{address}?{urlencode(query)}",
        position=position,
        method="POST",
        body=urlencode(fields).encode(),
        headers=_FORM,
    )


def _piece(page: Page) -> Listing:
    """An answer of dataproxy.jsp; the next piece unless this was the last."""
    records = _RECORD.findall(page.text)
    total = _total(page.text)
    if total is None and not records:
        return Listing(problem="the list's program did not answer with the expected XML")
    query = parse_qs(urlsplit(page.url).query)
    start, end = int(query["startrecord"][0]), int(query["endrecord"][0])
    done = not records or (total is not None and end >= total)
    address = page.url.partition("?")[0]
    fields = dict(parse_qsl(page.sent.decode("ascii", "replace"), keep_blank_values=True))
    following = _ask(address, fields, end + 1, end - start + 1, page.position + 1)
    return Listing(
        items=_records(page, records),
        following=() if done else (following,),
        announced=total,
    )


def _records(page: Page, records: list[str]) -> tuple[Item, ...]:
    """The items of records, each in an element of its own: rows without a table are no HTML."""
    parts = (_TABLE_TAGS.sub(r"<\1div", record) for record in records)
    text = "".join(f"<div>{part}</div>" for part in parts)
    return _items(Page(url=page.url, text=text, entry=page.entry))


def _items(page: Page) -> tuple[Item, ...]:
    return markup.items(page, lambda url: bool(_ARTICLE.search(urlsplit(url).path)))


def _total(text: str) -> int | None:
    found = _TOTAL.search(text)
    return int(found[1] or found[2]) if found else None


def _unit_frame(page: Page, stated: str) -> Listing:
    """A page of `jpaas`: its list is asked for from the front, whatever the page shows of it."""
    query = dict(_PAIR.findall(stated.replace("&quot;", '"')))
    return Listing(following=(_unit(page, query, 1),), name=markup.column_name(page))


def _unit(page: Page, query: dict[str, str], number: int) -> Ask:
    numbered = {"pageNo": number, "pageSize": _PER_PAGE_UNSAID}
    sent = {**query, "paramJson": json.dumps(numbered, separators=(",", ":"))}
    address = urljoin(page.url, f"{_UNIT}?{urlencode(sent)}")
    return Ask(url=address, position=number)


def _unit_answer(page: Page) -> Listing:
    """HTML within JSON; the next page while the pagination announces one."""
    try:
        html = msgspec.json.decode(page.text)["data"]["html"] or ""
        query = dict(parse_qsl(urlsplit(page.url).query))
        number = int(msgspec.json.decode(query.pop("paramJson"))["pageNo"])
        items = _items(Page(url=page.url, text=html, entry=page.entry))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        return Listing(
            problem=f"the list's program did not answer with the expected JSON ({error})"
        )
    said = {name: int(count) for name, count in _PAGINATION.findall(html)}
    rows, count = said.get("rows", _PER_PAGE_UNSAID), said.get("count")
    done = not items or (count is not None and number * rows >= count)
    return Listing(
        items=items,
        following=() if done else (_unit(page, query, number + 1),),
        announced=count,
    )


family = Hanweb()
