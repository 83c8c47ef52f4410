"""HTTP: the only module that opens a socket. One GET at a time, capped in size and time, redirects never followed.

``httpcore2`` (the engine of httpx2) speaks the protocol; its network is replaced by one that looks at each address
it is about to connect to, so that no name, redirect or change of DNS leads into a private network.
"""

from __future__ import annotations

import datetime as dt
import getpass
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpcore2

from minutes_archive import __version__
from minutes_archive.crawl.addresses import is_global
from minutes_archive.model import Exchange

_KEPT = "/%:@!$&'()*+,;=-._~"
_PACKED = {"gzip": zlib.MAX_WBITS + 16, "x-gzip": zlib.MAX_WBITS + 16, "deflate": zlib.MAX_WBITS}
_BLOCK = 64 * 1024
# Fields that describe the body as it was sent, not as it is kept; they stay, under another name.
_OF_TRANSFER = frozenset({b"transfer-encoding", b"content-encoding", b"content-length"})


@dataclass(frozen=True)
class Limits:
    """What one answer may cost: bytes as unpacked, seconds in all, seconds of silence, and bytes a second after a while."""

    size: int = 64 * 1024 * 1024
    total: float = 300.0
    silence: float = 100.0  # some councils' servers think for ninety seconds (dossier 1.6)
    connect: float = 20.0
    slowest: int = 200
    patience: float = 30.0


