"""Withdrawing: an item or meeting taken out of the public view, or let back; logged, with time and reason.

Only the log is written here; records stay as they are, and the door (``records.view``) heeds the log at once. The
index has to be brought up to date afterwards; until it is, it answers the public nothing (``archive``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from minutes_archive.access import Audience, after_withdrawal
from minutes_archive.archive import check_log
from minutes_archive.citing import held
from minutes_archive.errors import MinutesArchiveError
from minutes_archive.model import Item, Meeting
from minutes_archive.normalise import OFFICER_MARK
from minutes_archive.records import ArchiveView, RecordStore
from minutes_archive.records.log import log_act, read_withdrawals
from minutes_archive.records.withdrawals import Act, Standing, subject_of
from minutes_archive.workspace import Workspace


@dataclass(frozen=True)
class Logged:
    """One act of the log. ``in_force``: no later act on the same thing takes its place; ``held``: its thing is still held."""

    act: Act
    in_force: bool
    held: bool


class Release(Enum):
    """What became of a release."""

    DONE = "it is in the public view again"
    NEEDLESS = "it was not withdrawn, and is in the public view"
    MARKED = "it was not withdrawn: its source, or a mark on it, keeps it for officers"
    STILL_HIDDEN = "it is let back, but something else keeps it from the public view"


def withdraw(workspace: Workspace, identity: str, reason: str, now: Callable[[], datetime]) -> bool:
    """Take the item or meeting with that id out of the public view; whether that is news (a new reason is).

    The caller holds the writer's lock. Raises ``NotFoundError`` where nothing is held by that id, and
    ``MinutesArchiveError`` for what officers hold beside a public item (that is in no public view), and for a log that is lost.
    """
    check_log(workspace)
    reason = " ".join(reason.split())
    if not reason:
        raise MinutesArchiveError("a withdrawal needs a reason; say it with --reason")
    meeting, item = _held(workspace, identity)
    if identity.endswith(OFFICER_MARK):
        raise MinutesArchiveError(
            f"{identity} is what officers hold beside a public item, and in no public view; "
            f"to take the public item out: minutes withdraw {identity.removesuffix(OFFICER_MARK)}"
        )
    last = _own_act(workspace, meeting, item)
    if last is not None and last.withdrawn and last.reason == reason:
        return False
    _log(workspace, Act(_stamp(now), True, identity, reason, subject_of(meeting, item)))
    return True


def release(workspace: Workspace, identity: str, now: Callable[[], datetime]) -> Release:
    """Let the item or meeting with that id back into the public view, as far as its marks allow.

    It lets back what ``withdraw`` took out, and what its source has taken down. The caller holds the writer's lock.
    Raises ``NotFoundError``, and ``RecordError`` for a log that is lost.
    """
    check_log(workspace)
    meeting, item = _held(workspace, identity)
    standing = read_withdrawals(workspace).of(meeting)
    withdrawn = standing.hides(item.id) if item else standing.hides_meeting()
    if not withdrawn and not _is_taken_down(meeting, item, standing):
        return Release.NEEDLESS if _is_public(workspace, identity) else Release.MARKED
    _log(workspace, Act(_stamp(now), False, identity, "", subject_of(meeting, item)))
    return Release.DONE if _is_public(workspace, identity) else Release.STILL_HIDDEN


def logged(workspace: Workspace) -> Iterator[Logged]:
    """The whole log, oldest first. Raises ``RecordError`` where it is damaged."""
    withdrawals = read_withdrawals(workspace)
    held: set[Act] = set()
    in_force: set[Act] = set()
    for meeting in RecordStore(workspace).meetings() if withdrawals.acts else ():
        in_force.update(withdrawals.of(meeting).acts().values())
        held.update(withdrawals.told_of(meeting))
    last = {act.id: act for act in withdrawals.acts}
    for act in withdrawals.acts:
        yield Logged(act, act in in_force or (act not in held and last[act.id] is act), act in held)


def _log(workspace: Workspace, act: Act) -> None:
    log_act(workspace, act)
    RecordStore(workspace).note_log()  # afterwards: a log that is longer than what is noted is no lost one


def _held(workspace: Workspace, identity: str) -> tuple[Meeting, Item | None]:
    return held(ArchiveView(RecordStore(workspace), Audience.OFFICER), identity)


def _own_act(workspace: Workspace, meeting: Meeting, item: Item | None) -> Act | None:
    """The last act on the very thing, not on its meeting."""
    return read_withdrawals(workspace).of(meeting).acts().get(item.id if item else None)


def _is_public(workspace: Workspace, identity: str) -> bool:
    view = ArchiveView(RecordStore(workspace), Audience.PUBLIC)
    return view.meeting(identity) is not None or view.item(identity) is not None


def _is_taken_down(meeting: Meeting, item: Item | None, standing: Standing) -> bool:
    """Whether the source took it down, so soon that it is for officers, and nobody has released it since."""
    since = meeting.withdrawn_at
    if after_withdrawal(Audience.PUBLIC, meeting.date, since) is Audience.PUBLIC or standing.releases_meeting(since):
        return False
    return item is None or not (item.released_at or standing.releases(item.id, since))


def _stamp(now: Callable[[], datetime]) -> str:
    return now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
