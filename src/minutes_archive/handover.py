"""Handover: which captures may leave for whom, and the file they leave in (WACZ).

A capture is bytes: nothing can be taken out of it. So it leaves for the public only where the public may see all that it
shows. What it shows is told by the meetings that its reading named, and by its own address:

* an item's own page leaves where the public is shown the item, and stays where it is not; a document of a hidden item stays;
* else a capture stays when it tells of a meeting of which anything is for officers, withdrawn, or not published;
* one that tells of no meeting leaves, but while anything is withdrawn only the documents of items that are shown do, and
  only those that could be read: nobody can tell what the others show.

What only officers' captures hold of a meeting keeps no public capture back: the file is as if they had never come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import BinaryIO

from minutes_archive import __version__
from minutes_archive.access import Audience
from minutes_archive.annotate.vocabulary import Vocabulary, load_vocabulary
from minutes_archive.archive import check_log
from minutes_archive.assembly import assemble
from minutes_archive.bounded import shared_reader
from minutes_archive.capture import CaptureStore, title_page
from minutes_archive.errors import CaptureError
from minutes_archive.export.wacz import Entry, Package, write_wacz
from minutes_archive.export.wording import date_words
from minutes_archive.identity import attachment_of, page_identity
from minutes_archive.material import Captured, marks_of, read_material
from minutes_archive.model import Capture, Item, Meeting
from minutes_archive.records import RecordStore
from minutes_archive.records.view import see
from minutes_archive.workspace import Workspace

_SOFTWARE = f"minutes-archive {__version__}"
_TITLES = {Audience.PUBLIC: "Captures of minutes, for the public", Audience.OFFICER: "Captures of minutes, for officers only"}
# Problems that say: the source holds a text that it does not publish, and so do its bytes.
_UNPUBLISHED = frozenset({"not_published"})
# Kinds of readings that leave open what a capture shows: not read, or a text that found no meeting.
_UNREAD = "unread"
_NOT_TOLD = frozenset({_UNREAD, "fragment"})
_PAGES = ("text/", "application/xhtml", "application/pdf")


@dataclass(frozen=True)
class HandedOver:
    """What was written: captures, and of these the pages that a person would begin with."""

    captures: int
    pages: int


@dataclass(frozen=True)
class Leaving:
    """A capture that leaves, marked for whom it is where it is added next; ``title`` of the meetings that it shows."""

    capture: Capture
    title: str | None


@dataclass
class _Shown:
    """What the public is shown: addresses of item pages and documents, and meetings told in part only (``closed``).

    ``withdrawn`` holds addresses and meetings of which something is withdrawn.
    """

    pages: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)


def write_handover(workspace: Workspace, audience: Audience, stream: BinaryIO, made: datetime | None = None) -> HandedOver:
    """Write the captures that may leave for ``audience`` to ``stream``; ``made`` None: dated as the last capture in it.

    Raises ``CaptureError`` where captures are not read yet, so that nobody knows what they show, or are damaged; and
    ``RecordError`` where the records or the log of withdrawals are.
    """
    store = CaptureStore(workspace, lambda: datetime.now(UTC))
    leaving = choose(workspace, store, audience)
    last = max((one.capture.captured_at for one in leaving), default="")
    date = made or (datetime.fromisoformat(last) if last else datetime.fromtimestamp(0, UTC))
    package = Package(_TITLES[audience], f"{len(leaving)} captures", _SOFTWARE, date)
    head = title_page(_SOFTWARE, _TITLES[audience], date.strftime("%Y-%m-%dT%H:%M:%SZ"))
    size = sum(one.capture.size + 4096 for one in leaving)
    pages = write_wacz(stream, head, _entries(store, leaving, audience), size, package)
    return HandedOver(len(leaving), pages)


def choose(workspace: Workspace, store: CaptureStore, audience: Audience) -> list[Leaving]:
    """The captures that may leave for ``audience``, in the order they came. Raises as ``write_handover`` does."""
    check_log(workspace)
    unread = sum(1 for _ in store.unread())
    if unread:
        raise CaptureError(f"{unread} captures are not read yet, so nobody knows what they show; run: minutes index")
    told = _look(workspace, store, audience)
    anything = RecordStore(workspace).withdrawals().anything()
    leaving = []
    for capture in store.captures():
        meetings = store.meeting_ids_of(capture.sha256)
        kind = store.reading_kind(capture.sha256) or _UNREAD
        if audience is Audience.PUBLIC and not _may_leave(capture, kind, meetings, told, anything=anything):
            continue
        if told.withdrawn.intersection((_address(capture.url), *meetings)):
            capture = replace(capture, audience=Audience.OFFICER)  # noqa: PLW2901 - where it is added next, too
        named = [told.titles[one] for one in meetings if one in told.titles]
        leaving.append(Leaving(capture, "; ".join(named[:3]) or None))
    return leaving


def _may_leave(capture: Capture, kind: str, meetings: tuple[str, ...], told: _Shown, *, anything: bool) -> bool:
    address = _address(capture.url)
    if capture.audience is not Audience.PUBLIC or address in told.hidden:
        return False
    if address in told.pages:
        return True
    if meetings:
        return all(one in told.titles and one not in told.closed for one in meetings)
    return not anything or (address in told.documents and kind not in _NOT_TOLD)


def _look(workspace: Workspace, store: CaptureStore, audience: Audience) -> _Shown:
    told = _Shown()
    records = RecordStore(workspace)
    withdrawals = records.withdrawals()
    vocabulary = load_vocabulary(workspace.topics)
    for meeting in records.meetings():
        standing = withdrawals.of(meeting)
        seen = see(meeting, audience, standing)
        if seen is not None:
            told.titles[meeting.id] = f"{meeting.body or 'Meeting'}, {date_words(meeting.date)}"
        shown = {item.id for item in seen.items} if seen else set()
        for item in meeting.items:
            _note_addresses(item, told, shown=item.id in shown)
            if standing.hides(item.id):
                told.withdrawn |= {_address(item.url), *(_address(one.url) for one in item.documents)}
        if withdrawals.loose(meeting) or standing.hides_anything():
            told.withdrawn.add(meeting.id)
        if withdrawals.loose(meeting) or not _is_open(meeting, shown, seen is not None, store, vocabulary):
            told.closed.add(meeting.id)
    told.pages -= told.hidden
    told.documents -= told.hidden
    told.withdrawn.discard("")
    return told


def _note_addresses(item: Item, told: _Shown, *, shown: bool) -> None:
    """Whether the public may have the item's own page, and each document."""
    page = _item_page(item.url)
    if page:
        whole = shown and not any(one.restricted for one in item.documents)
        (told.pages if whole else told.hidden).add(page)
    for one in item.documents:
        if address := _address(one.url):
            (told.documents if shown and not one.restricted else told.hidden).add(address)


