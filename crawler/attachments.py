"""Where article pages hide their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from crawler.markup import DOCUMENT_TYPES, absolute, is_document, links, words
from crawler.publications import Attachment, Page

__all__ = ["find"]

_ENDINGS: Final = "|".join(sorted(DOCUMENT_TYPES, key=len, reverse=True))
_QUOTED: Final = re.compile(
    rf"""["']([^"'<>\r\n]{{1,500}}?\.(?:{_ENDINGS})(?:\?[^"'<>\s]*)?)["']""", re.IGNORECASE
)
_VIEWER_KEYS: Final = ("file", "fileUrl", "filePath", "furl", "pdf", "url", "src", "path")
_WRITTEN: Final = re.compile(
    rf"https?://[^\s\"'<>（），。；、]{{4,300}}?\.(?:{_ENDINGS})(?![\w.])", re.I
)
_NAMED: Final = re.compile(rf"\.(?:{_ENDINGS})\s*(?:[（(][^（()）]{{0,20}}[)）])?$", re.IGNORECASE)
_DOWNLOAD: Final = re.compile(
    r"/(?:download|downfile|attach(?:ment)?s?|file|upload\w*)\b", re.IGNORECASE
)
_SAYS_FILE: Final = re.compile(r"^(?:附件|点击下载|下载附件|附件下载)")
_TEXTS: Final = "//body//text()[not(parent::script or parent::style or parent::a)]"
_EMBEDDED: Final = "//iframe/@src | //embed/@src | //object/@data | //a/@data-href | //a/@data-url"
_SCRIPTED: Final = "//*/@onclick | //script[not(@src)]/text()"


def find(page: Page) -> tuple[Attachment, ...]:
    """Every file an article leads to: links first, then frames, then scripts; each address once.

    Looks at links, frames and embedded objects, at addresses handed to a viewer (`?file=`), at
    quoted addresses in `onclick` and in scripts (`window.open`, `location.href`), and at addresses
    written out in the text. A link whose words end like a file's name (部门预算.pdf), or which says
    附件 and leads to a download, is one whatever its address looks like. `OLDSRC`, which one CMS
    keeps beside `href`, names the file as the author's machine did and is not looked at.
    """
    found: dict[str, str] = {}
    for href, label in _candidates(page):
        url = _target(page, href) or _by_label(page, href, label)
        if url and (url not in found or (label and not found[url])):
            found[url] = label
    return tuple(Attachment(url=url, label=label) for url, label in found.items())


def _candidates(page: Page) -> Iterator[tuple[str, str]]:
    for anchor in links(page.selector):
        text = words(anchor.xpath("string(.)").get(""))
        label = words(anchor.attrib.get("title", ""))
        # The longer of the two: either may be cut short, or say only "附件".
        yield anchor.attrib["href"], max(text, label, key=len)
        yield from ((quoted, text) for quoted in _quoted(anchor.attrib["href"]))
    for address in page.selector.xpath(_EMBEDDED).getall():
        yield address, ""
    for script in page.selector.xpath(_SCRIPTED).getall():
        yield from ((quoted, "") for quoted in _quoted(script))
    for text in page.selector.xpath(_TEXTS).getall():
        yield from ((written[0], "") for written in _WRITTEN.finditer(text))


def _by_label(page: Page, href: str, label: str) -> str:
    """The address of a link whose words say that it is a file; "" for any other."""
    named = _NAMED.search(label)
    download = _SAYS_FILE.search(label) and _DOWNLOAD.search(href)
    return absolute(page, href) if named or download else ""


def _quoted(text: str) -> Iterator[str]:
    """Addresses of files quoted in a script, or in a `javascript:` link."""
    for match in _QUOTED.finditer(text):
        yield match[1].replace("\\/", "/")


def _target(page: Page, href: str) -> str:
    """The address of the file itself; "" where the link leads to no file."""
    url = absolute(page, href)
    if not url:
        return ""
    parts = urlsplit(url)
    if not is_document(f"{parts.scheme}://{parts.netloc}{parts.path}"):
        query = parse_qs(parts.query)
        for key in _VIEWER_KEYS:
            for value in query.get(key, ()):
                # A viewer resolves its argument against itself, not against the article.
                inner = absolute(page, urljoin(url, unquote(value)))
                if inner and is_document(inner):
                    return inner
    return url if is_document(url) else ""
