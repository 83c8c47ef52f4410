"""What the site is made of: the rows of all meetings, and the lists that they fall into."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from minutes_archive.export.site.row import MeetingRow, Row, meeting_row, newest_first
from minutes_archive.model import DECISION_TYPES, Meeting


@dataclass(frozen=True)
class Contents:
    """All meetings as rows, the latest first."""

    meetings: tuple[MeetingRow, ...]

    @classmethod
    def of(cls, meetings: Iterable[Meeting]) -> Contents:
        """The contents of a site of ``meetings``, which have passed the door."""
        rows = sorted((meeting_row(one) for one in meetings), key=lambda row: (_backwards(row.date), row.body_key, row.id))
        return cls(tuple(rows))

    @cached_property
    def items(self) -> tuple[Row, ...]:
        """All items, newest first."""
        return tuple(sorted((item for meeting in self.meetings for item in meeting.items), key=newest_first))

    @cached_property
    def by_id(self) -> dict[str, Row]:
        """All items by id."""
        return {row.id: row for row in self.items}

    @cached_property
    def by_body(self) -> dict[str, tuple[Row, ...]]:
        """Items by body, the bodies in order of name."""
        found = _grouped((row.body_key, row) for row in self.items)
        for meeting in self.meetings:
            found.setdefault(meeting.body_key, ())
        return dict(sorted(found.items()))

    @cached_property
    def meetings_of(self) -> dict[str, tuple[MeetingRow, ...]]:
        """Meetings by body."""
        found: dict[str, list[MeetingRow]] = defaultdict(list)
        for meeting in self.meetings:
            found[meeting.body_key].append(meeting)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def by_topic(self) -> dict[str, tuple[Row, ...]]:
        """Items by topic."""
        return dict(sorted(_grouped((topic, row) for row in self.items for topic in row.topics).items()))

    @cached_property
    def by_decision(self) -> dict[str, tuple[Row, ...]]:
        """Items by decision type, in the order of the record's table."""
        found = _grouped((code, row) for row in self.items for code in row.decisions)
        return {code: found[code] for code in DECISION_TYPES if code in found}

    @cached_property
    def restricted(self) -> tuple[Row, ...]:
        """The register: every item that is not open."""
        return tuple(row for row in self.items if row.restriction != "open")

    @cached_property
    def years(self) -> dict[str, tuple[MeetingRow, ...]]:
        """Meetings by calendar year, the latest first, undated ones last."""
        found: dict[str, list[MeetingRow]] = defaultdict(list)
        for meeting in self.meetings:
            found[meeting.year].append(meeting)
        return {year: tuple(rows) for year, rows in found.items()}

    @cached_property
    def councils(self) -> tuple[str, ...]:
        """The councils named, in order."""
        return tuple(sorted({meeting.council for meeting in self.meetings if meeting.council}))

    def name_of(self, body: str) -> str:
        """The name of a body as it is written most often."""
        names = Counter(meeting.body or "Body not known" for meeting in self.meetings_of[body])
        return max(sorted(names), key=lambda name: names[name])


def _grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for key, row in pairs:
        found[key].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _backwards(date: str | None) -> int:
    return -int((date or "0000-00-00").replace("-", ""))
