"""The command line as tests type it, and where the sample corpus lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "corpus" / "sample"


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


Minutes = Callable[..., Outcome]
