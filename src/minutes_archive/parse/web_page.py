"""A page of the web, of whatever layout: the readers of the layouts that it shows evidence of are tried in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from minutes_archive.model import Problem, Reading
from minutes_archive.parse.cmis import read_cmis_page
from minutes_archive.parse.evidence import Page, phrase_of, weigh
from minutes_archive.parse.html import decode, tree_of
from minutes_archive.parse.moderngov.archive import read_archive_page
from minutes_archive.parse.moderngov.attendance import read_attendance_page
from minutes_archive.parse.moderngov.converted import read_converted_page
from minutes_archive.parse.moderngov.decision import read_decision_page
from minutes_archive.parse.moderngov.issue import read_history_page, read_issue_page
from minutes_archive.parse.moderngov.item import read_item_page
from minutes_archive.parse.moderngov.markup import saved_from
from minutes_archive.parse.moderngov.page import read_meeting_page
from minutes_archive.parse.plain.web_page import read_plain_page
from minutes_archive.parse.refusal import refused

_PARSER = "web-page/1"
# beautifulsoup4 takes a second a megabyte: a page of no known layout is only tried up to this many characters.
_LARGEST_PLAIN_PAGE = 2_000_000


def read_web_page(content: bytes, url: str | None, media_type: str | None) -> Reading:
    """What an HTML page holds. ``url`` is the address it was fetched from, None for a loaded file; never raises on content."""
    markup, doubt = decode(content, media_type)
    root = tree_of(markup)
    doubts = (Problem("wrong_encoding", "warning", "", doubt),) if doubt else ()
    if root is None:
        return refused("not_minutes", "is a page with nothing in it")
    page = Page(root, markup, url or saved_from(markup, root))
    reading = _read_layout(page)
    return replace(reading, url=page.url, problems=(*doubts, *reading.problems))


def _read_layout(page: Page) -> Reading:
    for layout, _ in weigh(page):
        if reading := _READERS[layout](page):
            return reading
    plain = read_plain_page(page.markup) if len(page.markup) <= _LARGEST_PLAIN_PAGE else None
    return plain or refused("not_minutes", "is a page that is no minutes: no meeting, date or agenda item was found on it")


def _list(page: Page) -> Reading:
    name = f"“{page.heading}”" if page.heading else "a list of meetings"
    return _no_meeting(f"is a page that leads to meetings ({name}): it holds no minutes itself")


def _other(page: Page) -> Reading:
    return _no_meeting(f"is a ModernGov page (“{page.heading or 'without heading'}”) with no meeting on it")


def _no_meeting(message: str) -> Reading:
    return Reading("list", "moderngov", _PARSER, problems=(Problem("no_meeting", "warning", "", message),))


def _error(page: Page) -> Reading:
    return refused("error_page", f"is an error page (“{phrase_of(page)}”), not minutes: fetch it again later, or ask the council")


def _login(page: Page) -> Reading:
    return refused("login_page", "is a page that asks for a password, not minutes: save the page that stands behind it")


# Layout, as ``evidence.toml`` names it -> its reader; None from a reader means that the page is not of that layout.
_READERS: dict[str, Callable[[Page], Reading | None]] = {
    "meeting": lambda page: read_meeting_page(page.root, page.url),
    "item": lambda page: read_item_page(page.root, page.url),
    "attendance": lambda page: read_attendance_page(page.root, page.url),
    "decision": lambda page: read_decision_page(page.root, page.url),
    "issue": lambda page: read_issue_page(page.root, page.url),
    "history": lambda page: read_history_page(page.root, page.url),
    "archive": lambda page: read_archive_page(page.root, page.url),
    "cmis": lambda page: read_cmis_page(page.root, page.url),
    "converted": lambda page: read_converted_page(page.markup),
    "list": _list, "other": _other, "error": _error, "login": _login,
}
