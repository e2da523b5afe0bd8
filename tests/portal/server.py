"""The sockets: one ephemeral port of 127.0.0.1 a site, and one to control them all."""

from __future__ import annotations

import http
import json
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tests.portal import faults, manifest
from tests.portal.calendar import Moment, http_date
from tests.portal.faults import Fault
from tests.portal.site import Answer, Request, Site, split

__all__ = ["Portal", "Request"]


class Portal:
    """The whole mock portal, in this process: a context manager, or call start() and stop().

    `sites` names the sites to open by letter ("AC"); all with a manifest unless told.
    `crawl_delay` is the number of seconds every robots.txt asks for.
    """

    def __init__(self, sites: str = "", crawl_delay: float = 0.1) -> None:
        self.sites = {
            letter: Site(found, crawl_delay) for letter, found in manifest.load_all(sites).items()
        }
        self.released = threading.Event()
        self._servers: dict[str, _Server] = {}
        self._tick = 0

    def start(self) -> Self:
        """Open the ports; returns itself."""
        for letter, site in self.sites.items():
            self._servers[letter] = _Server(_SiteHandler, self, site)
        self._servers["control"] = _Server(_ControlHandler, self, None)
        return self

    def stop(self) -> None:
        """Close every port."""
        self.release()
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, site: str, path: str = "") -> str:
        """The address of a path of a site: `http://127.0.0.1:41234/zwgk_12/…`."""
        return f"http://127.0.0.1:{self._servers[site].server_address[1]}{path}"

    @property
    def control_url(self) -> str:
        """The address of the control port."""
        return self.url("control")

    @property
    def now(self) -> int:
        """The current tick."""
        return self._tick

    def tick(self, n: int = 1) -> int:
        """Let `n` ticks pass at every site; returns the new tick."""
        if n < 0:
            raise ValueError("time does not run backwards; reset() begins again")
        self._tick += n
        for site in self.sites.values():
            site.go(self._tick)
        return self._tick

    def log(self, site: str | None = None) -> list[Request]:
        """Requests so far, oldest first, of one site or of all (site after site)."""
        chosen = [self.sites[site]] if site else self.sites.values()
        return [request for one in chosen for request in list(one.log)]

    def clear_log(self) -> None:
        """Forget the requests so far: "from here on"."""
        for site in self.sites.values():
            site.log.clear()

    def fault(self, site: str, path: str, kind: str, **options: Any) -> Fault:
        """From now on something goes wrong at a (percent-decoded) path; see `faults.FAULTS`."""
        fault = Fault(site=site, path=path, kind=kind, **options)
        self.sites[site].faults.append(fault)
        return fault

    def release(self) -> None:
        """Let every stalled answer go on, now and from here on."""
        self.released.set()

    def clear_faults(self) -> None:
        """Everything works again (save what the manifest schedules)."""
        for site in self.sites.values():
            site.faults.clear()

    def reset(self) -> None:
        """Tick 0, no faults, empty logs."""
        self._tick = 0
        for site in self.sites.values():
            site.reset()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, handler: type[BaseHTTPRequestHandler], portal: Portal, site: Site | None
    ) -> None:
        self.portal, self.site = portal, site
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def server_bind(self) -> None:
        # HTTPServer's own would ask the resolver for a name of 127.0.0.1.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    @property
    def portal(self) -> Portal:
        return cast(_Server, self.server).portal

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """The portal keeps its own log."""

    def read_body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))


class _SiteHandler(_Handler):
    @property
    def site(self) -> Site:
        return cast(Site, cast(_Server, self.server).site)

    def do_GET(self) -> None:
        """Answer, or go wrong as told; the log is written before the last byte leaves."""
        site = self.site
        in_flight, at = site.enter()
        self.inside = True
        try:
            form = self.read_body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            path, _ = split(self.path)
            fault = site.fault_for(path)
            answer, send = self._plan(path, fault, headers, form)
            site.note(
                method=self.command,
                path=self.path,
                headers=headers,
                status=answer.status,
                sent=len(answer.body),
                in_flight=in_flight,
                tick=site.moment.tick,
                at=at,
            )
            send(answer)
        finally:
            self.done()

    do_HEAD = do_GET  # noqa: N815 - the base class calls it so
    do_POST = do_GET  # noqa: N815

    def done(self) -> None:
        """The request counts as under way until just before its last byte leaves."""
        if self.inside:
            self.inside = False
            self.site.leave()

    def _plan(
        self, path: str, fault: Fault | None, headers: dict[str, str], form: bytes
    ) -> tuple[Answer, Callable[[Answer], None]]:
        host = headers.get("host", "127.0.0.1")
        kind = fault.kind if fault else ""
        if fault and kind in _REPLACED:
            answer = _REPLACED[kind](fault, self.path, len(self.site.log))
            return answer, self.send
        if kind == "first-page-again":
            return self.site.answer(self.site.first_page(path), {}, host), self.send
        answer = self.site.answer(self.path, {} if fault else headers, host, form)
        if fault is None:
            return answer, self.send
        if kind in _SPOILT:
            _SPOILT[kind](answer)
            return answer, self.send
        wires = {"reset": self.send_half_and_reset, "short": self.send_short}
        return answer, wires.get(kind) or (lambda a: self.send_half_and_wait(a, fault.seconds))

    def head(self, answer: Answer, length: int) -> None:
        """Status line and headers; dates come from the tick."""
        phrase = http.HTTPStatus(answer.status).phrase if answer.status in _KNOWN else "Unknown"
        self.send_response_only(answer.status, phrase)
        self.send_header("Server", "nginx")
        self.send_header("Date", http_date(Moment(self.site.moment.tick)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != http.HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(length))

    def send(self, answer: Answer) -> None:
        """The whole answer; its last byte leaves once the request stopped counting as under way."""
        self.head(answer, len(answer.body))
        body = b"" if self.command == "HEAD" else answer.body
        if not body:
            self.done()
        self.end_headers()
        if body:
            self.wfile.write(body[:-1])
            self.done()
            self.wfile.write(body[-1:])

    def send_half_and_reset(self, answer: Answer) -> None:
        """Half the body, then RST."""
        self.head(answer, len(answer.body))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2])
        self.wfile.flush()
        self.done()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def send_short(self, answer: Answer) -> None:
        """A length larger than the body, then an orderly close."""
        self.head(answer, len(answer.body) + 1000)
        self.end_headers()
        self.wfile.write(answer.body)
        self.done()
        self.close_connection = True

    def send_half_and_wait(self, answer: Answer, seconds: float) -> None:
        """Half the body, then silence, then the rest."""
        half = len(answer.body) // 2
        self.head(answer, len(answer.body))
        self.end_headers()
        self.wfile.write(answer.body[:half])
        self.wfile.flush()
        self.portal.released.wait(seconds)
        self.done()
        self.wfile.write(answer.body[half:])