class FetchError(Exception):
    """No answer. ``refused``: we did not ask, and it is no use asking again."""

    def __init__(self, reason: str, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class Fetcher:
    """Asks the web for bytes. ``allow_private`` admits addresses that are not of the public internet.

    ``now`` gives the time, aware of its zone. ``contact`` stands in the User-Agent: an e-mail or web address. Without one
    the names of user and machine stand there, and nothing on the public internet is asked. Safe to use from several threads.
    """

    def __init__(
        self, now: Callable[[], dt.datetime], *, allow_private: bool = False, limits: Limits | None = None,
        contact: str | None = None, resolve: Callable[..., Iterable[Any]] = socket.getaddrinfo,
    ) -> None:
        self._now = now
        self._limits = limits or Limits()
        self._agent = f"minutes-archive/{__version__} (+{contact or _local_contact()})"
        self._network = _Network(resolve, private=allow_private, public=contact is not None)
        self._pool = httpcore2.ConnectionPool(
            network_backend=self._network, max_connections=32, max_keepalive_connections=32, keepalive_expiry=30.0
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def fetch(self, url: str, validators: dict[str, str] | None = None) -> Exchange:
        """Ask for ``url``; ``validators`` are fields for a conditional request.

        A body that ends too soon, is too long or comes too slowly is given as far as it came, with ``truncated``.
        Raises ``FetchError`` where no answer came.
        """
        wire = wire_url(url)
        parts = urlsplit(wire)
        fields = {
            "Host": parts.netloc, "User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate",
            "Connection": "keep-alive", **(validators or {}),
        }
        target = wire.partition(parts.netloc)[2] or "/"
        asked = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        request = f"GET {target} HTTP/1.1\r\n{asked}\r\n".encode("latin-1", "replace")
        limits = self._limits
        self._network.begin(limits.total)
        timeout = {"connect": limits.connect, "read": limits.silence, "write": limits.silence, "pool": limits.connect}
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in fields.items()]
        try:
            with self._pool.stream("GET", wire, headers=headers, extensions={"timeout": timeout}) as response:
                body = _Body(response.headers, limits)
                content, truncated = body.read(response.iter_stream())
                return Exchange(
                    wire, request, response.status, _head(response, len(content)), content, self._now(),
                    _field(response.headers, b"content-type"), truncated, self._network.address,
                )
        except _RefusedError as error:
            raise FetchError(str(error), refused=True) from error
        except (httpcore2.TimeoutException, TimeoutError) as error:
            raise FetchError("no answer in time") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            raise FetchError(f"no answer ({str(error) or type(error).__name__})") from error


def wire_url(url: str) -> str:
    """``url`` as it is sent: blanks and other characters percent-encoded, what is encoded already left alone.

    Raises ``FetchError`` for what is no address on the web.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise FetchError("is no address", refused=True) from error
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        raise FetchError("is no address on the web: only http and https are asked", refused=True)
    name = f"[{host}]" if ":" in host else quote(host, safe="-._~")
    netloc = f"{name}:{port}" if port and port != {"http": 80, "https": 443}[parts.scheme.lower()] else name
    path, query = quote(parts.path or "/", safe=_KEPT), quote(parts.query, safe=_KEPT + "?[]")
    return urlunsplit((parts.scheme.lower(), netloc, path, query, ""))


def field_of(exchange: Exchange, name: str) -> str:
    """The value of a field of the answer; "" where it has none."""
    for line in exchange.head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name.lower().encode():
            return value.strip().decode("latin-1")
    return ""


class _Body:
    """Reads a body within its limits, unpacking on the way."""

    def __init__(self, headers: list[tuple[bytes, bytes]], limits: Limits) -> None:
        packing = _field(headers, b"content-encoding").lower()
        self._unpacker = zlib.decompressobj(_PACKED[packing]) if packing in _PACKED else None
        self._raw_deflate = packing == "deflate"
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0

    def read(self, stream: Iterable[bytes]) -> tuple[bytes, str]:
        """What came, and why it is not all ("" where it is)."""
        started = time.monotonic()
        received = 0
        truncated = ""
        try:
            for block in stream:
                received += len(block)
                if not self._take(block):
                    truncated = "length"
                    break
                spent = time.monotonic() - started
                if spent > self._limits.patience and received < self._limits.slowest * spent:
                    truncated = "time"
                    break
            if not truncated and self._unpacker and received and not self._unpacker.eof:
                truncated = "disconnect"
        except (httpcore2.TimeoutException, TimeoutError):
            truncated = "time"
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, zlib.error):
            truncated = "disconnect"
        return b"".join(self._parts), truncated

    def _take(self, block: bytes) -> bool:
        """Add ``block``; whether the body is still within its size."""
        for part in self._unpacked(block):
            room = self._limits.size - self._size
            self._parts.append(part[:room])
            self._size += min(room, len(part))
            if len(part) > room:
                return False
        return True

    def _unpacked(self, block: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield block
            return
        while block:
            try:
                part = self._unpacker.decompress(block, _BLOCK)
            except zlib.error:
                if not self._raw_deflate or self._size:
                    raise
                # "deflate" is zlib's format by the book and raw deflate by habit.
                self._raw_deflate, self._unpacker = False, zlib.decompressobj(-zlib.MAX_WBITS)
                continue
            yield part
            block = self._unpacker.unconsumed_tail


def _field(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    return next((value.decode("latin-1").strip() for key, value in headers if key.lower() == name), "")


def _head(response: Any, size: int) -> bytes:
    """First line and fields of an answer, fit for the body as it is kept."""
    reason = response.extensions.get("reason_phrase", b"")
    lines = [b"HTTP/1.1 %d %s" % (response.status, reason)]
    for name, value in response.headers:
        lines.append((b"X-Archive-Orig-" if name.lower() in _OF_TRANSFER else b"") + name + b": " + value)
    lines.append(b"Content-Length: %d" % size)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _local_contact() -> str:
    """Who asks, as a network of one's own knows them: the names of user and machine."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody by that number is known
        user = "unknown"
    return re.sub(r"[^\w.@-]", "-", f"{user}@{socket.gethostname()}", flags=re.ASCII)


class _RefusedError(Exception):
    """A host that is not to be connected to."""


class _Network(httpcore2.NetworkBackend):
    """Connects to the addresses that it may, ``private`` ones and ``public`` ones, and ends what takes too long."""

    def __init__(self, resolve: Callable[..., Iterable[Any]], *, private: bool, public: bool) -> None:
        self._private = private
        self._public = public
        self._resolve = resolve
        self._plain = httpcore2.SyncBackend()
        self._now = threading.local()

    @property
    def address(self) -> str:
        """The address that this thread was last answered from."""
        return str(getattr(self._now, "address", ""))

    @address.setter
    def address(self, address: str) -> None:
        self._now.address = address

    def begin(self, total: float) -> None:
        """Begin an exchange of this thread, which may take ``total`` seconds."""
        self._now.deadline = time.monotonic() + total

    def left(self, timeout: float | None) -> float:
        """The seconds that this thread may still wait, at most ``timeout``."""
        rest = float(self._now.deadline) - time.monotonic()
        if rest <= 0:
            raise httpcore2.ReadTimeout("the answer took too long")
        return rest if timeout is None else min(timeout, rest)

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address of ``host`` that may be, and can be, connected to."""
        try:
            found = list(dict.fromkeys(str(one[4][0]) for one in self._resolve(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the host {host} is not known") from error
        allowed = [one for one in found if self._refusal(one) is None]
        if not allowed:
            raise _RefusedError(f"{host} {self._refusal(found[0]) if found else 'has no address'}")
        fault: Exception = httpcore2.ConnectError(f"no address of {host}")
        for address in allowed:
            try:
                stream = self._plain.connect_tcp(address, port, self.left(timeout), local_address, socket_options)
            except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
                fault = error
                continue
            # What was connected to decides, whatever was asked for.
            connected = str(stream.get_extra_info("server_addr")[0])
            if refusal := self._refusal(connected):
                stream.close()
                raise _RefusedError(f"{host} led to {connected}, which {refusal}")
            return _Stream(stream, self, connected)
        raise fault

    def _refusal(self, address: str) -> str | None:
        """Why an address is not connected to; None where it may be."""
        if is_global(address):
            return None if self._public else (
                "is on the public internet, and nobody said whom its webmaster may write to: set $MINUTES_CONTACT, "
                'or write contact = "you@example.org" below [crawl] in settings.toml'
            )
        return None if self._private else "is not on the public internet; --allow-private admits it"


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends with the exchange's time."""

    def __init__(self, inner: httpcore2.NetworkStream, network: _Network, address: str) -> None:
        self._inner = inner
        self._network = network
        self._address = address

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read, while there is time."""
        self._network.address = self._address
        return self._inner.read(max_bytes, self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, while there is time."""
        self._inner.write(buffer, self._network.left(timeout))

    def close(self) -> None:
        """Close it."""
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the certificate is checked for the host's name."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._network.left(timeout))
        return _Stream(inner, self._network, self._address)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)
