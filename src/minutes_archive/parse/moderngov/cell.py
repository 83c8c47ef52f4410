"""What stands under an item's title on any of ModernGov's pages: links, agenda text, then blocks under their labels.

Labels are ``p.mgSubItemTitleTxt``; an item titled "Minutes" is why the word alone never splits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import html

from minutes_archive.identity import absolute_url, page_identity, site_number
from minutes_archive.model import Document, ParsedItem, Vote
from minutes_archive.parse.blocks import Block
from minutes_archive.parse.fields import empty_fields, join_fields
from minutes_archive.parse.html import blocks_of, has_class, text_of
from minutes_archive.parse.labels import BLOCKS, ITEM_FURNITURE, VOTE_LABELS, label_key
from minutes_archive.parse.moderngov.markup import identities, is_word_paste, own_links, restrict, take_documents
from minutes_archive.parse.moderngov.votes import take_votes
from minutes_archive.text import xml_text

_LABEL_CLASSES = ("mgSubItemTitleTxt", "mgSubSubTitleTxt")
_WRAPPERS = frozenset({"div", "section", "article", "main", "form"})
_TABLE = frozenset({"table", "tbody", "thead", "tr", "td"})


@dataclass
class Cell:
    """The content of one item, filled while its elements are walked in order.

    ``restricted`` are titles of documents that are, listed or not.
    """

    item: ParsedItem
    fields: dict[str, list[Block]] = field(default_factory=empty_fields)
    documents: list[Document] = field(default_factory=list)
    restricted: list[str] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    issue_id: str | None = None
    url: str | None = None


def fill_cell(cell: Cell, elements: Sequence[html.HtmlElement], url: str | None) -> None:
    """Read ``elements``, which stand after an item's title, into ``cell``: labels switch the field that text goes to."""
    current = "agenda_text"
    for element in elements:
        cell.votes += take_votes(element)
        label = BLOCKS.get(label_key(text_of(element))) if _is_label(element) else None
        if label:
            current = label
        elif _is_label(element) and label_key(text_of(element)) in VOTE_LABELS:
            continue
        elif has_class(element, "mgActionList"):
            _read_links(cell, element, url)
        elif element.tag == "ul" and (current == "documents" or has_class(element, "mgBulletList")):
            cell.documents += take_documents(element, url)
        else:
            target = current if current in cell.fields else "agenda_text"
            cell.fields[target] += [block for block in blocks_of(element) if label_key(block.text) not in ITEM_FURNITURE]
            _read_links(cell, element, url)


def finish_cell(cell: Cell) -> ParsedItem:
    """The item that a filled cell makes: texts joined, cut-off markers taken out and noted."""
    texts, cut = join_fields(cell.fields)
    return replace(
        cell.item, agenda_text=texts["agenda_text"], decision_text=texts["decision_text"], minutes_text=texts["minutes_text"],
        cut=frozenset(cut), url=cell.url, issue_id=cell.issue_id, documents=restrict(cell.documents, cell.restricted),
        votes=tuple(cell.votes),
    )


def elements_in(parent: html.HtmlElement) -> list[html.HtmlElement]:
    """The elements of ``parent``; text that stands loose between them is wrapped, never dropped."""
    elements: list[html.HtmlElement] = []
    if parent.text and parent.text.strip():
        elements.append(_wrapped(parent.text))
    for child in parent:
        if isinstance(child.tag, str):
            elements.append(child)
        if child.tail and child.tail.strip():
            elements.append(_wrapped(child.tail))
    return elements


def opened(parent: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements of ``parent`` in page order, ModernGov's own wrappers and item tables opened; Word's pastes stay whole."""
    waiting = elements_in(parent)[::-1]
    while waiting:
        element = waiting.pop()
        if _is_wrapper(element):
            waiting += elements_in(element)[::-1]
        else:
            yield element


def anchor_in(element: html.HtmlElement) -> str | None:
    """The agenda item id that an anchor in ``element`` carries (``<a name="AI51894">``), or None."""
    for one in element.iter("a"):
        name = one.get("name") or one.get("id") or ""
        if name.startswith("AI") and (number := site_number(name[2:])):
            return number
    return None


def pointed_item(href: str) -> str | None:
    """The agenda item id that a link points at on its page (``…#AI51894``), or None."""
    match = re.search(r"#AI([0-9]+)$", href.strip())
    return site_number(match[1]) if match else None


def _is_wrapper(element: html.HtmlElement) -> bool:
    if element.tag in _WRAPPERS:
        return not is_word_paste(element)
    return element.tag in _TABLE and bool(element.xpath(".//*[contains(@class, 'mgAiTitleTxt')]"))


def _wrapped(text: str) -> html.HtmlElement:
    loose = html.Element("p")
    loose.text = xml_text(text)
    return loose


def _read_links(cell: Cell, element: html.HtmlElement, url: str | None) -> None:
    for found in identities(element, url):
        if found.kind == "issue":
            cell.issue_id = cell.issue_id or found.number
    for href in own_links(element):
        target = absolute_url(href, url)
        seen = page_identity(absolute_url(href, url or "https://unknown.invalid/"))
        if seen and seen.kind == "item" and seen.number == cell.item.anchor:
            cell.url = target


def _is_label(element: html.HtmlElement) -> bool:
    return any(has_class(element, name) for name in _LABEL_CLASSES)
