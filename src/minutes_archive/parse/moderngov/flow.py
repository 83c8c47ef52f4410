"""Items that follow one another without a table: ModernGov's older meeting pages, and its issue pages.

Numbers and titles are paragraphs of the class ``mgAiTitleTxt``; what stands between two of them is the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import html

from minutes_archive.identity import absolute_url, canonical_number
from minutes_archive.model import ParsedItem
from minutes_archive.parse.html import has_class, text_of
from minutes_archive.parse.marks import is_number, split_restricted
from minutes_archive.parse.moderngov.cell import Cell, anchor_in, fill_cell, finish_cell, opened
from minutes_archive.parse.moderngov.markup import document, elements_of_class, split_file, take_reasons

_TITLE = "mgAiTitleTxt"


@dataclass
class _Draft:
    """An item while the elements of the page go by."""

    number: str | None = None
    anchor: str | None = None
    title: html.HtmlElement | None = None
    elements: list[html.HtmlElement] = field(default_factory=list)


def read_flow(root: html.HtmlElement, url: str | None) -> list[ParsedItem]:
    """The items of a page that has no table of items, in page order; none where it has no titles."""
    content = elements_of_class(root, "mgContent")
    return items_of(opened(content[0] if content else root), url)


def items_of(elements: Iterable[html.HtmlElement], url: str | None) -> list[ParsedItem]:
    """The items whose titles stand among ``elements``, with what follows each."""
    return [_finish(draft, url) for draft in _drafts(elements) if draft.title is not None]


def _drafts(elements: Iterable[html.HtmlElement]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for element in elements:
        anchor = anchor_in(element)
        if not has_class(element, _TITLE):
            if anchor and not text_of(element):
                drafts.append(_Draft(anchor=anchor))
            elif drafts and drafts[-1].title is not None:
                drafts[-1].elements.append(element)
            continue
        words = text_of(element)
        waiting = drafts[-1] if drafts and drafts[-1].title is None else None
        if is_number(words) or not words:
            if waiting is None:
                waiting = _Draft()
                drafts.append(waiting)
            waiting.number, waiting.anchor = canonical_number(words), waiting.anchor or anchor
        elif waiting is not None:
            waiting.title, waiting.anchor = element, waiting.anchor or anchor
        else:
            drafts.append(_Draft(anchor=anchor, title=element))
    return drafts


def _finish(draft: _Draft, url: str | None) -> ParsedItem:
    assert draft.title is not None
    restricted = take_reasons([draft.title, *draft.elements])
    title, _ = split_restricted(split_file(draft.title)[0])
    number = draft.number
    first, _, rest = title.partition(" ")
    # "52. Housing Strategy" in one paragraph; without the dot "20 mph Zones" would lose its number.
    if number is None and rest and first.endswith(".") and is_number(first):
        number, title = canonical_number(first), rest
    cell = Cell(ParsedItem(title=title, number=number, anchor=draft.anchor), restricted=restricted)
    lead = document(draft.title, url)
    if lead:
        cell.documents.append(lead)
    fill_cell(cell, draft.elements, url)
    if cell.url is None and url and draft.anchor:
        cell.url = absolute_url(f"mgAi.aspx?ID={draft.anchor}", url)
    return finish_cell(cell)
