"""The crawl itself, in a process of its own: `python -P -m crawler.crawl`, one job on its stdin.

Twisted's reactor cannot be started twice in one process, and what a hostile page does to this one
must not reach the process that commits. The crawl only stores: originals and ledger. On stdout it
says how far it is, one `PortalReport` in JSON a line, the last of each portal with its troubles.
When stdin ends, whoever asked for the crawl is gone, and it stops in good order.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from crawler.portals import Portal
from crawler.report import PortalReport

__all__ = ["Job", "groups", "main"]

_ENDING: Final = 180
"""Seconds a crawl waits for another of the same host to end."""


class Job(msgspec.Struct, frozen=True):
    """What one crawl is to do."""

    run: str
    archive: str
    """Root folder of the archive."""
    user_agent: str
    portals: tuple[Portal, ...]
    verbose: bool = False
    moment: datetime | None = None
    """What the clock says all along, in a trial; else the real one counts."""


def groups(portals: Sequence[Portal]) -> list[list[Portal]]:
    """The portals in groups that share no host: groups go side by side, members one by one."""
    found: list[list[Portal]] = []
    for portal in portals:
        related = [group for group in found if any(portal.hosts & one.hosts for one in group)]
        found = [group for group in found if group not in related]
        found.append([*(one for group in related for one in group), portal])
    return found


def settings_for(portal: Portal, job: Job) -> dict[str, Any]:
    """Scrapy's settings for one portal, over those of crawler/settings.py."""
    return {
        "USER_AGENT": job.user_agent,
        "DOWNLOAD_DELAY": portal.delay,
        "AUTOTHROTTLE_START_DELAY": portal.delay,
        "DOWNLOAD_TIMEOUT": portal.timeout,
        "DOWNLOAD_MAXSIZE": portal.size_limit_mb * 1024 * 1024,
        "LOG_LEVEL": "INFO" if job.verbose else "WARNING",
    }


def crawl(job: Job, tell: Callable[[PortalReport], None]) -> None:
    """Crawl every portal of a job; returns when all are done or the process is told to stop."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    base = Settings()
    base.setmodule("crawler.settings", priority="project")
    base.set("LOG_LEVEL", "INFO" if job.verbose else "WARNING", priority="cmdline")
    process = AsyncCrawlerProcess(base)
    # It warns of every file over the limit, every night; the report tells it once.
    logging.getLogger("scrapy.core.downloader.handlers").setLevel(logging.ERROR)
    from twisted.internet import reactor

    async def everything() -> None:
        try:
            await asyncio.gather(
                *(_one_by_one(process, job, group, tell) for group in groups(job.portals))
            )
        finally:
            with contextlib.suppress(RuntimeError):  # already stopping
                reactor.stop()  # type: ignore[misc]  # a module to mypy, an object when it runs

    task = asyncio.get_event_loop().create_task(everything())
    process.start(stop_after_crawl=False)
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error


async def _one_by_one(
    process: Any, job: Job, portals: Sequence[Portal], tell: Callable[[PortalReport], None]
) -> None:
    from scrapy.crawler import Crawler

    from crawler.spiders.portal import PortalSpider

    for portal in portals:
        report = PortalReport(portal=portal.slug, division=portal.division)
        settings = process.settings.copy()
        settings.setdict(settings_for(portal, job), priority="cmdline")
        try:
            await process.crawl(
                Crawler(PortalSpider, settings),
                portal=portal,
                report=report,
                observer=_observer(job),
                on_progress=tell,
            )
        except Exception as error:  # noqa: BLE001  # one portal must not take the others along
            report.ended = f"{type(error).__name__}: {error}"
        report.ended = report.ended or "it did not start"
        tell(report)
        if report.ended == "shutdown":
            return


def _observer(job: Job) -> Any:
    from archive.ledger import Ledger, now
    from archive.originals import Originals
    from archive.receiving import Receiving
    from crawler.observing import Observer

    def clock() -> datetime:
        return job.moment or now()

    originals = Originals(Path(job.archive) / "originals")
    ledger = Ledger(Path(job.archive) / "ledger", clock)
    receiving = Receiving(originals, ledger, job.run, clock)
    return Observer(receiving, ledger, originals, job.run, clock)


def _stop_with_parent() -> None:
    """Wait until stdin ends, then ask this process to end as Ctrl-C would."""
    # Not through sys.stdin: a thread waiting inside it would hold its lock when the process ends.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _hosts_of(job: Job) -> Iterator[None]:
    """Keep the hosts to this process, for as long as it lives.

    The harvest has locked them, but where its worker was killed a crawl may still be ending when
    another worker begins it again: the second waits, so that no host gets two requests at a time.
    """
    from filelock import FileLock

    folder = Path(job.archive) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        for host in sorted({host for portal in job.portals for host in portal.hosts}):
            name = f"crawl-{re.sub(r'[^a-z0-9.-]', '_', host)}.lock"
            stack.enter_context(FileLock(folder / name, timeout=_ENDING))
        yield


def main() -> None:
    """Read a job, crawl, report."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(
        sys.stderr.fileno(), sys.stdout.fileno()
    )  # what anyone prints must not look like a report
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    threading.Thread(target=_stop_with_parent, daemon=True).start()

    def tell(report: PortalReport) -> None:
        said = report
        if not report.ended:
            said = msgspec.structs.replace(report, troubles=[], looks={})
        with contextlib.suppress(BrokenPipeError):  # the parent is gone; stdin says so too
            out.write(msgspec.json.encode(said) + b"\n")
            out.flush()

    with _hosts_of(job):
        crawl(job, tell)


if __name__ == "__main__":
    main()
