"""Non-interference: the public's files are, byte for byte, those of an archive that never held what is for officers.

That is so of an index made anew. One that is kept up to date may number its parts otherwise where officers' files came first:
that something was there can then be told from its files' names, and nothing of what it was. What it finds, with scores and in
order, is held to be the same, and so is, byte for byte, what is exported from it.
"""

from __future__ import annotations

from pathlib import Path

from faults.planted import OPEN_PAGE, Planted, Step, archive_of, public_bytes, public_exports
from faults.state import found
from faults.trial import Case, Trial
from minutes_archive.access import Audience


def attempt(case: Case) -> str | None:
    """Add public and officers' files in one order and another, some of them twice, beside the public ones alone."""
    chance = case.chance
    planted = Planted(case.folder / "planted", chance.randrange(1 << 30))
    shown = [OPEN_PAGE, planted["open"] / "one-item.html", planted["open"] / "its-item.html"]
    kept = [*sorted(planted["officer"].iterdir()), *sorted(planted["later"].iterdir())]
    steps: list[Step] = [("public", shown), *(("officer", part) for part in _parts(kept, chance.randint(1, 4)))]
    chance.shuffle(steps)
    steps += [("officer", chance.sample(kept, 2))] if chance.random() < 0.5 else []
    without = public_bytes(archive_of(case.folder / "without", ("public", shown)))
    beside = public_bytes(archive_of(case.folder / "beside", *steps))
    differing = sorted(name for name in without.keys() | beside.keys() if without.get(name) != beside.get(name))
    if differing:
        return f"{[who for who, _ in steps]}: differs in {differing}"
    one_by_one: list[Step] = [("public", [path]) for path in shown]
    between = [*one_by_one, *(step for step in steps if step[0] == "officer")]
    chance.shuffle(between)
    return _kept_up_to_date(case.folder, between)


def _kept_up_to_date(folder: Path, steps: list[Step]) -> str | None:
    """Where an index that follows each step tells the public anything of officers' files."""
    public = [step for step in steps if step[0] == "public"]
    without = archive_of(folder / "kept-without", *public, rebuild=False)
    beside = archive_of(folder / "kept-beside", *steps, rebuild=False)
    if found(without.root, Audience.PUBLIC) != found(beside.root, Audience.PUBLIC):
        return f"{[who for who, _ in steps]}, kept up to date: other things are found"
    exports = public_exports(without), public_exports(beside)
    differing = sorted(name for name in exports[0] if exports[0][name] != exports[1][name])
    return f"{[who for who, _ in steps]}, kept up to date: differs in {differing}" if differing else None


def _parts(paths: list[Path], count: int) -> list[list[Path]]:
    return [paths[at::count] for at in range(count) if paths[at::count]]


TRIAL = Trial(
    17,
    "non-interference",
    "index made anew, captures and site of the public byte-identical with and without officers' items; an index kept up to date "
    "finds the same",
    30,
    1,
    attempt,
)
