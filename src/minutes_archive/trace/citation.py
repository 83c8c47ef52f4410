"""Citations: what a report says of an item and of words in it, so that others can find them again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from minutes_archive.errors import NotFoundError
from minutes_archive.model import Item, Meeting, Source, TextField
from minutes_archive.text import plain_marks
from minutes_archive.trace.quote import Quote
from minutes_archive.trace.reference import Reference, passage_of

# What is quoted first where the same words stand in several texts: what was said and decided before what was planned.
FIELDS: tuple[TextField, ...] = ("minutes_text", "decision_text", "agenda_text", "title")


@dataclass(frozen=True)
class Citation:
    """An item (or a meeting as a whole: ``title`` None) and the capture that its words were read from.

    ``captured_at`` is ISO, None where the bytes themselves are not held here; ``url`` is the item's own page, else its
    source's.
    """

    id: str
    council: str | None
    body: str | None
    date: str | None
    number: str | None
    title: str | None
    minutes_status: str
    url: str | None
    path: str | None
    sha256: str
    captured_at: str | None
    quote: Quote | None

    @property
    def reference(self) -> Reference:
        """The line by which `minutes verify` finds it again."""
        one = self.quote
        return Reference(self.id, self.sha256, passage_of(one.field, one.start, one.end, one.text) if one else None)


def find_quote(item: Item, said: str) -> Quote:
    """The words ``said`` in ``item``, exactly as they stand there.

    Blanks, line ends, curly quotes, dashes and, where it stands nowhere else, case may differ. Raises ``NotFoundError``.
    """
    words = plain_marks(said).split()
    if not words:
        raise NotFoundError("there are no words to quote; say them with --quote TEXT")
    pattern = r"\s+".join(map(re.escape, words))
    for flags in (re.NOFLAG, re.IGNORECASE):
        for field in FIELDS:
            text = item.text_of(field)
            if match := re.search(pattern, plain_marks(text), flags):
                return Quote(field, match.start(), match.end(), text[match.start() : match.end()])
    raise NotFoundError(f"{item.id} does not say “{' '.join(words)}”; its words are shown by: minutes show {item.id}")


def source_of(meeting: Meeting, item: Item | None, quote: Quote | None) -> Source:
    """What the quoted field, or the item's fullest text, was read from."""
    if item is None:
        return meeting.source
    sources: Mapping[str, Source] = item.text_sources
    field = quote.field if quote else next((one for one in FIELDS if item.text_of(one)), "title")
    return sources.get(field, meeting.source)
