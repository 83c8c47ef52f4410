"""ModernGov's issue page (``ieIssueDetails.aspx``, "Issue - meetings"): one matter, its full text at every meeting.

    Meeting: 20/09/2017 - Council (Item 52)      a link to the meeting, often to the item's anchor on it
    52   Title, documents, blocks under labels   as on the meeting page
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import html

from minutes_archive.dates import find_dates
from minutes_archive.identity import absolute_url, canonical_number, page_identity, site_of
from minutes_archive.model import Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.html import has_class, text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov.cell import Cell, anchor_in, fill_cell, finish_cell, opened, pointed_item
from minutes_archive.parse.moderngov.flow import items_of
from minutes_archive.parse.moderngov.markup import elements_of_class, first_text, own_links, take_reasons

PARSER = "moderngov-issue/1"
_MEETING = re.compile(
    r"^(?:Meeting|Cyfarfod):\s*(?P<date>\d{1,2}/\d{1,2}/\d{4})\s*[-–]\s*(?P<body>.+?)"
    r"(?:(?<!\s)\s*+\((?:Item|Eitem)\s++(?P<number>[^()]*(?:\([^()]*\))?)\))?$",
    re.IGNORECASE,
)


@dataclass
class _Part:
    """What the page shows of one meeting."""

    date: str | None
    number: str | None
    meeting: str | None = None
    anchor: str | None = None
    elements: list[html.HtmlElement] = field(default_factory=list)


def read_issue_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The text of one matter at each of its meetings: a fragment for each."""
    own = page_identity(url)
    issue = own.number if own and own.kind == "issue" else None
    title = first_text(root, "mgSubTitleTxt")
    fragments = [fragment for part in _parts(root, url) for fragment in _fragments(part, title, issue, url)]
    if not fragments:
        said = Problem("no_meeting", "warning", "", "is a page about a matter (“issue - meetings”) with no text of any meeting")
        return Reading("list", "moderngov", PARSER, problems=(said,))
    return Reading("fragment", "moderngov", PARSER, fragments=tuple(fragments))


def read_history_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The page of a matter's own marks and history: it leads to the meetings and holds no minutes."""
    said = Problem("no_meeting", "warning", "", "is a page about a matter (“issue details”): it holds no minutes itself")
    return Reading("list", "moderngov", PARSER, problems=(said,))


def _parts(root: html.HtmlElement, url: str | None) -> Iterator[_Part]:
    contents = elements_of_class(root, "mgContent")
    part: _Part | None = None
    for element in opened(contents[0] if contents else root):
        match = _MEETING.match(text_of(element)) if not has_class(element, "mgWordPara") else None
        if match:
            if part is not None:
                yield part
            dates = find_dates(match["date"])
            part = _Part(dates[0].day.isoformat() if dates else None, canonical_number(match["number"] or ""))
        if part is not None:
            _read_links(part, element, url)
            if not match:
                part.elements.append(element)
    if part is not None:
        yield part


def _read_links(part: _Part, element: html.HtmlElement, url: str | None) -> None:
    """Which meeting, and which item of it: from the heading's link, an anchor, or a link to the item's page."""
    part.anchor = part.anchor or anchor_in(element)
    for href in own_links(element):
        seen = page_identity(absolute_url(href, url or "https://unknown.invalid/"))
        if seen is None or site_of(url) not in (None, seen.site):
            continue
        if seen.kind == "meeting":
            part.meeting = part.meeting or seen.number
            part.anchor = part.anchor or pointed_item(href)
        elif seen.kind == "item":
            part.anchor = part.anchor or seen.number


def _fragments(part: _Part, title: str, issue: str | None, url: str | None) -> Iterator[Fragment]:
    items = items_of(part.elements, url) or [_loose(part, title, url)]
    for shown in items:
        text = shown.minutes_text or shown.decision_text or shown.agenda_text
        if not text:
            continue
        # What the heading says of the meeting's item holds for the one item that stands under it.
        anchor = shown.anchor or (part.anchor if len(items) == 1 else None)
        number = shown.number or (part.number if len(items) == 1 else None)
        item = replace(_without_number(shown, part.number), anchor=anchor, number=number, issue_id=shown.issue_id or issue)
        yield Fragment(item, text, site_of(url), anchor, part.meeting)


def _loose(part: _Part, title: str, url: str | None) -> ParsedItem:
    """The item of a part without a title of its own: the matter's title, and all the text."""
    cell = Cell(ParsedItem(title=title, number=part.number, anchor=part.anchor), restricted=take_reasons(part.elements))
    fill_cell(cell, part.elements, url)
    return finish_cell(cell)


def _without_number(item: ParsedItem, number: str | None) -> ParsedItem:
    """"52 Local Plan" is titled "Local Plan" where the heading says that it was item 52."""
    first, _, rest = item.title.partition(" ")
    if number and rest and label_key(first.rstrip(".")) == label_key(number):
        return replace(item, title=rest)
    return item
