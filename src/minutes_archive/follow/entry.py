"""What a thread is made of: items with their meetings, exact words in them, and links between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from minutes_archive.model import BODY_FIELDS, Item, Meeting, TextField

FIELDS: tuple[TextField, ...] = ("title", *BODY_FIELDS)


@dataclass(frozen=True)
class Entry:
    """One item as it came up at one meeting."""

    meeting: Meeting
    item: Item

    @cached_property
    def day(self) -> dt.date:
        """The day of the meeting, which must be known."""
        return dt.date.fromisoformat(self.meeting.date or "")

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id

    def texts(self) -> Iterator[tuple[TextField, str]]:
        """Its texts that are there, title first."""
        for field in FIELDS:
            if text := self.item.text_of(field):
                yield field, text

    def decides(self, *types: str) -> bool:
        """Whether one of its decisions is of one of ``types``."""
        return any(decision.type in types for decision in self.item.decisions)


@dataclass(frozen=True)
class Quote:
    """Exact words of an item: ``item[field][start:end] == text``, in code points."""

    item: str
    field: TextField
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Link:
    """Why two items are taken for the same matter.

    ``kind`` is what makes the link: ``issue`` (the site links them), ``application`` or ``minute`` (a reference), ``returned``,
    ``answered`` or ``continued`` (words that point back, or forward), ``alike`` (title and text alone). ``reason`` is the rule's
    name. ``words`` are what it rests on, the most telling first; a link by the site's own issue rests on ``issue_id`` and has
    none. ``confidence`` is from 0 to 1.
    """

    earlier: str
    later: str
    kind: str
    reason: str
    words: tuple[Quote, ...]
    confidence: float


@dataclass(frozen=True)
class Return:
    """A deferred item: the words that put it off, and where it came back; None where it never did.

    ``days`` lie between the two meetings.
    """

    deferred: Entry
    words: Quote
    returned: Entry | None = None
    returned_words: Quote | None = None
    days: int | None = None


@dataclass(frozen=True)
class Thread:
    """One matter: its items in order of date, the links that hold them together, and what became of what was put off."""

    start: str
    entries: tuple[Entry, ...]
    links: tuple[Link, ...]
    returns: tuple[Return, ...]


def entries_of(meetings: Iterable[Meeting]) -> Iterator[Entry]:
    """The items of all meetings whose date is known."""
    for meeting in meetings:
        if meeting.date:
            yield from (Entry(meeting, item) for item in meeting.items)


def quote(entry: Entry, field: TextField, start: int, end: int) -> Quote:
    """The words of ``entry`` between two places."""
    return Quote(entry.id, field, start, end, entry.item.text_of(field)[start:end])
