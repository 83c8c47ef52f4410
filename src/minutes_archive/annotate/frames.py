"""Frames: how a sentence says who did what. Every frame is made a rule for every kind of verb that decides something.

``verbs.toml`` holds both: verbs by the type of the outcome they tell, and frames, in which a verb stands in one of its forms
("<body> <verb>" in the past, "be <verb>" as a participle). So a verb learnt for one frame is known in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from minutes_archive.rules import Rule, load_rules, make_rule, named_words, read_tables

DECISIONS = "annotate/decisions.toml"
_VERBS = "annotate/verbs.toml"


@dataclass(frozen=True)
class Forms:
    """The forms of a verb, a particle ("put off") behind each."""

    base: str
    present: str
    past: str
    participle: str
    gerund: str


def forms_of(verb: str) -> Forms:
    """The forms of a verb: a regular one by its base, another with all five apart by strokes ("give/gives/gave/given/giving")."""
    head, _, particle = verb.partition(" ")
    told = head.split("/")
    forms = told if len(told) == 5 else [head, *_regular(head)]
    return Forms(*(f"{form} {particle}".strip() for form in forms))


def _regular(base: str) -> tuple[str, str, str, str]:
    if re.search(r"[^aeiou]y$", base):
        past, present, gerund = f"{base[:-1]}ied", f"{base[:-1]}ies", f"{base}ing"
    elif base.endswith("ee"):
        past, present, gerund = f"{base}d", f"{base}s", f"{base}ing"
    elif base.endswith("e"):
        past, present, gerund = f"{base}d", f"{base}s", f"{base[:-1]}ing"
    else:
        past, gerund = f"{base}ed", f"{base}ing"
        present = f"{base}es" if re.search(r"(?:s|x|z|ch|sh)$", base) else f"{base}s"
    return present, past, past, gerund


@cache
def rules_in(file: str) -> dict[str, tuple[Rule, ...]]:
    """The rules of ``file`` by table; those of decisions with the ones that frames and verbs make after the ones written out."""
    rules = load_rules(file)
    if file != DECISIONS:
        return rules
    made: dict[str, tuple[Rule, ...]] = {}
    for table, rule in _made():
        made[table] = (*made.get(table, ()), rule)
    return {table: (*told, *made.get(table, ())) for table, told in rules.items()}


def _made() -> Iterator[tuple[str, Rule]]:
    tables, words = read_tables(_VERBS), named_words(DECISIONS) | named_words(_VERBS)
    for frame in tables["frame"]:
        for verbs in tables["verb"]:
            if verbs["name"] in frame["of"]:
                yield frame["table"], _rule(frame, verbs, words)


def _rule(frame: dict[str, Any], verbs: dict[str, Any], words: dict[str, str]) -> Rule:
    forms = [getattr(forms_of(verb), frame["form"]) for verb in verbs["verbs"]]
    alternatives = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    verb = rf"\b(?:{alternatives})\b{verbs.get('after', '')}"
    entry: dict[str, Any] = {
        "name": f"{verbs['name']}-{frame['name']}", "type": frame.get("type", verbs["type"]),
        "says": [one.lower() for one in forms],
        "examples": [example.format(verb=form, object=verbs["object"]) for example in frame["examples"] for form in forms],
    }
    options: dict[str, Any] = {key: frame[key] for key in ("place", "guarded", "beside") if key in frame}
    if frame["table"] == "point" and verbs.get("governs"):
        options["governs"] = True
    return make_rule(entry | options | {"pattern": frame["pattern"]}, words | {"verb": verb})
