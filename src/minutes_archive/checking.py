"""Checking: every captured byte, every record, every quoted word and the index read again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from minutes_archive.access import Audience
from minutes_archive.agreement import is_too_closed, is_too_open
from minutes_archive.annotate.vocabulary import load_vocabulary
from minutes_archive.archive import check_log, index_is_behind
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.contact import read_contact
from minutes_archive.crawl.frontier import frontier_fault
from minutes_archive.errors import IndexDamagedError, MinutesArchiveError, RecordError, VersionError
from minutes_archive.material import holds_records
from minutes_archive.model import WITHOUT_WORDS, Item, Meeting, Problem
from minutes_archive.naming import Names
from minutes_archive.ocr import Ocr
from minutes_archive.records import RecordStore
from minutes_archive.records.withdrawals import Act, Withdrawals
from minutes_archive.search.whoosh import check_index
from minutes_archive.sources import read_sources
from minutes_archive.thesaurus import thesaurus_is_whole
from minutes_archive.trace.theme import read_themes
from minutes_archive.watching import Watches
from minutes_archive.workspace import Workspace


def check(workspace: Workspace, viewer: Audience = Audience.PUBLIC) -> Iterator[Problem]:
    """Everything that is damaged or does not agree; nothing when the archive is sound.

    Reads only. Each problem names the file and what to do; what ``minutes check --repair`` can mend, see ``repairing``.
    What ``viewer`` may not see is named by digests. Raises ``VersionError`` for an archive of a newer version.
    """
    codes: set[str] = set()
    names = Names(workspace, viewer)
    for problem in check_captures(workspace, names.of_capture):
        codes.add(problem.code)
        yield problem
    yield from _check_records(workspace, names)
    if "catalogue_damaged" not in codes:  # else who asks it makes it anew
        yield from _check_placements(workspace, names, waiting="uncatalogued" in codes)
    yield from _check_index(workspace)
    if not thesaurus_is_whole(workspace):
        yield Problem("thesaurus_damaged", "warning", "index/thesaurus.json", "is not as it was written; run: minutes index")
    if fault := frontier_fault(workspace.frontier):
        yield Problem("frontier_damaged", "error", "corpus/crawl/frontier.sqlite", (
            f"{fault}; no capture is lost with it, the next crawl looks at everything anew; "
            "put it away with: minutes check --repair"
        ))
    yield from _check_settings(workspace)


def _check_records(workspace: Workspace, names: Names) -> Iterator[Problem]:
    try:
        store = RecordStore(workspace)
    except RecordError as error:
        yield Problem("record_damaged", "error", "corpus/meetings", str(error))
        return
    try:
        withdrawals = store.withdrawals()
        check_log(workspace)
    except RecordError as error:
        yield Problem("withdrawals_damaged", "error", "corpus/withdrawals.jsonl", str(error))
        withdrawals = Withdrawals()
    damaged = False
    for problem in store.check():
        damaged = damaged or problem.severity == "error"
        yield problem
    if damaged:
        return
    told_of: set[Act] = set()
    for meeting in store.meetings():
        told_of |= withdrawals.told_of(meeting)
        for item in meeting.items:
            yield from _check_words(meeting, item, names)
    lost = {act.id for act in withdrawals.acts if act.withdrawn and act not in told_of}
    if lost:
        # Without its id: who checks is not told what was withdrawn.
        yield Problem("withdrawal_without_item", "warning", "corpus/withdrawals.jsonl", (
            f"{len(lost)} of the things withdrawn are held no more by id or title; look whether they stand elsewhere: "
            "minutes withdraw --list --audience officer"
        ))


def _check_placements(workspace: Workspace, names: Names, *, waiting: bool) -> Iterator[Problem]:
    """Whether records and captures know of each other. ``waiting``: there are captures that the next run takes in."""
    try:
        store = RecordStore(workspace)
    except RecordError:  # said already
        return
    captures = CaptureStore(workspace, lambda: datetime.now(UTC))
    if store.last_capture > captures.last() and not waiting:
        yield Problem("capture_missing", "error", "corpus/captures", (
            f"the records know of captures up to number {store.last_capture}, held are those up to {captures.last()}; "
            "restore corpus/captures from a later backup, or go on without the rest: minutes check --repair"
        ))
    told = captures.meeting_ids()
    for meeting_id in sorted(told - store.ids()):
        yield Problem("record_missing", "error", names.of_meeting(meeting_id), (
            "was read off a capture, but has no record; run: minutes index"
        ))
    if not waiting and next(captures.unread(), None) is None:  # else the next run reads them
        for meeting_id in sorted(store.ids() - told):
            if not captures.lost_of(meeting_id):  # said of the capture
                yield Problem("capture_unknown", "warning", names.of_meeting(meeting_id), (
                    "has a record, but the capture that it was read off is held no more; "
                    "restore it from a backup, or add it again"
                ))
        yield from _check_audiences(store, captures)


def _check_audiences(store: RecordStore, captures: CaptureStore) -> Iterator[Problem]:
    """Whether records are for those that the captures say; told without their ids, for some are officers' business."""
    whole = store.last_capture <= captures.last() and not captures.is_incomplete()
    opened = closed = 0
    with contextlib.suppress(RecordError):  # said already
        for meeting in store.meetings():
            said = _said(captures, meeting.id)
            opened += is_too_open(meeting, said)
            closed += is_too_closed(meeting, said)
    if closed and not whole:
        yield Problem("closed", "warning", "corpus/meetings", (
            f"{closed} meetings stay for officers, for captures are missing that may have said so; "
            "where they are public say it again: minutes add PATH --audience public"
        ))
    if wrong := opened + (closed if whole else 0):
        yield Problem("record_disagrees", "error", "corpus/meetings", (
            f"{wrong} meetings are for others than the captures say that they were read off; "
            "read these again with: minutes check --repair"
        ))


