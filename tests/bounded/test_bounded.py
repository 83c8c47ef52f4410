"""A page that takes too long or too much is stopped and said; the pages around it are read."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from council.render import MEETINGS, sample_files
from council.source import read_council
from minutes_archive.bounded import BoundedReader, Limits
from minutes_archive.errors import LoadError
from minutes_archive.model import Reading
from minutes_archive.parse import read

GREEDY = "bounded.greedy:behave"
# Ample for an honest page here, and soon over.
SHORT = Limits(seconds=0.4, memory=160 * 1024 * 1024)
FILES = [file.content for file in sample_files(read_council(MEETINGS))]


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with BoundedReader(GREEDY, SHORT, workers=2) as reader:
        yield reader


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.severity, problem.code) for problem in reading.problems]


def who(reader: BoundedReader) -> str:
    return reader.read(b"who").problems[0].code


CUT_OFF = [("error", "cut_off")]
DEEDS = [
    (b"loop", CUT_OFF, "took over 0.4 s to read and was cut off; its bytes are kept"),
    (b"backtrack", CUT_OFF, "took over 0.4 s to read and was cut off; its bytes are kept"),
    (b"grow", CUT_OFF, "took over 160 MB of memory to read and was cut off; its bytes are kept"),
    (b"grow at once", CUT_OFF, "took over 160 MB of memory to read and was cut off; its bytes are kept"),
    (b"die", CUT_OFF, "ended the process that read it (status 3) and was cut off; its bytes are kept"),
    (b"fail", [("error", "parser_failed")], "could not be read (KeyError); its bytes are kept"),
    (b"cannot be sent", [("error", "parser_failed")], "; its bytes are kept, the next version tries again"),
]


@pytest.mark.parametrize(("page", "said", "message"), DEEDS, ids=lambda value: str(value)[:20])
def test_a_page_that_overruns_is_stopped_and_the_next_is_read(reader, page, said, message):
    reading = reader.read(page)
    assert (reading.kind, codes(reading)) == ("unread", said)
    assert message in reading.problems[0].message
    assert reader.read(FILES[0]) == read(FILES[0])


def test_a_page_that_waits_for_ever_is_cut_off_by_the_clock():
    with BoundedReader(GREEDY, Limits(seconds=0.05)) as reader:
        assert codes(reader.read(b"wait")) == CUT_OFF


def test_a_page_is_stopped_in_time(reader):
    who(reader)
    start = time.monotonic()
    reader.read(b"loop")
    assert time.monotonic() - start < SHORT.seconds + 3


def test_what_is_read_is_what_the_parser_reads(reader):
    pages = [(content, "https://moderngov.thornmere.example/ieListDocuments.aspx?MId=1", None) for content in FILES]
    assert list(reader.ahead(pages, lambda page: page)) == [(page, read(*page)) for page in pages]


def test_of_many_pages_each_answer_stands_in_its_place(reader):
    pages = [b"loop", FILES[0], b"die", b"no page", FILES[1], b"fail", b"grow", FILES[2]]
    found = reader.ahead(pages, lambda page: None if page == b"no page" else (page, None, None))
    kinds = [(page, reading and reading.kind) for page, reading in found]
    unread, meeting = "unread", "meeting"
    assert kinds == list(zip(pages, [unread, meeting, unread, None, meeting, unread, unread, meeting], strict=True))


def test_pages_are_taken_only_a_few_ahead(reader):
    taken = []
    found = reader.ahead((taken.append(page) or page for page in [b"who"] * 1000), lambda page: (page, None, None))
    next(found)
    assert len(taken) < 200
    found.close()


def test_of_large_pages_fewer_are_taken_ahead(reader):
    taken = []
    large = b"%PDF-1.4" + bytes(7 * 1024 * 1024)
    found = reader.ahead((taken.append(page) or page for page in [large] * 20), lambda page: (page, None, None))
    next(found)
    assert len(taken) <= 4
    found.close()


def test_a_large_page_is_sent_without_a_copy(reader):
    who(reader)
    large = b"%PDF-1.4" + bytes(7 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert reader.read(large).kind == "unread"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1024 * 1024


def test_breaking_off_waits_for_nobody_and_leaves_no_process():
    patient = BoundedReader(GREEDY, Limits(seconds=60))
    pages = patient.ahead([FILES[0], *[b"loop"] * 50], lambda page: (page, None, None))
    next(pages)
    start = time.monotonic()
    workers = set(patient._busy)
    pages.close()
    assert time.monotonic() - start < 5
    assert not patient._busy
    assert all(worker._process.poll() is not None for worker in workers)
    patient.close()


def test_one_worker_reads_many_pages(reader):
    assert who(reader) == who(reader) != str(os.getpid())


def test_a_page_that_prints_says_nothing_to_the_user(reader, capfd):
    assert reader.read(b"print").problems[0].code == "done"
    assert tuple(capfd.readouterr()) == ("", "")


def test_threads_may_share_a_reader(reader):
    found: dict[int, Reading] = {}

    def one(place: int) -> None:
        found[place] = reader.read(FILES[place])

    threads = [threading.Thread(target=one, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {place: read(FILES[place]) for place in range(8)}


def test_a_worker_that_died_while_it_waited_is_replaced():
    with BoundedReader(GREEDY, SHORT) as reader:
        first = int(who(reader))
        os.kill(first, 9)
        reader._idle[0]._process.wait()
        assert int(who(reader)) != first


def test_a_worker_that_a_page_left_large_is_replaced(reader):
    large = reader.read(b"stay large").problems[0].code
    assert large != who(reader)


def test_no_worker_outlives_its_reader():
    with BoundedReader(GREEDY, SHORT) as reader:
        worker = reader._take()
        reader._idle.append(worker)
    assert worker._process.poll() is not None


def test_a_worker_that_cannot_start_is_said():
    with pytest.raises(LoadError, match=r"ended as it started \(status 1\)"):
        BoundedReader("bounded.greedy:no_such_function").read(b"x")


SCRIPT = "from minutes_archive.bounded import shared_reader\nprint(shared_reader().read(b'GIF8').problems[0].code)\n"


def test_a_script_needs_no_guard_around_its_main_part(tmp_path: Path):
    """With ``multiprocessing`` the worker would run the script again, and fail."""
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("not_minutes\n", "", 0)
