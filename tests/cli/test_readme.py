"""The transcript in the README is what a person gets who types it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command_line import Minutes

README = Path(__file__).parent.parent.parent / "README.md"
BLOCK = re.search(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
assert BLOCK is not None
STEPS = [step.split("\n", 1) for step in re.split(r"^\$ minutes ", BLOCK[1], flags=re.MULTILINE) if step.strip()]


@pytest.mark.parametrize(("command", "shown"), STEPS)
def test_the_transcript_is_real(minutes: Minutes, sample_archive: Path, command: str, shown: str):
    """What is shown is the output from its first line on; a line "…" stands for lines left out."""
    done = minutes("--archive", sample_archive, *shlex.split(command))
    rest = done.out
    for number, part in enumerate(shown.rstrip("\n").split("\n…\n")):
        at = rest.find(part.rstrip("…\n"))
        assert at == 0 if number == 0 else at > 0, part
        rest = rest[at + len(part) :]
