"""The fictional council's XML service (``mgWebService.asmx``): its answer to GetMeeting, with the real one's habits.

Values are padded, booleans are words, entities are escaped twice, texts are Word's HTML escaped once or twice, the order
number is not the displayed one, and elements nobody filled hold blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from council.chance import Chance
from council.source import SourceDocument, SourceItem, SourceMeeting
from council.word import word_paste

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def service_xml(meeting: SourceMeeting, site: str) -> str:
    """What ``GetMeeting`` answers of ``meeting``. ``site`` is the folder of the site's pages, with a final slash."""
    held = meeting.status == "held"
    half = "pm" if meeting.time.hour >= 12 else "am"
    day = f"{meeting.date:%d/%m/%Y}"
    return _HEAD + _element("meeting", [
        _value("meetingid", meeting.meeting), _value("meetingdate", day),
        _value("meetingstatus", _status(meeting)), _value("isdisplayallowed", "True"),
        _value("meetingtime", f"{(meeting.time.hour - 1) % 12 + 1}.{meeting.time.minute:02d} {half}"),
        _value("meetingactualstarttime"), _value("meetingplannedfinishtime"), _value("meetingactualfinishtime"),
        _value("meetinglocation", meeting.venue), _value("iswebcast", "False"), _value("agendaid", meeting.meeting),
        _value("agendapublished", "True"), _value("decisionpublished", "False"), _value("minutepublished", str(held)),
        _value("meetingroom"),
        _element("agendaitems", [_item(meeting, item, place, day, site) for place, item in enumerate(meeting.items)]),
        _element("attendees", [_attendee(meeting, site)]),
    ]) + "\n"


def register(meeting: SourceMeeting) -> tuple[str, str, str]:
    """The one person in the answer's register: name, role, and what the register says. Who came is not authored."""
    name, _, role = meeting.contact.partition(", ")
    return name, role, "In attendance" if meeting.status == "held" else "Expected"


def _status(meeting: SourceMeeting) -> str:
    if meeting.status == "cancelled":
        return "Cancelled"
    return "Draft" if "draft" in meeting.heading else "Confirmed"


def _item(meeting: SourceMeeting, item: SourceItem, place: int, day: str, site: str) -> str:
    tops = [one.id for one in meeting.items if one.parent is None]
    siblings = [one.id for one in meeting.items if item.parent and one.parent == item.parent]
    order = tops.index(item.parent or item.id) + 1
    counts = re.findall(r"\d+", item.number)
    return _element("agendaitem", [
        _value("agendaitemid", item.id), _value("agendaitemtitle", escape(item.title)), _text(item, "agendatext", "agenda"),
        _value("actualmeetingdate"), _value("agendaitemnumber", str(order)),
        _value("agendaitemsubnumber", str(siblings.index(item.id) + 1 if siblings else 0)),
        _value("fulldisplaynumberformat", item.number), _value("authorusername"), _value("commentlabel1"),
        _value("commenttext1"), _value("commentlabel2"), _value("commenttext2"),
        _text(item, "minutesnonemptyhtmlbody", "minutes"), _text(item, "decisionnonemptyhtmlbody", "decision"),
        _value("declarationcount", "0"), _value("iscallin", "False"), _value("iscomment", "False"),
        _value("isdecision", str(bool(item.decision))), _value("isdecisionpublished", str(bool(item.decision))),
        _value("isminutepublished", str(bool(item.minutes))), _value("ispubliccanspeak", "False"),
        _value("isrestricted", "False"), _value("isdisplayallowed", "True"), _value("meetingdate", day), _value("meetingtime"),
        _value("minutesitemnumber", counts[0] if counts else "0"), _value("minutesitemsubnumber", "0"), _value("preferreddate"),
        _value("refertocommittee", meeting.body),
        _element("linkeddocuments", [_document(meeting, item, one, day, site) for one in item.documents]),
    ])


def _document(meeting: SourceMeeting, item: SourceItem, document: SourceDocument, day: str, site: str) -> str:
    number = document.id.removeprefix("s")
    return _element("linkeddoc", [
        _value("attachmentid", number), _value("title", escape(document.title)), _value("isurl", "False"),
        _value("url", f"{site}mgConvert2PDF.aspx?ID={number}"), _value("isrestricted", str(document.restricted)),
        _value("restrictionsRef", document.reason or ""), _value("itemnum", item.number), _value("publicationdate", day),
        _value("meetingdate", day), _value("decisiondate"), _value("committeetitle", meeting.body),
        _value("isdecisionattachment", "False"), _value("ownertitle", escape(item.title)),
    ])


def _attendee(meeting: SourceMeeting, site: str) -> str:
    name, role, word = register(meeting)
    marks = {
        "membertype": "U", "memberid": "192", "name": f" {name}", "roledescription": role, "attendance": word,
        "politicalparty": "", "ward": "",
    }
    written = " ".join(f'{mark}="{escape(text)}"' for mark, text in marks.items())
    inside = [_value("url", f"{site}mgUserInfo.aspx?UID=192"), _value("photosmallurl"), _value("photobigurl")]
    return f"<attendee {written}>{''.join(inside)}</attendee>"


def _text(item: SourceItem, name: str, section: str) -> str:
    """Word's HTML, escaped as text in XML; of every second item the service escapes it once more."""
    authored = item.text(section)  # type: ignore[arg-type]
    if not authored:
        return _value(name)
    paste = word_paste(authored, f"{item.id}/{section}")
    return _value(name, escape(paste) if Chance(item.id).one_in(2, "escaped twice") else paste)


def _value(name: str, text: str = "") -> str:
    """An element with its value, padded as the service pads; ``text`` is escaped once here."""
    return f"<{name}>\n  {escape(text)}\n</{name}>"


def _element(name: str, inside: Iterable[str]) -> str:
    return "\n".join([f"<{name}>", *inside, f"</{name}>"])
