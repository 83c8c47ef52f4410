"""Payload: the body of an HTTP answer as a WARC file holds it, unpacked: chunked transfer, gzip, deflate, brotli.

Many tools keep a body unpacked and leave the fields that say it is packed: a body that does not begin as they say is taken
as it is. One that begins so and then breaks off is cut short, and never taken as whole.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable

from minutes_archive.capture.members import UnreadableError

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_STEP = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_CUT = "its body is cut short"


def unchunked(body: bytes) -> bytes:
    """``body`` without the marks of chunked transfer (RFC 9112, 7.1); as it is where it has none.

    Raises ``UnreadableError`` where the last chunk is missing.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK_SIZE.match(body, at)
        if size is None:
            if not parts:
                return body
            raise UnreadableError(_CUT, torn=True)
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        if not parts and size.end() + length > len(body) and body[: size.end()].strip().isalpha():
            return body  # a text whose first line is a word of the letters a to f
        chunk = body[size.end() : size.end() + length]
        if len(chunk) < length:
            raise UnreadableError(_CUT, torn=True)
        parts.append(chunk)
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
    if not body.startswith(_GZIP_MAGIC):
        return body
    whole = bytearray()
    rest = body
    while rest.startswith(_GZIP_MAGIC):  # what follows the last member is padding
        part, rest = _inflated(rest, zlib.MAX_WBITS + 16, most - len(whole))
        whole += part
    return bytes(whole)


def _undeflate(body: bytes, most: int) -> bytes:
    """RFC 9110 means zlib; some servers send the bare stream."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _inflated(body, bits, most)[0]
        except zlib.error:
            continue
    return body


def _inflated(body: bytes, bits: int, most: int) -> tuple[bytes, bytes]:
    """One stream of ``body`` and what follows it. Raises ``zlib.error`` where no byte of it can be inflated."""
    inflater = zlib.decompressobj(bits)
    whole = bytearray()
    rest = body
    while not inflater.eof:
        try:
            part = inflater.decompress(rest, _STEP)
        except zlib.error as error:
            if not whole:
                raise
            raise UnreadableError(f"its body is damaged ({error})") from error
        rest = inflater.unconsumed_tail
        whole += part
        if len(whole) > most:
            raise UnreadableError(f"its body unpacks to more than {most // 1_048_576} MB")
        if not part and not rest and not inflater.eof:
            raise UnreadableError(_CUT, torn=True)
    return bytes(whole), inflater.unused_data


def _unbrotli(body: bytes, most: int) -> bytes:
    try:
        import brotli  # noqa: PLC0415 - only for the few bodies that need it
    except ImportError:
        raise UnreadableError("its body is packed with brotli, and the library brotli is not installed") from None
    inflater = brotli.Decompressor()
    whole = bytearray()
    rest = body
    while not inflater.is_finished():
        try:
            part = inflater.process(rest, output_buffer_limit=_STEP)
        except brotli.error as error:
            if not whole:
                return body
            raise UnreadableError("its body is damaged (brotli)") from error
        rest = b""
        whole += part
        if len(whole) > most:
            raise UnreadableError(f"its body unpacks to more than {most // 1_048_576} MB")
        if not part and inflater.can_accept_more_data():
            raise UnreadableError(_CUT, torn=True)
    return bytes(whole)


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _ungzip, "x-gzip": _ungzip, "deflate": _undeflate, "br": _unbrotli,
}
