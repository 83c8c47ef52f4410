"""Repairing: what ``checking`` finds damaged, made anew from what is sound, or put away; nothing is deleted.

    corpus/set-aside/     damaged WARC files with what was lost in them, damaged records, a damaged frontier

Each finding of ``check`` has one step that mends it, or a person has to. The order of ``STEPS`` is that of the pipeline: the
catalogue is made of the WARC files, the records of the captures, the index of the records. A step that would lose what
stands nowhere else is refused, with the reason. Killed at any point, a repair is begun anew.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from minutes_archive.access import Audience
from minutes_archive.archive import update_index
from minutes_archive.capture import CaptureStore, is_sound, put_damage_away, rebuild_catalogue, rewrite_ledger, unvouched
from minutes_archive.checking import check
from minutes_archive.crawl.frontier import parts_of
from minutes_archive.durable import free_path, make_folder, replace_file, sync_folder
from minutes_archive.errors import MinutesArchiveError, RecordError
from minutes_archive.model import Problem
from minutes_archive.naming import Names
from minutes_archive.pipeline import Archiver, Report
from minutes_archive.records import RecordStore, write_record
from minutes_archive.workspace import Workspace

# A step may bring to light what another has to mend: a catalogue made anew, and then what is damaged in the files.
_ROUNDS = 3


@dataclass(frozen=True)
class Bench:
    """What a step works on: the archive, what was found in it, the time, who is told of what on the way, and the captures
    (SHA-256) that were ``lost`` before; ``viewer`` is who reads what is said.
    """

    workspace: Workspace
    found: tuple[Problem, ...]
    now: Callable[[], datetime]
    report: Report
    lost: frozenset[str] = frozenset()
    viewer: Audience = Audience.PUBLIC

    def captures(self) -> CaptureStore:
        """The captures."""
        return CaptureStore(self.workspace, self.now)


@dataclass(frozen=True)
class Step:
    """One way of mending: the findings (codes) that it ``mends``, what it does in words, why it may not, and how.

    ``refuses`` gives the reason where the step would make things worse, otherwise None. ``act`` gives a line for each thing done.
    """

    name: str
    mends: frozenset[str]
    says: str
    refuses: Callable[[Bench], str | None]
    act: Callable[[Bench], Iterator[str]]

    def concerns(self, problems: Iterable[Problem]) -> bool:
        """Whether any of ``problems`` is one that it mends."""
        return any(problem.code in self.mends for problem in problems)


@dataclass(frozen=True)
class Planned:
    """A step that a repair will take, or will not: ``refused`` says why."""

    step: Step
    refused: str | None


def plan(
    workspace: Workspace, found: Iterable[Problem], now: Callable[[], datetime], viewer: Audience = Audience.PUBLIC
) -> list[Planned]:
    """The steps that mend what was ``found``, in order. Reads only."""
    bench = Bench(workspace, tuple(found), now, lambda problem: None, viewer=viewer)
    return [Planned(step, step.refuses(bench)) for step in STEPS if step.concerns(bench.found)]


def repair(
    workspace: Workspace, found: Iterable[Problem], now: Callable[[], datetime], report: Report, tell: Callable[[str], None],
    viewer: Audience = Audience.PUBLIC,
) -> list[Problem]:
    """Mend what was ``found``, telling each thing done; what ``check`` finds afterwards.

    Raises ``WorkspaceError`` where another process is writing, and ``VersionError``. A step that fails is told, the others go on.
    """
    left = tuple(found)
    with workspace.writer_lock(timeout=1.0):
        for _ in range(_ROUNDS):
            bench = Bench(workspace, left, now, report, _lost(workspace, now))
            for step in STEPS:
                # What an earlier step mended may allow a later one.
                if step.concerns(left) and step.refuses(bench) is None:
                    _take(step, bench, tell)
            before, left = left, tuple(check(workspace, viewer))
            if left in ((), before):
                break
    return list(left)


def _lost(workspace: Workspace, now: Callable[[], datetime]) -> frozenset[str]:
    sound = workspace.captures.is_dir() and is_sound(workspace.captures)
    return frozenset(CaptureStore(workspace, now).lost()) if sound else frozenset()


def _take(step: Step, bench: Bench, tell: Callable[[str], None]) -> None:
    try:
        for line in step.act(bench):
            tell(line)
    except (MinutesArchiveError, OSError, sqlite3.Error) as error:
        tell(f"not done: {step.says}: {error}")


# The catalogue and its second copy


def _refuse_catalogue(bench: Bench) -> str | None:
    """The rule by which ``index`` and ``add`` refuse, too: it stands in ``capture.recovery``."""
    folder = bench.workspace.captures
    return None if folder.is_dir() and is_sound(folder) else unvouched(folder)


def _make_catalogue(bench: Bench) -> Iterator[str]:
    rebuild_catalogue(bench.workspace.captures)
    yield "made the catalogue anew from the WARC files"


def _write_ledger(bench: Bench) -> Iterator[str]:
    rewrite_ledger(bench.workspace)
    yield "wrote the ledger anew, from the catalogue"


# The captures


def _put_captures_away(bench: Bench) -> Iterator[str]:
    for one in put_damage_away(bench.workspace):
        where = f"; what was damaged: {_shown(bench, one.copy)}" if one.copy else ""
        yield f"{one.name}: {len(one.lost)} captures lost, all others stay{where}"
        if kept := _keep_records(bench, one.name, {meeting for _, meetings in one.lost for meeting in meetings}):
            yield f"what was read off the lost captures: {_shown(bench, kept)}"


def _keep_records(bench: Bench, name: str, meetings: Iterable[str]) -> Path | None:
    """Copy the records that rest on lost captures: when their meeting is put together anew, that will be without these."""
    with contextlib.suppress(RecordError):
        store = RecordStore(bench.workspace)
        lines = [write_record(one) + "\n" for one in map(store.get, sorted(meetings)) if one]
        if lines:
            path = free_path(bench.workspace.set_aside / f"{name}.records.jsonl")
            replace_file(path, "".join(lines).encode())
            return path
    return None


# The records


def _refuse_records(bench: Bench) -> str | None:
    """Records whose captures are not all there hold what stands nowhere else."""
    if refused := _refuse_catalogue(bench):
        return refused
    if not is_sound(bench.workspace.captures):  # it is made anew first
        return None
    try:
        files = RecordStore(bench.workspace).unreadable()
        meetings = {one for ids in files.values() for one in ids}
    except RecordError:
        meetings = set(_meetings_in(bench.workspace.meetings))
    captures = bench.captures()
    held = captures.meeting_ids()
    if next(captures.unread(), None) is not None:  # which of them tell of a meeting is not known any more
        held = meetings if all(problem.code not in _CAPTURES for problem in bench.found) else set()
    for one in sorted(meetings):
        if one not in held or captures.lost_of(one) or not _readable(captures, one):
            return (
                f"the captures that {Names(bench.workspace, bench.viewer).of_meeting(one)} was read off are not all held "
                "any more, and its damaged record is all that is left of them; restore captures or records from a backup"
            )
    return None


def _refuse_while_damaged(bench: Bench) -> str | None:
    """Nothing can be added to records, or made of them, while a damaged file has to stay among them."""
    return _refuse_records(bench) if any(problem.code in _RECORDS for problem in bench.found) else _refuse_catalogue(bench)


def _readable(captures: CaptureStore, meeting: str) -> bool:
    return all(captures.read_sound(one.sha256) is not None for one in captures.captures_of(meeting))


def _meetings_in(folder: Path) -> Iterator[str]:
    """The ids of the meetings in all files of records, as far as they can be read."""
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_bytes().split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                yield str(json.loads(line)["meeting"]["id"])


def _put_records_away(bench: Bench) -> Iterator[str]:
    folder = bench.workspace.meetings
    try:
        store = RecordStore(bench.workspace)
    except RecordError:
        yield f"put the records away: {_shown(bench, _move(folder, bench.workspace.set_aside / folder.name))}"
        return
    store.recover()
    names = store.unreadable()
    for name in names:
        if (folder / name).exists():
            yield f"put {name} away: {_shown(bench, _move(folder / name, bench.workspace.set_aside / name.replace('/', '-')))}"
    store.forget(names)


def _make_records(bench: Bench) -> Iterator[str]:
    archiver = Archiver(bench.workspace, bench.now, bench.report)
    archiver.resume()
    captures = bench.captures()
    back = [one for one in map(captures.capture, sorted(bench.lost - captures.lost())) if one]
    archiver.record(sorted(back, key=lambda one: one.sequence))
    if any(problem.code == "record_disagrees" for problem in bench.found):
        archiver.read_again(list(captures.captures()))
    done = archiver.done
    yield f"read the captures again: {done.added} records made, {done.changed} changed"


# The frontier and the index


def _put_frontier_away(bench: Bench) -> Iterator[str]:
    for part in parts_of(bench.workspace.frontier):
        if part.exists():
            yield f"put {part.name} away: {_shown(bench, _move(part, bench.workspace.set_aside / part.name))}"


def _make_index(bench: Bench) -> Iterator[str]:
    for audience, done in update_index(bench.workspace).items():
        yield f"{audience.value} index: made of the records, {done.items} items"


def _never(bench: Bench) -> str | None:
    return None


_CAPTURES = frozenset({"capture_damaged", "capture_missing"})
_RECORDS = frozenset({"record_damaged", "record_unknown"})
_INDEX = frozenset({"index_behind", "index_damaged", "index_missing", "thesaurus_damaged"})
STEPS = (
    Step("catalogue", frozenset({"catalogue_damaged"}), "make the catalogue anew from the WARC files",
         _refuse_catalogue, _make_catalogue),
    Step("captures", _CAPTURES, "put damaged WARC files away, and leave their sound records in place",
         _refuse_catalogue, _put_captures_away),
    Step("ledger", frozenset({"ledger_damaged", "ledger_missing", "uncatalogued"}),
         "take in what no run has acknowledged, and write the ledger anew", _refuse_catalogue, _write_ledger),
    Step("damaged records", _RECORDS, "put damaged records away", _refuse_records, _put_records_away),
    Step("records", _CAPTURES | _RECORDS | {"catalogue_damaged", "record_missing", "record_disagrees", "uncatalogued"},
         "make missing records from the captures, and those that disagree with them", _refuse_while_damaged, _make_records),
    Step("frontier", frozenset({"frontier_damaged"}), "put the damaged frontier away; the next crawl looks at everything anew",
         _never, _put_frontier_away),
    Step("index", _INDEX | _CAPTURES | _RECORDS | {"catalogue_damaged", "record_missing", "record_disagrees", "uncatalogued"},
         "bring the index up to date with the records", _refuse_while_damaged, _make_index),
)


def _move(path: Path, target: Path) -> Path:
    """Put a file or folder away under a name that nothing has; the name."""
    make_folder(target.parent)
    free = free_path(target)
    path.rename(free)
    sync_folder(target.parent)
    sync_folder(path.parent)
    return free


def _shown(bench: Bench, path: Path) -> str:
    return path.relative_to(bench.workspace.root).as_posix()
