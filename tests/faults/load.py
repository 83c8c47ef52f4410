"""Load: eight searchers, a loader and an export on one archive at once, each a process of its own, for a while.

    PYTHONPATH=src:tests python -m faults.load 60        for so many seconds
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from faults.child import process_context
from faults.commands import minutes
from faults.trial import Case, Trial
from faults.two_writers import add_record, missing
from minutes_archive import Archive

_SEARCHERS = 8
_FULL = 2
_SECONDS = {_FULL: 600.0}
_SHORT = 3.0
# The loader goes round: each of so many meetings is added anew when its turn comes.
_MEETINGS = 60
_BEGUN = 10
_QUERIES = ("noted", "item", "resolved that", '"it be noted"', "ite*", "first OR loader", "")
# What a process may grow by in the second half: pages of the allocator, not what it was asked for.
_MOST_GROWTH = 24 * 1024 * 1024


@dataclass(frozen=True)
class Report:
    """What a process did: how often, how much memory it took at most in the first half and in all, what went wrong."""

    name: str
    turns: int
    half: int
    most: int
    fault: str = ""


def attempt(case: Case) -> str | None:
    """Ten minutes of it in the campaign, a few seconds in the ordinary run."""
    return work(case.folder.resolve(), _SECONDS.get(case.count, _SHORT))


def work(folder: Path, seconds: float) -> str | None:
    """Let all of them work in ``folder`` for so many seconds; what fell short."""
    archive = folder / "archive"
    for number in range(_BEGUN):
        add_record(archive, folder, "loader", number)
    context, ears = process_context(), []
    tasks: list[tuple[str, Callable[[Path, Path, int], None]]] = [(f"searcher {one}", _search) for one in range(_SEARCHERS)]
    for name, task in (*tasks, ("loader", _load), ("export", _export)):
        ear, mouth = context.Pipe(duplex=False)
        context.Process(target=_repeat, args=(name, task, archive, folder, seconds, mouth)).start()
        mouth.close()
        ears.append((name, ear))
    reports = [_heard(name, ear) for name, ear in ears]
    for report in reports:
        if report.fault:
            return f"{report.name}, turn {report.turns}: {report.fault}"
        if report.most - report.half > _MOST_GROWTH:
            return f"{report.name} grew from {report.half >> 20} to {report.most >> 20} MB in {report.turns} turns"
    added = next(report.turns for report in reports if report.name == "loader")
    kept = {f"loader/{number}/1" for number in range(max(_BEGUN, min(added, _MEETINGS)))}
    return missing(archive, kept, _BEGUN + max(0, added - _BEGUN))


def _heard(name: str, ear: Connection) -> Report:
    try:
        report: Report = ear.recv()
    except EOFError:
        return Report(name, 0, 0, 0, "it ended without a word")
    return report


def _repeat(
    name: str, task: Callable[[Path, Path, int], None], archive: Path, folder: Path, seconds: float, mouth: Connection
) -> None:
    begun, half, turns, fault = time.monotonic(), 0, 0, ""
    try:
        for turns in count(_BEGUN if name == "loader" else 0):
            task(archive, folder, turns)
            passed = time.monotonic() - begun
            if not half and passed > seconds / 2:
                half = _most_memory()
            if passed > seconds:
                break
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
    mouth.send(Report(name, turns + 1, half, _most_memory(), fault))


def _search(archive: Path, folder: Path, turn: int) -> None:
    """Every query once, in an archive that stays open meanwhile."""
    with Archive.open(archive) as opened:
        for query in _QUERIES:
            page = opened.search(query, facets=True)
            if page.total < _BEGUN:
                raise AssertionError(f"{query!r} found {page.total} of at least {_BEGUN}")
        opened.show(page.hits[turn % len(page.hits)].id)


def _load(archive: Path, folder: Path, turn: int) -> None:
    add_record(archive, folder, "loader", turn % _MEETINGS, turn)


def _export(archive: Path, folder: Path, turn: int) -> None:
    status, told = minutes(["--archive", str(archive), "export", "site", str(folder / "site")])
    if status:
        raise AssertionError(told)


def _most_memory() -> int:
    """The most memory that this process has held so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - there is none on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


TRIAL = Trial(
    25, "load",
    "eight searchers, a loader and an export at once, for ten minutes: no error, nothing lost, memory flat",
    full=_FULL, short=1, attempt=attempt,
)

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(work(Path(made).resolve(), float(sys.argv[1])) or "held")
