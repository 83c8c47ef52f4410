"""What a crawl costs: the crawler itself over many small pages (waiting for the disk apart), then the whole way into records.

PYTHONPATH=src:tests python -m crawl.measure [PAGES]      or: make load
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from fakes.clock import Clock
from fakes.server import Request
from fakes.site import FakeCouncil, default_meetings
from minutes_archive.capture import CaptureStore
from minutes_archive.crawl.crawler import Crawler
from minutes_archive.crawl.frontier import Frontier
from minutes_archive.crawl.moderngov import ModernGov
from minutes_archive.crawl.task import Scope
from minutes_archive.crawling import Wish, crawl
from minutes_archive.finding import Means
from minutes_archive.model import Exchange
from minutes_archive.sources import Source
from minutes_archive.workspace import Workspace

BASE = "http://democracy.fenmoor.example/"
FILLING = "".join(
    f"<tr><td class='mgItemNumberCell'>{n}</td><td><p class='mgAiTitleTxt'>Item {n}</p>{'words ' * 60}</td></tr>"
    for n in range(60)
)


class Kept:
    """A keeper that keeps, and records nothing."""

    def __init__(self, store: CaptureStore, run) -> None:
        self._run, self._count = run, 0

    def keep(self, source: str, answer: Exchange, changed: bool) -> bool:
        """Keep it."""
        return self._run.keep_answer(answer, council=source, audience=None).new

    def again(self, source: str, sha256: str, answer: Exchange, changed: bool) -> bool:
        """Note it."""
        return self._run.see_again(sha256, answer) is not None

    def gone(self, source: str, sha256: str, answer: Exchange) -> None:
        """Note it."""

    def alike(self, sha256: str, answer: Exchange) -> bool:
        """No."""
        return False

    def rest(self) -> None:
        """Put it on the disk now and then."""
        self._count += 1
        if self._count % 50 == 0:
            self._run.commit()


def measure(pages: int) -> tuple[float, float]:
    """Milliseconds of processor time a page, and the most megabytes in use."""
    clock = Clock()
    spent = {"fetch": 0.0}
    meetings = (pages - 3) // 2

    def fetch(url: str, validators: dict[str, str] | None = None) -> Exchange:
        started = time.thread_time()
        if url.endswith("robots.txt"):
            answer = Exchange(url, b"GET", 404, b"HTTP/1.1 404 No\r\n\r\n", b"", clock.now())
        else:
            body = _body(url, meetings)
            answer = Exchange(
                url, b"GET / HTTP/1.1\r\n\r\n", 200, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body, clock.now()
            )
        spent["fetch"] += time.thread_time() - started
        return answer

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Path(folder) / "archive", writing=True)
        workspace.frontier.parent.mkdir(parents=True)
        store = CaptureStore(workspace, clock.now)
        frontier = Frontier(workspace.frontier)
        with store.run() as run:
            site = ModernGov(Scope(BASE, clock.now().date()))
            crawler = Crawler(frontier, {"fenmoor": site}, fetch, Kept(store, run), clock.time, clock.sleep)
            started = time.process_time()
            done = crawler.run()["fenmoor"]
            cost = time.process_time() - started - spent["fetch"]
        frontier.close()
    assert done.requests >= pages - 5, done
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return 1000 * cost / done.requests, peak


def measure_whole(pages: int) -> tuple[int, float, float]:
    """Crawl the fake council's meetings, each many times over, as far as the records.

    The requests made, the most megabytes in use, and those of the process that reads pages.
    """
    clock = Clock()
    models = list(default_meetings().values())
    council = FakeCouncil(validators=False, messy=False)
    council.meetings = {}
    for number in range((pages - 12) * 3 // 10):  # of each the service's answer, the page, and one or two files
        model = models[number % len(models)]
        items = tuple(replace(item, id=f"{number:06}{place:03}", documents=()) for place, item in enumerate(model.items))
        day = dt.date(2000, 1, 3) + dt.timedelta(days=number)
        council.meetings[str(10_000 + number)] = replace(model, meeting=str(10_000 + number), date=day, items=items)

    def fetch(url: str, validators: dict[str, str] | None = None) -> Exchange:
        reply = council(Request(url.removeprefix(BASE[:-1]), {}))
        media_type = reply.fields.get("Content-Type", "text/html")
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Type: {media_type}\r\n\r\n".encode()
        return Exchange(url, b"GET / HTTP/1.1\r\n\r\n", reply.status, head, reply.body, clock.now(), media_type)

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Path(folder) / "archive", writing=True)
        with workspace.crawl_lock():
            means = Means(fetch, clock.now, clock.sleep)
            [done] = crawl(workspace, [Source("fenmoor", BASE, "moderngov")], Wish(), means, lambda problem: None).values()
    assert done.requests >= 0.8 * pages, done
    assert done.meetings == len(council.meetings), done
    mine, readers = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return done.requests, mine, readers


def _body(url: str, meetings: int) -> bytes:
    if "GetCommittees" in url:
        one = b"<committee><committeeid>1</committeeid><committeetitle>Council</committeetitle></committee>"
        return b"<committees>" + one + b"</committees>"
    if "GetMeetings" in url:
        rows = "".join(
            f"<meeting><meetingid>{n}</meetingid>"
            f"<meetingdate>{n % 28 + 1:02d}/{n % 12 + 1:02d}/{2000 + n % 25}</meetingdate></meeting>"
            for n in range(1, meetings + 1)
        )
        return f"<getmeetings>{rows}</getmeetings>".encode()
    if "GetMeeting?" in url:
        return f"<meeting><meetingid>{url.rpartition('=')[2]}</meetingid>{'words ' * 3000}</meeting>".encode()
    return f"<html><body id=\"modgov\"><h1 class='mgMainTitleTxt'>{url}</h1><table>{FILLING}</table></body></html>".encode()


if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    each, peak = measure(wanted)
    print(f"the crawler alone, {wanted:,} pages: {each:.2f} ms of processor time a page, {peak:.0f} MB at most", flush=True)
    requests, peak, readers = measure_whole(wanted)
    print(f"as far as the records, {requests:,} pages: {peak:.0f} MB at most, and {readers:.0f} MB in a process that reads pages")
