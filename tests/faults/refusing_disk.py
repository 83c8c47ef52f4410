"""A disk that refuses: one open, write, fsync or rename of a command fails (no space, an error of the disk, no handles left).

The error comes once, or, of a disk that is full, for everything that takes space until space is free again; every 31st case
is a real full disk, a tiny tmpfs, where this process may mount one (else it is one of those that are full from some step on).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from faults.acknowledged import acknowledging
from faults.commands import COMMANDS, Command, minutes, outcome, prepare, rehearse
from faults.killed_process import after_the_fault
from faults.state import State, apart, look
from faults.steps import Step, stepping
from faults.trial import Case, Trial
from minutes_archive.workspace import Workspace

_TMPFS = 31
_NEED_SPACE = frozenset({"open", "write", "mkdir", "link", "statement", "connect"})
# Which calls the system answers so.
_CALLS = {
    errno.ENOSPC: _NEED_SPACE | {"fsync", "replace", "sync"},
    errno.EIO: _NEED_SPACE | {"fsync", "replace", "rename", "unlink", "rmdir", "truncate", "read", "select"},
    errno.EMFILE: frozenset({"open", "read", "connect", "statement"}),
}
_ADVICE = re.compile(r"\b(check|free|try again|run|restore|make it anew)\b", re.IGNORECASE)


@dataclass
class Refusal:
    """At the step ``number`` of those that can be refused so, ``reason`` is the answer; where it ``stays``, from then on."""

    reason: int
    number: int
    stays: bool = False
    count: int = 0

    def __call__(self, step: Step) -> None:
        """The step is about to be made."""
        if step.call not in _CALLS[self.reason] or not (step.call in _NEED_SPACE or self.count <= self.number):
            return
        self.count += 1
        if self.count - 1 == self.number or (self.stays and self.count > self.number):
            if step.call == "write" and self.reason == errno.ENOSPC:
                step.do_half()
            raise OSError(self.reason, os.strerror(self.reason), str(step.path))


def attempt(case: Case) -> str | None:
    """Let one command be refused once, or the disk be full from some step on."""
    chance = case.chance
    command = COMMANDS[case.index % len(COMMANDS)]
    folder = case.folder.resolve()
    if case.index % _TMPFS == 0:
        with tmpfs(folder / "disk") as disk:
            if disk:
                return _on_a_full_disk(command, disk, chance)
    before = prepare(command, folder)
    reason = chance.choice(sorted(_CALLS))
    stays = reason == errno.ENOSPC and (chance.random() < 0.3 or case.index % _TMPFS == 0)
    refusal = Refusal(reason, chance.randrange(steps(command, reason)), stays)
    acknowledged = set[str]()
    with acknowledging(acknowledged.add), stepping(folder, refusal):
        status, told = minutes(command.typed(folder))
    fault = _after(command, folder, before, frozenset(acknowledged), status, told)
    return fault and f"{command.name}, {os.strerror(reason)} at step {refusal.number}{' and on' * stays}: {fault}"


@cache
def steps(command: Command, reason: int) -> int:
    """How many steps of a command can be refused so."""
    count = Refusal(reason, 1 << 30)
    rehearse(command, lambda folder, step: count(step))
    return count.count


def _on_a_full_disk(command: Command, disk: Path, chance: Random) -> str | None:
    before = prepare(command, disk)
    used = sum(-(-path.lstat().st_size // 4096) * 4 for path in disk.rglob("*"))
    size = used + chance.randrange(4, 600, 4)
    _mount(f"remount,size={size}k", disk)
    acknowledged = set[str]()
    with acknowledging(acknowledged.add), stepping(disk, lambda step: None):
        status, told = minutes(command.typed(disk))
    _mount("remount,size=64m", disk)
    fault = _after(command, disk, before, frozenset(acknowledged), status, told)
    return fault and f"{command.name} on a disk of {size} KiB: {fault}"


def _after(
    command: Command, folder: Path, before: State, acknowledged: frozenset[str], status: int, told: str
) -> str | None:
    """What is not as it should be once the disk takes bytes again; ``status`` and ``told`` are how the command ended."""
    last = (told.rstrip("\n").split("\n") or [""])[-1]
    if status not in {0, 2}:
        return f"it ended with {status}: {told}"
    if status == 2 and ("internal error" in told or not _ADVICE.search(last)):
        return f"it does not say what to do: {told}"
    if Workspace.open(folder / "archive").is_being_written():
        return "the lock is held still"
    # Who says that all is well has done what was asked; what was refused on the way did not matter.
    state, done = look(folder / "archive", folder / "out"), outcome(command)
    if status == 0 and state != done:
        return f"it said that all is well, and it is not: {apart(state, done, done)}"
    fault = after_the_fault(command, folder, before, acknowledged)
    return fault and f"it said {last!r} ({status}), then: {fault}"


@contextlib.contextmanager
def tmpfs(folder: Path) -> Iterator[Path | None]:
    """A disk in memory, mounted at ``folder``; None where this process may not mount one."""
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not _mount("size=64m", folder):
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(options: str, folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:  # there is no such program
        return False


TRIAL = Trial(
    3, "refusing-disk",
    "an open, write, fsync or rename fails, or the disk is full: nothing lost, no lock left; exit status 0 and all done, or 2 "
    "and one line that says what to do; all is well once the disk takes bytes again",
    full=310, short=4, attempt=attempt,
)
