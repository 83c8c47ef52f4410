"""Trials held to account: programs that lie about what is on the disk have to fall."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from faults import power_loss, refusing_disk
from faults.commands import COMMANDS
from faults.trial import Case
from minutes_archive.capture import Run

SEED = 20261122
# Of the cases those in which captures are added, and of the steps the first third: behind it all is on the disk.
ADDING = [index for index in range(power_loss.TRIAL.full) if COMMANDS[index % len(COMMANDS)].name == "add"]
FIRST_STEPS = 50


def test_a_command_that_says_that_all_is_well_and_does_nothing_falls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(refusing_disk, "minutes", lambda typed: (0, ""))
    for index in range(1, 1 + len(COMMANDS)):
        folder = tmp_path / str(index)
        fault = refusing_disk.attempt(Case(index, refusing_disk.TRIAL.full, SEED, folder))
        assert fault, f"{COMMANDS[index % len(COMMANDS)].name} passed"
        assert "all is well" in fault


@contextlib.contextmanager
def too_soon(tell: Callable[[str], object]) -> Iterator[None]:
    """As ``acknowledging``, of a run that says of each capture that it counts as soon as it was handed over."""
    keep = Run.keep

    def kept(run: Run, *arguments: Any, **options: Any) -> Any:
        done = keep(run, *arguments, **options)
        tell(done.capture.sha256)
        return done

    with mock.patch.object(Run, "keep", kept):
        yield


def test_a_run_that_acknowledges_before_anything_is_on_the_disk_falls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(power_loss, "acknowledging", too_soon)
    monkeypatch.setattr(power_loss, "steps", lambda command: FIRST_STEPS)

    def fault(index: int) -> str:
        folder = tmp_path / str(index)
        folder.mkdir()
        return power_loss.attempt(Case(index, power_loss.TRIAL.full, SEED, folder)) or ""

    assert any("lost, though acknowledged" in fault(index) for index in ADDING)
