"""The answers of ModernGov's XML service (``mgWebService.asmx``): GetMeeting in full; the lists, as lists.

What it tells better than the page: every text whole, the register, and which items may not be shown. What it does
not tell: the site (known from addresses alone), the body (named beside documents), the contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from lxml import etree

from minutes_archive.dates import find_dates, find_time
from minutes_archive.identity import absolute_url, canonical_number, clean_href, site_number, site_of
from minutes_archive.model import Attendance, Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.fields import empty_fields, join_fields
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov.service_account import unread
from minutes_archive.parse.moderngov.service_xml import (
    MEETING,
    blocks,
    children,
    flag,
    name_of,
    parse_answer,
    plain_value,
    value,
)
from minutes_archive.parse.moderngov.words import MEETING_STATUS, MINUTES_STATUS, attendance_doubt, attendance_status

PARSER = "moderngov-service/1"
# The element of a text -> its field, and the mark that says whether it is published.
_TEXTS = (
    ("agendatext", "agenda_text", ""),
    ("decisionnonemptyhtmlbody", "decision_text", "isdecisionpublished"),
    ("minutesnonemptyhtmlbody", "minutes_text", "isminutepublished"),
)
_Shown = TypeVar("_Shown", ParsedMeeting, ParsedItem)
_SERVICE = re.compile(r"/mgwebservice\.asmx.*$", re.IGNORECASE | re.DOTALL)
_OWN_PAGE = re.compile(r"/(?:mgconvert2pdf\.aspx|mguserinfo\.aspx|documents/)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf|csv|txt|html?)$", re.IGNORECASE)


def read_service_answer(content: bytes, url: str | None = None) -> Reading:
    """What an answer of the service holds. ``url`` is the address it was fetched from, None for a loaded file.

    Never raises on content: what is no answer, or names no meeting, comes back as ``refused`` with the reason.
    """
    answer = parse_answer(content)
    if isinstance(answer, str):
        return _refused(answer)
    if answer.name != MEETING:
        return _list_reading(answer.root, answer.doubts)
    if not value(answer.root, "meetingid") and not value(answer.root, "meetingdate"):
        return _refused("is an empty answer of ModernGov's service: it names no meeting")
    base, doubts = _base(answer.root, url)
    meeting, problems = _read_meeting(answer.root, base)
    lost = unread(answer.root)
    if answer.damaged:
        meeting = _doubted(replace(meeting, items=tuple(_doubted(item) for item in meeting.items)))
    return Reading("meeting", "moderngov", PARSER, meeting, problems=(*answer.doubts, *doubts, *problems, *lost), url=url)


def _list_reading(root: etree._Element, doubts: tuple[Problem, ...]) -> Reading:
    wanted = "committee" if name_of(root) == "committees" else "meeting"
    count = sum(name_of(one) == wanted for one in root.iter())
    name = f"the service's list of {count} {wanted}{'' if count == 1 else 's'}"
    said = Problem("no_meeting", "warning", "", f"is {name}: it leads to meetings and holds no minutes itself")
    return Reading("list", "moderngov", PARSER, problems=(*doubts, said))


def _read_meeting(root: etree._Element, base: str | None) -> tuple[ParsedMeeting, list[Problem]]:
    elements = list(children(root, "agendaitems", "agendaitem"))
    problems: list[Problem] = []
    parents = _parents(elements)
    items = tuple(replace(_read_item(one, at, base, problems), parent=parents[at]) for at, one in enumerate(elements))
    dates = find_dates(value(root, "meetingdate"))
    if not dates:
        problems.append(Problem("no_date", "warning", "", "the answer names no date"))
    word = label_key(value(root, "meetingstatus"))
    allowed = flag(root, "isdisplayallowed", unclear=False)
    told = bool(value(root, "minutepublished")) and flag(root, "minutepublished", unclear=True) is not False
    published = told or any(item.minutes_text for item in items)
    held = published or any(item.decision_text for item in items)
    meeting = ParsedMeeting(
        body=_body(root, elements), date=dates[0].day.isoformat() if dates else None, time=find_time(value(root, "meetingtime")),
        venue=_venue(root), status=MEETING_STATUS.get(word) or ("held" if held else "unknown"),
        minutes_status=MINUTES_STATUS.get(word, "published") if published else "none",
        site=site_of(base), number=site_number(value(root, "meetingid")),
        items=items, attendance=tuple(_attendance(root, problems)),
        withheld=None if allowed is None else not allowed,
    )
    return meeting, problems


def _read_item(element: etree._Element, position: int, base: str | None, problems: list[Problem]) -> ParsedItem:
    where = f"#{position}"
    title, anchor = value(element, "agendaitemtitle"), site_number(value(element, "agendaitemid"))
    if not title:
        problems.append(Problem("no_title", "warning", where, "the item has no title"))
    fields = empty_fields()
    for name, field, mark in _TEXTS:
        found = blocks(element, name)
        if found and mark and flag(element, mark, unclear=False) is False:
            kind = field.removesuffix("_text")
            problems.append(Problem("not_published", "warning", where, f"the {kind} text is marked as not published: left out"))
        else:
            fields[field] = found
    if any(value(element, name) for name in ("commenttext1", "commenttext2")):
        problems.append(Problem("comment_left_out", "info", where, "a comment beside the texts belongs to no field: left out"))
    texts, cut = join_fields(fields)
    return ParsedItem(
        title=title, number=_number(element), anchor=anchor, agenda_text=texts["agenda_text"],
        decision_text=texts["decision_text"], minutes_text=texts["minutes_text"], cut=frozenset(cut),
        url=absolute_url(f"mgAi.aspx?ID={anchor}", base) if anchor and base else None,
        documents=tuple(dict.fromkeys(_document(one) for one in children(element, "linkeddocuments", "linkeddoc"))),
        withheld=_withheld(element),
    )


def _number(element: etree._Element) -> str | None:
    """The number that people see. The order number is another, and so is the minute's; a heading has none."""
    shown = canonical_number(value(element, "fulldisplaynumberformat"))
    return None if shown is None or not shown.strip("0.- ") else shown


