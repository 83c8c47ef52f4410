"""ModernGov's decision page (``ieDecisionDetails.aspx``): what was decided on one item, and why.

``AIId`` in its address is the agenda item's id; ``ID`` is the decision's own number and no id of an item. The marks
beside the text ("Decision status: Recommendations Approved") are filled in by default and prove nothing: left out.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from lxml import html

from minutes_archive.identity import absolute_url, page_identity, site_number, site_of
from minutes_archive.model import Document, Fragment, ParsedItem, Problem, Reading
from minutes_archive.parse.blocks import Block
from minutes_archive.parse.fields import empty_fields, join_fields
from minutes_archive.parse.html import blocks_of, has_class, text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov.cell import opened, pointed_item
from minutes_archive.parse.moderngov.markup import (
    elements_of_class,
    identities,
    own_links,
    restrict,
    take_documents,
    take_reasons,
)
from minutes_archive.parse.moderngov.votes import take_votes
from minutes_archive.parse.moderngov.words import DECISION_PARTS

PARSER = "moderngov-decision/1"
_TITLES = ("mgSubTitleTxt", "mgSubSubTitleTxt", "mgSectionTitle", "mgSubItemTitleTxt")
# Marks are short; a part that is longer and has no place in the record is worth a word.
_A_MARK = 120


def read_decision_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The decision text of the item that a page is about; the reasons follow it under their own headings."""
    contents = elements_of_class(root, "mgContent")
    content = contents[0] if contents else root
    titles = [text_of(one) for one in elements_of_class(root, "mgSubTitleTxt") if not _is_part(one)]
    restricted = take_reasons([content])
    votes = take_votes(content)
    fields, documents, left_out = _read_parts(content, url)
    texts, cut = join_fields(fields)
    anchor = item_of(url) or _linked_item(root, url)
    meetings = {found.number for found in identities(content, url) if found.kind == "meeting"}
    item = ParsedItem(
        title=titles[0] if titles else "", anchor=anchor, agenda_text=texts["agenda_text"], decision_text=texts["decision_text"],
        cut=frozenset(cut), documents=restrict(documents, restricted), votes=tuple(votes),
    )
    fragment = Fragment(
        item, item.decision_text, site_of(url), anchor, meetings.pop() if len(meetings) == 1 else None,
    )
    problems = [
        Problem("part_left_out", "info", "", f"the part “{title}” of the decision page belongs to no field: left out")
        for title in left_out
    ]
    if not item.decision_text:
        problems.append(Problem("no_decision_text", "info", "", "the decision page has no decision text"))
    return Reading("fragment", "moderngov", PARSER, fragments=(fragment,), problems=tuple(problems))


def item_of(url: str | None) -> str | None:
    """The agenda item id in a decision page's address (``AIId``), or None."""
    try:
        parts = urlsplit((url or "").replace("&amp;", "&"))
        values = {key.lower(): value for key, value in parse_qsl(parts.query)}
    except ValueError:
        return None
    named = re.search(r"/iedecisiondetails\.aspx?$", parts.path, re.IGNORECASE)
    return site_number(values.get("aiid")) if named else None


def _linked_item(root: html.HtmlElement, url: str | None) -> str | None:
    """The one item that the site's own links point at: an item page, an anchor on a meeting page, the page itself."""
    found = set()
    for href in own_links(root):
        target = absolute_url(href, url or "https://unknown.invalid/")
        seen = page_identity(target)
        one = item_of(target) or pointed_item(href) or (seen.number if seen and seen.kind == "item" else None)
        if one and (url is None or site_of(target) == site_of(url)):
            found.add(one)
    return found.pop() if len(found) == 1 else None


def _read_parts(
    content: html.HtmlElement, url: str | None
) -> tuple[dict[str, list[Block]], list[Document], list[str]]:
    fields, documents, left_out = empty_fields(), [], []
    part, heading = "", ""
    for element in opened(content):
        if _is_part(element):
            heading = text_of(element)
            part = DECISION_PARTS.get(label_key(heading), "")
            if part == "reasons":
                fields["decision_text"].append(Block(heading))
        elif part == "documents" or (element.tag == "ul" and has_class(element, "mgBulletList")):
            documents += take_documents(element, url)
        elif (label := _label(element)) is not None:
            # "Decision: That it be done." in one line; any other labelled line is a mark.
            part = DECISION_PARTS.get(label_key(text_of(label)), "")
            label.clear(keep_tail=True)
            if part in fields:
                fields[part] += blocks_of(element)
        elif part:
            fields["decision_text" if part == "reasons" else part] += blocks_of(element)
        elif len(text_of(element)) > _A_MARK and heading not in left_out:
            left_out.append(heading)
    return fields, documents, left_out


def _is_part(element: html.HtmlElement) -> bool:
    """Whether an element is the heading of a part: by its class or tag, and by its words where it is a mere label."""
    if element.tag in {"h3", "h4"} or any(has_class(element, name) for name in _TITLES[1:]):
        return True
    return label_key(text_of(element)) in DECISION_PARTS and len(text_of(element)) < _A_MARK


def _label(element: html.HtmlElement) -> html.HtmlElement | None:
    """The label of a labelled line: "Is Key decision?: No"; None for another element. The text of a part has no such labels."""
    return next(iter(elements_of_class(element, "mgLabel")), None)
