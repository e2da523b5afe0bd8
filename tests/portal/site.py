"""One site of the portal: what it answers at a moment, with validators, faults and a log."""

from __future__ import annotations

import functools
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from msgspec.structs import replace

from tests.portal.calendar import Moment, http_date
from tests.portal.documents import forms
from tests.portal.families import Page, family, redirect
from tests.portal.faults import Fault
from tests.portal.manifest import File, Manifest, current

_MISSING: Final = (
    b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n"
)


class Request(msgspec.Struct, frozen=True):
    """One request as the portal saw it. `at` is a monotonic clock: good for distances only."""

    site: str
    number: int
    method: str
    path: str
    """As sent, percent-encoded, with the query."""
    headers: dict[str, str]
    """Names in lower case."""
    status: int
    sent: int
    """Bytes of the body."""
    in_flight: int
    """Requests under way at this site when this one arrived, itself included."""
    tick: int
    at: float


class Answer(msgspec.Struct):
    """What goes over the wire."""

    status: int
    body: bytes
    headers: dict[str, str]


class Site:
    """State of one site: its moment, counters, faults and log. Threads may share it."""

    def __init__(self, manifest: Manifest, crawl_delay: float) -> None:
        self.manifest = manifest
        self._crawl_delay = f"{crawl_delay:g}"
        self._family = family(manifest)
        self._files = {file.path: file for file in manifest.files}
        self._lock = threading.RLock()
        self._render = functools.lru_cache(maxsize=4096)(self._rendered)
        self.reset()

    def reset(self) -> None:
        """Back to tick 0, with an empty log and no faults."""
        with self._lock:
            self.moment = Moment(0)
            self._visit = 0
            self._in_flight = 0
            self._spoilt: Counter[object] = Counter()
            self.faults: list[Fault] = []
            self.log: list[Request] = []

    def go(self, tick: int) -> None:
        """Time passes."""
        with self._lock:
            self.moment = Moment(tick)
            self._spoilt.clear()

    def enter(self) -> tuple[int, float]:
        """A request arrives: how many are under way now, and when."""
        with self._lock:
            self._in_flight += 1
            return self._in_flight, time.monotonic()

    def leave(self) -> None:
        """A request is about to be fully answered."""
        with self._lock:
            self._in_flight -= 1

    def note(self, **facts: object) -> None:
        """Append to the log."""
        with self._lock:
            row = {"site": self.manifest.letter, "number": len(self.log) + 1, **facts}
            self.log.append(msgspec.convert(row, Request))

    def fault_for(self, path: str) -> Fault | None:
        """The fault that spoils this answer, if any; counts it."""
        with self._lock:
            for fault in (*self.faults, *self._scheduled()):
                if not fault.hits(path):
                    continue
                key = msgspec.json.encode(fault)
                if fault.times is not None and self._spoilt[key] >= fault.times:
                    continue
                self._spoilt[key] += 1
                return fault
        return None

    def _scheduled(self) -> list[Fault]:
        letter, moment = self.manifest.letter, self.moment
        return [
            Fault(site=letter, path=trouble.path, kind=trouble.kind, times=trouble.times)
            for trouble in self.manifest.trouble
            if trouble.shown(moment)
        ]

    def answer(
        self, target: str, headers: Mapping[str, str], host: str, form: bytes = b""
    ) -> Answer:
        """What the site answers when nothing goes wrong; a posted form adds to the query."""
        path, query = split(target)
        query += tuple(parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True))
        with self._lock:
            self._visit += 1
            visit, moment = self._visit, self.moment
            late = self.manifest.late
            if late and f"{path}index.shtml".startswith(late.after) and not moment.late:
                self.moment = Moment(moment.tick, late=True)
        page = self._fresh(path, query, moment, visit)
        if page is None:
            return Answer(404, _MISSING, {"Content-Type": "text/html"})
        body = page.body.replace(b"http://{host}", f"http://{host}".encode())
        answer = Answer(page.status, body, {"Content-Type": page.media_type, **page.headers})
        if page.status == 200:
            self._validate(answer, page, (path, query, moment), headers, visit)
        return answer

    def first_page(self, path: str) -> str:
        """The first page of the list that this path is a page of."""
        return self._family.first_page(path)

    def _fresh(
        self, path: str, query: tuple[tuple[str, str], ...], moment: Moment, visit: int
    ) -> Page | None:
        moved = self.manifest.migration
        if moved is None or moment.tick < moved.tick:
            return self._placed(path, query, moment, visit)
        if path.startswith(moved.old):
            led = path.endswith(moved.led)
            return redirect(path.replace(moved.old, moved.new, 1)) if led else None
        page = self._placed(path.replace(moved.new, moved.old, 1), query, moment, visit)
        if page is None or page.media_type == "application/pdf":
            return page
        return replace(page, body=page.body.replace(moved.old.encode(), moved.new.encode()))

    def _placed(
        self, path: str, query: tuple[tuple[str, str], ...], moment: Moment, visit: int
    ) -> Page | None:
        if path in self._files:
            return self._render(path, query, moment)
        return self._family.page(path, dict(query), moment, visit)

    def _rendered(
        self, path: str, query: tuple[tuple[str, str], ...], moment: Moment
    ) -> Page | None:
        moved = self.manifest.migration
        if moved and moment.tick >= moved.tick:
            path = path.replace(moved.new, moved.old, 1)
        if path in self._files:
            return self._file(self._files[path], moment)
        return self._family.page(path, dict(query), moment, 0)

    def _file(self, file: File, moment: Moment) -> Page | None:
        version = current(file.versions, moment)
        if version is None:
            return None
        text = version.text.replace("{crawl_delay}", self._crawl_delay)
        return Page(
            body=forms.made(version.document, version.form) if version.document else text.encode(),
            media_type=version.media_type,
            status=version.status,
            headers={**version.headers, **_disposition(version.saved_as)},
        )

    def _validate(
        self,
        answer: Answer,
        page: Page,
        asked: tuple[str, tuple[tuple[str, str], ...], Moment],
        headers: Mapping[str, str],
        visit: int,
    ) -> None:
        if page.dynamic or self.manifest.validators == "none":
            answer.headers["Set-Cookie"] = f"JSESSIONID={visit:032X}; Path=/; HttpOnly"
            answer.headers["Cache-Control"] = "no-cache"
            return
        changed = self._changed(*asked)
        answer.headers["Last-Modified"] = http_date(changed)
        if self.manifest.validators == "random":
            answer.headers["ETag"] = f'W/"{len(answer.body):x}-{visit * 2_654_435_761 % 2**32:08x}"'
        else:
            seconds = int(changed.time.timestamp())
            answer.headers["ETag"] = f'"{seconds:x}-{len(answer.body):x}"'
        if _unchanged(answer, headers):
            answer.status, answer.body = 304, b""
            del answer.headers["Content-Type"]

    def _changed(self, path: str, query: tuple[tuple[str, str], ...], now: Moment) -> Moment:
        """When the answer last became what it is, or the file was last touched."""
        changed, before = Moment(0), self._render(path, query, Moment(0))
        for moment in (Moment(t, late) for t in range(now.tick + 1) for late in (False, True)):
            if moment > now:
                break
            page = self._render(path, query, moment)
            if not _same(before, page) or (
                not moment.late and moment.tick in self.manifest.touched
            ):
                changed = moment
            before = page
        return changed


def _disposition(name: str) -> dict[str, str]:
    # The bytes of a header are Latin-1 to the server: so raw GBK goes out as it is.
    raw = name.encode("gbk").decode("latin-1")
    return {"Content-Disposition": f'attachment; filename="{raw}"'} if name else {}


def _same(one: Page | None, other: Page | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.body == other.body


def _unchanged(answer: Answer, headers: Mapping[str, str]) -> bool:
    """RFC 9110: If-None-Match decides alone where it is sent; else If-Modified-Since, exactly."""
    if "if-none-match" in headers:
        return answer.headers["ETag"] in [
            tag.strip() for tag in headers["if-none-match"].split(",")
        ]
    return headers.get("if-modified-since") == answer.headers["Last-Modified"]


def split(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The percent-decoded path of a request target, and its query.

    Browsers and bad clients send raw UTF-8 in the request line; it arrives as Latin-1.
    """
    parts = urlsplit(target)
    path = unquote(parts.path.encode("latin-1", "replace").decode("utf-8", "replace"))
    return path, tuple(parse_qsl(parts.query, keep_blank_values=True))
