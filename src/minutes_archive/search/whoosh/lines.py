"""The lines of an index: what is shown of its items, packed one by one; what the items of a meeting share stands once."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from minutes_archive.search.entry import Line

_SHARED = ("council", "body", "date", "meeting", "source")
# Higher levels take three times as long to save a tenth.
_LEVEL = 1


def pack_line(line: Line) -> tuple[bytes, bytes]:
    """What a line shares with its meeting's others, and what is its own."""
    fields = vars(line)
    own = {name: value for name, value in fields.items() if name not in _SHARED}
    if line.texts.get("title") == line.title:
        own["texts"] = {name: text for name, text in line.texts.items() if name != "title"}
        own["titled"] = True
    return _shared(*(fields[name] for name in _SHARED)), zlib.compress(_written(own), _LEVEL)


def unpack_line(shared: bytes, own: bytes) -> Line:
    """The line that was packed."""
    fields = _read(shared) | _read(zlib.decompress(own))
    if fields.pop("titled", False):
        fields["texts"]["title"] = fields["title"]
    return Line.from_fields(fields)


@lru_cache(maxsize=1)
def _shared(*values: Any) -> bytes:
    return _written(dict(zip(_SHARED, values, strict=True)))


def _written(fields: Mapping[str, Any]) -> bytes:
    text = json.dumps(fields, default=vars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _read(content: bytes) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return fields
