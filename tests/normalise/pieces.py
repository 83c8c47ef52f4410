"""Pages and fragments for the tests: one call each, everything that does not matter left out."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from minutes_archive.access import Audience
from minutes_archive.model import Capture, Document, Fragment, ParsedItem, ParsedMeeting, Piece, Problem, Reading

SITE = "democracy.marlwick.example"
# How a full text begins that a page cuts off: longer than what proves nothing.
CUT = "The Harbour Master told Members that dredging of the inner basin would begin in May, weather allowing, and"
FULL = f"{CUT} would last three weeks. AGREED that the report be noted."


def capture(
    sequence: int = 1, audience: Audience = Audience.PUBLIC, captured_at: str = "", name: str | None = None
) -> Capture:
    path = name or f"file-{sequence}.html"
    digest = sha256(path.encode()).hexdigest()
    return Capture(
        sha256=digest, size=1, sequence=sequence, captured_at=captured_at, media_type="", path=path, url=None,
        council=None, audience=audience,
    )


def cut_item(title: str = "Dredging", **more: Any) -> ParsedItem:
    """An item whose minutes the page cuts off."""
    return ParsedItem(**{"title": title, "minutes_text": CUT, "cut": frozenset({"minutes_text"}), **more})


def page(
    *items: ParsedItem, problems: tuple[Problem, ...] = (), captured: Capture | None = None, **shown: Any
) -> Piece:
    """A page of a council's site that shows a meeting with ``items``; ``site=None`` for a text rendering."""
    head: dict[str, Any] = {
        "site": SITE, "number": "815", "body": "Harbour Board", "date": "2024-06-05", "time": "18:00", "status": "held",
        "minutes_status": "published",
    }
    meeting = ParsedMeeting(items=items, **{**head, **shown})
    return Piece(captured or capture(), Reading("meeting", "moderngov", "test/1", meeting, (), problems))


def fragment(
    minutes: str = FULL, *, sequence: int = 2, anchor: str | None = None, site: str | None = None,
    meeting_number: str | None = None, title: str = "", audience: Audience = Audience.PUBLIC, name: str | None = None,
    documents: tuple[Document, ...] = (), **more: Any,
) -> Piece:
    """The full text of one item: with ``anchor`` and ``site`` an item page, without them a text alone."""
    item = ParsedItem(title=title, anchor=anchor, minutes_text=minutes, documents=documents, **more)
    text = Fragment(item, minutes, site, anchor, meeting_number)
    return Piece(capture(sequence, audience, name=name), Reading("fragment", "moderngov", "test/1", None, (text,)))


def item_page(anchor: str, minutes: str = FULL, **more: Any) -> Piece:
    """The site's own page of one item."""
    return fragment(minutes, anchor=anchor, site=SITE, **more)
