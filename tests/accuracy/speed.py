"""Speed: how long a large page takes, how many pages a second a folder loads at, and what memory that holds.

    PYTHONPATH=src:tests python -m accuracy.speed [--pages 250 500 1000]

The pages are those of the fictional council, over and over in other weeks under other ids, each with words of its own. Loading
is ``minutes add`` as a user runs it, its memory that of all its processes at their highest (Linux alone tells it).
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from council.render import MEETINGS, meeting_page
from council.source import SourceItem, SourceMeeting, read_council
from minutes_archive.parse import read

LARGE = 100_000
_LOOKS_A_SECOND = 20


def large_page(size: int = LARGE) -> bytes:
    """A meeting page of ``size`` bytes or little more: one meeting with the items of several."""
    meetings = _meetings()
    items = [item for meeting in meetings for item in meeting.items]
    count = next(
        count for count in range(len(items)) if len(meeting_page(replace(meetings[0], items=tuple(items[:count])))) >= size
    )
    return meeting_page(replace(meetings[0], items=tuple(items[:count]))).encode()


def many_pages(count: int) -> list[tuple[str, bytes]]:
    """``count`` meeting pages, each of a meeting of its own: their names and bytes."""
    meetings = _meetings()
    pages = []
    for number in range(count):
        source, again = meetings[number % len(meetings)], number // len(meetings)
        meeting = replace(
            source, meeting=f"{source.meeting}{again:03}", date=source.date - dt.timedelta(weeks=again),
            items=tuple(_item(item, again) for item in source.items),
        )
        pages.append((f"ieListDocuments-{meeting.meeting}.html", meeting_page(meeting).encode("cp1252", "xmlcharrefreplace")))
    return pages


def seconds_to_read(page: bytes, times: int = 20) -> float:
    """Processor seconds that reading ``page`` takes: the least of several times, for the machine may have other work."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        read(page)
        taken.append(time.process_time() - start)
    return min(taken)


def load(count: int, folder: Path) -> tuple[float, float, int]:
    """Load ``count`` pages into a new archive below ``folder``: seconds by the clock, of processors, and peak memory in bytes."""
    pages = folder / f"pages-{count}"
    pages.mkdir()
    for name, content in many_pages(count):
        (pages / name).write_bytes(content)
    archive = folder / f"archive-{count}"
    command = [sys.executable, "-m", "minutes_archive", "--archive", str(archive), "add", "--no-index", str(pages)]
    start, before = time.monotonic(), os.times()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as loading:
        peaks: dict[int, int] = {}
        while loading.poll() is None:
            for one in [loading.pid, *_children(loading.pid)]:
                peaks[one] = max(peaks.get(one, 0), _held(one))
            time.sleep(1 / _LOOKS_A_SECOND)
    if loading.returncode:
        raise SystemExit(f"minutes add ended with {loading.returncode}")
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - start, processor, sum(peaks.values())


def _meetings() -> Sequence[SourceMeeting]:
    return [replace(one, layout="page") for one in read_council(MEETINGS) if one.items]


def _item(item: SourceItem, again: int) -> SourceItem:
    minutes = f"{item.minutes}\n\nThis was entry {again} of the register for {item.title}." if item.minutes else ""
    return replace(item, id=f"{item.id}{again:03}", minutes=minutes, parent=None)


def _children(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in path.read_text().split()] if path.exists() else []


def _held(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description="Measure how fast pages are read and loaded.")
    arguments.add_argument("--pages", type=int, nargs="+", default=[250, 500, 1000])
    asked = arguments.parse_args()
    page = large_page()
    print(f"a meeting page of {len(page) / 1000:.0f} KB is read in {1000 * seconds_to_read(page):.1f} ms", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.pages:
            seconds, processor, memory = load(count, Path(folder))
            peak = f", {memory / 1_048_576:.0f} MB at most" if memory else ""
            rate = f"{count / seconds:5.1f} a second ({1000 * processor / count:.0f} ms of a processor each)"
            print(f"{count:>5} pages load in {seconds:5.1f} s, {rate}{peak}", flush=True)


if __name__ == "__main__":
    main()
