"""Power loss: of a folder only that is left which was fsynced; of the rest nothing, or as much as a disk likes.

A file is fsynced by itself, a name by its folder. Of what was not, POSIX promises nothing, in no order: so a name may be there
before its bytes are, and a removal may be undone. Databases are taken for what SQLite promises (https://sqlite.org/atomiccommit.html):
as their last commit left them, or, to try more than that, as an earlier one did, or lost. On Windows, where no folder can be
fsynced, names count at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from faults.acknowledged import acknowledging
from faults.commands import COMMANDS, Command, minutes, prepare, rehearse
from faults.killed_process import after_the_fault
from faults.steps import Step, stepping
from faults.trial import Case, Trial

Names = dict[str, int]


class PowerLossError(BaseException):
    """Nothing more of this process reaches the disk."""


class Disk:
    """What is for good of all below ``root``: ``contents`` by inode, ``names`` by the inode of their folder.

    Inodes are kept from being used again by links in ``graves``, or a name that is still on the disk would get other bytes.
    """

    def __init__(self, root: Path, graves: Path) -> None:
        self._root, self._graves = root, graves
        self.contents: dict[int, bytes] = {}
        self.names: dict[int, Names] = {}
        self.databases: dict[int, list[bytes]] = {}
        self._open_folders: list[int] = []
        self._buried = 0
        graves.mkdir()
        self.sync()

    def sync(self) -> None:
        """All that is written is for good."""
        for folder, _, files in os.walk(self._root):
            self._keep_names(Path(folder))
            for name in files:
                self._keep_content(Path(folder, name))

    def before(self, step: Step) -> None:
        """Something is about to go that may still be on the disk."""
        if step.call in {"unlink", "remove", "replace", "rename"} and step.path.is_file():
            self._buried += 1
            os.link(step.path, self._graves / str(self._buried))
        elif step.call == "rmdir" and os.name != "nt":
            self._open_folders.append(os.open(step.path, os.O_RDONLY))

    def after(self, step: Step) -> None:
        """Something was done, and may be for good now."""
        if step.call == "fsync":
            (self._keep_names if step.path.is_dir() else self._keep_content)(step.path)
        elif step.call == "sync":
            self.sync()
        elif step.call in {"statement", "connect"} and step.path.is_file():
            self._keep_database(step.path)
        elif step.call == "mkdir":
            self.names.setdefault(_inode(step.path), {})
        if os.name == "nt" and step.path.parent.is_dir():
            self._keep_names(step.path.parent)

    def close(self) -> None:
        """Let the folders go."""
        for handle in self._open_folders:
            os.close(handle)

    def write_what_is_left(self, target: Path, chance: Random) -> None:
        """Write what a power loss leaves now below ``target``."""
        now: dict[int, bytes] = {}
        names: dict[int, Names] = {}
        for folder, _, files in os.walk(self._root):
            names[_inode(Path(folder))] = _names(Path(folder))
            now |= {_inode(Path(folder, name)): Path(folder, name).read_bytes() for name in files}
        # Nothing that was not asked for; or names at once, and bytes late; or as it comes.
        manner = chance.choice(("nothing", "names", "anything"))
        lost = chance.choice(("", "", "old", "missing"))

        def names_in(folder: int) -> Names:
            kept, made = self.names.get(folder, {}), names.get(folder, {})
            if manner != "anything" or not made:
                return made if manner == "names" and made else kept
            some = {name for name in kept.keys() | made.keys() if chance.random() < 0.5}
            return {name: node for held, taken in ((kept, False), (made, True)) for name, node in held.items()
                    if (name in some) is taken or kept.get(name) == made.get(name)}

        def content_of(node: int) -> bytes | None:
            if node in self.databases:
                return _database(self.databases[node], lost, chance)
            kept, made = self.contents.get(node, b""), now.get(node, b"")
            if manner == "anything" and made.startswith(kept):
                return made[: chance.choice((len(kept), len(made), chance.randint(len(kept), len(made))))]
            return kept

        self._write(target, _inode(self._root), names_in, content_of)

    def _write(
        self, target: Path, folder: int, names_in: Callable[[int], Names], content_of: Callable[[int], bytes | None]
    ) -> None:
        target.mkdir()
        for name, node in names_in(folder).items():
            if node in self.names:
                self._write(target / name, node, names_in, content_of)
            elif not name.endswith("-journal") and (content := content_of(node)) is not None:
                (target / name).write_bytes(content)

    def _keep_names(self, folder: Path) -> None:
        self.names[_inode(folder)] = _names(folder)

    def _keep_content(self, path: Path) -> None:
        if path.suffix == ".sqlite":
            self._keep_database(path)
        else:
            self.contents[_inode(path)] = path.read_bytes()

    def _keep_database(self, path: Path) -> None:
        """Note what the last commit left, where none is under way. SQLite sees to the name, too."""
        if path.with_name(f"{path.name}-journal").exists():
            return
        known, content = self.databases.setdefault(_inode(path), []), path.read_bytes()
        if not known or known[-1] != content:
            known.append(content)
        self.names.setdefault(_inode(path.parent), {})[path.name] = _inode(path)


def _database(commits: list[bytes], lost: str, chance: Random) -> bytes | None:
    if lost == "missing":
        return None
    return chance.choice(commits) if lost == "old" else commits[-1]


def _inode(path: Path) -> int:
    return path.stat().st_ino


def _names(folder: Path) -> Names:
    return {path.name: _inode(path) for path in folder.iterdir()}


def attempt(case: Case) -> str | None:
    """Cut the power at one step of a command."""
    chance = case.chance
    command = COMMANDS[case.index % len(COMMANDS)]
    live, left = case.folder.resolve() / "live", case.folder.resolve() / "left"
    before = prepare(command, live)
    fatal, count = chance.randrange(steps(command)), 0
    disk, acknowledged = Disk(live, case.folder / "graves"), set[str]()

    def cut(step: Step) -> None:
        nonlocal count
        if count == fatal and not left.exists():
            if step.call == "write":
                step.do_half()
            disk.write_what_is_left(left, chance)
            raise PowerLossError
        count += step.changes
        disk.before(step)

    try:
        with acknowledging(lambda sha256: None if left.exists() else acknowledged.add(sha256)), stepping(live, cut, disk.after):
            minutes(command.typed(live))
    except PowerLossError:
        pass
    finally:
        disk.close()
    shutil.rmtree(live)
    left.rename(live)
    fault = after_the_fault(command, live, before, frozenset(acknowledged), reading_lost=True)
    return fault and f"{command.name}, power lost at step {fatal}: {fault}"


@cache
def steps(command: Command) -> int:
    """How many steps of a command change something."""
    changes: list[bool] = []
    rehearse(command, lambda folder, step: changes.append(step.changes))
    return sum(changes)


TRIAL = Trial(
    2, "power-loss",
    "power lost while a command writes, and with it whatever was not fsynced: no capture lost, the index rebuilt where need be, "
    "and the next command brings all to its end",
    full=200, short=4, attempt=attempt,
)
