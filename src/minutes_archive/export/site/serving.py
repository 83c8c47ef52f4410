"""Serving: an exported site on the loopback address, for this machine alone. Reads files and does nothing else."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# Python's own table differs by machine (Windows asks its registry).
_TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".csv": "text/csv; charset=utf-8", ".atom": "application/atom+xml", ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8", "": "application/octet-stream",
}


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = _TYPES
    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """A folder without a page of its own is nothing to be shown."""
        self.send_error(404)

    def parse_request(self) -> bool:
        """Only what is asked of this machine by its own name: no other site can make a browser read these pages."""
        if not super().parse_request():
            return False
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host not in {"127.0.0.1", "localhost"}:
            self.send_error(421)
            return False
        return True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is told of what is read."""


class _Server(ThreadingHTTPServer):
    # A browser opens several connections at once; on a busy machine the usual five that may wait are not enough.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nothing to tell of."""


def site_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of the site in ``folder`` on the loopback address; 0 takes any free port. Raises ``OSError``."""
    return _Server(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
