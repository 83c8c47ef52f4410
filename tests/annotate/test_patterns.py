"""Patterns on hostile text: their time grows with its length, never faster. Cues: a rule's cues miss none of its matches."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest

from accuracy.annotation.labels import fictional_meetings
from minutes_archive.annotate import ballots, decisions, motions, narrative, points, resolutions, rolls, sentences, votes
from minutes_archive.annotate.frames import DECISIONS, rules_in
from minutes_archive.rules import Rule, load_rules

FILES = ("annotate/decisions.toml", "annotate/votes.toml")
RULES = [
    pytest.param(rule, id=f"{Path(file).stem}-{table}-{rule.name}")
    for file in FILES for table, rules in load_rules(file).items() for rule in rules
]
# Of the rules that a frame makes, one for each kind of verb, the first stands for all.
MADE = {rule.name.split("-", 1)[1]: rule for rules in rules_in(DECISIONS).values() for rule in reversed(rules)
        if rule not in [known for table in load_rules(DECISIONS).values() for known in table]}
FRAMES = [pytest.param(rule, id=f"frame-{name}") for name, rule in sorted(MADE.items())]
ROOMS = (ballots, decisions, motions, narrative, points, resolutions, rolls, sentences, votes)
IN_CODE = [
    pytest.param(Rule(name, "", value, ("agreed that the figures, and the terms of the report",)), id=f"{room.__name__}-{name}")
    for room in ROOMS for name, value in vars(room).items() if isinstance(value, re.Pattern)
]
# Code points; time that grows with the square grows a hundredfold for ten times the text.
SIZES = (1_000, 10_000, 100_000)
MOST_GROWTH = 20
# A machine that is busy elsewhere disturbs single measurements, not the least of many.
TRIES = 8
# Below this a clock tells nothing. Seconds.
LEAST = 0.002


def hostile(rule: Rule, size: int) -> list[str]:
    """Texts without an end of sentence: a rule's own words again and again, their beginnings, and words of no meaning."""
    words = " ".join(re.sub(r"[.;:\n]", "", example) for example in (*rule.examples, *rule.counter_examples))
    half = words[: len(words) // 2]
    return [(part * (size // len(part) + 1))[:size] for part in (f"{words} ", f"{half} ", "the report of the ", "agreed and ")]


def seconds(rule: Rule, text: str) -> float:
    start = time.process_time()
    sum(1 for _ in rule.pattern.finditer(text))
    return time.process_time() - start


def grows_with_length(rule: Rule, texts: list[str]) -> bool:
    least = [float("inf")] * len(texts)
    for _ in range(TRIES):
        least = [min(known, seconds(rule, text)) for known, text in zip(least, texts, strict=True)]
        if all(longer <= MOST_GROWTH * max(shorter, LEAST) for shorter, longer in pairwise(least)):
            return True
    return False


@pytest.mark.parametrize("rule", [*RULES, *FRAMES, *IN_CODE])
def test_time_grows_with_the_length_of_a_text(rule: Rule):
    for texts in zip(*(hostile(rule, size) for size in SIZES), strict=True):
        assert grows_with_length(rule, list(texts))


def test_no_match_is_without_a_cue():
    items = [item for one in fictional_meetings() for item in one.meeting.items]
    texts = [text for item in items for text in (item.decision_text, item.minutes_text)]
    for file in FILES:
        for rule in (rule for rules in rules_in(file).values() for rule in rules if rule.says):
            for match in (match for text in (*texts, *rule.examples) for match in rule.pattern.finditer(text)):
                assert any(cue in match.group().lower() for cue in rule.says), f"{rule.name}: no cue in {match.group()!r}"
                line = match.string[match.string.rfind("\n", 0, match.start()) + 1:].split("\n", 1)[0].lower()
                assert not rule.beside or any(cue in line for cue in rule.beside), f"{rule.name}: nothing beside in {line!r}"
