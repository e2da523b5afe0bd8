"""A portal of a few pages on loopback, and a way to crawl it as a harvest does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.ledger import Ledger, Observation
from crawler.crawl import Job
from crawler.portals import Entry, Portal
from crawler.process import crawl
from crawler.report import PortalReport, TroubleKind

PDF = b"%PDF-1.7\n" + b"% a small one\n" * 20 + b"trailer\n%%EOF\n"
ARTICLE = "/js/202509/t20250905_1.html"
FILE = "/js/202509/P020250905000000000001.pdf"
REGISTER = Path(__file__).parents[1] / "portal" / "register"


@dataclass(frozen=True)
class Answer:
    """What the site says at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Asked(NamedTuple):
    """One request as the site saw it."""

    path: str
    headers: dict[str, str]
    in_flight: int


Plan = Answer | Callable[[], Answer]


class Site:
    """A loopback web site: `pages` maps a path to its answer, `log` keeps every request."""

    def __init__(self) -> None:
        self.pages: dict[str, Plan] = {}
        self.log: list[Asked] = []
        self._under_way = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """The site keeps its own log."""

            def do_GET(self) -> None:
                site.answer(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [asked.path for asked in self.log]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._under_way += 1
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.log.append(Asked(handler.path, headers, self._under_way))
        plan = self.pages.get(handler.path, Answer(b"<h1>404 Not Found</h1>", 404))
        answer = plan() if callable(plan) else plan
        handler.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        with self._lock:
            self._under_way -= 1
        handler.wfile.write(answer.body)
        if answer.headers.get("Connection") == "close":
            handler.close_connection = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def one_article() -> Site:
    """A site with a list of one article with one file."""
    site = Site()
    site.pages["/js/"] = Answer(
        '<ul><li><a href="./202509/t20250905_1.html" title="明湖区档案馆2024年度部门决算">x</a>'
        "<span>2025-09-05</span></li></ul>".encode()
    )
    site.pages[ARTICLE] = Answer(
        b'<h1>x</h1><div class="TRS_Editor"><a href="./P020250905000000000001.pdf">y</a></div>'
    )
    site.pages[FILE] = Answer(PDF, headers={"Content-Type": "application/pdf", "ETag": '"1"'})
    return site


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with a list of one article with one file."""
    one = one_article()
    yield one
    one.close()


class Crawled(NamedTuple):
    """One portal's report, and every observation of it in the ledger."""

    report: PortalReport
    observations: list[Observation]

    @property
    def outcomes(self) -> list[str]:
        return [seen.outcome for seen in self.observations]

    @property
    def troubles(self) -> list[TroubleKind]:
        return [one.kind for one in self.report.troubles]


class Crawl:
    """Crawls sites into one archive, as a harvest does: in a process of its own."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    def __call__(self, site: Site, **settings: Any) -> Crawled:
        """Crawl one site: its list at `/js/` unless told."""
        return self.all([site], **settings)[0]

    def all(self, sites: Sequence[Site], **settings: Any) -> list[Crawled]:
        """Crawl several sites side by side."""
        portals = tuple(
            Portal(
                **{
                    "slug": f"minghu-{number}",
                    "name": "明湖区",
                    "division": "990101",
                    "family": "trs",
                    "entries": (Entry(url=site.url("/js/")),),
                    "allow_private": True,
                    "delay": 0.01,
                    **settings,
                }
            )
            for number, site in enumerate(sites)
        )
        agent = "Mingzhang/0 (+keeper@example.org)"
        reports = crawl(Job("run", str(self.archive), agent, portals))
        rows = [r for r in Ledger(self.archive / "ledger").rows() if isinstance(r, Observation)]
        return [
            Crawled(report, [row for row in rows if row.source.portal == report.portal])
            for report in reports
        ]


@pytest.fixture
def crawl_site(tmp_path: Path) -> Crawl:
    """Crawls into `tmp_path / "archive"`."""
    return Crawl(tmp_path / "archive")
