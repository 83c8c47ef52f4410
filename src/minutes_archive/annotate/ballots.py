"""Ballots: what one sentence tells of a vote: who moved and seconded, the figures, whether all agreed, the fate."""

from __future__ import annotations

import re
from dataclasses import dataclass

from minutes_archive.annotate.cues import rules_for
from minutes_archive.annotate.rolls import number
from minutes_archive.annotate.sentences import says_any
from minutes_archive.model import Vote
from minutes_archive.rules import load_rules

_RULES = "annotate/votes.toml"
# "Lost by 22 votes to 17": the greater figure is named first, whichever side it was.
_LOST_BY = re.compile(r"\b(?:lost|defeated|fell|negatived)\b[^.;:]{0,20}? by [\w-]+ (?:votes? )?to\b", re.IGNORECASE)
# One figure alone is one of a vote only beside words such as these.
_OF_VOTERS = ("vot", "favour", "abst", "hands")


# Words without one of these tell no number.
_FIGURES = (*"0123456789", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "teen", "twent", "thirt", "fort", "fift", "no ", "nil", "nought", "zero", "nobody", "o ")
# Longer sentences say more than a side and its figure. Code points.
_LONGEST_TALLY = 80
_ABSTENTIONS = re.compile(r"(?:there (?:was|were) )?([\w-]+) (?:members? |councillors? )?abst\w+\W*", re.IGNORECASE)
_PROPOSED = re.compile(r"\W*(?:(?:then|also|duly|formally) )?(?:proposed|nominated)\W*(?:that )?", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """Somebody who moved or seconded (``role`` is the rules' table), and where the sentence names them."""

    start: int
    role: str
    name: str


@dataclass(frozen=True)
class Fate:
    """What came of a motion; ``strong`` where the words tell of a vote even if nobody is said to have moved anything."""

    result: str | None = None
    strong: bool = False


def people_in(words: str) -> list[Person]:
    """Who moved and who seconded in a sentence, in its order."""
    found: dict[int, Person] = {}
    for role in ("mover", "seconder"):
        for rule in rules_for(words, _RULES, role):
            for match in rule.pattern.finditer(words):
                start = match.start("name")
                found.setdefault(start, Person(start, role, match["name"].strip().removeprefix("the ")))
    people = sorted(found.values(), key=lambda person: person.start)
    return [person for at, person in enumerate(people) if not (at and _is_proposed(words, people[at - 1], person))]


def _is_proposed(words: str, before: Person, person: Person) -> bool:
    """Whether a person moves nothing but is proposed: "Cllr A proposed Cllr B, seconded by Cllr C"."""
    between = words[before.start + len(before.name):person.start]
    return (before.role, person.role) == ("mover", "mover") and _PROPOSED.fullmatch(between) is not None


def figures_in(words: str) -> Vote | None:
    """The figures that a sentence tells, or None: one figure alone counts only where the sentence tells a fate."""
    if not says_any(words, _FIGURES):
        return None
    counts: dict[str, int | None] = {}
    for rule in rules_for(words, _RULES, "count"):
        match = rule.pattern.search(words)
        for group, told in (match.groupdict() if match else {}).items():
            if told is not None:
                counts.setdefault(group[0], number(told))
    known = {side for side, count in counts.items() if count is not None}
    alone = len(known) < 2 and (known == {"b"} or fate_in(words).result is None or not says_any(words, _OF_VOTERS))
    if not known or alone:
        return None
    one, other = counts.get("a"), counts.get("b")
    if one is not None and other is not None and one > other and _LOST_BY.search(words):
        one, other = other, one
    return Vote(one, other, counts.get("c"))


def abstentions_in(words: str) -> int | None:
    """How many abstained, in a sentence that tells nothing else of a vote: "There were no abstentions."."""
    told = _ABSTENTIONS.fullmatch(words)
    return number(told[1]) if told else None


def is_tally(words: str) -> bool:
    """Whether a sentence tells how many were on one side, and nothing else."""
    return len(words) <= _LONGEST_TALLY and any(rule.pattern.search(words) for rule in rules_for(words, _RULES, "tally"))


def is_unanimous(words: str) -> bool:
    """Whether a sentence says that nobody was against."""
    return any(rule.pattern.search(words) for rule in rules_for(words, _RULES, "unanimous"))


def fate_in(words: str) -> Fate:
    """The fate that a sentence tells, "lost" before "carried"."""
    for rule in rules_for(words, _RULES, "result"):
        if rule.pattern.search(words):
            return Fate(rule.type, rule.is_set("strong"))
    return Fate()


def is_guarded(words: str, guard: str) -> bool:
    """Whether the guard of that name among the rules of decisions knows a sentence."""
    return any(rule.pattern.search(words) for rule in load_rules("annotate/decisions.toml")["guard"] if rule.name == guard)
