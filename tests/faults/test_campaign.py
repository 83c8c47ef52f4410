"""The campaign's ledger: what was tried stays tried, whatever breaks a campaign off, and counts for that program alone."""

from __future__ import annotations

from pathlib import Path

from faults.campaign import Ledger, Tried, table
from faults.trial import Case, Trial, trials

TRIAL = Trial(0, "nothing", "nothing", full=4, short=1, attempt=lambda case: None)


def test_a_campaign_goes_on_where_it_was_broken_off(tmp_path: Path):
    first = Ledger(TRIAL, 1, "program", tmp_path)
    first.add(Tried(0, None, 0.5))
    first.add(Tried(2, "fell short", 1.5))
    path = tmp_path / "seed-1" / "nothing.jsonl"
    path.write_text(path.read_text("utf-8") + '{"index": 3, "fau', "utf-8")
    again = Ledger(TRIAL, 1, "program", tmp_path)
    assert again.missing() == [1, 3]
    assert [one.index for one in again.faults] == [2]
    assert again.seconds == 2.0
    again.add(Tried(3, None, 0.1))
    assert Ledger(TRIAL, 1, "program", tmp_path).missing() == [1]


def test_what_another_program_came_to_counts_for_nothing(tmp_path: Path):
    Ledger(TRIAL, 1, "program", tmp_path).add(Tried(0, None, 0.5))
    assert Ledger(TRIAL, 1, "changed", tmp_path).missing() == [0, 1, 2, 3]


def test_another_seed_is_another_campaign(tmp_path: Path):
    Ledger(TRIAL, 1, "program", tmp_path).add(Tried(0, None, 0.5))
    assert Ledger(TRIAL, 2, "program", tmp_path).missing() == [0, 1, 2, 3]


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
