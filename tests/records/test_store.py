"""The store of records: the state before a change or the state after it, and every damage seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from minutes_archive import durable
from minutes_archive.errors import RecordError
from minutes_archive.model import Item, Meeting, Source
from minutes_archive.records import RecordStore
from minutes_archive.records import store as store_module
from minutes_archive.workspace import Workspace


def meeting(day: str | None, body: str = "cabinet", council: str | None = "thornmere", text: str = "x") -> Meeting:
    own = f"{body}/{day or 'undated'}"
    return Meeting(
        id=own, source=Source(sha256="0" * 64), council=council, body=body, date=day,
        items=(Item(id=f"{own}/one", ordinal=1, title="One", minutes_text=text),),
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path, writing=True)


def ids(workspace: Workspace) -> list[str]:
    return [one.id for one in RecordStore(workspace).meetings()]


def test_one_file_a_council_and_municipal_year_sorted_by_date_and_id(workspace: Workspace):
    RecordStore(workspace).put([
        meeting("2024-06-02"), meeting("2024-05-01"), meeting("2024-05-01", "audit"), meeting("2024-04-30"),
        meeting("2024-06-01", council=None), meeting(None),
    ])

    def ids_in(path: Path) -> list[str]:
        return [json.loads(line)["meeting"]["id"] for line in path.read_text("utf-8").splitlines()]

    files = workspace.meetings.rglob("*.jsonl")
    found = {path.relative_to(workspace.meetings).as_posix(): ids_in(path) for path in files}
    assert found == {
        "thornmere/2023-24.jsonl": ["cabinet/2024-04-30"],
        "thornmere/2024-25.jsonl": ["audit/2024-05-01", "cabinet/2024-05-01", "cabinet/2024-06-02"],
        "thornmere/undated.jsonl": ["cabinet/undated"],
        "unassigned/2024-25.jsonl": ["cabinet/2024-06-01"],
    }


def test_putting_again_changes_nothing(workspace: Workspace):
    first = RecordStore(workspace).put([meeting("2024-06-01")])
    before = {path: path.stat().st_mtime_ns for path in workspace.meetings.rglob("*.json*")}
    again = RecordStore(workspace).put([meeting("2024-06-01")])
    assert (first.added, again.added, again.changed) == (1, 0, 0)
    assert before == {path: path.stat().st_mtime_ns for path in workspace.meetings.rglob("*.json*")}


def test_a_meeting_that_moves_to_another_year_or_council_stands_once(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01"), meeting("2024-06-02")])
    moved = replace(meeting("2024-06-01"), date="2023-06-01", council="elsewhere")
    change = RecordStore(workspace).put([moved])
    assert (change.added, change.changed, change.removed) == (0, 1, 0)
    assert sorted(ids(workspace)) == ["cabinet/2024-06-01", "cabinet/2024-06-02"]
    assert RecordStore(workspace).get("cabinet/2024-06-01") == moved


def test_a_removed_meeting_is_gone_and_an_empty_file_with_it(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01")])
    assert RecordStore(workspace).put([], removed=["cabinet/2024-06-01", "never/there"]).removed == 1
    assert ids(workspace) == []
    assert list(workspace.meetings.rglob("*.jsonl")) == []
    assert list(RecordStore(workspace).check()) == []


def test_items_are_found_by_id(workspace: Workspace):
    store = RecordStore(workspace)
    odd = replace(meeting("2024-06-03"), items=(Item(id="quite/another", ordinal=1, title="Odd"),))
    store.put([meeting("2024-06-01"), odd])
    assert store.holder("cabinet/2024-06-01/one") == meeting("2024-06-01")
    assert store.holder("quite/another") == odd
    assert store.holder("cabinet/2024-06-01/two") is None


class _KilledError(Exception):
    pass


def _kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """Let the N-th durable step (counted from 0) be the one that the process does not live to see."""
    taken = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*arguments: object, **named: object) -> object:
            nonlocal taken
            if taken == step:
                raise _KilledError
            taken += 1
            return real(*arguments, **named)

        return wrapper

    monkeypatch.setattr(store_module, "replace_file", counted(durable.replace_file))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    monkeypatch.setattr(Path, "unlink", counted(Path.unlink))
    return lambda: taken


@pytest.mark.parametrize("step", range(16))
def test_killed_at_any_step_the_records_are_those_before_or_those_after(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, step: int
):
    old = [meeting("2024-06-01", text="before"), meeting("2023-06-01", text="before")]
    new = [meeting("2024-06-01", text="after"), replace(meeting("2023-06-01", text="after"), date="2022-06-01")]
    RecordStore(workspace).put(old)
    with monkeypatch.context() as patched:
        _kill_at(patched, step)
        with suppress(_KilledError):
            RecordStore(workspace).put(new)
    for recovered in (False, True):
        store = RecordStore(workspace)
        if recovered:
            store.recover()
        texts = sorted((one.date or "", one.items[0].minutes_text) for one in store.meetings())
        assert texts in (
            [("2023-06-01", "before"), ("2024-06-01", "before")], [("2022-06-01", "after"), ("2024-06-01", "after")],
        )
        assert [one for one in store.check() if one.severity == "error"] == []


def test_a_reader_goes_over_to_what_another_process_changes_meanwhile(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-05-07"), meeting("2024-07-02"), meeting("2023-06-01")])
    reader = RecordStore(workspace)
    reading = reader.meetings()
    next(reading)
    changed = meeting("2024-07-02", text="changed")
    RecordStore(workspace).put([changed, meeting("2024-09-03")], removed=["cabinet/2023-06-01"])
    assert {one.id for one in reading} == {"cabinet/2024-05-07", "cabinet/2024-07-02", "cabinet/2024-09-03"}
    assert reader.get("cabinet/2024-07-02") == changed
    RecordStore(workspace).put([meeting("2024-07-02", text="again")], removed=["cabinet/2024-05-07", "cabinet/2024-09-03"])
    assert reader.get("cabinet/2024-07-02") == meeting("2024-07-02", text="again")
    assert reader.get("cabinet/2024-05-07") is None


def test_line_separators_inside_a_text_are_no_line_ends(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01", text="one\u2028two\x85three"), meeting("2024-06-02")])
    assert [one.items[0].minutes_text for one in RecordStore(workspace).meetings()] == ["one\u2028two\x85three", "x"]


def test_every_flipped_byte_is_found(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01"), meeting("2024-06-02")])
    (path,) = workspace.meetings.rglob("*.jsonl")
    sound = path.read_bytes()
    for place in range(0, len(sound), 37):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 4]) + sound[place + 1 :])
        store = RecordStore(workspace)
        assert [one.code for one in store.check()] == ["record_damaged"]
        with pytest.raises(RecordError, match="SHA-256 differs"):
            list(store.meetings())
    path.write_bytes(sound)
    assert list(RecordStore(workspace).check()) == []


def test_a_missing_file_and_a_foreign_one_are_said(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01")])
    (path,) = workspace.meetings.rglob("*.jsonl")
    path.rename(path.with_name("1999-00.jsonl"))
    assert sorted(one.code for one in RecordStore(workspace).check()) == ["record_damaged", "record_unknown"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 9, "files": {}, "moving": []}', b'{"files": 3}'])
def test_a_damaged_manifest_is_refused(workspace: Workspace, content: bytes):
    RecordStore(workspace).put([meeting("2024-06-01")])
    (workspace.meetings / "manifest.json").write_bytes(content)
    with pytest.raises(RecordError, match=r"manifest\.json"):
        RecordStore(workspace)


def test_every_flipped_bit_and_every_cut_of_the_manifest_is_seen(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01"), meeting("2023-06-02")])
    path = workspace.meetings / "manifest.json"
    sound = path.read_bytes()
    for place in range(len(sound)):
        bit = 1 << place % 8
        for damaged in (sound[:place], sound[:place] + bytes([sound[place] ^ bit]) + sound[place + 1 :]):
            path.write_bytes(damaged)
            with pytest.raises(RecordError, match=r"manifest\.json is damaged; .*check --repair"):
                RecordStore(workspace)


def test_a_manifest_of_before_there_were_seals_is_read_and_then_sealed(workspace: Workspace):
    RecordStore(workspace).put([meeting("2024-06-01")])
    path = workspace.meetings / "manifest.json"
    content = json.loads(path.read_bytes())
    del content["sha256"], content["last_capture"]
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    assert ids(workspace) == ["cabinet/2024-06-01"]
    RecordStore(workspace).put([meeting("2024-06-02")])
    assert "sha256" in json.loads(path.read_bytes())
    assert ids(workspace) == ["cabinet/2024-06-01", "cabinet/2024-06-02"]
