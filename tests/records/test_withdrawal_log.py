"""The log of withdrawals: whole or as it was; and where it can't be read, nothing is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minutes_archive import durable
from minutes_archive.access import Audience
from minutes_archive.checking import check
from minutes_archive.errors import RecordError
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.records.log import log_act, log_file, read_withdrawals
from minutes_archive.records.withdrawals import Act, subject_of
from minutes_archive.workspace import Workspace

HELD = Meeting(
    "b/2024-01-01", Source(), date="2024-01-01", audience=Audience.PUBLIC,
    items=tuple(
        Item(f"b/2024-01-01/{title}", ordinal, title.title(), audience=Audience.PUBLIC)
        for ordinal, title in enumerate(("one", "two"), 1)
    ),
)
ACTS = (
    Act("2026-01-01T00:00:00Z", True, "b/2024-01-01/one", "names “a child”\u2028Zoë", subject_of(HELD, HELD.items[0])),
    Act("2026-01-02T00:00:00Z", False, "b/2024-01-01/one", "", subject_of(HELD, HELD.items[0])),
    Act("2026-01-03T00:00:00Z", True, "b/2024-01-01", "wrong meeting", subject_of(HELD)),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace.open(tmp_path / "archive", writing=True)
    with workspace.writer_lock():
        RecordStore(workspace).put([HELD])
    return workspace


def log(workspace: Workspace, *acts: Act) -> None:
    for act in acts:
        log_act(workspace, act)


def public_ids(workspace: Workspace) -> list[str]:
    view = ArchiveView(RecordStore(workspace), Audience.PUBLIC)
    return [item.id for meeting in view.meetings() for item in meeting.items]


def test_no_log_withdraws_nothing(workspace: Workspace):
    assert read_withdrawals(workspace).acts == ()
    assert public_ids(workspace) == ["b/2024-01-01/one", "b/2024-01-01/two"]


def test_acts_are_read_as_they_were_logged(workspace: Workspace):
    log(workspace, *ACTS)
    assert read_withdrawals(workspace).acts == ACTS
    lines = log_file(workspace).read_text("utf-8").split("\n")
    assert len(lines) == len(ACTS) + 2, "a line an act, the seal, the end"


def test_earlier_lines_stay_as_they_are(workspace: Workspace):
    log(workspace, *ACTS[:1])
    first = log_file(workspace).read_bytes().split(b"\n")[0]
    log(workspace, *ACTS[1:])
    assert log_file(workspace).read_bytes().split(b"\n")[0] == first


def test_every_act_changes_the_fingerprint(workspace: Workspace):
    seen = {RecordStore(workspace).fingerprint()}
    for act in ACTS:
        log(workspace, act)
        seen.add(RecordStore(workspace).fingerprint())
    assert len(seen) == len(ACTS) + 1


def test_an_open_view_heeds_the_log_at_once(workspace: Workspace):
    view = ArchiveView(RecordStore(workspace), Audience.PUBLIC)
    assert view.item("b/2024-01-01/one") is not None
    log(workspace, ACTS[0])
    assert view.item("b/2024-01-01/one") is None


def test_a_log_damaged_anywhere_shows_nothing(workspace: Workspace):
    log(workspace, *ACTS)
    path = log_file(workspace)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x04]) + whole[at + 1:]):
            path.write_bytes(damaged)
            with pytest.raises(RecordError, match="is damaged"):
                read_withdrawals(workspace)
    with pytest.raises(RecordError, match="nothing is shown"):
        public_ids(workspace)
    assert "withdrawals_damaged" in [problem.code for problem in check(workspace)]
    with pytest.raises(RecordError):
        log(workspace, ACTS[0])


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_kill_leaves_the_log_before_or_after(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, step: str):
    log(workspace, ACTS[0])

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((durable.os, "fsync") if step == "fsync" else (durable, "move")), killed)  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        log(workspace, ACTS[1])
    monkeypatch.undo()
    assert read_withdrawals(workspace).acts == ACTS[:1]
    log(workspace, ACTS[1])
    assert read_withdrawals(workspace).acts == ACTS[:2]


def test_what_is_withdrawn_and_held_no_more_is_said_without_its_id(workspace: Workspace):
    log(workspace, ACTS[0])
    with workspace.writer_lock():
        RecordStore(workspace).put([], removed=[HELD.id])
    (problem,) = [one for one in check(workspace) if one.code == "withdrawal_without_item"]
    assert "one" not in problem.message.split()
    assert "1 of the things" in problem.message


# The note of it


def note(workspace: Workspace) -> None:
    with workspace.writer_lock():
        RecordStore(workspace).note_log()


def lines_of(workspace: Workspace, count: int) -> bytes:
    """A log of the first acts alone, sealed as it was in its time."""
    path = log_file(workspace)
    whole = path.read_bytes()
    path.unlink()
    log(workspace, *ACTS[:count])
    shorter = path.read_bytes()
    path.write_bytes(whole)
    return shorter


def test_a_log_that_is_gone_or_shorter_than_noted_shows_the_public_nothing(workspace: Workspace):
    log(workspace, *ACTS)
    note(workspace)
    shorter = lines_of(workspace, 2)
    assert public_ids(workspace) == []
    for lose in (log_file(workspace).unlink, lambda: log_file(workspace).write_bytes(shorter)):
        lose()
        with pytest.raises(RecordError, match="minutes index --rebuild"):
            public_ids(workspace)
        assert [one.code for one in check(workspace) if one.severity == "error"] == ["withdrawals_damaged"]
        with workspace.writer_lock():  # whatever is written meanwhile notes no less
            RecordStore(workspace).put([replace(HELD, venue=str(lose))])
        note(workspace)
        with pytest.raises(RecordError):
            public_ids(workspace)


def test_a_kill_between_log_and_note_refuses_nothing(workspace: Workspace):
    log(workspace, ACTS[0])
    note(workspace)
    log(workspace, *ACTS[1:])
    assert public_ids(workspace) == []
    assert "withdrawals_damaged" not in [problem.code for problem in check(workspace)]
    one = lines_of(workspace, 1)
    with workspace.writer_lock():  # the next that is written notes all of it
        RecordStore(workspace).put([replace(HELD, venue="Hall")])
    log_file(workspace).write_bytes(one)
    with pytest.raises(RecordError, match="is not all there"):
        public_ids(workspace)


def test_what_is_said_to_be_all_is_noted_so(workspace: Workspace):
    log(workspace, *ACTS)
    note(workspace)
    view = ArchiveView(RecordStore(workspace), Audience.PUBLIC)
    log_file(workspace).unlink()
    with workspace.writer_lock():
        RecordStore(workspace).note_log(anew=True)
    assert view.item("b/2024-01-01/one") is not None, "also for who has it open"


def test_where_nothing_was_withdrawn_nothing_is_noted(workspace: Workspace):
    before = (workspace.meetings / "manifest.json").read_bytes()
    note(workspace)
    assert (workspace.meetings / "manifest.json").read_bytes() == before
    assert b"withdrawals" not in before
