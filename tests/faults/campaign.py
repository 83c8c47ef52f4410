"""The campaign: every trial as often as its pass figure says, in two processes; it goes on where it was broken off.

    PYTHONPATH=src:tests python -m faults.campaign [--seed 1] [--only NAME[-CASE],...] [--write]

What was tried is kept in ``.campaign/`` by seed and trial, with a digest of the program and of the trials: when either has
changed, a trial begins anew. ``--write`` puts the table of every seed that was run into docs/reliability.md, with a mark at the
figures of an earlier program. A case that fell short is named, and can be tried by itself: ``--only NAME-CASE`` keeps its folder
and tells where.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path

from accuracy.table import fill
from faults.trial import Case, Trial, trials

ROOT = Path(__file__).parents[2]
STATE = ROOT / ".campaign"
PAGE = ROOT / "docs" / "reliability.md"
PROCESSES = 2
# Results are thrown away when one of these changes, or anything below: the program, the trials, and what these are made from.
PROGRAM = (
    "src", "tests/faults", "tests/fakes", "tests/upgrade", "tests/golden", "tests/council", "corpus/sample",
    "tests/accuracy/mutants.py", "tests/annotate/annotate_items.py", "tests/chromium.py", "tests/command_line.py",
    "tests/leaks.py", "tests/pagefind_content.py", "tests/site_meetings.py", "tests/test_leaks.py",
)
# Stands behind figures that an earlier program, or earlier trials, came to.
EARLIER = "†"
_FAULTS_SHOWN = 10


@dataclass(frozen=True)
class Tried:
    """What one attempt came to: what fell short, in words, or None; how long it took, by the clock."""

    index: int
    fault: str | None
    seconds: float


def attempt(name: str, index: int, count: int, seed: int, keep: bool = False) -> Tried:
    """Try one case from scratch, in a folder of its own that is removed afterwards, unless it is to be kept."""
    trial = next(one for one in trials() if one.name == name)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-{index}-"))
    start = time.monotonic()
    try:
        fault = trial.attempt(Case(index, count, seed, folder))
    except Exception:
        # An attempt that breaks has not held: the reason is the last line, and the places that led there.
        fault = traceback.format_exc(limit=-4)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    if keep:
        print(f"{name}-{index}: {folder}")
    return Tried(index, fault, round(time.monotonic() - start, 3))


class Ledger:
    """What was tried of one trial with one seed: a file of JSON lines, of which the first tells the program."""

    def __init__(self, trial: Trial, seed: int, program: str, folder: Path = STATE) -> None:
        self.trial = trial
        self._path = folder / f"seed-{seed}" / f"{trial.name}.jsonl"
        self._head = json.dumps({"program": program, "count": trial.full})
        head, self._lines = self._read()
        self.is_earlier = bool(self._lines) and head != self._head
        self.tried = {one.index: one for one in (Tried(**json.loads(line)) for line in self._lines)}

    def _read(self) -> tuple[str, list[str]]:
        head, *lines = self._path.read_text("utf-8").split("\n") if self._path.is_file() else [""]
        # What a killed campaign left behind the last line end is no line.
        return head, [line for line in lines[:-1] if line]

    def begin(self) -> None:
        """Make ready to ``add``: what an earlier program came to is thrown away. Who only reads does not begin."""
        if self.is_earlier:
            self.is_earlier, self._lines, self.tried = False, [], {}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text("\n".join((self._head, *self._lines)) + "\n", "utf-8")

    def add(self, tried: Tried) -> None:
        """Keep what an attempt came to, for good."""
        self.tried[tried.index] = tried
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(tried)) + "\n")

    def missing(self) -> list[int]:
        """The cases that were not tried yet."""
        return [index for index in range(self.trial.full) if index not in self.tried]

    @property
    def faults(self) -> list[Tried]:
        """What fell short."""
        return [self.tried[index] for index in sorted(self.tried) if self.tried[index].fault]

    @property
    def seconds(self) -> float:
        """How long all attempts took, by the clock of each."""
        return sum(one.seconds for one in self.tried.values())

    def line(self) -> str:
        """Tried, held, time."""
        return f"{len(self.tried):>6} tried {len(self.tried) - len(self.faults):>6} held {self.seconds:>8.0f} s"


def work(ledger: Ledger, cases: Sequence[int], seed: int) -> None:
    """Try cases in two processes, and keep what each came to."""
    name, left = ledger.trial.name, list(reversed(cases))
    while left:
        pool = ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"))
        running: dict[Future[Tried], int] = {}
        try:
            while left or running:
                # No more at a time than there are processes: if one dies, it is known at which cases.
                while left and len(running) < PROCESSES:
                    index = left.pop()
                    running[pool.submit(attempt, name, index, ledger.trial.full, seed)] = index
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    ledger.add(future.result())
                    del running[future]
        except BrokenProcessPool:
            beside = " or ".join(f"{name}-{index}" for index in running.values())
            for index in running.values():
                ledger.add(Tried(index, f"the process died in {beside}", 0.0))
        finally:
            pool.shutdown(cancel_futures=True)


def program() -> str:
    """A digest of all that decides what a trial comes to."""
    digest = hashlib.sha256()
    for name in PROGRAM:
        for path in (ROOT / name, *sorted((ROOT / name).rglob("*"))):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def table(seeds: Sequence[int], digest: str, folder: Path = STATE) -> str:
    """A row for each trial: number, name, what is demanded, and for each seed how many were tried and how many held.

    What an earlier program came to has a mark, and none of it is thrown away by being shown.
    """
    rows = [["#", "class", "demanded", *(f"seed {seed}: tried | held" for seed in seeds)]]
    rows.append(["--:", "---", "---", *("--: | --:" for _ in seeds)])
    for trial in trials():
        ledgers = [Ledger(trial, seed, digest, folder) for seed in seeds]
        shown = [f"{len(one.tried):,} | {len(one.tried) - len(one.faults):,}{EARLIER * one.is_earlier}" for one in ledgers]
        rows.append([str(trial.number), f"`{trial.name}`", trial.demands, *shown])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def chosen(only: str | None) -> list[tuple[Trial, int | None]]:
    """The trials that were asked for, with the case where one was named. Raises ``SystemExit`` for names that there are not."""
    every = list(trials())
    if only is None:
        return [(trial, None) for trial in every]
    found: list[tuple[Trial, int | None]] = []
    for name in only.split(","):
        stem, _, case = name.rpartition("-")
        whole = [(trial, None) for trial in every if name in (trial.name, str(trial.number))]
        one = [(trial, int(case)) for trial in every if stem == trial.name and case.isdecimal() and int(case) < trial.full]
        if not whole and not one:
            sys.exit(f"there is no trial or case {name!r}; there are: {', '.join(trial.name for trial in every)}")
        found += whole or one
    return found


def main() -> None:
    """Run the campaign and print a line a class; the exit status says whether all held."""
    arguments = argparse.ArgumentParser(description="Try every class of fault as often as its pass figure says.")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", help="names or numbers of trials, or NAME-CASE for one case, with commas between")
    arguments.add_argument("--write", action="store_true", help="put the figures of all seeds into docs/reliability.md")
    asked = arguments.parse_args()
    digest, fallen = program(), 0
    for trial, case in chosen(asked.only):
        if case is not None:
            tried = attempt(trial.name, case, trial.full, asked.seed, keep=True)
            print(tried.fault or "held")
            fallen += tried.fault is not None
            continue
        ledger = Ledger(trial, asked.seed, digest)
        ledger.begin()
        work(ledger, ledger.missing(), asked.seed)
        fallen += len(ledger.faults)
        print(f"{trial.number:>3} {trial.name:<24} {ledger.line()}", flush=True)
        for tried in ledger.faults[:_FAULTS_SHOWN]:
            print(f"      {trial.name}-{tried.index}: {tried.fault}", flush=True)
    if asked.write:
        seeds = sorted(int(path.name.removeprefix("seed-")) for path in STATE.glob("seed-*"))
        fill(PAGE, "campaign", table(seeds, digest))
        print(f"written into {os.path.relpath(PAGE)}")
    sys.exit(1 if fallen else 0)


if __name__ == "__main__":
    main()