_KNOWN = frozenset(http.HTTPStatus)
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_Replacement = Callable[[Fault, str, int], Answer]


def _retry(status: int) -> _Replacement:
    return lambda fault, _target, _count: Answer(
        status, faults.ERROR_PAGE, {**_HTML, "Retry-After": str(fault.retry_after)}
    )


def _fixed(status: int, body: bytes, headers: dict[str, str] | None = None) -> _Replacement:
    return lambda _fault, _target, _count: Answer(status, body, dict(headers or _HTML))


_REPLACED: dict[str, _Replacement] = {
    "unavailable": _retry(503),
    "busy": _retry(429),
    "error": _fixed(500, faults.ERROR_PAGE),
    "status": lambda fault, _target, _count: Answer(fault.status, faults.ERROR_PAGE, dict(_HTML)),
    "redirect-loop": lambda _fault, target, _count: Answer(302, b"", {"Location": target}),
    "redirect-home": _fixed(302, b"", {"Location": "/"}),
    "ruishu": lambda _fault, _target, count: Answer(
        412,
        faults.ruishu_page(count),
        {**_HTML, "Set-Cookie": "4hP44ZykCTt5O=60q; Path=/; HttpOnly", "Cache-Control": "no-store"},
    ),
    "js-stub": _fixed(200, faults.js_stub()),
    "cloud-403": _fixed(200, faults.CLOUD_403),
    "not-found-200": _fixed(200, faults.NOT_FOUND),
    "html-as-pdf": _fixed(200, faults.ERROR_PAGE, {"Content-Type": "application/pdf"}),
    "huge": lambda fault, _target, _count: Answer(
        200, b"%PDF-1.4\n" + b"0" * (fault.size - 9), {"Content-Type": "application/pdf"}
    ),
}


def _cut(answer: Answer, length: int) -> None:
    # Other bytes have other validators: whoever uploads the whole file later changes them too.
    answer.body = answer.body[:length]
    for name in ("ETag", "Last-Modified"):
        answer.headers.pop(name, None)


def _truncate(answer: Answer) -> None:
    _cut(answer, len(answer.body) * 2 // 5)


def _empty(answer: Answer) -> None:
    _cut(answer, 0)


def _header(name: str, value: str) -> Callable[[Answer], None]:
    def set_header(answer: Answer) -> None:
        answer.headers[name] = value

    return set_header


def _foreign(answer: Answer) -> None:
    answer.body = answer.body.replace(b'href="./', b'href="http://elsewhere.invalid/')


_SPOILT: dict[str, Callable[[Answer], None]] = {
    "truncated": _truncate,
    "empty": _empty,
    "octet-stream": _header("Content-Type", "application/octet-stream"),
    "wrong-charset": _header("Content-Type", "text/html; charset=gb2312"),
    "broken-gzip": _header("Content-Encoding", "gzip"),
    "traversal": _header("Content-Disposition", r'attachment; filename="..\..\x.pdf"'),
    "foreign-link": _foreign,
}


class _ControlHandler(_Handler):
    """GET / (addresses), GET /log[?site=A], POST /tick, /fault, /reset with JSON bodies."""

    def do_GET(self) -> None:
        """Look."""
        parts = urlsplit(self.path)
        if parts.path == "/log":
            self._say(self.portal.log(dict(parse_qsl(parts.query)).get("site")))
        elif parts.path == "/":
            sites = {
                letter: {"name": site.manifest.name, "url": self.portal.url(letter)}
                for letter, site in self.portal.sites.items()
            }
            self._say({**self._state(), "sites": sites, "faults": faults.FAULTS})
        else:
            self._say({"error": f"no such page: {parts.path}"}, 404)

    def do_POST(self) -> None:
        """Change something."""
        try:
            told = json.loads(self.read_body() or b"{}")
            match urlsplit(self.path).path:
                case "/tick":
                    self.portal.tick(int(told.get("n", 1)))
                case "/reset":
                    self.portal.reset()
                case "/fault" if told.get("clear"):
                    self.portal.clear_faults()
                case "/fault":
                    self.portal.fault(**told)
                case other:
                    self._say({"error": f"no such page: {other}"}, 404)
                    return
        except (ValueError, TypeError, KeyError) as error:
            self._say({"error": str(error)}, 400)
            return
        self._say(self._state())

    def _state(self) -> dict[str, object]:
        tick = self.portal.now
        return {"tick": tick, "time": Moment(tick).time.isoformat()}

    def _say(self, what: object, status: int = 200) -> None:
        body = msgspec.json.format(msgspec.json.encode(what), indent=2)
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
