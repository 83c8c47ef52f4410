"""ModernGov's item page (``mgAi.aspx``): one agenda item in full, what the meeting page cuts off."""

from __future__ import annotations

from lxml import html

from minutes_archive.identity import page_identity, site_of
from minutes_archive.model import Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.html import text_of
from minutes_archive.parse.moderngov.cell import Cell, fill_cell, finish_cell, opened
from minutes_archive.parse.moderngov.markup import elements_of_class, identities, take_reasons

PARSER = "moderngov-item/1"


def read_item_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The item that a page shows in full. Without the page's own address it can only be placed by its words."""
    own = page_identity(url)
    anchor = own.number if own and own.kind == "item" else None
    # The first sub-title is the item's; a second one, where there is one, names the meeting.
    titles = elements_of_class(root, "mgSubTitleTxt")
    content = elements_of_class(root, "mgContent") or [root]
    cell = Cell(ParsedItem(title=text_of(titles[0]) if titles else "", anchor=anchor), restricted=take_reasons(content[:1]))
    fill_cell(cell, [element for element in opened(content[0]) if element not in titles], url)
    item = finish_cell(cell)
    meetings = {found.number for found in identities(root, url) if found.kind == "meeting"}
    fragment = Fragment(
        item=item,
        text=item.minutes_text or item.agenda_text,
        site=site_of(url),
        anchor=anchor,
        meeting_number=meetings.pop() if len(meetings) == 1 else None,
    )
    problems = () if item.minutes_text or item.decision_text else (
        Problem("no_minutes_text", "info", "", "the item page has no minutes or decision text"),
    )
    return Reading("fragment", "moderngov", PARSER, None, (fragment,), problems)
