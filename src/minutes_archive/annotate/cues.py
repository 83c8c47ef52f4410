"""Cues: words without which a rule can't match, looked for first. Most sentences have few, and cost next to nothing.

Each rule of a file has a bit. What a sentence says shows the rules that it is worth trying, for all tables of the file at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

import ahocorasick

from minutes_archive.annotate.frames import rules_in
from minutes_archive.rules import Rule


def rules_for(words: str, file: str, table: str) -> tuple[Rule, ...]:
    """The rules of a table that may match ``words``, in their order."""
    start, all_of_table = _bits_of(file, table)
    return _chosen(_shown(words, file) >> start & all_of_table, file, table)


@lru_cache(maxsize=256)
def _shown(words: str, file: str) -> int:
    """The bits of the rules of which ``words`` have a word of ``says`` and one of ``beside``, where those are wanted."""
    said, beside = _wanting_none(file)
    for _, (shown, seconded) in _automaton(file).iter(words.lower()):
        said |= shown
        beside |= seconded
    return said & beside


@cache
def _wanting_none(file: str) -> tuple[int, int]:
    """The rules that want no word of the one kind, and those that want none of the other."""
    return _bits(file, lambda rule: not rule.says), _bits(file, lambda rule: not rule.beside)


def _bits(file: str, holds: Callable[[Rule], bool]) -> int:
    rules = [rule for table in rules_in(file).values() for rule in table]
    return sum(1 << at for at, rule in enumerate(rules) if holds(rule))


@lru_cache(maxsize=8192)
def _chosen(bits: int, file: str, table: str) -> tuple[Rule, ...]:
    return tuple(rule for at, rule in enumerate(rules_in(file)[table]) if bits >> at & 1)


@cache
def _bits_of(file: str, table: str) -> tuple[int, int]:
    """How many rules stand before a table, and a bit for each of its own."""
    tables = list(rules_in(file))
    before = sum(len(rules_in(file)[name]) for name in tables[:tables.index(table)])
    return before, (1 << len(rules_in(file)[table])) - 1


@cache
def _automaton(file: str) -> ahocorasick.Automaton:
    """Finds every cue of a file, and gives for each the rules that it shows, and those that it seconds."""
    automaton = ahocorasick.Automaton()
    told: dict[str, tuple[int, int]] = {}
    for at, rule in enumerate(rule for table in rules_in(file).values() for rule in table):
        for cue in rule.says | rule.beside:
            shown, seconded = told.get(cue, (0, 0))
            told[cue] = shown | (cue in rule.says) << at, seconded | (cue in rule.beside) << at
    for cue, bits in told.items():
        automaton.add_word(cue, bits)
    automaton.make_automaton()
    return automaton
