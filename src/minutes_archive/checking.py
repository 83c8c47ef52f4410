"""Checking: every captured byte, every record, every quoted word and the index read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from minutes_archive.access import Audience
from minutes_archive.archive import check_log, engine_of, index_is_behind
from minutes_archive.capture import CaptureStore, check_captures
from minutes_archive.errors import IndexDamagedError, RecordError
from minutes_archive.model import WITHOUT_WORDS, Item, Problem
from minutes_archive.records import RecordStore
from minutes_archive.records.withdrawals import Act, Withdrawals
from minutes_archive.search.engine import Request
from minutes_archive.workspace import Workspace


def check(workspace: Workspace) -> Iterator[Problem]:
    """Everything that is damaged or does not agree; nothing when the archive is sound.

    Reads only. Each problem names the file and what to do.
    """
    yield from check_captures(workspace)
    yield from _check_records(workspace)
    yield from _check_index(workspace)


def _check_records(workspace: Workspace) -> Iterator[Problem]:
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
    told = CaptureStore(workspace, lambda: datetime.now(UTC)).meeting_ids()
    for meeting_id in sorted(told - store.ids()):
        yield Problem("record_missing", "error", meeting_id, "was read off a capture, but has no record; run: minutes index")
    told_of: set[Act] = set()
    for meeting in store.meetings():
        told_of |= withdrawals.told_of(meeting)
        for item in meeting.items:
            yield from _check_words(item)
    lost = {act.id for act in withdrawals.acts if act.withdrawn and act not in told_of}
    if lost:
        # Without its id: who checks is not told what was withdrawn.
        yield Problem("withdrawal_without_item", "warning", "corpus/withdrawals.jsonl", (
            f"{len(lost)} of the things withdrawn are held no more by id or title; look whether they stand elsewhere: "
            "minutes withdraw --list --audience officer"
        ))


def _check_words(item: Item) -> Iterator[Problem]:
    """Every annotation must stand on the words it quotes (record schema, "Evidence is exact")."""
    quotes = [(one.type, one.field, one.start, one.end, one.text) for one in item.decisions if one.type not in WITHOUT_WORDS]
    quotes += [(one.about, one.field, one.start, one.end, one.text) for one in item.evidence]
    for about, field, start, end, text in quotes:
        if field is None or not text or item.text_of(field)[start:end] != text:
            yield Problem("evidence_mismatch", "error", item.id, f"the words that {about} rests on are not where it says")


def _check_index(workspace: Workspace) -> Iterator[Problem]:
    for audience in Audience:
        if not (workspace.index / audience.value).is_dir():
            continue
        try:
            behind = index_is_behind(workspace, audience)
        except RecordError:  # said of the records already
            return
        if behind:
            yield Problem("index_behind", "warning", f"index/{audience.value}", "is behind the records; run: minutes index")
        engine = engine_of(workspace, audience)
        try:
            engine.search(Request(limit=0))
        except IndexDamagedError as error:
            yield Problem("index_damaged", "error", f"index/{audience.value}", str(error))
        finally:
            engine.close()
