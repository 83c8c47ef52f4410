"""The seam between the archive and whatever does its searching.

A ``Request`` goes in, a ``ResultPage`` comes out; all values are frozen and know nothing of the index.
An engine serves one audience, and holds only what that audience may see: it is handed meetings that
have passed the door (``records.view``), and has no say in the matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from minutes_archive.access import Audience
from minutes_archive.model import Meeting, Source, Span
from minutes_archive.search.query import Query

Sort = Literal["relevance", "newest", "oldest"]
Match = Literal["most", "all", "any"]
FACETS = ("council", "body", "meeting", "topic", "decision", "restriction", "year")


@dataclass(frozen=True)
class Filters:
    """What hits must be: any of the values of one kind, all kinds together; dates included at both ends.

    Case, hyphens and blanks in values do not matter, but for ``meeting``, which takes ids.
    """

    council: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    meeting: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    decision: tuple[str, ...] = ()
    restriction: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Request:
    """One search. ``limit`` and ``offset`` choose the page; an empty query asks for all that the filters leave.

    ``full_text`` brings the texts of each item; without ``snippets`` none are made, which is quicker for many hits.
    """

    query: str | Query = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    match: Match = "most"
    limit: int = 10
    offset: int = 0
    facets: bool = False
    full_text: bool = False
    expand: bool = True
    snippets: bool = True


@dataclass(frozen=True)
class Snippet:
    """A passage of the item's field ``field`` with the hits in it; never HTML.

    Lines of a list stand on lines of their own. ``cut_start`` and ``cut_end`` tell that the passage begins or ends
    inside a sentence. As text (``str``): hits between « and », … where a sentence is cut.
    """

    text: str = ""
    spans: tuple[Span, ...] = ()
    field: str = ""
    cut_start: bool = False
    cut_end: bool = False

    def __str__(self) -> str:
        return self.marked("«", "»")

    def marked(self, opening: str, closing: str) -> str:
        """The passage as text, hits between ``opening`` and ``closing``."""
        text, place = "", 0
        for span in self.spans:
            text += f"{self.text[place : span.start]}{opening}{self.text[span.start : span.end]}{closing}"
            place = span.end
        return ("…" if self.cut_start else "") + text + self.text[place:] + ("…" if self.cut_end else "")


@dataclass(frozen=True)
class Hit:
    """One item found. ``date`` is ISO; ``meeting`` is the id of its meeting; ``text`` only where it was asked for.

    Then ``texts`` holds its text by field as the record has it, and ``sources`` what each came from.
    ``decision_line`` holds the exact words of the item's first decision, "" where there are none.
    """

    rank: int
    score: float
    id: str
    title: str
    number: str | None
    council: str | None
    body: str | None
    date: str | None
    meeting: str
    partial: bool
    snippet: Snippet
    text: str | None
    decisions: tuple[str, ...]
    decision_line: str
    restriction: str
    topics: tuple[str, ...]
    source: Source
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, Source] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ResultPage:
    """The answer. ``total`` and ``facets`` count all matches, ``hits`` are the page asked for.

    ``expanded`` names, per typed word or group of words, the related words that were searched as well;
    ``facets`` is empty unless asked for, its values ordered by count, then name.
    """

    query: str
    audience: Audience
    expanded: dict[str, tuple[str, ...]]
    total: int
    took_ms: float
    did_you_mean: str | None
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Update:
    """What an update did: meetings added, changed and removed, and the items that the index now holds."""

    added: int
    changed: int
    removed: int
    items: int


class SearchEngine(Protocol):
    """What every engine offers."""

    def update(self, meetings: Iterable[Meeting], rebuild: bool = False) -> Update:
        """Make the index hold exactly ``meetings``; the old state serves until the new one is whole."""

    def put(self, meetings: Iterable[Meeting], removed: Iterable[str] = ()) -> Update:
        """Put each of ``meetings`` in the place of the one with its id, take out those ``removed``, and leave all others.

        Raises ``IndexDamagedError`` where there is no index to change.
        """

    def search(self, request: Request) -> ResultPage:
        """The items that match. Raises ``QueryError`` and ``IndexDamagedError``."""

    def similar(self, item_id: str, limit: int = 10) -> ResultPage:
        """Items that share their telling words with one item. Raises ``NotFoundError``."""

    def ids_ending(self, ending: str) -> tuple[str, ...]:
        """The ids of items whose last part, behind a slash, is ``ending``; in order. Raises ``IndexDamagedError``."""

    def close(self) -> None:
        """Let go of files; a later search opens them again."""
