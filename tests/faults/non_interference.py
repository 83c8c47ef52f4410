"""Non-interference: the public's files are, byte for byte, those of an archive that never held what is for officers."""

from __future__ import annotations

from pathlib import Path

from faults.planted import OPEN_PAGE, Planted, Step, archive_of, public_bytes
from faults.trial import Case, Trial


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
    return f"{[who for who, _ in steps]}: differs in {differing}" if differing else None


def _parts(paths: list[Path], count: int) -> list[list[Path]]:
    return [paths[at::count] for at in range(count) if paths[at::count]]


TRIAL = Trial(
    17,
    "non-interference",
    "index, captures and site of the public byte-identical with and without officers' items",
    30,
    1,
    attempt,
)
