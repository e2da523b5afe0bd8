"""Looking at a list page nobody has described yet: which family it is, what it would bring.

Two pages at most are asked for, through the same gate, robots.txt and pace as in any crawl, in a
process of its own: `python -P -m crawler.probing`, a `Look` on its stdin. Nothing is archived.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec
from scrapy import Request
from scrapy.http import Response

from archive.model import Kind
from archive.wording import shown
from crawler import blocks, families, markup
from crawler.portals import Entry, Portal, authority
from crawler.publications import Ask, Item
from crawler.report import PortalReport, Trouble, TroubleKind
from crawler.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from archive.register import Register

__all__ = ["Glance", "Probed", "draft", "probe"]

_PATIENCE: Final = 300
"""Seconds for two pages and a robots.txt; a server that takes longer will not bear a crawl."""
_UNKNOWN: Final = "000000"


class Glance(msgspec.Struct, frozen=True):
    """What is to be looked at, and in whose name."""

    url: str
    user_agent: str
    allow_private: bool = False


class Seen(msgspec.Struct, frozen=True):
    """One item of the list."""

    title: str
    url: str
    published: date | None
    relevant: bool
    """Its title or its column speaks of budgets or final accounts."""


class Probed(msgspec.Struct):
    """What a look came to."""

    url: str
    """The address that answered."""
    family: str = ""
    """"" where no family reads anything in the page."""
    signs: list[str] = []
    site: str = ""
    column: str = ""
    items: list[Seen] = []
    announced: int | None = None
    following: str = ""
    more: int | None = None
    """How many further items the next page showed; None if there was none to ask for."""
    columns: list[str] = []
    troubles: list[Trouble] = []


def probe(glance: Glance) -> Probed:
    """Look at a list page and the one after it. Raises TimeoutError, or RuntimeError where the
    process that looks fails."""
    command = [sys.executable, "-P", "-m", "crawler.probing"]
    try:
        done = subprocess.run(
            command,
            input=msgspec.json.encode(glance),
            stdout=subprocess.PIPE,
            check=False,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{glance.url} was not read within {_PATIENCE} seconds") from error
    if done.returncode:
        raise RuntimeError(f"looking at {glance.url} ended with status {done.returncode}")
    return msgspec.json.decode(done.stdout, type=Probed)


def described(glance: Glance) -> Portal:
    """The portal as far as its address says, for the gate: its host, with and without www."""
    host = authority(glance.url)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return Portal(
        slug="probe",
        name="",
        division=_UNKNOWN,
        family="plain",
        entries=(Entry(url=glance.url),),
        allowed_hosts=(host, other),
        allow_private=glance.allow_private,
        delay=0.0 if glance.allow_private else 2.0,
    )


class ProbeSpider(PortalSpider):
    """The portal spider's manners, and two requests."""

    name = "probe"

    def __init__(self, portal: Portal, report: PortalReport, **kwargs: Any) -> None:
        super().__init__(portal, report, observer=None, **kwargs)
        self.probed = Probed(url=portal.entries[0].url)
        self._column_name = ""

    async def start(self) -> AsyncIterator[Request]:
        """The page asked about. Called by Scrapy."""
        yield self._ask(Ask(url=self.probed.url), self.first_page)

    def nothing_left(self) -> None:
        """Nothing is asked again. Called by Scrapy."""

    def turned_away(self, request: Request, response: Response, reason: str) -> None:
        """A block page came: say so."""
        host = authority(response.url)
        self.closed_hosts[host] = reason
        proof = blocks.evidence(response.body)
        message = f"{host} turns us away: {reason}; it answered {response.status} {proof!r}"
        self.report.trouble(TroubleKind.BLOCKED, host, message)

    def _ask(self, ask: Ask, callback: Any) -> Request:
        return Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            headers=dict(ask.headers),
            callback=callback,
            errback=self.list_failed,
            cb_kwargs={"ask": ask},
            dont_filter=True,
        )

    def first_page(self, response: Response, ask: Ask) -> Any:
        """Recognise the family and ask for the page after this one."""
        if self._wrong(response, ask):
            return
        page = self._page(response, self.portal.entries[0], ask)
        probed = self.probed
        probed.url = response.url
        probed.site = markup.words(page.selector.xpath("string(//title)").get(""))
        probed.family = families.recognise(page)
        if not probed.family:
            message = "no family reads a list in this page; it may be filled by a script"
            self.report.trouble(TroubleKind.FAILED, ask.url, message)
            return
        family = families.load(probed.family)
        listing = family.read(page)
        probed.signs = [shown(sign) for sign in family.signs_of(page)]
        probed.column = self._column_name = listing.name
        probed.announced = listing.announced
        probed.columns = [below.url for below in listing.columns]
        self._take(listing.items)
        if listing.following:
            probed.following = listing.following[0].url
            yield self._ask(listing.following[0], self.next_page)

    def next_page(self, response: Response, ask: Ask) -> None:
        """See whether the next page brings anything."""
        if self._wrong(response, ask):
            return
        page = self._page(response, self.portal.entries[0], ask)
        listing = families.load(self.probed.family).read(page)
        if listing.problem:
            self.report.trouble(TroubleKind.FAILED, ask.url, listing.problem)
        before = len(self.probed.items)
        self._column_name = listing.name or self._column_name
        self._take(listing.items)
        self.probed.more = len(self.probed.items) - before
        self.probed.announced = self.probed.announced or listing.announced

    def _wrong(self, response: Response, ask: Ask) -> bool:
        if response.status >= 400:  # HTTP's own class of errors
            message = f"the page answered {response.status}"
            self.report.trouble(TroubleKind.FAILED, ask.url, message)
        return response.status >= 400

    def _take(self, items: tuple[Item, ...]) -> None:
        known = {one.url for one in self.probed.items}
        self.probed.items += [
            Seen(i.title, i.url, i.published, markup.relevant(i.title, self._column_name))
            for i in items
            if i.url not in known
        ]


