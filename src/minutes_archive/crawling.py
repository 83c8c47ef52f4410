"""Crawling: a council's site into an archive. Joins ``crawl`` (asks), ``capture`` (keeps) and the pipeline (records).

    site ──crawl──► CAPTURES ──parse … annotate──► RECORDS

Answers are kept as they come, and recorded in batches: a run that is killed goes on where it stopped, and what was
kept and not recorded is recorded first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal
from urllib.parse import urlsplit

from minutes_archive.access import Audience
from minutes_archive.crawl.crawler import FRESH, Crawler
from minutes_archive.crawl.frontier import Frontier
from minutes_archive.crawl.keeper import Done
from minutes_archive.crawl.site import PLATFORMS
from minutes_archive.crawl.task import Scope
from minutes_archive.finding import Means
from minutes_archive.keeping import ArchiveKeeper, Turn
from minutes_archive.pipeline import Report
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.sources import Source, add_source, read_sources
from minutes_archive.workspace import Workspace


@dataclass(frozen=True)
class Wish:
    """What the user wants of a site; None and () where nothing was said."""

    since: dt.date | None = None
    until: dt.date | None = None
    committees: tuple[str, ...] = ()
    documents: Literal["minutes", "all"] | None = None
    delay: float | None = None
    max_requests: int | None = None
    audience: Audience | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves out meetings."""
        return bool(self.since or self.until or self.committees)


