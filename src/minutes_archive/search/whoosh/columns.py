"""Column files: named arrays in one file, written once, mapped into memory, and sealed block by block.

    the arrays, each from a multiple of 64 bytes
    tail: the SHA-256 of every block of 64 KiB before it, the directory (JSON: name -> type, place, length),
          and the length of the tail (8 bytes)

Whoever knows the SHA-256 of the tail can tell of every byte, when it is first used, whether it is what was
written: so a file of any size is opened at once, and no answer is made of a damaged byte.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[Any]
else:
    Array = np.ndarray

_BLOCK = 1 << 16
_ALIGNED = 64
_DIGEST = hashlib.sha256().digest_size
_LENGTH = struct.Struct("<Q")
_NARROW = tuple(np.dtype(name) for name in ("<u1", "<u2", "<u4", "<u8"))


class BrokenSealError(Exception):
    """A file is missing, changed, or not of the manifest."""


def narrow(values: Array) -> Array:
    """The same whole numbers from 0, in the smallest type that holds them."""
    most = int(values.max()) if len(values) else 0
    return values.astype(next(kind for kind in _NARROW if most <= np.iinfo(kind).max), copy=False)


def widths(edges: Array) -> Array:
    """How far each of ``edges`` is from the next."""
    edges = edges.astype(np.int64)
    return edges[1:] - edges[:-1]


def ranges(starts: Array, lengths: Array) -> Array:
    """The numbers of several ranges, one after the other: ``starts[i]`` and the ``lengths[i]`` numbers from there."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()), dtype=np.int64)


def running(counts: Array) -> Array:
    """The sum of ``counts`` (or marks) before each place, and of all at the end."""
    before = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=before[1:])
    return before


def changes(values: Array) -> Array:
    """Where a value differs from the one before it."""
    changed = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed


def distinct(values: Array) -> Array:
    """``values`` in order, each once. ``np.unique`` hashes them first, which takes longer for the few that there are here."""
    ordered = np.sort(values)
    return ordered[changes(ordered)]


class ColumnWriter:
    """Writes a column file; ``close`` makes it durable. Arrays are let go of as soon as they are written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: BinaryIO = path.open("xb")
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._digests: list[bytes] = []
        self._begun = bytearray()
        self._size = 0

    def put(self, name: str, values: Array) -> None:
        """Write a column."""
        values = np.ascontiguousarray(values)
        self._write(b"\0" * (-self._size % _ALIGNED))
        self._directory[name] = (values.dtype.str, self._size, len(values))
        self._write(values.data.cast("B") if len(values) else b"")

    def put_bytes(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write byte strings as two columns: all of them end to end, and where each ends."""
        held = list(pieces)
        self.put(name, np.frombuffer(b"".join(held), np.uint8))
        ends = np.cumsum(np.fromiter(map(len, held), np.int64, len(held)))
        self.put(f"{name}.ends", narrow(ends))

    def put_pieces(self, name: str, pieces: Iterable[Array], lengths: Array) -> None:
        """Write byte strings that are held end to end in ``pieces``; each is so long."""
        self.put(name, np.concatenate([np.empty(0, np.uint8), *pieces]))
        self.put(f"{name}.ends", narrow(np.cumsum(lengths)))

    def put_texts(self, name: str, texts: Iterable[str]) -> None:
        """Write texts as byte strings; half a surrogate pair is kept as it is."""
        self.put_bytes(name, (text.encode("utf-8", "surrogatepass") for text in texts))

    def close(self) -> None:
        """Write the tail, and make the file durable."""
        if self._begun:
            self._digests.append(hashlib.sha256(self._begun).digest())
        directory = json.dumps(self._directory, sort_keys=True, separators=(",", ":")).encode()
        tail = b"".join(self._digests) + directory
        self._stream.write(tail + _LENGTH.pack(len(tail) + _LENGTH.size))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def _write(self, content: bytes | memoryview) -> None:
        self._stream.write(content)
        self._size += len(content)
        place = 0
        while place < len(content):
            piece = content[place:place + _BLOCK - len(self._begun)]
            self._begun += piece
            place += len(piece)
            if len(self._begun) == _BLOCK:
                self._digests.append(hashlib.sha256(self._begun).digest())
                self._begun.clear()


