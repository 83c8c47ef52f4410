"""The campaign's ledger: what was tried stays tried, whatever breaks a campaign off, and counts for that program alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults.campaign import EARLIER, PAGE, PROGRAM, ROOT, Ledger, Tried, chosen, table
from faults.trial import Case, Trial, trials

TRIAL = Trial(0, "nothing", "nothing", full=4, short=1, attempt=lambda case: None)


def ledger(program: str, folder: Path, seed: int = 1) -> Ledger:
    """A ledger that can be added to."""
    begun = Ledger(TRIAL, seed, program, folder)
    begun.begin()
    return begun


def test_a_campaign_goes_on_where_it_was_broken_off(tmp_path: Path):
    first = ledger("program", tmp_path)
    first.add(Tried(0, None, 0.5))
    first.add(Tried(2, "fell short", 1.5))
    path = tmp_path / "seed-1" / "nothing.jsonl"
    path.write_text(path.read_text("utf-8") + '{"index": 3, "fau', "utf-8")
    again = ledger("program", tmp_path)
    assert again.missing() == [1, 3]
    assert [one.index for one in again.faults] == [2]
    assert again.seconds == 2.0
    again.add(Tried(3, None, 0.1))
    assert Ledger(TRIAL, 1, "program", tmp_path).missing() == [1]


def test_what_another_program_came_to_counts_for_nothing(tmp_path: Path):
    ledger("program", tmp_path).add(Tried(0, None, 0.5))
    changed = ledger("changed", tmp_path)
    assert changed.missing() == [0, 1, 2, 3]
    changed.add(Tried(1, None, 0.5))
    assert Ledger(TRIAL, 1, "changed", tmp_path).missing() == [0, 2, 3]


def test_another_seed_is_another_campaign(tmp_path: Path):
    ledger("program", tmp_path).add(Tried(0, None, 0.5))
    assert ledger("program", tmp_path, 2).missing() == [0, 1, 2, 3]


def test_what_an_earlier_program_came_to_is_shown_with_a_mark_and_kept(tmp_path: Path):
    trial = next(trials())
    for digest in ("earlier", "program"):
        one = Ledger(trial, {"earlier": 1, "program": 2}[digest], digest, tmp_path)
        one.begin()
        one.add(Tried(0, None, 0.5))
    for _ in range(2):
        row = table((1, 2, 3), "program", tmp_path).splitlines()[2]
        assert row.endswith(f"| 1 | 1{EARLIER} | 1 | 1 | 0 | 0 |")


def test_the_page_says_what_the_mark_means():
    assert f"\n{EARLIER}: run with an earlier version; what changed since is said below" in PAGE.read_text("utf-8")


def test_the_table_has_a_row_a_trial_and_two_figures_a_seed(tmp_path: Path):
    lines = table((1, 2), "program", tmp_path).splitlines()
    assert len(lines) == 2 + len(list(trials()))
    assert {line.replace("\\|", "").count("|") for line in lines} == {8}


def test_a_case_has_chances_of_its_own(tmp_path: Path):
    drawn = {Case(index, 4, seed, tmp_path).chance.random() for index in range(4) for seed in (1, 2)}
    assert len(drawn) == 8
    assert Case(1, 4, 2, tmp_path).chance.random() == Case(1, 4, 2, tmp_path / "other").chance.random()


def test_trials_are_named_and_numbered_apart():
    every = list(trials())
    assert len({trial.name for trial in every}) == len({trial.number for trial in every}) == len(every)
    assert all(0 < trial.short <= trial.full for trial in every)


def test_what_is_asked_for_by_name_number_or_case():
    by_name = {trial.name: trial for trial in trials()}
    some, other = by_name["queries"], by_name["bad-html"]
    assert chosen(f"queries,{other.number},bad-html-17") == [(some, None), (other, None), (other, 17)]
    assert len(chosen(None)) == len(by_name)


@pytest.mark.parametrize("only", ["nope", "queries-0,nope", "nope,queries", "queries-1000000", "queries-", ""])
def test_whatever_there_is_not_is_refused(only: str):
    with pytest.raises(SystemExit, match="there is no trial or case"):
        chosen(only)


_IMPORTED = """
import sys
from faults.trial import trials
list(trials())
for module in sys.modules.values():
    print(getattr(module, "__file__", None) or "")
"""


def test_all_that_trials_use_counts_as_the_program():
    """Every module of the tests that a trial imports, at whatever depth; but not what writes the page."""
    places = [*(ROOT / one for one in PROGRAM), *(ROOT / "tests" / "accuracy" / one for one in ("table.py", "measure.py"))]
    assert all(place.exists() for place in places)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / one) for one in ("src", "tests"))}
    done = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True, check=True, env=environment)
    used = {Path(line).resolve() for line in done.stdout.splitlines() if line}
    tests = [path for path in used if path.is_relative_to(ROOT / "tests") and path.name != "__init__.py"]
    assert len(tests) > len(list(trials()))
    assert [path for path in tests if not any(path.is_relative_to(place) for place in places)] == []
