"""ModernGov's meeting page (``ieListDocuments.aspx``): one row of ``mgItemTable`` an item.

Inside a row the order is: title (and lead document), links, agenda text, then blocks under the labels
"Additional documents:", "Decision:", "Minutes:". Labels are ``p.mgSubItemTitleTxt``; an item titled
"Minutes" is why the word alone never splits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import html

from minutes_archive.identity import absolute_url, canonical_number, page_identity, site_of
from minutes_archive.model import Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.blocks import Block
from minutes_archive.parse.fields import empty_fields, join_fields
from minutes_archive.parse.heading import minutes_status, read_title
from minutes_archive.parse.html import blocks_of, has_class, text_of, xml_text
from minutes_archive.parse.labels import BLOCKS, ITEM_FURNITURE, head_line, label_key
from minutes_archive.parse.marks import split_attachment, split_restricted
from minutes_archive.parse.moderngov_markup import (
    document,
    elements_of_class,
    first_text,
    identities,
    links,
    reasons_restricted,
)

PARSER = "moderngov-page/1"
_LABEL_CLASSES = ("mgSubItemTitleTxt", "mgSubSubTitleTxt")


def read_meeting_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The meeting that a page shows. ``url`` is the page's own address, None where it is not known."""
    title = read_title(first_text(root, "mgSubTitleTxt") or _page_title(root))
    heading = first_text(root, "mgMainTitleTxt")
    head = _head(root)
    own = page_identity(url)
    number = own.number if own and own.kind == "meeting" else _meeting_number(root, url)
    readings = [_read_row(row, position, url) for position, row in enumerate(_rows(root))]
    items = tuple(reading.item for reading in readings)
    published = minutes_status(heading) or "none"
    if published == "none" and any(item.minutes_text for item in items):
        published = "published"
    held = published != "none" or any(item.decision_text for item in items)
    problems = [problem for reading in readings for problem in reading.problems]
    if title is None:
        problems.append(Problem("no_date", "warning", "", "the page's heading names no date"))
    meeting = ParsedMeeting(
        body=(title.body if title else "") or None,
        date=title.date if title else None,
        time=title.time if title else None,
        venue=head.get("venue"),
        contact=head.get("contact"),
        language="cy" if (root.get("lang") or "").lower().startswith("cy") else "en",
        status=(title.status if title else None) or ("held" if held else "unknown"),
        minutes_status=published,
        site=site_of(url) if url else None,
        number=number,
        items=items,
    )
    return Reading("meeting", "moderngov", PARSER, meeting, None, (*(title.problems if title else ()), *problems))


@dataclass
class Cell:
    """The content of one item, filled while its elements are walked in order."""

    item: ParsedItem
    fields: dict[str, list[Block]] = field(default_factory=empty_fields)
    documents: list[Document] = field(default_factory=list)
    issue_id: str | None = None
    url: str | None = None
    problems: tuple[Problem, ...] = ()


def fill_cell(cell: Cell, elements: list[html.HtmlElement], url: str | None) -> None:
    """Read ``elements``, which stand after an item's title, into ``cell``: labels switch the field that text goes to."""
    current = "agenda_text"
    for element in elements:
        label = BLOCKS.get(label_key(text_of(element))) if _is_label(element) else None
        if label:
            current = label
        elif has_class(element, "mgActionList"):
            _read_links(cell, element, url)
        elif element.tag == "ul" and (current == "documents" or has_class(element, "mgBulletList")):
            found = [document(entry, url) for entry in element.iter("li")]
            cell.documents += [one for one in found if one]
        else:
            target = current if current in cell.fields else "agenda_text"
            cell.fields[target] += [block for block in blocks_of(element) if label_key(block.text) not in ITEM_FURNITURE]
            _read_links(cell, element, url)


def finish_cell(cell: Cell, url: str | None) -> ParsedItem:
    """The item that a filled cell makes: texts joined, cut-off markers taken out and noted."""
    texts, cut = join_fields(cell.fields)
    return replace(
        cell.item, agenda_text=texts["agenda_text"], decision_text=texts["decision_text"], minutes_text=texts["minutes_text"],
        cut=frozenset(cut), url=cell.url, issue_id=cell.issue_id, documents=tuple(dict.fromkeys(cell.documents)),
    )


