"""Crawler: the loop that asks, judges, keeps and follows; one request at a time per host, hosts side by side.

It never looks at what pages mean: it hands them to a keeper, and notes in the frontier what became of them, in this
order, so that a kill at any point costs at most the request in flight.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import queue
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from minutes_archive.crawl.frontier import AGAIN, Frontier, Row, host_of
from minutes_archive.crawl.hosts import Hosts
from minutes_archive.crawl.http import FetchError, field_of
from minutes_archive.crawl.keeper import Done, Fetch, Keeper
from minutes_archive.crawl.page import digest
from minutes_archive.crawl.politeness import BACK_OFF, Pace, Robots, read_retry_after
from minutes_archive.crawl.schedule import SAME_DAY_MOST, SAME_DAY_SHARE, wait_for
from minutes_archive.crawl.task import NEWS, RANK, Found, Platform
from minutes_archive.crawl.verdict import ends_at, judge
from minutes_archive.identity import absolute_url
from minutes_archive.model import Exchange

MOST_HOPS = 8
_MANY_GONE = 5
# What may be looked at again on the same day, the lists first.
FRESH = ("list", "service", "meeting")


@dataclass(frozen=True)
class _Outcome:
    """What came of one request: of a row, or (None) for a host's robots.txt. ``source``: for whom it was made."""

    host: str
    source: str
    row: Row | None
    answer: Exchange | FetchError


@dataclass(frozen=True)
class _Known:
    """What the frontier knows of one source."""

    frontier: Frontier
    source: str

    def state(self, key: str) -> str | None:
        """The state of a page; None where it is not known."""
        return self.frontier.state(self.source, key)


