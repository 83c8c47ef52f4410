"""The trial of patterns itself: it tries every pattern, and comes to an end with one that does not."""

from __future__ import annotations

import re

import pytest

from faults import patterns as trial
from faults.patterns import Known


def test_every_pattern_is_tried():
    assert len(trial.patterns()) <= trial.TRIAL.full


def test_a_pattern_without_end_is_broken_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trial, "ENOUGH", 0.2)
    endless = Known("here", re.compile("(?:a|a)*b"), "match")
    assert not trial.grows_with_length(endless, ["a" * 60])
