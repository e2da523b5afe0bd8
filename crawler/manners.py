"""What the crawler never does, whatever a page says: the gate every request passes.

Requests go only to the portal's own hosts, through redirects too, and never to a private address;
a host that turned us away is not asked again in the run; `Retry-After` is waited for; and a host
is never asked faster than its robots.txt wishes.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response

from crawler import blocks
from crawler.portals import authority
from crawler.report import TroubleKind

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot

    from crawler.spiders.portal import PortalSpider

__all__ = ["BlockWatch", "Gate", "TurnedAway", "keep_at_least", "spider_of"]

LONGEST_WAIT: Final = 120
"""Seconds. A server that asks for more, once or every time, is left for another run."""
_TEMPORARY: Final = (429, 503)


class TurnedAway(IgnoreRequest):
    """A request that was not sent, or whose answer is not used. Raised by the middlewares here.

    The trouble behind it has been noted when this is raised.
    """

    def __init__(self, kind: TroubleKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def spider_of(crawler: Crawler) -> PortalSpider:
    """The one spider of a crawler, which knows the portal and keeps its report."""
    from crawler.spiders.portal import PortalSpider

    if not isinstance(crawler.spider, PortalSpider):
        raise TypeError("these middlewares serve the portal spider only")
    return crawler.spider


class Gate:
    """Downloader middleware, the first to see a request and the last to see its answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._addresses: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass to an allowed, public host that did not turn us away.

        Raises TurnedAway.
        """
        spider = spider_of(self.crawler)
        host = authority(request.url)
        if host not in spider.portal.hosts:
            message = f"links to {host}, which is not among the portal's allowed_hosts"
            raise self._refusal(TroubleKind.OFFSITE, host, message)
        if reason := spider.closed_hosts.get(host):
            raise TurnedAway(TroubleKind.BLOCKED, f"{host} is left alone in this run: {reason}")
        if not spider.portal.allow_private and not await self._is_public(request.url):
            message = f"{host} is no address on the public internet"
            raise self._refusal(TroubleKind.PRIVATE, host, message)
        request.meta["download_slot"] = host

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuse an answer that came from a private address after all. Raises TurnedAway."""
        address = response.ip_address
        if address is None or address.is_global or spider_of(self.crawler).portal.allow_private:
            return response
        host = authority(request.url)
        message = f"{host} answered from {address}, no address on the public internet"
        raise self._refusal(TroubleKind.PRIVATE, host, message)

    def _refusal(self, kind: TroubleKind, host: str, message: str) -> TurnedAway:
        spider_of(self.crawler).report.trouble(kind, host, message)
        return TurnedAway(kind, message)

    async def _is_public(self, url: str) -> bool:
        """Whether every address a name stands for is public; a name without any fails later."""
        host = urlsplit(url).hostname or ""
        if host not in self._addresses:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, None, type=socket.SOCK_STREAM
                )
            except OSError:
                return True
            self._addresses[host] = all(
                ipaddress.ip_address(str(address[0]).split("%")[0]).is_global
                for *_, address in found
            )
        return self._addresses[host]


class BlockWatch:
    """Downloader middleware between decompression and retrying: sees answers as they are."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Close a host that turns us away; wait where it asks us to wait.

        Raises TurnedAway for a block page.
        """
        if reason := blocks.recognise(response.status, response.body):
            spider_of(self.crawler).turned_away(request, response, reason)
            raise TurnedAway(TroubleKind.BLOCKED, reason)
        if response.status in _TEMPORARY:
            await self._wait(request, response)
        return response

    async def _wait(self, request: Request, response: Response) -> None:
        stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
        # The other form, a date, needs the server's clock; the usual delay serves for it.
        seconds = int(stated) if stated.isdigit() else 0
        if seconds > LONGEST_WAIT:
            request.meta["dont_retry"] = True
        elif seconds:
            await asyncio.sleep(seconds)


def keep_at_least(crawler: Crawler, host: str, seconds: float) -> None:
    """From now on let at least this time pass between two requests to a host."""
    spider_of(crawler).shortest_delays[host] = seconds
    downloader = crawler.engine.downloader
    # Idle slots are forgotten after a minute and made anew from these settings.
    downloader.per_slot_settings.setdefault(host, {})["delay"] = seconds
    if slot := downloader.slots.get(host):
        slot.delay = max(slot.delay, seconds)


class Throttle(AutoThrottle):
    """AutoThrottle that knows a shortest delay for each host, not one for all."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        wished = spider_of(self.crawler).shortest_delays.get(authority(response.url), 0.0)
        slot.delay = max(slot.delay, wished)
