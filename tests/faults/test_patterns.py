"""The trial of patterns itself: it tries every pattern, and comes to an end with one that does not."""

from __future__ import annotations

import re

import pytest

from faults import patterns as trial
from faults.patterns import Known


def test_every_pattern_is_tried():
    assert len(trial.patterns()) <= trial.TRIAL.full


def test_patterns_are_excused_by_name_alone():
    some, other = (re.compile(one) for one in ("“([^”]+)”", "‘([^’]+)’"))
    assert trial.is_excused(Known("parse.account:205", some), "“" * 1_000)
    assert not trial.is_excused(Known("parse.account:205", other), "‘" * 1_000)
    assert not trial.is_excused(Known("annotate.points:205", some), "“" * 1_000)
    kept = {(one.where.rstrip("0123456789"), one.pattern.pattern) for one in trial.patterns()}
    assert kept >= trial.EXCUSED, "no longer there: it needs no excuse"


def test_a_pattern_without_end_is_broken_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trial, "ENOUGH", 0.2)
    endless = Known("here", re.compile("(?:a|a)*b"), "match")
    assert not trial.grows_with_length(endless, ["a" * 60])