def seal_of(path: Path) -> tuple[int, str]:
    """The size of a column file, and the SHA-256 of its tail."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(size - _LENGTH.size)
        stream.seek(size - _LENGTH.unpack(stream.read())[0])
        return size, hashlib.sha256(stream.read()).hexdigest()


class ColumnFile:
    """A column file, mapped. ``seal`` is its size and the SHA-256 of its tail; None trusts the file.

    Raises ``BrokenSealError`` where it is not what was sealed, and whenever a block is used that isn't.
    """

    def __init__(self, path: Path, seal: tuple[int, str] | None) -> None:
        self._name = path.name
        try:
            with path.open("rb") as stream:
                self._bytes: mmap.mmap | bytes = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise BrokenSealError(f"{path.name} can't be read ({error})") from error
        self._size = len(self._bytes)
        tail = self._tail(seal)
        self._blocks = -(-self._body // _BLOCK)
        self._digests = tail[:self._blocks * _DIGEST]
        self.unchecked = bytearray(b"\1" * self._blocks if seal else b"\0" * self._blocks)
        self._directory: dict[str, tuple[str, int, int]] = json.loads(tail[self._blocks * _DIGEST:-_LENGTH.size])
        self._columns: dict[str, Column] = {}

    def _tail(self, seal: tuple[int, str] | None) -> bytes:
        length = _LENGTH.unpack(self._bytes[-_LENGTH.size:])[0] if self._size >= _LENGTH.size else 0
        self._body = self._size - length
        tail = self._bytes[max(self._body, 0):]
        if seal is not None and (self._size, hashlib.sha256(tail).hexdigest()) != seal:
            raise BrokenSealError(f"{self._name} is damaged")
        return tail

    def close(self) -> None:
        """Let the file go, as soon as nothing that was taken of it is in use: Windows removes no file that is mapped."""
        self._columns.clear()
        self._bytes = b""

    def column(self, name: str) -> Column:
        """The column ``name``."""
        if name not in self._columns:
            kind, place, length = self._directory[name]
            array = np.frombuffer(self._bytes, np.dtype(kind), length, place) if length else np.empty(0, np.dtype(kind))
            self._columns[name] = Column(self, array, place)
        return self._columns[name]

    def strings(self, name: str) -> Strings:
        """The byte strings ``name``."""
        return Strings(self.column(name), self.column(f"{name}.ends"))

    def check(self, first: int, last: int) -> None:
        """Check the bytes ``first`` to ``last`` (excluded), where that has not been done."""
        block, end = first // _BLOCK, -(-last // _BLOCK)
        while (block := self.unchecked.find(1, block, end)) >= 0:
            content = self._bytes[block * _BLOCK:min((block + 1) * _BLOCK, self._body)]
            if hashlib.sha256(content).digest() != self._digests[block * _DIGEST:(block + 1) * _DIGEST]:
                raise BrokenSealError(f"{self._name} is damaged")
            self.unchecked[block] = 0

    def check_all(self) -> None:
        """Check every byte."""
        self.check(0, self._body)


class Column:
    """One array of a column file; what is taken of it has been checked."""

    def __init__(self, file: ColumnFile, array: Array, place: int) -> None:
        self._file = file
        self._array = array
        self._place = place
        self._width = array.dtype.itemsize
        self._unchecked = file.unchecked
        self._is_sound = False

    def __len__(self) -> int:
        return len(self._array)

    def part(self, first: int, last: int) -> Array:
        """The values ``first`` to ``last`` (excluded)."""
        begin, end = self._place + first * self._width, self._place + last * self._width
        # As ``check`` does, without the call: most of what is asked for has been seen before.
        if self._unchecked.find(1, begin // _BLOCK, -(-end // _BLOCK)) >= 0:
            self._file.check(begin, end)
        return self._array[first:last]

    def whole(self) -> Array:
        """All values."""
        if not self._is_sound:
            self.part(0, len(self._array))
            self._is_sound = True
        return self._array

    def at(self, index: int) -> int:
        """One value."""
        return int(self.part(index, index + 1)[0])

    def several(self, starts: Array, lengths: Array) -> Array:
        """The values of several ranges, one after the other."""
        if len(starts) == 1:
            return self.part(int(starts[0]), int(starts[0] + lengths[0]))
        if len(starts) < _FEW_RANGES:
            parts = [self.part(start, start + length) for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)]
            return np.concatenate(parts) if parts else self._array[:0]
        self.part(int(starts.min()), int((starts + lengths).max()))
        return self._array[ranges(starts, lengths)]


# So many ranges are cheaper to cut out one by one than to number through.
_FEW_RANGES = 16


class Strings:
    """Byte strings of a column file."""

    def __init__(self, content: Column, ends: Column) -> None:
        self._content = content
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def at(self, index: int) -> bytes:
        """One of them."""
        first, last = self._ends.part(index - 1, index + 1).tolist() if index else (0, self._ends.at(0))
        return self._content.part(first, last).tobytes()

    def texts(self) -> list[str]:
        """All of them, as texts."""
        content = self._content.whole().tobytes()
        first, found = 0, []
        for end in self._ends.whole().tolist():
            found.append(content[first:end].decode("utf-8", "surrogatepass"))
            first = end
        return found
