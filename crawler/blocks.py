"""Recognising the pages with which portals turn visitors away.

Such an answer is recorded as `blocked` with its evidence, and the host is left alone for the rest
of the run. Nothing here or elsewhere tries to get past one.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["evidence", "recognise"]

_STATUSES: Final = {
    412: "412, as the Ruishu firewall answers",
    449: "449, a firewall's own status",
    452: "452, a firewall's own status",
    454: "454, a firewall's own status",
    458: "458, a firewall's own status",
    521: "521, as the Jiasule firewall answers",
}
_RUISHU: Final = re.compile(rb"\$_ts\b")
_FIREWALL: Final = re.compile("云防护|创宇盾|加速乐|网站防火墙|安全狗|云锁|访问被拦截|攻击行为")
_HOME_MADE: Final = re.compile(
    rb"""<script[^>]*>\s*(?:window\.|self\.|top\.)?location(?:\.href|\.replace)?\s*[=(]\s*["'][^"']*["']\s*\)?;?\s*</script>""",
    re.IGNORECASE,
)
_COOKIE_OR_CODE: Final = re.compile(rb"document\.cookie|eval\s*\(|fromCharCode|_0x[0-9a-f]{3,}")
_SCRIPT: Final = re.compile(rb"<script\b[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")

_SHORT: Final = 20_000
"""Bytes. Firewalls say little; an article that mentions one says more."""
_STUB: Final = 4_096
_FEW_WORDS: Final = 20
"""Visible characters below which a page says nothing."""


def recognise(status: int, body: bytes) -> str:
    """Why this answer is a block page, in a few words; "" if it is none.

    Statuses are those seen from the firewalls portals use. A page with status 200 is one if it
    carries the Ruishu script, if it is short and speaks of a firewall, or if it is a stub that says
    nothing and sets a cookie by script.
    """
    if reason := _STATUSES.get(status):
        return reason
    head = body[:_SHORT]
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return ""
    if _RUISHU.search(head):
        return "a script challenge of the Ruishu firewall"
    if len(body) < _SHORT and (named := _FIREWALL.search(_visible(body))):
        return f"a firewall's page ({named[0]})"
    if len(body) < _STUB and _is_stub(body):
        return "a script instead of a page"
    return ""


def _is_stub(body: bytes) -> bool:
    scripts = b"".join(_SCRIPT.findall(body))
    if not scripts or _HOME_MADE.search(body) or len(_visible(body)) >= _FEW_WORDS:
        return False
    return bool(_COOKIE_OR_CODE.search(scripts))


def _visible(body: bytes) -> str:
    """The text a reader would see, whichever of the usual encodings the page is in."""
    without = _SCRIPT.sub(b" ", body)
    try:
        text = without.decode("utf-8")
    except UnicodeDecodeError:
        text = without.decode("gb18030", errors="replace")
    return " ".join(_TAG.sub(" ", text).split())


def evidence(body: bytes) -> str:
    """The beginning of what was answered, for the record: text, at most 200 characters."""
    text = _visible(body[:_SHORT]) or body[:_SHORT].decode("utf-8", errors="replace")
    return " ".join(text.split())[:200]
