"""What the parsers read off the sample is what its authors wrote: every field, to the letter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from council.render import MEETINGS, SITE, SampleFile, document_address, item_address, sample_files
from council.source import SourceDocument, SourceItem, SourceMeeting, plain, read_council
from minutes_archive.model import Document, Fragment, ParsedItem, ParsedMeeting
from minutes_archive.parse import read

FILES = sample_files(read_council(MEETINGS))
MEETING_FILES = [file for file in FILES if file.meeting and not file.item]
ITEM_FILES = [file for file in FILES if file.item]
LIST_FILES = [file for file in FILES if not file.meeting]

# Heading -> what it says of the minutes, and of the meeting.
HEADINGS = {
    "Agenda and minutes": ("published", "held"),
    "Agenda, decisions and minutes": ("published", "held"),
    "Agenda and draft minutes": ("draft", "held"),
    "Meeting": ("none", "cancelled"),
}
SECTIONS = (("agenda_text", "agenda"), ("decision_text", "decision"), ("minutes_text", "minutes"))

# What a layout can't tell, one by one: (item, field) -> why.
EXCUSED = {
    ("20309", "documents"): "a text without labels has lost the links to further documents",
}


def _parsed(file: SampleFile) -> ParsedMeeting:
    meeting = read(file.content).meeting
    assert meeting is not None
    return meeting


def _fragment(file: SampleFile) -> Fragment:
    fragment = read(file.content).fragment
    assert fragment is not None
    return fragment


def _source(file: SampleFile) -> SourceMeeting:
    assert file.meeting is not None
    return file.meeting


def _pairs() -> Iterator[object]:
    for file in MEETING_FILES:
        parsed = {item.title: item for item in _parsed(file).items}
        for item in _source(file).items:
            yield pytest.param(_source(file), item, parsed.get(item.title), id=f"{file.name}:{item.id}")


PAIRS = list(_pairs())


@pytest.mark.parametrize("file", MEETING_FILES, ids=lambda file: file.name)
def test_the_head_of_a_meeting(file):
    source, parsed = _source(file), _parsed(file)
    assert (parsed.body, parsed.date, parsed.time) == (source.body, str(source.date), f"{source.time:%H:%M}")
    assert (parsed.venue, parsed.contact) == (source.venue, source.contact)
    assert (parsed.minutes_status, parsed.status) == HEADINGS[source.heading]
    page = source.layout == "page"
    assert parsed.number == (source.meeting if page else None)
    assert parsed.site == (SITE.split("/")[2] if page else None)


@pytest.mark.parametrize("file", MEETING_FILES, ids=lambda file: file.name)
def test_a_meeting_has_its_items_in_order_and_no_others(file):
    assert [item.title for item in _parsed(file).items] == [item.title for item in _source(file).items]


@pytest.mark.parametrize("file", MEETING_FILES, ids=lambda file: file.name)
def test_a_sound_page_gives_no_warning(file):
    assert [problem for problem in read(file.content).problems if problem.severity != "info"] == []


@pytest.mark.parametrize(("meeting", "item", "parsed"), PAIRS)
def test_the_marks_of_an_item(meeting: SourceMeeting, item: SourceItem, parsed: ParsedItem | None):
    assert parsed is not None, "the item was not found"
    number = None if meeting.layout == "text-plain" else item.number.rstrip(".") or None
    assert (parsed.number, parsed.title) == (number, item.title)
    page = meeting.layout == "page"
    assert (parsed.anchor, parsed.issue_id) == ((item.id, item.issue) if page else (None, None))
    assert parsed.url == (item_address(item) if page else None)
    assert not parsed.title_inferred


@pytest.mark.parametrize(("meeting", "item", "parsed"), PAIRS)
def test_the_texts_of_an_item(meeting: SourceMeeting, item: SourceItem, parsed: ParsedItem | None):
    assert parsed is not None, "the item was not found"
    for field, section in SECTIONS:
        read_text, authored = getattr(parsed, field), plain(item.text(section))
        if item.cut and section == "minutes":
            assert authored.startswith(read_text)
            assert 0.6 <= len(read_text) / len(authored) <= 0.85
            assert authored[len(read_text)] == " ", "cut at a word's end"
        else:
            assert read_text == authored, field
    assert parsed.cut == ({"minutes_text"} if item.cut else set())


@pytest.mark.parametrize(("meeting", "item", "parsed"), PAIRS)
def test_the_documents_of_an_item(meeting: SourceMeeting, item: SourceItem, parsed: ParsedItem | None):
    assert parsed is not None, "the item was not found"
    if (item.id, "documents") in EXCUSED:
        assert len(parsed.documents) < len(item.documents), f"no longer excused: {EXCUSED[item.id, 'documents']}"
        return
    # The site shows the item's own title as the link to the report that leads it.
    titles = [item.title, *(document.title for document in item.documents[1:])]
    expected = [
        _document(document, title, meeting.layout) for document, title in zip(item.documents, titles, strict=False)
    ]
    assert sorted(parsed.documents, key=_by_title) == sorted(expected, key=_by_title)


@pytest.mark.parametrize("file", ITEM_FILES, ids=lambda file: file.name)
def test_an_item_page_has_the_whole_text(file):
    fragment, item = _fragment(file), file.item
    assert fragment.item.title == item.title
    assert (fragment.anchor, fragment.meeting_number) == (item.id, file.meeting.meeting)
    assert fragment.site == SITE.split("/")[2]
    for field, section in SECTIONS:
        assert getattr(fragment.item, field) == plain(item.text(section)), field
    assert fragment.item.cut == frozenset()
    assert list(fragment.item.documents) == [_document(document, document.title, "page") for document in item.documents]


@pytest.mark.parametrize("file", LIST_FILES, ids=lambda file: file.name)
def test_a_list_of_meetings_holds_no_minutes(file):
    reading = read(file.content)
    assert (reading.kind, reading.meeting) == ("list", None)
    assert [problem.code for problem in reading.problems] == ["no_meeting"]


def _document(document: SourceDocument, title: str, layout: str) -> Document:
    if document.restricted:
        # Neither link nor size is shown, and the reason stands on a page of its own.
        return Document(title, restricted=True)
    url = SITE + document_address(document) if layout == "page" else None
    return Document(title, url, document.type, document.size)


def _by_title(document: Document) -> tuple[str, str]:
    return document.title, document.url or ""
