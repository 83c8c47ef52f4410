"""Coverage: what is held per council, body and municipal year, and what is known to be missing. Never "complete".

A council's list of its meetings may be wrong, and lists of old years are cut off without a word: all that can be
known is that everything listed is held.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urljoin

from minutes_archive.access import Audience
from minutes_archive.crawl.frontier import Frontier, Row
from minutes_archive.dates import municipal_year
from minutes_archive.identity import site_of
from minutes_archive.model import Meeting
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.sources import Source, read_sources
from minutes_archive.workspace import Workspace

UNDATED = "undated"
# What a row of the frontier that is not held counts as.
_COUNTS_AS = {"pending": "pending", "blocked": "blocked", "disallowed": "blocked", "failed": "failed"}
_NOT_THERE = ("answered 404", "answered 410")


@dataclass
class Count:
    """Meetings by what is known of them. ``missing``: listed, and not there; ``stale``: held, and long due to be looked at.

    ``blocked`` counts what the site or its robots.txt keeps from us; ``pending`` what was not asked for yet.
    """

    held: int = 0
    missing: int = 0
    blocked: int = 0
    failed: int = 0
    stale: int = 0
    pending: int = 0


@dataclass(frozen=True)
class Line:
    """The meetings of one body in one municipal year. ``listed``: the source's list of them was read.

    Without that nobody knows what there is beside what is held.
    """

    council: str
    body: str
    year: str
    count: Count
    listed: bool

    @property
    def words(self) -> str:
        """What can be said of it."""
        if self.gaps:
            return "gaps"
        return "all that is listed" if self.listed else "not known what there is"

    @property
    def gaps(self) -> str:
        """What is known to be missing, in words: "2 missing, 1 blocked"; "" for nothing."""
        counted = ((name, getattr(self.count, name)) for name in ("missing", "blocked", "failed", "pending"))
        return ", ".join(f"{number:,} {name}" for name, number in counted if number)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it; ``complete`` is false or not known."""
        gaps = self.words == "gaps"
        return {
            "council": self.council, "body": self.body, "year": self.year, **asdict(self.count), "listed": self.listed,
            "complete": False if gaps else None,
        }


def coverage(workspace: Workspace, audience: Audience, now: dt.datetime) -> list[Line]:
    """What is held and what is missing, as ``audience`` may know it; by council, body and year, the latest first."""
    store = RecordStore(workspace)
    shown = {meeting.id: meeting for meeting in ArchiveView(store, audience).meetings()}
    # What this audience may not see leaves no trace in the counts.
    hidden = {meeting.id for meeting in ArchiveView(store, Audience.OFFICER).meetings()} - shown.keys()
    counts: dict[tuple[str, str, str], Count] = defaultdict(Count)
    listed: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for source, row, title, is_listed in _rows(workspace):
        # A CMIS site is the host alone, wherever its pages stand.
        home = source.url if source.platform != "cmis" else urljoin(source.url, "/")
        identity = f"{site_of(home)}/{row.task.meeting}"
        if identity in hidden:
            continue
        record = shown.get(identity)
        body = (record.body if record else None) or title or "unknown"
        count = counts[source.name, body, _year(record.date if record else row.task.day or None)]
        if is_listed:
            listed.add((source.name, body))
        if record or row.sha256:
            seen.add(identity)
            count.held += 1
            count.stale += row.due < now.timestamp() or row.state in {"blocked", "failed"}
        else:
            kind = "missing" if row.state in {"absent", "gone"} or row.reason.startswith(_NOT_THERE) else _COUNTS_AS[row.state]
            setattr(count, kind, getattr(count, kind) + 1)
    for meeting in shown.values():
        if meeting.id not in seen:
            counts[_place(meeting)].held += 1
    ordered = sorted(counts.items(), key=lambda entry: entry[0][2], reverse=True)
    ordered.sort(key=lambda entry: entry[0][:2])
    return [Line(*place, count, place[:2] in listed) for place, count in ordered]


def _rows(workspace: Workspace) -> Iterator[tuple[Source, Row, str, bool]]:
    """The meeting pages of every source, the name of the body, and whether that body's list was read."""
    if not workspace.frontier.exists():
        return
    with contextlib.closing(Frontier(workspace.frontier)) as frontier:
        for source in read_sources(workspace.sources).values():
            titles = frontier.bodies(source.name)
            read = {row.task.body for row in frontier.rows(source.name, "held") if row.task.kind == "list"}
            for row in frontier.rows(source.name):
                if row.task.kind == "meeting":
                    yield source, row, titles.get(row.task.body, ""), row.task.body in read


def _place(meeting: Meeting) -> tuple[str, str, str]:
    return meeting.council or "unassigned", meeting.body or "unknown", _year(meeting.date)


def _year(day: str | None) -> str:
    return municipal_year(dt.date.fromisoformat(day)) if day else UNDATED


COLUMNS = tuple(one.name for one in fields(Count))
