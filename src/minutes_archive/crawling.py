"""Crawling: a council's site into an archive. Joins ``crawl`` (asks), ``capture`` (keeps) and the pipeline (records).

    site ──crawl──► CAPTURES ──parse … annotate──► RECORDS

Answers are kept as they come, and recorded in batches: a run that is killed goes on where it stopped, and what was
kept and not recorded is recorded first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from minutes_archive.access import Audience
from minutes_archive.capture import Run
from minutes_archive.crawl.crawler import Crawler
from minutes_archive.crawl.frontier import Frontier, Row, host_of
from minutes_archive.crawl.http import FetchError, field_of
from minutes_archive.crawl.keeper import Done, Fetch
from minutes_archive.crawl.politeness import USUAL_DELAY, read_robots
from minutes_archive.crawl.site import PLATFORMS, Site, council_of, recognise_address, recognise_page
from minutes_archive.crawl.task import Scope
from minutes_archive.durable import make_folder
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.identity import absolute_url, site_of
from minutes_archive.model import Capture, Exchange, Reading
from minutes_archive.parse import read
from minutes_archive.pipeline import Archiver
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.sources import Source, add_source, read_sources
from minutes_archive.workspace import Workspace

# Answers are recorded in batches: so many, or so many bytes of them.
_BATCH, _BATCH_BYTES = 50, 64 * 1024 * 1024
_HOPS = 5


class CrawlError(MinutesArchiveError):
    """A site can't be crawled: not recognised, or it lets nobody in."""


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


@dataclass
class Means:
    """What a crawl works with: how it asks, what the time is, how it waits, whom it tells."""

    fetch: Fetch
    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    tell: Callable[[Done, Row | None, Callable[[], int]], None] = field(default=lambda done, row, waiting: None)
    warn: Callable[[str], None] = field(default=lambda text: None)
    asked: int = 0  # before the crawl itself began


def find_source(workspace: Workspace, url: str, means: Means, delay: float | None = None) -> Source:
    """The source that ``url`` names or is a page of; a new one is written into ``sources.toml``. Raises ``CrawlError``.

    ``delay`` is the seconds between requests that the user said, where the site has to be asked.
    """
    known = read_sources(workspace.sources)
    if url in known:
        return known[url]
    url = url if "://" in url else f"https://{url}"
    site = recognise_address(url) or _ask_for_site(url, means, USUAL_DELAY if delay is None else delay)
    for one in known.values():
        if site_of(one.url) == site_of(site.base):
            return one
    name = unused = council_of(site.base)
    number = 1
    while unused in known:
        number += 1
        unused = f"{name}-{number}"
    source = Source(unused, site.base, site.platform)
    add_source(workspace.sources, source)
    return source


def _ask_for_site(url: str, means: Means, delay: float) -> Site:
    """The site that the page at ``url`` shows, its robots.txt asked first."""

    def ask(address: str) -> Exchange:
        try:
            return means.fetch(address)
        except FetchError as error:
            raise CrawlError(f"{url}: {error}; check the address") from error
        finally:
            means.asked += 1
            means.sleep(delay)

    for _ in range(_HOPS):
        robots = f"{host_of(url)}/robots.txt"
        told = ask(robots)
        rules = read_robots(told.status, told.content)
        if rules is None or not rules.allows(url):
            raise CrawlError(f"{robots} does not allow {url}; give the address of a committee or meeting page")
        answer = ask(url)
        target = absolute_url(field_of(answer, "location"), url)
        if answer.status in {301, 302, 303, 307, 308} and target:
            url = target
            if found := recognise_address(url):
                return found
            continue
        if found := recognise_page(url, answer.content):
            return found
        break
    raise CrawlError(f"{url} shows no ModernGov or CMIS site; give the address of a committee or meeting page of it")


