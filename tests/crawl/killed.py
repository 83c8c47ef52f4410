"""Runs ``minutes`` and kills it at the N-th point where bytes, names or transactions go to the system. For test_kills.py.

python killed.py N crawl URL …       (N 0: is never killed; the number of points is printed to standard error)
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from minutes_archive.capture.members import Deflating
from minutes_archive.cli import main
from minutes_archive.crawl.http import Fetcher

fatal, count = int(sys.argv[1]), 0


def point() -> None:
    """One more point; the last one for this process."""
    global count  # noqa: PLW0603
    count += 1
    if count == fatal:
        if os.name == "nt":
            os._exit(9)
        os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    """Let a call be a point."""
    call = getattr(owner, name)

    def visited(*arguments: Any, **options: Any) -> Any:
        point()
        return call(*arguments, **options)

    setattr(owner, name, visited)


write = Deflating._put


def write_in_halves(member: Deflating, raw: bytes) -> None:
    """A kill may come inside a write."""
    for part in (raw[: len(raw) // 2], raw[len(raw) // 2 :]):
        point()
        write(member, part)


class Visited(sqlite3.Connection):
    """Every statement is a point."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Visit, then do it."""
        if str(arguments[0]).startswith(("BEGIN", "COMMIT", "INSERT", "UPDATE")):
            point()
        return super().execute(*arguments)


Deflating._put = write_in_halves  # type: ignore[method-assign]
for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Fetcher, "fetch")):
    before(owner, name)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **options: connect(*arguments, **{"factory": Visited, **options})  # type: ignore[assignment]
try:
    main(sys.argv[2:])
finally:
    print(f"points {count}", file=sys.stderr)