def _withheld(element: etree._Element) -> bool | None:
    """Whether the item may not be shown: marked restricted, or not marked to be shown. None where nothing is said.

    A mark that can't be understood withholds.
    """
    restricted = flag(element, "isrestricted", unclear=True)
    allowed = flag(element, "isdisplayallowed", unclear=False)
    if restricted or allowed is False:
        return True
    return None if restricted is None or allowed is None else False


def _doubted(shown: _Shown) -> _Shown:
    """A meeting or item of a damaged answer: where a mark of it is missing nobody knows that it may be shown."""
    return replace(shown, withheld=True) if shown.withheld is None else shown


def _parents(elements: list[etree._Element]) -> list[int | None]:
    """For each item the position of its parent: the item above with the same order number and no sub-number."""
    tops: dict[str, int] = {}
    found: list[int | None] = []
    for at, element in enumerate(elements):
        order, sub = (value(element, name).lstrip("0") for name in ("agendaitemnumber", "agendaitemsubnumber"))
        found.append(tops.get(order) if order and sub else None)
        if order and not sub:
            tops[order] = at
    return found


def _document(element: etree._Element) -> Document:
    title, url = value(element, "title"), clean_href(value(element, "url"))
    extension = _EXTENSION.search(title) or _EXTENSION.search(url.partition("?")[0])
    kind = extension[1].lower() if extension else "pdf" if "mgconvert2pdf" in url.lower() else ""
    # A mark that can't be understood restricts, as everywhere.
    restricted = bool(flag(element, "isrestricted", unclear=True))
    reason = value(element, "restrictionsref") or None
    # The page links no restricted file: neither do we.
    return Document(title, None if restricted else absolute_url(url, None), kind, None, restricted, reason)


def _attendance(root: etree._Element, problems: list[Problem]) -> Iterator[Attendance]:
    for one in children(root, "attendees", "attendee"):
        marks = {str(name).lower(): plain_value(str(raw)) for name, raw in one.attrib.items()}
        name, role, word = (marks.get(key) or value(one, key) for key in ("name", "roledescription", "attendance"))
        status = attendance_status(word)
        if word and status is None:
            problems.append(attendance_doubt(word))
        if name:
            yield Attendance(name, role or None, status or "unknown")


def _body(root: etree._Element, elements: list[etree._Element]) -> str | None:
    """The body's name, which the answer only gives beside its items and documents; None where they disagree."""
    if own := value(root, "committeetitle"):
        return own
    for path, name in ((("linkeddocuments", "linkeddoc"), "committeetitle"), ((), "refertocommittee")):
        names = {value(one, name) for element in elements for one in children(element, *path)} - {""}
        if len(names) == 1:
            return names.pop()
    return None


def _venue(root: etree._Element) -> str | None:
    room, location = value(root, "meetingroom"), value(root, "meetinglocation")
    return (location if not room or room in location else f"{room}, {location}" if location else room) or None


def _base(root: etree._Element, url: str | None) -> tuple[str | None, list[Problem]]:
    """The folder that the site's pages stand in: of the service's own address, else of the addresses in the answer."""
    if url and _SERVICE.search(url):
        return absolute_url(_SERVICE.sub("/", url), None), []
    found: dict[str, str] = {}
    for one in root.iter():
        address = clean_href(value(one, "url")) if len(one) else ""
        own = _OWN_PAGE.search(address)
        base = absolute_url(address[: own.start()] + "/", None) if own else None
        if base and (site := site_of(base)):
            found.setdefault(site, base)
    if len(found) == 1:
        return next(iter(found.values())), []
    said = f"its addresses are of {len(found)} sites" if found else "it holds no address of its site"
    return None, [Problem("site_unknown", "info", "", f"{said}: the meeting is known by its number, body and date alone")]


def _refused(message: str) -> Reading:
    return Reading("refused", "unknown", PARSER, problems=(Problem("not_minutes", "warning", "", message),))
