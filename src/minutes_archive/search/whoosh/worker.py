"""Workers: a segment built in a process of its own.

What is to be indexed goes into a file, the feed; the process is told how far it may read, and builds while more comes.
If it dies, another one begins again with the same feed. Like the readers of pages it is a plain child process: one of
``multiprocessing`` would run the caller's main script again.
"""

from __future__ import annotations

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

_START = (
    "import json, sys; path, *arguments = json.loads(sys.argv[1]); sys.path[:] = path; "
    "from minutes_archive.search.whoosh.worker import serve; serve(*arguments)"
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


def build(feed: Feed) -> None:
    """Have the segment of ``feed`` built, again by another process if one dies. Raises ``MinutesArchiveError`` at last."""
    told: list[int] = []
    for _ in range(_TRIES):
        feed.path.unlink(missing_ok=True)
        if _is_built(feed, told):
            feed.source.unlink()
            return
    raise MinutesArchiveError(
        f"the index could not be built: its process ended {_TRIES} times; is there memory left? "
        "Try again, with less else running"
    )


def _is_built(feed: Feed, told: list[int]) -> bool:
    """Whether a process built the segment, or nobody wants it; ``told`` are the marks that were passed on before."""
    arguments = json.dumps([sys.path, str(feed.source), str(feed.path)])
    command = [sys.executable, "-c", _START, arguments]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_NO_WINDOW) as process:
            return _is_answered(process, feed, told)
    except OSError:  # it is gone, or could not be started
        return False


def _is_answered(process: subprocess.Popen[bytes], feed: Feed, told: list[int]) -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    for mark in list(told):
        _tell(process.stdin, mark)
    while not told or told[-1] >= 0:
        told.append(feed.marks.get())
        _tell(process.stdin, told[-1])
    if told[-1] == _ABANDONED:
        process.kill()
        return True
    return process.stdout.readline() == _DONE


def _tell(pipe: IO[bytes], mark: int) -> None:
    pipe.write(b"%d\n" % mark)
    pipe.flush()


def serve(source: str, path: str) -> None:
    """Build the segment ``path`` from the feed ``source``, as far as stdin says that it is written."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is meant for the process that asks
    gc.disable()  # nothing that is made here goes round in circles
    draft = Draft()
    with Path(source).open("rb") as stream:
        for line in sys.stdin.buffer:
            if int(line) < 0:
                break
            while stream.tell() < int(line):
                draft.put(receive(stream))
        else:
            os._exit(1)  # whoever asked is gone
    draft.write(Path(path))
    sys.stdout.buffer.write(_DONE)
    sys.stdout.buffer.flush()
