"""Sealed files: a generation opened only as what its manifest says it is.

Each file is mapped, hashed, and then read through that same mapping: Whoosh never sees bytes that were
not checked, however the folder changes meanwhile, and a generation that a writer removes stays readable.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import StructFile

from minutes_archive.search.whoosh.manifest import FileSeal


class BrokenSealError(Exception):
    """A file is missing, changed, or not of the manifest."""


class _MappedFile(StructFile):  # type: ignore[misc]
    """A mapped file as Whoosh reads files; each opening has a place of its own."""

    def __init__(self, content: _Content, name: str) -> None:
        super().__init__(content, name=name)
        self._content = content.buffer

    def get(self, position: int, length: int) -> bytes:
        """``length`` bytes from ``position``."""
        return bytes(self._content[position:position + length])

    def subset(self, position: int, length: int, name: str | None = None) -> StructFile:
        """A file of its own over some of the bytes."""
        return _MappedFile(_Content(self.get(position, length)), name or self._name)


class _Content:
    """What a file object needs to be over a buffer: a place to read from."""

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self.buffer) if size is None or size < 0 else self._place + size
        chunk: bytes = self.buffer[self._place:end]
        self._place += len(chunk)
        return chunk

    def readline(self) -> bytes:
        end = self.buffer.find(b"\n", self._place) + 1 or len(self.buffer)
        return self.read(end - self._place)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = offset + (0, self._place, len(self.buffer))[whence]
        return self._place

    def tell(self) -> int:
        return self._place

    def close(self) -> None:
        """The mapping outlives the files over it."""


class SealedStorage(RamStorage):  # type: ignore[misc]
    """The files of one generation, checked and mapped; read-only. Raises ``BrokenSealError``."""

    def __init__(self, generation: Path, files: Mapping[str, FileSeal]) -> None:
        super().__init__()
        try:
            present = {path.name for path in generation.iterdir()}
            if present != set(files):
                raise BrokenSealError(f"{generation.name} does not hold the files it should")
            for name, seal in files.items():
                self.files[name] = _mapped(generation / name, seal)
        except OSError as error:
            raise BrokenSealError(f"{generation.name} can't be read ({error.strerror})") from error

    def open_file(self, name: str, **_: Any) -> StructFile:
        """The checked file ``name``."""
        return _MappedFile(_Content(self.files[name]), name)

    def close(self) -> None:
        """Let the mappings go."""
        for content in self.files.values():
            if isinstance(content, mmap.mmap):
                content.close()


def _mapped(path: Path, seal: FileSeal) -> mmap.mmap | bytes:
    with path.open("rb") as stream:
        content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if seal.size and path.stat().st_size else b""
    if len(content) != seal.size or hashlib.sha256(content).hexdigest() != seal.sha256:
        raise BrokenSealError(f"{path.parent.name}/{path.name} is damaged")
    return content
