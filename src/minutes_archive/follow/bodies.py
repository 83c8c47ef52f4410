"""Bodies of one council: whether two names are of one body, and which stand above which (``bodies.toml``)."""

from __future__ import annotations

import re
from functools import lru_cache

from minutes_archive.rules import load_rules
from minutes_archive.text import plain_marks

_WORD = re.compile(r"[^\W_]+")
_FULL = re.compile(r"\b(?:full|borough|county|city|district) council\b|\b(?:to|by|from) (?:the )?council\b")
# What one clerk writes and another leaves out: "Ashlock Parish Council", "Ashlock PC", "the Ashlock Parish Council".
_PLAIN = frozenset(
    ("the", "of", "and", "for", "with", "parish", "community", "town", "borough", "city", "county", "council", "coucnil", "pc",
     "meeting")
)
# What a meeting is called beside its body: "Ashlock Annual General Parish Council", "Extraordinary Meeting of Ashlock PC".
_SITTING = re.compile(r"\b(?:annual(?: general)?|extra-?ordinary|ordinary|monthly|adjourned|statutory)\b")


@lru_cache(maxsize=4096)
def _name(body: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(_SITTING.sub(" ", plain_marks(body).casefold())))
    return words - _PLAIN or words


def are_one(one: str | None, other: str | None) -> bool:
    """Whether two names may be of one body; a body that is not known may be any."""
    return one is None or other is None or _name(one) == _name(other)


@lru_cache(maxsize=4096)
def level(body: str) -> str:
    """``below`` or ``above``: a committee and its like, or what it reports to; "" where the name does not say."""
    plain = plain_marks(body)
    return next((rule.type for rule in load_rules("follow/bodies.toml")["body"] if rule.pattern.search(plain)), "")


def are_levels(one: str | None, other: str | None) -> bool:
    """Whether matters pass between two bodies: one reports to the other."""
    return bool(one and other) and {level(one or ""), level(other or "")} == {"below", "above"}


def goes_up(one: str | None, other: str | None) -> bool:
    """Whether the first body reports to the second."""
    return bool(one and other) and (level(one or ""), level(other or "")) == ("below", "above")


def is_named(body: str | None, words: str) -> bool:
    """Whether ``words`` name the body: in full, or all that is telling of its name ("the Planning Committee", "full Council")."""
    if not body:
        return False
    plain = plain_marks(words).casefold()
    if level(body) == "above" and "council" in body.casefold() and _FULL.search(plain):
        return True
    return _name(body) <= frozenset(_WORD.findall(plain))
