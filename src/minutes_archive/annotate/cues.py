"""Cues: words without which a rule can't match, looked for first. Most sentences have few, and cost next to nothing."""

from __future__ import annotations

from functools import cache, lru_cache

import ahocorasick

from minutes_archive.rules import Rule, load_rules


def rules_for(words: str, file: str, table: str) -> tuple[Rule, ...]:
    """The rules of a table that may match ``words``, in their order."""
    return _rules(_cues_in(words, file), file, table)


@lru_cache(maxsize=256)
def _cues_in(words: str, file: str) -> frozenset[str]:
    return frozenset(cue for _, cue in _automaton(file).iter(words.lower()))


@lru_cache(maxsize=8192)
def _rules(cues: frozenset[str], file: str, table: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules(file)[table] if not rule.says or not cues.isdisjoint(rule.says))


@cache
def _automaton(file: str) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for cue in {cue for table in load_rules(file).values() for rule in table for cue in rule.says}:
        automaton.add_word(cue, cue)
    automaton.make_automaton()
    return automaton
