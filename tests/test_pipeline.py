"""The pipeline: any order, any time, any number of runs, killed anywhere, and the records are the same."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from command_line import SAMPLE
from minutes_archive.access import Audience
from minutes_archive.bounded import BoundedReader, Limits, shared_reader
from minutes_archive.capture import CaptureStore
from minutes_archive.capture.warc import WarcFile
from minutes_archive.checking import check
from minutes_archive.intake import Request
from minutes_archive.model import Problem
from minutes_archive.pipeline import AddReport, Archiver
from minutes_archive.records import ArchiveView, RecordStore, write_record
from minutes_archive.workspace import Workspace

CUT = SAMPLE / "cabinet" / "ieListDocuments-3132.html"
FULL = SAMPLE / "cabinet" / "mgAi-20804.html"
OTHER = SAMPLE / "council" / "2023-07-19-minutes.txt"
THORNMERE = Request(council="thornmere")


def add(archive: Path, paths: Iterable[Path], request: Request = THORNMERE) -> Archiver:
    workspace = Workspace.open(archive, writing=True)
    with workspace.writer_lock():
        archiver = Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda problem: None)
        archiver.add(paths, request)
    return archiver


class _KilledError(BaseException):
    """The process ends here."""


def test_restricted_by_a_run_that_was_killed_before_it_came_to_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What was said to be for officers is closed by the next command, whichever that is."""

    def die(*_: object) -> None:
        raise _KilledError

    add(tmp_path, [OTHER])
    with monkeypatch.context() as killed:
        killed.setattr(RecordStore, "put", die)
        with pytest.raises(_KilledError):
            add(tmp_path, [OTHER], Request(audience=Audience.OFFICER))
    view = ArchiveView(RecordStore(Workspace.open(tmp_path)), Audience.PUBLIC)
    assert list(view.meetings())
    workspace = Workspace.open(tmp_path)
    with workspace.writer_lock():
        Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda problem: None).resume()
    assert not list(ArchiveView(RecordStore(workspace), Audience.PUBLIC).meetings())
    assert not list(CaptureStore(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC)).unread())


