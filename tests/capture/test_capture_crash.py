"""Crashes: killed processes, refusing disks, two writers. What counted before is there after, always.

A process that is killed leaves on disk what it had handed to the system: so a copy of the folder taken
at any point inside a run is what a kill at that point would leave. The killed processes at the end say
the same for real.
"""

import datetime as dt
import errno
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, check_captures, rebuild_catalogue
from minutes_archive.capture.members import Deflating
from minutes_archive.capture.warc import warc_files
from minutes_archive.errors import CaptureError, MinutesArchiveError
from minutes_archive.workspace import Workspace


class Points:
    """Calls ``visit`` at every point where bytes, names or transactions go to the system, twice inside a write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.visit: Callable[[], None] = lambda: None
        write = Deflating._put

        def write_in_halves(member: Deflating, raw: bytes) -> None:
            half = len(raw) // 2
            for part in (raw[:half], raw[half:]):
                self.visit()
                write(member, part)

        monkeypatch.setattr(Deflating, "_put", write_in_halves)
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Path, "open")):
            monkeypatch.setattr(owner, name, self._before(getattr(owner, name)))
        connect, points = sqlite3.connect, self

        class Visited(sqlite3.Connection):
            def execute(self, *args: object) -> sqlite3.Cursor:
                try:
                    points.visit()
                except OSError as error:  # as SQLite tells it
                    refusal = sqlite3.OperationalError("disk I/O error")
                    refusal.sqlite_errorcode = sqlite3.SQLITE_IOERR
                    raise refusal from error
                return super().execute(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(sqlite3, "connect", self._before(partial(connect, factory=Visited)))

    def _before(self, call: Callable[..., object]) -> Callable[..., object]:
        def visited(*args: object, **options: object) -> object:
            self.visit()
            return call(*args, **options)

        return visited


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> Points:
    return Points(monkeypatch)


@pytest.fixture
def begun(store, keep_page, make_page) -> set[str]:
    """An archive with three captures that count; their SHA-256."""
    with store.run() as run:
        return {keep_page(run, make_page(number)).capture.sha256 for number in range(3)}


def held(store: CaptureStore) -> set[str]:
    """The captures that count, each read."""
    shas = {capture.sha256 for capture in store.captures()}
    for sha256 in shas:
        store.read(sha256)
    return shas


def test_killed_at_any_point(workspace, store, begun, points, tmp_path, open_store, keep_page, make_page):
    """Nothing that counted is lost, later runs go on, and whole records of the killed run are taken in."""
    snapshots: list[tuple[Path, set[str]]] = []
    committed = set(begun)

    def snapshot() -> None:
        points.visit, visit = lambda: None, points.visit
        folder = tmp_path / f"killed-{len(snapshots)}"
        shutil.copytree(workspace.root, folder)
        snapshots.append((folder, set(committed)))
        points.visit = visit

    points.visit = snapshot
    with store.run() as run:
        for batch in (range(3, 6), range(6, 8)):
            kept = {keep_page(run, make_page(number)).capture.sha256 for number in batch}
            keep_page(run, make_page(1), Audience.OFFICER if 6 not in batch else Audience.PUBLIC)
            run.commit()
            committed |= kept
            snapshot()
    points.visit = lambda: None

    everything = held(store)
    assert len(everything) == 8
    assert len(snapshots) > 100
    for folder, acknowledged in snapshots:
        killed = Workspace.open(folder)
        told = {problem.code for problem in check_captures(killed)}
        assert told <= {"uncatalogued"}, folder
        later = open_store(killed)
        assert acknowledged <= held(later) <= everything, folder
        with later.run() as run:
            for number in range(9):
                keep_page(run, make_page(number))
        assert len(held(later)) == 9, folder
        assert not list(check_captures(killed)), folder
        shutil.rmtree(folder)


def test_killed_while_the_catalogue_is_made_anew(workspace, begun, points, tmp_path, open_store):
    snapshots: list[Path] = []

    def snapshot() -> None:
        points.visit, visit = lambda: None, points.visit
        snapshots.append(tmp_path / f"killed-{len(snapshots)}")
        shutil.copytree(workspace.root, snapshots[-1])
        points.visit = visit

    points.visit = snapshot
    with workspace.writer_lock():
        rebuild_catalogue(workspace.captures)
    points.visit = lambda: None
    assert len(snapshots) > 20
    for folder in snapshots:
        assert held(open_store(Workspace.open(folder))) == begun, folder
        assert not list(check_captures(Workspace.open(folder))), folder


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EIO, errno.EMFILE])
def test_the_disk_refuses_at_any_point(workspace, store, begun, points, keep_page, make_page, reason):
    """A clear error, nothing lost, no lock left, and all is well once the disk takes bytes again."""
    refused, turn = True, 0
    acknowledged = set(begun)
    while refused:
        refused = False
        turn += 1
        countdown = iter(range(turn, -1, -1))

        def refuse(countdown: Iterator[int] = countdown) -> None:
            if next(countdown, 1) == 0:
                raise OSError(reason, os.strerror(reason))

        points.visit = refuse
        try:
            with store.run() as run:
                kept = keep_page(run, make_page(100 + turn)).capture.sha256
                keep_page(run, make_page(1), Audience.OFFICER if turn % 2 else Audience.PUBLIC)
                run.commit()
                acknowledged.add(kept)
        except MinutesArchiveError as error:
            refused = True
            assert re.search("; (check|free some space)", str(error)), turn
        points.visit = lambda: None
        assert not workspace.is_being_written()
        assert acknowledged <= held(store), turn
        assert {problem.code for problem in check_captures(workspace)} <= {"uncatalogued"}, turn
    assert turn > 20
    with store.run():
        pass
    assert not list(check_captures(workspace))


def test_no_space_for_the_catalogue(workspace, store, begun, keep_page, make_page):
    """SQLite undoes the whole transaction by itself; what was kept is then taken in by the next run."""
    with pytest.raises(CaptureError, match="the next run takes in the rest"), store.run() as run:
        run._catalogue._db.execute("PRAGMA max_page_count = 1")
        for number in range(10, 500):
            try:
                keep_page(run, make_page(number))
            except CaptureError:
                break
    assert held(store) == begun
    with store.run():
        pass
    assert held(store) > begun
    assert not list(check_captures(workspace))


def test_a_run_that_broke_off_keeps_nothing_more(store, begun, monkeypatch, keep_page, make_page):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with store.run() as run:
        first = keep_page(run, make_page(10)).capture.sha256
        with monkeypatch.context() as full:
            full.setattr(Deflating, "_put", refuse)
            with pytest.raises(CaptureError, match=r"can't keep page\.html .*No space left"):
                keep_page(run, make_page(11))
        with pytest.raises(CaptureError, match="broke off"):
            keep_page(run, make_page(12))
    assert held(store) == begun | {first}


def test_bytes_are_on_the_disk_before_the_catalogue_says_so(store, begun, monkeypatch, keep_page, make_page):
    """What a power cut can take is what was not fsynced: the WARC file comes first, then the catalogue's commit."""
    events: list[str] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (events.append("fsync"), fsync(handle))[1])
    with store.run() as run:
        run._catalogue._db.set_trace_callback(lambda sql: events.append(sql) if sql == "COMMIT" else None)
        keep_page(run, make_page(10))
        assert events.count("fsync") == 1, "the seal's going"
        events.clear()
        run.commit()
        assert events[-1] == "COMMIT"
        assert "fsync" in events[:-1]


