"""What goes wrong on real portals, switchable per path."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

FAULTS: Final = {
    "unavailable": "503 with Retry-After, `times` times, then the resource",
    "error": "500, for ever or `times` times",
    "busy": "429 with Retry-After, for ever or `times` times",
    "status": "any other status (`status`) with a short body",
    "reset": "the connection is reset in the middle of the body",
    "short": "Content-Length promises more bytes than come",
    "stall": "the first bytes come, then nothing for `seconds`",
    "redirect-loop": "302 to itself for ever",
    "redirect-home": "302 to the home page, as for a removed article",
    "ruishu": "412 with a script challenge that never passes",
    "js-stub": "200 with a 1,166-byte script instead of the page",
    "cloud-403": "200 with a cloud firewall's 403 page",
    "not-found-200": "200 with a page saying that nothing was found",
    "html-as-pdf": "an HTML error page served as application/pdf",
    "truncated": "the first two fifths of the bytes, with a correct length",
    "empty": "200 with no bytes at all",
    "octet-stream": "the right bytes as application/octet-stream",
    "wrong-charset": "the right bytes with charset=gb2312 in the header",
    "broken-gzip": "Content-Encoding: gzip over bytes that are not",
    "huge": "a body of `size` bytes (40 MB unless told)",
    "first-page-again": "the list's first page, whatever page was asked for",
    "traversal": "the right bytes under a Content-Disposition that climbs out of its folder",
    "foreign-link": "the page with its links pointing to a host outside the allow-list",
}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that goes wrong at one path of one site."""

    site: str
    path: str
    """Exact path, percent-decoded, or a prefix ending in `*`."""
    kind: str
    times: int | None = None
    """How many answers it spoils; None: until cleared."""
    retry_after: int = 1
    seconds: float = 5.0
    size: int = 40 * 1024 * 1024
    status: int = 521

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"unknown fault {self.kind!r}; there are: {', '.join(FAULTS)}")

    def hits(self, path: str) -> bool:
        """Does it concern this (percent-decoded) path?"""
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return path == self.path


def ruishu_page(count: int) -> bytes:
    """Like a dynamic-defence challenge: a meta blob, `$_ts`, a second script. Never passes."""
    blob = hashlib.sha256(f"challenge {count}".encode()).hexdigest() * 6
    return (
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; '
        f'charset=utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="{blob}" r="m">'
        "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};"
        f'$_ts.nsd={count % 90000 + 10000};$_ts.cd="{blob[:64]}";if($_ts.lcd)$_ts.lcd();</script>'
        '<script src="/4hP44ZykCTt5/vWlBTOeymTrB.d07207d.js" r="m"></script>'
        "</head><body></body></html>"
    ).encode()


def js_stub() -> bytes:
    """1,166 bytes of script and nothing to read."""
    head = b"<html><head><script>var _0x4c=['"
    tail = b"'];(function(a){document.cookie='__tst='+a[0];location.reload()})(_0x4c)</script>"
    fill = hashlib.sha256(b"stub").hexdigest().encode() * 20
    return head + fill[: 1166 - len(head) - len(tail)] + tail


CLOUD_403: Final = (
    "<html><head><title>403 Forbidden</title></head><body><h1>403 - 云防护</h1>"
    "<p>您的访问请求可能对网站造成安全威胁，已被拦截。</p><p>事件编号：a1b2c3d4</p></body></html>"
).encode()

NOT_FOUND: Final = (
    "<html><head><title>提示信息</title></head><body><p>对不起，您访问的页面不存在或已被删除。</p>"
    '<p><a href="/">返回首页</a></p></body></html>'
).encode()

ERROR_PAGE: Final = (
    "<html><head><title>错误</title></head><body><p>系统繁忙，请稍后再试。</p></body></html>"
).encode()