def draft(probed: Probed, register: Register, slug: str = "") -> str:
    """A portal file to begin with, in TOML; what nobody can know from a page is marked."""
    host = authority(probed.url)
    parts = re.split(r"[-_|—–\s]+", f"{probed.site} {probed.column}")
    named = list({d.code: d for part in parts for d in register.divisions_named(part)}.values())
    division = named[0] if len(named) == 1 else None
    name = f"{division.city}{division.name}" if division else shown(probed.site)[:40]
    kinds = [
        k for k, word in ((Kind.BUDGET, "预算"), (Kind.FINAL, "决算")) if word in probed.column
    ]
    relevant = sum(item.relevant for item in probed.items)
    lines = [
        f"# {shown(probed.site)[:60]} · {probed.family}. Drafted from one look at its list;"
        " nobody has looked at a crawl.",
        _line("slug", slug or _slug(host)),
        _line("name", name),
        _line("division", division.code if division else _UNKNOWN),
        _line("family", probed.family or "plain"),
        "verified = false",
        f"allowed_hosts = [{msgspec.json.encode(host).decode()}]",
        f"minimum_documents = {max(relevant * 4 // 5, 1)}",
        "",
        "[[entries]]",
        _line("url", probed.url),
    ]
    if not division:
        lines[3] += " # write the six digits of GB/T 2260: the page does not say whose it is"
    if len(kinds) == 1:
        lines.append(_line("kind", kinds[0]))
    return "\n".join(lines) + "\n"


def _line(key: str, value: str) -> str:
    # A JSON string of printable text is a TOML basic string.
    return f"{key} = {msgspec.json.encode(shown(value)).decode()}"


def _slug(host: str) -> str:
    parts = [p for p in host.partition(":")[0].split(".") if p not in ("www", "gov", "cn", "com")]
    return re.sub(r"[^a-z0-9-]", "-", (parts or ["portal"])[-1].lower())[:60].strip("-") or "portal"


def main() -> None:
    """Read a Glance, look, print what was seen."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    glance = msgspec.json.decode(sys.stdin.buffer.read(), type=Glance)
    portal = described(glance)
    report = PortalReport(portal.slug, portal.division)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("USER_AGENT", glance.user_agent, priority="cmdline")
    settings.set("DOWNLOAD_DELAY", portal.delay, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ProbeSpider)
    process.crawl(crawler, portal=portal, report=report)
    process.start()
    probed = Probed(url=glance.url)
    if isinstance(crawler.spider, ProbeSpider):
        probed = crawler.spider.probed
    probed.troubles = report.troubles
    out.write(msgspec.json.encode(probed))
    out.flush()


if __name__ == "__main__":
    main()
