"""What the parsers read off the sample is what its authors wrote: every field, to the letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from council.render import MEETINGS, SAMPLE, SITE, SampleFile, document_address, item_address, sample_files
from council.service import register
from council.source import PRINTED, SourceDocument, SourceItem, SourceMeeting, plain, read_council
from minutes_archive.identity import attachment_of
from minutes_archive.model import Attendance, Document, Fragment, ParsedItem, ParsedMeeting
from minutes_archive.parse import read
from minutes_archive.parsing import parse_files

FILES = sample_files(read_council(MEETINGS))
SERVICE_FILES = [file for file in FILES if file.name.startswith("service/")]
PRINTED_FILES = [file for file in FILES if file.meeting and file.meeting.layout in PRINTED]
MEETING_FILES = [
    file for file in FILES if file.meeting and not file.item and file not in SERVICE_FILES and file not in PRINTED_FILES
]
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
    (fragment,) = read(file.content).fragments
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


# What the service calls a meeting with minutes -> how final they are.
SERVED_AS = {"Agenda and draft minutes": "draft", "Meeting": "none"}


@pytest.mark.parametrize("file", SERVICE_FILES, ids=lambda file: file.name)
def test_the_service_tells_the_head_of_a_meeting(file):
    source, parsed = _source(file), _parsed(file)
    assert (parsed.date, parsed.time) == (str(source.date), f"{source.time:%H:%M}")
    assert (parsed.venue, parsed.contact) == (source.venue, None)
    assert (parsed.minutes_status, parsed.status) == (SERVED_AS.get(source.heading, "confirmed"), source.status)
    assert (parsed.site, parsed.number) == (SITE.split("/")[2], source.meeting)
    # The answer names the body only beside items.
    assert parsed.body == (source.body if source.items else None)
    name, role, _ = register(source)
    assert parsed.attendance == (Attendance(name, role, "in_attendance" if source.status == "held" else "unknown"),)


@pytest.mark.parametrize("file", SERVICE_FILES, ids=lambda file: file.name)
def test_the_service_tells_every_item_in_full(file):
    source, parsed = _source(file), _parsed(file)
    assert [item.title for item in parsed.items] == [item.title for item in source.items]
    ids = [item.id for item in source.items]
    for item, shown in zip(source.items, parsed.items, strict=True):
        assert (shown.anchor, shown.number) == (item.id, item.number.rstrip(".") or None)
        assert shown.url == item_address(item)
        assert shown.parent == (ids.index(item.parent) if item.parent else None)
        assert [getattr(shown, field) for field, _ in SECTIONS] == [plain(item.text(section)) for _, section in SECTIONS]
        assert (shown.cut, shown.withheld) == (frozenset(), False)
        assert list(shown.documents) == [_served(document) for document in item.documents]


@pytest.mark.parametrize("file", SERVICE_FILES, ids=lambda file: file.name)
def test_the_service_gives_the_ids_of_the_page_and_no_warning(file):
    (page,) = [one for one in MEETING_FILES if one.meeting == file.meeting]
    shown, other = _parsed(file), _parsed(page)
    assert (shown.site, shown.number) == (other.site, other.number)
    assert [item.anchor for item in shown.items] == [item.anchor for item in other.items]
    assert read(file.content).problems == ()


@pytest.mark.parametrize("turned", [False, True], ids=["the service last", "the page last"])
@pytest.mark.parametrize("served", SERVICE_FILES, ids=lambda file: file.name)
def test_page_item_pages_and_service_together_tell_every_field(served: SampleFile, turned: bool):
    source = _source(served)
    names = sorted((file.name for file in FILES if file.meeting == source), reverse=turned)
    (record,) = parse_files([SAMPLE / name for name in names], lambda problem: pytest.fail(problem.message))
    assert (record.body, record.date, record.time) == (source.body, str(source.date), f"{source.time:%H:%M}")
    assert (record.venue, record.contact, record.status) == (source.venue, source.contact, source.status)
    assert [one.name for one in record.attendance] == [register(source)[0]]
    titles = {item.id: item.title for item in record.items}
    authored = {item.id: item.title for item in source.items}
    assert [(item.number, item.title, titles.get(item.parent), item.issue_id, item.truncated) for item in record.items] == [
        (item.number.rstrip(".") or None, item.title, authored.get(item.parent), item.issue, False) for item in source.items
    ]
    for item, shown in zip(source.items, record.items, strict=True):
        assert [getattr(shown, field) for field, _ in SECTIONS] == [plain(item.text(section)) for _, section in SECTIONS]
        told = Counter((one.url and attachment_of(one.url), one.size, one.restricted) for one in shown.documents)
        assert told == Counter(_held(document) for document in item.documents)


@pytest.mark.parametrize("file", PRINTED_FILES, ids=lambda file: file.name)
def test_printed_minutes_tell_their_meeting(file):
    source, reading = _source(file), read(file.content)
    parsed = reading.meeting
    assert (parsed.body, parsed.date, parsed.time) == (source.body, str(source.date), f"{source.time:%H:%M}")
    assert (parsed.venue, parsed.minutes_status, parsed.status) == (source.venue, "published", "held")
    # Printed minutes are no page of a site: nothing in them names its ids.
    assert (parsed.site, parsed.number, parsed.contact) == (None, None, None)
    assert reading.problems == ()
    people = [(one, "present") for one in source.present] + [(one, "in_attendance") for one in source.attending]
    assert [(one.name, one.status) for one in parsed.attendance] == [(_bare_name(one), status) for one, status in people]


@pytest.mark.parametrize("file", PRINTED_FILES, ids=lambda file: file.name)
def test_printed_minutes_tell_every_item(file):
    source, parsed = _source(file), _parsed(file)
    assert [(item.number, item.title) for item in parsed.items] == [
        (item.number or None, item.title) for item in source.items
    ]
    for item, shown in zip(source.items, parsed.items, strict=True):
        authored, printed = plain(item.minutes), shown.minutes_text
        if source.layout != "docx":
            # Where a paragraph ends at the end of a page, paper does not tell.
            authored, printed = " ".join(authored.split()), " ".join(printed.split())
        assert printed == authored
        assert (shown.agenda_text, shown.decision_text, shown.cut, shown.parent) == ("", "", frozenset(), None)


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


def _served(document: SourceDocument) -> Document:
    """A file as the service tells it: always by its own title, never its size, and no address of a restricted one."""
    url = None if document.restricted else f"{SITE}mgConvert2PDF.aspx?ID={document.id.removeprefix('s')}"
    return Document(document.title, url, "pdf", None, document.restricted, document.reason)


def _held(document: SourceDocument) -> tuple[str | None, str | None, bool]:
    """A file as page and service together tell it: its id on the site, its size, and whether it is restricted."""
    return (None, None, True) if document.restricted else (f"{SITE.split('/')[2]}/{document.id}", document.size, False)


def _bare_name(person: str) -> str:
    """Name without title and role: "Cllr Wendy Larch (Chairman)" is Wendy Larch."""
    return re.sub(r"^(?:Cllr|Councillor) | \(.*\)$", "", person)


def _by_title(document: Document) -> tuple[str, str]:
    return document.title, document.url or ""
