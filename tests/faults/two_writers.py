"""Two writers and a reader: each writer adds pages one by one to one archive, and a reader asks all the while.

Both writers are processes as ``minutes add`` would be, but for going on at once: so the lock is asked for again as soon as it
is let go, which is the worst for whoever waits.
"""

from __future__ import annotations

import datetime as dt
import json
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from faults.child import process_context
from faults.trial import Case, Trial
from minutes_archive import Archive
from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.errors import NotFoundError
from minutes_archive.pipeline import Archiver
from minutes_archive.workspace import Workspace

_DAY = dt.datetime(2024, 7, 17, 12, 0, tzinfo=dt.UTC)
_WRITERS = ("ash", "beech")
_FULL = 10
# So many updates of each writer come to the campaign's thousand; a few in the ordinary run.
_UPDATES = {_FULL: 50}
_FEW = 6


def attempt(case: Case) -> str | None:
    """Let two processes add pages while a third, this one, reads."""
    updates = _UPDATES.get(case.count, _FEW)
    archive = (case.folder / "archive").resolve()
    add_record(archive, case.folder, "first", 0)
    context = process_context()
    ears, processes = [], []
    for name in _WRITERS:
        ear, mouth = context.Pipe(duplex=False)
        process = context.Process(target=_write, args=(archive, case.folder, name, updates, mouth))
        process.start()
        mouth.close()
        ears.append(ear)
        processes.append(process)
    faults, reads = [], 0
    while any(process.is_alive() for process in processes):
        reads += 1
        if fault := _read(archive):
            faults.append(f"reader: {fault}")
            break
    told = [_heard(ear) for ear in ears]
    for process in processes:
        process.join()
    faults += [f"writer: {one}" for one in told if one]
    expected = {f"{name}/{number}/1" for name in _WRITERS for number in range(updates)} | {"first/0/1"}
    return "; ".join(faults) or missing(archive, expected, len(expected))


def _write(archive: Path, folder: Path, name: str, updates: int, mouth: Connection) -> None:
    """Add so many pages, each as a command of its own; say what went wrong, or nothing."""
    said = ""
    try:
        for number in range(updates):
            add_record(archive, folder, name, number)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    mouth.send(said)
    mouth.close()


def _heard(ear: Connection) -> str:
    try:
        return str(ear.recv())
    except EOFError:
        return "it ended without a word"


def add_record(archive: Path, folder: Path, name: str, number: int, turn: int = 0) -> None:
    """What ``minutes add`` does with a file in ``folder``, the record of one meeting; each ``turn`` says another thing."""
    file = folder / f"{name}-{number}.jsonl"
    file.write_text(json.dumps(_record(name, number, turn)) + "\n", "utf-8")
    workspace = Workspace.open(archive, writing=True)
    with workspace.writer_lock():
        archiver = Archiver(workspace, lambda: dt.datetime.now(dt.UTC), lambda problem: None)
        archiver.add([file])
        update_index(workspace)


def _record(name: str, number: int, turn: int) -> dict[str, Any]:
    """The record of a meeting with one item."""
    meeting = f"{name}/{number}"
    item = {
        "id": f"{meeting}/1", "ordinal": 1, "title": f"Item {number} of {name}", "audience": "public",
        "minutes_text": f"RESOLVED that it be noted. {turn}",
    }
    date = (dt.date(2020, 1, 1) + dt.timedelta(number * 9)).isoformat()
    return {
        "schema": "minutes-archive/meeting/1", "source": {"path": f"{name}.html"},
        "meeting": {"id": meeting, "council": "thornmere", "body": name.title(), "date": date, "audience": "public"},
        "items": [item],
    }


def _read(archive: Path) -> str | None:
    """Search, show, list and check, as a person would who knows of no writer; what went wrong."""
    try:
        with Archive.open(archive, Audience.PUBLIC) as opened:
            hits = opened.search("noted", limit=1000).hits
            for hit in (hits[0], hits[-1]):
                opened.show(hit.id)
            if list(opened.register()) or opened.search("first").total < 1:
                return "it found what there is not, or not what there is"
            opened.follow(hits[len(hits) // 2].id)
        store = CaptureStore(Workspace.open(archive), lambda: _DAY)
        for capture in store.captures():
            store.read(capture.sha256)
        problems = [problem for problem in check_captures(Workspace.open(archive)) if problem.severity == "error"]
    except NotFoundError as error:
        return f"what was found is not to be had: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return str(problems[0]) if problems else None


def missing(archive: Path, expected: set[str], captures: int) -> str | None:
    """What is not there of the items ``expected`` and of so many captures."""
    with Archive.open(archive) as opened:
        found = {hit.id for hit in opened.search(limit=10_000).hits}
        shown = {item.id for one in expected if (item := opened.show(one)[1])}
    held = len(list(CaptureStore(Workspace.open(archive), lambda: _DAY).captures()))
    if found != expected or shown != expected or held != captures:
        return f"of {len(expected)} items {len(found & expected)} are found, {len(shown)} recorded; {held} of {captures} kept"
    return None


TRIAL = Trial(
    6, "two-writers",
    "two processes add a hundred pages between them while a third reads, ten times over: all there, no error of a lock or of "
    "the reader",
    full=_FULL, short=1, attempt=attempt,
)
