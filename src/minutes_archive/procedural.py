"""Procedural business: apologies, declarations, previous minutes, housekeeping, dates of meetings; known by its title."""

from __future__ import annotations

import re
from functools import lru_cache

from minutes_archive.rules import Rule, load_rules
from minutes_archive.text import fold_line, plain_marks

# A number that a page left in the title: "3.", "SSP/1624", "23/042 -".
_NUMBER = re.compile(r"^(?:[A-Z]{1,6}/?)?\d[\d/.]*[a-z]?[.)]?(?:\s*+[-:])?+\s+(?=[A-Za-z])")


@lru_cache(maxsize=4096)
def _rule_of(title: str) -> Rule | None:
    folded = plain_marks(fold_line(title))
    # Titles in two languages: "Ymddiheuriadau / Apologies".
    parts = [_NUMBER.sub("", part) for part in (folded, *folded.split(" / ")[1:])]
    rules = load_rules("procedural.toml")["title"]
    return next((rule for part in parts for rule in rules if rule.pattern.search(part)), None)


def procedural_kind(title: str) -> str:
    """The kind of business of form that ``title`` announces ("apologies", "minutes", "exclusion"...), "" for none."""
    rule = _rule_of(title)
    return rule.type if rule else ""


def is_procedural(title: str) -> bool:
    """Whether ``title`` announces business of form."""
    return _rule_of(title) is not None


def may_discuss(title: str) -> bool:
    """Whether real subjects may come up under this business of form (any other business, announcements)."""
    rule = _rule_of(title)
    return rule is not None and rule.is_set("discusses")
