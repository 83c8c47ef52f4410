"""ModernGov's attendance page (``mgMeetingAttendance.aspx``): who a meeting was for, and what the register says of each.

"Expected" means that nobody has updated the register since the invitation: it proves nothing.
"""

from __future__ import annotations

from lxml import html

from minutes_archive.identity import page_identity, site_of
from minutes_archive.model import Attendance, Problem, Reading, Register
from minutes_archive.parse.heading import read_title
from minutes_archive.parse.html import has_class, is_small, text_of
from minutes_archive.parse.labels import label_key
from minutes_archive.parse.moderngov.markup import first_text, identities
from minutes_archive.parse.moderngov.words import COLUMNS, GROUPS, attendance_doubt, attendance_status

PARSER = "moderngov-attendance/1"
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "caption"})


def read_attendance_page(root: html.HtmlElement, url: str | None) -> Reading:
    """The register that a page shows, and the meeting it is of as far as the page tells."""
    own = page_identity(url)
    linked = {found.number for found in identities(root, url) if found.kind == "meeting"}
    title = read_title(first_text(root, "mgSubTitleTxt"))
    people, unclear, unread = _people(root)
    register = Register(
        people=tuple(people), site=site_of(url),
        meeting_number=own.number if own and own.kind == "meeting" else linked.pop() if len(linked) == 1 else None,
        body=(title.body or None) if title else None, date=title.date if title else None,
    )
    problems = [attendance_doubt(word) for word in unclear]
    if unread:
        message = f"{unread} rows of the register stand in a table whose head names no people: they were not read"
        problems.append(Problem("text_not_read", "warning", "", message))
    if not people:
        said = Problem("no_meeting", "warning", "", "is an attendance page that names nobody")
        return Reading("list", "moderngov", PARSER, problems=(said,))
    return Reading("fragment", "moderngov", PARSER, problems=tuple(problems), register=register)


def _people(root: html.HtmlElement) -> tuple[list[Attendance], list[str], int]:
    """The people, the words that no table knows, and the number of rows that no column's head explains."""
    people: list[Attendance] = []
    unclear: list[str] = []
    unread = 0
    group, columns = "", dict[str, int]()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in _HEADINGS or has_class(element, "mgSectionTitle"):
            group = label_key(text_of(element)) if is_small(element) else ""
        elif element.tag == "table":
            columns = _columns(element)
        elif element.tag == "tr" and not _is_layout(element):
            cells = [text_of(cell) for cell in element.xpath("./td | ./th")]
            if len(cells) == 1 and (len(columns) != 1 or label_key(cells[0]) in GROUPS):
                group = label_key(cells[0])
            elif "name" in columns and element.xpath("./td"):
                _read_row(cells, columns, group, people, unclear)
            elif any(cells) and element.xpath("./td"):
                unread += 1
    return people, unclear, unread


def _columns(table: html.HtmlElement) -> dict[str, int]:
    """What stands in which column of a table, by the words in its head."""
    for row in table.xpath("./tr | ./thead/tr | ./tbody/tr"):
        if _is_layout(row):
            continue
        found: dict[str, int] = {}
        for at, cell in enumerate(row.xpath("./th | ./td")):
            if name := COLUMNS.get(label_key(text_of(cell))):
                found.setdefault(name, at)
        if "name" in found:
            return found
    return {}


def _is_layout(row: html.HtmlElement) -> bool:
    """Whether a row lays out the page: other rows stand in it."""
    return next(row.iterdescendants("tr"), None) is not None


def _read_row(cells: list[str], columns: dict[str, int], group: str, people: list[Attendance], unclear: list[str]) -> None:
    texts = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    if not texts["name"] or label_key(texts["name"]) in COLUMNS:
        return
    words = texts.get("status", "")
    status = attendance_status(words) if words else GROUPS.get(group)
    if words and status is None:
        unclear.append(words)
    people.append(Attendance(texts["name"], texts.get("role") or None, status or "unknown"))