def test_the_last_record_cut_anywhere_then_more_is_added(
    workspace, store, begun, tmp_path, open_store, keep_page, make_page
):
    (path,) = warc_files(workspace.captures)
    before = path.stat().st_size
    with pytest.raises(ZeroDivisionError), store.run() as run:
        keep_page(run, make_page(3))
        second = warc_files(workspace.captures)[1]
        content = second.read_bytes()
        shutil.copytree(workspace.root, tmp_path / "killed")
        raise ZeroDivisionError
    assert path.stat().st_size == before
    for size in range(0, len(content), 25):
        folder = tmp_path / "cut"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "killed", folder)
        (folder / "corpus" / "captures" / second.name).write_bytes(content[:size])
        cut = open_store(Workspace.open(folder))
        with cut.run() as run:
            more = keep_page(run, make_page(4)).capture.sha256
        assert held(cut) == begun | {more}, size
        assert not list(check_captures(Workspace.open(folder))), size


_WRITE = """
import datetime as dt, os, sys
from pathlib import Path
from minutes_archive.capture import CaptureStore, members
from minutes_archive.workspace import Workspace

root, name, number, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
write = members.Deflating._put

def write_until_killed(member, raw):
    global left
    if 0 <= left < len(raw):
        write(member, raw[:left])
        os._exit(9)
    left -= len(raw)
    write(member, raw)

if left >= 0:
    members.Deflating._put = write_until_killed
store = CaptureStore(Workspace.open(root), lambda: dt.datetime.now(dt.UTC))
for turn in range(number):
    with store.run() as run:
        kept = run.keep(os.urandom(200) + f"{name} {turn}".encode(), path=name, url=None, council=None,
                        audience=None, media_type="text/html")
    print(kept.capture.sha256, flush=True)
"""


def write_in_another_process(workspace: Workspace, name: str, number: int, killed_after: int) -> subprocess.Popen[str]:
    arguments = [str(workspace.root), name, str(number), str(killed_after)]
    return subprocess.Popen([sys.executable, "-c", _WRITE, *arguments], stdout=subprocess.PIPE, text=True)


def test_processes_killed_inside_a_write(workspace, store, begun):
    rng = random.Random(7)
    acknowledged = set(begun)
    for turn in range(8):
        process = write_in_another_process(workspace, f"p{turn}", 50, rng.randrange(20_000))
        told, _ = process.communicate()
        assert process.returncode == 9
        acknowledged |= set(told.split())
        assert acknowledged <= held(store)
    with store.run():
        pass
    assert acknowledged <= held(store)
    assert not list(check_captures(workspace))


def test_two_writers_and_a_reader(workspace, store, begun):
    processes = [write_in_another_process(workspace, name, 40, -1) for name in ("a", "b")]
    while any(process.poll() is None for process in processes):
        assert begun <= held(store)
        assert not list(check_captures(workspace))
    acknowledged = set(begun)
    for process in processes:
        told, _ = process.communicate()
        assert process.returncode == 0
        acknowledged |= set(told.split())
    assert held(store) == acknowledged
    assert len(acknowledged) == 83
    assert [capture.sequence for capture in store.captures()] == list(range(1, 84))


def test_the_clock_set_back_changes_no_order(workspace, keep_page, make_page):
    times = iter([dt.datetime(2024, 7, 17, tzinfo=dt.UTC), dt.datetime(2020, 1, 1, tzinfo=dt.UTC)] * 9)
    moment = next(times)
    store = CaptureStore(workspace, lambda: moment)
    for audience in (Audience.PUBLIC, Audience.OFFICER, Audience.PUBLIC, Audience.OFFICER):
        with store.run() as run:
            keep_page(run, make_page(1), audience)
        moment = next(times)
    before = list(store.captures())
    with workspace.writer_lock():
        rebuild_catalogue(workspace.captures)
    assert list(store.captures()) == before
    assert before[0].audience is Audience.OFFICER
