"""Members: the gzip members a file is made of, each with its place and the SHA-256 of its raw bytes.

One member holds one record. Whoever knows where members begin can pass over a damaged one; a reader
that only follows the stream loses everything behind it.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from minutes_archive.errors import CaptureError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP = zlib.MAX_WBITS + 16
_LEVEL = 6  # a third of the time of level 9, for one part in a hundred more bytes
_BLOCK = 256 * 1024
# ID1, ID2, deflate, no flags: how every member begins that this package writes.
_MAGIC = b"\x1f\x8b\x08\x00"


class UnreadableError(CaptureError):
    """Bytes that hold no whole record. ``torn`` where they merely end too soon."""

    def __init__(self, message: str, *, torn: bool = False) -> None:
        super().__init__(message)
        self.torn = torn


@dataclass(frozen=True)
class Place:
    """A stretch of a WARC file, in bytes: one gzip member, or bytes of which no record can be read.

    ``digest`` is the SHA-256 of the raw (compressed) bytes.
    """

    file: str
    offset: int
    length: int
    digest: str

    @property
    def end(self) -> int:
        """The offset behind the last byte."""
        return self.offset + self.length


class Deflating:
    """Writes one gzip member to ``stream`` (unbuffered), hashing what it writes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._hash = hashlib.sha256()
        self.length = 0

    def write(self, content: bytes) -> None:
        """Add ``content`` to the member."""
        self._put(self._deflater.compress(content))

    def flush(self) -> None:
        """Nothing to do before the end: a member is whole or worthless."""

    def finish(self) -> str:
        """Write the rest; give the SHA-256 of the member's raw bytes."""
        self._put(self._deflater.flush())
        return self._hash.hexdigest()

    def _put(self, raw: bytes) -> None:
        self._hash.update(raw)
        self.length += len(raw)
        rest = memoryview(raw)
        while rest:  # an unbuffered write may take only a part, on a disk that is nearly full
            rest = rest[self._stream.write(rest):]


class Inflating(io.RawIOBase):
    """Reads the content of the gzip member that begins where ``stream`` stands, over at most ``limit`` raw bytes.

    Once read to its end, ``length`` and ``digest`` tell the member's raw bytes, and zlib has checked its
    CRC. Raises ``UnreadableError`` where the bytes are no whole member, or inflate to more than ``most`` bytes.
    """

    def __init__(self, stream: BinaryIO, limit: int, most: int) -> None:
        self._stream = stream
        self._limit = limit
        self._most = most
        self._inflater = zlib.decompressobj(_GZIP)
        self._chunk = b""
        self._pending = b""
        self._hash = hashlib.sha256()
        self.length = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the raw bytes; of use once the member is read to its end."""
        return self._hash.hexdigest()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` with inflated bytes; 0 at the member's end."""
        view = memoryview(buffer).cast("B")
        data = b""
        while not data and not self._inflater.eof:
            data = self._inflate(len(view))
        self._most -= len(data)
        if self._most < 0:
            raise UnreadableError("the member inflates to more than a record may hold")
        view[: len(data)] = data
        return len(data)

    def _inflate(self, size: int) -> bytes:
        if not self._pending:
            self._fetch()
        ended = not self._pending
        try:
            data = self._inflater.decompress(self._pending, size)
        except zlib.error as error:
            raise UnreadableError(f"the gzip member is damaged ({error})") from error
        self._pending = self._inflater.unconsumed_tail
        if self._inflater.eof:
            self._tally(self._chunk[: len(self._chunk) - len(self._inflater.unused_data)])
        elif ended and not data:
            raise UnreadableError("the gzip member is cut off", torn=True)
        return data

    def _fetch(self) -> None:
        self._tally(self._chunk)
        self._chunk = self._pending = self._stream.read(min(_BLOCK, self._limit))
        self._limit -= len(self._chunk)

    def _tally(self, raw: bytes) -> None:
        self._hash.update(raw)
        self.length += len(raw)


def hash_stretch(stream: BinaryIO, offset: int, length: int) -> str:
    """SHA-256 of ``length`` raw bytes from ``offset``, or of fewer where the stream ends."""
    digest = hashlib.sha256()
    stream.seek(offset)
    while length > 0 and (block := stream.read(min(_BLOCK, length))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()


def find_beginnings(stream: BinaryIO, start: int, magic: bytes = _MAGIC) -> Iterator[int]:
    """Offsets from ``start`` on where a gzip member may begin, in order; ``magic`` is how those begin that are sought."""
    kept, position = b"", start
    while True:
        stream.seek(position)
        block = stream.read(_BLOCK)
        if not block:
            return
        window = kept + block
        found = window.find(magic)
        while found >= 0:
            yield position - len(kept) + found
            found = window.find(magic, found + 1)
        position += len(block)
        kept = window[-(len(magic) - 1):]
