"""Withdrawals: what someone took out of the public view, and let back; which records that hides. Pure.

A withdrawal holds for the thing, not for one record of it: made anew from its captures, added again under another
council, or put together from another page, it stays hidden. So each act notes what tells the meeting and the item
besides their ids (record schema, "Ids are stable"; a page without the site's ids is told by body, date and title).

* The last act on an item decides. An item that was withdrawn by itself stays so when its meeting is let back.
* An item that no act names shares what was last done to its meeting.
* A release also stands against the source: what was taken down there (``withdrawn_at``) before the release is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from minutes_archive.identity import slug
from minutes_archive.model import Item, Meeting


@dataclass(frozen=True)
class Subject:
    """What tells a meeting, and an item of it, where ids have changed. ``title`` None: the whole meeting."""

    meeting: str
    council: str | None = None
    body: str | None = None
    date: str | None = None
    time: str | None = None
    sha256: str = ""
    title: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class Act:
    """One line of the log. ``at`` is UTC, ISO; ``id`` is as the person typed it; a release has no reason."""

    at: str
    withdrawn: bool
    id: str
    reason: str
    subject: Subject


@dataclass(frozen=True)
class Standing:
    """What was last done to one meeting as a whole, and to each of its items; numbers give the order of acts."""

    meeting: tuple[int, Act] | None = None
    items: dict[str, tuple[int, Act]] = field(default_factory=dict)

    def hides_meeting(self) -> bool:
        """Whether the meeting as a whole is withdrawn."""
        return self.meeting is not None and self.meeting[1].withdrawn

    def hides(self, item_id: str) -> bool:
        """Whether an item is withdrawn, by itself or with its meeting."""
        last = self.items.get(item_id)
        if last is not None and (last[1].withdrawn or self.meeting is None or last[0] > self.meeting[0]):
            return last[1].withdrawn
        return self.hides_meeting()

    def hides_anything(self) -> bool:
        """Whether the meeting or any item of it is withdrawn."""
        return self.hides_meeting() or any(act.withdrawn for _, act in self.items.values())

    def releases_meeting(self, since: str | None) -> bool:
        """Whether the meeting was let back after ``since`` (ISO date or time)."""
        return self.meeting is not None and _released(self.meeting[1], since)

    def releases(self, item_id: str, since: str | None) -> bool:
        """Whether an item was let back by itself after ``since`` (ISO date or time), and still is."""
        last = self.items.get(item_id)
        return last is not None and not self.hides(item_id) and _released(last[1], since)

    def acts(self) -> dict[str | None, Act]:
        """The act that holds for each item that has one, and for the meeting (None)."""
        whole: dict[str | None, Act] = {None: self.meeting[1]} if self.meeting else {}
        return whole | {item: act for item, (_, act) in self.items.items()}


NOTHING_WITHDRAWN = Standing()


class Withdrawals:
    """Every act of the log, in order."""

    def __init__(self, acts: Iterable[Act] = ()) -> None:
        self.acts = tuple(acts)
        self._near: dict[str, list[int]] = defaultdict(list)
        for number, act in enumerate(self.acts):
            for key in _keys(act.subject):
                self._near[key].append(number)

    def fingerprint(self) -> str:
        """A digest that changes with every act; "" before the first."""
        if not self.acts:
            return ""
        return hashlib.sha256(json.dumps([asdict(act) for act in self.acts], sort_keys=True).encode()).hexdigest()

    def anything(self) -> bool:
        """Whether anything is withdrawn at all, whether it is still held or not."""
        return any(act.withdrawn for act in {act.id: act for act in self.acts}.values())

    def of(self, meeting: Meeting) -> Standing:
        """What was done to ``meeting`` and its items, under these ids or earlier ones."""
        whole: tuple[int, Act] | None = None
        items: dict[str, tuple[int, Act]] = {}
        for number, found in self._about(meeting):
            act = self.acts[number]
            if act.subject.title is None:
                whole = (number, act)
            items |= {item.id: (number, act) for item in found}
        return Standing(whole, items)

    def told_of(self, meeting: Meeting) -> set[Act]:
        """The acts that are about ``meeting``, or about an item that it still holds."""
        return {
            self.acts[number] for number, found in self._about(meeting) if found or self.acts[number].subject.title is None
        }

    def loose(self, meeting: Meeting) -> bool:
        """Whether something was withdrawn from ``meeting`` that its record does not hold any more; older captures may."""
        last = {self.acts[number].id: (self.acts[number], found) for number, found in self._about(meeting)}
        return any(act.withdrawn and act.subject.title is not None and not found for act, found in last.values())

    def _about(self, meeting: Meeting) -> Iterator[tuple[int, list[Item]]]:
        """The acts on ``meeting`` and its items, by number and in order; with the items each is about, none for the whole."""
        near = {number for key in _keys(subject_of(meeting)) for number in self._near.get(key, ())} if self.acts else set()
        for number in sorted(near):
            act = self.acts[number]
            if _same_meeting(act.subject, meeting):
                yield number, [] if act.subject.title is None else _same_items(act, meeting.items)


def subject_of(meeting: Meeting, item: Item | None = None) -> Subject:
    """What tells ``meeting``, and ``item`` of it."""
    return Subject(
        meeting.id, meeting.council, meeting.body, meeting.date, meeting.time, meeting.source.sha256,
        None if item is None else item.title, None if item is None else item.number,
    )


def _released(act: Act, since: str | None) -> bool:
    return not act.withdrawn and act.at >= (since or "")


def _keys(subject: Subject) -> set[str]:
    """Keys of which two subjects that may be one meeting share at least one."""
    keys = {f"id {subject.meeting}"}
    if subject.date:
        keys.add(f"day {subject.date} {slug(subject.body or '')}")
    elif subject.sha256:
        keys.add(f"capture {subject.sha256}")
    return keys


def _same_meeting(subject: Subject, meeting: Meeting) -> bool:
    """Whether ``subject`` is of this meeting, perhaps under another id. The keys they share were looked at before."""
    if subject.meeting == meeting.id:
        return True
    councils = {one for one in (subject.council, meeting.council) if one}
    if len(councils) > 1 or (subject.date is None) != (meeting.date is None):
        return False
    hosts = {_host(subject.meeting), _host(meeting.id)}
    if "" not in hosts and (len(hosts) == 1 or not (subject.council and meeting.council)):
        return False  # the sites' own ids tell them apart, unless a council is known to have moved
    return len({one for one in (subject.time, meeting.time) if one}) < 2


def _host(meeting_id: str) -> str:
    """The host that an id begins with; "" for one made of body and date, which holds no dot."""
    first = meeting_id.split("/", 1)[0]
    return first if "." in first else ""


def _same_items(act: Act, items: tuple[Item, ...]) -> list[Item]:
    """The items that an act is about: by id; where that has changed, by title; where that has, too, by number."""
    number = act.subject.number
    return (
        [item for item in items if item.id == act.id]
        or [item for item in items if slug(item.title) == slug(act.subject.title or "")]
        or [item for item in items if number is not None and item.number == number]
    )
