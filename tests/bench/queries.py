"""Queries of each kind, chosen by how many items hold their words: the same ones for the same items."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bench.items import BODIES
from minutes_archive.model import Meeting

KINDS = ("rare", "common", "and", "or", "phrase", "prefix", "filter", "none")
EACH = 8
# What is looked at to choose words: the same for archives of every size, so that the queries are the same too.
SAMPLE = 5_000


@dataclass(frozen=True)
class Asked:
    """One query: its kind, its words, and for the kind ``filter`` the body and the first and last day (ISO) it is limited to."""

    kind: str
    words: tuple[str, ...]
    body: str = BODIES[0]
    since: str = "2012-01-01"
    until: str = "2016-12-31"


def choose(meetings: Iterable[Meeting]) -> list[Asked]:
    """Queries of every kind, ``EACH`` of each."""
    texts = [re.findall(r"[a-z]+", f"{item.title} {item.minutes_text}".lower()) for one in meetings for item in one.items]
    held = Counter(word for text in texts for word in set(text))
    chance = random.Random(3)

    def words(least: float, most: float) -> list[str]:
        return sorted(word for word, count in held.items() if least <= count / len(texts) <= most and len(word) > 3)

    rare, common, middling = words(0.0004, 0.001), words(0.05, 0.35), words(0.005, 0.05)
    pairs = Counter(pair for text in texts for pair in itertools.pairwise(text) if set(pair) <= set(common))
    phrases = sorted(pair for pair, count in pairs.most_common(60) if pair[0] != pair[1])
    made = {
        "rare": [(word,) for word in chance.sample(rare, EACH)],
        "common": [(word,) for word in chance.sample(common, EACH)],
        "and": [(chance.choice(common), chance.choice(middling)) for _ in range(EACH)],
        "or": [tuple(chance.sample(middling, 3)) for _ in range(EACH)],
        "phrase": chance.sample(phrases, EACH),
        "prefix": [(chance.choice(middling)[:4],) for _ in range(EACH)],
        "filter": [(word,) for word in chance.sample(common, EACH)],
        "none": [(f"{word}{word[:3]}xq",) for word in chance.sample(middling, EACH)],
    }
    return [Asked(kind, found) for kind in KINDS for found in made[kind]]