class Crawler:
    """One run over ``sites`` (platforms by source name).

    ``clock`` gives seconds since 1970, ``sleep`` waits; ``delays`` is what the user said, see ``Hosts``; ``most`` the budget of
    requests. ``tell`` is called after every answer. ``done`` says what was done for each source.
    """

    def __init__(
        self, frontier: Frontier, sites: Mapping[str, Platform], fetch: Fetch, keeper: Keeper, clock: Callable[[], float],
        sleep: Callable[[float], None], *, delays: Mapping[str, float] = MappingProxyType({}), most: int | None = None,
        tell: Callable[[int, Row | None], None] = lambda requests, row: None,
    ) -> None:
        self._frontier = frontier
        self._sites = sites
        self._fetch = fetch
        self._keeper = keeper
        self._clock = clock
        self._sleep = sleep
        self._hosts = Hosts(frontier, clock, delays)
        self._most = most
        self._tell = tell
        self._busy: set[str] = set()
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._asked: dict[str, int] = {}
        self._gone: list[tuple[Row, Exchange]] = []
        self._moved: dict[str, str] = {}
        self._parts: set[str] = set()  # of periods that took too long
        self.done = {source: Done() for source in sites}

    def run(self) -> dict[str, Done]:
        """Ask for all that is due, until nothing is left, the budget is spent, or every host wants to be left alone."""
        with self._frontier.step():
            self._frontier.leave_others(self._sites)
            for source, site in self._sites.items():
                self._begin(source, site)
        while True:
            wake = self._start_what_may()
            if self._busy:
                self._wait(None if wake is None else max(0.0, wake - self._clock()))
            elif wake is None:
                break
            else:
                self._sleep(max(0.0, wake - self._clock()))
        self._settle_gone()
        with self._frontier.step():
            for source in self._sites:
                self._frontier.end(source)
        for host, why in self._hosts.stopped().items():
            for source in self._frontier.sources_at(host):
                if source in self.done:
                    self.done[source].stopped[host] = why
        return self.done

    @property
    def requests(self) -> int:
        """How many requests were made, for all sources."""
        return sum(done.requests for done in self.done.values())

    def _begin(self, source: str, site: Platform) -> None:
        """Say what is to be asked for; a run that was cut off just goes on."""
        resuming = self._frontier.was_cut_off(source)
        if not resuming:
            self._frontier.begin(source, self._clock())
        self._frontier.add(source, site.first())
        self._frontier.narrow(source, site.scope)
        counts = self._frontier.counts(source)
        if not resuming and not counts.get("pending"):
            held = sum(counts.get(state, 0) for state in ("held", "gone"))
            most = min(int(held * SAME_DAY_SHARE), SAME_DAY_MOST) - self._frontier.waiting(source) - 1
            self._frontier.look_again(source, FRESH, most, site.scope)

    # Asking

    def _start_what_may(self) -> float | None:
        """Start a request wherever one may be made; when the next may be made elsewhere, None where nothing is left."""
        wake: float | None = None
        for host, due in self._frontier.hosts().items():
            if host in self._busy:
                continue
            pace = self._hosts.pace(host)
            if pace.stopped:
                with self._frontier.step():
                    self._frontier.put_off(host)
                continue
            if self._most is not None and self.requests + len(self._busy) >= self._most:
                return None
            ready = max(pace.ready_at, due)
            if ready > self._clock():
                wake = ready if wake is None else min(wake, ready)
            elif pace.robots is None:
                self._start(host, None)
            elif (row := self._next(host, pace.robots)) is not None:
                self._start(host, row)
            else:
                wake = self._clock() if wake is None else wake
        return wake

    def _next(self, host: str, robots: Robots) -> Row | None:
        """The next page that the host's robots.txt allows."""
        while (row := self._frontier.next(host, self._clock())) is not None:
            with self._frontier.step():
                if host in self._moved:
                    self._frontier.redirect(row, self._moved[host] + row.target.removeprefix(host))
                elif robots.allows(row.target):
                    return row
                else:
                    self._come_to_nothing(row, "disallowed", "robots.txt forbids it")
        return None

    def _start(self, host: str, row: Row | None) -> None:
        self._busy.add(host)
        url = row.target if row else self._hosts.robots_url(host)
        source = row.source if row else next(one for one in self._frontier.sources_at(host) if one in self._sites)
        validators = {}
        # The same page at another host is the same: it was the other host that said so.
        if row and row.sha256 and row.target.removeprefix(host) == row.task.url.removeprefix(host_of(row.task.url)):
            conditions = (("If-None-Match", row.etag), ("If-Modified-Since", row.last_modified))
            validators = {name: said for name, said in conditions if said}

        def ask() -> None:
            try:
                answer: Exchange | FetchError = self._fetch(url, validators)
            except FetchError as error:
                answer = error
            except Exception as error:
                # A defect of ours on one answer is a failure of that page alone.
                answer = FetchError(f"could not be asked for ({type(error).__name__}: {error})")
            self._outcomes.put(_Outcome(host, source, row, answer))

        # A thread that goes with the process: an interrupt never waits for a slow server.
        threading.Thread(target=ask, daemon=True, name=f"ask {host}").start()

    def _wait(self, timeout: float | None) -> None:
        """Take the next outcome, waiting ``timeout`` seconds for it (None: as long as it takes)."""
        while True:
            try:
                # In short waits: on Windows a wait without end can't be interrupted.
                outcome = self._outcomes.get(timeout=0.5 if timeout is None else min(timeout, 0.5))
            except queue.Empty:
                if timeout is not None and (timeout := timeout - 0.5) <= 0:
                    return
                continue
            break
        self._busy.discard(outcome.host)
        self.done[outcome.source].requests += 1
        pace = self._hosts.pace(outcome.host)
        pace.answered(self._clock())
        with self._frontier.step():
            if outcome.row is None:
                self._hosts.take_robots(outcome.host, outcome.answer)
            else:
                self._asked[outcome.host] = self._asked.get(outcome.host, 0) + 1
                self._take(outcome.row, outcome.answer, pace)
        self._keeper.rest()
        self._tell(self.requests, outcome.row)

    def refollow(self, source: str, kinds: Collection[str], read: Callable[[str], bytes | None]) -> None:
        """Follow anew what is held of a source in pages of ``kinds``, without a request: more is wanted of it than before.

        ``read`` gives a capture's bytes, None where they are damaged: then the page is asked for again.
        """
        now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
        for row in [one for one in self._frontier.rows(source, "held") if one.sha256 and one.task.kind in kinds]:
            content = read(row.sha256)
            with self._frontier.step():
                if content is None:
                    self._frontier.forget_validators(row)
                    continue
                held = Exchange(row.task.url, b"", 200, b"", content, now)
                self._follow(row, self._sites[source].follow(row.task, held, _Known(self._frontier, source)))

    # Judging

    def _take(self, row: Row, answer: Exchange | FetchError, pace: Pace) -> None:
        if isinstance(answer, FetchError):
            if answer.refused:
                self._come_to_nothing(row, "failed", str(answer))
            else:
                self._try_again(row, str(answer), pace)
            return
        site = self._sites[row.source]
        verdict = judge(row.task, answer, site.doubt(row.task, answer) if 200 <= answer.status < 300 else "")
        # Whatever it comes with: an error, a challenge, a redirect.
        said = read_retry_after(field_of(answer, "retry-after"), self._clock()) if answer.status >= 300 else None
        if said is not None:
            self._hosts.hold(host_of(row.target), said, asked=True)
        match verdict.kind:
            case "page":
                pace.went_well()
                self._take_page(row, answer, site)
            case "same":
                self._take_same(row, answer, pace)
            case "moved":
                self._take_redirect(row, answer, verdict.reason)
            case "cut":
                self._take_part(row, answer, verdict.reason, pace)
            case "busy" | "failed":
                if verdict.kind == "busy" and said is None:
                    self._hosts.hold(host_of(row.target), BACK_OFF[min(row.tries, len(BACK_OFF) - 1)], asked=False)
                # What is answered, but no answer, does not come right in halves.
                self._try_again(row, verdict.reason, pace, wait=said, whole=200 <= answer.status < 300)
            case "gone":
                self._take_absence(row, answer, verdict.reason, pace)
            case "blocked":
                if not row.task.probe or verdict.challenge:
                    pace.was_challenged()
                self._come_to_nothing(row, "blocked", verdict.reason, shown=verdict.challenge)

    def _take_page(self, row: Row, answer: Exchange, site: Platform) -> None:
        if row.task.key == NEWS:  # it points at what is kept, and is another one every day
            self._follow(row, site.follow(row.task, answer, _Known(self._frontier, row.source)))
            self._settle(row, "held")
            return
        sha256, told = hashlib.sha256(answer.content).hexdigest(), digest(answer.content)
        as_before = bool(row.sha256) and (
            sha256 == row.sha256 or row.digest == told or self._keeper.alike(row.sha256, answer)
        )
        # What differs in noise alone is not kept again, unless it has to come after what has changed beside it.
        if as_before and sha256 != row.sha256 and row.reason != AGAIN:
            sha256 = row.sha256
        else:
            new = self._keeper.keep(row.source, answer, sha256 != row.sha256 or row.state == "gone")
            self.done[row.source].captures += new
        self.done[row.source].unchanged += as_before
        found = site.follow(row.task, answer, _Known(self._frontier, row.source))
        self._follow(row, found)
        stamps = {"etag": field_of(answer, "etag"), "last_modified": field_of(answer, "last-modified")}
        self._settle(row, "held", sha256=sha256, digest=told, **stamps)
        if row.sha256 and not as_before:
            self._frontier.ask_again(row.source, row.task.meeting, after=RANK[row.task.kind])

    def _follow(self, row: Row, found: Found) -> None:
        self._frontier.name_bodies(row.source, found.bodies)
        self._frontier.add(row.source, found.tasks)
        notes = self.done[row.source].notes
        if found.note and found.note not in notes:
            notes.append(found.note)
        for meeting in found.changed:
            self._frontier.ask_again(row.source, meeting)
        if found.changed:
            self._frontier.narrow(row.source, self._sites[row.source].scope)
        listed = {task.meeting for task in found.tasks if task.meeting}
        if found.period and listed:
            self._frontier.ask_unlisted(row.source, row.task.body, listed, *found.period)

    def _take_same(self, row: Row, answer: Exchange, pace: Pace) -> None:
        if row.sha256 and self._keeper.again(row.source, row.sha256, answer, row.state == "gone"):
            pace.went_well()
            self.done[row.source].unchanged += 1
            self._settle(row, "held")
        elif row.etag or row.last_modified:
            self._frontier.forget_validators(row)  # it says "as it was" of what is not held
        else:
            self._try_again(row, "answered 304 to a request without conditions", pace)

    def _take_part(self, row: Row, answer: Exchange, reason: str, pace: Pace) -> None:
        """Keep a body that was cut short as that; the whole is still wanted."""
        if answer.content:
            self.done[row.source].captures += self._keeper.keep(row.source, answer, False)
        if answer.truncated == "length":
            self._come_to_nothing(row, "failed", reason)
        else:
            self._try_again(row, reason, pace)

    def _take_redirect(self, row: Row, answer: Exchange, where: str) -> None:
        target = absolute_url(where, answer.url)
        if not target or not target.lower().startswith(("http:", "https:")):
            self._come_to_nothing(row, "failed", "leads to what is no address on the web")
        elif stand_in := ends_at(target):
            self._come_to_nothing(row, "blocked", stand_in)
        elif row.hops >= MOST_HOPS:
            self._come_to_nothing(row, "failed", f"was redirected more than {MOST_HOPS} times")
        else:
            target = target.partition("#")[0]
            here, there = host_of(row.target), host_of(target)
            if here != there and there not in self._moved and target.removeprefix(there) == row.target.removeprefix(here):
                self._moved.setdefault(here, there)  # from http to https, say: its other pages are asked for there at once
            self._frontier.redirect(row, target)

    def _take_absence(self, row: Row, answer: Exchange, reason: str, pace: Pace) -> None:
        if not row.sha256:
            self._come_to_nothing(row, "failed", reason)
            return
        if row.state == "gone":
            self._settle(row, "gone", reason)
            return
        # Whether it was taken down, or the whole site is away, is told at the end of the run.
        self._gone.append((row, answer))
        self._frontier.settle(row, row.state, self._clock(), self._clock(), reason)

    def _settle_gone(self) -> None:
        """What was held and answered "not there" is gone, unless so much is that the site itself must have moved."""
        for host in {host_of(row.target) for row, _ in self._gone}:
            mine = [(row, answer) for row, answer in self._gone if host_of(row.target) == host]
            if len(mine) >= _MANY_GONE and 2 * len(mine) > self._asked.get(host, 0):
                note = f"{len(mine)} pages that are held were not found at {host}: the site may have moved"
                self.done[mine[0][0].source].notes.append(note)
                continue
            with self._frontier.step():
                for row, answer in mine:
                    self._keeper.gone(row.source, row.sha256, answer)
                    self._settle(row, "gone", row.reason or f"answered {answer.status}")
        self._keeper.rest()

    def _try_again(self, row: Row, reason: str, pace: Pace, wait: float | None = None, whole: bool = False) -> None:
        halves = () if whole else self._sites[row.source].halves(row.task)
        if row.tries < (1 if halves or row.task.probe else len(BACK_OFF)):
            self._frontier.retry(row, self._clock() + max(BACK_OFF[row.tries], wait or 0.0), reason)
        elif halves:
            # Where no part of it can be had either, it is not the period that is too long.
            if row.task.key in self._parts:
                pace.went_wrong(row.task.key)
            self._parts |= {one.key for one in halves}
            self._frontier.add(row.source, halves)
            self._settle(row, "absent", f"{reason}; asked for in two halves")
        else:
            pace.went_wrong(row.task.key)
            self._come_to_nothing(row, "failed", reason)

    def _come_to_nothing(self, row: Row, state: str, reason: str, *, shown: bool = False) -> None:
        """Settle what could not be had, and ask for what may stand in its place; ``shown`` to the user even so."""
        instead = self._sites[row.source].instead(row.task)
        self._frontier.add(row.source, instead)
        self._settle(row, state if shown or not (row.task.probe or instead) else "absent", reason)

    def _settle(self, row: Row, state: str, reason: str = "", **more: str) -> None:
        now = self._clock()
        today = dt.datetime.fromtimestamp(now, dt.UTC).date()
        self._frontier.settle(row, state, now, now + wait_for(row.task, state, today, reason), reason, **more)
