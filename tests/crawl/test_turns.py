"""A crawl takes hours: whoever has something to write meanwhile is let in between two answers."""

from __future__ import annotations

import threading

import pytest

from minutes_archive.errors import WorkspaceError
from minutes_archive.records import RecordStore
from minutes_archive.workspace import Workspace


@pytest.fixture
def small(crawled):
    council = crawled()
    council.council.meetings = {number: council.council.meetings[number] for number in ("3188", "3225")}
    return council


def waits_at(crawled, requests: int, write) -> threading.Thread:
    """Another writer, who comes when the crawl has made so many requests; the crawl goes on once it waits or is done."""
    sleep, other = crawled.clock.sleep, threading.Thread(target=write)

    def pause(seconds: float) -> None:
        if len(crawled.server.log) >= requests and other.ident is None:
            other.start()
            while other.is_alive() and not crawled.workspace.is_awaited():
                pass
        sleep(seconds)

    crawled.clock.sleep = pause
    return other


def test_another_writer_is_let_in_and_the_crawl_goes_on(small):
    seen: list[tuple[int, int]] = []

    def write() -> None:
        with small.workspace.writer_lock():
            # What was answered until now is recorded, so that it can be withdrawn, say.
            seen.append((len(small.server.log), len(RecordStore(small.workspace).ids())))

    other = waits_at(small, 8, write)
    done = small.run()
    other.join()
    [(requests, meetings)] = seen
    assert 8 <= requests < done.requests
    assert meetings > 0
    assert (done.meetings, done.pending, done.failed) == (2, 0, 0)
    assert not small.workspace.is_awaited()
    assert not small.workspace.is_being_written()


def test_what_another_wrote_is_seen(small):
    """The records are lost while another writes; a crawl that trusted what it knew would not make them anew."""
    lost: list[str] = []

    def write() -> None:
        with small.workspace.writer_lock():
            lost.extend(RecordStore(small.workspace).ids())
            for file in small.workspace.meetings.rglob("*.json*"):
                file.unlink()

    other = waits_at(small, 8, write)
    done = small.run()
    other.join()
    assert lost
    assert set(lost) <= RecordStore(small.workspace).ids()
    assert done.meetings == 2


def test_a_second_crawl_is_refused(small, tmp_path):
    with small.workspace.crawl_lock(), pytest.raises(WorkspaceError, match=r"another crawl into .* is running"):
        small.run()
    with Workspace.open(tmp_path / "elsewhere", writing=True).crawl_lock():
        assert small.run().meetings == 2