def test_what_a_killed_run_kept_is_recorded_when_the_same_is_added_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its bytes are in the WARC file, and the catalogue never heard of them: they are known then, and yet not recorded."""

    def die(*_: object) -> None:
        raise _KilledError

    with monkeypatch.context() as killed:
        killed.setattr(WarcFile, "sync", die)
        with pytest.raises(_KilledError):
            add(tmp_path, [OTHER])
    done = add(tmp_path, [OTHER]).done
    assert (done.kept, done.known, done.added) == (0, 1, 1)


HOST = "https://democracy.brackenford.example"
ITEM = (
    '<tr><td class="mgItemNumberCell"><a name="AI{number}"></a>1.</td><td><p class="mgAiTitleTxt">{title}</p>'
    '<p class="mgSubItemTitleTxt">Minutes:</p><div class="mgWordPara"><p>Agreed.</p></div></td></tr>'
)


def write_page(folder: Path, address: str, heading: str, content: str, subtitle: str) -> Path:
    """A page saved from ``address``."""
    path = folder / f"{len(list(folder.iterdir()))}.html"
    path.write_text(
        f'<!-- saved from url=(0099){address} -->\n<html><body><h1 class="mgMainTitleTxt">{heading}</h1>'
        f'<h2 class="mgSubTitleTxt">{subtitle}</h2><div class="mgContent">{content}</div></body></html>', "utf-8",
    )
    return path


def write_meeting(folder: Path, *numbers: str, address: str = f"{HOST}/ieListDocuments.aspx?MId=5") -> Path:
    rows = "".join(ITEM.format(number=number, title=f"Matter {number}") for number in numbers)
    table = f'<table class="mgItemTable">{rows}</table>'
    return write_page(folder, address, "Agenda and minutes", table, "Cabinet - Tuesday 2 September 2025 6.00 pm")


def records(archive: Path) -> dict[str, str]:
    return {one.id: write_record(one) for one in RecordStore(Workspace.open(archive)).meetings()}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    archive = tmp_path_factory.mktemp("all-at-once")
    add(archive, [CUT, FULL, OTHER])
    return records(archive)


def test_the_cut_item_is_whole(expected: dict[str, str]):
    items = {item["id"]: item for item in json.loads(expected["moderngov.thornmere.example/3132"])["items"]}
    assert not items["moderngov.thornmere.example/3132/20804"]["truncated"]
    source = items["moderngov.thornmere.example/3132/20804"]["text_sources"]["minutes_text"]
    assert source["url"] == "https://moderngov.thornmere.example/mgAi.aspx?ID=20804"


@pytest.mark.parametrize("order", list(itertools.permutations([CUT, FULL, OTHER])))
@pytest.mark.parametrize("at_once", [True, False])
def test_any_order_gives_the_same_records(
    tmp_path: Path, expected: dict[str, str], order: tuple[Path, ...], at_once: bool
):
    for paths in [order] if at_once else [[path] for path in order]:
        add(tmp_path, paths)
    assert records(tmp_path) == expected


def test_a_later_state_takes_the_place_of_an_earlier_one(tmp_path: Path):
    draft = tmp_path / "draft.html"
    draft.write_text(CUT.read_text("utf-8").replace(">Agenda and minutes<", ">Agenda and draft minutes<").replace(
        "Agenda, decisions and minutes<", "Agenda, decisions and draft minutes<"), "utf-8")
    archive = tmp_path / "archive"
    add(archive, [draft])
    assert '"minutes_status":"draft"' in records(archive)["moderngov.thornmere.example/3132"]
    done = add(archive, [CUT]).done
    assert (done.added, done.changed) == (0, 1)
    assert '"minutes_status":"published"' in records(archive)["moderngov.thornmere.example/3132"]


def test_another_council_moves_the_record(tmp_path: Path):
    add(tmp_path, [OTHER], Request())
    assert list(records(tmp_path)) == ["council/2023-07-19-1830"]
    done = add(tmp_path, [OTHER], THORNMERE).done
    assert (done.reclassified, done.added, done.removed) == (1, 1, 1)
    assert list(records(tmp_path)) == ["thornmere/council/2023-07-19-1830"]


class _KilledError(Exception):
    pass


@pytest.mark.parametrize("step", ["put", "_note"])
def test_a_run_killed_before_its_records_is_taken_up_by_the_next(
    tmp_path: Path, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch, step: str
):
    owner = RecordStore if step == "put" else Archiver

    def killed(*arguments: object) -> None:
        raise _KilledError

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, killed)
        with pytest.raises(_KilledError):
            add(tmp_path, [CUT, FULL, OTHER])
    # Naming nothing new is enough: what was kept is recorded first.
    add(tmp_path, [])
    assert records(tmp_path) == expected


def test_records_lost_with_their_folder_come_back_from_the_captures(tmp_path: Path, expected: dict[str, str]):
    add(tmp_path, [CUT, FULL, OTHER])
    shutil.rmtree(tmp_path / "corpus" / "meetings")
    for path in (tmp_path / "corpus" / "captures").glob("catalogue*"):
        path.unlink()
    add(tmp_path, [])
    assert records(tmp_path) == expected


def run(archive: Path, reader: BoundedReader, paths: list[Path], retry: bool = False) -> tuple[AddReport, list[str]]:
    said: list[Problem] = []
    workspace = Workspace.open(archive, writing=True)
    with workspace.writer_lock():
        archiver = Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), said.append, reader)
        archiver.resume(retry)
        return archiver.add(paths, THORNMERE), [problem.code for problem in said]


def test_a_parser_that_fails_costs_no_bytes(tmp_path: Path):
    with BoundedReader("bounded.greedy:fail") as failing:
        done, said = run(tmp_path, failing, [CUT])
    assert (done.kept, said) == (1, ["parser_failed"])


def test_a_page_cut_off_is_kept_and_the_rest_goes_on(tmp_path: Path, expected: dict[str, str]):
    endless = tmp_path / "endless.html"
    endless.write_bytes(b"loop")
    archive = tmp_path / "archive"
    with BoundedReader("bounded.greedy:behave", Limits(seconds=0.5)) as reader:
        done, said = run(archive, reader, [CUT, endless, FULL, OTHER])
        assert (done.kept, said) == (4, ["cut_off"])
        assert records(archive) == expected
        # Neither the next run nor adding it again tries anew; whoever says so does.
        assert run(archive, reader, [])[1] == []
        assert run(archive, reader, [endless])[1] == ["given_up"]
        assert run(archive, reader, [], retry=True)[1] == ["cut_off"]


def test_what_could_not_be_read_is_tried_again_by_the_next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with BoundedReader("bounded.greedy:fail") as failing:
        run(tmp_path, failing, [CUT])
    assert records(tmp_path) == {}
    monkeypatch.setattr("minutes_archive.material.VERSION", "minutes-archive/next")
    add(tmp_path, [])
    assert list(records(tmp_path)) == ["moderngov.thornmere.example/3132"]


def test_a_page_that_can_no_longer_be_read_is_said_and_read_again_when_it_can(tmp_path: Path, expected: dict[str, str]):
    add(tmp_path, [CUT, FULL, OTHER])
    with BoundedReader("bounded.greedy:fail") as failing:
        shutil.rmtree(tmp_path / "corpus" / "meetings")
        assert set(run(tmp_path, failing, [])[1]) == {"parser_failed"}
        assert run(tmp_path, failing, [])[1] == []
    run(tmp_path, shared_reader(), [], retry=True)
    assert records(tmp_path) == expected


def test_officers_text_beside_a_public_page_is_theirs_alone(tmp_path: Path):
    add(tmp_path, [CUT])
    before = records(tmp_path)["moderngov.thornmere.example/3132"]
    add(tmp_path, [FULL], Request("thornmere", Audience.OFFICER))
    record = json.loads(records(tmp_path)["moderngov.thornmere.example/3132"])
    theirs = [item for item in record["items"] if item["audience"] == "officer"]
    assert [item["id"] for item in theirs] == ["moderngov.thornmere.example/3132/20804~officer"]
    public = [{**item, "ordinal": 0} for item in record["items"] if item["audience"] == "public"]
    assert public == [{**item, "ordinal": 0} for item in json.loads(before)["items"]]


def test_records_lost_alone_come_back_too(tmp_path: Path, expected: dict[str, str]):
    add(tmp_path, [CUT, FULL, OTHER])
    shutil.rmtree(tmp_path / "corpus" / "meetings")
    problems = [problem.code for problem in check(Workspace.open(tmp_path))]
    assert problems == ["record_missing", "record_missing"]
    add(tmp_path, [])
    assert records(tmp_path) == expected
    assert [problem.code for problem in check(Workspace.open(tmp_path))] == ["index_missing"], "which was never made"


def test_the_users_own_topics_are_tagged(tmp_path: Path):
    (tmp_path / "topics.toml").write_text(
        '[[topic]]\nid = "kestrel"\nprefLabel = "Kestrel Leisure Centre"\naltLabel = ["Kestrel works"]\n', "utf-8"
    )
    add(tmp_path, [CUT])
    assert '"kestrel"' in records(tmp_path)["moderngov.thornmere.example/3132"]


def test_topics_changed_later_are_told_from_the_records(tmp_path: Path):
    add(tmp_path, [CUT])
    before = records(tmp_path)
    workspace = Workspace.open(tmp_path, writing=True)

    def annotate_anew() -> dict[str, str]:
        with workspace.writer_lock():
            Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), lambda problem: None).annotate_anew()
        return records(tmp_path)

    assert annotate_anew() == before
    own = tmp_path / "topics.toml"
    own.write_text('[[topic]]\nid = "kestrel"\nprefLabel = "Kestrel Leisure Centre"\naltLabel = ["Kestrel works"]\n', "utf-8")
    for path in (tmp_path / "corpus" / "captures").glob("*.warc.gz"):
        path.rename(path.with_suffix(".away"))
    assert '"kestrel"' in annotate_anew()["moderngov.thornmere.example/3132"]
    own.unlink()
    assert annotate_anew() == before


@pytest.mark.parametrize("officers_first", [True, False])
def test_officers_version_of_a_public_meeting_stands_beside_it(tmp_path: Path, officers_first: bool):
    theirs = tmp_path / "theirs.html"
    theirs.write_text(CUT.read_text("utf-8").replace("Apologies", "Apologies and Snarkplace"), "utf-8")
    steps = [([CUT], THORNMERE), ([theirs], Request("thornmere", Audience.OFFICER))]
    for paths, request in reversed(steps) if officers_first else steps:
        add(tmp_path / "both", paths, request)
    add(tmp_path / "public", [CUT])

    def seen(archive: Path) -> list[str]:
        view = ArchiveView(RecordStore(Workspace.open(archive)), Audience.PUBLIC)
        return [write_record(meeting) for meeting in view.meetings()]

    assert seen(tmp_path / "both") == seen(tmp_path / "public")
    (record,) = (json.loads(line) for line in records(tmp_path / "both").values())
    marked = [item for item in record["items"] if "Snarkplace" in item["title"]]
    assert [(item["audience"], item["id"][-8:]) for item in marked] == [("officer", "~officer")]


def test_half_a_character_poisons_nothing(tmp_path: Path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"schema":"minutes-archive/meeting/1","meeting":{"id":"x","body":"\\ud800"},"items":[]}\n', "utf-8")
    done = add(tmp_path / "archive", [bad, CUT]).done
    assert (done.kept, done.added) == (1, 1)
    assert "lone surrogate" in done.problems[0].message


def test_captures_of_another_archive_keep_their_audience(tmp_path: Path):
    add(tmp_path / "one", [CUT], Request("thornmere", Audience.OFFICER))
    captures = tmp_path / "one" / "corpus" / "captures"
    done = add(tmp_path / "two", [captures]).done
    assert done.kept == 0
    assert "own_capture" in [problem.code for problem in done.problems]
    add(tmp_path / "two", [captures], Request("thornmere", Audience.PUBLIC))
    assert {item["audience"] for line in records(tmp_path / "two").values() for item in json.loads(line)["items"]} == {"officer"}


def test_an_archive_does_not_load_itself(tmp_path: Path):
    (tmp_path / "page.html").write_bytes(CUT.read_bytes())
    first = add(tmp_path, [tmp_path]).done
    again = add(tmp_path, [tmp_path]).done
    assert (first.kept, again.kept, again.known, again.refused) == (1, 0, 1, 0)


def warc_record(url: str, status: str, body: bytes) -> bytes:
    """A response record of a WARC file, a gzip member of its own (ISO 28500, 6.3)."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:test:{url}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


