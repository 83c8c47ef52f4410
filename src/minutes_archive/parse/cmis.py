"""CMIS5 meeting pages (``ViewMeetingPublic``): a summary of labels and values, then grids and lists under headings.

Minutes are mostly files of their own there: an item has its number, title, description and files, seldom what was said.
The page is walked once; a heading whose words are known says what the rows and entries after it are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from urllib.parse import urljoin

from lxml import etree, html

from minutes_archive.dates import find_dates, find_time
from minutes_archive.identity import absolute_url, canonical_number, site_of
from minutes_archive.model import Attendance, Document, ParsedItem, ParsedMeeting, Problem, Reading
from minutes_archive.parse.blocks import Block, join_blocks
from minutes_archive.parse.html import blocks_of, has_class, is_small, text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.marks import is_number
from minutes_archive.parse.moderngov.markup import elements_of_class
from minutes_archive.text import fold_line

PARSER = "cmis/1"

_DATA = tomllib.loads(resources.files(__package__).joinpath("cmis.toml").read_text("utf-8"))
_SUMMARY: dict[str, str] = _DATA["summary"]
_STATUS: dict[str, str] = _DATA["status"]
_GROUPS: dict[str, str] = _DATA["groups"]
FURNITURE = frozenset(_DATA["furniture"]["lines"]) | _GROUPS.keys() | _SUMMARY.keys()
_ITEM_GROUPS = frozenset({"public", "private"})
_PEOPLE = frozenset({"present", "apologies", "absent", "in_attendance"})
# The site is the host alone: the pages of one site have many paths, and its meetings one numbering.
_MEETING = re.compile(
    r"^(?P<host>https?://[^/]+/)?.*?/ctl/ViewMeetingPublic/(?:.*?/)??Meeting/(?P<number>[0-9]{1,19})(?![0-9])", re.IGNORECASE
)
_NUMBERED = re.compile(r"^(?P<number>\d{1,3}[a-z]?(?:\.\d{1,2})?)(?:\.|\)|\s*[-–:])?\s+(?P<title>\S.*)$", re.DOTALL)
_SIZE = re.compile(
    r"\(?\b(?:(?P<type>PDF|DOCX?|XLSX?|PPTX?),?\s+)?(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[KMG])b\b\)?", re.IGNORECASE
)
_EXTENSION = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|rtf)$", re.IGNORECASE)
# Characters, blanks of the source included.
_LONGEST_HEADING = 240


def is_cmis(root: html.HtmlElement) -> bool:
    """Whether a page is a CMIS meeting page: it names ``ViewMeetingPublic`` and has a summary that dates a meeting."""
    return _address(root) is not None and "date" in _summary(root)


def read_cmis_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The meeting that a page shows. ``url`` is the page's own address, None where it is not known. Uses up the tree."""
    summary = _summary(root)
    written = next(iter(find_dates(summary.get("date", ""))), None)
    page = _Page(url)
    page.walk(root)
    status = _STATUS.get(label_key(summary.get("status", "")), "unknown")
    address = _MEETING.match(_own_address(root, url) or "")
    site = site_of(address["host"]) if address else None
    problems = list(page.problems())
    if written is None:
        problems.append(Problem("no_date", "warning", "", "the page's summary names no date"))
    elif not written.weekday_fits:
        problems.append(Problem("weekday_mismatch", "warning", "", f"the weekday does not fit {written.day.isoformat()}"))
    meeting = ParsedMeeting(
        body=summary.get("body"), date=written.day.isoformat() if written else None,
        time=_start(summary["date"][written.end :]) if written else None, venue=summary.get("venue"),
        contact=summary.get("contact"), status=status, minutes_status=page.minutes_status, site=site,
        number=address["number"] if address else None, items=tuple(page.items), attendance=tuple(page.attendance),
    )
    return Reading("meeting", "cmis", PARSER, meeting, (), tuple(problems))


