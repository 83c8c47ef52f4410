"""Links, keys and noise: one page however its address is written; a change is a change of what is said."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from minutes_archive.crawl.moderngov import ModernGov
from minutes_archive.crawl.page import digest, links
from minutes_archive.crawl.politeness import read_retry_after
from minutes_archive.crawl.schedule import wait_for
from minutes_archive.crawl.task import Scope, Task

BASE = "https://democracy.fenmoor.example/"
PAGE = f"{BASE}ieListMeetings.aspx?CId=7"
SITE = ModernGov(Scope(BASE, dt.date(2026, 11, 3)))
NOW = 1_793_696_400.0  # 3 November 2026, 9 am

# (link as found, key)
KEYS = [
    ("ieListDocuments.aspx?CId=7&MId=41", "meeting/41"),
    ("IELISTDOCUMENTS.ASPX?MID=41&cid=7", "meeting/41"),
    ("ielistdocuments.asp?MeetingId=41", "meeting/41"),
    ("/(S(wm5gga55b130f045qoanjja5))/ieListDocuments.aspx?MId=041&Ver=4&J=2", "meeting/41"),
    ("(X(1)S(wm5gga55b130f045))/ieListDocuments.aspx?MId=41", "meeting/41"),
    ("ieListDocuments.aspx?CId=7&amp;MId=41", "meeting/41"),
    ("ieListDocuments.aspx?MId=41#AI99", "meeting/41"),
    ("ieListDocuments.aspx?MId=41&LLL=1", "meeting/41?lll=1"),
    ("ieListDocuments.aspx?MId=41&LLL=7", "meeting/41"),
    ("https://DEMOCRACY.fenmoor.example:443/ieListDocuments.aspx?MId=41", "meeting/41"),
    ("CeListDocuments.aspx?CommitteeId=7&MeetingId=41&DF=01%2f02%2f2007&Ver=2", "meeting/41"),
    ("mgAi.aspx?ID=99", "item/99"),
    ("ieDecisionDetails.aspx?AIId=99", "decision/ai99"),
    ("ieDecisionDetails.aspx?ID=99", "decision/99"),
    ("mgMeetingAttendance.aspx?ID=41", "attendance/41"),
    ("documents/s41207/Report of the Director.pdf", "doc/s41207"),
    ("documents/s41207/Report of\r\n the Director.pdf?J=1", "doc/s41207"),
    ("Documents/S41207/Renamed.pdf", "doc/s41207"),
    ("mgConvert2PDF.aspx?ID=41207", "doc/s41207"),
    ("mgConvert2Pdf.aspx?id=41207&J=3", "doc/s41207"),
    ("documents/g49/Printed minutes 17-Jul-2024 Cabinet.pdf?T=1", "gdoc/49/1"),
    ("documents/g49/Public reports pack.pdf?T=10&J=3", "gdoc/49/10"),
    ("documents/s50131817/x.pdf", "doc/s50131817"),
    ("mgCalendarMonthView.aspx?M=1", None),
    ("ieDocSearch.aspx?SS=bikes", None),
    ("ieLogon.aspx", None),
    ("mgUserInfo.aspx?UID=192", None),
    ("mgConvert2PDF.aspx", None),
    ("ieListDocuments.aspx?MId=abc", None),
    ("https://elsewhere.example/ieListDocuments.aspx?MId=41", None),
    ("file:///etc/passwd", None),
    ("javascript:void(0)", None),
    ("http://[", None),
]


@pytest.mark.parametrize(("href", "key"), KEYS)
def test_the_key_of_a_link(href: str, key: str | None):
    [link] = links(f'<p><a class=x href="{href}" title="y">words</a></p>'.encode())
    address = SITE._address(link.href, PAGE)
    assert (address.key if address else None) == key


def test_words_of_links_and_what_stands_behind_them():
    page = b"<li><a href='a?x=1&amp;amp;y=2'>15&nbsp;Jan <b>2026</b></a> - Agenda<br></li><li><a href=b>c</a>"
    assert [(one.href, one.text, one.tail) for one in links(page)] == [("a?x=1&y=2", "15 Jan 2026", "- Agenda"), ("b", "c", "")]


SAME = [
    ("<p>a</p><!-- 12 ms -->", "<p>a</p><!-- 13 ms -->"),
    ("<p>a</p><script>x(1)</script>", "<p>a</p><script>x(2)</script>"),
    ('<p>a</p><input type="hidden" name="__VIEWSTATE" value="1">', '<p>a</p><input type="hidden" name="__VIEWSTATE" value="2">'),
    ('<a href="/(S(abc))/x.aspx">a</a>', '<a href="/(S(def))/x.aspx">a</a>'),
    ("<p>a  b</p>", "<p>a\n b</p>"),
    ('<meta name="now" content="1"><p>a</p>', '<meta name="now" content="2"><p>a</p>'),
    ("%PDF-1.4 a /CreationDate (D:2026)", "%PDF-1.4 a /CreationDate (D:2027)"),
]
OTHER = [
    ("<p>Draft minutes</p>", "<p>Minutes</p>"),
    ('<a href="documents/s1/a.pdf">a</a>', '<a href="documents/s2/a.pdf">a</a>'),
    ("<p>a</p>", "<p>a</p><p>b</p>"),
    ("<meeting>1</meeting>", "<meeting>2</meeting>"),
    ("%PDF-1.4 a", "%PDF-1.4 b"),
    ("plain  text", "plain text"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_noise(one: str, other: str):
    assert digest(one.encode()) == digest(other.encode())


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_no_noise(one: str, other: str):
    assert digest(one.encode()) != digest(other.encode())


@pytest.mark.parametrize(
    "part", ["<a ", "<a href=", "<!--", "<script>", "<input type=hidden ", "/(S(", "<a href='x'>", "<meeting>", ' id="', "&amp;"]
)
def test_hostile_pages_take_time_in_proportion(part: str):
    def spent(times: int) -> float:
        page = (part * times).encode()
        started = time.process_time()
        links(page)
        digest(page)
        return time.process_time() - started

    small, large = max(spent(3_000), 0.002), spent(30_000)
    assert large < 25 * small


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", 0),
        ("junk", None),
        ("-1", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("9" * 18, 30 * 86400),
        ("Tue, 03 Nov 2026 09:01:00 GMT", 60),
        ("Tue, 03 Nov 2026 08:00:00 GMT", 0),
        ("Tue, 99 Nov 2026", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None):
    assert read_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("day", "days"),
    [("2026-11-01", 0.84), ("2026-11-10", 0.84), ("2026-12-24", 7), ("2026-05-03", 30), ("2019-05-03", 365), ("", 7)],
)
def test_recent_meetings_are_looked_at_often_and_old_ones_seldom(day: str, days: float):
    task = Task("meeting/1", PAGE, "meeting", day=day)
    assert wait_for(task, "held", dt.date(2026, 11, 3)) / 86400 == pytest.approx(days, abs=0.2)
