"""Workers: segments built in processes of their own.

What is to be indexed goes into a file, the feed; the process is told how far it may read, and builds while more comes.
If it dies, another one begins again with the same feed. Like the readers of pages it is a plain child process: one of
``multiprocessing`` would run the caller's main script again.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from minutes_archive.bounded.worker import receive, send
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.model import Meeting
from minutes_archive.search.whoosh.draft import Draft
from minutes_archive.search.whoosh.stream import Chunks

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from minutes_archive.search.whoosh.worker import serve; serve()"
)
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_STEP = 1 << 18
_TRIES = 3
_END = -1
_ABANDONED = -2
_DONE = b"done\n"


class Feed:
    """The meetings of one segment, in a file beside it; ``path`` is where the segment is to stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path.with_suffix(".feed")
        self.marks: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._stream = self.source.open("xb")
        self._told = 0

    def put(self, meeting: Meeting) -> None:
        """Add a meeting."""
        send(self._stream, meeting)
        if self._stream.tell() - self._told > _STEP:
            self._tell()

    def end(self) -> None:
        """Say that the segment is complete."""
        self._tell()
        self._stream.close()
        self.marks.put(_END)

    def abandon(self) -> None:
        """Say that the segment is not wanted any more."""
        self._stream.close()
        self.marks.put(_ABANDONED)

    def _tell(self) -> None:
        self._told = self._stream.tell()
        self.marks.put(self._told)


class Workers:
    """The processes that help. One that has built a segment builds the next: it knows most words by then."""

    def __init__(self) -> None:
        self._idle: list[subprocess.Popen[bytes]] = []

    def build(self, feed: Feed) -> None:
        """Have the segment of ``feed`` built, again by another process if one dies. Raises ``MinutesArchiveError`` at last."""
        told: list[int] = []
        for _ in range(_TRIES):
            feed.path.unlink(missing_ok=True)
            if self._is_built(feed, told):
                feed.source.unlink()
                return
        raise MinutesArchiveError(
            f"the index could not be built: its process ended {_TRIES} times; is there memory left? "
            "Try again, with less else running"
        )

    def close(self) -> None:
        """Let the processes go; none is at work any more."""
        while self._idle:
            _end(self._idle.pop())

    def _is_built(self, feed: Feed, told: list[int]) -> bool:
        """Whether a process built the segment, or nobody wants it; ``told`` are the marks that were passed on before."""
        process = None
        try:
            process = self._idle.pop() if self._idle else _started()
            if _is_answered(process, feed, told):
                self._idle.append(process)
                return True
        except OSError:  # it is gone, or could not be started
            pass
        if process is not None:
            process.kill()
            _end(process)
        return bool(told) and told[-1] == _ABANDONED


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _START, json.dumps(sys.path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_NO_WINDOW)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that has nothing to do any more, or was killed."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was left to be written to a dead one
                pipe.close()
    process.wait()


def _is_answered(process: subprocess.Popen[bytes], feed: Feed, told: list[int]) -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    _tell(process.stdin, json.dumps([str(feed.source), str(feed.path)]))
    for mark in list(told):
        _tell(process.stdin, str(mark))
    while not told or told[-1] >= 0:
        told.append(feed.marks.get())
        if told[-1] != _ABANDONED:
            _tell(process.stdin, str(told[-1]))
    return told[-1] == _END and process.stdout.readline() == _DONE


def _tell(pipe: IO[bytes], line: str) -> None:
    pipe.write(f"{line}\n".encode())
    pipe.flush()


def serve() -> None:
    """Build segments, as long as stdin names them: a feed and a path, then how far the feed is written."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is meant for the process that asks
    gc.disable()  # nothing that is made here goes round in circles
    chunks = Chunks()
    for line in sys.stdin.buffer:
        source, path = json.loads(line)
        draft = Draft(chunks)
        with Path(source).open("rb") as stream:
            for mark in sys.stdin.buffer:
                if int(mark) < 0:
                    break
                while stream.tell() < int(mark):
                    draft.put(receive(stream))
            else:
                os._exit(1)  # whoever asked is gone
        draft.write(Path(path))
        sys.stdout.buffer.write(_DONE)
        sys.stdout.buffer.flush()
