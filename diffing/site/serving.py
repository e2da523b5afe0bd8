"""The site on loopback, for a look: the files of its folder, and nothing else."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from diffing.site.state import FOLDER

__all__ = ["server"]

_HOSTS: Final = ("127.0.0.1", "localhost")


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the folder on 127.0.0.1; `port` 0 takes a free one. Raises OSError."""
    handler = partial(_Handler, directory=str(folder.resolve()))
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


class _Handler(SimpleHTTPRequestHandler):
    """Serves files that lie in the folder, links out of it and hidden ones excepted."""

    extensions_map: Final = {  # type: ignore[misc]
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".xml": "application/atom+xml; charset=utf-8",
        "": "application/octet-stream",
    }

    def send_head(self) -> object:  # type: ignore[override]
        """The file asked for. Called by http.server."""
        host = (self.headers.get("Host") or "").rpartition(":")
        # a page elsewhere must not reach this server under a name of its own
        if (host[0] or host[2]) not in _HOSTS:
            self.send_error(403)
            return None
        if not self._inside():
            self.send_error(404)
            return None
        return super().send_head()

    def _inside(self) -> bool:
        root = Path(self.directory)
        path = Path(self.translate_path(self.path)).resolve()
        if not path.is_relative_to(root):
            return False
        parts = path.relative_to(root).parts
        return FOLDER not in parts and not any(part.startswith(".") for part in parts)

    def list_directory(self, path: object) -> None:
        """Nothing is listed. Called by http.server."""
        self.send_error(404)

    def end_headers(self) -> None:
        """What is looked at is never remembered. Called by http.server."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged. Called by http.server."""
