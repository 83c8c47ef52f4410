"""The command line as tests type it, and where the sample corpus lies."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from minutes_archive.cli import main

SAMPLE = Path(__file__).parent.parent / "corpus" / "sample"


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit status, standard output and standard error."""

    status: int
    out: str
    err: str


Minutes = Callable[..., Outcome]


def typed(*arguments: object) -> Outcome:
    """Run the command line in this process, as a person would type it. Raises ``AssertionError`` for a defect that it shows."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True) for _ in range(2))
    status: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(one) for one in arguments])
        except SystemExit as ended:
            status = ended.code
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in (out, err)]  # type: ignore[attr-defined]
    assert isinstance(status, int), f"no exit status: {arguments}"
    assert "Traceback" not in said[1], said[1]
    assert "internal error" not in said[1], said[1]
    return Outcome(status, *said)
