"""robots.txt, kept as RFC 9309 says; why not Scrapy's: docs/decisions/0005-polite-crawling.md."""

from __future__ import annotations

from typing import Final, Self

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.manners import LONGEST_WAIT, TurnedAway, keep_at_least, spider_of
from crawler.portals import authority
from crawler.report import TroubleKind

__all__ = ["NO_RULES", "Postponed", "Robots", "rules"]

ROBOT: Final = "Mingzhang"
"""The name we look for in robots.txt."""
_TOO_MANY_REQUESTS: Final = 429


class Postponed(Exception):  # noqa: N818 - says what is the case
    """What a site asks for cannot be known now. Raised by `rules`."""


def rules(status: int, body: bytes) -> Protego:
    """The rules in an answer for /robots.txt.

    "No such file" and its kin (4xx) mean there are none, and so does a page of HTML: many portals
    answer every address with one. Raises Postponed for a server error or "too many requests".
    """
    if status >= 500 or status == _TOO_MANY_REQUESTS:  # HTTP's own classes
        raise Postponed(f"robots.txt answered {status}")
    text = body.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    if status >= 300 or text.startswith("<"):
        return NO_RULES
    return Protego.parse(text)


NO_RULES: Final = Protego.parse("")


class Robots:
    """Downloader middleware: asks each host once a run, before anything else is asked of it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._known: dict[str, Protego | TurnedAway] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let through what robots.txt allows.

        Raises TurnedAway for what it forbids, and for everything on a host whose robots.txt could
        not be had: that host is postponed to the next run.
        """
        if request.meta.get("robots_txt"):
            return
        host = authority(request.url)
        if host not in self._known:
            self._known[host] = await self._fetch(request, host)
        found = self._known[host]
        if isinstance(found, TurnedAway):
            raise found
        if not found.can_fetch(request.url, ROBOT):
            message = "robots.txt does not allow it"
            spider_of(self.crawler).report.trouble(TroubleKind.FORBIDDEN, request.url, message)
            raise TurnedAway(TroubleKind.FORBIDDEN, message)

    async def _fetch(self, request: Request, host: str) -> Protego | TurnedAway:
        scheme = request.url.split(":", 1)[0]
        asked = Request(
            f"{scheme}://{host}/robots.txt",
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={"robots_txt": True, "autothrottle_dont_adjust_delay": True},
        )
        try:
            answer: Response = await self.crawler.engine.download_async(asked)
            found = rules(answer.status, answer.body)
            self._keep_pace(host, found)
        except TurnedAway as error:
            if error.kind is TroubleKind.BLOCKED:
                return error
            return self._postpone(host, str(error))
        except Postponed as error:
            return self._postpone(host, str(error))
        except Exception as error:  # noqa: BLE001  # whatever the network did, the answer is "not now"
            return self._postpone(host, f"robots.txt: {type(error).__name__}: {error}")
        return found

    def _postpone(self, host: str, reason: str) -> TurnedAway:
        """Close the host for this run: what it asks for cannot be known now."""
        spider = spider_of(self.crawler)
        spider.closed_hosts[host] = reason
        message = f"nothing was asked of {host}: {reason}"
        spider.report.trouble(TroubleKind.POSTPONED, host, message)
        return TurnedAway(TroubleKind.POSTPONED, message)

    def _keep_pace(self, host: str, found: Protego) -> None:
        """Never ask faster than wished. Raises Postponed where a run would take for ever."""
        wished = [float(found.crawl_delay(ROBOT) or 0)]
        if rate := found.request_rate(ROBOT):
            wished.append(rate.seconds / max(rate.requests, 1))
        if max(wished) > LONGEST_WAIT:
            raise Postponed(f"robots.txt asks for {max(wished):g} seconds between two requests")
        keep_at_least(self.crawler, host, max(spider_of(self.crawler).portal.delay, *wished))
