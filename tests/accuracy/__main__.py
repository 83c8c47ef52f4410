"""Measure how true minutes are read, by layout: ``make accuracy``, or ``python tasks.py accuracy [options]``.

Real files are found below the folder that $MINUTES_SHARED names; without it only the golden cases are measured.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accuracy.baseline import read_plainly
from accuracy.cases import GOLDEN, LAYOUTS, cases, is_held_back, labelled_case, layout_of, read_case, sources
from accuracy.labels import labelled_files, read_content
from accuracy.measure import Tally, joined, measure
from accuracy.table import fill, table

PAGE = Path(__file__).parents[2] / "docs" / "accuracy.md"
SEEN, HELD = "seen", "held back"
NO_REAL_FILES = "Real files were not measured: $MINUTES_SHARED names no folder that holds realdata/."


@dataclass
class Figures:
    """The tallies of each layout: of the parsers, and of the baseline on the same files."""

    ours: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    peers: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, layout: str, ours: Tally, peer: Tally) -> None:
        """Add the tallies of one file, or of files read together."""
        self.ours[layout] += ours
        self.peers[layout] += peer

    def faults(self) -> Iterator[str]:
        """What was not read right, in order of the layouts."""
        return (fault for tally in self.ours.values() for fault in tally.faults)


def over_cases(held_back: bool, folder: Path = GOLDEN) -> Figures:
    """The figures of the golden cases: of those held back, or of the others."""
    figures = Figures()
    chosen = [(LAYOUTS.index(layout_of(case)), case) for case in cases(folder) if is_held_back(case) is held_back]
    for place, case in sorted(chosen):
        labelled = labelled_case(case)
        peer = measure(read_plainly(sources(case)), joined(labelled), case.name)
        figures.add(LAYOUTS[place], measure(read_case(case), labelled, case.name), peer)
    return figures


def over_real_files(realdata: Path, held_back: bool) -> Figures:
    """The figures of the labelled real files: of those held back, or of the others."""
    figures = Figures()
    for label in sorted(labelled_files(realdata, held_back), key=lambda label: (label.layout, label.name)):
        peer = measure(read_plainly([label.path]), joined(label.meetings), label.name)
        figures.add(label.layout, measure(read_content(label.path.read_bytes()), label.meetings, label.name), peer)
    return figures


def report(parts: Iterable[tuple[str, Figures | None]]) -> str:
    """Each part under its heading, as a table; None where it was not measured."""
    written = []
    for heading, figures in parts:
        shown = NO_REAL_FILES if figures is None else table(figures.ours, figures.peers) if figures.ours else "None yet."
        written.append(f"**{heading}**\n\n{shown}")
    return "\n\n".join(written)


def realdata_folder() -> Path | None:
    """Where the real files are, None where they are not there."""
    named = os.environ.get("MINUTES_SHARED")
    folder = Path(named) / "realdata" if named else None
    return folder if folder and folder.is_dir() else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 2 where they were to be written and the real files are not there."""
    options = argparse.ArgumentParser(prog="accuracy", description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--held-back", action="store_true", help="measure what was held back too")
    options.add_argument("--faults", action="store_true", help="list what was not read right; never of what was held back")
    options.add_argument("--write", action="store_true", help="write the tables into docs/accuracy.md")
    chosen = options.parse_args(arguments)
    realdata = realdata_folder()
    if chosen.write and realdata is None:
        print(f"{NO_REAL_FILES} docs/accuracy.md stays as it is.", file=sys.stderr)
        return 2
    for part in (SEEN, HELD) if chosen.held_back else (SEEN,):
        held = part == HELD
        found = (over_cases(held), over_real_files(realdata, held) if realdata else None)
        text = report([(f"Golden cases, {part}", found[0]), (f"Real files, {part}", found[1])])
        print(f"{text}\n")
        if chosen.faults and not held:
            print("\n".join(fault for figures in found if figures for fault in figures.faults()))
        if chosen.write:
            fill(PAGE, part, f"\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
