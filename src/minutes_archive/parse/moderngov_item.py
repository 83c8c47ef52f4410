"""ModernGov's item page (``mgAi.aspx``): one agenda item in full, what the meeting page cuts off."""

from __future__ import annotations

from lxml import html

from minutes_archive.identity import page_identity, site_of
from minutes_archive.model import Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.html import has_class, text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov_markup import elements_of_class, identities
from minutes_archive.parse.moderngov_page import Cell, fill_cell, finish_cell

PARSER = "moderngov-item/1"


def read_item_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The item that a page shows in full. Without the page's own address it can only be placed by its words."""
    own = page_identity(url)
    anchor = own.number if own and own.kind == "item" else None
    # The first sub-title is the item's; a second one, where there is one, names the meeting.
    titles = [text_of(element) for element in elements_of_class(root, "mgSubTitleTxt")]
    cell = Cell(ParsedItem(title=titles[0] if titles else "", anchor=anchor))
    content = elements_of_class(root, "mgContent")
    fill_cell(cell, [child for child in (content[0] if content else root) if isinstance(child.tag, str)], url)
    item = finish_cell(cell, url)
    meetings = {found.number for found in identities(root, url) if found.kind == "meeting"}
    fragment = Fragment(
        item=item,
        text=item.minutes_text or item.agenda_text,
        site=site_of(url) if url else None,
        anchor=anchor,
        meeting_number=meetings.pop() if len(meetings) == 1 else None,
    )
    problems = () if item.minutes_text or item.decision_text else (
        Problem("no_minutes_text", "info", "", "the item page has no minutes or decision text"),
    )
    return Reading("fragment", "moderngov", PARSER, None, fragment, problems)


def is_item_page(root: html.HtmlElement, url: str | None) -> bool:
    """Whether a page is an item page: by its address, or its heading."""
    own = page_identity(url)
    headings = [label_key(text_of(element)) for element in elements_of_class(root, "mgMainTitleTxt")]
    return bool(own and own.kind == "item") or "agenda item" in headings or (
        "eitem agenda" in headings and not any(has_class(table, "mgItemTable") for table in root.iter("table"))
    )
