"""Torn tails: the last record of a WARC file ends after any number of its bytes; then more is added.

Half of the cases tear a record that counted: that one is lost (``minutes check`` says so), and nothing else. The others tear one
that a killed run left and nobody acknowledged. The record is one of each kind in turn: a page, an answer with its request, a
page seen again, a page gone, a page classified anew.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from random import Random

from faults.trial import Case, Trial
from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore, Run, check_captures
from minutes_archive.capture.warc import warc_files
from minutes_archive.model import Capture, Exchange
from minutes_archive.workspace import Workspace

_DAY = dt.datetime(2024, 7, 17, 12, 0, tzinfo=dt.UTC)
_CASES = 20
_URL = "https://moderngov.thornmere.example/ieListDocuments.aspx?MId={}"


def _page(chance: Random) -> bytes:
    """A page like no other."""
    numbers = " ".join(map(str, chance.sample(range(999), 9)))
    return f"<h1>Agenda and minutes</h1><p>RESOLVED that {numbers} be noted.</p>".encode()


def _exchange(content: bytes, url: str, status: int = 200) -> Exchange:
    head = b"HTTP/1.1 %d -\r\nContent-Type: text/html\r\n\r\n" % status
    return Exchange(url, b"GET / HTTP/1.1\r\nHost: moderngov.thornmere.example\r\n\r\n", status, head, content, _DAY)


def _loaded(run: Run, content: bytes, audience: Audience | None = None) -> Capture:
    return run.keep(content, path="page.html", url=None, council=None, audience=audience, media_type="text/html").capture


def _answered(run: Run, content: bytes) -> Capture:
    return run.keep_answer(_exchange(content, _URL.format(len(content))), council=None, audience=None).capture


def _reclassified(run: Run, new: bytes, held: bytes) -> object:
    return _loaded(run, held, Audience.OFFICER)


# What is written last; it is given a new page, and one that is held.
_LAST: tuple[Callable[[Run, bytes, bytes], object], ...] = (
    lambda run, new, held: _loaded(run, new),
    lambda run, new, held: _answered(run, new),
    _reclassified,
    lambda run, new, held: _answered(run, held),
    lambda run, new, held: run.note_absence(_loaded(run, held).sha256, _exchange(b"", _URL.format(0), 404)),
)

_KINDS = 2 * len(_LAST)


def attempt(case: Case) -> str | None:
    """Tear one record at every twentieth of its bytes; the twenty cases of one record tear it at all."""
    kind, first = case.index % _KINDS, case.index // _KINDS
    chance = Random(f"{case.seed}/{kind}")
    last, acknowledged = _LAST[kind // 2], kind % 2 == 0
    workspace = Workspace.open(case.folder / "archive", writing=True)
    torn = case.folder / "torn"
    with _store(workspace).run() as run:
        held = [_page(chance) for _ in range(3)]
        pages = {_loaded(run, page).sha256 for page in held}
    with _store(workspace).run() as run:
        pages.add(_answered(run, _page(chance)).sha256)
        run.commit()
        file = warc_files(workspace.captures)[-1]
        start, new = file.stat().st_size, _page(chance)
        last(run, new, held[0])
        end = file.stat().st_size
        if not acknowledged:
            shutil.copytree(workspace.root, torn)  # what a kill would leave here
    if acknowledged:
        shutil.copytree(workspace.root, torn)
    for size in range(start + first, end, _CASES):
        folder = case.folder / "then"
        shutil.copytree(torn, folder)
        os.truncate(folder / file.relative_to(workspace.root), size)
        if fault := _go_on(Workspace.open(folder), pages, _page(chance), acknowledged, last is _reclassified):
            return f"{'acknowledged, ' * acknowledged}{size - start} of {end - start} bytes left: {fault}"
        shutil.rmtree(folder)
    return None


def _go_on(workspace: Workspace, pages: set[str], more: bytes, acknowledged: bool, reclassified: bool) -> str | None:
    """Add a page; what is lost of the others then."""
    store = _store(workspace)
    with store.run() as run:
        added = _loaded(run, more).sha256
    captures = {one.sha256: one for one in store.captures()}
    if missing := (pages | {added}) - captures.keys():
        return f"lost: {missing}"
    if unread := [sha256 for sha256 in pages | {added} if store.read_sound(sha256) is None]:
        return f"can't be read any more: {unread}"
    if acknowledged and reclassified and not any(one.audience is Audience.OFFICER for one in captures.values()):
        return "what was for officers is public"
    found = {problem.code for problem in check_captures(workspace)}
    if found != ({"capture_damaged"} if acknowledged else set()):
        return f"check finds {found}"
    return None


def _store(workspace: Workspace) -> CaptureStore:
    return CaptureStore(workspace, lambda: _DAY)


TRIAL = Trial(
    5, "torn-tail",
    "the last WARC record cut at every byte, acknowledged or not, then more is added: no earlier or later record lost",
    full=_KINDS * _CASES, short=5, attempt=attempt,
)
