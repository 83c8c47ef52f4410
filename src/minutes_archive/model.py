"""The values that pass between the stages; all frozen.

``ParsedMeeting`` and ``ParsedItem`` are what a parser read off one capture; ``Meeting`` and ``Item``
are what the record keeps (schema ``minutes-archive/meeting/1``). ``None`` always means "not known".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from minutes_archive.access import Audience

Severity = Literal["info", "warning", "error"]
TextField = Literal["title", "agenda_text", "decision_text", "minutes_text"]
BODY_FIELDS: tuple[TextField, ...] = ("agenda_text", "decision_text", "minutes_text")

DECISION_TYPES = (
    "approved", "noted", "minutes_confirmed", "recommended", "referred", "deferred", "refused", "withdrawn",
    "delegated", "appointed", "amended", "called_in", "revoked", "action", "public_excluded",
    "restricted_outcome", "none", "unknown",
)
# Types that rest on no words: there is nothing to quote.
WITHOUT_WORDS = frozenset({"none", "unknown"})
RESTRICTIONS = ("open", "restricted_enclosure", "exempt", "confidential", "withheld")


@dataclass(frozen=True)
class Span:
    """Code points ``start`` to ``end`` (excluded) of a text."""

    start: int
    end: int


@dataclass(frozen=True)
class Problem:
    """Something that could not be read, or reads oddly: said, never passed over."""

    code: str
    severity: Severity
    where: str
    message: str


@dataclass(frozen=True)
class Source:
    """The capture that a text came from. ``sha256`` is of the captured bytes; ``parser`` is "name/version"."""

    path: str | None = None
    url: str | None = None
    sha256: str = ""
    fetched_at: str | None = None
    platform: str = "unknown"
    parser: str = ""


@dataclass(frozen=True)
class Capture:
    """Bytes as they came in, with what is known of where from. ``content`` is kept apart, in the store.

    ``sequence`` orders captures: a later one of the same page tells its present state. A page that was seen again as it
    was moves up; ``first`` stays (0: the same). ``url`` is the page's own address where it is known, ``path`` the name of
    the file as it was loaded. ``truncated`` says why a body came only in part ("length", "time", "disconnect"), "" of a
    whole one. ``withdrawn_at`` is when its source was found to have taken the page down.
    """

    sha256: str
    size: int
    sequence: int
    captured_at: str
    media_type: str
    path: str | None
    url: str | None
    council: str | None
    audience: Audience
    first: int = 0
    truncated: str = ""
    withdrawn_at: str | None = None


@dataclass(frozen=True)
class Exchange:
    """A request to a site and its answer, as they are kept. ``request`` and ``head`` are HTTP's first line and fields.

    ``content`` is the body, unpacked; ``truncated`` as in ``Capture``; ``address`` the IP address that answered.
    """

    url: str
    request: bytes
    status: int
    head: bytes
    content: bytes
    fetched_at: dt.datetime
    media_type: str = ""
    truncated: str = ""
    address: str = ""


@dataclass(frozen=True)
class Document:
    """A file attached to an item. ``size`` is as displayed ("74 KB")."""

    title: str
    url: str | None = None
    type: str = ""
    size: str | None = None
    restricted: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Attendance:
    """One person at (or missing from) a meeting."""

    name: str
    role: str | None = None
    status: str = "unknown"


@dataclass(frozen=True)
class ParsedItem:
    """One agenda item as a page shows it. ``cut`` names the fields that the page cuts off.

    ``anchor`` is the site's agenda item id; ``parent`` the position (from 0) of the parent item on the page. ``votes``
    are those the page prints as tables. ``withheld`` is None where the layout can't tell (pages; the service can).
    """

    title: str
    number: str | None = None
    anchor: str | None = None
    title_inferred: bool = False
    agenda_text: str = ""
    decision_text: str = ""
    minutes_text: str = ""
    cut: frozenset[str] = frozenset()
    parent: int | None = None
    url: str | None = None
    issue_id: str | None = None
    documents: tuple[Document, ...] = ()
    votes: tuple[Vote, ...] = ()
    withheld: bool | None = None


@dataclass(frozen=True)
class ParsedMeeting:
    """A meeting as one page shows it. ``date`` is ISO, ``time`` "HH:MM"; ``number`` is the site's meeting id.

    ``withheld``: the site marks the whole meeting as not to be shown; None where the layout can't tell.
    """

    body: str | None = None
    date: str | None = None
    time: str | None = None
    venue: str | None = None
    contact: str | None = None
    language: str = "en"
    status: str = "unknown"
    minutes_status: str = "none"
    site: str | None = None
    number: str | None = None
    items: tuple[ParsedItem, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    withheld: bool | None = None


@dataclass(frozen=True)
class Register:
    """Who was at a meeting, told by a page of its own. ``site`` and ``meeting_number`` say of which, where they are known."""

    people: tuple[Attendance, ...]
    site: str | None = None
    meeting_number: str | None = None
    body: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Fragment:
    """Text of one item that arrived without its meeting: an item page, or the item's text alone.

    ``text`` is the whole text folded; ``site`` and ``anchor`` place it where the page tells them.
    """

    item: ParsedItem
    text: str
    site: str | None = None
    anchor: str | None = None
    meeting_number: str | None = None


@dataclass(frozen=True)
class Decision:
    """One outcome: its type and the exact words it rests on (none for types ``none`` and ``unknown``)."""

    type: str
    text: str = ""
    field: TextField | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Vote:
    """One vote put to the meeting. JSON names ``in_favour`` "for"."""

    in_favour: int | None = None
    against: int | None = None
    abstain: int | None = None
    unanimous: bool = False
    result: str | None = None
    mover: str | None = None
    seconder: str | None = None


@dataclass(frozen=True)
class Evidence:
    """The words that an annotation rests on: ``item[field][start:end] == text``. ``rule`` names what found them."""

    about: str
    field: TextField
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True)
class Item:
    """One agenda item of the record, annotated once ``annotate`` has seen it."""

    id: str
    ordinal: int
    title: str
    url: str | None = None
    issue_id: str | None = None
    number: str | None = None
    parent: str | None = None
    procedural: bool = False
    agenda_text: str = ""
    decision_text: str = ""
    minutes_text: str = ""
    truncated: bool = False
    text_sources: dict[str, Source] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    decisions: tuple[Decision, ...] = ()
    votes: tuple[Vote, ...] = ()
    restriction: str = "open"
    exempt_paragraphs: tuple[str, ...] = ()
    restriction_reason: str | None = None
    released_at: str | None = None
    audience: Audience = Audience.OFFICER
    topics: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def text_of(self, name: TextField) -> str:
        """The text of the field ``name``."""
        text: str = getattr(self, name)
        return text


@dataclass(frozen=True)
class Meeting:
    """One meeting with its items: what a record line holds.

    ``annotator`` is "name/version" of what made the annotations, None while there are none.
    """

    id: str
    source: Source
    council: str | None = None
    body: str | None = None
    date: str | None = None
    time: str | None = None
    venue: str | None = None
    contact: str | None = None
    language: str = "en"
    status: str = "unknown"
    minutes_status: str = "none"
    withdrawn_at: str | None = None
    audience: Audience = Audience.OFFICER
    attendance: tuple[Attendance, ...] = ()
    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()
    annotator: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a parser made of one capture.

    ``kind`` is ``meeting``, ``fragment`` (texts of single items, or a register), ``list`` (a page that only leads to
    meetings), ``unread`` (kept for a version that reads its format) or ``refused`` (no minutes in it). ``url`` is the
    page's own address, where it was fetched from or what it says itself. In ``problems``, ``where`` is "" for the page
    and "#3" for the item at position 3 (from 0); ``normalise`` puts ids in their place.
    ``outside`` is text that the parser left out as of no item, and says so.
    """

    kind: Literal["meeting", "fragment", "list", "unread", "refused"]
    platform: str
    parser: str
    meeting: ParsedMeeting | None = None
    fragments: tuple[Fragment, ...] = ()
    problems: tuple[Problem, ...] = ()
    url: str | None = None
    register: Register | None = None
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Piece:
    """One capture and what was read off it: what normalising puts meetings together from."""

    capture: Capture
    reading: Reading
