"""A page of no known layout that reads like a text rendering: headings as titles, paragraphs beneath.

Councils paste minutes into whatever their web site is made with. beautifulsoup4 takes any tree there is; the
page becomes a text rendering, in which the blank lines say what the headings said.
"""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup, Tag

from minutes_archive.model import Reading
from minutes_archive.parse.heading import minutes_status
from minutes_archive.parse.moderngov.text_page import read_text_meeting
from minutes_archive.text import fold_line

PARSER = "plain-page/1"
_FURNITURE = ["script", "style", "noscript", "nav", "header", "footer", "form", "aside", "template"]
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = [*sorted(_HEADINGS), "p", "li", "tr", "dt", "dd", "blockquote", "pre"]


def read_plain_page(markup: str) -> Reading | None:
    """The meeting that a page of no known layout shows; None where no line of it names a body and a date."""
    reading = read_text_meeting(_rendering(BeautifulSoup(markup, "lxml")))
    if reading is None or reading.meeting is None or not reading.meeting.items:
        return None
    return replace(reading, platform="html", parser=PARSER)


def _rendering(soup: BeautifulSoup) -> str:
    for furniture in soup(_FURNITURE):
        furniture.decompose()
    blocks = _innermost(soup)
    published = any(minutes_status(_line(block)) in {"published", "draft"} for block in blocks[:10])
    text, after_heading = "", False
    for block in blocks:
        line = _line(block)
        if not line:
            continue
        heading = block.name in _HEADINGS
        # In a text rendering a title stands after two empty lines, and so do minutes after their title.
        apart = heading or (after_heading and published)
        text += ("\n\n\n" if apart else "\n\n") + line
        after_heading = heading
    return text.strip("\n")


def _innermost(soup: BeautifulSoup) -> list[Tag]:
    """The blocks that hold no other, in page order. One walk: to look into every block takes hours where a page nests deep."""
    blocks: list[Tag] = []
    outer: set[int] = set()
    around: dict[int, Tag | None] = {}
    for tag in soup.find_all(True):
        block = around.get(id(tag.parent))
        if tag.name in _BLOCKS:
            outer.add(id(block))
            blocks.append(tag)
            block = tag
        around[id(tag)] = block
    return [block for block in blocks if id(block) not in outer]


def _line(block: Tag) -> str:
    if block.name == "tr":
        return " | ".join(fold_line(cell.get_text(" ")) for cell in block.find_all(["td", "th"]))
    return fold_line(("· " if block.name == "li" else "") + block.get_text(""))