def _is_open(meeting: Meeting, shown: set[str], seen: bool, store: CaptureStore, vocabulary: Vocabulary) -> bool:
    """Whether the public may see all that public captures tell of a meeting."""
    if _is_whole(meeting, shown, seen):
        return True
    captures = list(store.captures_of(meeting.id))
    if all(one.audience is Audience.PUBLIC for one in captures):
        return False
    # Some of it only officers' captures tell: what would there be without those?
    public_ones = (
        Captured(store.read(one.sha256), one, marks_of(store.reading_kind(one.sha256)))
        for one in captures if one.audience is Audience.PUBLIC
    )
    public = assemble(meeting.id, list(read_material(public_ones, shared_reader())), vocabulary)
    return public is not None and _is_whole(public, shown, seen)


def _is_whole(meeting: Meeting, shown: set[str], seen: bool) -> bool:
    return (
        seen
        and all(item.id in shown and not any(one.restricted for one in item.documents) for item in meeting.items)
        and not any(problem.code in _UNPUBLISHED for problem in meeting.problems)
    )


def _address(url: str | None) -> str:
    """What the address of a capture and one in a record may share: the item page, the attachment, else all of it; ""."""
    return _item_page(url) or (attachment_of(url) or url.partition("#")[0] if url else "")


def _item_page(url: str | None) -> str:
    """The site and number of the item whose own page has this address; "" for any other."""
    identity = page_identity(url)
    return f"{identity.site}/item/{identity.number}" if identity and identity.kind == "item" else ""


def _entries(store: CaptureStore, leaving: list[Leaving], audience: Audience) -> Iterator[Entry]:
    titles = {one.capture.sha256: one.title for one in leaving}
    captures = (one.capture for one in leaving)
    for capture, one in store.transcripts(captures, with_audience=audience is Audience.OFFICER):
        title = titles[capture.sha256]
        if title is None and capture.url and one.media_type.startswith(_PAGES):
            title = capture.url
        yield Entry(one.member, one.url, one.date, one.media_type, one.status, one.digest, title)
