"""References: one line that names words so that they can be found again in the captured bytes, or seen to be gone.

    minutes:moderngov.thornmere.example/3171/21303?sha256=<64>#minutes_text,120,240,<16>

The id of an item (or meeting), the SHA-256 of the captured bytes that its words were read from, the field they stand in,
their first and last code point (excluded), and the first 16 hexadecimal digits of their own SHA-256. Without the part behind
``#`` it names the item as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from minutes_archive.identity import is_id
from minutes_archive.model import TextField

_REFERENCE = re.compile(
    r"minutes:(?P<id>[A-Za-z0-9._~/-]+)\?sha256=(?P<sha256>[0-9a-f]{64})(?![0-9a-f])"
    r"(?:#(?P<field>title|agenda_text|decision_text|minutes_text),(?P<start>[0-9]{1,9}),(?P<end>[0-9]{1,9}),"
    r"(?P<digest>[0-9a-f]{16})(?![0-9a-f]))?"
)
_FIELDS: tuple[TextField, ...] = ("title", "agenda_text", "decision_text", "minutes_text")
_DIGITS = 16


@dataclass(frozen=True)
class Passage:
    """Where words stand, and the digest that they are known by: offsets count code points of the item's ``field``."""

    field: TextField
    start: int
    end: int
    digest: str


@dataclass(frozen=True)
class Reference:
    """Names an item or meeting, the bytes it was read from, and words in it (``passage`` None: as a whole)."""

    id: str
    sha256: str
    passage: Passage | None = None

    def __str__(self) -> str:
        one = self.passage
        words = f"#{one.field},{one.start},{one.end},{one.digest}" if one else ""
        return f"minutes:{self.id}?sha256={self.sha256}{words}"


def passage_of(field: TextField, start: int, end: int, text: str) -> Passage:
    """The passage ``text`` at its place in a field."""
    return Passage(field, start, end, digest_of(text))


def digest_of(text: str) -> str:
    """What a passage is known by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def find_references(text: str) -> Iterator[Reference]:
    """Every reference in ``text``, once each, in its order."""
    seen: set[Reference] = set()
    for match in _REFERENCE.finditer(text):
        field = next((one for one in _FIELDS if one == match["field"]), None)
        start, end = int(match["start"] or 0), int(match["end"] or 0)
        if not is_id(match["id"]) or (field and start >= end):
            continue
        passage = Passage(field, start, end, match["digest"]) if field else None
        one = Reference(match["id"], match["sha256"], passage)
        if one not in seen:
            seen.add(one)
            yield one
