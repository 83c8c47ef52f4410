"""The store of captures: what is kept, once, and how it is found again."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.capture import MAX_CONTENT, CaptureStore, check_captures, rebuild_catalogue
from minutes_archive.errors import CaptureError
from minutes_archive.workspace import Workspace

NOON = dt.datetime(2024, 7, 17, 12, 0, tzinfo=dt.UTC)


def files_of(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.captures.iterdir()}


def test_kept_bytes_come_back_with_what_is_known_of_them(store, workspace):
    with store.run() as run:
        kept = run.keep(
            b"<p>caf\xe9</p>", path="saved/AI 1.html", url="https://democracy.example.gov.uk/mgAi.aspx?ID=1",
            council="thornmere", audience=Audience.OFFICER, media_type="text/html; charset=latin-1",
        )
    assert (kept.new, kept.reclassified) == (True, False)
    capture = kept.capture
    assert (capture.size, capture.sequence, capture.captured_at) == (11, 1, "2024-07-17T12:00:00Z")
    assert (capture.path, capture.council, capture.audience) == ("saved/AI 1.html", "thornmere", Audience.OFFICER)
    assert store.read(capture.sha256) == b"<p>caf\xe9</p>"
    assert list(store.captures()) == [store.capture(capture.sha256)] == [capture]
    assert not list(check_captures(workspace))


def test_reading_an_archive_without_captures_makes_nothing(store, workspace):
    assert not list(store.captures())
    assert store.capture("0" * 64) is None
    assert store.reading_kind("0" * 64) is None
    assert store.meeting_ids_of("0" * 64) == ()
    assert not list(check_captures(workspace))
    with pytest.raises(CaptureError, match="no capture 000"):
        store.read("0" * 64)
    assert not list(workspace.root.iterdir())


def test_the_same_bytes_are_kept_once(store, workspace, keep_page, make_page):
    with store.run() as run:
        first = keep_page(run, make_page(1))
        again = keep_page(run, make_page(1))
    before = files_of(workspace)
    with store.run() as run:
        later = keep_page(run, make_page(1))
    assert first.new
    assert not (again.new or again.reclassified or later.new or later.reclassified)
    assert len(list(store.captures())) == 1
    assert files_of(workspace) == before, "a run that kept nothing leaves no file"


def test_captures_are_in_the_order_they_came(store, keep_page, make_page):
    for numbers in ((3, 1), (2, 1, 0)):
        with store.run() as run:
            for number in numbers:
                keep_page(run, make_page(number))
    assert [store.read(capture.sha256) for capture in store.captures()] == [make_page(n) for n in (3, 1, 2, 0)]
    assert [capture.sequence for capture in store.captures()] == [1, 2, 3, 4]


OFFICER, PUBLIC = Audience.OFFICER, Audience.PUBLIC


@pytest.mark.parametrize(("first", "then", "stands", "reclassified"), [
    (None, None, PUBLIC, False),
    (None, PUBLIC, PUBLIC, False),
    (None, OFFICER, OFFICER, True),
    (OFFICER, None, OFFICER, False),
    (OFFICER, OFFICER, OFFICER, False),
    (OFFICER, PUBLIC, PUBLIC, True),
])
def test_audience_not_said_and_said_anew(store, workspace, keep_page, make_page, first, then, stands, reclassified):
    with store.run() as run:
        keep_page(run, make_page(1), first)
        keep_page(run, make_page(2), PUBLIC)
    with store.run() as run:
        kept = keep_page(run, make_page(1), then)
    assert (kept.new, kept.reclassified, kept.capture.audience) == (False, reclassified, stands)
    assert [capture.audience for capture in store.captures()] == [stands, PUBLIC]
    assert not list(check_captures(workspace))


def test_another_council_is_a_reclassification_too(store, keep_page, make_page):
    with store.run() as run:
        keep_page(run, make_page(1), OFFICER)
        kept = keep_page(run, make_page(1), council="thornmere")
        assert kept.reclassified
        assert not keep_page(run, make_page(1), council="thornmere").reclassified
        assert not keep_page(run, make_page(1)).reclassified
    assert [(one.council, one.audience) for one in store.captures()] == [("thornmere", OFFICER)]


def test_reclassifications_survive_the_catalogue(store, workspace, keep_page, make_page):
    with store.run() as run:
        for number in range(3):
            keep_page(run, make_page(number))
    for audience in (OFFICER, PUBLIC, OFFICER):
        with store.run() as run:
            keep_page(run, make_page(1), audience)
    before = list(store.captures())
    with workspace.writer_lock():
        rebuild_catalogue(workspace.captures)
    assert list(store.captures()) == before
    assert [capture.audience for capture in before] == [PUBLIC, OFFICER, PUBLIC]
    assert not list(check_captures(workspace))


def test_a_run_sees_what_it_kept_before_it_is_committed(store, open_store, workspace, keep_page, make_page):
    with store.run() as run:
        kept = keep_page(run, make_page(1))
        assert store.read(kept.capture.sha256) == make_page(1)
        assert not list(open_store(workspace).captures()), "for others it does not count yet"
        run.commit()
        assert list(open_store(workspace).captures()) == [kept.capture]


def test_a_run_that_ends_by_an_error_keeps_what_it_had(store, workspace, keep_page, make_page):
    with pytest.raises(ZeroDivisionError), store.run() as run:
        keep_page(run, make_page(1))
        raise ZeroDivisionError
    assert len(list(store.captures())) == 1
    assert not list(check_captures(workspace))


def test_one_run_at_a_time(store):
    with store.run(), pytest.raises(CaptureError, match="open already"), store.run():
        pass


def test_content_over_the_cap_is_refused_and_the_run_goes_on(store, monkeypatch, keep_page, make_page):
    monkeypatch.setattr("minutes_archive.capture.run.MAX_CONTENT", 400)
    with store.run() as run:
        with pytest.raises(CaptureError, match=r"page\.html has 401 bytes"):
            keep_page(run, b"x" * 401)
        keep_page(run, b"x" * 400)
    assert MAX_CONTENT == 512 * 1024 * 1024
    assert [capture.size for capture in store.captures()] == [400]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08\x00", b"WARC/1.0\r\n\r\n", b"\r\n" * 9, bytes(300_000)])
def test_any_bytes_can_be_kept(store, workspace, keep_page, content):
    with store.run() as run:
        kept = keep_page(run, content)
    assert store.read(kept.capture.sha256) == content
    assert not list(check_captures(workspace))


def test_readings_place_captures_in_meetings(store, keep_page, make_page):
    with store.run() as run:
        page, records, fragment, odd, unread = (keep_page(run, make_page(n)).capture for n in range(5))
    store.note_reading(page.sha256, "moderngov/1", "meeting", ["site/1"])
    with store.run():
        store.note_reading(records.sha256, "jsonl/1", "records+annotate", ("site/1", "site/2", "site/1"))
        store.note_reading(fragment.sha256, "text/1", "fragment")
        store.note_reading(odd.sha256, "none/1", "unread")
    assert list(store.captures_of("site/1")) == [page, records]
    assert list(store.captures_of("site/2")) == [records]
    assert list(store.captures_of("site/3")) == []
    assert store.meeting_ids_of(records.sha256) == ("site/1", "site/2")
    assert list(store.unplaced()) == [fragment]
    assert list(store.unread()) == [unread]
    assert store.reading_kind(records.sha256) == "records+annotate"
    assert store.reading_kind(unread.sha256) is None

    store.note_reading(fragment.sha256, "text/1", "fragment", ["site/3"])
    store.note_reading(records.sha256, "jsonl/2", "records", ["site/2"])
    assert not list(store.unplaced())
    assert list(store.captures_of("site/1")) == [page]


def test_a_list_of_captures_may_be_walked_while_readings_are_noted(store, keep_page, make_page):
    with store.run() as run:
        for number in range(20):
            keep_page(run, make_page(number))
    for capture in store.unread():
        store.note_reading(capture.sha256, "p/1", "meeting", ["m"])
    assert len(list(store.captures_of("m"))) == 20


def test_lists_longer_than_a_page(store, monkeypatch, keep_page, make_page):
    monkeypatch.setattr("minutes_archive.capture.catalogue._PAGE", 3)
    with store.run() as run:
        shas = [keep_page(run, make_page(number)).capture.sha256 for number in range(10)]
    assert [capture.sha256 for capture in store.captures()] == shas


texts = st.none() | st.text(max_size=40) | st.sampled_from(
    ["C:\\Minutes\\Café.html", "a\r\nWARC-Type: response", "100%25 %", "x\0y", "..", "\udce9", "文書/議事録", " a "]
)


@settings(max_examples=60, deadline=None)
@given(path=texts, url=texts, council=texts, media_type=st.text(max_size=20) | st.just("text/html; charset=utf-8"))
def test_no_name_breaks_a_record(tmp_path_factory, path, url, council, media_type):
    """Whatever the names are, the WARC file tells the same as the catalogue, and no field is forged."""
    workspace = Workspace.open(tmp_path_factory.mktemp("archive"))
    store = CaptureStore(workspace, lambda: NOON)
    with store.run() as run:
        kept = run.keep(b"bytes", path=path, url=url, council=council, audience=None, media_type=media_type).capture
        run.keep(b"more", path=None, url=None, council=None, audience=Audience.OFFICER, media_type="")
    before = list(store.captures())
    with workspace.writer_lock():
        rebuild_catalogue(workspace.captures)
    assert list(store.captures()) == before
    assert before[0] == kept
    assert not list(check_captures(workspace))


def test_sha256_is_of_the_bytes(store, keep_page, make_page):
    with store.run() as run:
        kept = keep_page(run, make_page(1))
    assert kept.capture.sha256 == hashlib.sha256(make_page(1)).hexdigest()
