"""Coverage: what is held per council, body and municipal year, and what is known to be missing. Never "complete".

A council's list of its meetings may be wrong, and lists of old years are cut off without a word: all that can be
known is that everything listed is held; and not even that where a list could not be read, or only a part of the time was
asked for.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from urllib.parse import urljoin

from minutes_archive.access import Audience
from minutes_archive.crawl.frontier import Frontier, Row
from minutes_archive.crawl.schedule import NOT_THERE
from minutes_archive.crawl.task import NEWS
from minutes_archive.dates import municipal_year
from minutes_archive.identity import site_of
from minutes_archive.model import Meeting
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.sources import Source, read_sources
from minutes_archive.workspace import Workspace

UNDATED = "undated"
# What a row of the frontier that is not held counts as.
_COUNTS_AS = {"pending": "pending", "blocked": "blocked", "disallowed": "blocked", "failed": "failed"}
# What is said of a list that could not be read, by the state of its row.
_UNREAD = {
    "pending": "was not asked for yet", "blocked": "is blocked", "disallowed": "is forbidden by robots.txt",
    "failed": "could not be had",
}
_DAY = 86400.0
# A list that was last read so long ago tells of that day.
_OLD = 30 * _DAY


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

    @property
    def gaps(self) -> bool:
        """Whether anything is known not to be held."""
        return bool(self.missing or self.blocked or self.failed or self.pending)


@dataclass(frozen=True)
class Line:
    """The meetings of one body in one municipal year, and what can be said of them.

    ``year`` None: nothing is known but the body's list; ``body`` None too: but the list of the bodies themselves. ``listed``:
    all of the lists that tell of these meetings were read; without that nobody knows what there is beside what is held.
    """

    council: str
    body: str | None
    year: str | None
    count: Count
    listed: bool
    says: str

    @property
    def gaps(self) -> str:
        """What is known to be missing, in words: "2 missing, 1 blocked"; "" for nothing."""
        counted = ((name, getattr(self.count, name)) for name in ("missing", "blocked", "failed", "pending"))
        return ", ".join(f"{number:,} {name}" for name, number in counted if number)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it; ``complete`` is false or not known."""
        gaps = self.count.gaps or (self.year is None and not self.listed)
        return {
            "council": self.council, "body": self.body, "year": self.year, **asdict(self.count), "listed": self.listed,
            "complete": False if gaps else None, "says": self.says,
        }


@dataclass
class _Lists:
    """What was made of the lists that tell of a body's meetings (or of the bodies): ``trouble`` is "" where all were read.

    ``read`` is when the last of them was, in seconds since 1970; ``period`` the days asked for (ISO).
    """

    trouble: str = ""
    read: float = 0.0
    period: tuple[str, str] | None = None

    def add(self, row: Row) -> None:
        """Take in what became of one list."""
        if row.state in _UNREAD:
            reason = f" ({row.reason})" if row.reason and row.state in {"blocked", "failed"} else ""
            self.trouble = self.trouble or _UNREAD[row.state] + reason
        elif row.state == "held":
            self.read = max(self.read, row.checked)

    @property
    def listed(self) -> bool:
        """Whether all were read."""
        return bool(self.read and not self.trouble)

    def of_year(self, year: str, now: float) -> tuple[bool, str]:
        """Whether they tell of the whole of a municipal year, and what can be said of it where all of it is held."""
        if not self.listed:
            return False, "not known what there is"
        if year != UNDATED and self.period and not _holds(self.period, year):
            return False, "only a part of the year was asked for"
        if now - self.read > _OLD:
            return True, f"all that was listed on {dt.datetime.fromtimestamp(self.read, dt.UTC):%Y-%m-%d}"
        return True, "all that is listed"


@dataclass
class _Site:
    """What is known of one council: meetings by body and year, lists by body, the list of bodies; ``hidden``: bodies with
    meetings that this audience may not see."""

    counts: dict[tuple[str, str], Count] = field(default_factory=lambda: defaultdict(Count))
    lists: dict[str, _Lists] = field(default_factory=lambda: defaultdict(_Lists))
    bodies: _Lists | None = None
    hidden: set[str] = field(default_factory=set)

    def lines(self, council: str, now: float) -> Iterator[Line]:
        """All that can be said, by body; the latest year first."""
        if self.bodies is not None and not self.bodies.listed:
            yield Line(council, None, None, Count(), False, f"its list of bodies {self.bodies.trouble or 'was not read'}")
        shown = {body for body, _ in self.counts}
        for body in sorted(shown | self.lists.keys() - self.hidden):
            lists = self.lists.get(body, _Lists())
            for year in sorted((year for one, year in self.counts if one == body), reverse=True):
                count = self.counts[body, year]
                listed, says = lists.of_year(year, now)
                yield Line(council, body, year, count, listed, "gaps" if count.gaps else says)
            if lists.trouble or body not in shown:
                which = "one of its lists" if lists.read else "its list"
                says = "lists no meeting" if lists.listed else f"{which} {lists.trouble or 'was not asked for yet'}"
                yield Line(council, body, None, Count(), lists.listed, says)


