"""Naming: what a finding calls a meeting, an item or a capture. Whoever checks is the public, unless they say otherwise.

An id may be made of council, body, day and title, and so may the name of a file. What the public may see is called by it;
all else, and what nobody can tell, by a digest.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime
from functools import cached_property

from minutes_archive.access import Audience
from minutes_archive.archive import check_log
from minutes_archive.capture import CaptureStore, by_digest
from minutes_archive.errors import MinutesArchiveError, RecordError
from minutes_archive.identity import slug
from minutes_archive.model import Capture, Item, Meeting
from minutes_archive.records import RecordStore
from minutes_archive.records.log import read_withdrawals
from minutes_archive.records.view import see
from minutes_archive.records.withdrawals import Subject, Withdrawals
from minutes_archive.workspace import Workspace


class Names:
    """The names of what one archive holds, for one ``viewer``."""

    def __init__(self, workspace: Workspace, viewer: Audience) -> None:
        self._workspace = workspace
        self._sees_all = viewer is Audience.OFFICER
        self._captures = CaptureStore(workspace, lambda: datetime.now(UTC))
        self._withdrawals: Withdrawals | None = None  # None: nobody can tell what is withdrawn
        with contextlib.suppress(RecordError):
            check_log(workspace)
            self._withdrawals = read_withdrawals(workspace)

    def of_item(self, meeting: Meeting, item: Item) -> str:
        """What to call an item of a meeting that can be read."""
        seen = self._seen(meeting)
        shown = self._sees_all or (seen is not None and any(one.id == item.id for one in seen.items))
        return item.id if shown else _digest("item", item.id)

    def of_meeting(self, meeting_id: str) -> str:
        """What to call a meeting, of which there may be a record, or captures alone."""
        record = self._record(meeting_id)
        shown = self._sees_all or (self._seen(record) is not None if record else self._is_open(meeting_id))
        return meeting_id if shown else _digest("meeting", meeting_id)

    def of_capture(self, capture: Capture) -> str:
        """What to call a capture. The catalogue is sound."""
        name = capture.url or capture.path
        return name if name and (self._sees_all or self._is_untouched(capture)) else by_digest(capture)

    @cached_property
    def _records(self) -> RecordStore:
        return RecordStore(self._workspace)

    def _record(self, meeting_id: str) -> Meeting | None:
        with contextlib.suppress(RecordError):
            return self._records.get(meeting_id)
        return None

    def _seen(self, meeting: Meeting) -> Meeting | None:
        """What the public may see of a meeting."""
        return None if self._withdrawals is None else see(meeting, Audience.PUBLIC, self._withdrawals.of(meeting))

    def _is_open(self, meeting_id: str) -> bool:
        """Whether a meeting without a record was read off public pages alone, and nothing of it was withdrawn."""
        if self._withdrawals is None or any(_may_be(act.subject, meeting_id) for act in self._withdrawals.acts):
            return False
        try:
            found = [*self._captures.captures_of(meeting_id), *self._captures.lost_of(meeting_id)]
            kinds = [self._captures.reading_kind(one.sha256) for one in found]
        except MinutesArchiveError:
            return False
        # Files of records have marks within, and nobody reads those here.
        return bool(found) and all(map(_is_public, found)) and all(kind and not kind.startswith("records") for kind in kinds)

    def _is_untouched(self, capture: Capture) -> bool:
        """Whether a capture is public, and nothing was withdrawn that it shows; where nobody can tell: nothing at all."""
        if self._withdrawals is None or not _is_public(capture):
            return False
        meetings = self._captures.meeting_ids_of(capture.sha256)
        return all(map(self._is_whole, meetings)) if meetings else not self._withdrawals.anything()

    def _is_whole(self, meeting_id: str) -> bool:
        record = self._record(meeting_id)
        if record is None or self._withdrawals is None:
            return self._is_open(meeting_id)
        return self._seen(record) is not None and not self._withdrawals.of(record).hides_anything()


def _digest(kind: str, identity: str) -> str:
    return f"{kind} {hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def _is_public(capture: Capture) -> bool:
    return capture.audience is Audience.PUBLIC and not capture.withdrawn_at


def _may_be(subject: Subject, meeting_id: str) -> bool:
    """Whether an act may be on the meeting with that id, or on an item of it."""
    return subject.meeting == meeting_id or (slug(subject.body or "") in meeting_id and (subject.date or "") in meeting_id)
