"""Tasks: what to ask of a site, and what an answer led to. The values that frontier, platforms and crawler share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol

from minutes_archive.model import Exchange

# list: leads to meetings; service: a meeting as the XML service tells it; the others are pages and files of a meeting.
Kind = Literal["home", "list", "service", "meeting", "attendance", "decision", "item", "document"]
# The order inside one meeting: the page comes after the service's answer, since only the page tells a draft.
RANK: dict[Kind, int] = {
    "home": 0, "list": 1, "service": 2, "meeting": 3, "attendance": 4, "decision": 5, "item": 6, "document": 7,
}


# What is new on a site: leads to meetings that are known, and lists none.
NEWS = "list/news"


@dataclass(frozen=True)
class Task:
    """One thing to ask for. ``key`` is the same however its address is written.

    ``body`` and ``meeting`` are the site's ids, ``day`` the meeting's (ISO), ``hint`` what a list says of it: where that
    changes, the page is asked for again. ``probe``: it need not be there.
    """

    key: str
    url: str
    kind: Kind
    body: str = ""
    meeting: str = ""
    day: str = ""
    hint: str = ""
    probe: bool = False


@dataclass(frozen=True)
class Found:
    """What an answer led to: tasks, names of bodies by id, something to be said of it.

    ``period``: the tasks are all the meetings of the task's body between two days (ISO). ``changed``: meetings, by the site's
    ids, of which the site says that something is new.
    """

    tasks: tuple[Task, ...] = ()
    bodies: tuple[tuple[str, str], ...] = ()
    note: str = ""
    period: tuple[str, str] | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What is wanted of a site: from ``since`` to ``until``, of these committees (none: all), with which documents.

    ``looked``: when all that was due had last been asked for; None where it never was.
    """

    base: str
    today: dt.date
    since: dt.date | None = None
    until: dt.date | None = None
    committees: tuple[str, ...] = ()
    documents: Literal["minutes", "all"] = "minutes"
    looked: dt.date | None = None

    def holds(self, day: str) -> bool:
        """Whether a meeting of that day is wanted; one whose day is not known is."""
        if not day:
            return True
        return (self.since is None or day >= self.since.isoformat()) and (
            self.until is None or day <= self.until.isoformat()
        )

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day wanted (ISO)."""
        return (self.since or dt.date.min).isoformat(), (self.until or dt.date.max).isoformat()

    def wants(self, committee: str) -> bool:
        """Whether a committee's meetings are wanted."""
        return not self.committees or committee in self.committees


class Known(Protocol):
    """What the frontier knows when an answer is followed."""

    def state(self, key: str) -> str | None:
        """The state of a task; None where it is not known."""


class Platform(Protocol):
    """A kind of site: what to ask first, what an answer leads to, and what to ask in the place of what failed."""

    name: str
    scope: Scope

    def first(self) -> tuple[Task, ...]:
        """What to ask first."""

    def doubt(self, task: Task, answer: Exchange) -> str:
        """Why an answer is not what was asked for, "" where it is."""

    def follow(self, task: Task, answer: Exchange, known: Known) -> Found:
        """What an answer leads to."""

    def halves(self, task: Task) -> tuple[Task, ...]:
        """The halves of what took too long; none where it can't be split."""

    def instead(self, task: Task) -> tuple[Task, ...]:
        """What to ask where a task came to nothing."""
