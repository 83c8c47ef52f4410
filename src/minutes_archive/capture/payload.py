"""Payload: the body of an HTTP answer as a WARC file holds it, unpacked: chunked transfer, gzip, deflate, brotli.

Many tools keep a body unpacked and leave the fields that say it is packed: a body that does not begin as they say is taken
as it is. One that begins so and then breaks off is cut short, and never taken as whole.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterable
from typing import IO

from minutes_archive.capture.members import UnreadableError

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_STEP = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_CUT = "its body is cut short"


def too_large(most: int) -> UnreadableError:
    """What is said of a body of more than ``most`` bytes."""
    return UnreadableError(f"unpacks to more than {most // 1_048_576} MB (load it as a file of its own)")


def read_at_most(stream: IO[bytes], most: int) -> bytes:
    """What is left of ``stream``, held once. Raises ``UnreadableError`` where it is more than ``most`` bytes."""
    whole = io.BytesIO()  # of which the bytes can be had without a copy
    while block := stream.read(_STEP):
        whole.write(block)
        if whole.tell() > most:
            raise too_large(most)
    return whole.getvalue()


def unchunked(body: bytes) -> bytes:
    """``body`` without the marks of chunked transfer (RFC 9112, 7.1); as it is where it has none.

    Raises ``UnreadableError`` where the last chunk is missing.
    """
    whole = io.BytesIO()
    view = memoryview(body)
    at = 0
    while True:
        size = _CHUNK_SIZE.match(body, at)
        if size is None:
            if not whole.tell():
                return body
            raise UnreadableError(_CUT, torn=True)
        length = int(size[1], 16)
        if not length:
            return whole.getvalue()
        if not whole.tell() and size.end() + length > len(body) and body[: size.end()].strip().isalpha():
            return body  # a text whose first line is a word of the letters a to f
        if whole.write(view[size.end() : size.end() + length]) < length:
            raise UnreadableError(_CUT, torn=True)
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"


def unpacked(body: bytes, codings: Iterable[str], most: int) -> bytes:
    """``body`` without the content codings (RFC 9110, 8.4) that were put on it in the order of ``codings``.

    Raises ``UnreadableError`` for a body that is cut short or damaged, unpacks to more than ``most`` bytes, or has a coding
    that is not known.
    """
    for coding in reversed([one.strip().lower() for one in codings]):
        if coding in {"", "identity"}:
            continue
        if coding not in _CODINGS:
            raise UnreadableError(f"its body is packed in a way that is not known here ({coding[:40]})")
        body = _CODINGS[coding](body, most)
    return body


def _ungzip(body: bytes, most: int) -> bytes:
    whole = io.BytesIO()
    rest = memoryview(body)
    while rest[: len(_GZIP_MAGIC)] == _GZIP_MAGIC:  # what follows the last member is padding
        try:
            rest = _inflate(rest, zlib.MAX_WBITS + 16, whole, most)
        except zlib.error as error:
            raise UnreadableError(f"its body is damaged ({error})") from error
    return whole.getvalue() if len(rest) < len(body) else body


def _undeflate(body: bytes, most: int) -> bytes:
    """RFC 9110 means zlib; some servers send the bare stream."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        whole = io.BytesIO()
        try:
            _inflate(memoryview(body), bits, whole, most)
        except zlib.error as error:
            if whole.tell():
                raise UnreadableError(f"its body is damaged ({error})") from error
        else:
            return whole.getvalue()
    return body


def _inflate(body: memoryview, bits: int, whole: io.BytesIO, most: int) -> memoryview:
    """Add the stream that ``body`` begins with to ``whole``; what follows it. Raises ``zlib.error`` where it is damaged."""
    inflater = zlib.decompressobj(bits)
    at, rest = 0, b""
    while not inflater.eof:
        if not rest:
            rest = bytes(body[at : at + _STEP])
            at += len(rest)
        part = inflater.decompress(rest, _STEP)
        rest = inflater.unconsumed_tail
        whole.write(part)
        if whole.tell() > most:
            raise too_large(most)
        if not part and not rest and at == len(body) and not inflater.eof:
            raise UnreadableError(_CUT, torn=True)
    return body[at - len(inflater.unused_data) :]


def _unbrotli(body: bytes, most: int) -> bytes:
    try:
        import brotli  # noqa: PLC0415 - only for the few bodies that need it
    except ImportError:
        raise UnreadableError("its body is packed with brotli, and the library brotli is not installed") from None
    inflater = brotli.Decompressor()
    whole = io.BytesIO()
    rest = body
    while not inflater.is_finished():
        try:
            part = inflater.process(rest, output_buffer_limit=_STEP)
        except brotli.error as error:
            if not whole.tell():
                return body
            raise UnreadableError("its body is damaged (brotli)") from error
        rest = b""
        whole.write(part)
        if whole.tell() > most:
            raise too_large(most)
        if not part and inflater.can_accept_more_data():
            raise UnreadableError(_CUT, torn=True)
    return whole.getvalue()


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _ungzip, "x-gzip": _ungzip, "deflate": _undeflate, "br": _unbrotli,
}
