"""ModernGov's archive pages (``CeListDocuments.aspx``, "Meeting documents"): old minutes pasted in one piece.

They carry no item ids and no table: the numbered headings are all that parts one item from the next.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from minutes_archive.identity import page_identity, site_of
from minutes_archive.model import ParsedItem, ParsedMeeting, Problem, Reading, TextField
from minutes_archive.parse.blocks import Block, join_blocks
from minutes_archive.parse.heading import minutes_status, read_title
from minutes_archive.parse.html import blocks_of, text_of
from minutes_archive.parse.labels import head_line
from minutes_archive.parse.moderngov.cell import opened
from minutes_archive.parse.moderngov.markup import elements_of_class, first_text, links
from minutes_archive.parse.moderngov.numbered_text import split_numbered

PARSER = "moderngov-archive/1"


def read_archive_page(root: html.HtmlElement, url: str | None) -> Reading | None:
    """The meeting that an archive page shows; None where no line names body and date, or where a table holds the items."""
    title = read_title(first_text(root, "mgSubTitleTxt"))
    if title is None or not title.body or elements_of_class(root, "mgItemTable"):
        return None
    contents = elements_of_class(root, "mgContent")
    elements = [one for one in opened(contents[0] if contents else root) if not _is_furniture(one)]
    blocks = [block for element in elements for block in blocks_of(element)]
    above, sections = split_numbered(blocks)
    head = dict(found for block in above if (found := head_line(block.text)))
    rest = [block for block in above if not head_line(block.text) and minutes_status(block.text) is None]
    shown = next((status for block in above if (status := minutes_status(block.text)) is not None), None)
    field: TextField = "agenda_text" if shown == "none" else "minutes_text"
    problems = list(title.problems)
    if sections:
        items = tuple(_item(one.title, one.number, field, one.text) for one in sections)
        problems += _said_above(rest)
    else:
        items = (_item(title.body, None, field, join_blocks(rest)),) if rest else ()
        problems.append(Problem("not_split", "warning", "", "no numbered headings part its items: all its text is one item"))
    own = page_identity(url)
    published = "none" if field == "agenda_text" or not any(item.minutes_text for item in items) else shown or "published"
    meeting = ParsedMeeting(
        body=title.body, date=title.date, time=title.time, venue=head.get("venue"), contact=head.get("contact"),
        status=title.status or ("held" if published != "none" else "unknown"), minutes_status=published,
        site=site_of(url), number=own.number if own and own.kind == "meeting" else None, items=items,
    )
    return Reading("meeting", "moderngov", PARSER, meeting, problems=tuple(problems), outside=tuple(block.text for block in rest))


def _item(title: str, number: str | None, field: TextField, text: str) -> ParsedItem:
    item = ParsedItem(title, number)
    return replace(item, agenda_text=text) if field == "agenda_text" else replace(item, minutes_text=text)


def _is_furniture(element: html.HtmlElement) -> bool:
    """A list that holds nothing but links: documents of the meeting, "back to the list"."""
    words = "".join(text_of(element).split())
    linked = "".join("".join(text_of(one).split()) for _, one in links(element))
    return element.tag in {"ul", "ol"} and len(linked) >= len(words)


def _said_above(blocks: list[Block]) -> list[Problem]:
    if not blocks:
        return []
    quoted = blocks[0].text if len(blocks[0].text) <= 80 else blocks[0].text[:80] + "…"
    return [Problem("text_before_items", "info", "", f"text above the first item belongs to none: “{quoted}”")]
