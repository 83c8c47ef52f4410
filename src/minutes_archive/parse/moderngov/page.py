"""ModernGov's meeting page (``ieListDocuments.aspx``): one row of ``mgItemTable`` an item.

Inside a row the order is: title (and lead document), links, agenda text, then blocks under the labels
"Additional documents:", "Decision:", "Minutes:" (``moderngov_cell``). Older pages have no table (``moderngov_flow``).
"""

from __future__ import annotations

from lxml import html

from minutes_archive.identity import absolute_url, canonical_number, page_identity, site_of
from minutes_archive.model import ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.heading import minutes_status, read_title
from minutes_archive.parse.html import has_class, is_small, text_of
from minutes_archive.parse.labels import HEAD, head_line, label_key
from minutes_archive.parse.marks import split_restricted
from minutes_archive.parse.moderngov.cell import Cell, anchor_in, elements_in, fill_cell, finish_cell
from minutes_archive.parse.moderngov.flow import read_flow
from minutes_archive.parse.moderngov.markup import document, elements_of_class, first_text, own_links, split_file, take_reasons

PARSER = "moderngov-page/1"


def read_meeting_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The meeting that a page shows. ``url`` is the page's own address, None where it is not known."""
    title = read_title(first_text(root, "mgSubTitleTxt") or _page_title(root))
    heading = first_text(root, "mgMainTitleTxt")
    head = _head(root)
    own = page_identity(url)
    number = own.number if own and own.kind == "meeting" else _meeting_number(root, url)
    items = tuple([_read_row(row, url) for row in _rows(root)] or read_flow(root, url))
    published = minutes_status(heading) or "none"
    if published == "none" and any(item.minutes_text for item in items):
        published = "published"
    held = published != "none" or any(item.decision_text for item in items)
    problems = [
        Problem("no_title", "warning", f"#{position}", "the item's row has no title")
        for position, item in enumerate(items) if not item.title
    ]
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
        site=site_of(url),
        number=number,
        items=items,
    )
    return Reading("meeting", "moderngov", PARSER, meeting, (), (*(title.problems if title else ()), *problems))


def _rows(root: html.HtmlElement) -> list[html.HtmlElement]:
    tables = elements_of_class(root, "mgItemTable") or root.xpath(".//*[@id='mgItemTable']")
    # A table pasted from Word has rows of its own: only those of the item tables (one for each part of a page) are items.
    outer = [table for table in tables if set(tables).isdisjoint(table.iterancestors("table"))]
    return [row for table in outer for row in table.xpath("./tr | ./tbody/tr") if row.xpath("./td")]


def _read_row(row: html.HtmlElement, url: str | None) -> ParsedItem:
    restricted = take_reasons([row])
    cells = row.xpath("./td")
    number_cells = [cell for cell in cells if has_class(cell, "mgItemNumberCell")]
    content = [cell for cell in cells if cell not in number_cells] or cells
    number = canonical_number(" ".join(text_of(cell) for cell in number_cells))
    elements = [element for cell in content for element in elements_in(cell)]
    titles = [element for element in elements if has_class(element, "mgAiTitleTxt")]
    lead = document(titles[0], url) if titles else None
    title, _ = split_restricted(split_file(titles[0])[0] if titles else "")
    cell = Cell(ParsedItem(title=title, number=number, anchor=anchor_in(row)), restricted=restricted)
    if lead:
        cell.documents.append(lead)
    fill_cell(cell, [element for element in elements if element not in titles[:1]], url)
    if cell.url is None and url and cell.item.anchor:
        cell.url = absolute_url(f"mgAi.aspx?ID={cell.item.anchor}", url)
    return finish_cell(cell)


def _head(root: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in elements_of_class(root, "mgLabel"):
        if not is_small(label) or HEAD.get(label_key(text_of(label)), "") in {"", *found}:
            continue
        line = text_of(label.getparent()) if label.getparent() is not None else ""
        if read := head_line(line):
            found.setdefault(*read)
    return found


def _meeting_number(root: html.HtmlElement, url: str | None) -> str | None:
    """The meeting's id from the link to its attendance: documents/g<N> is another number (markup.md, section 1)."""
    for href in own_links(root):
        found = page_identity(absolute_url(href, url or "https://unknown.invalid/"))
        if found and found.kind == "meeting" and "attendance" in href.lower():
            return found.number
    return None


def _page_title(root: html.HtmlElement) -> str:
    for title in root.iter("title"):
        return (title.text or "").removeprefix("Agenda for ").replace(" on ", " - ")
    return ""
