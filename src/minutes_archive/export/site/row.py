"""Rows: what the lists of the site know of an item and of a meeting; light enough that all of them fit in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from minutes_archive.export.site.address import body_key, item_page, meeting_page
from minutes_archive.model import Item, Meeting
from minutes_archive.records import write_record

UNDATED = "undated"
_LONGEST_LINE = 280


@dataclass(frozen=True, slots=True)
class Row:
    """An item as a line of a list. ``line`` is the words of its first decision, cut at a word where they are long."""

    id: str
    page: str
    number: str | None
    title: str
    ordinal: int
    meeting: str
    council: str | None
    body: str | None
    body_key: str
    date: str | None
    language: str
    decisions: tuple[str, ...]
    topics: tuple[str, ...]
    restriction: str
    paragraphs: tuple[str, ...]
    reason: str | None
    line: str
    sha256: str
    procedural: bool

    @property
    def year(self) -> str:
        """The calendar year, or "undated"."""
        return self.date[:4] if self.date else UNDATED

    def as_record(self) -> dict[str, Any]:
        """The row as JSON and CSV have it."""
        return {
            "id": self.id, "date": self.date, "council": self.council, "body": self.body, "number": self.number,
            "title": self.title, "decisions": list(self.decisions), "restriction": self.restriction,
            "exempt_paragraphs": list(self.paragraphs), "topics": list(self.topics), "decision_line": self.line,
            "meeting": self.meeting, "page": self.page, "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as a line of a list, its items with it. ``digest`` changes whenever anything of the meeting does."""

    id: str
    page: str
    council: str | None
    body: str | None
    body_key: str
    date: str | None
    time: str | None
    status: str
    minutes_status: str
    fetched_at: str | None
    language: str
    digest: str
    items: tuple[Row, ...]

    @property
    def year(self) -> str:
        """The calendar year, or "undated"."""
        return self.date[:4] if self.date else UNDATED


def meeting_row(meeting: Meeting) -> MeetingRow:
    """The row of a meeting that has passed the door."""
    return MeetingRow(
        id=meeting.id, page=meeting_page(meeting.id), council=meeting.council, body=meeting.body,
        body_key=body_key(meeting.council, meeting.body), date=meeting.date, time=meeting.time, status=meeting.status,
        minutes_status=meeting.minutes_status, fetched_at=meeting.source.fetched_at, language=meeting.language,
        digest=digest_of(write_record(meeting)), items=tuple(_row(meeting, item) for item in meeting.items),
    )


def _row(meeting: Meeting, item: Item) -> Row:
    return Row(
        id=item.id, page=item_page(item.id), number=item.number, title=item.title, ordinal=item.ordinal, meeting=meeting.id,
        council=meeting.council, body=meeting.body, body_key=body_key(meeting.council, meeting.body), date=meeting.date,
        language=meeting.language, decisions=tuple(dict.fromkeys(one.type for one in item.decisions)),
        topics=tuple(dict.fromkeys(item.topics)), restriction=item.restriction, paragraphs=item.exempt_paragraphs,
        reason=item.restriction_reason, line=_cut(next((one.text for one in item.decisions if one.text), "")),
        sha256=meeting.source.sha256, procedural=item.procedural,
    )


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE].rsplit(" ", 1)[0] + " …"


def digest_of(*parts: str) -> str:
    """The SHA-256 of texts, told apart from each other."""
    told = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        told.update(f"{len(content)}\n".encode() + content)
    return told.hexdigest()


def newest_first(row: Row) -> tuple[int, str, int, str]:
    """The order of lists of items: the latest meeting first, its items as they were taken; undated ones last."""
    days = -int((row.date or "0000-00-00").replace("-", ""))
    return (days, row.meeting, row.ordinal, row.id)
