"""A webhook and a mail server on loopback that keep what they receive."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Hook:
    """A webhook. `answers` are given first, one each; then 200. What is told with a 3xx is where it
    leads to."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[str] = []
        """Method and path of every request."""
        self.answers: list[tuple[int, str]] = []
        self.port = 0

    def url(self, path: str = "hook") -> str:
        return f"json://127.0.0.1:{self.port}/{path}"

    @property
    def texts(self) -> list[str]:
        """Title and text of each message."""
        return [f"{said.get('title', '')}\n{said.get('message', '')}" for _, said in self.received]


@contextmanager
def hook() -> Iterator[Hook]:
    """A webhook that runs while the block does."""
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kept.asked.append(f"GET {self.path}")
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            kept.asked.append(f"POST {self.path}")
            data = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append((self.path, json.loads(data)))
            status, text = kept.answers.pop(0) if kept.answers else (200, "")
            if status == 0:
                return  # the connection ends without an answer
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", text)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


class Letterbox:
    """Keeps every mail and whom it was for; answers DATA with `answer`."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Called by aiosmtpd."""
        self.mails.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return self.answer


class _Anywhere(Controller):
    """Listens at a port the system chooses, which it must know before it calls itself."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    """A mail server that runs while the block does, and its port."""
    kept = Letterbox()
    controller = _Anywhere(kept, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield kept, controller.port
    finally:
        controller.stop()
