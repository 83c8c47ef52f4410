"""A child: a process that runs one command of ``minutes`` and kills itself at one of its steps.

Children are forked from a server that has imported the program already; on Windows, where nothing forks, each one imports it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.steps import Step, stepping

_PROGRAM = "minutes_archive"
_COMMANDS = ("add", "crawl", "export", "index", "main", "withdraw")
_IMPORTED = (*(f"{_PROGRAM}.cli.{name}" for name in _COMMANDS), f"{_PROGRAM}.search.whoosh.generation",
             f"{_PROGRAM}.search.whoosh.codec", "faults.steps")
_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_TIMEOUT = 600.0
_REPORTS = ("said.txt", "acknowledged.txt", "steps.txt")
# As SIGKILL ends a process, as far as a process can do that to itself on Windows.
KILLED = 9 if os.name == "nt" else -9


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit status, what it printed, and the SHA-256 of the captures that it was told are kept.

    ``steps`` is how many steps it took, 0 where it was killed.
    """

    status: int
    told: str
    acknowledged: frozenset[str]
    steps: int


def process_context() -> Any:
    """What makes processes that have imported the program, see ``multiprocessing.get_context``."""
    context: Any = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    if _FORKS:
        context.set_forkserver_preload(list(_IMPORTED))
    return context


def run(arguments: Sequence[str], root: Path, fatal: int | None, half: bool = False) -> Ended:
    """Run ``minutes`` in a process that dies at the step ``fatal`` (from 0) below ``root``, ``half``-way through a write."""
    said, kept, steps = (root / name for name in _REPORTS)
    for path in (said, kept, steps):
        path.write_text("", "utf-8")
    process = process_context().Process(target=_serve, args=(list(arguments), root, fatal, half))
    process.start()
    process.join(_TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"minutes {' '.join(arguments)} did not end")
    acknowledged = frozenset(kept.read_text().split())
    return Ended(process.exitcode, said.read_text("utf-8", "replace"), acknowledged, int(steps.read_text() or 0))


def _serve(arguments: list[str], root: Path, fatal: int | None, half: bool) -> None:
    from faults.acknowledged import acknowledging  # noqa: PLC0415 - where each process imports, none does it needlessly
    from minutes_archive.cli import main  # noqa: PLC0415

    os.environ.pop("COLUMNS", None)
    said, acknowledged, steps = (root / name for name in _REPORTS)
    output = said.open("a", encoding="utf-8", buffering=1)
    kept = acknowledged.open("a", buffering=1)
    count = 0

    def die(step: Step) -> None:
        nonlocal count
        if step.changes:
            if count == fatal:
                if half:
                    step.do_half()
                kill()
            count += 1

    told = contextlib.redirect_stdout(output), contextlib.redirect_stderr(output)
    with told[0], told[1], acknowledging(lambda sha256: print(sha256, file=kept)), stepping(root, die):
        try:
            main(arguments)
        except SystemExit as ended:
            status = ended.code
    steps.write_text(str(count))
    sys.exit(status)


def kill() -> None:
    """End this process as a power switch would."""
    if os.name == "nt":
        os._exit(KILLED)
    os.kill(os.getpid(), signal.SIGKILL)
