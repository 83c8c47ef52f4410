"""Building: meetings into segments, each of which is closed when it is full; large ones in processes of their own.

Where a segment ends depends on the meetings alone: however many processes help, the files are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from minutes_archive.model import Meeting
from minutes_archive.search.whoosh.draft import Draft, Fill
from minutes_archive.search.whoosh.stream import Chunks
from minutes_archive.search.whoosh.worker import Feed, Workers

# A process takes longer to start than so few items (about 2,000) take to be indexed.
_FEW_CHARACTERS = 2_000_000
# Each takes some 250 MB.
_MOST_WORKERS = 2


class Builder:
    """Makes segments of meetings. ``next_path`` names the files; ``workers`` is how many processes may help, 0 for none."""

    def __init__(self, next_path: Callable[[], Path], workers: int) -> None:
        self._next_path = next_path
        self._most = min(workers, _MOST_WORKERS)
        self._workers = Workers()
        self._chunks = Chunks()
        self._fill = Fill()
        self._held: list[Meeting] = []
        self._draft: Draft | None = None
        self._feed: Feed | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._running: set[Future[None]] = set()
        self._done: list[str] = []

    def put(self, meeting: Meeting) -> None:
        """Take in a meeting."""
        if not self._fill.has_room(meeting):
            self._close()
            self._fill.has_room(meeting)
        if self._feed is not None:
            self._feed.put(meeting)
        elif self._draft is not None:
            self._draft.put(meeting)
        else:
            self._held.append(meeting)
            if self._fill.characters > _FEW_CHARACTERS:
                self._begin()

    def finish(self) -> list[str]:
        """The names of all segments that were made, in order. Raises what a worker could not get over."""
        if self._held or self._draft or self._feed:
            self._close()
        self._wait_for(0)
        self._stop()
        return self._done

    def abandon(self) -> None:
        """Stop; what was written may be removed."""
        if self._feed is not None:
            self._feed.abandon()
        self._stop()

    def _begin(self) -> None:
        """Begin with the segment whose meetings were held so far."""
        held, self._held = self._held, []
        if self._most:
            self._wait_for(self._most - 1)
            self._threads = self._threads or ThreadPoolExecutor(self._most, "segments")
            self._feed = Feed(self._next_path())
            self._running.add(self._threads.submit(self._workers.build, self._feed))
            _put_all(self._feed, held)
        else:
            self._draft = Draft(self._chunks)
            _put_all(self._draft, held)

    def _close(self) -> None:
        if self._feed is not None:
            self._feed.end()
            self._done.append(self._feed.path.name)
        else:
            draft = self._draft or Draft(self._chunks)
            _put_all(draft, self._held)
            path = self._next_path()
            draft.write(path)
            self._done.append(path.name)
        self._fill, self._held, self._draft, self._feed = Fill(), [], None, None

    def _wait_for(self, most: int) -> None:
        """Wait until no more than ``most`` segments are being built."""
        while len(self._running) > most:
            done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
            for one in done:
                one.result()

    def _stop(self) -> None:
        if self._threads is not None:
            self._threads.shutdown()
            self._threads = None
        self._workers.close()


def _put_all(target: Draft | Feed, meetings: Iterable[Meeting]) -> None:
    for meeting in meetings:
        target.put(meeting)