@dataclass(frozen=True)
class _Row:
    item: ParsedItem
    problems: tuple[Problem, ...]


def _rows(root: html.HtmlElement) -> list[html.HtmlElement]:
    tables = elements_of_class(root, "mgItemTable") or root.xpath(".//*[@id='mgItemTable']")
    # A table pasted from Word has rows of its own: only the item table's own rows are items.
    return [row for table in tables[:1] for row in table.xpath("./tr | ./tbody/tr") if row.xpath("./td")]


def _read_row(row: html.HtmlElement, position: int, url: str | None) -> _Row:
    cells = row.xpath("./td")
    number_cells = [cell for cell in cells if has_class(cell, "mgItemNumberCell")]
    content = [cell for cell in cells if cell not in number_cells] or cells
    anchor = next((a.get("name") or a.get("id") for a in row.iter("a") if _is_anchor(a)), None)
    number = canonical_number(" ".join(text_of(cell) for cell in number_cells))
    elements = [element for cell in content for element in _content_elements(cell)]
    titles = [element for element in elements if has_class(element, "mgAiTitleTxt")]
    lead = document(titles[0], url) if titles else None
    title, _ = split_restricted(split_attachment(text_of(titles[0]))[0] if titles else "")
    cell = Cell(ParsedItem(title=title, number=number, anchor=anchor[2:] if anchor else None))
    if lead:
        cell.documents.append(lead)
    loose = "".join(c.text or "" for c in content).strip()
    if loose:
        cell.fields["agenda_text"].append(Block(" ".join(loose.split())))
    fill_cell(cell, [element for element in elements if element not in titles[:1]], url)
    if cell.url is None and url and cell.item.anchor:
        cell.url = absolute_url(f"mgAi.aspx?ID={cell.item.anchor}", url)
    _mark_restricted(cell, row)
    item = finish_cell(cell, url)
    problems = [] if title else [Problem("no_title", "warning", f"#{position}", "the item's row has no title")]
    return _Row(item, tuple(problems))


def _content_elements(cell: html.HtmlElement) -> list[html.HtmlElement]:
    """The elements of an item's cell; text that stands loose between them is wrapped, never dropped."""
    elements: list[html.HtmlElement] = []
    for child in cell:
        if not isinstance(child.tag, str):
            continue
        elements.append(child)
        if child.tail and child.tail.strip():
            loose = html.Element("p")
            loose.text = xml_text(child.tail)
            elements.append(loose)
    return elements


def _mark_restricted(cell: Cell, row: html.HtmlElement) -> None:
    """Documents whose reasons for restriction the row links are restricted, listed or not."""
    for title in reasons_restricted(row):
        if all(one.title != title for one in cell.documents):
            cell.documents.append(Document(title, restricted=True))
        cell.documents = [replace(one, restricted=True) if one.title == title else one for one in cell.documents]


def _read_links(cell: Cell, element: html.HtmlElement, url: str | None) -> None:
    for found in identities(element, url):
        if found.kind == "issue":
            cell.issue_id = cell.issue_id or found.number
    for href, _ in links(element):
        target = absolute_url(href, url)
        seen = page_identity(absolute_url(href, url or "https://unknown.invalid/"))
        if seen and seen.kind == "item" and seen.number == cell.item.anchor:
            cell.url = target


def _head(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in elements_of_class(root, "mgLabel"):
        line = text_of(label.getparent()) if label.getparent() is not None else ""
        if read := head_line(line):
            found.setdefault(*read)
    return found


def _meeting_number(root: html.HtmlElement, url: str | None) -> str | None:
    """The meeting's id from the link to its attendance: documents/g<N> is another number (markup.md, section 1)."""
    for href, _ in links(root):
        found = page_identity(absolute_url(href, url or "https://unknown.invalid/"))
        if found and found.kind == "meeting" and "attendance" in href.lower():
            return found.number
    return None


def _page_title(root: html.HtmlElement) -> str:
    for title in root.iter("title"):
        return (title.text or "").removeprefix("Agenda for ").replace(" on ", " - ")
    return ""


def _is_label(element: html.HtmlElement) -> bool:
    return any(has_class(element, name) for name in _LABEL_CLASSES)


def _is_anchor(anchor: html.HtmlElement) -> bool:
    name = anchor.get("name") or anchor.get("id") or ""
    return name.startswith("AI") and name[2:].isdigit()