def crawl(workspace: Workspace, source: Source, wish: Wish, means: Means, archiver: Archiver) -> Summary:
    """Archive what ``wish`` wants of a source, and record it. The caller holds the writer's lock.

    An interrupt leaves everything kept so far recorded, and is passed on.
    """
    path = workspace.frontier
    make_folder(path.parent)
    with archiver.captures.run():
        pass  # takes in what a killed run left
    archiver.resume()
    documents: Literal["minutes", "all"] = wish.documents or ("all" if source.documents == "all" else "minutes")
    scope = Scope(source.url, means.now().date(), wish.since, wish.until, wish.committees, documents)
    with contextlib.closing(Frontier(path)) as frontier, archiver.captures.run() as run:
        with frontier.step():
            frontier.mend({capture.sha256 for capture in archiver.captures.captures()})
        keeper = _Keeper(archiver, run, source.name, wish.audience)
        crawler = Crawler(
            frontier, {source.name: PLATFORMS[source.platform](scope)}, means.fetch, keeper,
            lambda: means.now().timestamp(), means.sleep,
            delay=wish.delay if wish.delay is not None else source.delay, most=wish.max_requests,
            tell=lambda done, row: means.tell(done, row, frontier.waiting),
        )
        if frontier.note(source.name, "documents", documents) == "minutes" and documents == "all":
            crawler.refollow(archiver.captures.read)
        try:
            done = crawler.run()
        finally:
            keeper.flush()
        for note in done.notes:
            means.warn(note)
        for host, reason in done.stopped.items():
            means.warn(f"{host} was left alone: {reason}")
        done.requests += means.asked
        return _summary(workspace, source, frontier, done)


class _Keeper:
    """Keeps answers of one source in an open run, and has them recorded in batches."""

    def __init__(self, archiver: Archiver, run: Run, council: str, audience: Audience | None) -> None:
        self._archiver = archiver
        self._run = run
        self._council = council
        self._audience = audience
        self._fresh: dict[str, Capture] = {}
        self._size = 0

    def keep(self, source: str, answer: Exchange, changed: bool) -> bool:
        """Keep an answer; whether its bytes are new."""
        kept = self._run.keep_answer(answer, council=self._council, audience=self._audience)
        if kept.new or kept.reclassified or changed:
            self._note(kept.capture)
        return kept.new

    def again(self, source: str, sha256: str, answer: Exchange, changed: bool) -> bool:
        """Note that a page is as it was; False where nothing of it is held."""
        capture = self._run.see_again(sha256, answer)
        if capture is not None and changed:
            self._note(capture)
        return capture is not None

    def gone(self, source: str, sha256: str, answer: Exchange) -> None:
        """Note that a page is no longer there."""
        if (capture := self._run.note_absence(sha256, answer)) is not None:
            self._note(capture)

    def alike(self, sha256: str, answer: Exchange) -> bool:
        """Whether what is held is read as the same minutes as the answer."""
        with contextlib.suppress(MinutesArchiveError):
            before = _told(read(self._archiver.captures.read(sha256), answer.url, answer.media_type))
            return before is not None and before == _told(read(answer.content, answer.url, answer.media_type))
        return False

    def rest(self) -> None:
        """Record what was kept, once there is enough of it."""
        if len(self._fresh) >= _BATCH or self._size >= _BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Have everything kept on the disk, and record it."""
        self._run.commit()
        fresh, self._fresh, self._size = list(self._fresh.values()), {}, 0
        self._archiver.record(fresh)

    def _note(self, capture: Capture) -> None:
        self._fresh[capture.sha256] = capture
        self._size += capture.size


def _told(reading: Reading) -> object:
    """What a reading tells of minutes; None where it tells of none."""
    if reading.kind not in {"meeting", "fragment"}:
        return None
    return reading.meeting, reading.fragments, reading.register


def _summary(workspace: Workspace, source: Source, frontier: Frontier, done: Done) -> Summary:
    counts = frontier.counts(source.name)
    troubles = {
        state: tuple(Trouble(row.target, row.reason) for row in frontier.rows(source.name, state))
        for state in ("blocked", "failed")
    }
    hosts = tuple(Trouble(f"{host}/robots.txt", reason) for host, reason in done.stopped.items() if "robots.txt" in reason)
    meetings, items = _held(workspace, source.name)
    return Summary(
        requests=done.requests, captures=done.captures, unchanged=done.unchanged, meetings=meetings, items=items,
        documents=sum(row.task.kind == "document" and bool(row.sha256) for row in frontier.rows(source.name)),
        disallowed=counts.get("disallowed", 0), blocked=counts.get("blocked", 0),
        failed=counts.get("failed", 0) + len(hosts), pending=counts.get("pending", 0),
        blocked_urls=troubles["blocked"], failed_urls=(*troubles["failed"], *hosts),
    )


def _held(workspace: Workspace, council: str) -> tuple[int, int]:
    """The meetings and items of a council that the public may see."""
    public = ArchiveView(RecordStore(workspace), Audience.PUBLIC).meetings()
    counts = [len(meeting.items) for meeting in public if meeting.council == council]
    return len(counts), sum(counts)
