"""Crawling: a council's site into an archive. Joins ``crawl`` (asks), ``capture`` (keeps) and the pipeline (records).

    site ──crawl──► CAPTURES ──parse … annotate──► RECORDS

Answers are kept as they come, and recorded in batches: a run that is killed goes on where it stopped, and what was
kept and not recorded is recorded first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal
from urllib.parse import urlsplit

from minutes_archive.access import Audience
from minutes_archive.capture import Run
from minutes_archive.crawl.crawler import FRESH, Crawler
from minutes_archive.crawl.frontier import Frontier, Row, host_of
from minutes_archive.crawl.http import FetchError, field_of
from minutes_archive.crawl.keeper import Done, Fetch
from minutes_archive.crawl.politeness import USUAL_DELAY, read_robots
from minutes_archive.crawl.site import PLATFORMS, Site, council_of, recognise_address, recognise_page
from minutes_archive.crawl.task import Scope, Task
from minutes_archive.crawl.verdict import judge
from minutes_archive.durable import make_folder
from minutes_archive.errors import CrawlError, MinutesArchiveError
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


@dataclass
class Means:
    """What a crawl works with: how it asks, what the time is, how it waits, whom it tells."""

    fetch: Fetch
    now: Callable[[], dt.datetime]
    sleep: Callable[[float], None]
    tell: Callable[[int, Row | None, Callable[[], int]], None] = field(default=lambda requests, row, waiting: None)
    warn: Callable[[str], None] = field(default=lambda text: None)
    asked: dict[str, int] = field(default_factory=dict)  # by source, before the crawl itself began


def find_source(
    workspace: Workspace, url: str, means: Means, delay: float | None = None, audience: Audience | None = None
) -> Source:
    """The source that ``url`` names or is a page of. Raises ``CrawlError``.

    A new one stands in ``sources.toml`` once anything of it was had (see ``crawl``): a slip of the pen leaves nothing there.
    ``delay`` is the seconds between requests that the user said, where the site has to be asked; ``audience`` for whom a new
    one is.
    """
    known = read_sources(workspace.sources)
    if url in known:
        return known[url]
    if not re.search(r"[.:/]", url):
        names = ", ".join(known) or "no name stands there yet"
        raise CrawlError(f"{url!r} is neither an address nor a name in {workspace.sources} ({names})")
    url = url if "://" in url else f"https://{url}"
    site = recognise_address(url)
    if site is None:
        at_host = [one for one in known.values() if urlsplit(one.url).netloc.lower() == urlsplit(url).netloc.lower()]
        if len(at_host) == 1:
            return at_host[0]
        site, requests = _ask_for_site(url, means, delay)
    else:
        requests = 0
    for one in known.values():
        if site_of(one.url) == site_of(site.base):
            means.asked[one.name] = requests
            return one
    name = unused = council_of(site.base)
    number = 1
    while unused in known:
        number += 1
        unused = f"{name}-{number}"
    means.asked[unused] = requests
    return Source(unused, site.base, site.platform, audience=audience)


def _ask_for_site(url: str, means: Means, said: float | None) -> tuple[Site, int]:
    """The site that the page at ``url`` shows, its robots.txt asked first, and how many requests that took."""
    requests, delay = 0, USUAL_DELAY if said is None else said

    def ask(address: str) -> Exchange:
        nonlocal requests
        requests += 1
        try:
            return means.fetch(address)
        except FetchError as error:
            raise CrawlError(f"{url}: {error}" + ("" if error.refused else "; check the address")) from error
        finally:
            means.sleep(delay)

    for _ in range(_HOPS):
        robots, told = f"{host_of(url)}/robots.txt", ask(f"{host_of(url)}/robots.txt")
        for _ in range(_HOPS):
            if target := _leads_to(told):
                told = ask(target)
        rules = read_robots(told.status, told.content)
        if rules is None:
            raise CrawlError(f"{robots} can't be had (answered {told.status}), so nothing may be asked for; try again later")
        if not rules.allows(url):
            raise CrawlError(f"{robots} does not allow {url}; give the address of a committee or meeting page")
        delay = max(delay, rules.delay or 0.0) if said is None else said
        answer = ask(url)
        if target := _leads_to(answer):
            url = target
            if found := recognise_address(url):
                return found, requests
            continue
        verdict = judge(Task("list/home", url, "home"), answer, "")
        if found := recognise_page(url, answer.content) if verdict.kind == "page" else None:
            return found, requests
        if verdict.kind != "page":
            why = f"{verdict.kind}: {verdict.reason}"
            raise CrawlError(f"{url} can't be had ({why}); try the address of a committee or meeting page")
        break
    raise CrawlError(f"{url} shows no ModernGov or CMIS site; give the address of a committee or meeting page of it")


def _leads_to(answer: Exchange) -> str | None:
    """Where an answer redirects to; None where it does not."""
    redirects = answer.status in {301, 302, 303, 307, 308}
    return absolute_url(field_of(answer, "location"), answer.url) if redirects else None


def crawl(
    workspace: Workspace, sources: Sequence[Source], wish: Wish, means: Means, archiver: Archiver
) -> dict[str, Summary]:
    """Archive what ``wish`` wants of each source, their hosts side by side, and record it; what was done, by source.

    The caller holds the writer's lock. An interrupt leaves everything kept so far recorded, and is passed on.
    """
    make_folder(workspace.frontier.parent)
    with archiver.captures.run():
        pass  # takes in what a killed run left
    archiver.resume()
    with contextlib.closing(Frontier(workspace.frontier, renew=True)) as frontier, frontier.telling():
        if frontier.renewed:
            means.warn(f"{workspace.frontier} was damaged and is made anew: everything is looked at again")
        with archiver.captures.run() as run:
            done = _ask(workspace, frontier, run, sources, wish, means, archiver)
        return {source.name: _summary(workspace, source, frontier, done[source.name]) for source in sources}


def _ask(
    workspace: Workspace, frontier: Frontier, run: Run, sources: Sequence[Source], wish: Wish, means: Means, archiver: Archiver
) -> dict[str, Done]:
    """Ask for all that is due, and have it kept and recorded."""
    with frontier.step():
        frontier.mend({capture.sha256 for capture in archiver.captures.captures()})
    today = means.now().date()
    sites = {source.name: PLATFORMS[source.platform](_scope(frontier, source, wish, today)) for source in sources}
    delays = {urlsplit(source.url).netloc.lower(): source.delay for source in sources if source.delay is not None}
    known = read_sources(workspace.sources)
    new = {source.name: source for source in sources if source.name not in known}

    def enter(name: str) -> None:
        if name in new:
            add_source(workspace.sources, new.pop(name))

    keeper = _Keeper(archiver, run, {source.name: wish.audience or source.audience for source in sources}, enter)
    crawler = Crawler(
        frontier, sites, means.fetch, keeper, lambda: means.now().timestamp(), means.sleep,
        delays=delays if wish.delay is None else {"": wish.delay},
        most=None if wish.max_requests is None else wish.max_requests - sum(means.asked.values()),
        tell=lambda requests, row: means.tell(requests, row, frontier.waiting),
    )
    for name, site in sites.items():
        _refollow(frontier, crawler, name, site.scope, archiver.captures.read_sound)
    try:
        done = crawler.run()
    finally:
        keeper.flush()
    for name, one in done.items():
        for note in one.notes:
            means.warn(note)
        for host, reason in one.stopped.items():
            if not _is_shut(reason):  # which stands among what failed
                means.warn(f"{host} was left alone: {reason}")
        with frontier.step():
            _note_period(frontier, name, sites[name].scope)
        strange = [one for one in wish.committees if one not in frontier.bodies(name)]
        if strange and frontier.bodies(name):
            listed = ", ".join(f"{number} {title}" for number, title in frontier.bodies(name).items())
            means.warn(f"{name} lists no committee {', '.join(strange)}; it lists: {listed}")
        if not (wish.is_narrow or frontier.counts(name).get("pending")):
            frontier.note(name, "looked", today.isoformat())
        one.requests += means.asked.get(name, 0)
    return done


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


class _Keeper:
    """Keeps answers in an open run, and has them recorded in batches."""

    def __init__(
        self, archiver: Archiver, run: Run, audiences: Mapping[str, Audience | None], enter: Callable[[str], None]
    ) -> None:
        self._archiver = archiver
        self._run = run
        self._enter = enter  # told of each source that something was had of
        self._audiences = audiences
        self._fresh: dict[str, Capture] = {}
        self._size = 0

    def keep(self, source: str, answer: Exchange, changed: bool) -> bool:
        """Keep an answer; whether its bytes are new."""
        kept = self._run.keep_answer(answer, council=source, audience=self._audiences[source])
        self._enter(source)
        if kept.new or kept.reclassified or kept.healed or changed:
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
