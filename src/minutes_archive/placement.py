"""Placement: which fragments and meetings may belong together, told by keys they share.

A key is the site's id of the meeting, the site's id of the item, the body and day, or how a cut text begins. Sharing
one is a reason to look; ``normalise`` decides. So nothing is compared with everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from minutes_archive.material import Material
from minutes_archive.model import BODY_FIELDS, Meeting
from minutes_archive.normalise import SHORTEST_PROOF, day_key
from minutes_archive.text import compact

_TEXT = "text "
_MOST_ALIKE = 20


def fragment_keys(material: Material) -> set[str]:
    """The keys of a file's fragments and of its register, and of a copy; none for anything else."""
    if material.is_copy:
        return _day_keys(material)
    keys = {f"meeting {one}" for one in material.named_ids}
    for fragment in material.reading.fragments if material.reading else ():
        keys.add(_beginning(fragment.text))
    return (keys | {item_key(*one) for one in fragment_items(material)}) - {""}


def fragment_items(material: Material) -> set[tuple[str, str]]:
    """The items that a file's fragments are of, as the site tells them: the site, and its own id of the item."""
    fragments = material.reading.fragments if material.reading else ()
    return {(one.site, one.anchor) for one in fragments if one.site and one.anchor}


def item_key(site: str, anchor: str) -> str:
    """The key of an item by the site's own id."""
    return f"item {site} {anchor}"


def page_keys(material: Material) -> set[str]:
    """The keys by which fragments may belong to the meeting that a page shows."""
    meeting = material.reading.meeting if material.reading else None
    if meeting is None:
        return set()
    keys = {f"meeting {one}" for one in material.meeting_ids} | (_day_keys(material) if meeting.site else set())
    keys |= {item_key(meeting.site, item.anchor) for item in meeting.items if meeting.site and item.anchor}
    return (keys | {_beginning(getattr(item, name)) for item in meeting.items for name in item.cut}) - {""}


def _day_keys(material: Material) -> set[str]:
    meeting = material.reading.meeting if material.reading else None
    key = day_key(material.capture.council, meeting.body, meeting.date) if meeting else ""
    return {f"day {key}"} if key else set()


def record_keys(meeting: Meeting) -> set[str]:
    """The keys by which fragments may belong to a meeting that is recorded, as far as it has cut items."""
    keys = {f"meeting {meeting.id}"}
    for item in meeting.items:
        if item.truncated:
            site, _, number = item.id.rpartition("/")
            keys |= {item_key(site.rpartition("/")[0], number), *(_beginning(item.text_of(name)) for name in BODY_FIELDS)}
    return keys - {""}


def _beginning(text: str) -> str:
    """How a text begins, blanks aside; "" for one too short to tell."""
    # No more than is needed: blanks are at most every other character of folded text.
    start = compact(text[: 4 * SHORTEST_PROOF])[:SHORTEST_PROOF]
    return f"{_TEXT}{start}" if len(start) == SHORTEST_PROOF else ""


def near_meetings(keys: set[str], meetings: Waiting, known: Collection[str] = ()) -> set[str]:
    """The meetings that a fragment with ``keys`` may belong to; ``known`` are ids of meetings that have a record.

    The site's own ids decide where there are any. A beginning that many texts share tells nothing.
    """
    ids = {key for key in keys if not key.startswith(_TEXT)}
    near = meetings.find(ids) | {one for key in ids if (one := key.removeprefix("meeting ")) in known}
    if near:
        return near
    alike = meetings.find(keys - ids)
    return alike if len(alike) <= _MOST_ALIKE else set()


class Waiting:
    """Names by the keys they have: of fragments that wait for a meeting, or of meetings that wait for fragments."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)

    def put(self, name: str, keys: Iterable[str]) -> None:
        """Let ``name`` be found by ``keys``."""
        for key in keys:
            self._names[key].add(name)

    def find(self, keys: Iterable[str]) -> set[str]:
        """The names that have any of ``keys``."""
        return {name for key in keys for name in self._names.get(key, ())}
