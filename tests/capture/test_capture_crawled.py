"""Captures of what a site answered: request and response, revisits, pages that are gone; any WARC tool reads them."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from minutes_archive.capture import CaptureStore, check_captures, rebuild_catalogue
from minutes_archive.capture.warc import warc_files
from minutes_archive.load import Loaded, load
from minutes_archive.model import Exchange, Problem
from minutes_archive.workspace import Workspace

NOON = dt.datetime(2026, 11, 3, 12, 0, tzinfo=dt.UTC)
URL = "https://democracy.fenmoor.example/ieListDocuments.aspx?CId=7&MId=41"


def answer(content: bytes = b"<h1>Agenda and minutes</h1>", url: str = URL, **said: object) -> Exchange:
    exchange = Exchange(
        url,
        b"GET /ieListDocuments.aspx?CId=7&MId=41 HTTP/1.1\r\nHost: democracy.fenmoor.example\r\n\r\n",
        200,
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd:  blanks stay \r\n\r\n",
        content,
        NOON,
        "text/html",
    )
    return replace(exchange, **said)  # type: ignore[arg-type]


def keep(store: CaptureStore, *exchanges: Exchange) -> list[str]:
    with store.run() as run:
        return [run.keep_answer(one, council="fenmoor", audience=None).capture.sha256 for one in exchanges]


def records(workspace: Workspace) -> list[tuple[str, str, bytes]]:
    found = []
    for path in warc_files(workspace.captures):
        with path.open("rb") as stream:
            for one in ArchiveIterator(stream, check_digests=True):
                found.append((one.rec_type, one.rec_headers.get_header("WARC-Target-URI") or "", one.content_stream().read()))
    return found


def test_request_and_response_stand_in_the_file_as_any_tool_reads_them(store: CaptureStore, workspace: Workspace):
    [sha256] = keep(store, answer())
    assert [(kind, uri) for kind, uri, _ in records(workspace)] == [("warcinfo", ""), ("response", URL), ("request", URL)]
    assert records(workspace)[1][2] == b"<h1>Agenda and minutes</h1>"
    [path] = warc_files(workspace.captures)
    with path.open("rb") as stream:
        response = next(one for one in ArchiveIterator(stream) if one.rec_type == "response")
        assert response.http_headers.get_header("X-Odd") == "blanks stay"
    capture = store.capture(sha256)
    assert capture is not None
    assert (capture.url, capture.media_type, capture.captured_at) == (URL, "text/html", "2026-11-03T12:00:00Z")
    assert store.read(sha256) == b"<h1>Agenda and minutes</h1>"
    assert not list(check_captures(workspace))


def test_warcios_own_check_finds_every_digest_right(
    store: CaptureStore, workspace: Workspace, capsys: pytest.CaptureFixture[str]
):
    [sha256, _] = keep(store, answer(), answer(b"other"))
    keep(store, answer())
    with store.run() as run:
        run.see_again(sha256, answer(b"", status=304))
        run.note_absence(sha256, answer(b"", status=404))
        run.keep(b"page", path="a.html", url=None, council=None, audience=None, media_type="text/html")
    paths = [str(path) for path in warc_files(workspace.captures)]
    checker = Checker(type("Arguments", (), {"verbose": True, "inputs": paths})())
    assert checker.process_all() == 0, capsys.readouterr().out


def test_a_304_leaves_a_revisit_without_http_fields_that_a_reader_would_be_answered_with(
    store: CaptureStore, workspace: Workspace
):
    """Else replay tools answer 304, and show nothing, to everyone who comes by a date after it (seen with pywb 2.10)."""
    [sha256] = keep(store, answer())
    with store.run() as run:
        run.see_again(sha256, answer(b"", status=304, head=b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    with warc_files(workspace.captures)[-1].open("rb") as stream:
        [revisit] = [one for one in ArchiveIterator(stream) if one.rec_type == "revisit"]
    assert revisit.http_headers is None
    assert revisit.rec_headers.get_header("WARC-Refers-To-Target-URI") == URL
    assert revisit.rec_headers.get_header("WARC-Profile").endswith("server-not-modified")


def test_unchanged_bytes_become_a_revisit_and_the_page_moves_up(store: CaptureStore, workspace: Workspace):
    draft, final = keep(store, answer(b"draft"), answer(b"final"))
    keep(store, answer(b"draft"))
    assert [kind for kind, _, _ in records(workspace)].count("revisit") == 1
    order = [one.sha256 for one in store.captures()]
    assert order == [final, draft], "the page went back to what it had said"
    assert not list(check_captures(workspace))


def test_a_page_that_is_gone_is_marked_until_it_is_seen_again(store: CaptureStore, workspace: Workspace):
    [sha256] = keep(store, answer())
    with store.run() as run:
        assert run.note_absence(sha256, answer(b"", status=404)) is not None
    gone = store.capture(sha256)
    assert gone is not None and gone.withdrawn_at == "2026-11-03T12:00:00Z"
    assert not list(check_captures(workspace))
    rebuild_catalogue(workspace.captures)
    assert store.capture(sha256) == gone
    with store.run() as run:
        run.see_again(sha256, answer(b"", status=304))
    back = store.capture(sha256)
    assert back is not None and back.withdrawn_at is None


def test_a_body_cut_short_is_kept_as_that(store: CaptureStore, workspace: Workspace):
    part = answer(b"<h1>Agenda and min", truncated="disconnect")
    cut, whole = keep(store, part, answer())
    assert store.capture(cut).truncated == "disconnect"  # type: ignore[union-attr]
    assert not store.capture(whole).truncated  # type: ignore[union-attr]
    # Somebody else's archive does not take it for whole either.
    loaded = list(load(warc_files(workspace.captures)))
    assert [one.content for one in loaded if isinstance(one, Loaded)] == [b"<h1>Agenda and minutes</h1>"]
    assert [one.code for one in loaded if isinstance(one, Problem)] == ["cut_short"]


def test_the_same_bytes_whole_make_the_cut_ones_whole(store: CaptureStore):
    [sha256] = keep(store, answer(truncated="disconnect"))
    keep(store, answer())
    assert store.capture(sha256).truncated == ""  # type: ignore[union-attr]


def test_a_file_that_was_loaded_learns_its_address(store: CaptureStore):
    with store.run() as run:
        kept = run.keep(b"page", path="a.html", url=None, council=None, audience=None, media_type="text/html")
    keep(store, answer(b"page"))
    capture = store.capture(kept.capture.sha256)
    assert capture is not None and capture.url == URL and capture.council == "fenmoor"


def test_the_catalogue_is_made_anew_from_crawled_files(store: CaptureStore, workspace: Workspace):
    keep(store, answer(b"a"), answer(b"b"), answer(b"a"), answer(b"cut", truncated="time"))
    before = list(store.captures())
    rebuild_catalogue(workspace.captures)
    assert list(store.captures()) == before


def test_a_killed_run_loses_nothing_that_was_written(
    store: CaptureStore, workspace: Workspace, tmp_path, open_store: Callable[[Workspace], CaptureStore]
):
    with contextlib.suppress(KeyboardInterrupt), store.run() as run:
        run.keep_answer(answer(b"one"), council=None, audience=None)
        copy = tmp_path / "killed"
        shutil.copytree(workspace.root, copy)
        raise KeyboardInterrupt
    after = Workspace.open(copy)
    again = open_store(after)
    with again.run():
        pass
    assert [one.sha256 for one in again.captures()] == [hashlib.sha256(b"one").hexdigest()]
    assert not list(check_captures(after))


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 \r\nContent-Type: x\r\n\r\n"])
def test_bodies_may_hold_anything(store: CaptureStore, workspace: Workspace, head: bytes):
    bodies = [b"", b"\r\n\r\n", b"WARC/1.0\r\n\r\n", bytes(range(256)) * 300]
    found = keep(store, *(answer(body, head=head) for body in bodies))
    assert [store.read(one) for one in found] == bodies
    assert not list(check_captures(workspace))


def test_a_damaged_page_that_was_seen_again_later_is_kept_anew_as_what_it_was(store: CaptureStore, workspace: Workspace):
    [sha256, _] = keep(store, answer(), answer(b"other"))
    [first] = warc_files(workspace.captures)
    keep(store, answer())  # a revisit: its number is a later one
    known = store.capture(sha256)
    first.unlink()
    keep(store, answer(), answer(b"other"))
    assert not [one for one in check_captures(workspace) if one.code == "catalogue_damaged"]
    found = store.capture(sha256)
    assert found is not None
    assert known is not None
    assert found == replace(known, sequence=found.sequence)
    rebuild_catalogue(workspace.captures)
    assert store.capture(sha256) == found