def test_a_damaged_warc_gives_what_is_whole_and_says_the_rest(tmp_path: Path):
    records = [warc_record(f"https://other.example/{path.name}", "200 OK", path.read_bytes()) for path in (OTHER, CUT)]
    records.append(warc_record("https://other.example/3", "404 Not Found", b"gone"))
    whole, cut = tmp_path / "crawl.warc.gz", tmp_path / "cut.warc.gz"
    whole.write_bytes(b"".join(records))
    done = add(tmp_path / "whole", [whole]).done
    assert (done.kept, done.refused) == (2, 0)
    assert [(one.severity, one.code) for one in done.problems] == [("info", "passed_over")]
    for part in (0.1, 0.5, 0.9):
        cut.write_bytes(records[0] + records[1][: int(len(records[1]) * part)])
        done = add(tmp_path / str(part), [cut]).done
        assert done.kept == 1
        assert [(one.severity, one.where) for one in done.problems] == [("warning", "cut.warc.gz")]


@pytest.mark.parametrize("later", [0, 1])
def test_a_page_that_names_its_item_alone_finds_a_whole_meeting_in_any_order(tmp_path: Path, later: int):
    """The meeting has nothing cut off, and the decision page links no meeting: the item's id is all there is."""
    decision = "<h3>Decision:</h3><p>That the toll be doubled.</p>"
    pages = [
        write_meeting(tmp_path, "71"),
        write_page(tmp_path, f"{HOST}/ieDecisionDetails.aspx?AIId=71", "Decision details", decision, "Matter 71"),
    ]
    for path in (pages[1 - later], pages[later]):
        add(tmp_path / "archive", [path])
    (record,) = records(tmp_path / "archive").values()
    assert [item["decision_text"] for item in json.loads(record)["items"]] == ["That the toll be doubled."]


