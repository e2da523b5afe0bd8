"""The gate every request passes, and the waiting between requests."""

from __future__ import annotations

import asyncio
import ipaddress
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request, Response

from crawler import manners
from crawler.manners import BlockWatch, Gate, TurnedAway, keep_at_least
from crawler.portals import Entry, Portal
from crawler.report import PortalReport, TroubleKind
from crawler.spiders.portal import PortalSpider

URL = "http://www.example.gov.cn/js/a.pdf"
HOST = "www.example.gov.cn"


def crawler(**settings: Any) -> Any:
    """As much of a crawler as the middlewares look at."""
    portal = Portal(
        slug="minghu",
        name="明湖区",
        division="990201",
        family="trs",
        entries=(Entry(url=URL),),
        **settings,
    )
    report = PortalReport(portal="minghu", division="990201")
    downloader = SimpleNamespace(per_slot_settings={}, slots={})
    return SimpleNamespace(
        spider=PortalSpider(portal, report, observer=None),  # type: ignore[arg-type]
        engine=SimpleNamespace(downloader=downloader),
    )


def answer(status: int = 200, address: str = "93.184.216.34", **headers: str) -> Response:
    return Response(URL, status=status, headers=headers, ip_address=ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fc00::1"])
def test_an_answer_from_a_private_address_is_not_used_whatever_the_name_stood_for_before(
    address: str,
) -> None:
    one = crawler()
    with pytest.raises(TurnedAway, match=address):
        Gate(one).process_response(Request(URL), answer(address=address))
    assert [trouble.kind for trouble in one.spider.report.troubles] == [TroubleKind.PRIVATE]


def test_an_answer_from_a_public_address_or_for_a_trial_is_used() -> None:
    public, private = answer(), answer(address="127.0.0.1")
    assert Gate(crawler()).process_response(Request(URL), public) is public
    trial = crawler(allow_private=True)
    assert Gate(trial).process_response(Request(URL), private) is private


@pytest.mark.parametrize(
    ("stated", "waited", "given_up"),
    [
        ("7", [7], False),
        ("0", [], False),
        ("", [], False),
        ("Wed, 21 Oct 2026 07:28:00 GMT", [], False),
        ("3600", [], True),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_what_a_server_asks_us_to_wait_is_waited(
    monkeypatch: pytest.MonkeyPatch, status: int, stated: str, waited: list[int], given_up: bool
) -> None:
    slept: list[int] = []

    async def sleep(seconds: int) -> None:
        slept.append(seconds)

    monkeypatch.setattr(manners.asyncio, "sleep", sleep)
    request = Request(URL)
    response = answer(status, **({"Retry-After": stated} if stated else {}))
    passed = asyncio.run(BlockWatch(crawler()).process_response(request, response))
    assert passed is response
    assert slept == waited
    assert request.meta.get("dont_retry", False) is given_up


def test_a_hosts_delay_holds_for_the_requests_under_way_and_for_a_slot_made_anew() -> None:
    one = crawler()
    slot = SimpleNamespace(delay=2.0)
    one.engine.downloader.slots[HOST] = slot
    keep_at_least(one, HOST, 10.0)
    assert slot.delay == 10.0
    assert one.engine.downloader.per_slot_settings == {HOST: {"delay": 10.0}}
    assert one.spider.shortest_delays == {HOST: 10.0}
    slot.delay = 30.0  # slowed down meanwhile
    keep_at_least(one, HOST, 10.0)
    assert slot.delay == 30.0
