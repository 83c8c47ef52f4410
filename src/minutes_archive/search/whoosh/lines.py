"""The lines of an index: what is shown of its items, packed one by one; what the items of a meeting share stands once."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from minutes_archive.model import BODY_FIELDS
from minutes_archive.search.entry import Entry, Line
from minutes_archive.search.whoosh.fields import WORD_FIELDS

_SHARED = ("council", "body", "date", "meeting", "source")
_OWN = ("id", "title", "number", "decisions", "decision_line", "restriction", "topics", "text_sources")
# Fields whose words are not, or not all, texts of a line.
_NOT_IN_LINES = tuple(name for name in WORD_FIELDS if name not in {"title", "number", "body", *BODY_FIELDS})
# Higher levels take three times as long to save a tenth.
_LEVEL = 1
_ENCODER = json.JSONEncoder(default=vars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_line(line: Line) -> tuple[bytes, bytes]:
    """What a line shares with its meeting's others, and what is its own."""
    own = [getattr(line, name) for name in _OWN]
    texts = {name: text for name, text in line.texts.items() if name != "title" or text != line.title}
    return _shared(*(getattr(line, name) for name in _SHARED)), _written([*own, texts, len(texts) < len(line.texts)])


def pack(own: bytes) -> bytes:
    """What is a line's own, made smaller."""
    return zlib.compress(own, _LEVEL)


def read_line(shared: bytes, packed: bytes) -> Line:
    """The line that was written and packed."""
    *own, texts, titled = _read(zlib.decompress(packed))
    fields = dict(zip(_SHARED, _read(shared), strict=True)) | dict(zip(_OWN, own, strict=True)) | {"texts": texts}
    if titled:
        texts["title"] = fields["title"]
    return Line.from_fields(fields)


def digest_of(written: Iterable[tuple[Entry, bytes, bytes]]) -> bytes:
    """The SHA-256 of all that an index knows of a meeting: its entries, each with its line as it was written."""
    told = hashlib.sha256()
    for entry, shared, own in written:
        told.update(shared + own)
        words = [entry.words.get(field, ()) for field in _NOT_IN_LINES]
        told.update(_written([*words, entry.labels, entry.ordinal, entry.procedural]))
    return told.digest()


@lru_cache(maxsize=1)
def _shared(*values: Any) -> bytes:
    return _written(values)


def _written(values: Sequence[Any]) -> bytes:
    return _ENCODER.encode(values).encode("utf-8", "surrogatepass")


def _read(content: bytes) -> list[Any]:
    values: list[Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return values
