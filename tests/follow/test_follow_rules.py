"""The tables of follow: every rule knows its examples, and none of its counter-examples."""

from __future__ import annotations

import pytest

from minutes_archive.follow.bodies import are_levels, are_one, goes_up, is_named
from minutes_archive.rules import load_rules
from minutes_archive.text import plain_marks

FILES = ("bodies", "cues", "differences", "references", "standing")
RULES = [
    pytest.param(rule, id=f"{file}:{rule.name}")
    for file in FILES for rules in load_rules(f"follow/{file}.toml").values() for rule in rules
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_knows_its_examples(rule):
    assert rule.examples, "a rule without an example says nothing to its reader"
    assert [one for one in rule.examples if not rule.pattern.search(plain_marks(one))] == []
    assert [one for one in rule.counter_examples if rule.pattern.search(plain_marks(one))] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ashlock Parish Council", "ASHLOCK PARISH COUNCIL", True),
        ("Ashlock Parish Council", "Ashlock PC", True),
        ("Ashlock Parish Council", "Ashlock Annual General Parish Council", True),
        ("Planning Committee", "Extraordinary meeting of the Planning Committee", True),
        ("Ashlock Parish Council", "Northwold Parish Council", False),
        ("Planning Committee", "The Planning Committee", True),
        ("Planning Committee", "Licensing Committee", False),
        ("Planning Committee", None, True),
    ],
)
def test_which_names_are_of_one_body(one, other, same):
    assert are_one(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "levels", "up"),
    [
        ("Planning Committee", "Cabinet", True, True),
        ("Council", "Planning Committee", True, False),
        ("Cabinet", "Council", False, False),
        ("Metropolitan District of Fenmoor", "Fenmoor City and County Council", True, True),
        ("Planning Committee", None, False, False),
    ],
)
def test_between_which_bodies_matters_pass(one, other, levels, up):
    assert (are_levels(one, other), goes_up(one, other)) == (levels, up)


@pytest.mark.parametrize(
    ("body", "words", "named"),
    [
        ("Planning Committee", "referred to the Planning Committee for consideration", True),
        ("Planning Committee", "referred to the Licensing Committee", False),
        ("Cabinet", "RECOMMENDED to Cabinet that", True),
        ("Fenmoor City and County Council", "at the next meeting of the full Council", True),
        (None, "to Cabinet", False),
    ],
)
def test_when_words_name_a_body(body, words, named):
    assert is_named(body, words) is named