def _said(captures: CaptureStore, meeting_id: str) -> dict[str, Audience]:
    """For whom each capture of a meeting is; of none where files of records are among them, that say it item by item."""
    found = {one.sha256: one.audience for one in captures.captures_of(meeting_id)}
    return {} if any(holds_records(captures.reading_kind(one)) for one in found) else found


def _check_words(meeting: Meeting, item: Item, names: Names) -> Iterator[Problem]:
    """Every annotation must stand on the words it quotes (record schema, "Evidence is exact")."""
    quotes = [(one.type, one.field, one.start, one.end, one.text) for one in item.decisions if one.type not in WITHOUT_WORDS]
    quotes += [(one.about, one.field, one.start, one.end, one.text) for one in item.evidence]
    for about, field, start, end, text in quotes:
        if field is None or not text or item.text_of(field)[start:end] != text:
            name = names.of_item(meeting, item)
            what = about if name == item.id else "an annotation"
            yield Problem("evidence_mismatch", "error", name, f"the words that {what} rests on are not where it says")


def _check_index(workspace: Workspace) -> Iterator[Problem]:
    if not any((workspace.index / audience.value).is_dir() for audience in Audience):
        with contextlib.suppress(RecordError):  # said of the records already
            if RecordStore(workspace).ids():  # else there is nothing to search yet
                yield Problem("index_missing", "warning", "index", "there is none yet, or it is gone; run: minutes index")
        return
    for audience in Audience:
        try:
            behind = index_is_behind(workspace, audience)
        except RecordError:  # said of the records already
            return
        if behind:
            yield Problem("index_behind", "warning", f"index/{audience.value}", "is behind the records; run: minutes index")
        if behind and not (workspace.index / audience.value).is_dir():  # a run was killed before it came to this one
            continue
        try:
            check_index(workspace.index / audience.value, audience)
        except IndexDamagedError as error:
            yield Problem("index_damaged", "error", f"index/{audience.value}", str(error))


def _check_settings(workspace: Workspace) -> Iterator[Problem]:
    """What the user writes, and the watches: whether it can be read."""
    readers: tuple[Callable[[], object], ...] = (
        lambda: read_themes(workspace.themes, load_vocabulary(workspace.topics)),
        lambda: read_sources(workspace.sources),
        lambda: (Ocr.of_archive(workspace, keep=False), read_contact(workspace, {})),
        lambda: [list(Watches(workspace, audience).all()) for audience in Audience],
    )
    for reader in readers:
        try:
            reader()
        except VersionError:
            raise
        except MinutesArchiveError as error:
            yield Problem("settings_unreadable", "error", workspace.root.name, str(error))
