"""The state of an archive: what each of its stores holds, to tell whether that is as before a command, or as after it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from minutes_archive import Archive
from minutes_archive.access import Audience
from minutes_archive.capture import CaptureStore
from minutes_archive.errors import IndexDamagedError
from minutes_archive.records import RecordStore, write_record
from minutes_archive.workspace import Workspace
from pagefind_content import site_content

# What is said where nothing is shown until the index has heeded a withdrawal: that is as it should be.
REFUSED = "something was withdrawn or released since the index was made"
_TIME = re.compile(r"""(?:fetched_at|captured_at)["']?[:=]["'][^"']*["']""")


@dataclass(frozen=True)
class State:
    """What the stores hold, in the order in which a command changes them; and what the exports beside the archive hold."""

    captures: tuple[tuple[str, str, str | None], ...]
    records: tuple[str, ...]
    withdrawn: tuple[tuple[str, bool], ...]
    public: tuple[str, ...]
    officer: tuple[str, ...]
    site: tuple[tuple[str, str], ...] = ()
    handover: str = ""


def look(archive: Path, beside: Path | None = None) -> State:
    """The state of the archive in a folder, every capture read; and of the exports in the folder ``beside`` it.

    Raises ``MinutesArchiveError`` where anything but an index can't be read.
    """
    workspace = Workspace.open(archive)
    store = CaptureStore(workspace, lambda: datetime.now(UTC))
    captures = sorted((one.sha256, one.audience.value, one.council) for one in store.captures())
    for sha256, *_ in captures:
        store.read(sha256)
    records = RecordStore(workspace)
    return State(
        tuple(captures),
        tuple(sorted(_TIME.sub("", write_record(meeting)) for meeting in records.meetings())),
        tuple((act.id, act.withdrawn) for act in records.withdrawals().acts),
        found(archive, Audience.PUBLIC), found(archive, Audience.OFFICER),
        _site(beside / "site") if beside else (), _digest(beside / "handover.wacz") if beside else "",
    )


def found(archive: Path, audience: Audience) -> tuple[str, ...]:
    """Everything that the index of an audience finds; what it says instead, where it can't be used."""
    try:
        with Archive.open(archive, audience) as opened:
            everything = opened.search(limit=10_000, full_text=True).hits
            some = opened.search("resolved", limit=10_000).hits
    except IndexDamagedError as error:
        return ("can't be used", str(error))
    return tuple(_TIME.sub("", repr(hit)) for hit in (*everything, *some))


def is_refusal(answer: tuple[str, ...]) -> bool:
    """Whether an index says that something was withdrawn since it was made."""
    return len(answer) == 2 and REFUSED in answer[1]


def apart(state: State, before: State, after: State) -> str | None:
    """Where ``state`` is neither as before nor as after, or in no order that a command takes; None where it is in order.

    A store is changed only after all those before it, so none can be ahead of another.
    """
    still_before = ""
    for one in fields(State):
        value, old, new = (getattr(each, one.name) for each in (state, before, after))
        if one.name == "public" and is_refusal(value) and (state.withdrawn, old) != (before.withdrawn, new):
            continue
        if one.name == "captures" and set(old) < set(value) < set(new):
            still_before = "captures"  # of several files the first ones were kept before the disk refused: they count
            continue
        if value not in (old, new):
            return f"{one.name} is neither as before nor as after: {_difference(value, old, new)}"
        if old != new and value == old:
            still_before = still_before or one.name
        elif old != new and still_before:
            return f"{one.name} is as after, {still_before} as before"
    return None


def _difference(value: object, *others: object) -> str:
    if not isinstance(value, tuple):
        return f"{value!r:.200}"
    parts = [f"{len(set(value) - set(other))} more, {len(set(other) - set(value))} fewer" for other in others
             if isinstance(other, tuple)]
    return f"{' / '.join(parts)}; {value!r:.300}"


def _site(folder: Path) -> tuple[tuple[str, str], ...]:
    if not folder.is_dir():
        return ()
    held = site_content(folder)
    # A bundle of Pagefind's is told in no order.
    told = {name: sorted(one.items()) if isinstance(one, dict) else one for name, one in held.items()}
    return tuple(sorted((name, hashlib.sha256(repr(one).encode()).hexdigest()) for name, one in told.items()))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