@dataclass
class _Page:
    """What has been read while the page is walked; ``group`` is what the last known heading announced."""

    url: str | None
    group: str = "none"
    items: list[ParsedItem] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    minutes_status: str = "none"
    loose: list[Document] = field(default_factory=list)
    declarations: list[str] = field(default_factory=list)

    def walk(self, root: html.HtmlElement) -> None:
        """Read the page's elements in order."""
        walker = etree.iterwalk(root, events=("start",))
        for _, element in walker:
            if not isinstance(element.tag, str) or self._take(element):
                walker.skip_subtree()

    def problems(self) -> Iterator[Problem]:
        """What the page holds that a meeting has no place for."""
        for one in self.loose:
            where = f" ({one.url})" if one.url else ""
            # The public may know that there is a restricted document, not what it is called.
            named = "a restricted document" if one.restricted else f"“{one.title}”{where}"
            yield Problem("document_of_meeting", "info", "", f"belongs to the meeting, not to an item: {named}")
        for line in self.declarations:
            yield Problem("declaration_not_kept", "info", "", f"a declaration of interest stands apart from the items: “{line}”")

    def _take(self, element: html.HtmlElement) -> bool:
        """Read one element; whether that was all of it."""
        if element.tag in {"script", "style", "head", "nav", "footer", "select"} or _is_summary(element) or _is_tabs(element):
            return True
        if has_class(element, "DocumentListItem") or (element.tag == "li" and self.group in _PEOPLE):
            self._take_entry(element)
            return True
        if element.tag == "tr":
            return self._take_row(element)
        heading = _heading(element)
        if heading is not None:
            self.group = heading
        return heading is not None

    def _take_row(self, row: html.HtmlElement) -> bool:
        cells = row.xpath("./td")
        # A row that is one heading ("Public Items"), or one of a table that lays out the page, is no entry. An item may be
        # titled "Minutes": of several cells none is a heading.
        layout = next(row.iterdescendants("tr"), None) is not None or any(
            _heading(one) for cell in cells for one in cell.iter("h1", "h2", "h3", "h4")
        )
        if not cells or (len(cells) == 1 and _heading(cells[0])) or (layout and not _is_number(cells[0])):
            return False
        if self.group in _ITEM_GROUPS:
            self._take_item(row, cells)
        elif self.group in _PEOPLE:
            self._take_person([text_of(cell) for cell in cells])
        elif self.group == "declarations":
            self.declarations.append(" | ".join(filter(None, (text_of(cell) for cell in cells))))
        elif self.group in {"documents", "minutes", "draft"}:
            for link in row.iter("a"):
                self._place(_document(link, self.url))
        else:
            return False
        return True

    def _take_item(self, row: html.HtmlElement, cells: list[html.HtmlElement]) -> None:
        documents = []
        entries = elements_of_class(row, "DocumentListItem") or [a for a in row.iter("a") if _is_file(a)]
        for entry in entries:
            documents.append(_document(entry, self.url))
            # A file that is linked from the item's title gives the item its title too.
            if has_class(entry, "DocumentListItem"):
                entry.clear(keep_tail=True)
        texts = [blocks_of(cell) for cell in cells]
        numbered = bool(texts[0]) and is_number(texts[0][0].text)
        number = canonical_number(texts[0][0].text) if numbered else None
        blocks = [block for blocks in texts[1 if numbered else 0 :] for block in blocks]
        # A number in the title counts where no column is left blank for it: "20 mph Zones" is a title.
        if number is None and texts[0] and (match := _NUMBERED.match(texts[0][0].text)):
            number, blocks[0] = match["number"], replace(blocks[0], text=match["title"])
        self._add(number, blocks, documents)

    def _add(self, number: str | None, blocks: list[Block], documents: list[Document]) -> None:
        if not blocks and not number:
            return
        title, _, rest = blocks[0].text.partition("\n") if blocks else ("", "", "")
        beneath = [Block(rest)] if rest else []
        self.items.append(ParsedItem(
            title=title, number=number, agenda_text=join_blocks([*beneath, *blocks[1:]]),
            documents=tuple(dict.fromkeys(one for one in documents if one.title)), withheld=self.group == "private",
        ))

    def _take_person(self, cells: list[str]) -> None:
        if cells[0] and label_key(cells[0]) not in FURNITURE:
            role = " | ".join(filter(None, cells[1:])) or None
            self.attendance.append(Attendance(cells[0], role, self.group))

    def _take_entry(self, entry: html.HtmlElement) -> None:
        """An entry outside the grid: a person, an item that begins with its number, or a file of item or meeting."""
        if self.group in _PEOPLE:
            name, _, role = text_of(entry).partition(" - ")
            self._take_person([name, role])
            return
        document = _document(entry, self.url)
        match = _NUMBERED.match(document.title)
        if self.group == "private":
            # What stands in the private agenda is held back, numbered or not: named as the meeting's own it would be public.
            number, title = (match["number"], match["title"]) if match else (None, document.title)
            self._add(number, [Block(title)] if title else [], [replace(document, title=title)])
        elif self.group == "public" and match:
            self._add(match["number"], [Block(match["title"])], [replace(document, title=match["title"])])
        else:
            self._place(document)

    def _place(self, document: Document) -> None:
        """Give a file to the item whose number its title begins with; one without is the meeting's own."""
        if self.group in {"minutes", "draft"} and document.url:
            draft = self.group == "draft" or "draft" in document.title.lower()
            self.minutes_status = "draft" if draft else "published"
        match = _NUMBERED.match(document.title)
        places = [at for at, item in enumerate(self.items) if match and item.number == match["number"]]
        # A private agenda may count anew: a file of two items is of neither.
        if len(places) == 1 and self.group == "documents":
            at = places[0]
            self.items[at] = replace(self.items[at], documents=(*self.items[at].documents, document))
        elif document.title:
            self.loose.append(document)


