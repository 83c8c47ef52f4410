"""The door: what one audience may see of the archive. No text leaves by any other way.

``may_see`` is applied here once, before anything is indexed or rendered. The public view is closed:
what is for officers, or withdrawn, leaves no gap in the ordinals, no count, no id that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from minutes_archive.access import Audience, after_withdrawal, may_see
from minutes_archive.model import Document, Item, Meeting, Problem
from minutes_archive.records.store import RecordStore
from minutes_archive.records.withdrawals import NOTHING_WITHDRAWN, Standing, Withdrawals


class ArchiveView:
    """The records of an archive as ``audience`` may see them."""

    def __init__(self, store: RecordStore, audience: Audience) -> None:
        self._store = store
        self.audience = audience

    def meetings(self) -> Iterator[Meeting]:
        """Every meeting that may be seen, with what may be seen of it."""
        withdrawals = self._withdrawals()
        for meeting in self._store.meetings():
            if (seen := see(meeting, self.audience, withdrawals.of(meeting))) is not None:
                yield seen

    def meeting(self, meeting_id: str) -> Meeting | None:
        """The meeting with that id, or None where there is none or it may not be seen: the answer is the same."""
        meeting = self._store.get(meeting_id)
        return self._see(meeting) if meeting else None

    def item(self, item_id: str) -> tuple[Meeting, Item] | None:
        """The item with that id and its meeting, or None where there is none or it may not be seen."""
        meeting = self._store.holder(item_id)
        seen = self._see(meeting) if meeting else None
        if seen is None:
            return None
        return next(((seen, item) for item in seen.items if item.id == item_id), None)

    def fingerprint(self) -> str:
        """A digest that changes whenever any record does, or anything is withdrawn: it tells whether an index is behind."""
        return self._store.fingerprint()

    def _see(self, meeting: Meeting) -> Meeting | None:
        # The log is read each time: what is withdrawn while an archive is open is gone at once.
        return see(meeting, self.audience, self._withdrawals().of(meeting))

    def _withdrawals(self) -> Withdrawals:
        """The log; for the public it has to be all there. Raises ``RecordError``."""
        if self.audience is Audience.PUBLIC:
            self._store.check_log()
        return self._store.withdrawals()


def see(meeting: Meeting, audience: Audience, standing: Standing = NOTHING_WITHDRAWN) -> Meeting | None:
    """What ``audience`` may see of ``meeting``; None where that is nothing at all.

    Officers see everything, and what was withdrawn, when and why. ``standing`` is what was done to this meeting.
    """
    if audience is Audience.OFFICER:
        return _with_acts(meeting, standing)
    open_meeting = not standing.hides_meeting() and may_see(audience, _meeting_mark(meeting, standing))
    shown = [item for item in meeting.items if _is_shown(item, meeting, standing, open_meeting)]
    ids = {item.id for item in shown}
    if not shown and (meeting.items or not open_meeting):
        return None
    if not open_meeting:
        # A released item of a meeting that is not: what the meeting's page says beside it stays with officers.
        meeting = replace(meeting, venue=None, contact=None, attendance=())
    items = tuple(_closed(item, ordinal, ids) for ordinal, item in enumerate(shown, start=1))
    # What is said of the whole page may count or quote what is not shown: it is only shown where all is.
    whole = len(shown) == len(meeting.items)
    problems = tuple(one for one in meeting.problems if one.where in ids or (whole and one.where == meeting.id))
    return replace(meeting, items=items, problems=problems)


def _with_acts(meeting: Meeting, standing: Standing) -> Meeting:
    said = tuple(
        Problem("withdrawn", "info", item or meeting.id, f"withdrawn from the public view on {act.at[:10]}: {act.reason}")
        if act.withdrawn else
        Problem("released", "info", item or meeting.id, f"let back into the public view on {act.at[:10]}")
        for item, act in standing.acts().items()
    )
    return replace(meeting, problems=(*meeting.problems, *said)) if said else meeting


def _is_shown(item: Item, meeting: Meeting, standing: Standing, open_meeting: bool) -> bool:
    if standing.hides(item.id) or item.audience is not Audience.PUBLIC:
        return False
    if item.released_at is not None or standing.releases(item.id, meeting.withdrawn_at):
        return True
    return open_meeting


def _meeting_mark(meeting: Meeting, standing: Standing) -> Audience:
    released = standing.releases_meeting(meeting.withdrawn_at)
    return meeting.audience if released else after_withdrawal(meeting.audience, meeting.date, meeting.withdrawn_at)


def _closed(item: Item, ordinal: int, ids: set[str]) -> Item:
    """The item as the public sees it: numbered anew, no pointer at what is hidden, no name of a restricted document."""
    documents = tuple(Document("", None, one.type, None, True, one.reason) if one.restricted else one for one in item.documents)
    parent = item.parent if item.parent in ids else None
    return replace(item, ordinal=ordinal, parent=parent, documents=documents)
