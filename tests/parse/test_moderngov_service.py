"""The XML service's traps, one a row; and that no bytes whatever make its reader fail."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.render import MEETINGS, SITE
from council.service import service_xml
from council.source import read_council
from minutes_archive.access import Audience
from minutes_archive.model import ParsedItem, ParsedMeeting, Piece, Reading
from minutes_archive.normalise import normalise
from minutes_archive.parse import read
from minutes_archive.parse.moderngov.service import read_service_answer
from minutes_archive.records.view import see
from normalise.pieces import capture

HOST = "https://democracy.brackenford.example"
DOCUMENT = (
    f"<linkeddoc><title>Plan</title><url>{HOST}/mgConvert2PDF.aspx?ID=7</url><isrestricted>False</isrestricted></linkeddoc>"
)


def item(inside: str = "", documents: str = DOCUMENT) -> str:
    title = "" if "<agendaitemtitle" in inside else "<agendaitemtitle>Towpath</agendaitemtitle>"
    linked = f"<linkeddocuments>{documents}</linkeddocuments>"
    return f"<agendaitem><agendaitemid> 71\n</agendaitemid>{title}{inside}{linked}</agendaitem>"


def answer(*items: str, head: str = "", attendees: str = "") -> bytes:
    date = "" if "<meetingdate" in head else "<meetingdate>13/01/2026</meetingdate>"
    text = (
        f"<meeting><meetingid> 5 </meetingid>{date}{head}<agendaitems>{''.join(items)}</agendaitems>"
        f"<attendees>{attendees}</attendees></meeting>"
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def meeting_of(content: bytes, url: str | None = None) -> ParsedMeeting:
    meeting = read_service_answer(content, url).meeting
    assert meeting is not None
    return meeting


def item_of(inside: str) -> ParsedItem:
    return meeting_of(answer(item(inside))).items[0]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize(("element", "field", "expected"), [
    # Numbers: only the displayed one is the item's.
    ("<agendaitemnumber>4</agendaitemnumber><fulldisplaynumberformat>\n 1.\n</fulldisplaynumberformat>", "number", "1"),
    ("<fulldisplaynumberformat>SSP/42/25</fulldisplaynumberformat>", "number", "SSP/42/25"),
    ("<fulldisplaynumberformat>3a</fulldisplaynumberformat>", "number", "3a"),
    ("<fulldisplaynumberformat>6(i).</fulldisplaynumberformat>", "number", "6(i)"),
    ("<agendaitemnumber>4</agendaitemnumber><minutesitemnumber>44</minutesitemnumber>", "number", None),
    ("<agendaitemnumber>0</agendaitemnumber><fulldisplaynumberformat> . </fulldisplaynumberformat>", "number", None),
    ("<agendaitemnumber>0</agendaitemnumber><fulldisplaynumberformat>0.</fulldisplaynumberformat>", "number", None),
    # Titles: padded, entities once, twice, thrice escaped, markup.
    ("<agendaitemtitle>\n   The\n Quay  </agendaitemtitle>", "title", "The Quay"),
    ("<agendaitemtitle>Council&#39;s Quay</agendaitemtitle>", "title", "Council's Quay"),
    ("<agendaitemtitle>Council&amp;#39;s Quay</agendaitemtitle>", "title", "Council's Quay"),
    ("<agendaitemtitle>Council&amp;amp;#39;s Quay</agendaitemtitle>", "title", "Council's Quay"),
    ("<agendaitemtitle>Rights &amp;amp; Wharves</agendaitemtitle>", "title", "Rights & Wharves"),
    ("<agendaitemtitle>R&amp;D at the Quay?a=1&amp;copy=2</agendaitemtitle>", "title", "R&D at the Quay?a=1&copy=2"),
    ("<agendaitemtitle>&lt;b&gt;Quay&lt;/b&gt; Wall</agendaitemtitle>", "title", "Quay Wall"),
    ("<agendaitemtitle>Leases &lt;b years</agendaitemtitle>", "title", "Leases <b years"),
    ("<agendaitemtitle><![CDATA[Quay & Wall]]></agendaitemtitle>", "title", "Quay & Wall"),
    # Texts: escaped once, twice, not at all, plain, blank.
    (f"<agendatext>{escape('<p>One.</p><p>Two.</p>')}</agendatext>", "agenda_text", "One.\n\nTwo."),
    (f"<agendatext>{escape(escape('<p>One.</p><p>Two.</p>'))}</agendatext>", "agenda_text", "One.\n\nTwo."),
    ("<agendatext><p>One.</p><p>Two.</p></agendatext>", "agenda_text", "One.\n\nTwo."),
    ("<agendatext><![CDATA[<p>One.</p><p>Two.</p>]]></agendatext>", "agenda_text", "One.\n\nTwo."),
    ("<agendatext>\n One\n line.\n\n Two.\n</agendatext>", "agenda_text", "One line.\n\nTwo."),
    ("<agendatext>\n \t\n</agendatext>", "agenda_text", ""),
    ("<agendatext/>", "agenda_text", ""),
    ("<agendatext>The road &lt;A1 upgrade to the quay.</agendatext>", "agenda_text", "The road <A1 upgrade to the quay."),
    (f"<agendatext>{escape('<p>&nbsp;</p><p>&amp;nbsp;</p>')}</agendatext>", "agenda_text", ""),
    (f"<agendatext>{escape('<p>under &lt; over &pound;5</p>')}</agendatext>", "agenda_text", "under < over £5"),
    (f"<agendatext>{escape('<style>p {color: red}</style><p>Text<o:p></o:p></p>')}</agendatext>", "agenda_text", "Text"),
    (f"<agendatext>{escape('<ul><li>a</li><li>b</li></ul>')}</agendatext>", "agenda_text", "a\nb"),
    ("<agendatext>bell &#x7; and &#31; rung</agendatext>", "agenda_text", "bell and rung"),
    ("<decisionnonemptyhtmlbody>AGREED.</decisionnonemptyhtmlbody>", "decision_text", "AGREED."),
    ("<minutesnonemptyhtmlbody>AGREED.</minutesnonemptyhtmlbody>", "minutes_text", "AGREED."),
    ("<isminutepublished>True</isminutepublished><minutesnonemptyhtmlbody>AGREED.</minutesnonemptyhtmlbody>", "minutes_text",
     "AGREED."),
    ("<isminutepublished>False</isminutepublished><minutesnonemptyhtmlbody>Not out.</minutesnonemptyhtmlbody>", "minutes_text",
     ""),
    ("<isdecisionpublished>False</isdecisionpublished><decisionnonemptyhtmlbody>Not out.</decisionnonemptyhtmlbody>",
     "decision_text", ""),
    ("<refertocommittee>Cabinet</refertocommittee>", "minutes_text", ""),
    # Marks: one that can't be understood withholds; where there is none, nothing is said.
    ("<isrestricted>False</isrestricted><isrestricted>True</isrestricted>", "withheld", True),
    ("", "withheld", None),
    ("<isrestricted> </isrestricted><isdisplayallowed> </isdisplayallowed>", "withheld", None),
    ("<isrestricted>False</isrestricted><isdisplayallowed>True</isdisplayallowed>", "withheld", False),
    ("<isrestricted>\n true\n</isrestricted><isdisplayallowed>True</isdisplayallowed>", "withheld", True),
    ("<isrestricted>False</isrestricted><isdisplayallowed>False</isdisplayallowed>", "withheld", True),
    ("<isrestricted>False</isrestricted>", "withheld", None),
    ("<isrestricted>Partly</isrestricted>", "withheld", True),
    ("<isdisplayallowed>Later</isdisplayallowed>", "withheld", True),
])
def test_a_trap_of_an_item(element: str, field: str, expected: object):
    assert getattr(item_of(element), field) == expected


@pytest.mark.parametrize(("head", "field", "expected"), [
    ("<meetingdate> 01/02/2026 </meetingdate>", "date", "2026-02-01"),
    ("<meetingdate>31/02/2026</meetingdate>", "date", None),
    ("<meetingtime> 10.00 am </meetingtime>", "time", "10:00"),
    ("<meetingtime>12 noon</meetingtime>", "time", "12:00"),
    ("<meetingtime> </meetingtime>", "time", None),
    ("<meetinglocation> Town&amp;#39;s Hall </meetinglocation>", "venue", "Town's Hall"),
    ("<meetinglocation>Town Hall</meetinglocation><meetingroom>Room 2</meetingroom>", "venue", "Room 2, Town Hall"),
    ("<meetinglocation> </meetinglocation>", "venue", None),
    ("<meetingstatus>Cancelled</meetingstatus>", "status", "cancelled"),
    ("<meetingstatus> CANCELED </meetingstatus>", "status", "cancelled"),
    ("<meetingstatus>Postponed</meetingstatus>", "status", "postponed"),
    ("<meetingstatus>Confirmed</meetingstatus>", "status", "unknown"),
    # "Confirmed" before there are minutes is of the meeting, not of them.
    ("<meetingstatus>Confirmed</meetingstatus>", "minutes_status", "none"),
    ("<meetingstatus>Confirmed</meetingstatus><minutepublished>True</minutepublished>", "minutes_status", "confirmed"),
    ("<meetingstatus>Draft</meetingstatus><minutepublished>True</minutepublished>", "minutes_status", "draft"),
    ("<meetingstatus>Unheard of</meetingstatus><minutepublished>True</minutepublished>", "minutes_status", "published"),
    ("<minutepublished>False</minutepublished>", "minutes_status", "none"),
    ("<isdisplayallowed>False</isdisplayallowed>", "withheld", True),
    ("<isdisplayallowed>True</isdisplayallowed>", "withheld", False),
    ("<isdisplayallowed>Later</isdisplayallowed>", "withheld", True),
    ("", "withheld", None),
    ("", "contact", None),
])
def test_a_trap_of_a_meeting(head: str, field: str, expected: object):
    assert getattr(meeting_of(answer(item(), head=head)), field) == expected


@pytest.mark.parametrize(("said", "status"), [
    ("Present", "present"), ("Present, virtual", "present"), ("Present as substitute", "present"), ("Apologies", "apologies"),
    ("Apologies for absence", "apologies"), ("Absent", "absent"), ("In attendance", "in_attendance"), ("Expected", "unknown"),
    (" expected ", "unknown"), ("", "unknown"), ("Yn bresennol", "present"),
])
def test_what_the_register_says_of_a_person(said: str, status: str):
    attendee = f'<attendee name=" Cllr&amp;#32;Finch " roledescription="" attendance="{said}"/>'
    reading = read_service_answer(answer(item(), attendees=attendee))
    assert reading.meeting is not None
    assert [(one.name, one.role, one.status) for one in reading.meeting.attendance] == [("Cllr Finch", None, status)]
    assert codes(reading) == []


def test_a_word_that_no_register_is_known_to_use_is_said():
    reading = read_service_answer(answer(item(), attendees='<attendee name="Finch" attendance="Presented"/>'))
    assert reading.meeting is not None
    assert [one.status for one in reading.meeting.attendance] == ["unknown"]
    assert codes(reading) == ["attendance_unclear"]


@pytest.mark.parametrize(("url", "documents", "site"), [
    (None, DOCUMENT, "democracy.brackenford.example"),
    (None, DOCUMENT.replace("/mgConvert", "/moderngov/mgConvert"), "democracy.brackenford.example/moderngov"),
    (None, DOCUMENT.replace("/mgConvert2PDF.aspx?ID=7", "/documents/s7/Plan.pdf"), "democracy.brackenford.example"),
    (None, DOCUMENT.replace("/mgConvert", "/(S(abc))/mgConvert"), "democracy.brackenford.example"),
    (f"{HOST}/mgWebService.asmx/GetMeeting?lMeetingId=5", "", "democracy.brackenford.example"),
    (f"{HOST}:8443/moderngov/MGWEBSERVICE.ASMX/GetMeeting?lMeetingId=5", "", "democracy.brackenford.example~8443/moderngov"),
    ("https://twin.example/mgWebService.asmx", DOCUMENT, "twin.example"),
    # A link to elsewhere is no evidence, and two sites are none either.
    (None, DOCUMENT.replace("/mgConvert2PDF.aspx?ID=7", "/report.pdf"), None),
    (None, DOCUMENT + DOCUMENT.replace("democracy", "minutes"), None),
    (None, "", None),
])
def test_which_site_an_answer_is_of(url: str | None, documents: str, site: str | None):
    reading = read_service_answer(answer(item(documents=documents)), url)
    assert reading.meeting is not None
    assert reading.meeting.site == site
    assert codes(reading) == ([] if site else ["site_unknown"])
    (shown,) = reading.meeting.items
    assert (shown.anchor, shown.url is None) == ("71", site is None)


@pytest.mark.parametrize(("inside", "expected"), [
    ("", ("Plan", f"{HOST}/mgConvert2PDF.aspx?ID=7", "pdf", False, None)),
    ("<isrestricted>True</isrestricted><restrictionsRef> para 3 </restrictionsRef>", ("Plan", None, "pdf", True, "para 3")),
    ("<isrestricted>Unsure</isrestricted>", ("Plan", None, "pdf", True, None)),
    ("<title>Plan.docx</title>", ("Plan.docx", f"{HOST}/mgConvert2PDF.aspx?ID=7", "docx", False, None)),
])
def test_a_document(inside: str, expected: tuple[Any, ...]):
    title = "" if "<title>" in inside else "<title>Plan</title>"
    linked = f"<linkeddoc>{title}{inside}<url>\n{HOST}/mgConvert2PDF.aspx?ID=7\n</url></linkeddoc>"
    (one,) = meeting_of(answer(item(documents=linked))).items[0].documents
    assert (one.title, one.url, one.type, one.restricted, one.reason) == expected


def test_sub_numbers_tell_the_parent():
    numbers = [("0", ""), ("1", "0"), ("1", "1"), ("1", "2"), ("2", "0"), ("3", "1"), ("0", "1")]
    rows = [
        item(f"<agendaitemnumber> {order} </agendaitemnumber><agendaitemsubnumber> {sub} </agendaitemsubnumber>")
        for order, sub in numbers
    ]
    assert [one.parent for one in meeting_of(answer(*rows)).items] == [None, None, 1, 1, None, None, None]


def test_what_is_left_out_is_said():
    unpublished = "<isminutepublished>False</isminutepublished><minutesnonemptyhtmlbody>Not out.</minutesnonemptyhtmlbody>"
    comment = "<commentlabel1>Note</commentlabel1><commenttext1>Ring him.</commenttext1>"
    reading = read_service_answer(answer(item(unpublished), item(comment), item("<agendaitemtitle/>")))
    assert [(one.code, one.where) for one in reading.problems] == [
        ("not_published", "#0"), ("comment_left_out", "#1"), ("no_title", "#2"),
    ]


def test_two_halves_of_a_reference_that_meet_are_none():
    # Half a surrogate pair, once the reference within it is gone; the text before it breaks the XML.
    reading = read_service_answer(answer(item("<agendatext>A & b &#xD8&#1;00; c</agendatext>")))
    assert reading.kind == "meeting"


LONG = "The keeper of the lock gave his reasons at some length."


@pytest.mark.parametrize("inside", [
    f"<unheardof>{LONG}</unheardof>", f"<agendatext>A.</agendatext><agendatext>{LONG}</agendatext>", LONG,
    f"<linkeddocuments>{LONG}</linkeddocuments>", f"<unheardof><p>{LONG}</p></unheardof>",
    # A quote that nobody closed takes in the text up to the next.
    f'<agendatext>&lt;p class="a".gt;{LONG}&lt;/p&gt;</agendatext>',
    f'<agendatext>&lt;p class="a&gt;{LONG}&lt;/p&gt;&lt;p class="a"&gt;B.&lt;/p&gt;</agendatext>',
])
def test_text_in_no_element_that_is_read_is_said_and_not_quoted(inside: str):
    reading = read_service_answer(answer(item(inside)))
    (problem,) = [one for one in reading.problems if one.code == "text_left_out"]
    assert "keeper" not in problem.message


@pytest.mark.parametrize(("content", "kind", "found"), [
    (answer(item()), "meeting", []),
    (answer(item()).replace(b'<?xml version="1.0" encoding="utf-8"?>\n', b""), "meeting", []),
    (b"\xef\xbb\xbf" + answer(item()), "meeting", []),
    (answer(item()).replace(b"Towpath", b"Towpath \xa3\x96"), "meeting", ["wrong_encoding"]),
    (answer(item()).replace(b'encoding="utf-8"', b'encoding="utf-7"'), "meeting", []),
    (answer(item())[:-120], "meeting", ["damaged_xml"]),
    (answer(item()).replace(b"Towpath", b"Tow & path"), "meeting", ["damaged_xml"]),
    (
        b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetMeetingResponse xmlns="urn:x">'
        b"<GetMeetingResult>" + answer(item()).partition(b"\n")[2] + b"</GetMeetingResult></GetMeetingResponse></soap:Body>"
        b"</soap:Envelope>", "meeting", [],
    ),
    (b"<meeting/>", "refused", ["not_minutes"]),
    (b"<?xml version='1.0'?><meeting><meetingid> </meetingid></meeting>", "refused", ["not_minutes"]),
    (b"<committees><committeescount> 0</committeescount></committees>", "list", ["no_meeting"]),
    (b"<?xml version='1.0'?><councillorsbyward><wards/></councillorsbyward>", "refused", ["not_minutes"]),
    (b"<!DOCTYPE meeting><meeting><meetingid>1</meetingid></meeting>", "refused", ["not_minutes"]),
    (b"<?xml version='1.0'?><!-- <meeting> --><!doctype meeting []><meeting/>", "refused", ["not_minutes"]),
    (b"<meeting>" * 100_000, "refused", ["not_minutes"]),
    (b"<?xml version='1.0'?>" + b"<!---->" * 50_000 + b"<meeting/>", "refused", ["not_minutes"]),
])
def test_what_comes_back(content: bytes, kind: str, found: list[str]):
    reading = read(content)
    assert (reading.kind, codes(reading)) == (kind, found)


def test_an_item_of_a_damaged_answer_is_withheld_where_a_mark_may_be_lost():
    shown = "<isrestricted>False</isrestricted><isdisplayallowed>True</isdisplayallowed>"
    whole = answer(item(shown), item("<agendatext>Secret.</agendatext>" + shown))
    assert [one.withheld for one in meeting_of(whole).items] == [False, False]
    assert [one.withheld for one in meeting_of(whole.partition(b"Secret.")[0] + b"Secret.").items] == [False, True]


SECRET = "The seal was sold."
HIDDEN = f"<minutesnonemptyhtmlbody>{SECRET}</minutesnonemptyhtmlbody>"
SHOWN = "<isrestricted>False</isrestricted><isdisplayallowed>True</isdisplayallowed>"
CLOSED = "<isrestricted>True</isrestricted><isdisplayallowed>True</isdisplayallowed>"


def told_to_the_public(content: bytes) -> str:
    reading = read_service_answer(content)
    if reading.meeting is None:
        return str(reading.problems)
    return str(see(normalise(Piece(capture(), reading)), Audience.PUBLIC))


@pytest.mark.parametrize("whole", [
    pytest.param(answer(item(SHOWN), item(HIDDEN + CLOSED), item(SHOWN)), id="an item"),
    pytest.param(answer(item(HIDDEN + SHOWN), head="<isdisplayallowed>False</isdisplayallowed>"), id="a meeting"),
])
def test_damage_at_any_byte_lets_nobody_in(whole: bytes):
    assert SECRET not in told_to_the_public(whole)
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + whole[at + 1 :], whole[:at] + b"<" + whole[at + 1 :]):
            assert SECRET not in told_to_the_public(damaged), (at, whole[max(0, at - 20) : at + 20])


def test_two_items_run_into_one_by_lost_bytes_are_for_officers():
    whole = answer(item(SHOWN), item(HIDDEN + CLOSED)).decode()
    start = whole.index("</agendaitem>")
    assert SECRET not in told_to_the_public((whole[:start] + whole[whole.index("<minutesnonempty") :]).encode())


def test_one_item_is_a_list_of_one_and_no_items_are_none():
    assert len(meeting_of(answer(item())).items) == 1
    assert meeting_of(answer()).items == ()


SAMPLE = [service_xml(one, SITE).encode() for one in read_council(MEETINGS) if one.meeting in {"3182", "3225"}]


@given(st.data())
def test_damaged_answers_never_raise(data: st.DataObject):
    content = bytearray(data.draw(st.sampled_from(SAMPLE)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    reading = read_service_answer(bytes(content))
    assert reading.kind in {"meeting", "list", "refused"}
    assert reading.kind == "meeting" or reading.problems


@given(st.binary(max_size=300))
def test_any_bytes_never_raise(content: bytes):
    assert read_service_answer(content).kind in {"meeting", "list", "refused"}
