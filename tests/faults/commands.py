"""Commands: what ``minutes`` is asked to do while a fault strikes, each on an archive of its own; before and after are known.

    folder/archive      a small archive: three meetings, one item of them withdrawn
    folder/out          what was exported of it: a site, and a file to be handed over
    folder/tmp          temporary files
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from command_line import SAMPLE
from faults.state import State, look
from faults.steps import Step, stepping
from minutes_archive.checking import check
from minutes_archive.cli import main
from minutes_archive.workspace import Workspace

_PARISH = SAMPLE / "ashlock-parish-council"
_HELD = (_PARISH / "2023-11-13-minutes.txt", _PARISH / "2025-04-14-minutes.txt", SAMPLE / "cabinet" / "ieListDocuments-3262.html")
_NEW = (_PARISH / "2023-10-09-minutes.txt", SAMPLE / "cabinet" / "ieListDocuments-3235.html")
_COUNCIL = ("--council", "thornmere")
_OPEN, _WITHDRAWN = "moderngov.thornmere.example/3262/22553", "moderngov.thornmere.example/3262/22556"


@dataclass(frozen=True)
class Command:
    """A command as it is typed; ``{out}`` stands for the folder of exports.

    ``waiting``: more is held than the index knows; ``needless`` is the exit status where there is nothing left to do.
    """

    name: str
    arguments: tuple[str, ...]
    waiting: bool = False
    needless: int = 0

    @property
    def exports(self) -> bool:
        """Whether it leaves the archive as it is."""
        return self.arguments[0] == "export"

    def typed(self, folder: Path) -> list[str]:
        """What is typed for the archive in ``folder``."""
        return ["--archive", str(folder / "archive"), *(one.replace("{out}", str(folder / "out")) for one in self.arguments)]


COMMANDS = (
    Command("add", ("add", *map(str, _NEW), *_COUNCIL)),
    Command("reclassify", ("add", str(_HELD[0]), "--audience", "officer")),
    Command("index", ("index",), waiting=True),
    Command("rebuild", ("index", "--rebuild"), waiting=True),
    Command("withdraw", ("withdraw", _OPEN, "--reason", "names a child")),
    Command("release", ("release", _WITHDRAWN), needless=1),
    Command("export-site", ("export", "site", "{out}/site"), waiting=True),
    Command("export-wacz", ("export", "wacz", "{out}/handover.wacz"), waiting=True),
)


INDEX = next(command for command in COMMANDS if command.name == "index")


def minutes(arguments: Sequence[str]) -> tuple[int, str]:
    """Run a command in this process: its exit status, and what it printed."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            main(list(arguments))
        except SystemExit as ended:
            return int(ended.code or 0), told.getvalue()
    raise AssertionError("main has to end by SystemExit")


def prepare(command: Command, folder: Path) -> State:
    """Put the archive that ``command`` begins with into ``folder``; its state."""
    template, before, _ = _known(command)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return before


def rehearse(command: Command, told: Callable[[Path, Step], object]) -> None:
    """Run a command where nothing strikes; ``told`` hears of the folder and of each step that is about to be made."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        prepare(command, folder)
        with stepping(folder, lambda step: told(folder, step)):
            status, said = minutes(command.typed(folder))
    assert status == 0, said


def outcome(command: Command) -> State:
    """The state that ``command`` leads to when nothing strikes."""
    return _known(command)[2]


@functools.cache
def _known(command: Command) -> tuple[Path, State, State]:
    template = _template(command.waiting)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        shutil.copytree(template, folder, dirs_exist_ok=True)
        before = look(folder / "archive", folder / "out")
        status, told = minutes(command.typed(folder))
        assert status == 0, told
        return template, before, look(folder / "archive", folder / "out")


@functools.cache
def _template(waiting: bool) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="template-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "out").mkdir()
    (folder / "tmp").mkdir()
    archive = ("--archive", str(folder / "archive"))
    steps = [("add", *map(str, _HELD), *_COUNCIL), ("withdraw", _WITHDRAWN, "--reason", "a mistake"),
             ("export", "site", str(folder / "out" / "site")), ("export", "wacz", str(folder / "out" / "handover.wacz"))]
    if waiting:
        steps.append(("add", *map(str, _NEW), *_COUNCIL, "--no-index"))
    for step in steps:
        status, told = minutes((*archive, *step))
        assert status == 0, told
    return folder


def told_by_check(folder: Path, allowed: Collection[str] = ()) -> list[str]:
    """What ``minutes check`` finds, but for problems of the codes that are ``allowed``."""
    problems = check(Workspace.open(folder / "archive"))
    return [f"{one.code} {one.where}: {one.message}" for one in problems if one.code not in allowed]


def left_over(folder: Path) -> str | None:
    """What a command that came to its end has left lying about."""
    names = [path for path in folder.rglob("*") if path.name.endswith((".tmp", ".new", ".old", "-journal", ".feed"))]
    return f"left behind: {', '.join(str(path.relative_to(folder)) for path in names)}" if names else None
