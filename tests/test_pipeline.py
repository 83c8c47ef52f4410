"""The pipeline: any order, any time, any number of runs, killed anywhere, and the records are the same."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command_line import SAMPLE
from minutes_archive.access import Audience
from minutes_archive.checking import check
from minutes_archive.intake import Request
from minutes_archive.model import Problem
from minutes_archive.pipeline import Archiver
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


def test_a_parser_that_fails_costs_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError

    said: list[Problem] = []
    workspace = Workspace.open(tmp_path, writing=True)
    with monkeypatch.context() as patched, workspace.writer_lock():
        patched.setattr("minutes_archive.material.read", broken)
        done = Archiver(workspace, lambda: datetime(2026, 1, 1, tzinfo=UTC), said.append).add([CUT], THORNMERE)
    assert done.kept == 1
    assert [problem.code for problem in said] == ["parser_failed"]


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
    assert list(check(Workspace.open(tmp_path))) == []


def test_the_users_own_topics_are_tagged(tmp_path: Path):
    (tmp_path / "topics.toml").write_text(
        '[[topic]]\nid = "kestrel"\nprefLabel = "Kestrel Leisure Centre"\naltLabel = ["Kestrel works"]\n', "utf-8"
    )
    add(tmp_path, [CUT])
    assert '"kestrel"' in records(tmp_path)["moderngov.thornmere.example/3132"]


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
