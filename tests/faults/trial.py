"""A trial: one class of fault, tried again and again with other seeds."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One attempt: which of how many, the campaign's seed, an empty folder of its own."""

    index: int
    count: int
    seed: int
    folder: Path

    @property
    def chance(self) -> random.Random:
        """The same for the same seed and index, another for every other."""
        return random.Random(f"{self.seed}/{self.index}")


@dataclass(frozen=True)
class Trial:
    """A class of fault: what is demanded, how often it is tried, and how once.

    ``attempt`` returns None where everything held, otherwise what did not, in words; an exception is a fault too.
    A case depends on nothing but itself, so that a campaign can go on where it was broken off, and in several processes.
    """

    number: int
    name: str
    demands: str
    full: int
    short: int
    attempt: Callable[[Case], str | None]


def trials() -> Iterator[Trial]:
    """Every trial of this package, by number: what its modules call ``TRIAL`` or list as ``TRIALS``."""
    package = importlib.import_module("faults")
    found: list[Trial] = []
    for one in pkgutil.iter_modules(package.__path__):
        if one.name.startswith("test_"):
            continue
        module = importlib.import_module(f"faults.{one.name}")
        found += [module.TRIAL] if hasattr(module, "TRIAL") else getattr(module, "TRIALS", ())
    yield from sorted(found, key=lambda trial: trial.number)
