"""The record: what is written is read back, and what comes from elsewhere is checked key by key."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minutes_archive.access import Audience
from minutes_archive.errors import RecordError
from minutes_archive.model import (
    DECISION_TYPES,
    RESTRICTIONS,
    Attendance,
    Decision,
    Document,
    Evidence,
    Item,
    Meeting,
    Problem,
    Source,
    Vote,
)
from minutes_archive.records import SCHEMA, read_record, write_record

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
MAYBE = st.none() | TEXT


@st.composite
def items(draw: st.DrawFn, ordinal: int) -> Item:
    minutes = draw(TEXT.filter(bool))
    start = draw(st.integers(0, len(minutes) - 1))
    end = draw(st.integers(start + 1, len(minutes)))
    words = minutes[start:end]
    return Item(
        id=f"body/2024-01-01/item-{ordinal}", ordinal=ordinal, title=draw(TEXT), number=draw(MAYBE), minutes_text=minutes,
        agenda_text=draw(TEXT), truncated=draw(st.booleans()), procedural=draw(st.booleans()),
        documents=(Document(draw(TEXT), draw(MAYBE), "pdf", draw(MAYBE), draw(st.booleans()), draw(MAYBE)),),
        decisions=(Decision(draw(st.sampled_from(DECISION_TYPES[:-2])), words, "minutes_text", start, end),),
        votes=(Vote(draw(st.none() | st.integers(0, 99)), 1, 0, False, "carried", draw(MAYBE), None),),
        restriction=draw(st.sampled_from(RESTRICTIONS)), audience=draw(st.sampled_from(Audience)),
        topics=tuple(draw(st.lists(TEXT, max_size=2))),
        evidence=(Evidence("restriction", "minutes_text", start, end, words, "rule"),),
        text_sources={"minutes_text": Source("b.html", None, "f" * 64, None, "moderngov", "moderngov-item/1")},
    )


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    return Meeting(
        id="body/2024-01-01", source=Source("a.html", None, "0" * 64, None, "text", "minutes-text/1"), council=draw(MAYBE),
        body=draw(MAYBE), date=draw(st.none() | st.dates().map(str)), venue=draw(MAYBE), audience=draw(st.sampled_from(Audience)),
        attendance=(Attendance(draw(TEXT.filter(bool)), draw(MAYBE), "present"),),
        items=tuple(draw(items(n)) for n in range(1, draw(st.integers(0, 3)) + 1)),
        problems=(Problem("a_code", "warning", "body/2024-01-01", draw(TEXT)),), annotator=draw(MAYBE),
    )


@given(meetings())
@settings(max_examples=150)
def test_what_is_written_is_read_back(meeting: Meeting):
    line = write_record(meeting)
    assert "\n" not in line
    assert read_record(line) == meeting
    assert write_record(read_record(line)) == line


def smallest(**changes: object) -> str:
    return json.dumps({"schema": SCHEMA, "meeting": {"id": "b/2024-01-01"}, "items": [{"id": "b/2024-01-01/x", **changes}]})


def test_missing_keys_have_their_safe_meaning():
    meeting = read_record(smallest())
    (item,) = meeting.items
    assert item.audience is Audience.OFFICER
    assert meeting.audience is Audience.OFFICER
    assert (item.title, item.documents, item.decisions, item.restriction, item.ordinal) == ("", (), (), "open", 1)
    assert (meeting.status, meeting.minutes_status, meeting.language) == ("unknown", "none", "en")


def test_a_meeting_without_mark_is_as_public_as_its_items():
    assert read_record(smallest(audience="public")).audience is Audience.PUBLIC


@pytest.mark.parametrize("mark", ["Public", "everyone", "", None])
def test_a_mark_that_is_not_understood_is_for_officers(mark: object):
    assert read_record(smallest(audience=mark)).items[0].audience is Audience.OFFICER


@pytest.mark.parametrize(("changes", "said"), [
    ({"title": 5}, "items[0].title must be a text or null"),
    ({"restriction": "secret"}, "items[0].restriction must be one of open"),
    ({"decisions": [{"type": "decided"}]}, "items[0].decisions[0].type must be one of approved"),
    ({"decisions": {}}, None),
    ({"decisions": "none"}, "items[0].decisions must be a list"),
    ({"evidence": [{"about": "x", "field": "body_text"}]}, "items[0].evidence[0].field must be the name of a text field"),
    ({"topics": [1]}, "items[0].topics must be a list of texts"),
    ({"truncated": "yes"}, "items[0].truncated must be true or false"),
    ({"id": "../../etc/x"}, "is no id"),
    ({"id": "b//x"}, "is no id"),
    ({"votes": [{"for": -1}]}, "items[0].votes[0].for must be a whole number from 0"),
    ({"documents": ["x"]}, "items[0].documents[0] is no JSON object"),
])
def test_faults_are_named_by_their_path(changes: dict[str, object], said: str | None):
    if said is None:
        assert read_record(smallest(**changes)).items
        return
    with pytest.raises(RecordError) as error:
        read_record(smallest(**changes))
    assert said in str(error.value)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "null", '{"schema": "other/1"}', '{"schema": "minutes-archive/meeting/1"}', "[" * 50_000]
)
def test_what_is_no_record_is_refused(line: str):
    with pytest.raises(RecordError):
        read_record(line)


def test_the_same_item_twice_is_refused():
    record = json.loads(smallest())
    record["items"] *= 2
    with pytest.raises(RecordError, match="stands twice"):
        read_record(json.dumps(record))


def test_annotations_whose_words_are_elsewhere_are_left_out_and_said():
    meeting = read_record(smallest(
        minutes_text="Members agreed to note the report.",
        decisions=[{"type": "noted", "text": "agreed to note", "field": "minutes_text", "start": 8, "end": 22},
                   {"type": "approved", "text": "agreed to note", "field": "minutes_text", "start": 7, "end": 21},
                   {"type": "none"}],
        evidence=[{"about": "decision:approved", "field": "minutes_text", "start": 0, "end": 3, "text": "The", "rule": "r"}],
    ))
    assert [one.type for one in meeting.items[0].decisions] == ["noted", "none"]
    assert meeting.items[0].evidence == ()
    assert [one.code for one in meeting.problems] == ["evidence_mismatch"]


def test_topics_outside_the_vocabulary_are_kept_as_given():
    assert read_record(smallest(topics=["their-own"])).items[0].topics == ("their-own",)


def test_an_item_keeps_its_place_on_the_page():
    meeting = read_record(smallest())
    again = replace(meeting, items=(replace(meeting.items[0], ordinal=7),))
    assert read_record(write_record(again)).items[0].ordinal == 1
