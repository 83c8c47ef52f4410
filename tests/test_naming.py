"""What `minutes check` calls what is damaged: ids and names of files that the public may see, digests of all others."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import SAMPLE, Minutes
from minutes_archive.access import Audience
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.naming import Names
from minutes_archive.workspace import Workspace

PAGE = SAMPLE / "safer-thornmere-partnership" / "ieListDocuments-3171.html"
OPEN = "moderngov.thornmere.example/3171"
MINUTES = """Quillonby Panel

Minutes of the meeting held on Monday 6 May 2024 at 7.00 pm in the Hall

1. Wexcombe inquiry
The clerk told of it. RESOLVED that the report be noted.
"""
SECRET = "lathe/quillonby-panel/2024-05-06-1900"


@pytest.fixture
def archive(minutes: Minutes, tmp_path: Path) -> Path:
    folder, theirs = tmp_path / "archive", tmp_path / "Quillonby.txt"
    theirs.write_text(MINUTES, "utf-8")
    assert minutes("--archive", folder, "add", PAGE).status == 0
    assert minutes("--archive", folder, "add", theirs, "--council", "lathe", "--audience", "officer").status == 0
    return folder


def captures_gone(archive: Path) -> None:
    for path in (archive / "corpus" / "captures").glob("*.warc.gz"):
        path.unlink()


def records_cut(archive: Path) -> None:
    for path in (archive / "corpus" / "meetings").rglob("*.jsonl"):
        path.write_bytes(path.read_bytes()[:-9])


def test_a_missing_record_of_officers_is_named_by_digest(minutes: Minutes, archive: Path):
    shutil.rmtree(archive / "corpus" / "meetings")
    told = minutes("--archive", archive, "check")
    assert told.out.count("was read off a capture, but has no record") == 2
    assert "quillonby" not in told.out.lower()
    assert OPEN in told.out
    assert SECRET in minutes("--archive", archive, "--audience", "officer", "check").out


def test_a_record_of_officers_without_captures_is_named_by_digest(minutes: Minutes, archive: Path):
    shutil.rmtree(archive / "corpus" / "captures")
    told = minutes("--archive", archive, "check", "--json")
    assert told.out.count("capture_unknown") == 2
    assert "quillonby" not in told.out.lower()
    assert OPEN in told.out


def test_a_refusal_names_no_meeting_of_officers(minutes: Minutes, archive: Path):
    captures_gone(archive)
    records_cut(archive)
    refused = minutes("--archive", archive, "check", "--repair", "--dry-run")
    assert "refused: put damaged records away" in refused.err
    assert "quillonby" not in (refused.out + refused.err).lower()
    plainly = minutes("--archive", archive, "--audience", "officer", "check", "--repair", "--dry-run")
    assert SECRET in plainly.err


def test_a_lost_page_of_a_withdrawn_meeting_is_named_by_digest(minutes: Minutes, archive: Path):
    captures_gone(archive)
    assert PAGE.name in minutes("--archive", archive, "check", "--repair").out
    minutes("--archive", archive, "withdraw", OPEN, "--reason", "names a child")
    told = minutes("--archive", archive, "check").out
    assert told.count("are lost, the damaged ones were set aside") == 2
    assert PAGE.name not in told
    assert PAGE.name in minutes("--archive", archive, "--audience", "officer", "check").out


def test_an_item_is_named_as_its_reader_may_see_it(tmp_path: Path):
    items = (
        Item("a/2024-01-01/grass", 1, "Grass", audience=Audience.PUBLIC),
        Item("a/2024-01-01/wexcombe", 2, "Wexcombe", audience=Audience.OFFICER),
    )
    meeting = Meeting("a/2024-01-01", Source(), date="2024-01-01", audience=Audience.PUBLIC, items=items)
    names = Names(Workspace.open(tmp_path), Audience.PUBLIC)
    assert names.of_item(meeting, items[0]) == items[0].id
    assert "wexcombe" not in names.of_item(meeting, items[1])
    assert names.of_item(replace(meeting, audience=Audience.OFFICER), items[0]) != items[0].id
    assert Names(Workspace.open(tmp_path), Audience.OFFICER).of_item(meeting, items[1]) == items[1].id
