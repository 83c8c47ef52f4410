"""Copies: a meeting shown without the site's own ids (printed minutes, a saved text) beside the site's page of it.

A copy completes the page instead of standing beside it as a second meeting. An item that only the copy has (late
business) stands after the page's own. Where less than half of a copy's items are found on the page it stays a meeting of
its own, so that two meetings of one day are never mixed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from difflib import SequenceMatcher

from minutes_archive.access import may_see
from minutes_archive.identity import meeting_id, slug
from minutes_archive.model import BODY_FIELDS, ParsedItem, ParsedMeeting, Piece

# Titles of the same number are the same title from this ratio on (0 to 1): printed minutes shorten and mend them.
_ALIKE = 0.8
# The least share of a copy's items that must be on the page.
_ENOUGH = 0.5
# No more items of one number are compared by their titles.
_MOST_OF_A_NUMBER = 5
# No title is compared letter by letter beyond this.
_LONGEST_TITLE = 300


def is_copy(meeting: ParsedMeeting) -> bool:
    """Whether a meeting is known by its body and date alone, so that a site's page of it may be found."""
    return meeting.site is None and bool(meeting.body and meeting.date)


def day_key(council: str | None, body: str | None, date: str | None) -> str:
    """What a page and its copies share: the same council, body and day; "" where one of body and day is not known."""
    return f"{slug(council or '')}/{_body(body)}/{date}" if body and date else ""


def copy_ids(page: Piece) -> frozenset[str]:
    """The ids under which copies of the meeting that ``page`` shows may be recorded; none for what is a copy itself."""
    shown = page.reading.meeting
    if shown is None or not shown.site or not shown.body or not shown.date:
        return frozenset()
    day = dt.date.fromisoformat(shown.date)
    council = page.capture.council
    # The body's name may stand with or without its article.
    bodies = {shown.body, shown.body[4:] if shown.body.lower().startswith("the ") else f"The {shown.body}"}
    known = {(number, time) for number in (None, shown.number) for time in (None, shown.time)}
    return frozenset(meeting_id(None, number, council, body, day, time) for body in bodies for number, time in known)


def matches(copy: Piece, page: Piece) -> dict[int, int] | None:
    """For each item of ``copy`` that is on ``page`` its position there, by its own; None where it is no copy of that page."""
    printed, shown = copy.reading.meeting, page.reading.meeting
    if printed is None or shown is None or not is_copy(printed) or not shown.site or not may_see(
        copy.capture.audience, page.capture.audience
    ):
        return None
    if not _same_day(printed, shown) or copy.capture.council != page.capture.council:
        return None
    titles = _Titles(shown, by_anchor=bool(printed.number))
    places = {at: place for at, item in enumerate(printed.items) if (place := titles.place(item)) is not None}
    if len(set(places.values())) < len(places):
        return None
    # What officers have more than the page can't stand among items that are public.
    needed = _ENOUGH if may_see(page.capture.audience, copy.capture.audience) else 1.0
    return places if len(places) >= needed * len(printed.items) else None


def only_in_copy(copy: Piece, places: dict[int, int]) -> list[ParsedItem]:
    """The items that ``copy`` has text of and the page does not have. ``places`` is what ``matches`` tells."""
    printed = copy.reading.meeting
    items = enumerate(printed.items) if printed else ()
    return [replace(item, parent=places.get(item.parent) if item.parent is not None else None)
            for at, item in items if at not in places and _has_text(item)]


def _same_day(printed: ParsedMeeting, shown: ParsedMeeting) -> bool:
    if printed.number and printed.number != shown.number:
        return False
    same = printed.date == shown.date and _body(printed.body) == _body(shown.body)
    return same and (printed.time is None or shown.time is None or printed.time == shown.time)


def _body(name: str | None) -> str:
    return slug(name or "").removeprefix("the-")


def _has_text(item: ParsedItem) -> bool:
    return any(getattr(item, name) for name in BODY_FIELDS)


class _Titles:
    """The items of a page by what a copy may name them by. ``by_anchor``: the copy has the page's own ids, which decide."""

    def __init__(self, shown: ParsedMeeting, by_anchor: bool) -> None:
        self._items = shown.items
        self._anchors = {item.anchor: at for at, item in enumerate(shown.items) if by_anchor and item.anchor}
        self._titles: dict[str, list[int]] = defaultdict(list)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(shown.items):
            self._titles[slug(item.title)].append(at)
            self._numbers[item.number or ""].append(at)

    def place(self, item: ParsedItem) -> int | None:
        """The position of the one item that ``item`` is: by id, by title, else by number and a title much like it."""
        if self._anchors and item.anchor:
            return self._anchors.get(item.anchor)
        title = slug(item.title)
        same = self._titles.get(title, [])
        if len(same) > 1 and item.number:
            same = [at for at in same if self._items[at].number == item.number]
        if not same and item.number:
            # Numbers may begin anew in a second part; one that many items have tells nothing.
            numbered = self._numbers.get(item.number, [])[: _MOST_OF_A_NUMBER + 1]
            near = numbered if len(numbered) <= _MOST_OF_A_NUMBER else []
            same = [at for at in near if _alike(title, slug(self._items[at].title))]
        return same[0] if len(same) == 1 else None


def _alike(one: str, other: str) -> bool:
    if not one or not other:
        return False
    one, other = one[:_LONGEST_TITLE], other[:_LONGEST_TITLE]
    return other.startswith(one) or one.startswith(other) or SequenceMatcher(None, one, other).ratio() >= _ALIKE
