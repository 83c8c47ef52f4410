"""The committed sample is what the sources make, and the sources follow their format."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from accuracy.labels import source_text
from council.render import MEETINGS, SAMPLE, WRONGLY_DECLARED, render, sample_files
from council.source import LAYOUTS, PRINTED, SourceError, SourceMeeting, plain, read_council, read_meeting
from minutes_archive.dates import municipal_year

COUNCIL = read_council(MEETINGS)
FILES = sample_files(COUNCIL)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_committed_file_is_the_rendered_one(file):
    assert (SAMPLE / file.name).read_bytes() == file.content, "run 'make sample' and commit what it changes"


def test_nothing_else_is_committed():
    committed = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    assert committed == {file.name for file in FILES}


def test_rendering_removes_what_is_stale(tmp_path):
    (tmp_path / "cabinet").mkdir()
    (tmp_path / "cabinet" / "old.html").write_text("stale")
    (tmp_path / "gone").mkdir()
    render(MEETINGS, tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {file.name for file in FILES}
    assert not (tmp_path / "gone").exists()


def test_names_are_safe_on_every_system():
    for file in FILES:
        assert file.name.isascii() and not set(file.name) & set('\\:*?"<>|& '), file.name


def test_line_ends_are_unix():
    assert not [file.name for file in FILES if b"\r" in file.content and not file.name.endswith((".pdf", ".docx"))]


def test_printed_minutes_hold_no_clock_and_nothing_compressed():
    printed = [file for file in FILES if file.meeting and file.meeting.layout in PRINTED]
    assert {Path(file.name).suffix for file in printed} == {".pdf", ".docx"}
    for file in printed:
        assert f"{file.meeting.date:%Y}".encode() in file.content
        assert b"/FlateDecode" not in file.content
        if file.name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
                assert {(one.date_time[0], one.compress_type) for one in parts.infolist()} == {(1980, zipfile.ZIP_STORED)}


@pytest.mark.parametrize(("ending", "furniture"), [
    ("ashlock-parish-council/2024-09-09-minutes.pdf", ["Ashlock Parish Council - Minutes", "Signed ____", "Page 2 of 2"]),
    ("lathe-valley-joint-waste-committee/2024-07-10-minutes.pdf", ["Public Document Pack", "\n2"]),
])
def test_printed_pages_have_furniture(ending: str, furniture: list[str]):
    (file,) = [file for file in FILES if file.name == ending]
    pages = source_text(file.content).replace("\r", "").split("\f")
    assert len(pages) == 2
    assert [one for one in furniture if one not in pages[1]] == []


def test_one_page_says_latin_1_and_holds_windows_1252():
    wrong = [file for file in FILES if b'charset="iso-8859-1"' in file.content]
    assert [file.meeting.meeting for file in wrong if file.meeting] == [WRONGLY_DECLARED]
    content = wrong[0].content
    assert all(sign in content for sign in (b"\xa3", b"\x92", b"\x96")), "pound, curly quote and dash"


def test_the_council_is_large_and_varied_enough():
    held = [meeting for meeting in COUNCIL if meeting.status == "held"]
    items = [item for meeting in held for item in meeting.items]
    assert len(held) >= 15
    assert sum(not item.procedural for item in items) >= 150
    assert len({meeting.body for meeting in held}) >= 6
    assert len({municipal_year(meeting.date) for meeting in held}) >= 2
    assert {meeting.layout for meeting in held} == set(LAYOUTS)
    assert any(item.cut for item in items)
    assert any(meeting.status == "cancelled" for meeting in COUNCIL)
    assert any("draft" in meeting.heading for meeting in held)


@pytest.mark.parametrize("noise", [
    "&nbsp;</p>", '"SpellE">', '"GramE">', 'xml:lang="EN-US">', "<o:p>", "<style type=", "<!--[if gte mso 9]>",
    "&middot;<span",
    "MsoListParagraphCxSpFirst", "MsoListParagraphCxSpMiddle", "MsoListParagraphCxSpLast", "font:7.0pt", 'type="disc"',
    "MsoNormalTable", "&pound;", "&#163;", "&ndash;", "&#39;", "&#58;", "&#32;", "&nbsp;...&nbsp; <a href=",
    "mgReasonsRestricted",
    "mgIssueHistoryHome.aspx?IId=", "ieDecisionDetails.aspx?AIId=", "(restricted)", "Proposed venue:", "CANCELLED",
])
def test_the_pages_have_the_noise_of_real_ones(noise):
    assert any(noise.encode() in file.content for file in FILES if file.name.endswith(".html"))


@pytest.mark.parametrize(
    ("authored", "recorded"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("**RESOLVED** that\n\n1. one; and\n2. two.\n\nEnd.", "RESOLVED that\n\n1. one; and\n2. two.\n\nEnd."),
        ("* one\n* **two**", "one\ntwo"),
        ("## The vote.\n\nIt was **LOST**.", "The vote.\n\nIt was LOST."),
        ("| A | B |\n| 1 | 2 |\n\nAfter.", "A | B\n1 | 2\n\nAfter."),
        ("", ""),
    ],
)
def test_plain_is_the_form_of_the_record(authored, recorded):
    assert plain(authored) == recorded


HEAD = (
    "body: Cabinet\ncommittee: 1\nmeeting: 2\ndate: 2024-01-16\ntime: 16:00\nheading: Agenda and minutes\n"
    "venue: Hall\ncontact: Clerk\nlayout: page\n\n"
)
ITEM = "=== 3 | 1. | Budget\ndecisions: noted\ntopics: budget\n--- minutes\nNoted.\n"


def _read(tmp_path: Path, text: str) -> SourceMeeting:
    path = tmp_path / "meeting.txt"
    path.write_text(text, encoding="utf-8")
    return read_meeting(path)


def test_a_meeting_is_read(tmp_path):
    meeting = _read(tmp_path, HEAD + ITEM)
    assert (meeting.body, str(meeting.date), str(meeting.time)) == ("Cabinet", "2024-01-16", "16:00:00")
    read = [(item.id, item.number, item.title, item.minutes) for item in meeting.items]
    assert read == [("3", "1.", "Budget", "Noted.")]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD.replace("venue", "place") + ITEM, 7, "'place' is unknown"),
        (HEAD.replace("contact: Clerk\n", "") + ITEM, 9, "lacks contact"),
        (HEAD.replace("layout: page", "layout: rtf") + ITEM, 1, "'rtf' is unknown"),
        (HEAD.replace("layout: page", "layout: pdf") + ITEM, 1, "who was present"),
        (HEAD.replace("layout: page", "layout: page\npresent: Ada Quill") + ITEM, 1, "who was present"),
        (HEAD + ITEM.replace("noted", "notes"), 14, "notes"),
        (HEAD + ITEM.replace("topics: budget", "topics: money"), 14, "money"),
        (HEAD + ITEM.replace("topics: budget", "restriction: secret\ntopics: budget"), 15, "'secret' is unknown"),
        (HEAD + ITEM.replace("topics: budget", "topic: budget"), 13, "'topic' is unknown"),
        (HEAD + ITEM.replace("--- minutes", "--- notes"), 14, "'notes' is unknown"),
        (HEAD + ITEM.replace("noted", "none, noted"), 14, "stand alone"),
        (HEAD + ITEM + ITEM, 16, "item 3 stands twice"),
        (HEAD + ITEM.replace("topics: budget", "cut: minutes\ntopics: budget"), 15, "over 1500 characters"),
        (HEAD + ITEM.replace("topics", "document: s1 | Report\ntopics"), 13, "a document is"),
        (HEAD + ITEM.replace("topics", "parent: 9\ntopics"), 11, "parent 9"),
        (HEAD, 1, "has items"),
    ],
)
def test_what_the_format_does_not_know_is_an_error_with_its_line(tmp_path, text, line, says):
    with pytest.raises(SourceError) as raised:
        _read(tmp_path, text)
    assert says in str(raised.value)
    place = int(str(raised.value).split(".txt:")[1].split(":")[0])
    assert abs(place - line) <= 2, str(raised.value)
