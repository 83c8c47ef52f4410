"""Word lists: sorted words, one a line, with a bookmark every few lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from minutes_archive.search.whoosh.columns import ColumnFile, ColumnWriter, narrow

_LINES = 64
_LAST = b"\xff"
# Fewer words are looked up singly; and neighbours that stand this much apart.
_ONE_BY_ONE = 8


def write_words(writer: ColumnWriter, name: str, words: Sequence[str]) -> None:
    """Write ``words``, which are sorted by code point, each once, and hold no line feed."""
    lines = [f"{word}\n".encode() for word in words]
    blocks = [b"".join(lines[first:first + _LINES]) for first in range(0, len(lines), _LINES)]
    writer.put(name, np.frombuffer(b"".join(blocks), np.uint8))
    writer.put(f"{name}.blocks", narrow(np.array([0, *accumulate(map(len, blocks))], np.int64)))
    writer.put(f"{name}.heads", np.frombuffer(b"".join(lines[::_LINES]), np.uint8))
    writer.put(f"{name}.count", np.array([len(words)], np.uint32))


class WordList:
    """Words of a column file, by their number. UTF-8 sorts as code points do."""

    def __init__(self, file: ColumnFile, name: str) -> None:
        self._content = file.column(name)
        self._blocks = file.column(f"{name}.blocks").whole()
        self._heads = file.column(f"{name}.heads").whole().tobytes().split(b"\n")[:-1]
        self._count = file.column(f"{name}.count").at(0)

    def __len__(self) -> int:
        return self._count

    def find(self, word: str) -> int:
        """The number of ``word``; -1 where it is not in the list."""
        line = word.encode("utf-8", "replace") + b"\n"
        block = bisect_right(self._heads, line[:-1]) - 1
        if block < 0:
            return -1
        content = b"\n" + self._block(block)
        place = content.find(b"\n" + line)
        return block * _LINES + content.count(b"\n", 0, place) if place >= 0 else -1

    def find_all(self, words: Sequence[str]) -> list[int]:
        """The numbers of several words, -1 for each that is not in the list; neighbours are looked up together."""
        if len(words) > _ONE_BY_ONE:
            first, last = (self._below(word.encode("utf-8", "replace")) for word in (min(words), max(words)))
            if last - first < _ONE_BY_ONE * len(words):
                near = range(first, min(last + 1, len(self)))
                numbers = dict(zip(self.words(near), near, strict=True))
                return [numbers.get(word, -1) for word in words]
        return [self.find(word) for word in words]

    def at(self, number: int) -> str:
        """The word of that number."""
        return self._block(number // _LINES).split(b"\n")[number % _LINES].decode()

    def beginning(self, prefix: str) -> range:
        """The numbers of the words that begin with ``prefix``."""
        start = prefix.encode("utf-8", "replace")
        return range(self._below(start), self._below(start + _LAST))

    def words(self, numbers: range) -> Iterator[str]:
        """The words of consecutive numbers."""
        for block in range(numbers.start // _LINES, -(-numbers.stop // _LINES)):
            first = block * _LINES
            lines = self._block(block).decode().split("\n")[:-1]
            yield from lines[max(0, numbers.start - first):numbers.stop - first]

    def _below(self, word: bytes) -> int:
        """How many words stand before ``word``."""
        block = bisect_left(self._heads, word) - 1
        return block * _LINES + bisect_left(self._block(block).split(b"\n")[:-1], word) if block >= 0 else 0

    def _block(self, number: int) -> bytes:
        return self._content.part(int(self._blocks[number]), int(self._blocks[number + 1])).tobytes()
