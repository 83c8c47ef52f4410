"""Cues: words without which a rule can't match, looked for first. Most sentences have few, and cost next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import ahocorasick

from minutes_archive.annotate.frames import rules_in
from minutes_archive.rules import Rule


def rules_for(words: str, file: str, table: str) -> tuple[Rule, ...]:
    """The rules of a table that may match ``words``, in their order."""
    (masks, mask), (others, other) = _masks(file, table)
    for cue in _cues_in(words, file):
        mask |= masks.get(cue, 0)
        other |= others.get(cue, 0)
    return _chosen(mask & other, file, table)


@lru_cache(maxsize=256)
def _cues_in(words: str, file: str) -> frozenset[str]:
    return frozenset([cue for _, cue in _automaton(file).iter(words.lower())])


@lru_cache(maxsize=8192)
def _chosen(mask: int, file: str, table: str) -> tuple[Rule, ...]:
    return tuple(rule for at, rule in enumerate(rules_in(file)[table]) if mask >> at & 1)


@cache
def _masks(file: str, table: str) -> tuple[tuple[dict[str, int], int], tuple[dict[str, int], int]]:
    """For each cue the rules of a table that it may show, a bit each, and the rules that want none: by what they say, and by
    what must stand beside that."""
    rules = rules_in(file)[table]
    return _mask([rule.says for rule in rules]), _mask([rule.beside for rule in rules])


def _mask(wanted: Sequence[frozenset[str]]) -> tuple[dict[str, int], int]:
    masks: dict[str, int] = {}
    always = 0
    for at, cues in enumerate(wanted):
        for cue in cues:
            masks[cue] = masks.get(cue, 0) | 1 << at
        always |= 0 if cues else 1 << at
    return masks, always


@cache
def _automaton(file: str) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for cue in {cue for table in rules_in(file).values() for rule in table for cue in (*rule.says, *rule.beside)}:
        automaton.add_word(cue, cue)
    automaton.make_automaton()
    return automaton
