"""Memory: what a process and those that it started hold together, watched while something runs."""

from __future__ import annotations

import os
import re
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY = 0.1
_PROC = Path("/proc")


class Watch:
    """The most that was seen, in MB; of pages that several processes hold, each counts its share."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()

    def look(self) -> None:
        """Look once."""
        self.most = max(self.most, sum(_share(process) for process in _family(os.getpid())))

    def go_on(self) -> None:
        """Look again and again, until it is over."""
        while not self._over.wait(_EVERY):
            self.look()

    def end(self) -> None:
        """It is over."""
        self._over.set()


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch what is done meanwhile. Where the system does not tell, it is the sum of the peaks."""
    watch = Watch()
    thread = threading.Thread(target=watch.go_on, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
        if not watch.most:
            watch.most = sum(
                resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )


def peak() -> float:
    """The most memory that this process held, in MB. What ``getrusage`` tells begins with that of the parent."""
    return _told(_PROC / "self" / "status", "VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def own() -> float:
    """What this process holds for itself now, in MB: without pages of files, which the system takes back when it needs them."""
    return _told(_PROC / "self" / "status", "RssAnon")


def _family(process: int) -> Iterator[int]:
    yield process
    for told in _PROC.glob(f"{process}/task/*/children"):
        for child in _read(told).split():
            yield from _family(int(child))


def _share(process: int) -> float:
    return _told(_PROC / str(process) / "smaps_rollup", "Pss")


def _told(path: Path, name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB", _read(path), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended, or there is no such file on this system
        return ""
