"""Ranking: how much a match is worth, and how much of a query has to match. Numbers only.

BM25F: each field's share is weighed and set against the field's usual length (fixed figures, so that a
score depends on nothing but the item and how rare the words are), then the shares are added up and
saturated once a word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

# What a word is worth in each field. ``outcome`` holds the exact words of decisions once more.
FIELD_WEIGHTS = {
    "title": 3.0, "number": 3.0, "documents": 1.2, "decision_text": 1.0, "outcome": 1.0, "minutes_text": 1.0,
    "agenda_text": 0.7,
}
_USUAL_LENGTH = {
    "title": 20, "number": 4, "documents": 30, "decision_text": 120, "outcome": 60, "minutes_text": 300,
    "agenda_text": 60,
}
_SATURATION = 1.2
_LENGTH_SHARE = 0.5

# Related words count for less than typed ones; words typed side by side count for more where they stand so.
RELATED_WEIGHT = 0.3
NEIGHBOUR_WEIGHT = 0.5
# Apologies, declarations, previous minutes: seldom what was meant.
PROCEDURAL_WEIGHT = 0.25

# Where fewer items than this have all the words, items with most of them follow.
FEW = 10
_HALF = 0.5
_ROUNDING = 1e-9
_STEP = 0.99

# How an item came to match, best first: by all the typed words, with the help of related ones, by most of them.
TYPED, RELATED, PARTIAL = range(3)


def rarity(items: int, found: int) -> float:
    """The weight of a word that ``found`` of ``items`` hold; largest for one that none holds."""
    return math.log(1 + (items - found + 0.5) / (found + 0.5))


def share(field: str, count: float, length: int) -> float:
    """What ``count`` occurrences in a field of ``length`` terms are worth."""
    relative = length / _USUAL_LENGTH[field]
    return FIELD_WEIGHTS[field] * count / (1 - _LENGTH_SHARE + _LENGTH_SHARE * relative)


def saturated(shares: float) -> float:
    """The worth of all shares of one word together: more is better, ever less so."""
    return shares * (_SATURATION + 1) / (shares + _SATURATION)


def is_most(found: int, asked: int, found_weight: float, asked_weight: float) -> bool:
    """Whether an item has most of the words: more than half of them, and of their weight half or more."""
    return (2 * found > asked) & (found_weight >= _HALF * asked_weight - _ROUNDING)


def stepped(kinds: Mapping[int, Sequence[float]]) -> dict[int, float]:
    """By kind of match, the factor that brings its scores below those of every better kind.

    So a list in order of kind, then score, has falling scores throughout. Scores are 0 or more.
    """
    factors: dict[int, float] = {}
    floor = math.inf
    for kind in sorted(kinds):
        top = max(kinds[kind], default=0.0)
        factors[kind] = min(1.0, _STEP * floor / top) if top else 1.0
        floor = min([floor, *(score * factors[kind] for score in kinds[kind])])
    return factors
