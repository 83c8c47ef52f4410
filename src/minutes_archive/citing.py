"""Citing: an item that the audience may see, with the capture that its words were read from.

The captures are asked only for what stands in a source's name already: whether its bytes are held, and since when.
"""

from __future__ import annotations

from datetime import UTC, datetime

from minutes_archive.access import may_see
from minutes_archive.capture import CaptureStore
from minutes_archive.errors import NotFoundError
from minutes_archive.model import Capture, Item, Meeting, Source
from minutes_archive.records import ArchiveView
from minutes_archive.trace.citation import Citation, find_quote, source_of
from minutes_archive.trace.quote import Quote
from minutes_archive.workspace import Workspace


def cite(workspace: Workspace, view: ArchiveView, identity: str, said: str | None = None) -> Citation:
    """The citation of the item or meeting ``identity``, and of the words ``said`` in the item.

    Raises ``NotFoundError`` where the audience of ``view`` is shown nothing by that id, or the item does not say that.
    """
    meeting, item = held(view, identity)
    quote: Quote | None = None
    if said is not None:
        if item is None:
            raise NotFoundError(f"{identity} is a meeting; words are quoted from one of its items: minutes show {identity}")
        quote = find_quote(item, said)
    source = source_of(meeting, item, quote)
    capture = _capture(CaptureStore(workspace, lambda: datetime.now(UTC)), view, meeting, source)
    return Citation(
        id=identity, council=meeting.council, body=meeting.body, date=meeting.date, number=item.number if item else None,
        title=item.title if item else None, minutes_status=meeting.minutes_status,
        url=(item.url if item else None) or source.url, path=source.path,
        sha256=capture.sha256 if capture else source.sha256,
        captured_at=capture.captured_at if capture else source.fetched_at, quote=quote,
    )


def held(view: ArchiveView, identity: str) -> tuple[Meeting, Item | None]:
    """The meeting, and the item where it is an item's id. Raises ``NotFoundError``: the same for what may not be seen."""
    meeting = view.meeting(identity)
    if meeting is not None:
        return meeting, None
    found = view.item(identity)
    if found is None:
        raise NotFoundError(f"nothing is held by the id {identity!r}; ids stand beside the hits of: minutes search")
    return found


def _capture(store: CaptureStore, view: ArchiveView, meeting: Meeting, source: Source) -> Capture | None:
    """The capture of ``source``. Of a record that was made elsewhere: the file of records that it came in."""
    named = store.capture(source.sha256) if source.sha256 else None
    if named is not None:
        return named if may_see(view.audience, named.audience) else None
    others = [one for one in store.captures_of(meeting.id) if may_see(view.audience, one.audience)]
    return max(others, key=lambda one: one.sequence, default=None)
