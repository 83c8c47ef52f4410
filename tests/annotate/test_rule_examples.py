"""Every example in the rules' TOML files is a test: what a rule says it knows, it knows, and nothing it says it does not."""

from __future__ import annotations

import pytest

from minutes_archive.annotate.decisions import Context, decide
from minutes_archive.annotate.frames import rules_in
from minutes_archive.model import DECISION_TYPES, RESTRICTIONS
from minutes_archive.procedural import procedural_kind
from minutes_archive.rules import Rule, load_rules

Case = tuple[Rule, str]


def cases(file: str, attribute: str, tables: tuple[str, ...] | None = None) -> list[object]:
    """Every (rule, example) of some tables of a file, named after the rule."""
    return [
        pytest.param(rule, example, id=f"{table}-{rule.name}-{at}")
        for table, rules in rules_in(file).items() if tables is None or table in tables
        for rule in rules
        for at, example in enumerate(getattr(rule, attribute))
    ]


OUTCOMES = ("opening", "point", "sentence", "fallback")


@pytest.mark.parametrize(("rule", "example"), cases("annotate/decisions.toml", "examples", OUTCOMES))
def test_a_rule_finds_its_type_in_its_examples(rule: Rule, example: str):
    assert rule.type in {outcome.type for outcome in decide(example, Context(kind=rule.option("under")))}


@pytest.mark.parametrize(("rule", "example"), cases("annotate/decisions.toml", "counter_examples", OUTCOMES))
def test_a_rule_keeps_out_of_its_counter_examples(rule: Rule, example: str):
    assert rule.name not in {outcome.rule for outcome in decide(example)}


@pytest.mark.parametrize(("rule", "example"), cases("annotate/decisions.toml", "examples", ("guard",)))
def test_what_a_guard_knows_is_no_outcome(rule: Rule, example: str):
    assert rule.pattern.search(example)
    assert decide(example) == []


@pytest.mark.parametrize(("rule", "example"), cases("procedural.toml", "examples"))
def test_a_title_of_form_is_known(rule: Rule, example: str):
    assert procedural_kind(example) == rule.type
    assert procedural_kind(f"SSP/16/24 {example}") == rule.type


@pytest.mark.parametrize(("rule", "example"), cases("procedural.toml", "counter_examples"))
def test_a_title_of_substance_is_not_of_form(rule: Rule, example: str):
    assert procedural_kind(example) == ""


@pytest.mark.parametrize(("rule", "example"), cases("annotate/restriction.toml", "examples"))
def test_words_of_restriction_are_known(rule: Rule, example: str):
    assert rule.pattern.search(example)


@pytest.mark.parametrize(("rule", "example"), cases("annotate/restriction.toml", "counter_examples"))
def test_other_words_are_not_taken_for_a_restriction(rule: Rule, example: str):
    assert not rule.pattern.search(example)


@pytest.mark.parametrize("file", ["annotate/decisions.toml", "procedural.toml", "annotate/restriction.toml"])
def test_every_rule_shows_an_example(file: str):
    for table, rules in load_rules(file).items():
        names = [rule.name for rule in rules]
        assert len(names) == len(set(names)), table
        assert all(rule.examples for rule in rules), table


def test_types_are_those_of_the_record():
    tables = load_rules("annotate/decisions.toml")
    assert {rule.type for table in OUTCOMES for rule in tables[table]} <= set(DECISION_TYPES)
    tables = load_rules("annotate/restriction.toml")
    restrictions = (rule for table, rules in tables.items() if table != "scope" for rule in rules if rule.type)
    assert {rule.type for rule in restrictions} <= set(RESTRICTIONS)
