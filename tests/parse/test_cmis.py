"""CMIS5 meeting pages: the traps that no golden case has."""

from __future__ import annotations

import pytest

from minutes_archive.access import Audience
from minutes_archive.model import ParsedMeeting, Piece, Reading
from minutes_archive.normalise import normalise
from minutes_archive.parse import read
from minutes_archive.records.view import see
from normalise.pieces import capture

ADDRESS = "https://aldermoor.cmis.example/aldermoor/Meetings/tabid/70/ctl/ViewMeetingPublic/mid/397/Meeting/{}/Committee/4/Default.aspx"


def cmis(content: str, date: str = "Tuesday 6 March 2018 - 10:30 to 00:00", number: str = "2210") -> Reading:
    held = "".join(
        f'<div class="holder"><div class="DNNLabel">{label}</div><div class="Value">{value}</div></div>'
        for label, value in (("Committee", "Cabinet"), ("Date", date))
    )
    form = f'<form action="{ADDRESS.format(number)}">{held}{content}</form>'
    return read(f"<html><body>{form}</body></html>".encode())


def meeting_of(reading: Reading) -> ParsedMeeting:
    assert reading.meeting is not None
    return reading.meeting


ENTRY = '<ul><li class="DocumentListItem">{}</li></ul>'
FILE = '<a class="TitleLink" href="Document.ashx?q=1">Sale of the Mill</a>'
NO_FILE = '<span class="TitleLink">Sale of the Mill</span>'


@pytest.mark.parametrize("content", [
    f"<h3>Private Items</h3>{ENTRY.format(FILE)}",
    f"<h3>Private Agenda</h3>{ENTRY.format(NO_FILE)}",
    '<h3>Exempt Items</h3><table><tr class="rgRow"><td></td><td>Sale of the Mill</td></tr></table>',
    f"<h3>Reports</h3>{ENTRY.format(NO_FILE + ' Not for publication')}",
])
def test_what_the_private_agenda_and_restricted_files_are_called_is_not_for_the_public(content: str):
    reading = cmis(f'<h3>Public Items</h3><table><tr class="rgRow"><td>1</td><td>Apologies</td></tr></table>{content}')
    seen = see(normalise(Piece(capture(), reading)), Audience.PUBLIC)
    assert seen is not None
    assert [item.title for item in seen.items] == ["Apologies"]
    assert "Mill" not in str(seen)


@pytest.mark.parametrize(("row", "number", "title"), [
    ("<td>1</td><td>Apologies</td>", "1", "Apologies"),
    ("<td>2a</td><td>Apologies</td>", "2a", "Apologies"),
    ("<td>1. Apologies</td>", "1", "Apologies"),
    ("<td></td><td>20 mph Zones</td>", None, "20 mph Zones"),
    ("<td>4</td><td>20 mph Zones</td>", "4", "20 mph Zones"),
    ("<td>1</td><td>Minutes</td>", "1", "Minutes"),
])
def test_the_number_and_title_of_a_row(row: str, number: str | None, title: str):
    (item,) = meeting_of(cmis(f'<h3>Public Items</h3><table><tr class="rgRow">{row}</tr></table>')).items
    assert (item.number, item.title) == (number, title)


def test_a_file_whose_number_two_items_have_is_of_neither():
    row = '<table><tr class="rgRow"><td>1</td><td>{}</td></tr></table>'
    reading = cmis(
        f"<h3>Public Items</h3>{row.format('Budget')}<h3>Private Items</h3>{row.format('Sale')}"
        '<h3>Reports</h3><ul><li class="DocumentListItem"><a class="TitleLink" href="Document.ashx?q=1">1 Valuation</a></li></ul>'
    )
    assert [item.documents for item in meeting_of(reading).items] == [(), ()]
    assert [one.code for one in reading.problems] == ["document_of_meeting"]


@pytest.mark.parametrize(("date", "expected"), [
    ("Tuesday 6 March 2018 - 10:30 to 12:15", ("2018-03-06", "10:30")),
    ("06 Mar 2018 - 14:00 to 00:00", ("2018-03-06", "14:00")),
    # Midnight stands for a time that is not known.
    ("06 Mar 2018 - 00:00 to 00:00", ("2018-03-06", None)),
])
def test_date_and_time(date: str, expected: tuple[str, str | None]):
    meeting = meeting_of(cmis("", date))
    assert (meeting.date, meeting.time) == expected


@pytest.mark.parametrize(("number", "expected"), [("2210", "2210"), ("٣", None), ("9" * 40, None)])
def test_the_number_in_the_address(number: str, expected: str | None):
    assert meeting_of(cmis("", number=number)).number == expected
