"""The reader: hands pages to workers and takes their readings back, in order, whatever becomes of a worker.

A worker is a plain child process and not one of ``multiprocessing``, which would run the caller's main script again:
whoever uses this package from a script of their own need not know that there is a worker. Nothing is read in the
calling process: no size of page is so small that a pattern could not take long over it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, TypeVar, cast

from minutes_archive.bounded.limits import OUT_OF_MEMORY, is_out_of_time
from minutes_archive.bounded.worker import receive, send
from minutes_archive.errors import LoadError
from minutes_archive.model import Problem, Reading

T = TypeVar("T")
# What is read: the bytes, the address they were fetched from, their media type.
Page = tuple[bytes, str | None, str | None]

_READ = "minutes_archive.parse.recognise:read"
_START = (
    "import json, sys; path, *arguments = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from minutes_archive.bounded.worker import serve; serve(*arguments)"
)
# A worker has this long to start. Slow disks and virus scanners are given their time.
_SECONDS_TO_START = 60.0
_SECONDS_TO_END = 5.0
_SECONDS_BETWEEN_KILLS = 0.1
# By the clock a page has so many times its seconds: on a busy machine it is not the page that takes them.
_PATIENCE = 6
_MOST_WORKERS = 2
# So many pages are read ahead of the one that is asked for: enough for the workers while a batch is recorded.
_AHEAD = 100
_BYTES_AHEAD = 16 * 1024 * 1024
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass(frozen=True)
class Limits:
    """What one page may take: ``seconds`` of a processor's time, ``memory`` in bytes held by the process that reads it."""

    seconds: float = 5.0
    memory: int = 176 * 1024 * 1024


