"""A server on loopback that answers as it is told: whole, cut, slow, wrongly measured, or not at all."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """A request as it came: the target as written, and the fields by their names in lower case."""

    target: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer. ``length`` is what it says of its length (None: the truth); ``cut`` how many bytes of the body are sent.

    ``drip``: the body comes byte by byte, with as many seconds between; ``drip_head`` the same of the fields. ``raw``: bytes
    in the place of everything.
    """

    body: bytes = b""
    status: int = 200
    fields: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None
    drip: float = 0.0
    drip_head: float = 0.0
    raw: bytes | None = None
    hang: bool = False


Answer = Callable[[Request], Reply]


class Server:
    """The server; ``log`` holds every request, ``most_at_once`` how many were under way together."""

    def __init__(self, answer: Answer, clock: Callable[[], float] = time.monotonic) -> None:
        self.answer = answer
        self.log: list[Request] = []
        self.times: list[float] = []
        self.most_at_once = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                request = Request(self.path, {name.lower(): value for name, value in self.headers.items()})
                with server._lock:
                    server.log.append(request)
                    server.times.append(clock())
                    server._under_way += 1
                    server.most_at_once = max(server.most_at_once, server._under_way)
                try:
                    server._send(self, server.answer(request))
                except OSError:
                    self.close_connection = True
                finally:
                    with server._lock:
                        server._under_way -= 1

            def log_message(self, *args: object) -> None:
                """Nothing: tests read ``log``."""

        self._httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        # Who was asked and did not wait for the answer is no fault of the test.
        self._httpd.handle_error = lambda *about: None  # type: ignore[method-assign]
        self._httpd.block_on_close = False
        self._thread = threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a final slash."""
        return f"http://127.0.0.1:{self._httpd.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self.stopping.set()
        self._httpd.shutdown()
        self._httpd.server_close()

    def _send(self, handler: http.server.BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.hang:
            self.stopping.wait(30)
            handler.close_connection = True
            return
        if reply.raw is not None:
            handler.wfile.write(reply.raw)
            handler.close_connection = True
            return
        length = len(reply.body) if reply.length is None else reply.length
        lines = [f"HTTP/1.1 {reply.status} {http.server.BaseHTTPRequestHandler.responses.get(reply.status, ('Odd',))[0]}"]
        fields = {"Content-Type": "text/html; charset=utf-8", **reply.fields}
        if reply.status != 304 and "Transfer-Encoding" not in fields:
            fields["Content-Length"] = str(length)
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields.items())]).encode("latin-1") + b"\r\n\r\n"
        self._drip(handler, head, reply.drip_head)
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        self._drip(handler, body, reply.drip)
        if len(body) != length or reply.cut is not None:
            handler.wfile.flush()
            handler.close_connection = True
            with contextlib.suppress(OSError):
                handler.connection.shutdown(socket.SHUT_WR)

    def _drip(self, handler: http.server.BaseHTTPRequestHandler, content: bytes, pause: float) -> None:
        if not pause:
            handler.wfile.write(content)
            return
        for at in range(len(content)):
            handler.wfile.write(content[at : at + 1])
            handler.wfile.flush()
            if self.stopping.wait(pause):
                return


@contextlib.contextmanager
def serving(answer: Answer, clock: Callable[[], float] = time.monotonic) -> Iterator[Server]:
    """A server that answers so, for as long as the block lasts."""
    server = Server(answer, clock)
    server.start()
    try:
        yield server
    finally:
        server.stop()
