"""Standing headings: titles that say nothing of what the business under them is (``standing.toml``)."""

from __future__ import annotations

from functools import lru_cache

from minutes_archive.rules import load_rules
from minutes_archive.text import plain_marks

# How a heading may stand over whatever comes up, the least telling last; "often" is one that a body uses time and again.
STANDING = ("", "named", "often", "routine", "form")


@lru_cache(maxsize=1 << 15)
def standing_kind(title: str) -> str:
    """How a title stands over whatever comes up (``standing.toml``); "" where it does not."""
    plain = plain_marks(title)
    found = {rule.type for rule in load_rules("follow/standing.toml")["standing"] if rule.pattern.search(plain)}
    return max(found, default="", key=STANDING.index)