class BoundedReader:
    """Reads pages in worker processes, started when they are first needed and reused. Threads may share it.

    ``function`` ("module:name") is what reads a page; it takes content, address and media type. ``workers`` is how many
    processes ``ahead`` may use; None means two, or one on a machine with one processor.
    """

    def __init__(self, function: str = _READ, limits: Limits = Limits(), workers: int | None = None) -> None:
        self._function = function
        self._limits = limits
        self._most = workers or min(_MOST_WORKERS, os.cpu_count() or 1)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> BoundedReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, content: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
        """What ``content`` holds, as ``parse.read`` tells it. A page that overruns its limits comes back as ``unread``.

        Raises LoadError where no worker can be started.
        """
        worker = self._take()
        try:
            answer = worker.ask((content, url, media_type), self._limits)
        except BaseException:
            worker.usable = False
            raise
        finally:
            self._give_back(worker)
        return answer

    def ahead(self, things: Iterable[T], page_of: Callable[[T], Page | None]) -> Iterator[tuple[T, Reading | None]]:
        """Each of ``things`` in its order, with the reading of its page; None where there is none to be read.

        Several are read at a time, a few ahead of the one that is asked for.
        """
        waiting: deque[tuple[T, int, Future[Reading] | None]] = deque()
        held = 0
        pool = ThreadPoolExecutor(self._most)
        try:
            for one in things:
                page = page_of(one)
                size = len(page[0]) if page else 0
                waiting.append((one, size, pool.submit(self.read, *page) if page else None))
                held += size
                while len(waiting) > _AHEAD or held > _BYTES_AHEAD:
                    held -= waiting[0][1]
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            while running := [reading for *_, reading in waiting if reading and not reading.done()]:
                # Broken off: nobody waits for what is being read, be it by a worker that is about to start.
                self.close()
                wait(running, _SECONDS_BETWEEN_KILLS)
            pool.shutdown()

    def close(self) -> None:
        """End the workers. The reader may be used again: it would start new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for worker in idle:
            worker.close()
        for worker in busy:
            # Whoever waits for its answer sees it end, and lets it go.
            worker.kill()

    def _take(self) -> _Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            # It may have died while it waited (a system short of memory kills what it likes): no page is to blame.
            if worker is not None and not worker.is_alive:
                worker.close()
                continue
            with self._lock:
                worker = worker or _Worker(self._function, self._limits)
                self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.usable:
                self._idle.append(worker)
                return
        worker.close()


def _next(waiting: deque[tuple[T, int, Future[Reading] | None]]) -> tuple[T, Reading | None]:
    one, _, reading = waiting[0]
    answer = one, reading.result() if reading else None
    waiting.popleft()
    return answer


@functools.cache
def shared_reader(function: str = _READ) -> BoundedReader:
    """The reader by ``function`` that this process shares; its workers end with the process."""
    reader = BoundedReader(function)
    atexit.register(reader.close)
    return reader


class _Worker:
    """One child process, and the pipes to it."""

    def __init__(self, function: str, limits: Limits) -> None:
        command = [sys.executable, "-c", _START, json.dumps([sys.path, function, limits.seconds, limits.memory])]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=_NO_WINDOW,
            )
        except OSError as error:
            raise LoadError(f"the process that reads pages can't be started: {error}") from error
        self.usable = True
        self._ready = False

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, page: Page, limits: Limits) -> Reading:
        """What the worker makes of ``page``; afterwards it may be of no further use. Raises LoadError where it did not start."""
        if not self._ready:
            self._wait_until_ready()
        answer, late = self._within(limits.seconds * _PATIENCE, page)
        if answer is not None:
            reading, failure, last = answer
            self.usable = not (last or late)
            return _failed(failure) if failure else cast(Reading, reading)
        self.usable = False
        status = self._ended()
        if late or is_out_of_time(status):
            return _cut_off(f"took over {limits.seconds:g} s to read")
        if status == OUT_OF_MEMORY:
            return _cut_off(f"took over {limits.memory // 1_048_576} MB of memory to read")
        return _cut_off(f"ended the process that read it (status {status})")

    def _wait_until_ready(self) -> None:
        answer, _ = self._within(_SECONDS_TO_START)
        if answer != "ready":
            self.usable = False
            raise LoadError(f"the process that reads pages ended as it started (status {self._ended()}): run it again")
        self._ready = True

    def kill(self) -> None:
        """End the process, whatever it is at. One that waits would end with its stdin, but has nothing to lose."""
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of it."""
        self._process.kill()
        self._let_go()

    def _within(self, seconds: float, page: Page | None = None) -> tuple[Any, bool]:
        """The worker's next answer, None where it ended first; and whether it was killed because ``seconds`` were over."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        answer = None
        try:
            if page is not None:
                send(self._stdin, page)
            answer = receive(self._stdout)
        except (EOFError, OSError):
            pass
        finally:
            timer.cancel()
            timer.join()
        return answer, late.is_set()

    def _ended(self) -> int:
        """The status of a process whose pipes have ended: it is about to end itself, or was killed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)
        self._process.kill()
        return self._let_go()

    def _let_go(self) -> int:
        with contextlib.suppress(OSError):
            self._stdin.close()
        self._stdout.close()
        return self._process.wait()

    @property
    def _stdin(self) -> BinaryIO:
        assert self._process.stdin is not None
        return cast(BinaryIO, self._process.stdin)

    @property
    def _stdout(self) -> BinaryIO:
        assert self._process.stdout is not None
        return cast(BinaryIO, self._process.stdout)


def _cut_off(what: str) -> Reading:
    return _unread("cut_off", f"{what} and was cut off; its bytes are kept, nothing in it can be found: add its parts, "
                              "or try again with `minutes index --retry`")


def _failed(error: str) -> Reading:
    """A parser that fails on content is our defect, never a reason to lose the bytes or stop the run."""
    return _unread("parser_failed", f"could not be read ({error}); its bytes are kept, the next version tries again")


def _unread(code: str, message: str) -> Reading:
    return Reading("unread", "unknown", "none", problems=(Problem(code, "error", "", message),))