def _summary(root: html.HtmlElement) -> dict[str, str]:
    """The labelled values at the head of the page."""
    found: dict[str, str] = {}
    for holder in elements_of_class(root, "holder"):
        labels, values = elements_of_class(holder, "DNNLabel"), elements_of_class(holder, "Value")
        name = _SUMMARY.get(label_key(text_of(labels[0]))) if labels else None
        if name and values and (value := text_of(values[0])):
            found.setdefault(name, value)
    return found


def _address(root: html.HtmlElement) -> str | None:
    """Where the page's own form leads, or a link on it: a path that names the meeting; None where there is none."""
    forms = [form.get("action") or "" for form in root.iter("form")]
    links = [link.get("href") or "" for link in root.iter("a")]
    return next((one for one in (*forms, *links) if "viewmeetingpublic" in one.lower()), None)


def _own_address(root: html.HtmlElement, url: str | None) -> str | None:
    if url and _MEETING.match(url):
        return url
    action = next((form.get("action") or "" for form in root.iter("form")), "")
    if not _MEETING.match(action):
        return url
    return urljoin(url, action) if url else action


def _start(rest: str) -> str | None:
    """The time after a date: "14:00 to 00:00" begins at 14:00; midnight stands for a time that is not known."""
    time = find_time(re.split(r"\bto\b", rest)[0])
    return None if time == "00:00" else time


def _is_summary(element: html.HtmlElement) -> bool:
    return has_class(element, "holder") and bool(elements_of_class(element, "DNNLabel"))


def _is_tabs(element: html.HtmlElement) -> bool:
    """Whether a list is the strip of tabs: every entry is the name of a group."""
    if element.tag != "ul" or has_class(element, "DocumentList"):
        return False
    entries = element.xpath("./li")
    return len(entries) > 1 and all(is_small(entry) and label_key(text_of(entry)) in _GROUPS for entry in entries)


def _heading(element: html.HtmlElement) -> str | None:
    """The group that an element announces, its words being a known heading and nothing else; None otherwise."""
    if element.tag == "a" or not is_small(element):
        return None
    text = "".join(element.itertext())
    return _GROUPS.get(label_key(text)) if len(text) <= _LONGEST_HEADING else None


def _is_number(cell: html.HtmlElement) -> bool:
    return is_small(cell) and is_number(text_of(cell))


def _document(element: html.HtmlElement, base: str | None) -> Document:
    """The file that an entry shows. One without an address is held back from the public; what follows its title says why."""
    links = [element] if element.tag == "a" else elements_of_class(element, "TitleLink") or list(element.iter("a"))
    whole = text_of(element)
    title = text_of(links[0]) if links else whole
    rest = fold_line(whole.replace(title, "", 1)) if links else ""
    size = _SIZE.search(rest) or _SIZE.search(title)
    if size:
        rest, title = fold_line(rest.replace(size[0], "")), fold_line(title.replace(size[0], ""))
    extension = _EXTENSION.search(title)
    kind = (size["type"] if size and size["type"] else extension[1] if extension else "").lower()
    href = next((link.get("href") or "" for link in links), "")
    shown = f"{size['number']} {size['unit'].upper()}B" if size else None
    restricted = not href
    return Document(title, absolute_url(href, base), kind, shown, restricted, rest.strip(" ()-–") or None if restricted else None)


def _is_file(anchor: html.HtmlElement) -> bool:
    return "document.ashx" in (anchor.get("href") or "").lower() or has_class(anchor, "TitleLink")