def coverage(workspace: Workspace, audience: Audience, now: dt.datetime) -> list[Line]:
    """What is held and what is missing, as ``audience`` may know it; by council, body and year, the latest first.

    Raises ``WorkspaceError`` and ``CrawlError`` where ``sources.toml`` or the frontier can't be read.
    """
    store = RecordStore(workspace)
    shown = {meeting.id: meeting for meeting in ArchiveView(store, audience).meetings()}
    # What this audience may not see leaves no trace in the counts.
    hidden = store.ids() - shown.keys()
    sites: dict[str, _Site] = defaultdict(_Site)
    seen: set[str] = set()
    for source, frontier in _crawled(workspace, audience):
        seen |= _count(sites[source.name], source, frontier, shown, hidden, now.timestamp())
    for meeting in shown.values():
        if meeting.id not in seen:
            sites[meeting.council or "unassigned"].counts[meeting.body or "unknown", _year(meeting.date)].held += 1
    return [line for council in sorted(sites) for line in sites[council].lines(council, now.timestamp())]


def _crawled(workspace: Workspace, audience: Audience) -> Iterator[tuple[Source, Frontier]]:
    """The sources that ``audience`` may know of: what was crawled for officers alone is nothing that the public is told."""
    sources = read_sources(workspace.sources)
    if not sources or not workspace.frontier.exists():
        return
    with contextlib.closing(Frontier(workspace.frontier)) as frontier, frontier.telling():
        for source in sources.values():
            if audience is Audience.OFFICER or source.audience is not Audience.OFFICER:
                yield source, frontier


def _count(
    site: _Site, source: Source, frontier: Frontier, shown: dict[str, Meeting], hidden: set[str], now: float
) -> set[str]:
    """Take in what the frontier knows of a source; the ids of the meetings that it counted as held."""
    seen: set[str] = set()
    titles = frontier.bodies(source.name)
    site.bodies = _Lists()
    for body, title in titles.items():
        site.lists[title].period = _period(frontier, source.name, body)
    # A CMIS site is the host alone, wherever its pages stand.
    home = site_of(source.url if source.platform != "cmis" else urljoin(source.url, "/"))
    for row in frontier.rows(source.name):
        title = titles.get(row.task.body, "")
        if row.task.kind == "list" and row.task.key != NEWS:
            (site.lists[title] if title else site.bodies).add(row)
        if row.task.kind != "meeting":
            continue
        identity = f"{home}/{row.task.meeting}"
        if identity in hidden:
            site.hidden.add(title)
            continue
        record = shown.get(identity)
        body = title or (record.body if record else None) or "unknown"
        count = site.counts[body, _year(record.date if record else row.task.day or None)]
        if record or row.sha256:
            seen.add(identity)
            count.held += 1
            count.stale += _is_stale(row, now)
        else:
            there = row.state not in {"absent", "gone"} and row.reason not in NOT_THERE
            kind = _COUNTS_AS[row.state] if there else "missing"
            setattr(count, kind, getattr(count, kind) + 1)
    return seen


def _is_stale(row: Row, now: float) -> bool:
    """Whether a page that is held can't be looked at any more, or has been due for as long as it was not."""
    return row.state in {"blocked", "failed"} or now > row.due + max(row.due - row.checked, _DAY)


def _period(frontier: Frontier, source: str, body: str) -> tuple[str, str] | None:
    noted = frontier.noted(source, f"period/{body}") or frontier.noted(source, "period/")
    return (noted[:10], noted[11:]) if noted else None


def _holds(period: tuple[str, str], year: str) -> bool:
    """Whether a municipal year ("2024-25") is within a period."""
    start = int(year[:4])
    return period[0] <= f"{start}-05-01" and f"{start + 1}-04-30" <= period[1]


def _year(day: str | None) -> str:
    return municipal_year(dt.date.fromisoformat(day)) if day else UNDATED


COLUMNS = tuple(one.name for one in fields(Count))