@dataclass(frozen=True)
class Trouble:
    """An address that could not be had, and why."""

    url: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """What a crawl did, and what is held of the council after it (``meetings``, ``items``, ``documents``)."""

    requests: int = 0
    captures: int = 0
    unchanged: int = 0
    meetings: int = 0
    items: int = 0
    documents: int = 0
    disallowed: int = 0
    blocked: int = 0
    failed: int = 0
    pending: int = 0
    blocked_urls: tuple[Trouble, ...] = ()
    failed_urls: tuple[Trouble, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The summary as the command line prints it."""
        return asdict(self)

    def __add__(self, other: Summary) -> Summary:
        """Both together: of two councils."""
        return Summary(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def crawl(
    workspace: Workspace, sources: Sequence[Source], wish: Wish, means: Means, report: Report
) -> dict[str, Summary]:
    """Archive what ``wish`` wants of each source, their hosts side by side, and record it; what was done, by source.

    ``report`` is told of what can't be read. The caller holds the crawl's lock; the writer's is taken, and given up for a
    while where another waits for it. An interrupt leaves everything kept so far recorded, and is passed on.
    """
    with contextlib.closing(Frontier(workspace.frontier, renew=True)) as frontier, frontier.telling():
        if frontier.renewed:
            means.warn(f"{workspace.frontier} was damaged and is made anew: everything is looked at again")
        with Turn(workspace, means.now, report) as turn:
            done = _ask(workspace, frontier, turn, sources, wish, means)
        return {source.name: _summary(workspace, source, frontier, done[source.name]) for source in sources}


def _ask(
    workspace: Workspace, frontier: Frontier, turn: Turn, sources: Sequence[Source], wish: Wish, means: Means
) -> dict[str, Done]:
    """Ask for all that is due, and have it kept and recorded."""
    with frontier.step():
        frontier.mend({capture.sha256 for capture in turn.captures.captures()})
    today = means.now().date()
    sites = {source.name: PLATFORMS[source.platform](_scope(frontier, source, wish, today)) for source in sources}
    delays = {urlsplit(source.url).netloc.lower(): source.delay for source in sources if source.delay is not None}
    known = read_sources(workspace.sources)
    new = {source.name: source for source in sources if source.name not in known}

    def enter(name: str) -> None:
        if name in new:
            add_source(workspace.sources, new.pop(name))

    keeper = ArchiveKeeper(turn, {source.name: wish.audience or source.audience for source in sources}, enter)
    crawler = Crawler(
        frontier, sites, means.fetch, keeper, lambda: means.now().timestamp(), means.sleep,
        delays=delays if wish.delay is None else {"": wish.delay},
        most=None if wish.max_requests is None else wish.max_requests - sum(means.asked.values()),
        tell=lambda requests, row: means.tell(requests, row, frontier.waiting),
    )
    for name, site in sites.items():
        _refollow(frontier, crawler, name, site.scope, turn.captures.read_sound)
    try:
        done = crawler.run()
    finally:
        keeper.flush()
    for name, one in done.items():
        _tell(frontier, name, one, wish, means)
        with frontier.step():
            _note_period(frontier, name, sites[name].scope)
        if not (wish.is_narrow or frontier.counts(name).get("pending")):
            frontier.note(name, "looked", today.isoformat())
        one.requests += means.asked.get(name, 0)
    return done


def _tell(frontier: Frontier, name: str, done: Done, wish: Wish, means: Means) -> None:
    """Say what a person should know of a source."""
    for note in done.notes:
        means.warn(note)
    for host, reason in done.stopped.items():
        if not _is_shut(reason):  # which stands among what failed
            means.warn(f"{host} was left alone: {reason}")
    strange = [one for one in wish.committees if one not in frontier.bodies(name)]
    if strange and frontier.bodies(name):
        listed = ", ".join(f"{number} {title}" for number, title in frontier.bodies(name).items())
        means.warn(f"{name} lists no committee {', '.join(strange)}; it lists: {listed}")


def _refollow(
    frontier: Frontier, crawler: Crawler, source: str, scope: Scope, read: Callable[[str], bytes | None]
) -> None:
    """Follow what is held again where more may be wanted of it now: of a page that is unchanged the site sends nothing."""
    period = "/".join(scope.period)
    wanted = f"{period} {' '.join(sorted(scope.committees))}"
    if scope.documents == "all" and frontier.noted(source, "documents") == "minutes":
        crawler.refollow(source, FRESH, read)
    elif frontier.noted(source, "scope") not in {None, wanted}:
        crawler.refollow(source, ("list",), read)
    for name, said in (("documents", scope.documents), ("scope", wanted), ("period/", period)):
        frontier.note(source, name, said)


def _note_period(frontier: Frontier, source: str, scope: Scope) -> None:
    """Note of which days each body's meetings were asked for by now, for the account of what is held."""
    first, last = scope.period
    for body in filter(scope.wants, frontier.bodies(source)):
        before = (frontier.noted(source, f"period/{body}") or f"{first}/{last}").split("/")
        # Two stretches of time that do not meet: the one asked for last stands.
        meet = before[0] <= last and first <= before[1]
        told = (min(first, before[0]), max(last, before[1])) if meet else (first, last)
        frontier.note(source, f"period/{body}", "/".join(told))


def _scope(frontier: Frontier, source: Source, wish: Wish, today: dt.date) -> Scope:
    documents: Literal["minutes", "all"] = wish.documents or ("all" if source.documents == "all" else "minutes")
    looked = frontier.noted(source.name, "looked")
    return Scope(
        source.url, today, wish.since, wish.until, wish.committees, documents, dt.date.fromisoformat(looked) if looked else None
    )


def _summary(workspace: Workspace, source: Source, frontier: Frontier, done: Done) -> Summary:
    counts = frontier.counts(source.name)
    troubles = {
        state: tuple(Trouble(row.target, row.reason) for row in frontier.rows(source.name, state))
        for state in ("blocked", "failed")
    }
    hosts = tuple(Trouble(f"{host}/robots.txt", reason) for host, reason in done.stopped.items() if _is_shut(reason))
    meetings, items = _held(workspace, source.name)
    return Summary(
        requests=done.requests, captures=done.captures, unchanged=done.unchanged, meetings=meetings, items=items,
        documents=sum(row.task.kind == "document" and bool(row.sha256) for row in frontier.rows(source.name)),
        disallowed=counts.get("disallowed", 0), blocked=counts.get("blocked", 0),
        failed=counts.get("failed", 0) + len(hosts), pending=counts.get("pending", 0),
        blocked_urls=troubles["blocked"], failed_urls=(*troubles["failed"], *hosts),
    )


def _is_shut(reason: str) -> bool:
    """Whether a host is left alone because its robots.txt can't be had."""
    return reason.startswith("robots.txt")


def _held(workspace: Workspace, council: str) -> tuple[int, int]:
    """The meetings and items of a council that the public may see."""
    public = ArchiveView(RecordStore(workspace), Audience.PUBLIC).meetings()
    counts = [len(meeting.items) for meeting in public if meeting.council == council]
    return len(counts), sum(counts)