@pytest.mark.parametrize("address", [
    f"{HOST}/ieListDocuments.aspx?MId={'5' * 500}", "http:///moderngov/ieListDocuments.aspx?MId=5",
    "http://../../ieListDocuments.aspx?MId=5", f"http://{'a' * 500}/ieListDocuments.aspx?MId=5",
])
def test_no_page_can_make_records_that_the_archive_cannot_read(tmp_path: Path, address: str):
    add(tmp_path / "archive", [write_meeting(tmp_path, "²", "٣", "5" * 500, address=address)])
    view = ArchiveView(RecordStore(Workspace.open(tmp_path / "archive")), Audience.PUBLIC)
    assert [len(meeting.items) for meeting in view.meetings()] == [3]


def test_a_meeting_is_read_once_for_all_its_item_pages(tmp_path: Path):
    numbers = [str(number) for number in range(100, 250)]
    shown = write_meeting(tmp_path, *numbers)
    link = '<a href="ieListDocuments.aspx?MId=5">Cabinet</a>'
    pages = [
        write_page(tmp_path, f"{HOST}/mgAi.aspx?ID={number}", "Agenda item", f"<p>Text.</p>{link}", f"Matter {number}")
        for number in numbers
    ]
    add(tmp_path / "archive", [shown, *pages])
    started = process_time()
    add(tmp_path / "archive", [shown], Request(audience=Audience.OFFICER))
    assert process_time() - started < 5
