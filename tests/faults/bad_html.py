"""Bad HTML: damaged pages, deep nesting, long pages. Nothing crashes or goes on for ever, no text is lost without a word."""

from __future__ import annotations

import atexit
import datetime as dt
import time
from functools import cache

from accuracy.mutants import BY_THE_CLOCK, Good, good_pages, lost_in_silence, mutant
from faults.trial import Case, Trial
from minutes_archive.access import Audience
from minutes_archive.bounded import BoundedReader, Limits
from minutes_archive.capture import CaptureStore
from minutes_archive.workspace import Workspace

# One of so many mutants is made as long as a page may be.
_LONG = 500
_LONGEST = 20 * 1024 * 1024


@cache
def _pages() -> tuple[Good, ...]:
    return tuple(good_pages())


@cache
def _reader() -> BoundedReader:
    reader = BoundedReader(limits=Limits())
    atexit.register(reader.close)
    return reader


def attempt(case: Case) -> str | None:
    """Keep one damaged page, read it, and hold what was read against what a plain tokeniser sees in it."""
    name, page, content = mutant(_pages(), case.index, case.seed)
    if case.index % _LONG == _LONG - 1:
        content, name = _lengthened(content), f"{name}, lengthened"
    if not _is_kept(case, content):
        return f"{name}: other bytes were kept"
    # Where the last page was cut off, a worker has to start first. That takes seconds on a busy machine, and is not the page's.
    _reader().read(b"")
    start = time.monotonic()
    reading = _reader().read(content)
    seconds = time.monotonic() - start
    told = {problem.code: problem.message for problem in reading.problems}
    if "parser_failed" in told or "ended the process" in told.get("cut_off", ""):
        return f"{name}: crashed: {told}"
    if "cut_off" not in told and seconds > Limits().seconds * BY_THE_CLOCK:
        return f"{name}: took {seconds:.0f} s and was not cut off"
    lost = lost_in_silence(page, content, reading)
    return f"{name}: lost without a word: {lost[:3]}" if lost else None


def _lengthened(content: bytes) -> bytes:
    """The page with its last stretch again and again, up to the size of the largest page that is read."""
    tail = content[-2_000:] or b"<p>"
    return (content + tail * (_LONGEST // len(tail)))[: _LONGEST - 1]


def _is_kept(case: Case, content: bytes) -> bool:
    store = CaptureStore(Workspace.open(case.folder, writing=True), lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with store.run() as run:
        kept = run.keep(content, path="page.html", url=None, council=None, audience=Audience.PUBLIC, media_type="text/html")
    return store.read(kept.capture.sha256) == content


TRIAL = Trial(
    8,
    "bad-html",
    "0 crashes; none over 5 s of processor time (30 s by the clock) that is not cut off; 0 silent drops of text, compared where "
    "the page is read and no problem tells of loss; the bytes kept",
    10_000,
    100,
    attempt,
)
