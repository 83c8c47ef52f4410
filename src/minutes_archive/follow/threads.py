"""From links to threads: what one matter's items are, in order of date, and what became of what was put off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from minutes_archive.follow.entry import Entry, Link, Quote, Return, Thread, entries_of, quote
from minutes_archive.follow.evidence import PUT_OFF
from minutes_archive.follow.linking import Links
from minutes_archive.model import Item, Meeting

# The confidences of a way's links multiply; a way that is less sure than this ends.
_SURE_ENOUGH = 0.7


class Follower:
    """The threads in some meetings: what one audience may see, and nothing else, goes in.

    Councils are apart from one another. An item of a meeting without a date is in no thread.
    """

    def __init__(self, meetings: Iterable[Meeting]) -> None:
        apart: dict[str | None, list[Entry]] = defaultdict(list)
        for entry in entries_of(meetings):
            apart[entry.meeting.council].append(entry)
        self._apart = {council: sorted(entries, key=_order) for council, entries in apart.items()}
        self._places = {
            entry.id: (council, place) for council, entries in self._apart.items() for place, entry in enumerate(entries)
        }
        self._links: dict[str | None, Links] = {}

    def thread(self, item_id: str) -> Thread | None:
        """The thread of one item, which may stand in it alone; None where no dated item has that id."""
        if item_id not in self._places:
            return None
        council, start = self._places[item_id]
        links = self._linked(council)
        found = reach(start, links)
        entries = tuple(links.entries[place] for place in sorted(found))
        joins = {(link.earlier, link.later): link for place in found for other, link in links.of(place) if other in found}
        order = {entry.id: place for place, entry in enumerate(entries)}
        ordered = tuple(sorted(joins.values(), key=lambda link: (order[link.later], order[link.earlier])))
        returns = tuple(_return(place, links) for place in sorted(found) if links.entries[place].decides(*PUT_OFF))
        return Thread(item_id, entries, ordered, returns)

    def returned(self, item_ids: Iterable[str]) -> Iterator[Return]:
        """What became of each of these items that was deferred, in order of date."""
        held = [self._places[one] for one in item_ids if one in self._places]
        told = [_return(place, self._linked(council)) for council, place in held if self._apart[council][place].decides(*PUT_OFF)]
        yield from sorted(told, key=lambda one: (one.deferred.day, one.deferred.id))

    def _linked(self, council: str | None) -> Links:
        if council not in self._links:
            self._links[council] = Links(self._apart[council])
        return self._links[council]


def alone(meeting: Meeting, item: Item) -> Thread:
    """The thread of an item of which nothing else is known: its meeting has no date."""
    return Thread(item.id, (Entry(meeting, item),), (), ())


def reach(start: int, links: Links) -> set[int]:
    """The places of all items that links lead to from ``start``, as long as the way is sure enough.

    The surest ways are gone first. Where an item is of several matters, or names the reference in passing, the way ends.
    """
    sure = {start: 1.0}
    ends: set[int] = set()
    done: set[int] = set()
    waiting = [(-1.0, start)]
    while waiting:
        _, place = heappop(waiting)
        if place in done:
            continue
        done.add(place)
        if place != start and (place in ends or links.holds_several(place)):
            continue
        for other, link in links.of(place):
            if place != start and links.mentions_in_passing(place, link):
                continue
            so_far = sure[place] * link.confidence
            if so_far >= _SURE_ENOUGH and so_far > sure.get(other, 0.0):
                sure[other] = so_far
                (ends.add if links.mentions_in_passing(other, link) else ends.discard)(other)
                heappush(waiting, (-so_far, other))
    return done


def _return(place: int, links: Links) -> Return:
    """What became of the deferred item at ``place``: the first item after it whose own business it is."""
    deferred = links.entries[place]
    words = _put_off_words(deferred)
    later = [(links.mentions_in_passing(other, link), other, link) for other, link in links.of(place) if other > place]
    if not later:
        return Return(deferred, words)
    _, other, link = min(later, key=lambda found: found[:2])
    back = links.entries[other]
    return Return(deferred, words, back, _return_words(back, link), (back.day - deferred.day).days)


def _put_off_words(entry: Entry) -> Quote:
    decision = next(one for one in entry.item.decisions if one.type in PUT_OFF)
    return quote(entry, decision.field or "title", decision.start, decision.end)


def _return_words(back: Entry, link: Link) -> Quote:
    """What the item decided when it came back; else the words that link it; else its title."""
    for decision in back.item.decisions:
        if decision.field is not None:
            return quote(back, decision.field, decision.start, decision.end)
    own = next((one for one in link.words if one.item == back.id), None)
    return own or quote(back, "title", 0, len(back.item.title))


def _order(entry: Entry) -> tuple[object, ...]:
    return entry.day, entry.meeting.time or "", entry.meeting.id, entry.item.ordinal
