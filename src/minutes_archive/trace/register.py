"""The register of restricted items: what was not for the public, on which ground, and whether it was released since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from minutes_archive.model import Item, Meeting
from minutes_archive.search.engine import Filters
from minutes_archive.search.entry import Entry, entries, facet_key, filter_keys

_UNDATED = "9999"


@dataclass(frozen=True)
class Restricted:
    """One line of the register: an item, or one enclosure of an open item.

    ``document`` is the enclosure's title, None for an item and where the audience may not know it. ``enclosures`` counts the
    restricted documents of an item. ``released_at`` is ISO, None while it is restricted as far as is known.
    """

    kind: Literal["item", "enclosure"]
    council: str | None
    body: str | None
    date: str | None
    number: str | None
    title: str
    document: str | None
    restriction: str
    paragraphs: tuple[str, ...]
    reason: str | None
    enclosures: int
    released_at: str | None
    id: str
    meeting: str


def register(meetings: Iterable[Meeting], filters: Filters) -> Iterator[Restricted]:
    """The lines for ``meetings``, which have passed the door, by date; ``filters`` as an engine would apply them."""
    keys = filter_keys(filters)
    found: list[tuple[str, Restricted]] = []
    for meeting in meetings:
        if all(item.restriction == "open" for item in meeting.items):
            continue
        for entry, item in zip(entries(meeting), meeting.items, strict=True):
            if item.restriction != "open" and _passes(entry, filters, keys):
                found += [(meeting.date or _UNDATED, line) for line in _lines(meeting, item)]
    yield from (line for _, line in sorted(found, key=lambda pair: pair[0]))


def _passes(entry: Entry, filters: Filters, keys: dict[str, frozenset[str]]) -> bool:
    if (filters.since or filters.until) and entry.day is None:
        return False
    if entry.day and not (filters.since or entry.day) <= entry.day <= (filters.until or entry.day):
        return False
    return all(
        any(facet_key(facet, value) in wanted for value in entry.labels.get(facet, ())) for facet, wanted in keys.items()
    )


def _lines(meeting: Meeting, item: Item) -> Iterator[Restricted]:
    closed = [document for document in item.documents if document.restricted]
    if item.restriction != "restricted_enclosure":
        yield _line(meeting, item, "item", None, item.restriction_reason, len(closed))
    elif closed:
        for document in closed:
            yield _line(meeting, item, "enclosure", document.title or None, document.reason or item.restriction_reason, 1)
    else:
        # The page says that there is one, and lists none.
        yield _line(meeting, item, "enclosure", None, item.restriction_reason, 0)


def _line(
    meeting: Meeting, item: Item, kind: Literal["item", "enclosure"], document: str | None, reason: str | None, enclosures: int
) -> Restricted:
    return Restricted(
        kind, meeting.council, meeting.body, meeting.date, item.number, item.title, document, item.restriction,
        item.exempt_paragraphs, reason, enclosures, item.released_at, item.id, meeting.id,
    )
