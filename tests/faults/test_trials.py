"""The short form of the campaign: a few cases of every class of fault, in the ordinary run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.trial import Case, Trial, trials

SEED = 20261122


def cases() -> Iterator[object]:
    for trial in trials():
        for index in range(trial.short):
            yield pytest.param(trial, index, id=f"{trial.name}-{index}")


@pytest.mark.parametrize(("trial", "index"), list(cases()))
def test_it_holds(trial: Trial, index: int, tmp_path: Path):
    fault = trial.attempt(Case(index, trial.short, SEED, tmp_path))
    assert fault is None, f"{trial.name}, which demands: {trial.demands}\n{fault}"
